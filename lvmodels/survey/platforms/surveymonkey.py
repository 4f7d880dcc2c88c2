"""SurveyMonkey: two header rows, the questions above, their rows and options below.

Condensed files have a column a question or row of a grid; expanded files have a column an option, in which the option's
text or number stands where it was chosen. Several boxes of one question that may be ticked have a column each in both.

References
----------
SurveyMonkey (2024), Exporting survey data to spreadsheets; SurveyMonkey Help Center.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from lvmodels.survey.delimited import Cells
from lvmodels.survey.numbers import is_blank
from lvmodels.survey.platforms.naming import alone_or_whole, clean, is_code, plain
from lvmodels.survey.platforms.reading import Reading
from lvmodels.survey.platforms.sheet import Column, open_sheet
from lvmodels.survey.raw import RawTable

__all__ = ["NAME", "recognise", "unpack"]

NAME = "SurveyMonkey"

# Header → name here, whether it identifies a person.
_ABOUT = {
    "respondent id": ("response_id", False),
    "collector id": ("collector", False),
    "date created": ("start", False),
    "start date": ("start", False),
    "date modified": ("end", False),
    "end date": ("end", False),
    "ip address": ("ip", True),
    "email address": ("email", True),
    "first name": ("first_name", True),
    "last name": ("last_name", True),
}
_CUSTOM = re.compile(r"custom (?:data|value) ?(\d*)")
_SINGLE = frozenset({"", "response", "open-ended response", "回答", "开放式回答"})
_BETWEEN = " - "
_CHANCE = 5  # answers; with fewer, numbers could be those of a grid's scale as well


@dataclass(frozen=True, slots=True)
class _Part:
    """A column of the result: its row of a grid or its option ("" for a question of one column), and its cells."""

    row: str
    cells: list[str]
    ticked: bool = False


def recognise(cells: Cells) -> bool:
    """Whether the columns begin with respondent, collector and a date."""
    if not cells.rows:
        return False
    head = [found[0] for found in itertools.takewhile(bool, map(_about, cells.rows[0][1])) if found]
    return head[:2] == ["response_id", "collector"] and {"start", "end"} <= set(head)


def unpack(cells: Cells) -> RawTable:
    """Read questions, their rows and answers; the duration is the time between start and end."""
    below = cells.rows[1][1] if len(cells.rows) > 1 else []
    two = bool(below) and not any(cell.strip() for cell in below[:2])
    sheet = open_sheet(cells, 2 if two else 1)
    reading = Reading(sheet, NAME)
    above, heads = sheet.headers[0], sheet.headers[1] if two else ("",) * len(sheet.headers[0])
    first = next((place for place, header in enumerate(above) if not _about(header)), len(above))
    _respondents(reading, above[:first])
    asked: list[tuple[str, str, _Part]] = []
    groups = _groups(above[first:], first)
    held = [_parts([clean(heads[p]) for p in places], [sheet.columns[p] for p in places]) for places in groups]
    expanded = any(len(parts) == 1 < len(places) for parts, places in zip(held, groups, strict=True))
    for number, (places, parts) in enumerate(zip(groups, held, strict=True), start=1):
        question = clean(above[places[0]])
        if expanded and not any(cell for part in parts for cell in part.cells):
            parts = [_Part("", parts[0].cells)]  # nobody has chosen any of the options
        stem = question if len(parts) == 1 and is_code(question) else f"Q{number}"
        names = [stem] if len(parts) == 1 else [f"{stem}_{place}" for place in range(1, len(parts) + 1)]
        asked += [(name, question, part) for name, part in zip(names, parts, strict=True)]
    wordings = alone_or_whole(
        [question if not part.row or part.ticked else part.row for _, question, part in asked],
        [f"{question} [{part.row}]" if part.row else question for _, question, part in asked],
    )
    for (name, question, part), wording in zip(asked, wordings, strict=True):
        wording = f"{question}: {part.row}" if part.ticked else wording
        reading.columns.append(Column(name, part.cells, wording))
    return reading.table()


def _about(header: str) -> tuple[str, bool] | None:
    bare = plain(header)
    custom = _CUSTOM.fullmatch(bare)
    return (f"custom_{custom[1] or 1}", False) if custom else _ABOUT.get(bare)


def _respondents(reading: Reading, headers: Sequence[str]) -> None:
    about = {found[0]: (place, found[1]) for place, header in enumerate(headers) if (found := _about(header))}
    dates = {name: reading.sheet.columns[about[name][0]] for name in ("start", "end")}
    times = reading.times(dates, {name: headers[about[name][0]] for name in dates})
    reading.time_between(times)
    for name, (place, personal) in about.items():
        if name not in times:
            reading.about(name, reading.sheet.columns[place], personal)


def _groups(above: Sequence[str], first: int) -> list[list[int]]:
    """The columns of each question: those with an empty header belong to the question before them."""
    groups: list[list[int]] = []
    for place, header in enumerate(above, start=first):
        if header or not groups:
            groups.append([])
        groups[-1].append(place)
    return groups


def _parts(rows: Sequence[str], bodies: Sequence[Sequence[str]]) -> list[_Part]:
    """What the columns of one question hold."""
    if len(rows) == 1:
        return [_Part("" if plain(rows[0]) in _SINGLE else rows[0], list(bodies[0]))]
    filled = [list({clean(cell): 1 for cell in dict.fromkeys(body) if not is_blank(cell)}) for body in bodies]
    numbered = _are_numbers_of_options(filled, bodies)
    options = [
        place
        for place, found in enumerate(filled)
        if not found or found == [rows[place]] or (numbered and found == [str(place + 1)])
    ]
    others = [place for place in range(len(rows)) if place not in options]
    written = [_Part(rows[place], list(bodies[place])) for place in others]
    if len(others) <= 1 and any(filled[place] for place in options):
        return [*_options(rows, bodies, options), *written]
    cut = [
        next((rows[p][: -len(_BETWEEN + c)] for c in filled[p] if rows[p].endswith(_BETWEEN + c)), "") for p in others
    ]
    if others and all(len(filled[place]) == 1 for place in others) and all(cut):
        return _grid(rows, bodies, list(dict.fromkeys(cut)))
    return [_Part(row, list(body)) for row, body in zip(rows, bodies, strict=True)]


def _are_numbers_of_options(filled: Sequence[Sequence[str]], bodies: Sequence[Sequence[str]]) -> bool:
    """Whether each column holds its own number alone, and there are so many that it is not by chance, as in a grid."""
    used = [place for place, found in enumerate(filled) if list(found) == [str(place + 1)]]
    answered = [sum(not is_blank(bodies[place][row]) for place in used) for row in range(len(bodies[0]))]
    single = max(answered, default=0) <= 1
    return sum(answered) >= (_CHANCE if single else 2 * _CHANCE) and len(used) >= (2 if single else 3)


def _options(rows: Sequence[str], bodies: Sequence[Sequence[str]], options: Sequence[int]) -> list[_Part]:
    """One column when nobody has chosen two options, else a column of 1 and 0 an option."""
    together = list(zip(*(bodies[place] for place in options), strict=True))
    chosen = [[cell for cell in row if not is_blank(cell)] for row in together]
    if all(len(row) < 2 for row in chosen):
        return [_Part("", [row[0] if row else "" for row in chosen])]
    return [
        _Part(
            rows[place],
            [
                "" if not any_ else "0" if is_blank(row[number]) else "1"
                for row, any_ in zip(together, chosen, strict=True)
            ],
            True,
        )
        for number, place in enumerate(options)
    ]


def _grid(rows: Sequence[str], bodies: Sequence[Sequence[str]], names: Sequence[str]) -> list[_Part]:
    """A grid with a column for every row and option, "row - option": a column a row."""
    places: dict[str, list[int]] = {name: [] for name in names}
    for place, row in enumerate(rows):
        near = [name for name in names if row.startswith(name + _BETWEEN)]
        places.setdefault(max(near, key=len, default=row), []).append(place)
    return [
        _Part(
            name,
            [next((c for c in cells if not is_blank(c)), "") for cells in zip(*(bodies[p] for p in own), strict=True)],
        )
        for name, own in places.items()
    ]
