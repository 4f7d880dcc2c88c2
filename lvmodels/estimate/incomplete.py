"""The likelihood of incomplete data: a complete-data problem for every pattern of missing values.

With W_k the inverse of the observed block of Sigma, N_k = W_k S*_k W_k and d_k = W_k (m_k - mu), each set into p × p
zeros, gradient and second derivatives of the moments need only their weighted sums; the rest of both information
matrices is Delta' V Delta, where V is found for all patterns at once from products of elements of W_k and N_k.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import lower_triangle
from lvmodels.moments.missing import Patterns, inverse_of_observed, weighted_deviations

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PatternState:
    """What the patterns of one group contribute at one point.

    Attributes
    ----------
    patterns : Patterns
    discrepancy : float
        Mean of log|Sigma_k| + tr(W_k S*_k), without constant.
    W : ndarray, shape (K, p, p)
    d : ndarray, shape (K, p)
    V : ndarray, shape (R, p)
        W_k times the rows of the covariances.
    W_sum, N_sum : ndarray, shape (p, p)
    d_sum : ndarray, shape (p,)
        Weighted sums over the patterns.
    """

    patterns: Patterns
    discrepancy: float
    W: Matrix
    d: Matrix
    V: Matrix
    W_sum: Matrix
    N_sum: Matrix
    d_sum: Vector


def pattern_state(patterns: Patterns, Sigma: Matrix, mu: Vector) -> PatternState:
    """Evaluate all patterns.

    Raises
    ------
    numpy.linalg.LinAlgError
        When Sigma is not positive definite.
    """
    W, log_det = inverse_of_observed(Sigma, patterns)
    d, V = weighted_deviations(patterns, W, mu)
    share = patterns.share
    weighted_d = share[:, None] * d
    distance = np.vdot(V, patterns.rows) + np.vdot(weighted_d, (patterns.mean - mu) * patterns.observed)
    return PatternState(
        patterns=patterns,
        discrepancy=float(share @ log_det + distance),
        W=W,
        d=d,
        V=V,
        W_sum=np.tensordot(share, W, 1),
        N_sum=V.T @ V + weighted_d.T @ d,
        d_sum=share @ d,
    )


def moment_information(state: PatternState, observed: bool) -> Matrix:
    """Information of one case about the distinct covariances, then the means, shape (p (p + 3) / 2,) twice.

    Half the Hessian of the discrepancy (observed), or its expectation over complete draws of each pattern.
    """
    patterns, p = state.patterns, state.W.shape[1]
    i, j = lower_triangle(p)
    W, share = state.W[:, i, j], patterns.share
    T = (share[:, None] * W).T @ W
    if observed:
        # 2 N_k - W_k in place of one W_k, with N_k as sums of products of rows
        rows = state.V[:, i] * state.V[:, j]
        means = share[:, None] * state.d[:, i] * state.d[:, j]
        T = 2.0 * (rows.T @ W[patterns.pattern_of_row] + means.T @ W) - T
        T = (T + T.T) / 2.0
    distinct = np.empty((p, p), dtype=np.intp)
    distinct[i, j] = distinct[j, i] = np.arange(len(i))
    a, b = i[:, None], j[:, None]
    factor = np.where(i == j, 0.5, 1.0)
    found = np.zeros((len(i) + p, len(i) + p))
    covariance = T[distinct[a, i], distinct[b, j]] + T[distinct[a, j], distinct[b, i]]
    found[: len(i), : len(i)] = factor[:, None] * factor * covariance
    found[len(i) :, len(i) :] = state.W_sum
    if observed:
        X = ((share[:, None] * state.d).T @ state.W.reshape(len(share), p * p)).reshape(p, p, p)
        cross = factor[:, None] * (X[i, j] + X[j, i])
        found[: len(i), len(i) :], found[len(i) :, : len(i)] = cross, cross.T
    return found
