"""From a data frame to the matrix that estimation works on; here data frames stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import read_only
from lvmodels.errors import DataError, EmptyDataError, UnknownVariableError, nearest
from lvmodels.survey.columns import Columns, columns_of, is_missing, numeric

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
    clusters : ndarray of int, shape (n,), or None
        Cluster of each case, from 0.
    weights : ndarray, shape (n,), or None
        Sampling weights, rescaled to sum to n.
    cluster_labels : tuple of str
        By the number of the cluster.
    """

    Y: Matrix
    names: tuple[str, ...]
    groups: NDArray[np.intp]
    group_labels: tuple[str, ...]
    rows: NDArray[np.intp]
    n_total: int
    missing: NDArray[np.intp]
    clusters: NDArray[np.intp] | None = None
    weights: NDArray[np.float64] | None = None
    cluster_labels: tuple[str, ...] = ()

    @property
    def n_dropped(self) -> int:
        """Cases left out."""
        return self.n_total - len(self.rows)


def data_matrix(
    data: Any,
    names: Sequence[str],
    group: str | None = None,
    cluster: str | None = None,
    weights: str | None = None,
    complete: Sequence[str] | None = None,
    latent: Sequence[str] = (),
    auxiliary: Sequence[str] = (),
) -> DataMatrix:
    """Take the variables of a model from a data frame and leave out incomplete cases.

    Parameters
    ----------
    data : data frame
        Any that narwhals knows; a `Survey` (its answers and its respondents' columns); or the path of a file.
    names : sequence of str
        The variables; ``x:z`` is the product of two columns.
    group, cluster, weights : str, optional
        The columns with the group, the cluster and the sampling weight of each case; cases that lack one are left out.
    complete : sequence of str, optional
        Variables that every case must answer; all of them by default. Cases without any answer are left out anyway.
    latent : sequence of str
        Latent variables of the model, one of which a name without a column may be meant to be.
    auxiliary : sequence of str
        Those of the names that are no part of the model.

    Raises
    ------
    UnknownVariableError
        When a column is lacking; the nearest is suggested.
    NonNumericError, InfiniteValueError, EmptyDataError
    """
    columns = columns_of(data)
    check_known(auxiliary, columns.names, "aux= takes names of some of them.")
    single = list(dict.fromkeys(part for name in names for part in _factors(name, columns.names)))
    check_known(single, columns.names, "Correct the name in the model, or define it as latent with =~.", latent)
    for option, name in (("group", group), ("cluster", cluster), ("sampling_weights", weights)):
        check_known([] if name is None else [name], columns.names, f"{option}= takes the name of one of them.")
    raw = numeric(columns, single)
    Y = raw if single == list(names) else _products(raw, single, [_factors(name, columns.names) for name in names])
    codes, labels = _groups(columns, group)
    absent = np.isnan(Y)
    _check_not_all_missing(absent, names)
    (cluster_codes, cluster_labels), sizes = _clusters(columns, cluster), _weights(columns, weights)
    needed = slice(None) if complete is None else [k for k, name in enumerate(names) if name in set(complete)]
    usable = ~absent[:, needed].any(axis=1) & ~absent.all(axis=1) & (codes >= 0)
    if cluster_codes is not None:
        usable &= cluster_codes >= 0
    if sizes is not None:
        usable &= np.isfinite(sizes)
    rows = np.flatnonzero(usable)
    if not len(rows):
        raise EmptyDataError(
            f"no case is complete in all {len(names)} variables of the model; "
            "drop the variables with most missing values: " + _most_missing(absent, names)
        )
    return DataMatrix(
        Y=read_only(Y[rows]),
        names=tuple(names),
        groups=codes[rows],
        group_labels=labels,
        rows=rows,
        n_total=len(Y),
        missing=absent.sum(axis=0),
        clusters=None if cluster_codes is None else cluster_codes[rows],
        weights=None if sizes is None else sizes[rows] * (len(rows) / sizes[rows].sum()),
        cluster_labels=cluster_labels,
    )


def _factors(name: str, columns: Sequence[str]) -> list[str]:
    """The columns whose product a variable is."""
    return [name] if name in columns or ":" not in name else name.split(":")


def _products(raw: Matrix, single: list[str], factors: list[list[str]]) -> Matrix:
    """Columns, or products of columns, in the order of the model's variables."""
    place = {name: k for k, name in enumerate(single)}
    with np.errstate(over="ignore"):  # an overflow is refused with the moments, by the name of the product
        return np.column_stack([raw[:, [place[part] for part in parts]].prod(axis=1) for parts in factors])


def check_known(names: Sequence[str], columns: Sequence[str], remedy: str, latent: Sequence[str] = ()) -> None:
    """Refuse names without a column, with the nearest ones and the remedy.

    Raises
    ------
    UnknownVariableError
    """
    unknown = [name for name in names if name not in columns]
    if unknown:
        known = [*columns, *latent]
        hints = [f"'{name}' (did you mean '{n}'?)" if (n := _near(name, known)) else f"'{name}'" for name in unknown]
        some = ", ".join(map(str, columns[:12])) + (", ..." if len(columns) > 12 else "")
        raise UnknownVariableError(f"the data have no column {', '.join(hints)}. Columns are: {some}. {remedy}")


def _near(name: str, known: Sequence[str]) -> str:
    hint = nearest(name, known)
    return hint.removeprefix("Did you mean '").removesuffix("'?")


def _groups(columns: Columns, group: str | None) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    """Codes from 0 in order of first appearance (-1: missing), and labels."""
    if group is None:
        return np.zeros(columns.n, dtype=np.intp), ("",)
    codes, order = _codes(columns, group)
    if len(order) < 2:
        raise DataError(f"the grouping variable '{group}' has {len(order)} value; it must have at least two.")
    if len(order) > 100 or len(order) > columns.n / 2:
        raise DataError(f"the grouping variable '{group}' has {len(order)} values; it does not look like groups.")
    return codes, tuple(map(_label, order))


def _clusters(columns: Columns, cluster: str | None) -> tuple[NDArray[np.intp] | None, tuple[str, ...]]:
    """Codes from 0 in order of first appearance (-1: missing), and labels."""
    if cluster is None:
        return None, ()
    codes, order = _codes(columns, cluster)
    if len(order) < 2:
        raise DataError(f"the cluster variable '{cluster}' has {len(order)} value; errors need at least two clusters.")
    return codes, tuple(map(_label, order))


def _label(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _codes(columns: Columns, name: str) -> tuple[NDArray[np.intp], list[Any]]:
    """Codes from 0 in order of first appearance (-1: missing), and the values they stand for."""
    values = columns.array(name).tolist()
    try:
        order = [value for value in dict.fromkeys(values) if not is_missing(value)]
    except TypeError:
        raise DataError(f"column '{name}' holds values that cannot be compared, such as lists; use codes.") from None
    code = {value: k for k, value in enumerate(order)}
    return np.array([code.get(value, -1) for value in values], dtype=np.intp), order


def _weights(columns: Columns, weights: str | None) -> NDArray[np.float64] | None:
    if weights is None:
        return None
    values: NDArray[np.float64] = numeric(columns, [weights])[:, 0]
    if (values < 0).any():
        row = int(np.flatnonzero(values < 0)[0]) + 1
        raise DataError(f"the sampling weight in data row {row} of '{weights}' is negative; weights must be above 0.")
    if not np.nansum(values) > 0:
        raise DataError(f"all sampling weights in '{weights}' are 0 or missing; give each case its weight.")
    return values


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
