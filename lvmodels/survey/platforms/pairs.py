"""Two exports of the same answers, one of codes and one of words, which together tell what the codes mean."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

from lvmodels.errors import SurveyError
from lvmodels.survey.answers import raise_problems
from lvmodels.survey.numbers import counted, is_blank, parse_number
from lvmodels.survey.platforms.naming import clean, plain
from lvmodels.survey.raw import RawTable

__all__ = ["with_words"]

_SHOWN_LETTERS = 40


def with_words(coded: RawTable, worded: RawTable) -> RawTable:
    """Put the words of one file at the codes of the other.

    Parameters
    ----------
    coded : RawTable
        Answers as codes; its rows stay as they are.
    worded : RawTable
        The same answers as words: the same responses, in any order where both files number them.

    Returns
    -------
    RawTable
        The first table, its labels with the words at every code that somebody has answered.

    Raises
    ------
    SurveyError
        When the files are not of the same responses, or a code stands for different words; with row and column.

    Examples
    --------
    >>> import pandas as pd
    >>> def table(cells):
    ...     return RawTable(pd.DataFrame({"Q1": cells}), "answers.csv", lambda row: str(row + 2), False, (), ())
    >>> with_words(table(["2", "1", "2"]), table(["yes", "no", "yes"])).labels.values
    {'Q1': {1.0: 'no', 2.0: 'yes'}}
    """
    order = _same_responses(coded, worded)
    problems: list[str] = []
    values = dict(coded.labels.values)
    swapped = 0
    for name, other in _counterparts(coded, worded).items():
        codes, words = _cells(coded, name), _cells(worded, other)
        words = [words[place] for place in order]
        if all(parse_number(cell) is not None for cell in _single(codes, coded.several.get(name, ""))):
            values.update(_meanings(name, codes, words, coded, problems))
        else:
            swapped += all(parse_number(cell) is not None for cell in words)
    if swapped and values == coded.labels.values:
        raise SurveyError(
            f"{worded.source} holds codes and {coded.source} words; pass the codes first, the other as words"
        )
    raise_problems(f"{coded.source} and {worded.source} do not belong together", problems)
    new = len(values) - len(coded.labels.values)
    log = (*coded.log, f"Words at the codes of {counted(new, 'column')} were taken from {worded.source}.")
    return dataclasses.replace(coded, labels=dataclasses.replace(coded.labels, values=values), log=log)


def _counterparts(coded: RawTable, worded: RawTable) -> dict[str, str]:
    """For each column of answers the one in the other file: of its name, of its question, or else of its place."""
    mine, theirs = (
        [column for column in raw.frame.columns if column not in raw.respondents] for raw in (coded, worded)
    )
    asked = {plain(worded.labels.wording.get(column, column)): column for column in reversed(theirs)}
    found = {
        column: column if column in theirs else asked.get(plain(coded.labels.wording.get(column, "")))
        for column in mine
    }
    pairs = {column: other for column, other in found.items() if other is not None}
    if pairs:
        return pairs
    if len(mine) == len(theirs):
        return dict(zip(mine, theirs, strict=True))
    raise SurveyError(
        f"{coded.source} and {worded.source} have no column of answers in common; export both with the same headings"
    )


def _cells(raw: RawTable, name: str) -> list[str]:
    return ["" if cell is None else str(cell) for cell in raw.frame[name]]


def _single(cells: Sequence[str], separator: str) -> list[str]:
    """The answers in all cells, each once."""
    different = dict.fromkeys(cells)
    return [part for cell in different for part in (cell.split(separator) if separator else [cell])]


def _same_responses(coded: RawTable, worded: RawTable) -> list[int]:
    """For every row of the first table, the row of the second that has the same response."""
    if len(coded.frame) != len(worded.frame):
        sizes = f"{counted(len(coded.frame), 'response')} and {len(worded.frame)}"
        raise SurveyError(
            f"{coded.source} and {worded.source} do not belong together: they have {sizes}; export both at one time"
        )
    if "response_id" not in coded.respondents or "response_id" not in worded.respondents:
        return list(range(len(coded.frame)))
    places = {key: place for place, key in enumerate(_cells(worded, "response_id"))}
    keys = _cells(coded, "response_id")
    lost = [
        f"row {coded.row_name(place)}, column 'response_id': response {key} is not in {worded.source}"
        for place, key in enumerate(keys)
        if key not in places
    ]
    raise_problems(f"{coded.source} and {worded.source} do not belong together", lost)
    return [places[key] for key in keys]


def _meanings(
    name: str, codes: Sequence[str], words: Sequence[str], coded: RawTable, problems: list[str]
) -> dict[str, dict[float, str]]:
    """The words at the codes of a column; nothing for a column of numbers or of free texts."""
    separator = coded.several.get(name, "")
    found: dict[float, tuple[str, int]] = {}
    for (code, said), place in _first_places(codes, words).items():
        one = code.split(separator) if separator else [code]
        other = said.split(separator) if separator else [said]
        where = f"row {coded.row_name(place)}, column '{name}'"
        if is_blank(code) != is_blank(said) or len(one) != len(other):
            problems.append(f"{where}: '{_short(code)}' in one file is '{_short(said)}' in the other; export both anew")
            continue
        for number, text in ((parse_number(part), clean(text)) for part, text in zip(one, other, strict=True)):
            if number is None or math.isnan(number):
                continue
            known, row = found.setdefault(number, (text, place))
            if known != text:
                says = f"code {number:g} stands for '{_short(text)}', and for '{_short(known)}' in row"
                problems.append(f"{where}: {says} {coded.row_name(row)}; export both anew")
    if all(parse_number(text) == number for number, (text, _) in found.items()):
        return {}
    return {name: {number: found[number][0] for number in sorted(found)}}


def _first_places(codes: Sequence[str], words: Sequence[str]) -> dict[tuple[str, str], int]:
    """Pairs of cells that differ from each other, with the first row they stand in."""
    places: dict[tuple[str, str], int] = {}
    for place, pair in enumerate(zip(codes, words, strict=True)):
        places.setdefault(pair, place)
    return places


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_LETTERS else text[: _SHOWN_LETTERS - 3] + "..."
