"""What single clusters contribute to a two-level fit: scores of the log-likelihood, and their covariance.

With Y = e W Z for the deviations e of cases from the mean of their cluster, and D = g Omega^-1 Z for the deviation g of
that mean, the score of a cluster of n cases by a parameter with columns (u, v), factor c and mean multiplier m is

    c (sum Y_u Y_v - (n - 1) G_uv + f (D_u D_v - K_uv)) + m D_u,   G = Z'WZ,  K = Z' Omega^-1 Z

with f = 1 / n at the first level; at the second f = 1, and the first two terms are absent.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lvmodels.estimate.objective import Evaluation, Objective
from lvmodels.moments.clustered_missing import IncompleteClusters
from lvmodels.survey.matrix import DataMatrix

Matrix = NDArray[np.float64]


def cluster_scores(objective: Objective, evaluation: Evaluation, data: DataMatrix) -> Matrix:
    """Scores of all clusters, group after group, by all free rows of the table, shape (J, r)."""
    found = [_of_group(objective, evaluation, data, g) for g in range(len(objective.moments))]
    return np.concatenate(found)


def _of_group(objective: Objective, evaluation: Evaluation, data: DataMatrix, g: int) -> Matrix:
    levels = objective.moments[g].levels
    assert levels is not None
    assert data.clusters is not None
    if levels.incomplete is not None:
        return _of_incomplete(objective, evaluation, levels.incomplete, g)
    clusters, parts = levels.clusters, objective.template.groups[2 * g : 2 * g + 2]
    states = evaluation.states[2 * g : 2 * g + 2]
    terms, p = states[0].terms, len(clusters.within)
    assert terms is not None
    cases = data.groups == g
    member = np.unique(data.clusters[cases], return_inverse=True)[1]
    order = np.argsort(member, kind="stable")
    n = clusters.sizes[clusters.size_of]
    first = np.concatenate([[0], np.cumsum(n)[:-1]]).astype(np.intp)
    e = (data.Y[cases][order] - clusters.cluster_means[member[order]]) * clusters.within
    mu = states[0].matrices.eta[:p] + states[1].matrices.eta[:p]
    D = np.einsum("jp,jpq->jq", clusters.cluster_means - mu, terms.W[1:][clusters.size_of])
    found = np.zeros((len(n), len(objective.restrictions.free_rows)))
    for level, (state, part) in enumerate(zip(states, parts, strict=True)):
        at = part.directions
        Z = np.concatenate([state.matrices.Tau[:p], state.matrices.V[:p]], axis=1)
        U, V = Z[:, at.u], Z[:, at.v]
        spread = np.einsum("pk,spk->sk", U, terms.W[1:] @ V)[clusters.size_of]
        inner = (D @ U) * (D @ V) - spread
        if level == 0:
            Y = e @ terms.W[0]
            squares = np.add.reduceat((Y @ U) * (Y @ V), first, axis=0)
            inner = inner / n[:, None] + squares - (n - 1.0)[:, None] * np.einsum("pk,pk->k", U, terms.W[0] @ V)
        found[:, part.free] = at.c * inner + state.means[at.m] * (D @ U)
    return found


def _of_incomplete(objective: Objective, evaluation: Evaluation, clusters: IncompleteClusters, g: int) -> Matrix:
    """With missing values: sums of u_u u_v over the cases less the parts of Sigma_v^-1, and the same of q and K."""
    parts, states = objective.template.groups[2 * g : 2 * g + 2], evaluation.states[2 * g : 2 * g + 2]
    own = states[0].clusters
    assert own is not None
    p, J = clusters.Y.shape[1], len(clusters.first)
    inside = np.tensordot(clusters.counts, own.W, 1)
    for k, W in enumerate(own.W):
        inside -= clusters.counts[:, k, None, None] * (W @ own.C @ W)
    found = np.zeros((J, len(objective.restrictions.free_rows)))
    for level, (state, part) in enumerate(zip(states, parts, strict=True)):
        at = part.directions
        Z = np.concatenate([state.matrices.Tau[:p], state.matrices.V[:p]], axis=1)
        U, V = Z[:, at.u], Z[:, at.v]
        of = own.u if level == 0 else own.q
        squares = (of @ U) * (of @ V)
        squares = np.add.reduceat(squares, clusters.first, axis=0) if level == 0 else squares
        spread = np.einsum("pk,jpk->jk", U, (inside if level == 0 else own.K) @ V)
        found[:, part.free] = at.c * (squares - spread) + state.means[at.m] * (own.q @ U)
    return found


def cluster_score_covariance(objective: Objective, evaluation: Evaluation, data: DataMatrix) -> Matrix:
    """Covariance of the scores by theta, per case, shape (q, q); clusters are the independent draws."""
    scores = cluster_scores(objective, evaluation, data) @ objective.restrictions.K
    return np.asarray(scores.T @ scores / len(data.Y))
