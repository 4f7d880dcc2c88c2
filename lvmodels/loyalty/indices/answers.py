"""Columns of any frame or survey as numbers: found by name, within their scale, reverse-keyed ones turned round."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import ConstantVariableError, DataError, EmptyDataError, UnknownVariableError, nearest
from lvmodels.survey.columns import as_survey, columns_of, numeric

Vector = NDArray[np.float64]


def answers_of(
    data: Any, names: Sequence[str], low: float | None = None, high: float | None = None, varies: bool = False
) -> tuple[Vector, Vector]:
    """Columns as numbers, with the ends of their scales.

    Parameters
    ----------
    data : data frame, Survey or path
        Of a survey with an instrument, reverse-keyed items are turned round.
    names : sequence of str
    low, high : float, optional
        Ends of the scale; by default those of the instrument, or NaN.
    varies : bool
        Whether a column that does not vary is refused.

    Returns
    -------
    Y : ndarray, shape (n, k)
        Missing answers are NaN.
    ends : ndarray, shape (k, 2)

    Raises
    ------
    UnknownVariableError, NonNumericError, InfiniteValueError, EmptyDataError, ConstantVariableError, DataError
    """
    survey = as_survey(data)
    columns = columns_of(data if survey is None else survey)
    for name in names:
        if name not in columns.names:
            hint = nearest(name, columns.names) or f"There are: {', '.join(map(str, columns.names[:12]))}."
            raise UnknownVariableError(f"the data have no column '{name}'. {hint}")
    Y = numeric(columns, names)
    ends = np.full((len(names), 2), np.nan)
    instrument = None if survey is None else survey.instrument
    turned = np.zeros(len(names), dtype=bool)
    for k, item in ((names.index(i.name), i) for i in (instrument.items if instrument else ()) if i.name in names):
        codes = instrument.codes(item.name) if instrument else ()
        lowest, highest = (min(codes), max(codes)) if codes else (item.min, item.max)
        if lowest is not None and highest is not None:
            ends[k], turned[k] = (lowest, highest), item.reverse
    ends = np.where([low is not None, high is not None], [low or 0.0, high or 0.0], ends)
    _check(Y, ends, names, varies)
    return np.where(turned, ends.sum(axis=1) - Y, Y), ends


def _check(Y: Vector, ends: Vector, names: Sequence[str], varies: bool) -> None:
    for k, name in enumerate(names):
        seen = Y[~np.isnan(Y[:, k]), k]
        if not seen.size:
            raise EmptyDataError(f"column '{name}' has no answer at all; leave it out, or check the file.")
        if varies and np.ptp(seen) == 0.0:
            raise ConstantVariableError(f"column '{name}' is {seen[0]:g} in every row, so nothing can depend on it.")
        low, high = ends[k]
        if low >= high:
            raise DataError(f"the scale of '{name}' runs from {low:g} to {high:g}; give low below high.")
        outside = (Y[:, k] < low) | (Y[:, k] > high)
        if outside.any():
            row = int(np.flatnonzero(outside)[0])
            raise DataError(
                f"column '{name}' holds {Y[row, k]:g} in data row {row + 1}, outside its scale of {low:g} to {high:g}"
                f" ({int(outside.sum())} in all); make missing codes missing, or give low= and high=."
            )


def labels_of(data: Any, name: str) -> NDArray[Any]:
    """A column of labels, as text; missing ones are empty.

    Raises
    ------
    UnknownVariableError
    """
    columns = columns_of(data)
    if name not in columns.names:
        hint = nearest(name, columns.names) or f"There are: {', '.join(map(str, columns.names[:12]))}."
        raise UnknownVariableError(f"the data have no column '{name}'. {hint}")
    values = columns.array(name).tolist()
    return np.array(["" if v is None or v != v or str(v) == "<NA>" else f"{v:g}" if isinstance(v, float) else str(v)
                     for v in values], dtype=object)  # fmt: skip


def groups_of(data: Any, group: str | None, n: int) -> dict[str, NDArray[np.bool_]]:
    """Rows of every group, in alphabetical order; one nameless group when there is no grouping."""
    if group is None:
        return {"": np.ones(n, dtype=bool)}
    labels = labels_of(data, group)
    found = {str(label): labels == label for label in sorted({str(label) for label in labels if label != ""})}
    if not found:
        raise EmptyDataError(f"column '{group}' names no group; check the file, or leave group= out.")
    return found


def needed_ends(ends: Vector, names: Sequence[str]) -> Vector:
    """The ends, where all are known.

    Raises
    ------
    DataError
    """
    unknown = [name for name, pair in zip(names, ends, strict=True) if np.isnan(pair).any()]
    if unknown:
        raise DataError(
            f"nothing says which answers {', '.join(unknown)} may take; give low= and high=, the ends of the scale, "
            "or a survey with an instrument."
        )
    return ends
