"""Each outcome by itself, given covariates: the first of two steps to the moments of ordinal and continuous answers.

Ordinal outcomes follow an ordered probit regression, continuous ones a linear regression (Muthén 1984, first stage).
Without covariates thresholds come from cumulative shares and means and variances from the sample.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from lvmodels.errors import CollinearVariablesError

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_SMALLEST = 1e-300
_ROOT_2_PI = float(np.sqrt(2.0 * np.pi))
_MAX_STEPS = 100


@dataclass(frozen=True, slots=True, eq=False)
class Margin:
    """One outcome.

    Attributes
    ----------
    location : ndarray
        Thresholds of an ordinal outcome, or the mean of a continuous one (shape (1,)), where covariates are zero.
    slopes : ndarray, shape (k,)
    variance : float
        Residual variance; 1 for ordinal outcomes.
    low, high : ndarray, shape (n,)
        Limits between which the answer of each case puts an ordinal outcome; both are the standardized residual of a
        continuous one.
    scores : ndarray, shape (n, m)
        Of the log-likelihood of each case by location, slopes and (continuous ones) variance.
    """

    location: Vector
    slopes: Vector
    variance: float
    low: Vector
    high: Vector
    scores: Matrix

    def of(self, cases: NDArray[np.bool_]) -> Margin:
        """The same outcome for some of the cases."""
        return replace(self, low=self.low[cases], high=self.high[cases], scores=self.scores[cases])

    def among(self, seen: NDArray[np.bool_]) -> Margin:
        """The outcome of the cases that are seen among all cases; the others say nothing."""
        if seen.all():
            return self
        n = len(seen)
        low, high, scores = np.zeros(n), np.zeros(n), np.zeros((n, self.scores.shape[1]))
        low[seen], high[seen], scores[seen] = self.low, self.high, self.scores
        return replace(self, low=low, high=high, scores=scores)

    @property
    def influence(self) -> Matrix:
        """What each case adds to the estimates, shape (n, m): inverse mean product of the scores times the scores."""
        return np.asarray(self.scores @ np.linalg.pinv(self.scores.T @ self.scores / len(self.scores), hermitian=True))


def normal_density(z: Vector) -> Vector:
    """Standard normal density; 0 at infinity."""
    return np.asarray(np.exp(-0.5 * z * z) / _ROOT_2_PI)


def continuous_margin(y: Vector, X: Matrix) -> Margin:
    """Linear regression of one outcome, with the residual variance divided by n.

    Parameters
    ----------
    y : ndarray, shape (n,)
    X : ndarray, shape (n, k)
        Covariates; none for k = 0.
    """
    design = np.column_stack([np.ones(len(y)), X])
    coefficients = np.asarray(np.linalg.lstsq(design, y, rcond=None)[0], dtype=np.float64)
    residual = y - design @ coefficients
    variance = float(residual @ residual / len(y))
    z = residual / np.sqrt(variance)
    by_variance = (z * z - 1.0) / (2.0 * variance)
    scores = np.column_stack([design * (z / np.sqrt(variance))[:, None], by_variance])
    return Margin(coefficients[:1], coefficients[1:], variance, z, z, scores)


def ordinal_margin(codes: NDArray[np.intp], n_categories: int, X: Matrix, name: str = "") -> Margin:
    """Ordered probit regression of one outcome by maximum likelihood.

    Parameters
    ----------
    codes : ndarray of int, shape (n,)
        Categories from 0; each occurs.
    X : ndarray, shape (n, k)
    name : str
        For the message.

    Raises
    ------
    CollinearVariablesError
        When covariates separate the categories, or are collinear, so that no estimate exists.
    """
    share = np.cumsum(np.bincount(codes, minlength=n_categories))[:-1] / len(codes)
    centre = X.mean(axis=0)
    size = np.where((spread := X.std(axis=0)) > 0, spread, 1.0)
    Z = (X - centre) / size
    theta = np.concatenate([ndtri(share), np.zeros(X.shape[1])])
    if X.shape[1]:
        theta = _probit(theta, codes, n_categories, Z, name)
    slopes = theta[n_categories - 1 :] / size
    thresholds = theta[: n_categories - 1] + slopes @ centre
    low, high = _limits(thresholds, codes, X @ slopes)
    return Margin(thresholds, slopes, 1.0, low, high, _scores(low, high, codes, n_categories, X)[0])


def _limits(thresholds: Vector, codes: NDArray[np.intp], predicted: Vector) -> tuple[Vector, Vector]:
    edges = np.concatenate([[-np.inf], thresholds, [np.inf]])
    return edges[codes] - predicted, edges[codes + 1] - predicted


def _scores(low: Vector, high: Vector, codes: NDArray[np.intp], n_categories: int, X: Matrix) -> tuple[Matrix, Vector]:
    """Scores by thresholds and slopes, shape (n, C - 1 + k), and the probability of each answer."""
    # in the tail where both limits are far to the right, differences of upper tails lose no digits
    flip = low > 0
    probability = np.where(flip, ndtr(-low) - ndtr(-high), ndtr(high) - ndtr(low))
    probability = np.maximum(probability, _SMALLEST)
    by_high, by_low = normal_density(high) / probability, -normal_density(low) / probability
    cases = np.arange(len(codes))
    by_edge = np.zeros((len(codes), n_categories + 1))
    by_edge[cases, codes + 1] = by_high
    by_edge[cases, codes] = by_low
    scores = np.concatenate([by_edge[:, 1:-1], -X * (by_high + by_low)[:, None]], axis=1)
    return scores, probability


def _probit(theta: Vector, codes: NDArray[np.intp], n_categories: int, Z: Matrix, name: str) -> Vector:
    """Newton steps with the mean product of scores as information, halved until the likelihood rises."""

    def at(point: Vector) -> tuple[Matrix, float]:
        thresholds = point[: n_categories - 1]
        if (np.diff(thresholds) <= 0).any():
            return np.zeros((0, 0)), -np.inf
        low, high = _limits(thresholds, codes, Z @ point[n_categories - 1 :])
        scores, probability = _scores(low, high, codes, n_categories, Z)
        return scores, float(np.log(probability).sum())

    scores, value = at(theta)
    for _ in range(_MAX_STEPS):
        total, products = scores.sum(axis=0), scores.T @ scores
        if np.linalg.cond(products) > 1e12 or np.abs(theta).max() > 50.0:
            break
        step = np.linalg.solve(products, total)
        if float(step @ total) < 1e-16 * len(codes):
            return theta
        length = 1.0
        while length > 1e-8:
            further, there = at(theta + length * step)
            if there >= value - 1e-12 * abs(value):
                break
            length /= 2.0
        theta, scores, value = theta + length * step, further, there
    raise CollinearVariablesError(
        f"the regression of '{name}' on the covariates has no estimate: they separate its categories perfectly, or are "
        "copies of one another. Leave one out, or join sparse categories."
    )
