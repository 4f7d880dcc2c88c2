"""Answers held against their instrument: codes checked, missing codes made missing, every fault found in one pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lvmodels.errors import SurveyError, nearest
from lvmodels.survey.numbers import as_numbers, counted
from lvmodels.survey.raw import Labels

if TYPE_CHECKING:
    from lvmodels.survey.instrument import Instrument, Item

__all__ = ["Survey", "check_answers"]

_SHOWN_PROBLEMS = 50
_SHOWN_ROWS = 5


@dataclass(frozen=True, slots=True, repr=False)
class Survey:
    """Answers to a questionnaire, as numeric codes.

    Attributes
    ----------
    answers : pandas.DataFrame, shape (n, p)
        With an instrument: its items in its order, as float codes exactly as they were answered (reverse-keyed items
        are *not* turned round), NaN where there is no answer. Without an instrument: every column.
    respondents : pandas.DataFrame, shape (n, q)
        The other columns: duration, dates, names of groups, ...; no column without an instrument.
    instrument : Instrument or None
        What the answers were checked against.
    source : str
        The file, or what kind of data frame it was.
    log : tuple of str
        What was read, recoded and dropped, a sentence each.
    labels : Labels
        What the file itself says of its columns: questions, words at the codes, missing codes.
    missing_codes : mapping of str to Series
        Item → the declared missing codes that stood in the file, by row of `answers`; those cells are NaN in `answers`.
    """

    answers: pd.DataFrame
    respondents: pd.DataFrame
    instrument: Instrument | None = None
    source: str = "data frame"
    log: tuple[str, ...] = ()
    labels: Labels = field(default_factory=Labels)
    missing_codes: Mapping[str, pd.Series[float]] = field(default_factory=dict)

    def __repr__(self) -> str:
        name = f"instrument '{self.instrument.name}'" if self.instrument else "no instrument"
        rows, answers = counted(len(self.answers), "row"), counted(self.answers.shape[1], "answer")
        return (
            f"<Survey {self.source}: {rows}, {answers}, {counted(self.respondents.shape[1], 'other column')}, {name}>"
        )


@dataclass(slots=True)
class _Findings:
    """What checking has come upon so far."""

    row_name: Callable[[int], str]
    problems: list[tuple[int, str]] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    missing: Counter[float] = field(default_factory=Counter)
    missing_codes: dict[str, pd.Series[float]] = field(default_factory=dict)

    def wrong(self, positions: Sequence[int] | NDArray[np.intp], column: str, says: str) -> None:
        """Note a fault that several rows of a column share."""
        shown = [self.row_name(int(position)) for position in positions[:_SHOWN_ROWS]]
        more = f" and {len(positions) - len(shown)} more" if len(positions) > len(shown) else ""
        rows = "row" if len(positions) == 1 else "rows"
        self.problems.append((int(positions[0]), f"{rows} {', '.join(shown)}{more}, column '{column}': {says}"))


def check_answers(
    frame: pd.DataFrame,
    instrument: Instrument,
    source: str,
    row_name: Callable[[int], str],
    decimal_comma: bool = False,
    found: Sequence[str] = (),
) -> tuple[pd.DataFrame, pd.DataFrame, tuple[str, ...], Mapping[str, pd.Series[float]]]:
    """Take the instrument's items out of a frame as numeric codes.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, k)
        Columns as read: text or numbers.
    instrument : Instrument
        What may be answered.
    source : str
        Name of the file, for messages.
    row_name : callable
        Position of a row, counted from 0 → what the message calls it.
    decimal_comma : bool
        Whether "3,5" is three and a half.
    found : sequence of str
        Problems found while reading; they are reported together with those found here.

    Returns
    -------
    answers : pandas.DataFrame, shape (n, p)
        The items in the instrument's order, float codes, NaN where there is no answer.
    others : pandas.DataFrame, shape (n, k - p)
        The columns that are no items, as they came.
    log : tuple of str
        What was recoded.
    missing_codes : mapping of str to Series
        Item → the missing codes that became NaN, by row.

    Raises
    ------
    SurveyError
        Lists every item that the data lack and every code that the instrument does not allow, with row and column.
    """
    findings = _Findings(row_name)
    columns, lacking = match_columns([item.name for item in instrument.items], list(frame.columns), findings.log)
    taken = {}
    for item in instrument.items:
        if item.name in columns:
            taken[item.name] = _item_codes(frame[columns[item.name]], item, instrument, decimal_comma, findings)
    placed = [text for _, text in sorted(findings.problems, key=lambda problem: problem[0])]
    raise_problems(f"{source} does not fit instrument '{instrument.name}'", [*found, *lacking, *placed])
    answers = pd.DataFrame(taken, index=frame.index)
    others = frame.drop(columns=list(columns.values()))
    return answers, others, (*findings.log, *_summary(findings, answers, instrument)), findings.missing_codes


def raise_problems(message: str, problems: Sequence[str]) -> None:
    """Raise one SurveyError for all problems, if there are any; the first ones are listed, the others counted."""
    if not problems:
        return
    shown = list(problems[:_SHOWN_PROBLEMS])
    if len(problems) > len(shown):
        shown.append(f"and {len(problems) - len(shown)} more")
    raise SurveyError(f"{message} ({counted(len(problems), 'problem')})", shown)


def match_columns(items: Sequence[str], columns: Sequence[str], log: list[str]) -> tuple[dict[str, str], list[str]]:
    """Find the column of every item: by its exact name, else without regard to case and spaces.

    Returns
    -------
    matched : dict
        Item → column.
    lacking : list of str
        A sentence for every item that has no column, or several.
    """
    matched = {item: item for item in items if item in set(columns)}
    free = [column for column in columns if column not in matched]
    loose: dict[str, list[str]] = {}
    for column in free:
        loose.setdefault(_bare(column), []).append(column)
    lacking = []
    for item in items:
        if item in matched:
            continue
        near = loose.get(_bare(item), [])
        if len(near) == 1:
            matched[item] = near[0]
            log.append(f"Column '{near[0]}' was read as item '{item}'.")
            loose[_bare(item)] = []
        elif near:
            lacking.append(f"item '{item}' could be any of the columns {_quoted(near)}; rename one to '{item}' exactly")
        else:
            remedy = "rename a column, or remove the item from the instrument"
            lacking.append(f"item '{item}' has no column. {nearest(item, free)}".rstrip() + f" Else {remedy}.")
    return matched, lacking


def _bare(name: str) -> str:
    return "".join(name.split()).casefold()


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _item_codes(
    column: pd.Series, item: Item, instrument: Instrument, decimal_comma: bool, findings: _Findings
) -> NDArray[np.float64]:
    """The codes of one item with missing codes made NaN; faults and recodings go to `findings`."""
    values, unread = as_numbers(column, decimal_comma)
    name = str(column.name)
    for text, positions in unread.items():
        findings.wrong(positions, name, f"the text {_short(text)} stands where a number belongs; {_REMEDY}")
    missing = np.isin(values, instrument.missing_codes(item.name))
    codes, counts = np.unique(values[missing], return_counts=True)
    if codes.size:
        recoded = dict(zip(codes.tolist(), counts.tolist(), strict=True))
        findings.missing.update(recoded)
        each = ", ".join(f"{_number(code)}: {count}" for code, count in recoded.items())
        findings.log.append(
            f"Item '{item.name}': {counted(sum(recoded.values()), 'missing code')} became missing ({each})."
        )
        findings.missing_codes[item.name] = pd.Series(values[missing], index=column.index[missing])
        values[missing] = np.nan
    faults = _faults(values, item, instrument)
    for code in np.unique(values[faults]).tolist():
        positions = np.flatnonzero(values == code)
        findings.wrong(positions, name, _fault(code, item, instrument.codes(item.name)))
    return values


_REMEDY = "correct it, empty the cell, or replace it by a missing code"


def _faults(values: NDArray[np.float64], item: Item, instrument: Instrument) -> NDArray[np.bool_]:
    """Where a value is no allowed code."""
    if item.scale is not None:
        return ~np.isnan(values) & ~np.isin(values, instrument.codes(item.name))
    low = -np.inf if item.min is None else item.min
    high = np.inf if item.max is None else item.max
    return (values < low) | (values > high) | np.isinf(values)


def _fault(code: float, item: Item, codes: Sequence[int]) -> str:
    """What is wrong with a value, and the remedy."""
    if item.scale is None:
        low, high = ("any" if bound is None else _number(bound) for bound in (item.min, item.max))
        return f"{_number(code)} lies outside the allowed numbers (min {low}, max {high}); {_REMEDY}"
    listed = ", ".join(map(str, codes)) if len(codes) <= 4 else f"{codes[0]} to {codes[-1]}"
    kind = "is no code" if code == np.floor(code) or np.isinf(code) else "is not a whole number, so no code"
    says = f"{_number(code)} {kind} of scale '{item.scale}' ({listed}); "
    return says + "correct it, or list it under `missing` in the instrument if it means no answer"


def _summary(findings: _Findings, answers: pd.DataFrame, instrument: Instrument) -> list[str]:
    """Sentences on all items together."""
    said = []
    if findings.missing:
        each = ", ".join(f"{_number(code)}: {count}" for code, count in sorted(findings.missing.items()))
        said.append(f"In all, {counted(findings.missing.total(), 'missing code')} became missing ({each}).")
    empty = int(answers.isna().to_numpy().sum()) - findings.missing.total()
    if empty:
        said.append(f"In all, {counted(empty, 'answer')} to items {'was' if empty == 1 else 'were'} empty.")
    reverse = [item.name for item in instrument.items if item.reverse]
    if reverse:
        said.append(f"Reverse-keyed items are kept as answered: {', '.join(reverse)}.")
    return said


def _number(value: float) -> str:
    """A number as a person writes it: 7, -99, 3.5."""
    return f"{value:.15g}"


def _short(text: str) -> str:
    """A cell in quotes, cut when it is long."""
    line = " ".join(text.split())
    return repr(line if len(line) <= 40 else line[:37] + "...")


def duplicate_names(names: Sequence[str]) -> Mapping[str, list[int]]:
    """Names that stand more than once, with their positions counted from 1."""
    places: dict[str, list[int]] = {}
    for position, name in enumerate(names, start=1):
        places.setdefault(name, []).append(position)
    return {name: positions for name, positions in places.items() if len(positions) > 1}
