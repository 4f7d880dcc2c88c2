"""Scores of cases, and information, of models with products of latent variables (see `latent_product`).

With s_ik the score of case i at node k, w_ik its share of that node and J_k the observed information of all cases there

    s_i = sum_k w_ik s_ik,   J = sum_k J_k - sum_ik w_ik s_ik s_ik' + sum_i s_i s_i'

(Louis 1982). Pairs of case and node without a noticeable share are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.estimate.latent_product import node_sums
from lvmodels.estimate.likelihood import GroupState, first_order_terms, second_order_terms
from lvmodels.estimate.nodes import BlockNodes, Nodes
from lvmodels.model.conditional import Products
from lvmodels.model.matrices import GroupTemplate

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_NEGLIGIBLE = 1e-12
_NUMBERS = 400_000  # at a time, so that they stay in the processor's cache


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Some pairs of a case and a node, sorted by case.

    Attributes
    ----------
    rows : ndarray of int, shape (P,)
        Which case of the group.
    share : ndarray, shape (P,)
    scores : ndarray, shape (P, r)
    """

    rows: NDArray[np.intp]
    share: Vector
    scores: Matrix


def _pairs(part: BlockNodes, nodes: Nodes, products: Products) -> Iterator[_Pairs]:
    """All pairs with a noticeable share, some nodes at a time."""
    at, q = products.directions, len(part.block.observed)
    Z = nodes.columns(part.place)
    level = (Z[:, :, at.u] * part.WZ[:, :, at.v]).sum(axis=1)
    means, multiplier = nodes.means[:, at.m], nodes.multipliers[:, products.multiplier]
    y = part.block.design[:, 1 : 1 + q]
    constant = (part.offset[:, None, :] @ part.WZ)[:, 0]
    many = max(1, _NUMBERS // max(1, len(y) * Z.shape[2]))
    for start in range(0, len(nodes.c), many):
        some = slice(start, start + many)
        share = part.share[:, some]
        i, k = np.nonzero(share > _NEGLIGIBLE)
        Y = (y @ part.WZ[some, :q] + constant[some, None, :])[k, i]
        first, scores = Y[:, at.u], Y[:, at.v]
        k += start
        scores *= first
        scores -= level[k]
        scores *= at.c
        first *= means[k]
        scores += first
        scores *= multiplier[k]
        yield _Pairs(part.block.rows[i], part.share[i, k], scores)


def _add_by_case(total: Matrix, pairs: _Pairs) -> None:
    """Add the scores of the pairs of each case, by their share."""
    if len(pairs.rows):
        first = np.flatnonzero(np.diff(pairs.rows, prepend=-1))
        total[pairs.rows[first]] += np.add.reduceat(pairs.scores * pairs.share[:, None], first, axis=0)


def product_scores(state: GroupState, part: GroupTemplate) -> Matrix:
    """Scores of all cases of a group by its free parameters, shape (n, r)."""
    assert state.nodes is not None
    assert part.products is not None
    found = np.zeros((len(state.nodes.weights), len(part.free)))
    for block in state.nodes.blocks:
        for pairs in _pairs(block, state.nodes, part.products):
            _add_by_case(found, pairs)
    return found


def product_information(state: GroupState, part: GroupTemplate, observed: bool) -> Matrix:
    """Information of one case along the free parameters of a group, shape (r, r).

    The observed one is half the Hessian of the discrepancy; in place of the expected one, which has no closed form,
    stands the mean of the squares and products of the cases' scores (Berndt, Hall, Hall and Hausman 1974).
    """
    assert state.nodes is not None
    assert part.products is not None
    nodes, r = state.nodes, len(part.free)
    found, scores = np.zeros((r, r)), np.zeros((len(nodes.weights), r))
    for block in nodes.blocks:
        for pairs in _pairs(block, nodes, part.products):
            _add_by_case(scores, pairs)
            if observed:
                half = pairs.scores * np.sqrt(pairs.share * nodes.weights[pairs.rows])[:, None]
                found -= half.T @ half
    if observed:
        found += _at_nodes(nodes, part.products)
    found += (scores * nodes.weights[:, None]).T @ scores
    return found / float(nodes.weights.sum())


def _at_nodes(nodes: Nodes, products: Products) -> Matrix:
    """Observed information of all cases, as if the node of each were known."""
    r, multiplier = len(products.directions.u), nodes.multipliers[:, products.multiplier]
    found, many = np.zeros((r, r)), max(1, _NUMBERS // (r * r))
    width = 2 * nodes.matrices.V.shape[1]
    K, slope = np.zeros((len(nodes.c), width, width)), np.zeros((len(nodes.c), width))
    for block in nodes.blocks:
        count, d, S = node_sums(block, nodes.weights)
        live = np.flatnonzero(count > _NEGLIGIBLE)
        for start in range(0, len(live), many):
            some = live[start : start + many]
            state = _state(block, nodes, some, count, d, S)
            found += _weighed(
                first_order_terms(state, products.directions, products.pairs), count[some], multiplier[some]
            )
            K[some] += count[some, None, None] * (state.G - state.H)
            slope[some] += count[some, None] * state.r
    for start in range(0, len(nodes.c), many):
        some = np.arange(start, min(start + many, len(nodes.c)))
        whole = GroupState(
            0.0, K[some], np.zeros_like(K[some]), slope[some], nodes.means[some], nodes.at(some), K[some]
        )
        terms = second_order_terms(whole, products.pairs.bends, r)
        found += _weighed(terms, np.ones(len(some)), multiplier[some])
    return 0.5 * found


def _state(block: BlockNodes, nodes: Nodes, some: NDArray[np.intp], count: Vector, d: Vector, S: Matrix) -> GroupState:
    """The cases of a block as groups of their own at some nodes."""
    Z, WZ = nodes.columns(block.place, some), block.WZ[some]
    G = np.swapaxes(Z, 1, 2) @ WZ
    H = np.swapaxes(WZ, 1, 2) @ (S[some] / count[some, None, None]) @ WZ
    pull = (d[some, None, :] @ WZ)[:, 0] / count[some, None]
    return GroupState(0.0, G, H, pull, nodes.means[some], nodes.at(some), block.W[some])


def _weighed(terms: Matrix, count: Vector, multiplier: Matrix) -> Matrix:
    """Sum over nodes of count times the terms, rows and columns of products times what they are multiplied by."""
    found = np.tensordot(count, terms, axes=1)
    moving = np.flatnonzero((multiplier != 1.0).any(axis=0))
    if len(moving):
        size = multiplier[:, moving]
        rows = np.einsum("k,kj,kjl->jl", count, size, terms[:, moving], optimize=True)
        found[moving] = rows
        found[:, moving] = rows.T
        corner = terms[:, moving[:, None], moving] * size[:, :, None] * size[:, None, :]
        found[np.ix_(moving, moving)] = np.tensordot(count, corner, axes=1)
    return found
