"""What the questionnaire looks like: which columns are items, their codes, their scales and their pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lvmodels.errors import DataError, OptionValueError
from lvmodels.survey.matrix import check_known
from lvmodels.survey.numbers import counted

if TYPE_CHECKING:
    from lvmodels.survey.answers import Survey
    from lvmodels.survey.instrument import Instrument

__all__ = ["Layout", "make_layout"]

_MOST_CODES = 20
Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """The questionnaire as screening sees it.

    Attributes
    ----------
    items : tuple of str
        Columns of the answers, in the order of the questionnaire; p of them.
    low, high : ndarray, shape (p,)
        Lowest and highest code of each item; NaN where nobody said.
    reverse : ndarray of bool, shape (p,)
        Which items are keyed the other way round.
    breaks : ndarray of bool, shape (p,)
        Whether a run of equal answers ends before the item, because its answer scale is another one.
    scales : tuple of (str, ndarray of int)
        Constructs with the positions of their items.
    pages : tuple of ndarray of int
        Positions of the items of each page.
    log : tuple of str
    """

    items: tuple[str, ...]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    reverse: NDArray[np.bool_]
    breaks: NDArray[np.bool_]
    scales: tuple[tuple[str, Index], ...]
    pages: tuple[Index, ...]
    log: tuple[str, ...] = ()


def make_layout(
    survey: Survey,
    apart: Sequence[str] = (),
    items: Sequence[str] | None = None,
    scales: Mapping[str, Sequence[str]] | None = None,
    reverse: Sequence[str] = (),
    codes: tuple[float, float] | None = None,
    pages: Sequence[Sequence[str]] | None = None,
) -> Layout:
    """Find the layout in the instrument of a survey, in what was given, or in the answers themselves.

    Parameters
    ----------
    survey : Survey
    apart : sequence of str
        Columns that are no items: attention checks, duration, device.
    items : sequence of str, optional
        By default the instrument's items with a construct and a scale; without an instrument the items of `scales`;
        else the columns of whole numbers with at most 20 different values.
    scales : mapping of str to sequence of str, optional
        Construct → items; by default the instrument's.
    reverse : sequence of str
        Items keyed the other way round; with an instrument in addition to its own.
    codes : (float, float), optional
        Lowest and highest code of all items; by default the instrument's, else the lowest and highest answer.
    pages : sequence of sequences of str, optional
        Items of each page; by default neighbouring items of one construct.

    Raises
    ------
    UnknownVariableError, OptionValueError, DataError
    """
    columns = [str(name) for name in survey.answers.columns]
    log: list[str] = []
    _check(columns, items, scales, reverse, pages)
    if items is None:
        items, log = _found(survey, columns, set(apart), scales)
    names = [name for name in dict.fromkeys(items) if name not in set(apart)]
    if not names:
        raise DataError("no column holds answers to items; name the columns in items=, or give an instrument.")
    place = {name: position for position, name in enumerate(names)}
    instrument = survey.instrument
    constructs = _constructs(instrument, scales, place)
    low, high = _bounds(instrument, names, codes)
    return Layout(
        tuple(names), low, high,
        np.array([name in set(reverse) or _is_reverse(instrument, name) for name in names]),
        _breaks(instrument, names),
        tuple((name, np.array(where)) for name, where in constructs.items()),
        _pages(pages, constructs, place),
        tuple(log),
    )  # fmt: skip


def _check(
    columns: Sequence[str],
    items: Sequence[str] | None,
    scales: Mapping[str, Sequence[str]] | None,
    reverse: Sequence[str],
    pages: Sequence[Sequence[str]] | None,
) -> None:
    """Refuse names that no column has."""
    named = {
        "items": items or (), "scales": [name for some in (scales or {}).values() for name in some], "reverse": reverse,
        "pages": [name for page in pages or () for name in page],
    }  # fmt: skip
    for option, names in named.items():
        if isinstance(names, str):
            raise OptionValueError(f"{option}= takes a list of column names, not the text {names!r}.")
        check_known(list(names), columns, f"{option}= takes names of answers.")


def _found(
    survey: Survey, columns: Sequence[str], apart: set[str], scales: Mapping[str, Sequence[str]] | None
) -> tuple[list[str], list[str]]:
    """The items, and a sentence on how they were found."""
    if survey.instrument is not None:
        scaled = [item for item in survey.instrument.items if item.scale is not None and item.name in columns]
        of_constructs = [item for item in scaled if item.construct is not None]
        return [item.name for item in of_constructs or scaled], []
    if scales:
        named = {name for some in scales.values() for name in some}
        return [name for name in columns if name in named], []
    coded = [name for name in columns if name not in apart and _has_codes(survey.answers[name])]
    other = [name for name in columns if name not in set(coded) | apart]
    said = f"{counted(len(coded), 'column')} of whole numbers with at most {_MOST_CODES} different values were screened"
    left = f"; not screened: {', '.join(other[:12])}{', ...' if len(other) > 12 else ''}" if other else ""
    return coded, [f"Without an instrument, {said}{left}."]


def _has_codes(column: pd.Series) -> bool:
    """Whether a column holds answers in boxes, as far as its values can tell."""
    if not pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_bool_dtype(column.dtype):
        return False
    different = column.dropna().unique()
    values = np.asarray(different, dtype=float)
    return 1 <= len(values) <= _MOST_CODES and bool((np.isfinite(values) & (np.rint(values) == values)).all())


def _constructs(
    instrument: Instrument | None, scales: Mapping[str, Sequence[str]] | None, place: Mapping[str, int]
) -> dict[str, list[int]]:
    if scales is None and instrument is not None:
        scales = {c.name: [item.name for item in instrument.items_of(c.name)] for c in instrument.constructs}
    found = {name: [place[item] for item in some if item in place] for name, some in (scales or {}).items()}
    return {name: where for name, where in found.items() if where}


def _bounds(
    instrument: Instrument | None, names: Sequence[str], codes: tuple[float, float] | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if codes is not None:
        lowest, highest = _pair(codes)
        return np.full(len(names), lowest), np.full(len(names), highest)
    low, high = np.full(len(names), np.nan), np.full(len(names), np.nan)
    for position, name in enumerate(names):
        values = instrument.codes(name) if instrument is not None and _knows(instrument, name) else ()
        if values:
            low[position], high[position] = min(values), max(values)
    return low, high


def _pair(codes: Any) -> tuple[float, float]:
    try:
        lowest, highest = (float(code) for code in codes)
    except (TypeError, ValueError):
        lowest = highest = 0.0
    if not lowest < highest:
        raise OptionValueError(f"codes={codes!r}; it takes the lowest and the highest code, such as (1, 7).")
    return lowest, highest


def _knows(instrument: Instrument, name: str) -> bool:
    return any(item.name == name for item in instrument.items)


def _is_reverse(instrument: Instrument | None, name: str) -> bool:
    return instrument is not None and _knows(instrument, name) and instrument.item(name).reverse


def _breaks(instrument: Instrument | None, names: Sequence[str]) -> NDArray[np.bool_]:
    if instrument is None:
        return np.zeros(len(names), dtype=bool)
    scales = [instrument.item(name).scale if _knows(instrument, name) else None for name in names]
    return np.array([k > 0 and scales[k] != scales[k - 1] for k in range(len(names))])


def _pages(
    pages: Sequence[Sequence[str]] | None, constructs: Mapping[str, Sequence[int]], place: Mapping[str, int]
) -> tuple[Index, ...]:
    if pages is not None:
        found = [[place[name] for name in page if name in place] for page in pages]
        return tuple(np.array(page) for page in found if page)
    owner = {position: name for name, where in constructs.items() for position in where}
    blocks = groupby(range(len(place)), key=lambda position: owner.get(position, ""))
    return tuple(np.array(list(block)) for _, block in blocks)
