"""Correlations of two outcomes given their margins, case by case: with covariates, or with continuous outcomes.

The second of two steps (Muthén 1984): polychoric correlations where covariates move the limits of every case,
polyserial ones between an ordinal and a continuous outcome (Olsson, Drasgow and Dorans 1982), product-moment ones
between two continuous outcomes. Each comes with the scores from which its sampling covariance follows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from lvmodels.moments.bivariate import density, distribution
from lvmodels.moments.margins import Margin, normal_density
from lvmodels.moments.polychoric import MOST

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_SMALLEST = 1e-300


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """One correlation and the scores of single cases at it, each of shape (n,).

    Attributes
    ----------
    rho : float
    by_rho : ndarray
    first, second : tuple of two ndarrays
        By what belongs to each outcome: its lower and upper limit (ordinal), or its mean and variance (continuous).
    """

    rho: float
    by_rho: Vector
    first: tuple[Vector, Vector]
    second: tuple[Vector, Vector]


def polychoric_pair(x: Margin, y: Margin) -> Pair:
    """Two ordinal outcomes whose limits differ from case to case."""
    rho = _root(lambda r: _rectangle(x, y, r)[1])
    probability, by_rho = _rectangle(x, y, rho)
    sides = (_edges(x, y, rho, probability), _edges(y, x, rho, probability))
    return Pair(rho, by_rho, *sides)


def _rectangle(x: Margin, y: Margin, rho: float) -> tuple[Vector, Vector]:
    """Probability of each case's rectangle, and the derivative of its logarithm by rho."""
    h = np.stack([x.low, x.high, x.low, x.high])
    k = np.stack([y.low, y.low, y.high, y.high])
    sign = np.array([1.0, -1.0, -1.0, 1.0])
    probability = np.maximum(sign @ distribution(h, k, np.full(h.shape, rho)), 1e-12)
    return probability, np.asarray(sign @ density(h, k, np.full(h.shape, rho)) / probability)


def _edges(x: Margin, y: Margin, rho: float, probability: Vector) -> tuple[Vector, Vector]:
    """Derivatives of the log probability by the lower and the upper limit of x."""
    root = np.sqrt(1.0 - rho**2)

    def along(limit: Vector) -> Vector:
        finite = np.where(np.isfinite(limit), limit, 0.0)
        share = ndtr((y.high - rho * finite) / root) - ndtr((y.low - rho * finite) / root)
        return np.asarray(np.where(np.isfinite(limit), normal_density(finite) * share / probability, 0.0))

    return -along(x.low), along(x.high)


def polyserial_pair(x: Margin, y: Margin) -> Pair:
    """An ordinal outcome x and a continuous one y."""
    rho = _root(lambda r: _polyserial(x, y, r)[0])
    by_rho, by_low, by_high, pull = _polyserial(x, y, rho)
    z, variance = y.low, y.variance
    by_mean = (z + pull) / np.sqrt(variance)
    by_variance = (z * z - 1.0 + z * pull) / (2.0 * variance)
    return Pair(rho, by_rho, (by_low, by_high), (by_mean, by_variance))


def _polyserial(x: Margin, y: Margin, rho: float) -> tuple[Vector, Vector, Vector, Vector]:
    """Scores by rho, by both limits, and what the answer x pulls on z."""
    z, free = y.low, 1.0 - rho**2
    root = np.sqrt(free)
    u, v = (x.low - rho * z) / root, (x.high - rho * z) / root
    flip = u > 0
    probability = np.maximum(np.where(flip, ndtr(-u) - ndtr(-v), ndtr(v) - ndtr(u)), _SMALLEST)
    at_low, at_high = normal_density(u) / probability, normal_density(v) / probability

    def turn(limit: Vector, at: Vector) -> Vector:
        finite = np.where(np.isfinite(limit), limit, 0.0)
        return np.asarray(at * (rho * finite - z) / (free * root))

    by_rho = turn(x.high, at_high) - turn(x.low, at_low)
    return by_rho, -at_low / root, at_high / root, rho / root * (at_high - at_low)


def product_moment_pair(x: Margin, y: Margin) -> Pair:
    """Two continuous outcomes."""
    a, b = x.low, y.low
    rho = float(np.clip(a @ b / len(a), -MOST, MOST))
    free = 1.0 - rho**2
    by_rho = rho / free + (a * b * (1.0 + rho**2) - rho * (a * a + b * b)) / free**2

    def side(z: Vector, other: Vector, variance: float) -> tuple[Vector, Vector]:
        pull = (z - rho * other) / free
        return pull / np.sqrt(variance), (z * pull - 1.0) / (2.0 * variance)

    return Pair(rho, by_rho, side(a, b, x.variance), side(b, a, y.variance))


def _root(scores: Callable[[float], Vector]) -> float:
    """The correlation at which the scores sum to zero, kept between limits that close in on it."""
    rho, low, high = 0.0, -MOST, MOST
    for _ in range(100):
        s = scores(rho)
        total = float(s.sum())
        low, high = (rho, high) if total > 0 else (low, rho)
        following = rho + total / max(float(s @ s), _SMALLEST)
        if not low < following < high:
            following = (low + high) / 2.0
        if abs(following - rho) < 1e-9:
            break
        rho = following
    return float(np.clip(rho, -MOST, MOST))
