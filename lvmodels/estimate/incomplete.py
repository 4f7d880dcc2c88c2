"""The likelihood of incomplete data: a complete-data problem for every pattern of missing values.

With W_k the inverse of the observed block of Sigma, N_k = W_k S*_k W_k and d_k = W_k (m_k - mu), each set into p × p zeros,
gradient and second derivatives of the moments need only their weighted sums; the rest of both information matrices is
Delta' V Delta, where V is found for all patterns at once from products of the vectors vec W_k and vec N_k.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.moments.missing import Patterns, inverse_of_observed

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PatternState:
    """What the patterns of one group contribute at one point.

    Attributes
    ----------
    discrepancy : float
        Mean of log|Sigma_k| + tr(W_k S*_k), without constant.
    share : ndarray, shape (K,)
    W, N : ndarray, shape (K, p, p)
    d : ndarray, shape (K, p)
    """

    discrepancy: float
    share: Vector
    W: Matrix
    N: Matrix
    d: Matrix


def pattern_state(patterns: Patterns, Sigma: Matrix, mu: Vector) -> PatternState:
    """Evaluate all patterns.

    Raises
    ------
    numpy.linalg.LinAlgError
        When an observed block of Sigma is not positive definite.
    """
    W, log_det = inverse_of_observed(Sigma, patterns.observed)
    gap = (patterns.mean - mu) * patterns.observed
    S = patterns.cov + gap[:, :, None] * gap[:, None, :]
    WS = W @ S
    fit = log_det + np.trace(WS, axis1=1, axis2=2)
    d = (W @ gap[:, :, None])[:, :, 0]
    return PatternState(float(patterns.share @ fit), patterns.share, W, WS @ W, d)


def moment_information(state: PatternState, observed: bool) -> Matrix:
    """Information of one case about the distinct covariances, then the means, shape (p (p + 3) / 2,) twice.

    Half the Hessian of the discrepancy (observed), or its expectation over complete draws of each pattern.
    """
    K, p, _ = state.W.shape
    W = state.W.reshape(K, p * p)
    M = 2.0 * state.N - state.W if observed else state.W
    T = (state.share[:, None] * M.reshape(K, p * p)).T @ W
    T = (T + T.T) / 2.0
    i, j = np.tril_indices(p)
    a, b = i[:, None], j[:, None]
    factor = np.where(i == j, 0.5, 1.0)
    found = np.zeros((len(i) + p, len(i) + p))
    covariance = T[a * p + i, b * p + j] + T[a * p + j, b * p + i]
    found[: len(i), : len(i)] = factor[:, None] * factor * covariance
    found[len(i) :, len(i) :] = np.tensordot(state.share, state.W, 1)
    if observed:
        X = ((state.share[:, None] * state.d).T @ W).reshape(p, p, p)
        cross = factor[:, None] * (X[i, j] + X[j, i])
        found[: len(i), len(i) :], found[len(i) :, : len(i)] = cross, cross.T
    return found
