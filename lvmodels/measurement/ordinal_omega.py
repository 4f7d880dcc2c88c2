"""Reliability of the sum of ordinal answers (Green and Yang 2009).

An answer counts the thresholds tau of a normal response that lie below it, so the covariance of two answers is a sum
over pairs of thresholds of Phi2(tau, tau', rho) - Phi(tau) Phi(tau'). With rho the correlation that the construct
explains this is the true part of the covariance, with rho the correlation of the responses all of it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from lvmodels.moments.bivariate import distribution

__all__ = ["answer_covariance", "ordinal_omega"]

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]


def ordinal_omega(thresholds: Sequence[Vector], loadings: Vector, R: Matrix) -> float:
    """Share of the variance of the sum of answers that the construct explains.

    Parameters
    ----------
    thresholds : sequence of ndarray, length k
        By item, in standard deviations of its response.
    loadings : ndarray, shape (k,)
        Standardized.
    R : ndarray, shape (k, k)
        Correlations of the responses.

    References
    ----------
    Green, S. B., & Yang, Y. (2009). Reliability of summed item scores using structural equation modeling: an
    alternative to coefficient alpha. Psychometrika, 74(1), 155-167.

    Examples
    --------
    >>> round(ordinal_omega([np.zeros(1)] * 3, np.full(3, 0.8), np.where(np.eye(3) > 0, 1.0, 0.64)), 3)
    0.704
    """
    true = total = 0.0
    for i, first in enumerate(thresholds):
        for j, second in enumerate(thresholds[: i + 1]):
            twice = 1.0 if i == j else 2.0
            true += twice * answer_covariance(first, second, float(loadings[i] * loadings[j]))
            total += twice * (_answer_variance(first) if i == j else answer_covariance(first, second, float(R[i, j])))
    return true / total


def answer_covariance(first: Vector, second: Vector, rho: float) -> float:
    """Covariance of two answers whose responses correlate by rho, -1 < rho < 1."""
    a, b = first[:, None], second[None, :]
    return float((distribution(a, b, np.asarray(rho)) - ndtr(a) * ndtr(b)).sum())


def _answer_variance(thresholds: Vector) -> float:
    below = ndtr(thresholds)
    return float((np.minimum(below[:, None], below[None, :]) - np.outer(below, below)).sum())
