"""From a data frame to the matrix that estimation works on; here data frames stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import read_only
from lvmodels.errors import (
    DataError,
    EmptyDataError,
    InfiniteValueError,
    NonNumericError,
    UnknownVariableError,
    nearest,
)

if TYPE_CHECKING:
    import narwhals as nw

    from lvmodels.survey.answers import Survey

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class DataMatrix:
    """The cases that are analysed.

    Attributes
    ----------
    Y : ndarray, shape (n, p)
    names : tuple of str
        Columns of Y.
    groups : ndarray of int, shape (n,)
        Group of each case, from 0.
    group_labels : tuple of str
        In order of first appearance in the data; a single empty label without a grouping variable.
    rows : ndarray of int, shape (n,)
        Which rows of the data the cases are, from 0.
    n_total : int
        Rows of the data, with those left out.
    missing : ndarray of int, shape (p,)
        Missing values by variable, before cases were left out.
    """

    Y: Matrix
    names: tuple[str, ...]
    groups: NDArray[np.intp]
    group_labels: tuple[str, ...]
    rows: NDArray[np.intp]
    n_total: int
    missing: NDArray[np.intp]

    @property
    def n_dropped(self) -> int:
        """Cases left out."""
        return self.n_total - len(self.rows)


def data_matrix(data: Any, names: Sequence[str], group: str | None = None) -> DataMatrix:
    """Take the variables of a model from a data frame and leave out incomplete cases.

    Parameters
    ----------
    data : data frame
        Any that narwhals knows; a `Survey` (its answers and its respondents' columns); or the path of a file.
    names : sequence of str
        The variables; ``x:z`` is the product of two columns.
    group : str, optional
        The grouping variable.

    Raises
    ------
    UnknownVariableError
        When a column is lacking; the nearest is suggested.
    NonNumericError, InfiniteValueError, EmptyDataError
    """
    frame = _frame(data)
    columns = frame.columns
    if len(set(columns)) < len(columns):
        twice = sorted({str(c) for c in columns if columns.count(c) > 1})
        raise DataError(f"the data have several columns named {', '.join(twice)}; rename or drop all but one.")
    single = list(dict.fromkeys(part for name in names for part in _factors(name, columns)))
    _check_known([*single, *([group] if group else [])], columns)
    raw = _numeric(frame, single)
    Y = raw if single == list(names) else _products(raw, single, [_factors(name, columns) for name in names])
    codes, labels = _groups(frame, group, len(Y))
    absent = np.isnan(Y)
    _check_not_all_missing(absent, names)
    rows = np.flatnonzero(~absent.any(axis=1) & (codes >= 0))
    if not len(rows):
        raise EmptyDataError(
            f"no case is complete in all {len(names)} variables of the model; "
            "drop the variables with most missing values: " + _most_missing(absent, names)
        )
    return DataMatrix(read_only(Y[rows]), tuple(names), codes[rows], labels, rows, len(Y), absent.sum(axis=0))


def as_survey(data: Any) -> Survey | None:
    """The survey that `data` is, or is the path of; None for a bare data frame."""
    if isinstance(data, str) or hasattr(data, "__fspath__"):
        from lvmodels.survey.files import read_survey

        return read_survey(data)
    return data if hasattr(data, "answers") and hasattr(data, "respondents") else None


def _frame(data: Any) -> nw.DataFrame[Any]:
    import narwhals as nw

    survey = as_survey(data)
    if survey is not None:
        import pandas as pd

        data = pd.concat([survey.answers, survey.respondents], axis=1)
    if isinstance(data, np.ndarray):
        raise DataError("data is a bare array, so its columns have no names; pass a data frame with named columns.")
    try:
        frame = nw.from_native(data)
    except TypeError:
        raise DataError(
            f"data is a {type(data).__name__}; pass a data frame (pandas, Polars, PyArrow, ...), a Survey, or a path."
        ) from None
    collected = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    if len(collected) == 0:
        raise EmptyDataError("the data have no rows; check the file, or the filter that made them.")
    return collected


def _factors(name: str, columns: Sequence[str]) -> list[str]:
    """The columns whose product a variable is."""
    return [name] if name in columns or ":" not in name else name.split(":")


def _products(raw: Matrix, single: list[str], factors: list[list[str]]) -> Matrix:
    """Columns, or products of columns, in the order of the model's variables."""
    place = {name: k for k, name in enumerate(single)}
    return np.column_stack([raw[:, [place[part] for part in parts]].prod(axis=1) for parts in factors])


def _check_known(names: Sequence[str], columns: Sequence[str]) -> None:
    unknown = [name for name in names if name not in columns]
    if unknown:
        hints = [f"'{name}' (did you mean '{n}'?)" if (n := _near(name, columns)) else f"'{name}'" for name in unknown]
        some = ", ".join(map(str, columns[:12])) + (", ..." if len(columns) > 12 else "")
        raise UnknownVariableError(
            f"the data have no column {', '.join(hints)}. Columns are: {some}. "
            "Correct the name in the model, or define it as latent with =~."
        )


def _near(name: str, columns: Sequence[str]) -> str:
    hint = nearest(name, columns)
    return hint.removeprefix("Did you mean '").removesuffix("'?")


def _numeric(frame: nw.DataFrame[Any], names: Sequence[str]) -> Matrix:
    """Columns as floats, missing as NaN, shape (n, k)."""
    columns = _arrays(frame, names)
    if all(column.dtype.kind in "fiub" for column in columns):
        raw = np.array(columns, dtype=float).T
    else:
        raw = _checked(frame.select(list(names)), columns)
    if np.isinf(raw).any():
        row, column = map(int, np.argwhere(np.isinf(raw))[0])
        raise InfiniteValueError(
            f"column '{names[column]}' holds an infinite value in data row {row + 1}"
            f" ({int(np.isinf(raw).sum())} in all); replace it by a number or by a missing value."
        )
    return raw


def _arrays(frame: nw.DataFrame[Any], names: Sequence[str]) -> list[NDArray[Any]]:
    """The columns as arrays of whatever type; pandas is asked directly because it answers three times as fast."""
    if frame.implementation.is_pandas():
        native = frame.to_native()
        return [native[name].to_numpy() for name in names]
    return [frame.get_column(name).to_numpy() for name in names]


def _checked(frame: nw.DataFrame[Any], columns: list[NDArray[Any]]) -> Matrix:
    """Numbers of a frame whose columns are not all of one numeric type; columns of other types are refused."""
    texts = [name for name, dtype in frame.schema.items() if not _holds_numbers(frame[name], dtype)]
    if texts:
        raise NonNumericError("; ".join(_text_problem(frame[name].to_list(), name) for name in texts))
    # nullable and mixed columns come as objects, missing values as None or a library's own mark
    return np.array([[np.nan if _is_missing(v) else v for v in column.tolist()] for column in columns], dtype=float).T


def _is_missing(value: Any) -> bool:
    return value is None or str(value) in ("<NA>", "nan", "NaT")


def _holds_numbers(column: nw.Series[Any], dtype: nw.dtypes.DType) -> bool:
    if str(dtype) != "Object":
        return dtype.is_numeric() or str(dtype) == "Boolean"
    return all(v is None or isinstance(v, (int, float, np.number)) for v in column.to_list())


def _text_problem(values: list[Any], name: str) -> str:
    for row, value in enumerate(values, start=1):
        if isinstance(value, str):
            try:
                float(value)
            except ValueError:
                return (
                    f"column '{name}' must be numeric, but data row {row} holds the text '{value}'; "
                    "give the answers as numeric codes, or use the column as group="
                )
    return f"column '{name}' is not numeric; convert it, for example with data['{name}'].astype(float)"


def _groups(frame: nw.DataFrame[Any], group: str | None, n: int) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    """Codes from 0 in order of first appearance (-1: missing), and labels."""
    if group is None:
        return np.zeros(n, dtype=np.intp), ("",)
    values = [None if v is None or v != v else v for v in frame[group].to_list()]
    order = {value: k for k, value in enumerate(dict.fromkeys(v for v in values if v is not None))}
    if len(order) < 2:
        raise DataError(f"the grouping variable '{group}' has {len(order)} value; it must have at least two.")
    if len(order) > 100 or len(order) > n / 2:
        raise DataError(f"the grouping variable '{group}' has {len(order)} values; it does not look like groups.")
    labels = tuple(str(int(v)) if isinstance(v, float) and v.is_integer() else str(v) for v in order)
    return np.array([-1 if v is None else order[v] for v in values], dtype=np.intp), labels


def _check_not_all_missing(absent: NDArray[np.bool_], names: Sequence[str]) -> None:
    empty = [name for name, gone in zip(names, np.asarray(absent.all(axis=0)), strict=True) if gone]
    if empty:
        raise EmptyDataError(
            f"{'column' if len(empty) == 1 else 'columns'} {', '.join(map(repr, empty))} "
            f"{'has' if len(empty) == 1 else 'have'} no value at all; drop {'it' if len(empty) == 1 else 'them'} from "
            "the model, or check the missing codes."
        )


def _most_missing(absent: NDArray[np.bool_], names: Sequence[str]) -> str:
    counts = absent.sum(axis=0)
    worst = np.argsort(-counts, kind="stable")[:3]
    return ", ".join(f"{names[k]} ({int(counts[k])} missing)" for k in worst) + "."
