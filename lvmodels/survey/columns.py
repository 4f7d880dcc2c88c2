"""Columns of any data frame as numbers: the narrow door between frames and matrices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import DataError, EmptyDataError, InfiniteValueError, NonNumericError
from lvmodels.survey.any_frame import open_frame

if TYPE_CHECKING:
    from lvmodels.survey.answers import Survey

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """A data frame as far as a model needs it.

    Attributes
    ----------
    names : list of str
    array : callable
        The values of a column, of whatever type, shape (n,).
    n : int
        Number of rows.
    """

    names: list[str]
    array: Callable[[str], NDArray[Any]]
    n: int


def as_survey(data: Any) -> Survey | None:
    """The survey that `data` is, or is the path of; None for a bare data frame."""
    if isinstance(data, str) or hasattr(data, "__fspath__"):
        from lvmodels.survey.files import read_survey

        return read_survey(data)
    return data if hasattr(data, "answers") and hasattr(data, "respondents") else None


def columns_of(data: Any) -> Columns:
    """Open a data frame of any library, a survey (answers and respondents' columns), or the path of a file.

    Raises
    ------
    DataError
        When it is none of these, or names a column twice.
    EmptyDataError
        When it has no rows.
    """
    survey = as_survey(data)
    if survey is not None:
        import pandas as pd

        data = pd.concat([survey.answers, survey.respondents], axis=1)
    columns = _pandas(data) if type(data).__module__.partition(".")[0] == "pandas" else _any_frame(data)
    if columns.n == 0:
        raise EmptyDataError("the data have no rows; check the file, or the filter that made them.")
    if len(set(columns.names)) < len(columns.names):
        twice = sorted({str(name) for name in columns.names if columns.names.count(name) > 1})
        raise DataError(f"the data have several columns named {', '.join(twice)}; rename or drop all but one.")
    return columns


def _pandas(data: Any) -> Columns:
    """The most common frame, opened directly: it answers several times faster than through a common interface."""
    if not hasattr(data, "columns"):
        raise DataError(f"data is a {type(data).__name__}; pass a data frame with one column a variable.")

    def array(name: str) -> NDArray[Any]:
        column = data[name]
        if getattr(column.dtype, "ordered", False):
            return _steps(column.to_numpy(), list(column.dtype.categories))
        return np.asarray(column.to_numpy())

    return Columns(list(data.columns), array, len(data))


def _any_frame(data: Any) -> Columns:
    import narwhals as nw

    if isinstance(data, np.ndarray):
        raise DataError("data is a bare array, so its columns have no names; pass a data frame with named columns.")
    frame = open_frame(data)
    if frame is None:
        raise DataError(
            f"data is a {type(data).__name__}; pass a data frame (pandas, Polars, PyArrow, ...), a Survey, or a path."
        )

    def array(name: str) -> NDArray[Any]:
        column = frame.get_column(name)
        if column.dtype == nw.Enum:
            return _steps(column.to_numpy(), column.cat.get_categories().to_list())
        return np.asarray(column.to_numpy())

    return Columns(frame.columns, array, len(frame))


def _steps(values: NDArray[Any], categories: list[Any]) -> NDArray[Any]:
    """Ordered categories as they are where they are ascending numbers, else as 1, 2, ..."""
    numbers = all(isinstance(c, (int, float, np.number)) for c in categories) and categories == sorted(categories)
    if numbers:
        return values
    place = {category: float(step) for step, category in enumerate(categories, start=1)}
    return np.array([place.get(value, np.nan) for value in values.tolist()])


def ordered_names(data: Any, names: Sequence[str]) -> list[str]:
    """Which of the columns hold ordered categories: a pandas Categorical with ordered=True, or an Enum."""
    if type(data).__module__.partition(".")[0] == "pandas":
        types = getattr(data, "dtypes", ())
        if not any(getattr(kind, "ordered", False) for kind in getattr(types, "tolist", list)()):
            return []
        return [name for name in names if name in data.columns and getattr(data[name].dtype, "ordered", False)]
    if hasattr(data, "answers") or not hasattr(data, "columns"):
        return []
    import narwhals as nw

    try:
        schema = nw.from_native(data).collect_schema()
    except TypeError:  # no frame at all, which is said where it is opened
        return []
    return [name for name in names if name in schema and schema[name] == nw.Enum]


def numeric(columns: Columns, names: Sequence[str]) -> Matrix:
    """Columns as floats, missing as NaN, shape (n, k).

    Raises
    ------
    NonNumericError, InfiniteValueError
        With the columns, and the row of the first offending value.
    """
    arrays = [columns.array(name) for name in names]
    if not all(array.dtype.kind in "fiub" for array in arrays):
        problems = [p for name, array in zip(names, arrays, strict=True) if (p := _problem(name, array))]
        if problems:
            raise NonNumericError("; ".join(problems) + ".")
        arrays = [_floats(array) for array in arrays]
    raw = np.array(arrays, dtype=float).T
    if np.isinf(raw).any():
        row, column = map(int, np.argwhere(np.isinf(raw))[0])
        raise InfiniteValueError(
            f"column '{names[column]}' holds an infinite value in data row {row + 1}"
            f" ({int(np.isinf(raw).sum())} in all); replace it by a number or by a missing value."
        )
    return raw


def is_missing(value: Any) -> bool:
    """Whether a single value of an object column is a missing value of any library."""
    return value is None or str(value) in ("<NA>", "nan", "NaT")


def _floats(array: NDArray[Any]) -> Matrix:
    if array.dtype.kind in "fiub":
        return array.astype(float)
    return np.array([np.nan if is_missing(v) else float(v) for v in array.tolist()])


def _problem(name: str, array: NDArray[Any]) -> str:
    """Why a column is not numeric; empty when it is."""
    if array.dtype.kind in "fiub":
        return ""
    values = array.tolist()
    for row, value in enumerate(values, start=1):
        if isinstance(value, str) and not is_missing(value) and not _reads_as_number(value):
            return (
                f"column '{name}' must be numeric, but data row {row} holds the text '{value}'; "
                "give the answers as numeric codes, or use the column as group="
            )
    for value in values:
        if is_missing(value) or (isinstance(value, (int, float, np.number)) and array.dtype.kind == "O"):
            continue
        kind = "numbers written as text" if isinstance(value, str) else f"values of type {type(value).__name__}"
        return f"column '{name}' holds {kind}; convert it, for example with data['{name}'].astype(float)"
    return ""


def _reads_as_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
