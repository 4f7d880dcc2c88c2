"""Qualtrics: three header rows, the last of which holds ImportIds in JSON.

Row 1 names the columns, row 2 has the question texts, row 3 objects such as {"ImportId":"QID1"}. Columns about the
interview come first; answers are recoded numbers or choice texts, as chosen when exporting. CSV is UTF-8, TSV UTF-16.

References
----------
Qualtrics (2024), Understanding Your Dataset, and Exporting Response Data; Qualtrics XM support pages, Data & Analysis.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pandas as pd

from lvmodels.survey.delimited import Cells
from lvmodels.survey.numbers import counted, parse_number
from lvmodels.survey.platforms.sheet import Column, Sheet, open_sheet, raw_table
from lvmodels.survey.platforms.times import as_iso, yes_no
from lvmodels.survey.platforms.writing import Choices, answer_cells, interviews, wordings, write_table
from lvmodels.survey.raw import RawTable

if TYPE_CHECKING:
    from lvmodels.survey.instrument import Instrument, Language

__all__ = ["NAME", "recognise", "unpack", "write_qualtrics"]

NAME = "Qualtrics"

# ImportId → header, name here, whether it identifies a person.
_ABOUT = {
    "startDate": ("StartDate", "start", False),
    "endDate": ("EndDate", "end", False),
    "status": ("Status", "status", False),
    "ipAddress": ("IPAddress", "IPAddress", True),
    "progress": ("Progress", "progress", False),
    "duration": ("Duration (in seconds)", "duration", False),
    "finished": ("Finished", "finished", False),
    "recordedDate": ("RecordedDate", "recorded", False),
    "_recordId": ("ResponseId", "response_id", False),
    "recipientLastName": ("RecipientLastName", "RecipientLastName", True),
    "recipientFirstName": ("RecipientFirstName", "RecipientFirstName", True),
    "recipientEmail": ("RecipientEmail", "RecipientEmail", True),
    "externalDataReference": ("ExternalReference", "external_reference", False),
    "locationLatitude": ("LocationLatitude", "LocationLatitude", True),
    "locationLongitude": ("LocationLongitude", "LocationLongitude", True),
    "distributionChannel": ("DistributionChannel", "channel", False),
    "userLanguage": ("UserLanguage", "language", False),
}
_BY_HEADER = {header: (name, personal) for header, name, personal in _ABOUT.values()}
_SECOND_ROW = {"IPAddress": "IP Address", "ResponseId": "Response ID", "ExternalReference": "External Data Reference"}
_MACHINE = re.compile(  # orders of display, timing, browser, scores and topics: made by the platform, not answered
    r"(^|_)DO(_|$)|_(FIRST_CLICK|LAST_CLICK|PAGE_SUBMIT|CLICK_COUNT|BROWSER|VERSION|OS|RESOLUTION|NPS_GROUP)$"
    r"|_(First Click|Last Click|Page Submit|Click Count|Browser|Version|Operating System|Resolution|NPS_GROUP)$"
)
_NOT_ANSWERED = {-99.0: "seen and not answered"}
_TEST_BITS = 3  # Status 1 is a preview, 2 a test; 8 (spam), 16 (offline) and others may be added to them


def recognise(cells: Cells) -> bool:
    """Whether the second or third row holds ImportIds."""
    return _header_rows(cells) > 0


def _header_rows(cells: Cells) -> int:
    for position, (_, row) in enumerate(cells.rows[1:3], start=2):
        filled = [cell for cell in row if cell.strip()]
        if filled and sum('"ImportId"' in cell for cell in filled) > 0.5 * len(filled):
            return position
    return 0


def unpack(cells: Cells) -> RawTable:
    """Read names, questions and answers; respondents get start, end, duration, finished, language, preview, ..."""
    sheet = open_sheet(cells, _header_rows(cells))
    texts = sheet.headers[1] if len(sheet.headers) == 3 else [""] * len(sheet.columns)
    columns: list[Column] = []
    for name, text, written, body in zip(sheet.headers[0], texts, sheet.headers[-1], sheet.columns, strict=True):
        columns += _columns(name, text, _import_id(written), list(body))
    return raw_table(sheet, columns, NAME, _flags(columns, sheet))


def _import_id(cell: str) -> str:
    try:
        read = json.loads(cell)
    except ValueError:
        return ""
    return str(read.get("ImportId", "")) if isinstance(read, dict) else ""


def _columns(header: str, text: str, identifier: str, body: list[str]) -> list[Column]:
    """A column as it is understood; Status makes two."""
    known = _ABOUT[identifier][1:] if identifier in _ABOUT else _BY_HEADER.get(header)
    if known is not None:
        name, personal = known
        body = as_iso(body) if name in ("start", "end", "recorded") else yes_no(body) if name == "finished" else body
        column = Column(name, body, about=True, personal=personal)
        return [column, Column("preview", [_is_test(cell) for cell in body], about=True)] if name == "status" else [column]
    if not identifier.startswith("QID") or _MACHINE.search(identifier) or _MACHINE.search(header):
        return [Column(header, body, text, about=True)]
    blank = tuple(place for place, cell in enumerate(body) if parse_number(cell) in _NOT_ANSWERED)
    if not blank:
        return [Column(header, body, text)]
    body = ["" if place in set(blank) else cell for place, cell in enumerate(body)]
    return [Column(header, body, text, missing=_NOT_ANSWERED, reasons={"seen and not answered": blank})]


def _is_test(status: str) -> str:
    code = parse_number(status)
    if code is not None:
        return "" if code != code else str(int(int(code) & _TEST_BITS != 0))
    return str(int(any(word in status.casefold() for word in ("preview", "test"))))


def _flags(columns: Sequence[Column], sheet: Sheet) -> list[str]:
    """Say how many responses are no full ones; whether to leave them out is a decision of the screening."""
    log = []
    for name, mark, says in (("preview", "1", "a preview or test"), ("finished", "0", "unfinished")):
        rows = [
            str(row)
            for column in columns
            if column.name == name and column.about
            for row, cell in zip(sheet.rows, column.cells, strict=True)
            if cell == mark
        ]
        if rows:
            shown = ", ".join(rows[:10]) + (", ..." if len(rows) > 10 else "")
            log.append(f"{counted(len(rows), 'response')} kept although {says} (row {shown}): see column '{name}'.")
    return log


def write_qualtrics(
    answers: pd.DataFrame,
    instrument: Instrument,
    path: str | Path,
    *,
    choices: Choices = "codes",
    layout: Literal["csv", "tsv"] = "csv",
    respondents: pd.DataFrame | None = None,
    language: Language = "en",
) -> None:
    """Write simulated answers as an export of Qualtrics.

    Parameters
    ----------
    answers : pandas.DataFrame, shape (n, p)
        Codes of the instrument's items, NaN where there is no answer.
    instrument : Instrument
    path : str or Path
    choices : {"codes", "text"}
        Recoded numbers, or choice texts.
    layout : {"csv", "tsv"}
        CSV in UTF-8, or TSV in UTF-16.
    respondents : pandas.DataFrame, optional, shape (n, q)
        See `Interviews`; what is not given is invented.
    language : {"en", "zh"}
        Of questions and choice texts.

    Raises
    ------
    SurveyError
        When the answers do not fit the instrument.
    OutputError
        When the file cannot be written.
    """
    who = interviews(respondents, answers, language)
    cells = answer_cells(answers, instrument, choices, language)
    asked = wordings(instrument, language)
    said = choices == "text"
    about = {
        "StartDate": who.times(who.start),
        "EndDate": who.times(who.end),
        "Status": [("Survey Preview" if said else "1") if p else ("IP Address" if said else "0") for p in who.preview],
        "IPAddress": who.text("ip", "203.0.113.7"),
        "Progress": ["100" if f else "50" for f in who.finished],
        "Duration (in seconds)": [str(seconds) for seconds in who.duration],
        "Finished": [str(f) if said else str(int(f)) for f in who.finished],
        "RecordedDate": who.times(who.end),
        "ResponseId": who.ids("R_{:015d}"),
        "RecipientLastName": who.text("last_name"),
        "RecipientFirstName": who.text("first_name"),
        "RecipientEmail": who.text("email"),
        "ExternalReference": who.text("external_reference"),
        "LocationLatitude": who.text("latitude", "39.9"),
        "LocationLongitude": who.text("longitude", "116.4"),
        "DistributionChannel": ["preview" if p else "anonymous" for p in who.preview],
        "UserLanguage": who.language,
    }
    second = [_SECOND_ROW.get(name, re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)) for name in about]
    identifiers = [*_ABOUT, *(f"QID{place}" for place in range(1, len(cells) + 1))]
    write_table(
        path,
        [
            [*about, *cells],
            [*second, *asked.values()],
            [json.dumps({"ImportId": identifier}, separators=(",", ":")) for identifier in identifiers],
        ],
        [*about.values(), *cells.values()],
        delimiter="\t" if layout == "tsv" else ",",
        encoding="utf-16" if layout == "tsv" else "utf-8",
    )
