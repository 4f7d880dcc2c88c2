"""What single cases contribute: scores of the log-likelihood, and their covariance, the meat of sandwich errors.

With Y = (X - mu) W Z the score of a case by a parameter with columns (u, v) is c (Y_u Y_v - G[u, v]) + m Y_u: two
columns of an n x 2M matrix, never a p² x q Jacobian.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import lower_triangle
from lvmodels.assess.cluster_scores import cluster_score_covariance
from lvmodels.errors import DataError
from lvmodels.estimate.likelihood import GroupState
from lvmodels.estimate.node_information import product_scores
from lvmodels.estimate.objective import Evaluation, Objective
from lvmodels.model.directions import Directions
from lvmodels.model.matrices import moment_slopes
from lvmodels.moments.complete import Moments
from lvmodels.moments.missing import Patterns, inverse_of_observed, patterns_of
from lvmodels.moments.weight import moment_deviations
from lvmodels.survey.matrix import DataMatrix

Matrix = NDArray[np.float64]

_BLOCK = 4096


def case_scores(objective: Objective, evaluation: Evaluation, data: DataMatrix) -> Matrix:
    """Scores of all cases by all free rows of the table, shape (n, r)."""
    found = np.zeros((len(data.Y), len(objective.restrictions.free_rows)))
    for g, part in enumerate(objective.template.groups):
        of_group = np.flatnonzero(data.groups == g)
        state, sample, at = evaluation.states[g], objective.moments[g], part.directions
        if part.products is not None:
            found[np.ix_(of_group, part.free)] = product_scores(state, part)
            continue
        p = len(sample.cov)
        centre = state.matrices.eta[:p] if objective.template.meanstructure else sample.mean
        if sample.patterns is None:
            WZ, level = (state.W @ _columns(state)).T, state.G[at.u, at.v][:, None]
            for rows in _blocks(of_group):
                Y = WZ @ (data.Y[rows] - centre).T
                found[np.ix_(rows, part.free)] = _scores(Y, level, at, state).T
        else:
            Y, level = _by_pattern(data.Y[of_group] - centre, _columns(state), state, sample.patterns, at)
            found[np.ix_(of_group, part.free)] = _scores(Y.T, level.T, at, state).T
    return found


def _blocks(rows: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Some thousand cases at a time: what is between answers and scores stays in the processor's cache."""
    return [rows[start : start + _BLOCK] for start in range(0, len(rows), _BLOCK)]


def _scores(Y: Matrix, level: Matrix, at: Directions, state: GroupState) -> Matrix:
    """Scores by the rows of the table, shape (r, n), from Y, shape (2M, n), and what Y_u Y_v is expected to be."""
    first = Y[at.u]
    scores = Y[at.v]
    scores *= first
    scores -= level
    scores *= at.c[:, None]
    first *= state.means[at.m][:, None]
    scores += first
    return scores


def _by_pattern(z: Matrix, Z: Matrix, state: GroupState, patterns: Patterns, at: Directions) -> tuple[Matrix, Matrix]:
    """Y = z W_k Z and G_k[u, v] of each case, with the W_k of its own pattern."""
    assert state.patterns is not None
    W = state.patterns.W
    filled = np.where(np.isnan(z), 0.0, z)
    Y = np.empty((len(z), Z.shape[1]))
    level = np.empty((len(z), len(at.u)))
    for k, Wk in enumerate(W):
        rows = patterns.member == k
        WZ = Wk @ Z
        Y[rows], level[rows] = filled[rows] @ WZ, (Z.T @ WZ)[at.u, at.v]
    return Y, level


def moment_scores(moments: Moments, Y: Matrix) -> Matrix:
    """Scores of all cases by the saturated covariances and means, shape (n, p (p + 3) / 2), at the saturated moments.

    Parameters
    ----------
    Y : ndarray, shape (n, p)
    """
    patterns = moments.patterns if moments.patterns is not None else patterns_of(Y)
    W, _ = inverse_of_observed(moments.cov, patterns)
    z = np.where(np.isnan(Y), 0.0, Y - moments.mean)
    V = np.einsum("nij,nj->ni", W[patterns.member], z) if len(W) > 1 else z @ W[0]
    i, j = lower_triangle(len(moments.cov))
    products = V[:, i] * V[:, j] - W[:, i, j][patterns.member]
    return np.concatenate([np.where(i == j, 0.5, 1.0) * products, V], axis=1)


