"""Sufficient statistics of complete data: number of cases, means and covariances, group by group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import read_only
from lvmodels.moments.cases import Cases
from lvmodels.moments.first_stage import FirstStage, first_stage
from lvmodels.moments.levels import LevelMoments
from lvmodels.moments.missing import Patterns, patterns_of, saturated_moments
from lvmodels.moments.ordinal import ResponseMoments


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Moments of one group.

    Attributes
    ----------
    n : float
        Number of cases, or the sum of their weights.
    mean : ndarray, shape (p,)
    cov : ndarray, shape (p, p)
        Divided by n ("normal" likelihood) or by n - 1 ("wishart"). With missing values the saturated moments.
    patterns : Patterns or None
        The patterns of missing values, where there are any.
    weight : ndarray, shape (p (p + 3) / 2, p (p + 3) / 2), or None
        Of the distinct covariances and the means, for least-squares estimators. With ordinal variables that of their
        moments, or its diagonal where it is diagonal.
    responses : ResponseMoments or None
        With ordinal variables; `cov` then holds correlations for them, and `mean` zeros.
    first_stage : FirstStage or None
        Where the moments are estimates from incomplete data that the model then takes as those of a complete sample.
    levels : LevelMoments or None
        Of a two-level model.
    cases : Cases or None
        The answers themselves, for models with products of latent variables.
    """

    n: float
    mean: NDArray[np.float64]
    cov: NDArray[np.float64]
    patterns: Patterns | None = None
    weight: NDArray[np.float64] | None = None
    responses: ResponseMoments | None = None
    first_stage: FirstStage | None = None
    levels: LevelMoments | None = None
    cases: Cases | None = None


def complete_moments(
    Y: NDArray[np.float64], unbiased: bool = False, weights: NDArray[np.float64] | None = None
) -> Moments:
    """Means and covariances of a complete data matrix.

    Parameters
    ----------
    Y : ndarray, shape (n, p)
    unbiased : bool
        Divide by n - 1 instead of n.
    weights : ndarray, shape (n,), optional
        Sampling weights of the cases.

    Examples
    --------
    >>> moments = complete_moments(np.array([[1.0, 2.0], [3.0, 2.0], [5.0, 5.0]]))
    >>> moments.mean
    array([3., 3.])
    >>> moments.cov
    array([[2.66666667, 2.        ],
           [2.        , 2.        ]])
    """
    n = len(Y)
    if weights is not None:
        mean = weights @ Y / weights.sum()
        centred = Y - mean
        cov = (centred * weights[:, None]).T @ centred / weights.sum() * (n / (n - unbiased))
        return Moments(float(weights.sum()), read_only(mean), read_only(cov))
    with np.errstate(over="ignore", invalid="ignore"):  # an overflow stays infinite; `check_moments` says so
        mean = Y.mean(axis=0)
        centred = Y - mean
        return Moments(float(n), read_only(mean), read_only(centred.T @ centred / (n - unbiased)))


def given_moments(
    cov: NDArray[np.float64], mean: NDArray[np.float64] | None, n: float, unbiased: bool = False
) -> Moments:
    """Moments from a published covariance matrix, which by custom is divided by n - 1.

    Parameters
    ----------
    cov : ndarray, shape (p, p)
    mean : ndarray, shape (p,), optional
        Zero when absent.
    n : float
    unbiased : bool
        Keep the divisor n - 1 instead of rescaling to n.
    """
    scale = 1.0 if unbiased else (n - 1.0) / n
    centre = np.zeros(len(cov)) if mean is None else np.asarray(mean, dtype=float)
    return Moments(float(n), read_only(centre), read_only(np.asarray(cov, dtype=float) * scale))


def incomplete_moments(Y: NDArray[np.float64], weights: NDArray[np.float64] | None = None) -> tuple[Moments, bool]:
    """Moments of greatest likelihood of a data matrix with missing values, and whether their search settled.

    Parameters
    ----------
    Y : ndarray, shape (n, p)
        Missing values are NaN.
    weights : ndarray, shape (n,), optional
    """
    patterns = patterns_of(Y, weights)
    mean, cov, settled = saturated_moments(patterns)
    n = float(len(Y) if weights is None else weights.sum())
    return Moments(n, read_only(mean), read_only(cov), patterns), settled


def two_stage_moments(Y: NDArray[np.float64], p: int) -> tuple[Moments, bool]:
    """Moments of greatest likelihood of the first p variables, the others helping, and whether their search settled.

    Parameters
    ----------
    Y : ndarray, shape (n, p + a)
        Missing values are NaN; a auxiliary variables stand last.
    p : int
    """
    patterns = patterns_of(Y)
    mean, cov, settled = saturated_moments(patterns)
    stage = first_stage(patterns, mean, cov)
    moments = Moments(float(len(Y)), read_only(mean[:p].copy()), read_only(cov[:p, :p].copy()), first_stage=stage)
    return moments, settled
