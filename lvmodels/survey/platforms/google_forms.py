"""Google Forms: a time stamp, then a column a question under its full text.

The first column is called "Timestamp" in the language of the form's owner. A grid has a column a row, "Question [row]".
Ticked boxes stand in one cell: behind one another with ", " in a linked sheet, with ";" in a downloaded CSV. Linear
scales are numbers, all other choices texts.

References
----------
Google (2024), View & manage form responses; Google Docs Editors Help.
"""

from __future__ import annotations

from lvmodels.survey.delimited import Cells
from lvmodels.survey.platforms.naming import is_code, plain, question_names, row_wordings
from lvmodels.survey.platforms.reading import Reading
from lvmodels.survey.platforms.several import holds_lists
from lvmodels.survey.platforms.sheet import Column, open_sheet
from lvmodels.survey.platforms.times import looks_like_times
from lvmodels.survey.raw import RawTable

__all__ = ["NAME", "recognise", "unpack"]

NAME = "Google Forms"

_TIMESTAMP = frozenset(
    plain(word)
    for word in (
        *("Timestamp", "时间戳记", "时间戳", "時間戳記", "タイムスタンプ", "타임스탬프", "Zeitstempel", "Horodateur"),
        *("Marca temporal", "Carimbo de data/hora", "Informazioni cronologiche", "Tijdstempel", "Tidsstämpel"),
        *("Tidsstempel", "Aikaleima", "Sygnatura czasowa", "Отметка времени", "Zaman damgası", "Časová značka"),
    )
)
_EMAIL = frozenset(
    plain(word)
    for word in (
        "Email Address",
        "Email address",
        "Username",
        "E-Mail-Adresse",
        "电子邮件地址",
        "電子郵件地址",
        "Adresse e-mail",
    )
)
_SCORE = frozenset(plain(word) for word in ("Score", "总分", "得分", "Punkte", "Punktzahl"))
_LOOKED_AT = 50


def recognise(cells: Cells) -> bool:
    """Whether the first column is called a time stamp and holds times, and most others have questions as names."""
    if len(cells.rows) < 2:
        return False
    head = [header.strip() for header in cells.rows[0][1]]
    if len(head) < 2 or plain(head[0]) not in _TIMESTAMP:
        return False
    asked = [header for header in head[1:] if plain(header) not in _EMAIL | _SCORE]
    below = [row[0] for _, row in cells.rows[1:_LOOKED_AT] if row]
    return 2 * sum(not is_code(header) for header in asked) >= len(asked) > 0 and looks_like_times(below)


def unpack(cells: Cells) -> RawTable:
    """Read questions and answers; the time stamp is when the interview ended."""
    sheet = open_sheet(cells, 1)
    reading = Reading(sheet, NAME)
    head = sheet.headers[0]
    reading.times({"end": sheet.columns[0]}, {"end": head[0]})
    about = {0}
    for place, header in enumerate(head[1:3], start=1):
        if plain(header) in _EMAIL | _SCORE:
            about.add(place)
            mail = plain(header) in _EMAIL
            reading.about("email" if mail else "score", sheet.columns[place], personal=mail)
    asked = [place for place in range(len(head)) if place not in about]
    texts = [head[place] for place in asked]
    for place, name, wording in zip(asked, question_names(texts), row_wordings(texts), strict=True):
        body = sheet.columns[place]
        separator = next((sign for sign in (";", ", ") if holds_lists(body, sign)), "")
        reading.columns.append(Column(name, body, wording, separator=separator))
    return reading.table()
