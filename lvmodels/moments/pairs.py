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

from lvmodels.moments.bivariate import density, rise
from lvmodels.moments.margins import Margin, normal_density
from lvmodels.moments.polychoric import MOST

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_SMALLEST = 1e-300
_LEAST_PROBABILITY = 1e-12
_CLOSE = 1e-9
_MAX_STEPS = 100
_SIGN = np.array([1.0, -1.0, -1.0, 1.0])  # of the corners (low, low), (high, low), (low, high), (high, high)


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
    """Two ordinal outcomes whose limits differ from case to case.

    The probability of a rectangle changes with rho at the rate of the density at its corners (Plackett 1954), so that
    each step of the search adds an integral over the step to what is known already.
    """
    h = np.stack([x.low, x.high, x.low, x.high])
    k = np.stack([y.low, y.low, y.high, y.high])
    probability = (ndtr(x.high) - ndtr(x.low)) * (ndtr(y.high) - ndtr(y.low))
    rho, low, high = 0.0, -MOST, MOST
    for _ in range(_MAX_STEPS):
        probability = np.maximum(probability, _LEAST_PROBABILITY)
        slope, bend = _corner_slopes(h, k, rho)
        by_rho = slope / probability
        total, square = float(by_rho.sum()), float(by_rho @ by_rho)
        observed = square - float((bend / probability).sum())
        low, high = (rho, high) if total > 0 else (low, rho)
        following = rho + total / max(observed if observed > 0.3 * square else square, _SMALLEST)
        if not low < following < high:
            following = (low + high) / 2.0
        if abs(following - rho) < _CLOSE:
            break
        probability = probability + _SIGN @ rise(h, k, rho, following)
        rho = following
    sides = (_edges(x, y, rho, probability), _edges(y, x, rho, probability))
    return Pair(rho, by_rho, *sides)


def _corner_slopes(h: Matrix, k: Matrix, rho: float) -> tuple[Vector, Vector]:
    """First and second derivatives by rho of the probabilities of rectangles."""
    edge, free = density(h, k, np.asarray(rho)), 1.0 - rho**2
    a, b = (np.where(np.isfinite(limits), limits, 0.0) for limits in (h, k))
    turn = edge * (rho * free + (1.0 + rho**2) * a * b - rho * (a * a + b * b)) / free**2
    return np.asarray(_SIGN @ edge), np.asarray(_SIGN @ turn)


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
    rho = _cubic_root(float(a @ b / len(a)), float(a @ a + b @ b) / len(a))
    free = 1.0 - rho**2
    by_rho = rho / free + (a * b * (1.0 + rho**2) - rho * (a * a + b * b)) / free**2

    def side(z: Vector, other: Vector, variance: float) -> tuple[Vector, Vector]:
        pull = (z - rho * other) / free
        return pull / np.sqrt(variance), (z * pull - 1.0) / (2.0 * variance)

    return Pair(rho, by_rho, side(a, b, x.variance), side(b, a, y.variance))


def _cubic_root(product: float, squares: float) -> float:
    """The correlation of greatest likelihood given mean product and squares: the mean product if the squares sum to 2.

    They do not where margins rest on more cases than the pair.
    """
    roots = np.roots([-1.0, product, 1.0 - squares, product])
    real = roots[np.abs(roots.imag) < 1e-8].real
    return float(np.clip(real[np.abs(real - product).argmin()], -MOST, MOST))


def _root(scores: Callable[[float], Vector]) -> float:
    """The correlation at which the scores sum to zero, kept between limits that close in on it."""
    rho, low, high = 0.0, -MOST, MOST
    for _ in range(_MAX_STEPS):
        s = scores(rho)
        total = float(s.sum())
        low, high = (rho, high) if total > 0 else (low, rho)
        following = rho + total / max(float(s @ s), _SMALLEST)
        if not low < following < high:
            following = (low + high) / 2.0
        if abs(following - rho) < _CLOSE:
            break
        rho = following
    return float(np.clip(rho, -MOST, MOST))
