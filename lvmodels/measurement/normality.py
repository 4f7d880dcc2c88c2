"""Mardia's test of multivariate normality."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, ndtr

from lvmodels.errors import DataError, DroppedRowsWarning, EmptyDataError
from lvmodels.estimate.choices import names_of
from lvmodels.estimate.threads import one_thread
from lvmodels.moments.checks import check_count, check_moments
from lvmodels.moments.complete import complete_moments
from lvmodels.survey.columns import as_survey, columns_of, numeric
from lvmodels.survey.matrix import check_known
from lvmodels.survey.numbers import counted

__all__ = ["Mardia", "mardia", "mardia_of"]

Matrix = NDArray[np.float64]
_CELLS = 1 << 20


@dataclass(frozen=True, slots=True)
class Mardia:
    """Multivariate skewness and kurtosis of p variables, with their tests.

    Attributes
    ----------
    skew : float
        b1: the mean over all pairs of cases of ((y_i - m)' S^-1 (y_j - m))³; 0 when normal.
    kurtosis : float
        b2: the mean over the cases of ((y_i - m)' S^-1 (y_i - m))²; p (p + 2) when normal.
    skew_statistic : float
        n b1 / 6, a chi-square with `skew_df` degrees of freedom when normal.
    skew_statistic_small : float
        The same with Mardia's correction for small samples.
    skew_df : int
        p (p + 1) (p + 2) / 6.
    skew_pvalue : float
        Of `skew_statistic`.
    kurtosis_z : float
        (b2 - p (p + 2)) / sqrt(8 p (p + 2) / n), standard normal when the data are.
    kurtosis_pvalue : float
        Two-sided.
    n, p : int
        Complete cases, variables.
    """

    skew: float
    kurtosis: float
    skew_statistic: float
    skew_statistic_small: float
    skew_df: int
    skew_pvalue: float
    kurtosis_z: float
    kurtosis_pvalue: float
    n: int
    p: int


@one_thread
def mardia(frame: Any, variables: Sequence[str] | None = None) -> Mardia:
    """Test multivariate normality by Mardia's skewness and kurtosis.

    Parameters
    ----------
    frame : data frame, Survey or path
        Of a survey the answers, unless `variables` name other columns. Incomplete cases are left out, with a warning.
    variables : sequence of str, optional
        All columns by default.

    Returns
    -------
    Mardia

    Raises
    ------
    NonNumericError, UnknownVariableError, EmptyDataError, TooFewCasesError, ConstantVariableError,
    CollinearVariablesError

    References
    ----------
    Mardia, K. V. (1970). Measures of multivariate skewness and kurtosis with applications. Biometrika, 57(3), 519-530.
    The covariance matrix is divided by n. Correction for small samples: Mardia, K. V. (1974). Applications of some
    measures of multivariate skewness and kurtosis in testing normality and robustness studies. Sankhya B, 36(2),
    115-128.

    Examples
    --------
    >>> import pandas as pd
    >>> found = mardia(pd.DataFrame({"x": [1, 2, 3, 4, 10]}))
    >>> round(found.skew, 3), round(found.kurtosis, 3)
    (1.296, 2.788)
    """
    survey = as_survey(frame)
    columns = columns_of(frame if survey is None else survey)
    if variables is None:
        names = list(columns.names if survey is None else survey.answers.columns)
    else:
        names = list(dict.fromkeys(names_of(variables)))
    if not names:
        raise DataError("variables= names no column; name those whose distribution is tested.")
    check_known(names, columns.names, "variables= takes names of some of them.")
    Y = numeric(columns, names)
    whole = ~np.isnan(Y).any(axis=1)
    if not whole.any():
        raise EmptyDataError(f"no case is complete in all {len(names)} variables; name fewer in variables=.")
    dropped = len(Y) - int(whole.sum())
    if dropped:
        message = (
            f"{counted(dropped, 'case')} with missing values left out of Mardia's test; {int(whole.sum())} remain."
        )
        warnings.warn(DroppedRowsWarning(message), stacklevel=3)
    return mardia_of(Y[whole], names)


def mardia_of(Y: Matrix, names: Sequence[str]) -> Mardia:
    """The same for a matrix of complete cases, shape (n, p)."""
    n, p = Y.shape
    check_count(n, p)
    moments = complete_moments(Y)
    check_moments(moments, names)
    Z = np.linalg.solve(np.linalg.cholesky(moments.cov), (Y - moments.mean).T).T
    kurtosis = float(((Z**2).sum(axis=1) ** 2).mean())
    skew = _skew_by_moments(Z) if p * p < n else _skew_by_pairs(Z)
    df = p * (p + 1) * (p + 2) // 6
    correction = (p + 1) * (n + 1) * (n + 3) / (n * ((n + 1) * (p + 1) - 6)) if n > 2 else math.nan
    z = (kurtosis - p * (p + 2)) / math.sqrt(8 * p * (p + 2) / n)
    return Mardia(
        skew, kurtosis, n * skew / 6, n * skew / 6 * correction, df, float(chdtrc(df, n * skew / 6)), z,
        2 * float(ndtr(-abs(z))), n, p,
    )  # fmt: skip


def _skew_by_moments(Z: Matrix) -> float:
    """Sum of the squared third moments of uncorrelated variables: the same number, without pairs of cases."""
    third = (((Z * Z[:, [k]]).T @ Z) / len(Z) for k in range(Z.shape[1]))
    return float(sum((M**2).sum() for M in third))


def _skew_by_pairs(Z: Matrix) -> float:
    n = len(Z)
    step = max(1, _CELLS // n)
    return float(sum(((Z[k : k + step] @ Z.T) ** 3).sum() for k in range(0, n, step)) / n**2)
