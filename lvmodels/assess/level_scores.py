"""Factor scores of two-level models: conditional means given all answers of a cluster.

With v the answers of a cluster and Sigma_v their covariance, Sigma_v^-1 (v - mu) has a part s_i for each case and their
sum s, completed for variables of level 2 alone; the scores are eta_W + V_W s_i of cases and eta_B + V_B s of clusters.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lvmodels.fit.record import Fit

Matrix = NDArray[np.float64]


def level_scores(fit: Fit, g: int) -> Matrix:
    """Scores of the latent variables of both levels for the cases of a group, shape (n_g, latent)."""
    template, p = fit.objective.template, fit.objective.template.n_observed
    states = fit.solution.states[2 * g : 2 * g + 2]
    by_case, by_cluster, member = _residuals(fit, g)
    found = np.empty((len(by_case), len(template.latent)))
    latent_within = set(fit.table.levels[0].latent)
    for k, name in enumerate(template.latent):
        state, part = (states[0], by_case) if name in latent_within else (states[1], by_cluster[member])
        found[:, k] = state.matrices.eta[p + k] + part @ state.matrices.V[:p, p + k]
    return found


def _residuals(fit: Fit, g: int) -> tuple[Matrix, Matrix, NDArray[np.intp]]:
    """Weighted residuals of cases in the order of the data and of clusters, and the cluster of each case."""
    data, levels = fit.prepared.data, fit.prepared.moments[g].levels
    assert data is not None
    assert data.clusters is not None
    assert levels is not None
    first, second = fit.solution.states[2 * g : 2 * g + 2]
    cases = data.groups == g
    member = np.unique(data.clusters[cases], return_inverse=True)[1]
    if levels.incomplete is not None and first.clusters is not None:
        by_case = np.empty_like(first.clusters.u)
        by_case[levels.incomplete.order] = first.clusters.u
        return by_case, first.clusters.q, member
    assert first.terms is not None
    clusters, p = levels.clusters, len(levels.clusters.within)
    mu = first.matrices.eta[:p] + second.matrices.eta[:p]
    s = np.einsum("jpq,jq->jp", first.terms.W[1:][clusters.size_of], clusters.cluster_means - mu)
    e = (data.Y[cases] - clusters.cluster_means[member]) * clusters.within
    n = clusters.sizes[clusters.size_of][member]
    return e @ first.terms.W[0] + s[member] * clusters.within / n[:, None], s, member
