"""The bivariate normal distribution for whole arrays of limits and correlations."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Array = NDArray[np.float64]
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)
_FINE_NODES, _FINE_WEIGHTS = np.polynomial.legendre.leggauss(96)
_HIGH = 0.92
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
    a, b = np.clip(h, -_LARGE, _LARGE), np.clip(k, -_LARGE, _LARGE)
    high = np.abs(rho) > _HIGH
    found = ndtr(a) * ndtr(b) + _integral(a, b, np.zeros_like(rho), np.arcsin(rho), _NODES, _WEIGHTS)
    if high.any():
        A, B, R = a[high], b[high], rho[high]
        together = ndtr(np.minimum(A, B))
        opposite = np.maximum(ndtr(A) - ndtr(-B), 0.0)
        edge = np.sign(R) * np.pi / 2.0
        rest = _integral(A, B, np.arcsin(R), edge, _FINE_NODES, _FINE_WEIGHTS)
        found = np.array(found)
        found[high] = np.where(R > 0, together, opposite) - rest
    return np.asarray(np.clip(found, 0.0, 1.0))


def _integral(h: Array, k: Array, low: Array, high: Array, nodes: Array, weights: Array) -> Array:
    """Integral of the density over rho = sin(theta), theta from `low` to `high`."""
    half, middle = (high - low) / 2.0, (high + low) / 2.0
    theta = middle[..., None] + half[..., None] * nodes
    sine, cosine = np.sin(theta), np.maximum(np.cos(theta), 1e-12)
    H, K = h[..., None], k[..., None]
    values = np.exp(-(H * H + K * K - 2.0 * H * K * sine) / (2.0 * cosine**2))
    return np.asarray(half * (values @ weights) / (2.0 * np.pi))
