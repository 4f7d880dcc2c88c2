r"""The normal-theory discrepancy function, its gradient and both information matrices, without any p² × q Jacobian.

For one group with sample moments S, m and model moments Sigma, mu, d = m - mu, S* = S + d d' and W = Sigma^-1

.. math:: F = \log|\Sigma| + \operatorname{tr}(S^* W) - \log|S| - p

(Jöreskog 1967, with means as in Bollen 1989, eq. 4.B). All derivatives are entries of three small matrices built from
Z = [E, C] (see `lvmodels.model.matrices`):

    G = Z' W Z,  H = Z' W S* W Z,  r = Z' W d.

Functions take leading axes as stacks of problems.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import lower_triangle
from lvmodels.estimate.cholesky import inverse_and_logdet
from lvmodels.estimate.incomplete import PatternState, moment_information, pattern_state
from lvmodels.estimate.level_terms import LevelTerms
from lvmodels.estimate.nodes import Nodes
from lvmodels.estimate.twolevel_missing import ClusterState
from lvmodels.model.directions import Bends, Directions, Pairs
from lvmodels.model.matrices import ModelMatrices, moment_slopes
from lvmodels.model.responses import ResponseState, response_slopes
from lvmodels.moments.complete import Moments
from lvmodels.moments.weight import weighted

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class GroupState:
    """Everything one group contributes at one parameter vector.

    Attributes
    ----------
    discrepancy : float
        F of this group.
    G, H : ndarray, shape (2M, 2M)
    r : ndarray, shape (2M,)
    means : ndarray, shape (M + 2,)
        [eta, 1, 0].
    matrices : ModelMatrices
    W : ndarray, shape (p, p)
        Inverse of the implied covariance.
    patterns : PatternState or None
        With missing values; G, H and r are then the weighted sums over the patterns.
    weight : ndarray or None
        Of the moments, for least-squares discrepancies; G - H and r then hold the gradient alone. Its diagonal where
        it is diagonal.
    responses : ResponseState or None
        With ordinal variables.
    pull : ndarray or None
        Weight times residual moments, with ordinal variables.
    own : tuple of Directions and ndarray, or None
        The free parameters and the slopes along them, with ordinal variables.
    terms : LevelTerms or None
        Of a two-level model, the same for both levels of a group; G, H and r are then the weighted sums over the terms.
    clusters : ClusterState or None
        Of a two-level model of incomplete data; G - H and r then hold the gradient alone.
    nodes : Nodes or None
        Of a model with products of latent variables; G, H and r are then zero.
    slope : ndarray or None
        The gradient along the group's own free parameters, with such products.
    """

    discrepancy: float
    G: Matrix
    H: Matrix
    r: Vector
    means: Vector
    matrices: ModelMatrices
    W: Matrix
    patterns: PatternState | None = None
    weight: Matrix | None = None
    responses: ResponseState | None = None
    pull: Vector | None = None
    own: tuple[Directions, Matrix] | None = None
    terms: LevelTerms | None = None
    clusters: ClusterState | None = None
    nodes: Nodes | None = None
    slope: Vector | None = None

    def slopes(self, at: Directions) -> Matrix:
        """Derivatives of the moments by parameters, shape (m, k): what their weight or information multiplies."""
        if self.own is not None and self.own[0] is at:
            return self.own[1]
        if self.responses is not None:
            return response_slopes(self.responses, at)
        return moment_slopes(self.matrices, at, len(self.W), meanstructure=True)


def group_state(matrices: ModelMatrices, moments: Moments, constant: float, meanstructure: bool) -> GroupState:
    """Evaluate the discrepancy of one group and the matrices its derivatives are read from.

    Parameters
    ----------
    constant : float
        The likelihood part of the saturated model (`saturated_constant`).

    Raises
    ------
    numpy.linalg.LinAlgError
        When the implied covariance matrix is not positive definite.
    """
    p, M = len(moments.cov), len(matrices.Tau)
    Sigma = matrices.V[:p, :p]
    W, logdet = inverse_and_logdet(Sigma)
    Z = np.concatenate([matrices.Tau[:p], matrices.V[:p]], axis=1)
    if moments.weight is not None:
        return _least_squares(matrices, moments, moments.weight, Z, W, meanstructure)
    WZ = W @ Z
    S, r, means = moments.cov, np.zeros(2 * M), np.zeros(M + 2)
    if moments.patterns is not None:
        means[:M], means[M] = matrices.eta, 1.0
        parts = pattern_state(moments.patterns, Sigma, matrices.eta[:p])
        G, H, r = Z.T @ parts.W_sum @ Z, Z.T @ parts.N_sum @ Z, Z.T @ parts.d_sum
        return GroupState(parts.discrepancy - constant, G, H, r, means, matrices, W, parts)
    if meanstructure:
        d = moments.mean - matrices.eta[:p]
        S, r = S + d[:, None] * d, d @ WZ
        means[:M], means[M] = matrices.eta, 1.0
    discrepancy = logdet + float(np.vdot(S, W)) - constant
    return GroupState(discrepancy, Z.T @ WZ, WZ.T @ S @ WZ, r, means, matrices, W)


def _least_squares(
    matrices: ModelMatrices, moments: Moments, V: Matrix, Z: Matrix, W: Matrix, meanstructure: bool
) -> GroupState:
    """e'Ve of the residual moments e; its gradient is that of a function with K = Z'MZ, M the derivative by Sigma."""
    p, M = len(moments.cov), len(matrices.Tau)
    i, j = lower_triangle(p)
    gap = moments.mean - matrices.eta[:p] if meanstructure else np.zeros(p)
    e = np.concatenate([(moments.cov - matrices.V[:p, :p])[i, j], gap])
    Ve = V @ e
    by_sigma = np.zeros((p, p))
    by_sigma[i, j] = by_sigma[j, i] = np.where(i == j, -2.0, -1.0) * Ve[: len(i)]
    means = np.zeros(M + 2)
    if meanstructure:
        means[:M], means[M] = matrices.eta, 1.0
    zero = np.zeros((2 * M, 2 * M))
    return GroupState(float(e @ Ve), zero, -Z.T @ by_sigma @ Z, Z.T @ Ve[len(i) :], means, matrices, W, weight=V)


def saturated_constant(moments: Moments) -> float:
    """What the discrepancy subtracts so that it vanishes for a model that reproduces the sample."""
    if moments.patterns is not None:
        return pattern_state(moments.patterns, moments.cov, moments.mean).discrepancy
    return float(np.linalg.slogdet(moments.cov)[1]) + len(moments.cov)


def gradient(state: GroupState, at: Directions) -> Vector:
    """Derivatives of F along parameters, shape (k,)."""
    if state.slope is not None:
        return state.slope
    if state.pull is not None:
        return np.asarray(-2.0 * state.pull @ state.slopes(at))
    K = state.G - state.H
    return 2.0 * (at.c * K[at.u, at.v] - state.means.take(at.m) * state.r.take(at.u))


def expected_information(state: GroupState, at: Directions, pairs: Pairs) -> Matrix:
    """Expected information of one case: half the expected Hessian of F, shape (k, k)."""
    V = moments_weight(state, observed=False)
    if V is not None:
        return _through_moments(state, at, V)
    G = state.G
    Guu, Guv = G.take(pairs.uu), G.take(pairs.uv)
    found: Matrix = pairs.cc * (Guu * G.take(pairs.vv) + Guv * Guv.T)
    m = state.means[at.m]
    if m.any():
        found += m[:, None] * m * Guu
    return found


def cross_information(state: GroupState, at: Directions, to: Directions) -> Matrix:
    """Expected information that parameters share with others, shape (k, l)."""
    G, u, v = state.G, at.u[:, None], at.v[:, None]
    found: Matrix = at.c[:, None] * to.c * (G[u, to.u] * G[v, to.v] + G[u, to.v] * G[v, to.u])
    return found + state.means[at.m][:, None] * state.means[to.m] * G[u, to.u]


def moments_weight(state: GroupState, observed: bool) -> Matrix | None:
    """Information about the moments where it is held as a matrix: with missing values, and for least squares."""
    return state.weight if state.patterns is None else moment_information(state.patterns, observed)


def _through_moments(state: GroupState, at: Directions, V: Matrix) -> Matrix:
    """Delta' V Delta, with V the information about the moments."""
    Delta = state.slopes(at)
    return np.asarray(Delta.T @ weighted(V, Delta))


