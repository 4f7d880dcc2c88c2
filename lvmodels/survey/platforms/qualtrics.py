"""Qualtrics: three header rows, the last of which holds ImportIds in JSON.

Row 1 names the columns, row 2 has the question texts, row 3 objects such as {"ImportId":"QID1"}. Columns about the
interview come first; answers are recoded numbers or choice texts, as chosen when exporting. CSV is UTF-8, TSV UTF-16.

References
----------
Qualtrics (2024), Understanding Your Dataset, and Exporting Response Data; Qualtrics XM support pages, Data & Analysis.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence

from lvmodels.survey.delimited import Cells
from lvmodels.survey.numbers import parse_number
from lvmodels.survey.platforms.naming import alone_or_whole, clean, rows_behind_stem
from lvmodels.survey.platforms.reading import Reading
from lvmodels.survey.platforms.several import holds_lists
from lvmodels.survey.platforms.sheet import Column, open_sheet, without_answers
from lvmodels.survey.raw import RawTable

__all__ = ["ABOUT", "NAME", "recognise", "unpack"]

NAME = "Qualtrics"

# ImportId → header, name here, whether it identifies a person.
ABOUT = {
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
_BY_HEADER = {header: (name, personal) for header, name, personal in ABOUT.values()}
_DATES = ("start", "end", "recorded")
_FINISHED = {"true": "1", "yes": "1", "1": "1", "false": "0", "no": "0", "0": "0"}
_SECOND_ROW = {"IPAddress": "IP Address", "ResponseId": "Response ID", "ExternalReference": "External Data Reference"}
_MACHINE = re.compile(  # orders of display, timing, browser, scores: made by the platform, not answered
    r"(^|_)DO(_|$)|_(FIRST_CLICK|LAST_CLICK|PAGE_SUBMIT|CLICK_COUNT|BROWSER|VERSION|OS|RESOLUTION|NPS_GROUP)$"
    r"|_(First Click|Last Click|Page Submit|Click Count|Browser|Version|Operating System|Resolution|NPS_GROUP)$"
)
_QUESTION = re.compile(r"(?:\d+_)?(QID\d+)")
_SEPARATORS = (" - ", " – ", " | ")
_NOT_ANSWERED = {"-99": "seen and not answered"}
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
    names, written = sheet.headers[0], sheet.headers[-1]
    reading = Reading(sheet, NAME)
    identifiers = [_import_id(cell, name, cells, reading) for name, cell in zip(names, written, strict=True)]
    known = [_known(name, identifier) for name, identifier in zip(names, identifiers, strict=True)]
    texts = sheet.headers[1] if len(sheet.headers) == 3 else [""] * len(names)
    texts = _wordings(texts, identifiers)
    dates = {known[place][0]: place for place in range(len(names)) if known[place][0] in _DATES}
    reading.times(
        {name: sheet.columns[place] for name, place in dates.items()},
        {name: names[place] for name, place in dates.items()},
    )
    for place, (column, personal) in enumerate(known):
        body = sheet.columns[place]
        if not column:
            reading.columns.append(_answers(names[place], texts[place], identifiers[place], body))
        elif column not in _DATES:
            _about(reading, column, personal, names[place], body)
    reading.flags("preview", "1", "a preview or test")
    reading.flags("finished", "0", "unfinished")
    return reading.table()


def _import_id(cell: str, column: str, cells: Cells, reading: Reading) -> str:
    try:
        read = json.loads(cell) if cell or column else {"ImportId": ""}
    except ValueError:
        read = None
    if not isinstance(read, dict) or "ImportId" not in read:
        row = cells.rows[len(reading.sheet.headers) - 1][0]
        reading.problems.append(
            f"row {row}, column '{column}': '{clean(cell)[:40]}' is no ImportId as in the other columns; "
            "the file was changed or cut, export it again"
        )
        return ""
    return str(read["ImportId"])


def _known(header: str, identifier: str) -> tuple[str, bool]:
    """Name and kind of a column about the interview; no name for other columns."""
    return ABOUT[identifier][1:] if identifier in ABOUT else _BY_HEADER.get(header, ("", False))


def _wordings(texts: Sequence[str], identifiers: Sequence[str]) -> list[str]:
    """The rows of grids without the question above them, where they are telling alone."""
    asked = [identifier if not re.search(r"_TEXT|_DO_", identifier) else "" for identifier in identifiers]
    asked = ["" if _MACHINE.search(identifier) else identifier for identifier in asked]
    questions = [match[0] if (match := _QUESTION.match(identifier)) else "" for identifier in asked]
    texts = [text.removesuffix(" - Selected Choice") for text in texts]
    rows = list(texts)
    for question in dict.fromkeys(filter(None, questions)):
        places = [place for place, other in enumerate(questions) if other == question and texts[place]]
        if len(places) > 1:
            behind = rows_behind_stem([texts[place] for place in places], _SEPARATORS)
            for place, row in zip(places, behind, strict=True):
                rows[place] = row
    return alone_or_whole(rows, texts)


def _about(reading: Reading, name: str, personal: bool, header: str, body: Sequence[str]) -> None:
    """Add a column about the interview; Status makes two."""
    if name == "duration":
        reading.duration(body, header)
        return
    reading.about(
        name, [_FINISHED.get(cell.strip().casefold(), cell) for cell in body] if name == "finished" else body, personal
    )
    if name == "status":
        reading.about("preview", [_is_test(cell) for cell in body])


def _answers(header: str, text: str, identifier: str, body: Sequence[str]) -> Column:
    if not _QUESTION.match(identifier) or _MACHINE.search(identifier) or _MACHINE.search(header):
        return Column(header, body, text, about=True)
    cells, reasons = without_answers(body, _NOT_ANSWERED)
    separator = "," if "_TEXT" not in identifier and holds_lists(cells, ",") else ""
    return Column(header, cells, text, separator=separator, reasons=reasons)


def _is_test(status: str) -> str:
    code = parse_number(status)
    if code is not None:
        return str(int(int(code) & _TEST_BITS != 0)) if math.isfinite(code) else ""
    return str(int(any(word in status.casefold() for word in ("preview", "test"))))
