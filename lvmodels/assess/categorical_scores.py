"""Factor scores from ordinal answers: the most likely latent values of a case given all it answered.

The mode of the posterior distribution (empirical Bayes): a normal prior, the distribution of the latent variables in
the model given the covariates, times the probability of every answer. It is log-concave, so Newton's method finds it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from lvmodels.errors import NotEstimableError
from lvmodels.fit.record import Fit

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_MAX_STEPS = 200
_LONGEST = 2.0  # standard deviations a step may take
_LEAST_RESIDUAL = 1e-8  # of the variance: an item without residual variance


@dataclass(frozen=True, slots=True, eq=False)
class _Items:
    """What items say about the latent variables, in units of their residual standard deviations.

    Attributes
    ----------
    low, high : ndarray, shape (n, p)
        Limits of the latent responses; both the value itself for continuous items.
    ordinal : ndarray of bool, shape (p,)
    loadings : ndarray, shape (p, m)
    """

    low: Matrix
    high: Matrix
    ordinal: NDArray[np.bool_]
    loadings: Matrix


def empirical_bayes(fit: Fit, g: int) -> Matrix:
    """Scores of the cases of a group, shape (n, m).

    Raises
    ------
    NotEstimableError
        When observed outcomes predict one another, so that answers are not independent given the latent variables.
    """
    template, state = fit.objective.template, fit.solution.states[g].responses
    layout, data, categories = template.responses, fit.prepared.data, fit.prepared.categories
    assert state is not None
    assert layout is not None
    assert data is not None
    assert categories is not None
    p, n_observed, given = layout.p, template.n_observed, state.given
    if given.Beta[:p, :p].any():
        raise NotEstimableError(
            "scores from ordinal answers need outcomes that are independent given the latent variables, but some of "
            "them predict others; leave these paths out."
        )
    codes = categories.codes(data.Y[data.groups == g], data.names)
    X = codes[:, p:n_observed]
    x = slice(p, n_observed)
    residual = np.diagonal(given.Psi)[:p]
    size = np.sqrt(np.maximum(residual, _LEAST_RESIDUAL * np.diagonal(given.V)[:p]))
    centre = given.alpha[:p] + X @ given.Beta[:p, x].T
    low, high = _limits(codes[:, :p], layout.categories, state.thresholds)
    items = _Items(
        (low - centre) / size,
        (high - centre) / size,
        np.array(layout.categories) > 0,
        given.Beta[:p, n_observed:] / size[:, None],
    )
    prior_mean = given.eta[n_observed:] + X @ given.Tau[n_observed:, x].T
    values, vectors = np.linalg.eigh(given.V[n_observed:, n_observed:])
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    return np.asarray(prior_mean + _mode(items, prior_mean, root) @ root.T)


def _limits(codes: Matrix, categories: tuple[int, ...], thresholds: Vector) -> tuple[Matrix, Matrix]:
    low, high = codes.copy(), codes.copy()  # missing answers stay NaN
    start = 0
    for j, count in enumerate(categories):
        if count:
            edges = np.concatenate([[-np.inf], thresholds[start : start + count - 1], [np.inf]])
            answered = ~np.isnan(codes[:, j])
            category = codes[answered, j].astype(np.intp)
            low[answered, j], high[answered, j] = edges[category], edges[category + 1]
            start += count - 1
    return low, high


def _mode(items: _Items, prior_mean: Matrix, root: Matrix) -> Matrix:
    """The posterior mode in independent standard normal coordinates, shape (n, m)."""
    loadings = items.loadings @ root
    start = prior_mean @ items.loadings.T
    u = np.zeros((len(prior_mean), root.shape[1]))
    for _ in range(_MAX_STEPS):
        slope, bend = _derivatives(items, start + u @ loadings.T)
        gradient = slope @ loadings - u
        Hessian = np.einsum("ni,ia,ib->nab", bend, loadings, loadings, optimize=True) + np.eye(root.shape[1])
        step = np.linalg.solve(Hessian, gradient[:, :, None])[:, :, 0]
        longest = np.abs(step).max(axis=1, keepdims=True)
        u = u + step * np.minimum(1.0, _LONGEST / np.maximum(longest, 1e-300))
        if longest.max(initial=0.0) < 1e-10:
            break
    return u


def _derivatives(items: _Items, mean: Matrix) -> tuple[Matrix, Matrix]:
    """First and negative second derivatives of the log probability of each answer by its mean."""
    a, b = items.low - mean, items.high - mean
    flip = a > 0  # the same interval on the other side, where tails keep their digits
    left, right = np.where(flip, -b, a), np.where(flip, -a, b)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        log_right = log_ndtr(right)
        log_mass = log_right + np.log1p(-np.exp(np.minimum(log_ndtr(left) - log_right, -1e-300)))
        at_left, at_right = _density_ratio(left, log_mass), _density_ratio(right, log_mass)
        slope = at_left - at_right  # of ordinal items; for others what stands here is not used
        bend = slope**2 + _times(right, at_right) - _times(left, at_left)
        slope = np.where(flip, -slope, slope)
    answered = ~np.isnan(a)
    return np.where(answered, np.where(items.ordinal, slope, a), 0.0), np.where(
        answered, np.where(items.ordinal, bend, 1.0), 0.0
    )


def _density_ratio(z: Matrix, log_mass: Matrix) -> Matrix:
    return np.asarray(np.exp(-0.5 * z * z - 0.5 * np.log(2.0 * np.pi) - log_mass))


def _times(z: Matrix, density: Matrix) -> Matrix:
    return np.asarray(np.where(np.isfinite(z), z, 0.0) * density)
