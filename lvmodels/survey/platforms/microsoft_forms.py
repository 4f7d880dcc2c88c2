"""Microsoft Forms: ID, start and completion time, e-mail and name, then a column a question under its full text.

Several answers stand in one cell, each followed by a semicolon, the last one too. Quizzes add points and feedback.

References
----------
Microsoft (2024), Check and share your form results; Microsoft Support, Microsoft Forms.
"""

from __future__ import annotations

from collections.abc import Sequence

from lvmodels.survey.delimited import Cells
from lvmodels.survey.numbers import is_blank
from lvmodels.survey.platforms.naming import plain, question_names, row_wordings
from lvmodels.survey.platforms.reading import Reading
from lvmodels.survey.platforms.sheet import Column, open_sheet
from lvmodels.survey.raw import RawTable

__all__ = ["HEADERS", "NAME", "recognise", "unpack"]

NAME = "Microsoft Forms"

# Name here → the headers of the languages that were looked up.
HEADERS = {
    "response_id": ("ID", "Id", "编号", "識別碼"),
    "start": ("Start time", "开始时间", "開始時間", "Startzeit", "Heure de début", "Hora de inicio", "開始時刻"),
    "end": (
        "Completion time",
        "完成时间",
        "完成時間",
        "Fertigstellungszeit",
        "Heure de fin",
        "Hora de finalización",
        "完了時刻",
    ),
    "email": ("Email", "电子邮件", "電子郵件", "E-Mail", "Adresse de messagerie", "Correo electrónico", "メール"),
    "name": ("Name", "名称", "姓名", "名稱", "Nom", "Nombre", "名前"),
    "modified": ("Last modified time", "上次修改时间", "Zeitpunkt der letzten Änderung"),
    "language": ("Language", "语言", "Sprache"),
    "score": ("Total points", "总分", "Gesamtpunktzahl"),
    "quiz_feedback": ("Quiz feedback", "测验反馈", "Quiz-Feedback"),
    "grade_posted": ("Grade posted time",),
}
_NAMES = {plain(header): name for name, headers in HEADERS.items() for header in headers}
_DATES = ("start", "end", "modified")
_QUIZ = ("Points - ", "Feedback - ", "得分 - ", "反馈 - ")
_LEADING = 9  # as many columns about the respondent can there be


def recognise(cells: Cells) -> bool:
    """Whether the first columns are those of Microsoft Forms, with both times."""
    if not cells.rows:
        return False
    first = list(_respondents(cells.rows[0][1]).values())
    return first[:1] == ["response_id"] and {"start", "end"} <= set(first)


def _respondents(head: Sequence[str]) -> dict[int, str]:
    """Place → name of the columns before the questions."""
    about: dict[int, str] = {}
    for place, header in enumerate(head[:_LEADING]):
        name = _NAMES.get(plain(header))
        if name is None or name in about.values():
            break
        about[place] = name
    return about


def unpack(cells: Cells) -> RawTable:
    """Read questions and answers; the duration is the time between start and completion."""
    sheet = open_sheet(cells, 1)
    reading = Reading(sheet, NAME)
    head = sheet.headers[0]
    about = _respondents(head)
    dates = {name: place for place, name in about.items() if name in _DATES}
    times = reading.times(
        {name: sheet.columns[place] for name, place in dates.items()},
        {name: head[place] for name, place in dates.items()},
    )
    reading.time_between(times)
    for place, header in enumerate(head):
        if place in about and about[place] not in _DATES:
            reading.about(about[place], sheet.columns[place], about[place] in ("email", "name"))
        elif header.startswith(_QUIZ):
            reading.about(header, sheet.columns[place])
    asked = [place for place, header in enumerate(head) if place not in about and not header.startswith(_QUIZ)]
    texts = [head[place] for place in asked]
    for place, name, wording in zip(asked, question_names(texts), row_wordings(texts), strict=True):
        body = sheet.columns[place]
        reading.columns.append(Column(name, body, wording, separator=";" if _is_list(body) else ""))
    return reading.table()


def _is_list(body: Sequence[str]) -> bool:
    filled = [cell for cell in body if not is_blank(cell)]
    return bool(filled) and all(cell.endswith(";") for cell in filled)
