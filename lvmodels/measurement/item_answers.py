"""Items of one scale as a matrix: numbers, complete cases, and a word where cases were left out."""

from __future__ import annotations

import warnings
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import DataError, DroppedRowsWarning, EmptyDataError, TooFewCasesError
from lvmodels.estimate.choices import choice_of
from lvmodels.moments.checks import check_pairs, check_spread
from lvmodels.survey.columns import as_survey, columns_of, numeric

__all__ = ["Missing", "answers_of", "pairwise_covariance"]

Matrix = NDArray[np.float64]
Missing = Literal["listwise", "pairwise"]


def answers_of(data: Any, asked_by: str, missing: str, least: int = 2) -> tuple[Matrix, list[str]]:
    """All columns of a frame, or all answers of a survey, that vary.

    Parameters
    ----------
    data : data frame, Survey or path
    asked_by : str
        What needs them, for messages.
    missing : {"listwise", "pairwise"}
        Leave incomplete cases out, with a warning; or keep NaN, for the cases that answer both of a pair.
    least : int
        Fewest columns.

    Returns
    -------
    Y : ndarray, shape (n, p)
    names : list of str

    Raises
    ------
    DataError, NonNumericError, EmptyDataError, ConstantVariableError, TooFewCasesError, OptionValueError
    """
    how = choice_of("missing", missing, ("listwise", "pairwise"))
    survey = as_survey(data)
    columns = columns_of(data if survey is None else survey.answers)
    names = [str(name) for name in columns.names]
    if len(names) < least:
        raise DataError(
            f"{asked_by}() needs at least {least} items, not {len(names)}; pass a frame with their columns."
        )
    Y = numeric(columns, columns.names)
    kept = ~np.isnan(Y).any(axis=1) if how == "listwise" else ~np.isnan(Y).all(axis=1)
    if not kept.any():
        raise EmptyDataError(
            "no case answers all of the items; leave out those with most missing values, or use missing='pairwise'."
        )
    if how == "listwise" and not kept.all():
        dropped, used = int((~kept).sum()), int(kept.sum())
        text = f"{dropped} of {len(Y)} cases were left out because an answer is missing; {used} are used."
        warnings.warn(DroppedRowsWarning(text), stacklevel=3)
    Y = Y[kept]
    if len(Y) < 3:
        raise TooFewCasesError(f"{asked_by}() needs at least 3 cases, not {len(Y)}.")
    check_spread(Y, names)
    check_pairs(Y, names)
    return Y, names


def pairwise_covariance(Y: Matrix) -> Matrix:
    """Covariances (n - 1), each from the cases that answer both; shape (p, p).

    Examples
    --------
    >>> pairwise_covariance(np.array([[1.0, 2.0], [2.0, 4.0], [3.0, np.nan], [3.0, 6.0]])).round(2)
    array([[0.92, 2.  ],
           [2.  , 4.  ]])
    """
    if not np.isnan(Y).any():
        return np.atleast_2d(np.cov(Y, rowvar=False))
    centred = Y - np.nanmean(Y, axis=0)  # against rounding
    seen = ~np.isnan(Y)
    filled, one = np.where(seen, centred, 0.0), seen.astype(float)
    n = one.T @ one
    sums = filled.T @ one
    return np.asarray((filled.T @ filled - sums * sums.T / n) / (n - 1))
