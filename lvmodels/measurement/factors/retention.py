"""How many factors: Velicer's minimum average partial correlation, and the empirical Kaiser criterion."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.estimate.threads import one_thread
from lvmodels.measurement.factors.parallel import leading
from lvmodels.measurement.factors.sample import Missing, sample_of

if TYPE_CHECKING:
    import pandas as pd

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class MapTest:
    """Average partial correlations, made by `map_test`.

    Attributes
    ----------
    table : DataFrame
        Index number of components taken out, from 0; columns squared and fourth: the average square, and fourth power,
        of the partial correlations that are left; NaN where too little is left.
    suggested : int
        Where the average square is smallest (Velicer 1976).
    suggested_revised : int
        Where the average fourth power is smallest (Velicer, Eaton and Fava 2000).
    n : int
        Cases used.
    """

    table: pd.DataFrame
    suggested: int
    suggested_revised: int
    n: int


@dataclass(frozen=True, slots=True, eq=False)
class EmpiricalKaiser:
    """Eigenvalues and their reference, made by `empirical_kaiser`.

    Attributes
    ----------
    table : DataFrame
        Index 1, 2, ...; columns eigenvalue, reference.
    suggested : int
        Eigenvalues above their reference, before the first that is not.
    n : int
        Cases used.
    """

    table: pd.DataFrame
    suggested: int
    n: int


@one_thread
def map_test(
    frame: Any, *, ordered: bool | str | Sequence[str] | None = None, missing: Missing = "listwise"
) -> MapTest:
    """Take out components until what is left has the smallest partial correlations.

    Parameters
    ----------
    frame : data frame, Survey or path
    ordered : bool, names or None
        Ordinal items, by polychoric correlations; True for all.
    missing : {"listwise", "pairwise", "two.stage"}

    Returns
    -------
    MapTest

    Raises
    ------
    OptionValueError, ConstantVariableError, DataError, EmptyDataError, NonNumericError, UnknownVariableError

    References
    ----------
    Velicer, W. F. (1976). Determining the number of components from the matrix of partial correlations. Psychometrika,
    41, 321-327.

    Examples
    --------
    >>> import lvmodels as lv
    >>> found = lv.map_test(lv.datasets.load("holzinger_swineford").answers)
    >>> found.suggested, found.table["squared"].head(3).round(4).tolist()
    (2, [0.1019, 0.0802, 0.0634])
    """
    import pandas as pd

    sample = sample_of(frame, ordered, missing, False)
    table = _average_partials(np.array(sample.R))
    for note in sample.warnings:
        warnings.warn(note, stacklevel=3)
    return MapTest(
        table=pd.DataFrame(table, columns=["squared", "fourth"], index=pd.RangeIndex(len(table))),
        suggested=int(np.nanargmin(table[:, 0])),
        suggested_revised=int(np.nanargmin(table[:, 1])),
        n=sample.n,
    )


def _average_partials(R: Matrix) -> Matrix:
    """Averages of squares and fourth powers, shape (p - 1, 2)."""
    p = len(R)
    values, vectors = np.linalg.eigh(R)
    A = vectors[:, ::-1] * np.sqrt(np.maximum(values[::-1], 0.0))
    off = np.tril_indices(p, -1)
    found = np.full((p - 1, 2), np.nan)
    for m in range(p - 1):
        left = R - A[:, :m] @ A[:, :m].T
        variance = np.diagonal(left)
        if (variance <= 1e-10).any():
            break
        partial = (left / np.sqrt(np.outer(variance, variance)))[off]
        found[m] = np.mean(partial**2), np.mean(partial**4)
    return found


@one_thread
def empirical_kaiser(
    frame: Any, *, ordered: bool | str | Sequence[str] | None = None, missing: Missing = "listwise"
) -> EmpiricalKaiser:
    """Compare each eigenvalue with the largest that a sample without a further factor would give, and with 1.

    Parameters
    ----------
    frame : data frame, Survey or path
    ordered : bool, names or None
        Ordinal items, by polychoric correlations; True for all.
    missing : {"listwise", "pairwise", "two.stage"}

    Returns
    -------
    EmpiricalKaiser

    Raises
    ------
    OptionValueError, ConstantVariableError, DataError, EmptyDataError, NonNumericError, UnknownVariableError

    References
    ----------
    Braeken, J., and van Assen, M. A. L. M. (2017). An empirical Kaiser criterion. Psychological Methods, 22, 450-466,
    eq. 2.

    Examples
    --------
    >>> import lvmodels as lv
    >>> found = lv.empirical_kaiser(lv.datasets.load("holzinger_swineford").answers)
    >>> found.suggested, found.table["reference"].head(4).round(3).tolist()
    (3, [1.376, 1.0, 1.0, 1.0])
    """
    import pandas as pd

    sample = sample_of(frame, ordered, missing, False)
    values = np.linalg.eigvalsh(sample.R)[::-1]
    p = len(values)
    rest = (p - np.cumsum(values) + values) / (p - np.arange(p))  # average of those that are still to come
    reference = np.maximum(rest * (1.0 + np.sqrt(p / sample.n)) ** 2, 1.0)
    for note in sample.warnings:
        warnings.warn(note, stacklevel=3)
    return EmpiricalKaiser(
        table=pd.DataFrame({"eigenvalue": values, "reference": reference}, index=pd.RangeIndex(1, p + 1)),
        suggested=leading(values > reference),
        n=sample.n,
    )
