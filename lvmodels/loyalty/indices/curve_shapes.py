"""Shapes of the curve from satisfaction to loyalty, each fitted by least squares."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Shape = Literal["linear", "exponential", "power", "logistic"]


@dataclass(frozen=True, slots=True)
class ShapeRule:
    """One shape.

    Attributes
    ----------
    names : tuple of str
        Of the parameters.
    value : callable
        Loyalty at satisfaction x, for the parameters.
    start : callable
        Parameters to start from, for x and y.
    """

    names: tuple[str, ...]
    value: Callable[..., Vector]
    start: Callable[[Vector, Vector], Vector]


def _linear(x: Vector, a: float, b: float) -> Vector:
    return a + b * x


def _exponential(x: Vector, a: float, b: float) -> Vector:
    return a * np.exp(b * x)


def _power(x: Vector, a: float, b: float) -> Vector:
    return np.asarray(a * x**b)


def _logistic(x: Vector, floor: float, ceiling: float, slope: float, midpoint: float) -> Vector:
    return floor + (ceiling - floor) / (1.0 + np.exp(-np.clip(slope * (x - midpoint), -500.0, 500.0)))


def _straight(x: Vector, y: Vector) -> Vector:
    slope, intercept = np.polyfit(x, y, 1)
    return np.array([intercept, slope])


def _logs(x: Vector, y: Vector) -> Vector:
    """Through the logarithms of y, or through the means where some are not positive."""
    positive = y > 0
    if positive.sum() < 3 or np.ptp(x[positive]) == 0:
        return np.array([float(np.mean(y)), 0.0])
    slope, intercept = np.polyfit(x[positive], np.log(y[positive]), 1)
    return np.array([np.exp(intercept), slope])


def _steps(x: Vector, y: Vector) -> Vector:
    sign = 1.0 if _straight(x, y)[1] >= 0 else -1.0
    return np.array([np.min(y), np.max(y), sign * 4.0 / max(float(np.std(x)) * 2.0, 1e-9), float(np.median(x))])


SHAPES: dict[Shape, ShapeRule] = {
    "linear": ShapeRule(("intercept", "slope"), _linear, _straight),
    "exponential": ShapeRule(("scale", "rate"), _exponential, _logs),
    "power": ShapeRule(("scale", "exponent"), _power, lambda x, y: _logs(np.log(x), y)),
    "logistic": ShapeRule(("floor", "ceiling", "slope", "midpoint"), _logistic, _steps),
}
"""By name."""


@dataclass(frozen=True, slots=True, eq=False)
class FittedShape:
    """A shape fitted to points.

    Attributes
    ----------
    shape : str
    params, se : ndarray, shape (k,)
        Standard errors are NaN where the data do not determine a parameter.
    rss : float
    why_not : str
        Why there is no fit; empty when there is one.
    """

    shape: Shape
    params: Vector
    se: Vector
    rss: float
    why_not: str = ""


def fit_shape(shape: Shape, x: Vector, y: Vector) -> FittedShape:
    """Least squares from a start through the data."""
    from scipy.optimize import OptimizeWarning, curve_fit

    rule = SHAPES[shape]
    k = len(rule.names)
    nothing = np.full(k, np.nan)
    if shape == "power" and x.min() <= 0:
        return FittedShape(shape, nothing, nothing, np.nan, "satisfaction must be above 0")
    if len(np.unique(x)) < k or len(x) <= k + 1:
        return FittedShape(shape, nothing, nothing, np.nan, "too few different values of satisfaction")
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore", OptimizeWarning)
            params, covariance = curve_fit(rule.value, x, y, p0=rule.start(x, y), maxfev=20_000)
    except (RuntimeError, ValueError):
        return FittedShape(shape, nothing, nothing, np.nan, "no minimum was found")
    with np.errstate(invalid="ignore"):
        se = np.sqrt(np.diag(covariance))
    rss = float(((y - rule.value(x, *params)) ** 2).sum())
    return FittedShape(shape, params, np.where(np.isfinite(se), se, np.nan), rss)
