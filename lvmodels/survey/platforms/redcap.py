"""REDCap: a column a field under its name or its label, a status for every form, a column for every checkbox.

Raw files have codes, field___1 for checkboxes and form_complete with 0, 1 or 2; files of labels have words, "Question
(choice=Option)" and "Complete?" with Incomplete, Unverified or Complete.

References
----------
Harris, P. A., Taylor, R., Thielke, R., Payne, J., Gonzalez, N., & Conde, J. G. (2009). Research electronic data capture
(REDCap): a metadata-driven methodology and workflow process. Journal of Biomedical Informatics, 42(2), 377–381.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lvmodels.survey.delimited import Cells
from lvmodels.survey.numbers import is_blank
from lvmodels.survey.platforms.naming import plain, question_names
from lvmodels.survey.platforms.reading import Reading
from lvmodels.survey.platforms.sheet import Column, Sheet, open_sheet
from lvmodels.survey.raw import RawTable

__all__ = ["NAME", "recognise", "unpack"]

NAME = "REDCap"

# Header in raw files and in files of labels → name here, whether it identifies a person.
_ABOUT = {
    "record_id": ("response_id", False),
    "record id": ("response_id", False),
    "redcap_event_name": ("event", False),
    "event name": ("event", False),
    "redcap_repeat_instrument": ("repeat_instrument", False),
    "repeat instrument": ("repeat_instrument", False),
    "redcap_repeat_instance": ("repeat_instance", False),
    "repeat instance": ("repeat_instance", False),
    "redcap_data_access_group": ("data_access_group", False),
    "data access group": ("data_access_group", False),
    "redcap_survey_identifier": ("survey_identifier", True),
    "survey identifier": ("survey_identifier", True),
}
_STATUS = {"0": "0", "1": "0", "2": "1", "incomplete": "0", "unverified": "0", "complete": "1"}
_FORM = re.compile(r"([a-z][a-z0-9_]*)_complete|complete\?")
_STAMP = re.compile(r"[a-z][a-z0-9_]*_timestamp|survey timestamp")
_CHOICE = re.compile(r"(.*\S)\s*\(choice=(.*)\)", re.DOTALL)
_TICKS = {"checked": "1", "unchecked": "0"}
_UNFINISHED = "[not completed]"
_LOOKED_AT = 200


def recognise(cells: Cells) -> bool:
    """Whether there is a column of a form's status, and the columns begin with a record's number."""
    if len(cells.rows) < 2:
        return False
    head = [header.strip() for header in cells.rows[0][1]]
    forms = [place for place, header in enumerate(head) if _FORM.fullmatch(plain(header))]
    known = [header for header in head[1:8] if plain(header) in _ABOUT or _STAMP.fullmatch(plain(header))]
    begins = bool(head) and (_ABOUT.get(plain(head[0]), ("", False))[0] == "response_id" or bool(known))
    below = [row for _, row in cells.rows[1:_LOOKED_AT]]
    return (
        begins
        and bool(forms)
        and all(
            is_blank(row[place]) or plain(row[place]) in _STATUS for row in below for place in forms if place < len(row)
        )
    )


def unpack(cells: Cells) -> RawTable:
    """Read fields; a response is finished when all its forms are complete."""
    sheet = open_sheet(cells, 1)
    reading = Reading(sheet, NAME)
    headers = sheet.headers[0]
    bare = [plain(header) for header in headers]
    stamps = [place for place, header in enumerate(bare) if _STAMP.fullmatch(header)]
    forms = [place for place, header in enumerate(bare) if _FORM.fullmatch(header)]
    _respondents(reading, stamps, forms)
    about = {0, *stamps, *forms, *(place for place, header in enumerate(bare) if header in _ABOUT)}
    for place in sorted(about - {*stamps, *forms}):
        name, personal = _ABOUT.get(bare[place], ("response_id", False))
        reading.about(name, sheet.columns[place], personal)
    asked = [place for place in range(len(headers)) if place not in about]
    names = question_names([headers[place] for place in asked])
    for name, place in zip(names, asked, strict=True):
        reading.columns.append(_answers(name, headers[place], sheet.columns[place]))
    return reading.table()


def _respondents(reading: Reading, stamps: Sequence[int], forms: Sequence[int]) -> None:
    sheet = reading.sheet
    names = {place: "end" if len(stamps) == 1 else f"end_{number}" for number, place in enumerate(stamps, start=1)}
    reading.times(
        {name: ["" if cell == _UNFINISHED else cell for cell in sheet.columns[place]] for place, name in names.items()},
        {name: sheet.headers[0][place] for place, name in names.items()},
    )
    for place in forms:
        _wrong_statuses(reading, sheet, place)
    together = zip(*([_STATUS.get(plain(cell), "") for cell in sheet.columns[place]] for place in forms), strict=True)
    reading.about("finished", ["" if not any(marks) else str(int("0" not in marks)) for marks in together])
    reading.flags("finished", "0", "unfinished")


def _wrong_statuses(reading: Reading, sheet: Sheet, place: int) -> None:
    body = sheet.columns[place]
    odd = [row for row, cell in enumerate(body) if not is_blank(cell) and plain(cell) not in _STATUS]
    if odd:
        says = f"'{body[odd[0]][:40]}' is no status of a form (0, 1, 2, or its words); correct it"
        reading.wrong(odd, sheet.headers[0][place], says)


def _answers(name: str, header: str, body: Sequence[str]) -> Column:
    """A field; checkboxes in words become 1 and 0."""
    choice = _CHOICE.fullmatch(header)
    wording = f"{choice[1]}: {choice[2]}" if choice else header if name != header else ""
    filled = {plain(cell) for cell in dict.fromkeys(body) if not is_blank(cell)}
    if filled and filled <= _TICKS.keys():
        return Column(name, [_TICKS.get(plain(cell), "") for cell in body], wording)
    return Column(name, body, wording)
