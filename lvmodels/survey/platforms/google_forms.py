"""Google Forms: a time stamp, then a column a question under its full text.

The first column is called "Timestamp" in the language of the form's owner. A grid gives a column a row, "Question [row]".
Ticked boxes stand in one cell: behind one another with ", " in a linked sheet, with ";" in a downloaded CSV. Linear
scales are numbers, all other choices texts.

References
----------
Google (2024), View & manage form responses; Google Docs Editors Help.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from lvmodels.survey.anchors import plain
from lvmodels.survey.delimited import Cells
from lvmodels.survey.platforms.naming import question_names
from lvmodels.survey.platforms.several import holds_lists
from lvmodels.survey.platforms.sheet import Column, open_sheet, raw_table
from lvmodels.survey.platforms.times import as_iso, looks_like_times
from lvmodels.survey.platforms.writing import Choices, answer_cells, interviews, wordings, write_table
from lvmodels.survey.raw import RawTable

if TYPE_CHECKING:
    from lvmodels.survey.instrument import Instrument, Language

__all__ = ["NAME", "recognise", "unpack", "write_google_forms"]

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
    for word in ("Email Address", "Email address", "Username", "E-Mail-Adresse", "电子邮件地址", "電子郵件地址", "Adresse e-mail")
)
_SCORE = frozenset(plain(word) for word in ("Score", "总分", "得分", "Punkte", "Punktzahl"))
_LOOKED_AT = 50


def recognise(cells: Cells) -> bool:
    """Whether the first column is called a time stamp and holds times."""
    if len(cells.rows) < 2:
        return False
    head = cells.rows[0][1]
    below = [row[0] for _, row in cells.rows[1:_LOOKED_AT] if row]
    return len(head) > 1 and plain(head[0]) in _TIMESTAMP and looks_like_times(below)


def unpack(cells: Cells) -> RawTable:
    """Read questions and answers; the time stamp is when the interview ended."""
    sheet = open_sheet(cells, 1)
    head = sheet.headers[0]
    about = {0: Column("end", as_iso(sheet.columns[0]), about=True)}
    for place, header in enumerate(head[1:3], start=1):
        if plain(header) in _EMAIL:
            about[place] = Column(header, sheet.columns[place], about=True, personal=True)
        elif plain(header) in _SCORE:
            about[place] = Column("score", sheet.columns[place], about=True)
    asked = [place for place in range(len(head)) if place not in about]
    names = dict(zip(asked, question_names([head[place] for place in asked]), strict=True))
    columns = []
    for place, body in enumerate(sheet.columns):
        separator = next((sign for sign in (";", ", ") if place in names and holds_lists(body, sign)), "")
        columns.append(about.get(place) or Column(names[place], body, head[place], separator=separator))
    return raw_table(sheet, columns, NAME)


def write_google_forms(
    answers: pd.DataFrame,
    instrument: Instrument,
    path: str | Path,
    *,
    choices: Choices = "text",
    grid: bool = False,
    respondents: pd.DataFrame | None = None,
    language: Language = "en",
) -> None:
    """Write simulated answers as a CSV of Google Forms.

    Parameters
    ----------
    answers, instrument, path, respondents, language
        As in `write_qualtrics`.
    choices : {"codes", "text"}
        Linear scales, or multiple choice.
    grid : bool
        Whether neighbours with one scale form a grid, with a column "question [row]" each.
    """
    who = interviews(respondents, answers, language)
    cells = answer_cells(answers, instrument, choices, language)
    asked = wordings(instrument, language)
    if grid:
        stem = {"en": "How far do you agree?", "zh": "您在多大程度上同意?"}[language]
        asked = {
            name: f"{stem} [{text}]" if instrument.item(name).scale else text for name, text in asked.items()
        }
    stamp = {"en": "Timestamp", "zh": "时间戳记"}[language]
    stamps = who.times(who.end, "%Y/%m/%d %I:%M:%S %p GMT+8")
    mail = {"Email Address": who.text("email")} if any(who.text("email")) else {}
    write_table(
        path, [[stamp, *mail, *asked.values()]], [stamps, *mail.values(), *cells.values()], quote_all=True
    )