def observed_information(state: GroupState, at: Directions, pairs: Pairs) -> Matrix:
    """Observed information of one case: half the Hessian of F, shape (k, k)."""
    V = moments_weight(state, observed=True)
    if V is not None:
        return _through_moments(state, at, V) + 0.5 * second_order_terms(state, pairs.bends, len(at.c))
    return 0.5 * (first_order_terms(state, at, pairs) + second_order_terms(state, pairs.bends, len(at.c)))


def _read(A: Matrix, at: NDArray[np.intp]) -> Matrix:
    """Entries of a matrix, or of a stack of them, at flat positions."""
    return A.take(at) if A.ndim == 2 else A.reshape(*A.shape[:-2], -1).take(at, axis=-1)


def _turned(A: Matrix) -> Matrix:
    """The transpose of a matrix, or of a stack of them."""
    return A.T if A.ndim == 2 else np.swapaxes(A, -1, -2)


def first_order_terms(state: GroupState, at: Directions, pairs: Pairs) -> Matrix:
    """Parts of the Hessian that are products of first derivatives of Sigma and mu, shape (..., k, k).

    2 tr(W dSigma_l W S* W dSigma_k) - tr(W dSigma_l W dSigma_k), written out for derivatives of rank two.
    """
    G, P, r = state.G, state.H - 0.5 * state.G, state.r
    Guu, Guv = _read(G, pairs.uu), _turned(_read(G, pairs.uv))
    total: Matrix = _read(P, pairs.uu) * _read(G, pairs.vv)
    total += _read(P, pairs.vv) * Guu
    mixed = _read(P, pairs.uv) * Guv
    total += mixed
    total += _turned(mixed)
    total *= pairs.cc
    m, c = state.means.take(at.m, axis=-1), at.c
    if m.any():
        cross = (c * r.take(at.u, axis=-1))[..., :, None] * Guv
        cross += (c * r.take(at.v, axis=-1) + 0.5 * m)[..., :, None] * Guu
        cross *= m[..., None, :]
        total += cross
        total += _turned(cross)
    return 2.0 * total


