"""Gradient and information of a two-level model, level by level.

Each term of the likelihood (`lvmodels.estimate.level_terms`) is a one-level problem whose covariance is a sum of both
levels' with known factors. First derivatives need the terms' weighted sums, read level by level as for one level;
information about the moments of both levels is found for all terms at once, and carried to the parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import lower_triangle
from lvmodels.estimate.level_terms import LevelTerms, level_terms
from lvmodels.estimate.likelihood import GroupState, second_order_terms
from lvmodels.estimate.twolevel_missing import cluster_state
from lvmodels.model.matrices import GroupTemplate, ModelMatrices, moment_slopes
from lvmodels.moments.levels import LevelMoments

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Index = NDArray[np.intp]


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
    Delta = _slopes(states, parts)
    found: Matrix = Delta.T @ moment_information(terms, observed) @ Delta
    if observed:
        k = len(parts[0].free)
        for state, part, block in zip(states, parts, (slice(0, k), slice(k, None)), strict=True):
            found[block, block] += 0.5 * second_order_terms(state, part.pairs.bends, len(part.free))
    return found


def _slopes(states: Sequence[GroupState], parts: Sequence[GroupTemplate]) -> Matrix:
    """Derivatives of the covariances of each level, then of the sum of their means, by the free rows of both levels."""
    p = len(states[0].W)
    first, second = (
        moment_slopes(state.matrices, part.directions, p, meanstructure=True)
        for state, part in zip(states, parts, strict=True)
    )
    R, k = len(first) - p, first.shape[1]
    found = np.zeros((2 * R + p, k + second.shape[1]))
    found[:R, :k], found[R : 2 * R, k:] = first[:R], second[:R]
    found[2 * R :, :k], found[2 * R :, k:] = first[R:], second[R:]
    return found


def moment_information(terms: LevelTerms, observed: bool) -> Matrix:
    """Information of one case about the distinct covariances within, those between, and the means.

    Half the Hessian of F (observed), or its expectation. With w the distinct elements of the inverse covariance of a
    term it is read from the sums over the terms of products w w', as for one level.

    Returns
    -------
    ndarray, shape (p (p + 1) + p, p (p + 1) + p)
    """
    p = terms.W.shape[1]
    i, j = lower_triangle(p)
    straight, crossed = _pairings(p)
    W, A = terms.W[:, i, j], terms.A[:, i, j]
    R, half = len(i), np.where(i == j, 0.5, 1.0)
    found = np.zeros((2 * R + p, 2 * R + p))
    for a, b in ((0, 0), (0, 1), (1, 1)):
        weighted = (terms.share * terms.factors[a] * terms.factors[b])[:, None] * W
        T = weighted.T @ W
        if observed:  # 2 W S* W - W in place of one W
            T = weighted.T @ (2.0 * A)
            T = (T + T.T - 2.0 * weighted.T @ W) / 2.0
        block = half[:, None] * half * (T.take(straight) + T.take(crossed))
        rows, columns = slice(a * R, (a + 1) * R), slice(b * R, (b + 1) * R)
        found[rows, columns], found[columns, rows] = block, block.T
    found[2 * R :, 2 * R :] = np.tensordot(terms.share[1:], terms.W[1:], 1)
    if observed:
        for a in range(2):
            d = (terms.share * terms.factors[a])[:, None] * terms.d
            X = (d.T @ terms.W.reshape(len(d), p * p)).reshape(p, p, p)
            cross = half[:, None] * (X[i, j] + X[j, i])
            found[a * R : (a + 1) * R, 2 * R :], found[2 * R :, a * R : (a + 1) * R] = cross, cross.T
    return found


@lru_cache(maxsize=16)
def _pairings(p: int) -> tuple[Index, Index]:
    """Flat positions, in products of distinct elements, of (ik, jl) and (il, jk) for all pairs (ij) and (kl)."""
    i, j = lower_triangle(p)
    distinct = np.empty((p, p), dtype=np.intp)
    distinct[i, j] = distinct[j, i] = np.arange(len(i))
    a, b = i[:, None], j[:, None]
    return distinct[a, i] * len(i) + distinct[b, j], distinct[a, j] * len(i) + distinct[b, i]
