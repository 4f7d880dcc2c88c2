"""The bivariate normal distribution for whole arrays of limits and correlations."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Array = NDArray[np.float64]
_HIGH = 0.92
_EASY = 0.75
_RULES = {limit: np.polynomial.legendre.leggauss(nodes) for limit, nodes in ((0.3, 8), (_EASY, 14), (_HIGH, 24))}
_FINE = np.polynomial.legendre.leggauss(96)
_LARGE = 37.0  # beyond this many standard deviations a double holds no probability


def density(h: Array, k: Array, rho: Array) -> Array:
    """Density of the standard bivariate normal at (h, k); 0 at infinite limits."""
    h, k, rho = np.broadcast_arrays(np.asarray(h, float), np.asarray(k, float), np.asarray(rho, float))
    free = 1.0 - rho**2
    a, b = np.clip(h, -_LARGE, _LARGE), np.clip(k, -_LARGE, _LARGE)
    found = np.exp(-(a * a - 2.0 * rho * a * b + b * b) / (2.0 * free)) / (2.0 * np.pi * np.sqrt(free))
    return np.asarray(np.where(np.isfinite(h) & np.isfinite(k), found, 0.0))


def distribution(h: Array, k: Array, rho: Array) -> Array:
    """P(X <= h, Y <= k) of the standard bivariate normal.

    The probability changes with rho at the rate of the density (Plackett 1954); in rho = sin(theta) that rate is
    smooth, so that Gauss-Legendre quadrature from rho = 0 is accurate for moderate correlations, and from the limits
    rho = 1 and -1 for high ones.

    Parameters
    ----------
    h, k, rho : ndarray
        Broadcast against one another; limits may be infinite, -1 < rho < 1.

    Examples
    --------
    >>> float(distribution(np.array(0.0), np.array(0.0), np.array(0.5)).round(12))  # 1/4 + asin(1/2) / (2 pi)
    0.333333333333
    """
    h, k, rho = np.broadcast_arrays(np.asarray(h, float), np.asarray(k, float), np.asarray(rho, float))
    shape, rho = h.shape, rho.ravel()
    a, b = np.clip(h.ravel(), -_LARGE, _LARGE), np.clip(k.ravel(), -_LARGE, _LARGE)
    found = ndtr(a) * ndtr(b)
    size, below = np.abs(rho), 0.0
    for limit, rule in _RULES.items():
        some = (size >= below) & (size < limit)
        if some.any():
            found[some] += _integral(a[some], b[some], np.zeros(()), np.arcsin(rho[some]), rule)
        below = limit
    high = size >= _HIGH
    if high.any():
        A, B, R = a[high], b[high], rho[high]
        together = ndtr(np.minimum(A, B))
        opposite = np.maximum(ndtr(A) - ndtr(-B), 0.0)
        rest = _integral(A, B, np.arcsin(R), np.sign(R) * np.pi / 2.0, _FINE)
        found[high] = np.where(R > 0, together, opposite) - rest
    return np.asarray(np.clip(found, 0.0, 1.0).reshape(shape))


def rise(h: Array, k: Array, start: float, end: float) -> Array:
    """P(X <= h, Y <= k) at the correlation `end` less that at `start`; for all limits the same correlations.

    Examples
    --------
    >>> zero = np.zeros(1)
    >>> float((distribution(zero, zero, np.array(0.2)) + rise(zero, zero, 0.2, 0.5))[0].round(12))
    0.333333333333
    """
    most, step = max(abs(start), abs(end)), abs(np.arcsin(end) - np.arcsin(start))
    if most > _HIGH or step > np.arcsin(_HIGH):
        return np.asarray(distribution(h, k, np.asarray(end)) - distribution(h, k, np.asarray(start)))
    rule = next(rule for limit, rule in _RULES.items() if step <= np.arcsin(limit) and (most <= _EASY or limit > 0.3))
    a, b = np.clip(h, -_LARGE, _LARGE), np.clip(k, -_LARGE, _LARGE)
    return _integral(a, b, np.asarray(np.arcsin(start)), np.asarray(np.arcsin(end)), rule)


def _integral(h: Array, k: Array, low: Array, high: Array, rule: tuple[Array, Array]) -> Array:
    """Integral of the density over rho = sin(theta), theta from `low` to `high`."""
    nodes, weights = rule
    half, middle = (high - low) / 2.0, (high + low) / 2.0
    sine = np.sin(middle[..., None] + half[..., None] * nodes)
    inverse = 0.5 / np.maximum(1.0 - sine * sine, 1e-24)
    squares, product = (h * h + k * k)[..., None], (2.0 * h * k)[..., None]
    values = np.exp((product * sine - squares) * inverse)
    return np.asarray(half * (values @ weights) / (2.0 * np.pi))
