"""Is the analytic gradient the gradient? Central differences say so, for every replicated model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lvmodels.estimate.objective import evaluate, information

if TYPE_CHECKING:
    from lvmodels import Fit

AWAY = 0.2
"""Distance from the optimum, in standard errors given all other parameters; at the optimum the gradient is zero."""

STEP = 1e-3
"""Of the differences, in the same units: small against curvature, large against rounding."""


def gradient_error(fit: Fit) -> float:
    """Largest difference between the analytic gradient and central differences, relative to its largest element.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    float
        Each element is multiplied by the unit of its parameter, so that all have the same scale.
    """
    scale = 1 / np.sqrt(fit.nobs * np.diag(information(fit.objective, fit.solution)))
    theta = fit.solution.theta + AWAY * scale
    here = evaluate(fit.objective, theta)
    assert here is not None, "the implied covariance matrix is not positive definite a fifth of an error away"
    numeric = np.array([_difference(fit, theta, k, STEP * scale[k]) for k in range(len(theta))])
    error = np.abs(here.gradient - numeric) * scale
    return float(error.max() / np.abs(here.gradient * scale).max())


def _difference(fit: Fit, theta: np.ndarray, k: int, step: float) -> float:
    """A central difference of fourth order in one parameter."""
    values = {}
    for times in (-2, -1, 1, 2):
        moved = theta.copy()
        moved[k] += times * step
        there = evaluate(fit.objective, moved)
        assert there is not None, "the implied covariance matrix is not positive definite at a step of the differences"
        values[times] = there.F
    return float((8 * (values[1] - values[-1]) - (values[2] - values[-2])) / (12 * step))
