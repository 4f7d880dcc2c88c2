r"""The likelihood of models with products of latent variables, its gradient, scores and both information matrices.

Latent moderated structural equations (Klein and Moosbrugger 2000): given the values c of a few latent variables the
model is linear, so that with the normal density of answers and c jointly

.. math:: f(y) = \int N((y, c);\; \mu(c), \Sigma(c))\, dc \approx h \sum_k N((y, c_k);\; \mu(c_k), \Sigma(c_k))

over a fixed grid (`lvmodels.estimate.grid`). A node is a linear model in which c is observed, too, so that everything
known of such models (`lvmodels.estimate.likelihood`) holds at each: with the probabilities w_ik of the nodes given the
answers of case i the score of the case is the mean of its scores at the nodes, and the Hessian that of the nodes less
the covariance of the scores over the nodes (Louis 1982). A product is an arrow whose coefficient is multiplied by c.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import lower_triangle
from lvmodels.estimate.grid import Grid
from lvmodels.estimate.likelihood import GroupState
from lvmodels.estimate.nodes import BlockNodes, Nodes
from lvmodels.model.conditional import Products, beta_given
from lvmodels.model.matrices import GroupTemplate, ModelMatrices
from lvmodels.moments.cases import CaseBlock, Cases

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_LOG_2_PI = float(np.log(2.0 * np.pi))


def product_state(
    matrices: ModelMatrices, part: GroupTemplate, omega: Vector, cases: Cases, grid: Grid, constant: float
) -> GroupState:
    """Evaluate -2 log-likelihood of one group, by case and without log 2 pi, and its gradient.

    Parameters
    ----------
    matrices : ModelMatrices
        Of the group.
    part : GroupTemplate
    omega : ndarray, shape (k,)
        Coefficients of the products.
    cases : Cases
    grid : Grid
    constant : float
        The likelihood part of the saturated normal model.

    Raises
    ------
    numpy.linalg.LinAlgError
        When the covariance matrix of answers and variables given is not positive definite at a node.
    """
    assert part.products is not None
    p, M = len(cases.centre), len(matrices.Tau)
    given = given_matrices(matrices, part.products, omega, grid.nodes)
    blocks = tuple(_at_nodes(given, block, cases, part.products, grid) for block in cases.blocks)
    nodes = Nodes(grid.nodes, given, blocks, cases.weights)
    total = sum(float(cases.weights[b.block.rows] @ b.log_density) for b in blocks)
    W = np.asarray(np.linalg.inv(matrices.V[:p, :p]), dtype=np.float64)
    zero, means = np.zeros((2 * M, 2 * M)), np.concatenate([matrices.eta, [1.0, 0.0]])
    return GroupState(
        -2.0 * total / float(cases.weights.sum()) - constant,
        zero,
        zero,
        np.zeros(2 * M),
        means,
        matrices,
        W,
        nodes=nodes,
        slope=_gradient(nodes, part.products),
    )


def given_matrices(matrices: ModelMatrices, products: Products, omega: Vector, c: Matrix) -> ModelMatrices:
    """The linear models at the nodes, as a stack."""
    K, M = len(c), len(matrices.Tau)
    Beta = beta_given(products, matrices.Beta, omega, c)
    Tau = np.asarray(np.linalg.inv(np.eye(M) - Beta))
    V = Tau @ matrices.Psi @ np.swapaxes(Tau, 1, 2)
    eta = Tau @ matrices.alpha
    return ModelMatrices(
        Beta, np.broadcast_to(matrices.Psi, (K, M, M)), np.broadcast_to(matrices.alpha, (K, M)), Tau, V, eta
    )


def _at_nodes(at: ModelMatrices, block: CaseBlock, cases: Cases, products: Products, grid: Grid) -> BlockNodes:
    """Density of the answers of some cases at every node, and the probabilities of the nodes."""
    q, d = len(block.observed), len(products.given)
    place = np.concatenate([block.observed, products.given])
    Z = np.concatenate([at.Tau[:, place], at.V[:, place]], axis=2)
    Sigma = at.V[:, place[:, None], place]
    root = np.linalg.cholesky(Sigma)
    logdet = 2.0 * np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
    W = np.asarray(np.linalg.inv(Sigma), dtype=np.float64)
    offset = -at.eta[:, place]
    offset[:, :q] += cases.centre[block.observed]
    offset[:, q:] += grid.nodes
    Wo = (W @ offset[:, :, None])[:, :, 0]
    constant = grid.log_volume - 0.5 * (d * _LOG_2_PI + logdet + (offset * Wo).sum(axis=1))
    i, j = lower_triangle(q)
    square = np.where(i == j, -0.5, -1.0) * W[:, i, j]
    terms = block.design @ np.concatenate([constant[:, None], -Wo[:, :q], square], axis=1).T
    highest = terms.max(axis=1, keepdims=True)
    share = np.exp(terms - highest)
    total = share.sum(axis=1, keepdims=True)
    log_density = (highest + np.log(total))[:, 0]
    if not np.isfinite(log_density).all():
        raise np.linalg.LinAlgError
    return BlockNodes(block, share / total, log_density, place, W, W @ Z, offset)


def node_sums(part: BlockNodes, weights: Vector) -> tuple[Vector, Matrix, Matrix]:
    """Numbers of cases at each node, and sums and products of their deviations from the means implied there.

    Returns
    -------
    ndarray, shape (K,)
    ndarray, shape (K, q + d)
    ndarray, shape (K, q + d, q + d)
    """
    q, K = len(part.block.observed), len(part.W)
    found = (part.share * weights[part.block.rows][:, None]).T @ part.block.design
    count, offset = found[:, 0], part.offset
    y = np.zeros_like(offset)
    y[:, :q] = found[:, 1 : 1 + q]
    S = np.zeros((K, offset.shape[1], offset.shape[1]))
    i, j = lower_triangle(q)
    S[:, i, j] = S[:, j, i] = found[:, 1 + q :]
    cross = y[:, :, None] * offset[:, None, :]
    S += cross + np.swapaxes(cross, 1, 2) + count[:, None, None] * offset[:, :, None] * offset[:, None, :]
    return count, y + count[:, None] * offset, S


def _gradient(nodes: Nodes, products: Products) -> Vector:
    """Derivatives of -2 log-likelihood by case along the group's free parameters."""
    at, means, multipliers = products.directions, nodes.means, nodes.multipliers
    total = np.zeros(len(at.u))
    for part in nodes.blocks:
        count, d, S = node_sums(part, nodes.weights)
        Z = nodes.columns(part.place)
        K = np.swapaxes(Z, 1, 2) @ (count[:, None, None] * part.WZ - part.W @ S @ part.WZ)
        r = (d[:, None, :] @ part.WZ)[:, 0]
        slopes = 2.0 * (at.c * K[:, at.u, at.v] - means[:, at.m] * r[:, at.u])
        total += (slopes * multipliers[:, products.multiplier]).sum(axis=0)
    return total / float(nodes.weights.sum())


def node_scores(nodes: Nodes, p: int) -> Matrix:
    """Expected values of the latent variables, those behind the first p, given the answers, shape (n, m)."""
    at = nodes.matrices
    found = np.zeros((len(nodes.weights), at.eta.shape[1] - p))
    for part in nodes.blocks:
        q = len(part.block.observed)
        slopes = part.W @ at.V[:, part.place][:, :, p:]
        constant = at.eta[:, p:] + (part.offset[:, None, :] @ slopes)[:, 0]
        y = part.block.design[:, 1 : 1 + q]
        by_answer = np.einsum("nk,nq,kqm->nm", part.share, y, slopes[:, :q], optimize=True)
        found[part.block.rows] = part.share @ constant + by_answer
    return found
