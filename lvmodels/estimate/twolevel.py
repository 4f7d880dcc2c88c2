"""Gradient and information of a two-level model, level by level.

Each term of the likelihood (`lvmodels.estimate.level_terms`) is a one-level problem whose covariance is a sum of both
levels' with known factors, so that the algebra of rank two holds for each level: first derivatives need the terms'
weighted sums, information matrices sums over the terms of products of their entries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.estimate.level_terms import LevelTerms, level_terms
from lvmodels.estimate.likelihood import GroupState, second_order_terms
from lvmodels.estimate.twolevel_missing import cluster_state
from lvmodels.model.matrices import GroupTemplate, ModelMatrices
from lvmodels.moments.levels import LevelMoments

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


def level_states(moments: LevelMoments, within: ModelMatrices, between: ModelMatrices) -> tuple[GroupState, GroupState]:
    """What the two levels of a group contribute; F is split into cases within clusters, and their means.

    With missing values the terms are those of complete clusters of the same sizes, which steer the search; F and its
    derivatives are exact.

    Raises
    ------
    numpy.linalg.LinAlgError
    """
    terms, *parts = level_terms(moments.clusters, within, between)
    if moments.incomplete is not None:
        return _incomplete_states(terms, moments, within, between)
    d = terms.share @ terms.d
    first, second = (
        _state(terms, matrices, part, factor, d)
        for matrices, part, factor in zip((within, between), parts, terms.factors, strict=True)
    )
    return first, second


def _incomplete_states(
    terms: LevelTerms, moments: LevelMoments, within: ModelMatrices, between: ModelMatrices
) -> tuple[GroupState, GroupState]:
    assert moments.incomplete is not None
    parts = cluster_state(moments.incomplete, within, between)
    N, p = moments.clusters.n_cases, terms.W.shape[1]
    slopes = (parts.within(moments.incomplete) / N, (parts.K.sum(axis=0) - parts.q.T @ parts.q) / N)
    d = parts.q.sum(axis=0) / N
    found = []
    for matrices, slope, F in zip((within, between), slopes, (parts.F / N, 0.0), strict=True):
        Z = np.concatenate([matrices.Tau[:p], matrices.V[:p]], axis=1)
        G, means = Z.T @ slope @ Z, np.concatenate([matrices.eta, [1.0, 0.0]])
        state = GroupState(F, G, np.zeros_like(G), Z.T @ d, means, matrices, terms.W[0], terms=terms, clusters=parts)
        found.append(state)
    return found[0], found[1]


def _state(terms: LevelTerms, matrices: ModelMatrices, part: float, factor: Vector, d: Vector) -> GroupState:
    p = terms.W.shape[1]
    Z = np.concatenate([matrices.Tau[:p], matrices.V[:p]], axis=1)
    weight = terms.share * factor
    G, H = (Z.T @ np.tensordot(weight, matrix, 1) @ Z for matrix in (terms.W, terms.A))
    means = np.concatenate([matrices.eta, [1.0, 0.0]])
    return GroupState(part, G, H, Z.T @ d, means, matrices, terms.W[0], terms=terms)


def level_information(states: Sequence[GroupState], parts: Sequence[GroupTemplate], observed: bool) -> Matrix:
    """Information of one case about the free rows of both levels of a group, shape (k, k)."""
    terms = states[0].terms
    assert terms is not None
    at = _columns(states, parts)
    factor = at.factor(terms)
    G = _products(at, terms.W)
    if not observed:
        return _expected(at, G, factor, terms.share)
    found = _first_order(at, G, _products(at, terms.A), terms, factor)
    k = len(parts[0].directions.c)
    for state, part, block in zip(states, parts, (slice(0, k), slice(k, None)), strict=True):
        found[block, block] += second_order_terms(state, part.pairs.bends, len(part.directions.c))
    return 0.5 * found


@dataclass(frozen=True, slots=True, eq=False)
class _Columns:
    """Columns of Z of the parameters of both levels, shape (p, k), with their factors and mean multipliers (k,)."""

    U: Matrix
    V: Matrix
    c: Vector
    m: Vector
    level: NDArray[np.intp]

    def factor(self, terms: LevelTerms) -> Matrix:
        """Of each parameter's covariance in each term, shape (T, k)."""
        return terms.factors.T[:, self.level]


def _columns(states: Sequence[GroupState], parts: Sequence[GroupTemplate]) -> _Columns:
    U, V, c, m = [], [], [], []
    for state, part in zip(states, parts, strict=True):
        p, at = len(state.W), part.directions
        Z = np.concatenate([state.matrices.Tau[:p], state.matrices.V[:p]], axis=1)
        U.append(Z[:, at.u])
        V.append(Z[:, at.v])
        c.append(at.c)
        m.append(state.means[at.m])
    level = np.repeat([0, 1], [len(part.directions.c) for part in parts])
    return _Columns(np.hstack(U), np.hstack(V), np.concatenate(c), np.concatenate(m), level)


def _products(at: _Columns, W: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """U'WU, U'WV and V'WV of every term, shape (T, k, k)."""
    WU, WV = W @ at.U, W @ at.V
    return at.U.T @ WU, at.U.T @ WV, at.V.T @ WV


def _expected(at: _Columns, G: tuple[Matrix, Matrix, Matrix], factor: Matrix, share: Vector) -> Matrix:
    uu, uv, vv = G
    inner = uu * vv + uv * np.swapaxes(uv, 1, 2)
    weights = share[:, None] * factor
    found = np.einsum("tkl,tk,tl->kl", inner, weights, factor, optimize=False) * np.outer(at.c, at.c)
    found += np.outer(at.m, at.m) * np.tensordot(share[1:], uu[1:], 1)
    return np.asarray(found)


def _first_order(
    at: _Columns, G: tuple[Matrix, Matrix, Matrix], H: tuple[Matrix, Matrix, Matrix], terms: LevelTerms, factor: Matrix
) -> Matrix:
    """Parts of the Hessian that are products of first derivatives, as for one level, summed over the terms."""
    (Guu, Guv, Gvv), (Huu, Huv, Hvv) = G, H
    share, c = terms.share, at.c
    mixed = Huv * np.swapaxes(Guv, 1, 2)
    inner = Huu * Gvv + Hvv * Guu + mixed + np.swapaxes(mixed, 1, 2) - Guu * Gvv - Guv * np.swapaxes(Guv, 1, 2)
    weights = share[:, None] * factor
    total = 2.0 * np.outer(c, c) * np.einsum("tkl,tk,tl->kl", inner, weights, factor, optimize=False)
    total += 2.0 * np.outer(at.m, at.m) * np.tensordot(share[1:], Guu[1:], 1)
    by_u, by_v = weights * c * (terms.d @ at.U), weights * c * (terms.d @ at.V)
    cross = np.einsum("tk,tlk->kl", by_u, Guv) + np.einsum("tk,tkl->kl", by_v, Guu)
    cross = cross * at.m
    return np.asarray(total + 2.0 * (cross + cross.T))
