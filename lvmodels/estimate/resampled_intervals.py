"""Bootstrap intervals from draws, a column a quantity (Davison and Hinkley 1997, ch. 5; Efron 1987).

Quantiles are the (R + 1) alpha-th draws in order, interpolated on the scale of the normal distribution between two of
them (Davison and Hinkley 1997, eq. 5.8). Draws that are not numbers are left out, column by column.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Method = Literal["percentile", "bca", "normal", "basic"]
METHODS = ("percentile", "bca", "normal", "basic")


def ordered(draws: Matrix) -> Matrix:
    """Each column in ascending order, with what is not a number at the end."""
    return np.sort(np.where(np.isfinite(draws), draws, np.nan), axis=0)


def quantile(ascending: Matrix, probability: Vector) -> Vector:
    """One quantile of every column.

    Parameters
    ----------
    ascending : ndarray, shape (R, C)
        From `ordered`.
    probability : ndarray, shape (C,)

    Returns
    -------
    ndarray, shape (C,)
        The extreme draws where there are too few to tell; NaN for columns without draws.

    Examples
    --------
    >>> quantile(np.arange(1.0, 20.0)[:, None], np.array([0.25]))
    array([5.])
    """
    counts = np.isfinite(ascending).sum(axis=0)
    place = (counts + 1) * np.where(np.isfinite(probability), probability, 0.5)
    place = np.where(np.abs(place - np.round(place)) < 1e-9, np.round(place), place)
    low = np.clip(np.floor(place), 1, np.maximum(counts, 1)).astype(np.intp)
    high = np.clip(low + (place > low), 1, np.maximum(counts, 1)).astype(np.intp)
    at = np.arange(ascending.shape[1])
    lower, upper = ascending[low - 1, at], ascending[high - 1, at]
    with np.errstate(invalid="ignore", divide="ignore"):
        a, b, c = ndtri(low / (counts + 1)), ndtri(high / (counts + 1)), ndtri(place / (counts + 1))
        found = lower + np.where(high > low, (c - a) / np.where(high > low, b - a, 1.0), 0.0) * (upper - lower)
    return np.where(np.isfinite(probability) & (counts > 0), found, np.nan)


def standard_errors(draws: Matrix) -> Vector:
    """Root mean squared deviation of the draws from their mean (divided by R), column by column."""
    return np.asarray(np.sqrt(_mean((draws - _mean(draws)) ** 2)))


def bias(estimate: Vector, draws: Matrix) -> Vector:
    """Mean of the draws minus the estimate."""
    return _mean(draws) - estimate


def _mean(draws: Matrix) -> Vector:
    finite = np.isfinite(draws)
    count = finite.sum(axis=0)
    total = np.where(finite, draws, 0.0).sum(axis=0)
    return np.asarray(np.divide(total, count, out=np.full(draws.shape[1], np.nan), where=count > 0))


def interval(
    method: Method, estimate: Vector, draws: Matrix, level: float, acceleration: Vector | None = None
) -> tuple[Vector, Vector]:
    """Lower and upper limits of every column.

    Parameters
    ----------
    method : {"percentile", "bca", "normal", "basic"}
        Quantiles of the draws; quantiles corrected for bias and acceleration (Efron 1987); the estimate less the bias,
        plus and minus standard errors; the quantiles reflected at the estimate (Davison and Hinkley 1997, eq. 5.6).
    estimate : ndarray, shape (C,)
    draws : ndarray, shape (R, C)
    level : float
    acceleration : ndarray, shape (C,)
        For "bca".

    Returns
    -------
    ndarray, shape (C,)
    ndarray, shape (C,)
        Equal to the estimate where all draws are.

    Examples
    --------
    >>> draws = np.arange(1.0, 20.0)[:, None]
    >>> lower, upper = interval("percentile", np.array([9.0]), draws, 0.9)
    >>> float(lower[0]), float(upper[0])
    (1.0, 19.0)
    >>> lower, upper = interval("basic", np.array([9.0]), draws, 0.9)
    >>> float(lower[0]), float(upper[0])
    (-1.0, 17.0)
    """
    tail = (1.0 - level) / 2.0
    both = [np.full(len(estimate), tail), np.full(len(estimate), 1.0 - tail)]
    if method == "normal":
        centre, half = estimate - bias(estimate, draws), ndtri(1.0 - tail) * standard_errors(draws)
        lower, upper = centre - half, centre + half
    elif method == "basic":
        ascending = ordered(draws)
        lower, upper = (2.0 * estimate - quantile(ascending, p) for p in reversed(both))
    else:
        ascending = ordered(draws)
        if method == "bca":
            assert acceleration is not None
            both = [_corrected(ascending, estimate, p, acceleration) for p in both]
        lower, upper = (quantile(ascending, p) for p in both)
    still = _constant(draws, estimate)
    return np.where(still, estimate, lower), np.where(still, estimate, upper)


def _corrected(ascending: Matrix, estimate: Vector, probability: Vector, acceleration: Vector) -> Vector:
    """The probability at which Efron (1987, eq. 2.3) reads the quantile; NaN where no draw lies on one side."""
    counts = np.isfinite(ascending).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        z0 = ndtri((ascending < estimate).sum(axis=0) / counts)
        z = z0 + ndtri(probability)
        found = ndtr(z0 + z / (1.0 - acceleration * z))
    return np.where(np.isfinite(z0), found, np.nan)


def _constant(draws: Matrix, estimate: Vector) -> NDArray[np.bool_]:
    """Columns that do not vary: fixed parameters, and what follows from them alone."""
    scale = 1e-9 * (1.0 + np.abs(estimate))
    return np.asarray((np.abs(draws - estimate) <= scale).all(axis=0))


def acceleration_of(influence: Matrix) -> Vector:
    """A sixth of the skewness of the influence values, shape (C,).

    Efron (1987, eq. 7.3); with several strata Davison and Hinkley (1997, eq. 5.27), where it is the same sum.

    Parameters
    ----------
    influence : ndarray, shape (n, C)
        Derivative of every quantity by the weight of every case (or cluster); any common factor will do.

    Examples
    --------
    >>> acceleration_of(np.array([[-1.0], [-1.0], [2.0]])).round(4)
    array([0.068])
    """
    square, cube = (influence**2).sum(axis=0), (influence**3).sum(axis=0)
    return np.asarray(np.divide(cube, 6.0 * square**1.5, out=np.zeros(influence.shape[1]), where=square > 0.0))
