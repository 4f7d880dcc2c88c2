"""How far a respondent lies from all others: Mahalanobis' distance over the items that were answered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

__all__ = ["Ellipsoid", "distance_pvalue", "mahalanobis", "make_ellipsoid"]

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
_SMALLEST = 1e-6
_BATCH = 1 << 21


@dataclass(frozen=True, slots=True, eq=False)
class Ellipsoid:
    """Where most respondents lie.

    Attributes
    ----------
    mean : ndarray, shape (p,)
    cov, precision : ndarray, shape (p, p)
        Covariance matrix and its inverse.
    smoothed : bool
        Whether the matrix had to be made positive definite.
    """

    mean: Vector
    cov: Matrix
    precision: Matrix
    smoothed: bool


def make_ellipsoid(mean: Vector, cov: Matrix) -> Ellipsoid:
    """Invert a covariance matrix that may come from pairwise moments.

    Such a matrix need not be positive definite: eigenvalues of the correlation matrix below a millionth of the largest
    are raised to that. Pairs of items that nobody answered both are taken as uncorrelated; an item without variance
    must not be among them.
    """
    sd = np.sqrt(np.diag(cov))
    R = np.where(np.isnan(cov), 0.0, cov) / np.outer(sd, sd)
    values, vectors = np.linalg.eigh((R + R.T) / 2)
    floor = _SMALLEST * values[-1]
    smoothed = bool(values[0] < floor)
    values = np.maximum(values, floor)
    R = (vectors * values) @ vectors.T
    inverse = (vectors / values) @ vectors.T
    return Ellipsoid(mean, R * np.outer(sd, sd), inverse / np.outer(sd, sd), smoothed)


def mahalanobis(Y: Matrix, ellipsoid: Ellipsoid) -> tuple[Vector, Vector]:
    """Squared distance of each respondent from the mean, over the items answered.

    With missing answers it is (y - mu)' Sigma^-1 (y - mu) with the parts of mu and Sigma that belong to the items
    answered, for each pattern its own.

    Parameters
    ----------
    Y : ndarray, shape (p, n)
        Answers, NaN where there is none.
    ellipsoid : Ellipsoid

    Returns
    -------
    squared : ndarray, shape (n,)
        NaN for who answered nothing.
    df : ndarray, shape (n,)
        Items answered.

    References
    ----------
    Mahalanobis, P. C. (1936). On the generalised distance in statistics. Proceedings of the National Institute of
    Sciences of India, 2(1), 49-55.

    Examples
    --------
    >>> plain = make_ellipsoid(np.zeros(2), np.array([[4.0, 0.0], [0.0, 1.0]]))
    >>> squared, df = mahalanobis(np.array([[2.0, 2.0], [3.0, np.nan]]), plain)
    >>> squared.round(9).tolist(), df.tolist()
    ([10.0, 1.0], [2.0, 1.0])
    """
    absent = np.isnan(Y)
    D = np.where(absent, 0.0, Y - ellipsoid.mean[:, None])
    V = ellipsoid.precision @ D
    squared = (D * V).sum(axis=0)
    gaps = absent.sum(axis=0)
    p = len(Y)
    for gap in np.unique(gaps[gaps > 0]).tolist():
        some = np.flatnonzero(gaps == gap)
        size = min(gap, p - gap)
        step = max(1, _BATCH // max(1, size * size))
        for start in range(0, len(some), step):
            rows = some[start : start + step]
            squared[rows] = _incomplete(D, V, absent, rows, int(gap), ellipsoid, squared[rows])
    return squared, (p - gaps).astype(np.float64)


def distance_pvalue(squared: Vector, df: Vector) -> Vector:
    """Chance of a distance at least as large, if answers were multivariate normal: chi-square with `df`."""
    found: Vector = np.where(df > 0, chdtrc(np.maximum(df, 1.0), np.maximum(squared, 0.0)), np.nan)
    return found


def _incomplete(
    D: Matrix,
    V: Matrix,
    absent: NDArray[np.bool_],
    rows: NDArray[np.intp],
    gap: int,
    ellipsoid: Ellipsoid,
    full: Vector,
) -> Vector:
    """Distances of respondents who lack the same number of answers.

    With P = Sigma^-1 and d = 0 where there is no answer, d'Pd - v' (P_mm)^-1 v, v = (Pd)_m, is the distance over the
    items answered: a small system for each respondent when few answers are missing. When most are, the system of the
    items answered is the smaller one.
    """
    p = len(D)
    if gap == p:
        return np.full(len(rows), np.nan)
    few = gap <= p - gap
    where = np.nonzero(absent[:, rows].T if few else ~absent[:, rows].T)[1].reshape(len(rows), -1)
    A = (ellipsoid.precision if few else ellipsoid.cov)[where[:, :, None], where[:, None, :]]
    b = (V if few else D)[where, rows[:, None]]
    part: Vector = (b * np.linalg.solve(A, b[:, :, None])[:, :, 0]).sum(axis=1)
    return full - part if few else part
