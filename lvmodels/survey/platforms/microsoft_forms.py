"""Microsoft Forms: ID, start and completion time, e-mail and name, then a column a question under its full text.

Several answers stand in one cell, each followed by a semicolon, the last one too. Quizzes add points and feedback.

References
----------
Microsoft (2024), Check and share your form results; Microsoft Support, Microsoft Forms.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from lvmodels.survey.anchors import plain
from lvmodels.survey.delimited import Cells
from lvmodels.survey.numbers import is_blank
from lvmodels.survey.platforms.naming import question_names
from lvmodels.survey.platforms.sheet import Column, open_sheet, raw_table
from lvmodels.survey.platforms.times import as_iso, seconds_between
from lvmodels.survey.platforms.writing import Choices, answer_cells, interviews, wordings, write_table
from lvmodels.survey.raw import RawTable

if TYPE_CHECKING:
    from lvmodels.survey.instrument import Instrument, Language

__all__ = ["NAME", "recognise", "unpack", "write_microsoft_forms"]

NAME = "Microsoft Forms"

# Name here → the headers of the languages that were looked up.
_HEADERS = {
    "response_id": ("ID", "Id", "编号", "識別碼"),
    "start": ("Start time", "开始时间", "開始時間", "Startzeit", "Heure de début", "Hora de inicio", "開始時刻"),
    "end": ("Completion time", "完成时间", "完成時間", "Fertigstellungszeit", "Heure de fin", "Hora de finalización", "完了時刻"),
    "email": ("Email", "电子邮件", "電子郵件", "E-Mail", "Adresse de messagerie", "Correo electrónico", "メール"),
    "name": ("Name", "名称", "姓名", "名稱", "Nom", "Nombre", "名前"),
    "modified": ("Last modified time", "上次修改时间", "Zeitpunkt der letzten Änderung"),
    "language": ("Language", "语言", "Sprache"),
    "score": ("Total points", "总分", "Gesamtpunktzahl"),
    "quiz_feedback": ("Quiz feedback", "测验反馈", "Quiz-Feedback"),
    "grade_posted": ("Grade posted time",),
}
_NAMES = {plain(header): name for name, headers in _HEADERS.items() for header in headers}
_QUIZ = ("Points - ", "Feedback - ", "得分 - ", "反馈 - ")
_LEADING = 9  # as many columns about the respondent can there be


def recognise(cells: Cells) -> bool:
    """Whether the first columns are those of Microsoft Forms, with both times."""
    if not cells.rows:
        return False
    first = [_NAMES.get(plain(header), "") for header in cells.rows[0][1][:_LEADING]]
    return first[:1] == ["response_id"] and {"start", "end"} <= set(first[:4])


def unpack(cells: Cells) -> RawTable:
    """Read questions and answers; the duration is the time between start and completion."""
    sheet = open_sheet(cells, 1)
    head = sheet.headers[0]
    about: dict[int, str] = {}
    for place, header in enumerate(head[:_LEADING]):
        name = _NAMES.get(plain(header))
        if name is None or name in about.values():
            break
        about[place] = name
    times = {name: sheet.columns[place] for place, name in about.items() if name in ("start", "end")}
    asked = [place for place, header in enumerate(head) if place not in about and not header.startswith(_QUIZ)]
    names = dict(zip(asked, question_names([head[place] for place in asked]), strict=True))
    columns = []
    for place, (header, body) in enumerate(zip(head, sheet.columns, strict=True)):
        if place in names:
            columns.append(Column(names[place], body, header, separator=";" if _is_list(body) else ""))
        elif place in about:
            columns.append(_about(about[place], list(body)))
        else:
            columns.append(Column(header, body, about=True))
    columns.append(Column("duration", seconds_between(times["start"], times["end"]), about=True))
    return raw_table(sheet, columns, NAME)


def _is_list(body: tuple[str, ...]) -> bool:
    filled = [cell for cell in body if not is_blank(cell)]
    return bool(filled) and all(cell.endswith(";") for cell in filled)


def _about(name: str, body: list[str]) -> Column:
    if name in ("start", "end", "modified"):
        body = as_iso(body)
    return Column(name, body, about=True, personal=name in ("email", "name"))


def write_microsoft_forms(
    answers: pd.DataFrame,
    instrument: Instrument,
    path: str | Path,
    *,
    choices: Choices = "text",
    respondents: pd.DataFrame | None = None,
    language: Language = "en",
) -> None:
    """Write simulated answers as an export of Microsoft Forms.

    Parameters
    ----------
    answers, instrument, path, respondents, language
        As in `write_qualtrics`.
    choices : {"codes", "text"}
        Ratings, or choices and Likert questions.
    """
    who = interviews(respondents, answers, language)
    cells = answer_cells(answers, instrument, choices, language)
    place = {"en": 0, "zh": 1}[language]
    head = [_HEADERS[name][0 if name == "response_id" else place] for name in ("response_id", "start", "end", "email", "name")]
    about = [
        who.ids(),
        who.times(who.start, "%m/%d/%y %H:%M:%S"),
        who.times(who.end, "%m/%d/%y %H:%M:%S"),
        who.text("email", "anonymous"),
        who.text("name"),
    ]
    write_table(path, [[*head, *wordings(instrument, language).values()]], [*about, *cells.values()], encoding="utf-8-sig")