def sample_scores(objective: Objective, evaluation: Evaluation, data: DataMatrix) -> Matrix:
    """Delta'V times the deviation of each case from the sample moments, shape (n, r) (Satorra and Bentler 1994).

    These sum to zero whatever the model: the weight matrix of the model meets the distribution of the sample.
    """
    found = np.zeros((len(data.Y), len(objective.restrictions.free_rows)))
    for g, part in enumerate(objective.template.groups):
        of_group = np.flatnonzero(data.groups == g)
        state, at = evaluation.states[g], part.directions
        z, given = deviations(objective, data, g)
        if state.weight is not None:
            Delta = moment_slopes(state.matrices, at, len(state.W), objective.template.meanstructure)
            found[np.ix_(of_group, part.free)] = moment_deviations(z, given) @ state.weight @ Delta
            continue
        WZ = state.W @ _columns(state)
        Y, X = z @ WZ, given @ WZ
        squares = Y[:, at.u] * Y[:, at.v] - X[:, at.u] * X[:, at.v]
        weights = None if data.weights is None else data.weights[of_group]
        scores = at.c * (squares - np.average(squares, axis=0, weights=weights)) + state.means[at.m] * (Y - X)[:, at.u]
        found[np.ix_(of_group, part.free)] = scores
    return found


def deviations(objective: Objective, data: DataMatrix, g: int) -> tuple[Matrix, Matrix]:
    """Deviations of the cases of a group from the means, and the part of them that fixed covariates determine.

    The second is zero without fixed covariates; else the regression on them, and the covariates themselves: what does
    not vary over repeated samples does not stretch the test.

    Returns
    -------
    ndarray, shape (n_g, p)
    ndarray, shape (n_g, p)
    """
    sample, k = objective.moments[g], objective.template.n_covariates
    z = data.Y[data.groups == g] - sample.mean
    given = np.zeros_like(z)
    if k:
        slopes = np.linalg.solve(sample.cov[-k:, -k:], sample.cov[-k:])
        given = z[:, -k:] @ slopes
    return z, given


def _columns(state: GroupState) -> Matrix:
    """Z, shape (p, 2M)."""
    p = len(state.W)
    return np.concatenate([state.matrices.Tau[:p], state.matrices.V[:p]], axis=1)


def score_covariance(objective: Objective, evaluation: Evaluation, data: DataMatrix, at_sample: bool = False) -> Matrix:
    """Covariance of the scores of one case by theta, shape (q, q); clusters count as one draw each."""
    if objective.template.levels is not None:
        return cluster_score_covariance(objective, evaluation, data)
    scores = (sample_scores if at_sample else case_scores)(objective, evaluation, data)
    return cross_product(scores @ objective.restrictions.K, data)


def cross_product(contributions: Matrix, data: DataMatrix) -> Matrix:
    """Sum of squares and products over independent draws, divided by the number of cases.

    A draw is a case with its weight; or a cluster of cases, J of them, with the correction J / (J - 1).
    """
    draws, correction = contributions, 1.0
    if data.weights is not None:
        draws = draws * data.weights[:, None]
    if data.clusters is not None:
        J = int(data.clusters.max()) + 1
        sums = np.zeros((J, draws.shape[1]))
        np.add.at(sums, data.clusters, draws)
        J = int((np.bincount(data.clusters, minlength=J) > 0).sum())
        draws, correction = sums, J / (J - 1)
    return np.asarray(correction * draws.T @ draws / len(data.Y))


def cases_of(data: DataMatrix | None, what: str) -> DataMatrix:
    """The cases, or an error that says why they are needed.

    Raises
    ------
    DataError
    """
    if data is None:
        raise DataError(f"{what} needs the answers of each case, but the model was fitted to moments; pass data=.")
    return data
