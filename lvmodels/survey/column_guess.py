"""What a column of answers looks like: an item with codes, a number, a text, or the number of a respondent."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from lvmodels.survey.numbers import counted
from lvmodels.survey.raw import Labels

__all__ = ["ColumnGuess", "guess_column", "guess_range"]

_MOST_CODES = 11  # codes of an answer scale; more is a number
_HIGHEST, _LOWEST = 11, -5  # what an answer scale reaches
_NO_ANSWER = {9, 77, 88, 97, 98, 99, 777, 888, 997, 998, 999, 9999}  # by custom, when they stand apart from the others
_TELLING = 100  # answers from which an end of a scale that nobody chose is unlikely
_TOPS = (2, 3, 4, 5, 7, 10, 11)
_SHOWN_WORDS = 11


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """What a column looks like.

    Attributes
    ----------
    column : str
    codes : tuple of int
        The codes that occur, or that the file has words for; empty when it is no item with a scale.
    anchors : mapping of int to str
        Code → words, when the file has them.
    missing : tuple of float
        Values that seem to mean no answer.
    answers : int
        How many there are.
    aside : str
        Why the column is no item at all; empty when it is one.
    """

    column: str
    codes: tuple[int, ...] = ()
    anchors: Mapping[int, str] = field(default_factory=dict)
    missing: tuple[float, ...] = ()
    answers: int = 0
    aside: str = ""


def guess_column(column: str, values: pd.Series, labels: Labels) -> ColumnGuess:
    """Look at a column of a file that has been read.

    Examples
    --------
    >>> guess_column("SAT1", pd.Series([1, 5, 99, 4]), Labels())
    ColumnGuess(column='SAT1', codes=(1, 4, 5), anchors={}, missing=(99.0,), answers=3, aside='')
    >>> guess_column("city", pd.Series(["Köln", "Bonn"]), Labels()).aside
    'holds text (2 different answers: Köln, Bonn)'
    """
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return ColumnGuess(column, aside=_text(values))
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float)
    present = np.unique(numbers[np.isfinite(numbers)])
    if not present.size:
        return ColumnGuess(column, aside="is empty")
    printed = {int(code): text for code, text in labels.values.get(column, {}).items() if float(code).is_integer()}
    ranges = labels.missing.get(column, ())
    said = [code for code in sorted({*present, *printed}) if any(low <= code <= high for low, high in ranges)]
    words = {code: text for code, text in printed.items() if code not in said}
    valid = [code for code in present if code not in said]
    whole = all(code == np.floor(code) for code in valid)
    apart = _standing_apart(valid)
    codes = (
        sorted({int(code) for code in valid if code not in apart} | (words.keys() - {*said, *apart})) if whole else []
    )
    is_scale = bool(codes) and len(codes) <= _MOST_CODES and codes[0] >= _LOWEST and codes[-1] <= _HIGHEST
    is_scale = is_scale or (bool(words) and words.keys() >= set(codes))
    if whole and not is_scale and len(present) == len(numbers) > 2 * _MOST_CODES:
        return ColumnGuess(column, aside="has another whole number in every row")
    others_above = all(code >= 0 for code in valid if code not in apart)
    in_numbers = [code for code in apart if code <= -9 and others_above]
    missing = tuple(float(code) for code in [*said, *(apart if is_scale else in_numbers)])
    answers = int(np.isfinite(numbers).sum() - np.isin(numbers, missing).sum())
    if not is_scale:
        return ColumnGuess(column, missing=missing, answers=answers)
    return ColumnGuess(column, tuple(codes), {c: words[c] for c in codes if c in words}, missing, answers)


def _text(values: pd.Series) -> str:
    different = [str(value) for value in dict.fromkeys(values.dropna())]
    shown = ", ".join(text if len(text) <= 40 else f"{text[:37]}..." for text in different[:_SHOWN_WORDS])
    more = ", ..." if len(different) > _SHOWN_WORDS else ""
    return f"holds text ({counted(len(different), 'different answer')}: {shown}{more})" if different else "is empty"


def _standing_apart(codes: Sequence[float]) -> list[float]:
    """Codes that by custom mean no answer and that leave a gap to the others: -99, or 9 beside 1 to 7."""
    far = [code for code in codes if code < 0 and -code in _NO_ANSWER]
    near = [code for code in codes if -9 < code < 0]
    above = [code for code in codes if code >= 0]
    if near and not (above and above[0] - near[-1] >= 2 and len(above) >= 2 * len(near)):
        near = []  # a scale such as -3 to 3
    high = [code for code in codes if code in _NO_ANSWER]
    rest = [code for code in codes if code not in {*far, *near, *high}]
    high = high if rest and high and min(high) - max(rest) >= 2 else []
    apart = [*far, *near, *high]
    return apart if len(apart) < len(codes) else []


def guess_range(codes: Collection[int], answers: int) -> tuple[int, int]:
    """The lowest and the highest code of the scale that some codes are from.

    Parameters
    ----------
    codes : collection of int
        Those that occur, in all columns that seem to share the scale.
    answers : int
        How many answers they are from; few need not reach the ends of the scale.

    Examples
    --------
    >>> guess_range({2, 3, 6}, 12), guess_range({1, 2, 3, 4, 5, 6}, 900), guess_range({0, 1}, 12)
    ((1, 7), (1, 6), (0, 1))
    """
    low, high = min(codes), max(codes)
    if low < 0:
        reach = max(-low, high)
        return -reach, reach
    if low == 0:
        return 0, next((top - 1 for top in (2, 4, 5, 6, 7, 11) if top > high), high) if answers < _TELLING else max(
            high, 1
        )
    return 1, next((top for top in _TOPS if top >= high), high) if answers < _TELLING else max(high, 2)