def second_order_terms(state: GroupState, at: Bends, k: int) -> Matrix:
    """Parts of the Hessian from second derivatives of Sigma and mu (Beta with Beta, Psi and alpha), shape (..., k, k).

    dE_a / dBeta[c, d] = E_c Tau[d, a] and dC_b / dBeta[c, d] = E_c V[d, b] + C_d Tau[b, c] give those of Beta.
    """
    Tau, V, eta = state.matrices.Tau, state.matrices.V, state.matrices.eta
    stack = state.G.shape[:-2]
    total = np.zeros((*stack, k * k))
    if not len(at.a):
        return total.reshape(*stack, k, k)
    K, t = state.G - state.H, _read(Tau, at.tau)
    X = t * _read(K, at.ec)
    block = 2.0 * (X + _turned(X) + _read(V, at.bb) * _read(K, at.aa))
    if state.means[..., -2].any():  # with a mean structure
        r = state.r[..., at.a]
        Y = t * r[..., None, :] * eta[..., at.b, None]
        block -= 2.0 * (Y + _turned(Y))
        part = -2.0 * r[..., :, None] * _read(Tau, at.tau_i)
        total[..., at.di] = part
        total[..., at.id] = _turned(part)
    total[..., at.dd] = block
    if len(at.c):
        part = 2.0 * at.c * (_read(Tau, at.tau_d) * _read(K, at.k_c) + _read(Tau, at.tau_c) * _read(K, at.k_d))
        total[..., at.ds] = part
        total[..., at.sd] = _turned(part)
    return total.reshape(*stack, k, k)
