r"""The likelihood of cases in clusters, from the implied moments within and between clusters.

With Sigma_W within (zero for variables of level 2 alone), Sigma_B between (zero for variables of level 1 alone), mu the
sum of the means of both levels, S_W the pooled scatter within the J clusters, and m_s, S_s mean and scatter of the
means of the J_s clusters of n_s cases

.. math::

    N F = (N - J) (\log|\Sigma_W| + \operatorname{tr} \Sigma_W^{-1} S_W)
          + \sum_s J_s (\log|\Omega_s| + \operatorname{tr} \Omega_s^{-1} S^*_s + p_W \log n_s),
    \qquad \Omega_s = \Sigma_B + \Sigma_W / n_s

with S*_s = S_s + (m_s - mu)(m_s - mu)' (McDonald and Goldstein 1989; Muthén 1990).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.model.matrices import ModelMatrices
from lvmodels.moments.clustered import ClusterMoments

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class LevelTerms:
    """The terms of the likelihood: cases within clusters, then the means of clusters of each size.

    Attributes
    ----------
    W : ndarray, shape (T, p, p)
        Inverse covariance of each term; that within clusters is set into zeros.
    A : ndarray, shape (T, p, p)
        W S* W.
    d : ndarray, shape (T, p)
        W (m - mu); 0 within clusters.
    share : ndarray, shape (T,)
        Weight of each term, over N.
    factors : ndarray, shape (2, T)
        Of Sigma_W and of Sigma_B in the covariance of each term.
    """

    W: Matrix
    A: Matrix
    d: Matrix
    share: Vector
    factors: Matrix


def level_terms(
    moments: ClusterMoments, within: ModelMatrices, between: ModelMatrices
) -> tuple[LevelTerms, float, float]:
    """Evaluate all terms, and the parts of F from within clusters and from their means.

    Raises
    ------
    numpy.linalg.LinAlgError
        When the covariance of a term is not positive definite.
    """
    p, N, J = len(moments.within), moments.n_cases, moments.n_clusters
    own = np.flatnonzero(moments.within)
    Sigma_W, Sigma_B = within.V[:p, :p], between.V[:p, :p]
    mu = within.eta[:p] + between.eta[:p]
    Omega = Sigma_B + Sigma_W / moments.sizes[:, None, None]
    root_W = np.linalg.cholesky(Sigma_W[np.ix_(own, own)])
    roots = np.linalg.cholesky(Omega)
    W = np.zeros((len(moments.sizes) + 1, p, p))
    W[0][np.ix_(own, own)] = np.linalg.inv(Sigma_W[np.ix_(own, own)])
    W[1:] = np.linalg.inv(Omega)
    gap = np.zeros((len(W), p))
    gap[1:] = moments.mean - mu
    S = np.concatenate([moments.scatter[None], moments.cov + gap[1:, :, None] * gap[1:, None, :]])
    share = np.concatenate([[N - J], moments.counts]) / N
    factors = np.array([np.concatenate([[1.0], 1.0 / moments.sizes]), np.concatenate([[0.0], np.ones(len(W) - 1)])])
    terms = LevelTerms(W, W @ S @ W, (W @ gap[:, :, None])[:, :, 0], share, factors)
    inside = share[0] * (2.0 * np.log(np.diagonal(root_W)).sum() + np.vdot(S[0], W[0]))
    log_det = 2.0 * np.log(np.diagonal(roots, axis1=1, axis2=2)).sum(axis=1)
    distance = np.einsum("tij,tij->t", S[1:], W[1:])
    means = share[1:] @ (log_det + distance + len(own) * np.log(moments.sizes))
    return terms, float(inside), float(means)
