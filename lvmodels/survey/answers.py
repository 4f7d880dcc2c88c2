"""Answers held against their instrument: codes checked, missing codes made missing, every fault found in one pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lvmodels.errors import MatchingError, SurveyError
from lvmodels.survey.choice_words import codes_by_words, words_of
from lvmodels.survey.matching import Match, match_columns
from lvmodels.survey.numbers import as_numbers, counted
from lvmodels.survey.question_text import bare_question
from lvmodels.survey.raw import Labels

if TYPE_CHECKING:
    from lvmodels.survey.instrument import Instrument, Item, Scale

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
    labels: Labels | None = None,
    match: Match = "auto",
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
    labels : Labels, optional
        What the file says of its columns.
    match : {"auto", "code", "question", "position"} or mapping of str to str
        How the items find their columns; see `match_columns`.

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
    MatchingError
        The same, when columns come near to items that the data lack.
    OptionValueError
        When `match` is not known.
    """
    labels = labels or Labels()
    matched = match_columns(instrument, list(frame.columns), labels.wording, match)
    findings = _Findings(row_name, log=matched.log)
    taken = {}
    for item in instrument.items:
        if item.name in matched.columns:
            column = matched.columns[item.name]
            printed = labels.values.get(column, {})
            taken[item.name] = _item_codes(frame[column], item, instrument, decimal_comma, findings, printed)
            if column in labels.missing_codes:  # codes that the file itself declares were taken out when it was read
                both = [labels.missing_codes[column], findings.missing_codes.get(item.name)]
                findings.missing_codes[item.name] = pd.concat([codes for codes in both if codes is not None])
    placed = [text for _, text in sorted(findings.problems, key=lambda problem: problem[0])]
    message = f"{source} does not fit instrument '{instrument.name}'"
    raise_problems(message, [*found, *matched.lacking, *placed], matched.proposals)
    answers = pd.DataFrame(taken, index=frame.index)
    others = frame.drop(columns=list(matched.columns.values()))
    return answers, others, (*findings.log, *_summary(findings, answers, instrument)), findings.missing_codes


def raise_problems(message: str, problems: Sequence[str], proposals: Mapping[str, str] | None = None) -> None:
    """Raise one SurveyError for all problems, if there are any; the first ones are listed, the others counted."""
    if not problems:
        return
    shown = list(problems[:_SHOWN_PROBLEMS])
    if len(problems) > len(shown):
        shown.append(f"and {len(problems) - len(shown)} more")
    message = f"{message} ({counted(len(problems), 'problem')})"
    raise MatchingError(message, shown, proposals) if proposals else SurveyError(message, shown)


def _item_codes(
    column: pd.Series,
    item: Item,
    instrument: Instrument,
    decimal_comma: bool,
    findings: _Findings,
    printed: Mapping[float, str],
) -> NDArray[np.float64]:
    """The codes of one item with missing codes made NaN; faults and recodings go to `findings`."""
    values, unread = as_numbers(column, decimal_comma)
    name = str(column.name)
    if unread and item.scale is not None:
        unread = _read_words(values, unread, item, name, instrument.scales[item.scale], printed, findings)
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


def _read_words(
    values: NDArray[np.float64],
    unread: Mapping[str, NDArray[np.intp]],
    item: Item,
    column: str,
    scale: Scale,
    printed: Mapping[float, str],
    findings: _Findings,
) -> dict[str, NDArray[np.intp]]:
    """Put the codes of answers in words into `values`, all of a column or none; return what is left to complain of."""
    codes = codes_by_words(scale, printed)
    read = {text: codes.get(bare_question(text)) for text in unread}
    if not codes:
        return dict(unread)
    if None in read.values():
        known = ", ".join(dict.fromkeys(words for _, words in words_of(scale, printed)))
        says = f"is no answer of scale '{item.scale}' ({known}); correct it, or add it to the anchors of the scale"
        for text in (text for text, code in read.items() if code is None):
            findings.wrong(unread[text], column, f"the text {_short(text)} {says}")
        return {}
    for text, code in read.items():
        values[unread[text]] = code
    each = ", ".join(f"{text}: {_number(code)}" for text, code in read.items() if code is not None)
    findings.log.append(f"Item '{item.name}': answers in words became codes ({each}).")
    return {}


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
