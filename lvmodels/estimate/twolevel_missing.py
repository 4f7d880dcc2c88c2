r"""The likelihood of incomplete cases in clusters.

Given the variables z of level 2 alone that a cluster has answered, the variables b of both levels are normal with mean
beta z and covariance B. With W_i the inverse of the part of Sigma_W that case i answers, set into zeros,

    A = sum W_i,  a = sum W_i (v_i - mu - beta z),  K = (I + A B)^-1 A,  q = (I + A B)^-1 a,

the cluster contributes, up to constants,

.. math::

    -2 l = \sum_i (\log|\Sigma_i| + r_i' W_i r_i) + \log|I + A B| - a' B q + \log|\Sigma_z| + z' \Sigma_z^{-1} z

(r_i = v_i - mu - beta z; the matrix determinant lemma and Woodbury's identity; nothing needs the inverse of B, which
may be singular). K and q, completed for z, are the derivatives by Sigma_B and mu; u_i = W_i (r_i - B q) and the parts
W_i - W_i C W_i, C = B (I + A B)^-1, those by Sigma_W.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.model.matrices import ModelMatrices
from lvmodels.moments.clustered_missing import IncompleteClusters

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ClusterState:
    """What incomplete clusters contribute at one point.

    Attributes
    ----------
    F : float
        Sum of -2 l over the clusters, without constant.
    W : ndarray, shape (K, p, p)
        Inverse of the part of Sigma_W that each pattern answers.
    C : ndarray, shape (J, p, p)
        Covariance of b given all answers of the cluster.
    b : ndarray, shape (J, p)
        Mean of b, and of missing z, given all answers, as deviations from mu.
    u : ndarray, shape (n, p)
    K : ndarray, shape (J, p, p)
    q : ndarray, shape (J, p)
    """

    F: float
    W: Matrix
    C: Matrix
    b: Matrix
    u: Matrix
    K: Matrix
    q: Matrix

    def within(self, clusters: IncompleteClusters) -> Matrix:
        """Sum over the cases of W_i - W_i C W_i - u u': half of it is the derivative of -l by Sigma_W."""
        by_pattern = np.einsum("jk,jpq->kpq", clusters.counts, self.C)
        total = np.tensordot(clusters.counts.sum(axis=0), self.W, 1) - (self.W @ by_pattern @ self.W).sum(axis=0)
        return np.asarray(total - self.u.T @ self.u)


def cluster_state(clusters: IncompleteClusters, within: ModelMatrices, between: ModelMatrices) -> ClusterState:
    """Evaluate all clusters.

    Raises
    ------
    numpy.linalg.LinAlgError
        When a covariance is not positive definite.
    """
    p = clusters.Y.shape[1]
    Sigma_W, Sigma_B = within.V[:p, :p], between.V[:p, :p]
    mu = within.eta[:p] + between.eta[:p]
    W, log_det = _inverses(Sigma_W, clusters.observed)
    beta, B, Sz, z_log_det = _given_z(Sigma_B, clusters.z_observed)
    kind = clusters.z_member
    z = (clusters.z - mu) * clusters.z_observed[kind]
    shift = np.einsum("jpq,jq->jp", beta[kind], z)
    r = (clusters.Y - mu - shift[clusters.cluster]) * clusters.observed[clusters.member]
    Wr = _by_pattern(r, W, clusters.member)
    A = np.tensordot(clusters.counts, W, 1)
    a = np.add.reduceat(Wr, clusters.first, axis=0)
    inner = np.eye(p) + A @ B[kind]
    sign, inner_log_det = np.linalg.slogdet(inner)
    if not (sign > 0).all():
        raise np.linalg.LinAlgError("the covariance of a cluster is not positive definite")
    solved = np.linalg.inv(inner)
    K, q = solved @ A, np.einsum("jpq,jq->jp", solved, a)
    Bq = np.einsum("jpq,jq->jp", B[kind], q)
    _check_definite(A, B[kind], K)
    Szz = np.einsum("jpq,jq->jp", Sz[kind], z)
    F = log_det @ clusters.counts.sum(axis=0) + np.vdot(Wr, r) + inner_log_det.sum() - np.vdot(a, Bq)
    F += z_log_det[kind].sum() + np.vdot(z, Szz)
    u = Wr - _by_pattern(Bq[clusters.cluster], W, clusters.member)
    full_K, full_q = _completed(K, q, beta[kind], Sz[kind], Szz)
    return ClusterState(float(F), W, B[kind] @ solved, shift + Bq, u, full_K, full_q)


def _check_definite(A: Matrix, B: Matrix, K: Matrix) -> None:
    """Refuse clusters whose covariance has pairs of negative roots, which the sign of a determinant does not show."""
    roots = np.linalg.eigvalsh((K + np.swapaxes(K, 1, 2)) / 2.0)[:, 0]
    if (roots < -1e-8 * np.abs(np.diagonal(A, axis1=1, axis2=2)).max(axis=1)).any():
        raise np.linalg.LinAlgError("the covariance of a cluster is not positive definite")


def _completed(K: Matrix, q: Vector, beta: Matrix, Sz: Matrix, Szz: Matrix) -> tuple[Matrix, Matrix]:
    """K and q with the entries of z, by the inverse of a matrix in blocks."""
    cross = -np.swapaxes(beta, 1, 2) @ K
    own = Sz - cross @ beta
    return K + cross + np.swapaxes(cross, 1, 2) + own, q + Szz - np.einsum("jqp,jq->jp", beta, q)


def _by_pattern(X: Matrix, W: Matrix, member: NDArray[np.intp]) -> Matrix:
    """Rows of X times the W of their pattern."""
    found = np.empty_like(X)
    for k, Wk in enumerate(W):
        rows = np.flatnonzero(member == k)
        found[rows] = X[rows] @ Wk
    return found


def _inverses(Sigma: Matrix, observed: NDArray[np.bool_]) -> tuple[Matrix, Vector]:
    """Inverse and log determinant of the part of Sigma that each pattern has, set into zeros."""
    outside = ~observed
    padded = np.where(observed[:, :, None] & observed[:, None, :], Sigma, 0.0)
    k, i = np.nonzero(outside)
    padded[k, i, i] = 1.0
    roots = np.linalg.cholesky(padded)
    W = np.linalg.inv(padded)
    W[k, i, i] = 0.0
    return W, 2.0 * np.log(np.diagonal(roots, axis1=1, axis2=2)).sum(axis=1)


def _given_z(Sigma_B: Matrix, observed: NDArray[np.bool_]) -> tuple[Matrix, Matrix, Matrix, Vector]:
    """Slopes of b on the z of each pattern, covariance of b given z, inverse and log determinant of that of z."""
    Sz, log_det = _inverses(Sigma_B, observed)
    beta = np.where(observed[:, :, None], 0.0, Sigma_B @ Sz)
    B = Sigma_B - beta @ Sigma_B
    outside = ~observed
    return beta, B * (outside[:, :, None] & outside[:, None, :]), Sz, log_det
