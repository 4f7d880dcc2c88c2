"""Errors and test of two-stage maximum likelihood: what the first stage adds to the uncertainty of its moments.

The model is fitted to saturated moments as if they came from a complete sample. With Gamma their covariance given the
incomplete data, H the normal-theory weight at them and Delta the derivatives of the implied moments, the estimates have
the covariance (Delta'H Delta)^-1 Delta'H Gamma H Delta (Delta'H Delta)^-1 / n (Savalei and Bentler 2009, eq. 9), and
the test statistic the mean tr(U Gamma), U = H - H Delta (Delta'H Delta)^-1 Delta'H (Savalei and Falk 2014).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.casewise import cases_of, moment_scores
from lvmodels.estimate.derived import derived
from lvmodels.estimate.incomplete import moment_information, pattern_state
from lvmodels.estimate.objective import Evaluation, Objective
from lvmodels.fit.record import Fit
from lvmodels.model.identification import moment_jacobian
from lvmodels.moments.complete import Moments
from lvmodels.moments.weight import block_diagonal, normal_weight

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]


@derived
def first_stage_gamma(fit: Fit, g: int) -> Matrix:
    """Covariance, times n, of the distinct covariances and means of a group, shape (p (p + 3) / 2,) twice.

    The inverse of the information that the incomplete data carry about all moments, those of auxiliary variables too;
    "robust.two.stage" puts the covariance of the scores of the cases between two of them.
    """
    sample = fit.prepared.moments[g]
    stage = sample.first_stage
    assert stage is not None
    state = pattern_state(stage.patterns, stage.cov, stage.mean)
    inverse = np.linalg.inv(moment_information(state, observed=fit.settings.information != "expected"))
    if fit.settings.missing == "robust.two.stage":
        data = cases_of(fit.prepared.data, "missing='robust.two.stage'")
        whole = Moments(sample.n, stage.mean, stage.cov, stage.patterns)
        scores = moment_scores(whole, data.Y[data.groups == g])
        inverse = inverse @ (scores.T @ scores / len(scores)) @ inverse
    kept = stage.of_model(len(sample.mean))
    return np.asarray(inverse[np.ix_(kept, kept)])


def two_stage_covariance(fit: Fit, tangent: Matrix | None) -> Matrix:
    """Covariance of the estimates, times n, shape (q, q)."""
    Delta, H, Gamma = two_stage_parts(fit, fit.objective, fit.solution)
    T = np.eye(Delta.shape[1]) if tangent is None else tangent
    HD = H @ Delta @ T
    bread = T @ np.linalg.inv((Delta @ T).T @ HD)
    middle = bread @ HD.T
    return np.asarray(middle @ Gamma @ middle.T)


def two_stage_information(fit: Fit) -> Matrix:
    """Delta'H Delta, shape (q, q): the information of one case, had the moments come from a complete sample."""
    Delta, H, _ = two_stage_parts(fit, fit.objective, fit.solution)
    return np.asarray(Delta.T @ H @ Delta)


def two_stage_residual_variance(fit: Fit, g: int, tangent: Matrix | None) -> tuple[Vector, Vector]:
    """Variances of the residual moments of a group, and of its sample moments alone: diagonals of Q Gamma Q' / n.

    Q = I - Delta (Delta'H Delta)^-1 Delta'H, with H at the implied moments as for complete data.
    """
    Delta, _, Gamma = two_stage_parts(fit, fit.objective, fit.solution)
    H = block_diagonal(
        [w * normal_weight(s.W) for w, s in zip(fit.objective.weights, fit.solution.states, strict=True)]
    )
    T = Delta if tangent is None else Delta @ tangent
    HT = H @ T
    Q = np.eye(len(H)) - T @ np.linalg.solve(T.T @ HT, HT.T)
    size, n = len(H) // len(fit.objective.moments), sum(sample.n for sample in fit.objective.moments)
    of_group = slice(g * size, (g + 1) * size)
    variance = np.einsum("ij,jk,ik->i", Q[of_group], Gamma, Q[of_group], optimize=True) / n
    return variance, np.diagonal(Gamma)[of_group] / n


def two_stage_traces(
    fit: Fit, objective: Objective, evaluation: Evaluation, tangent: Matrix | None
) -> tuple[float, float]:
    """tr(U Gamma) and tr((U Gamma)²)."""
    Delta, H, Gamma = two_stage_parts(fit, objective, evaluation)
    Delta = Delta if tangent is None else Delta @ tangent
    HD = H @ Delta
    UG = (H - HD @ np.linalg.solve(Delta.T @ HD, HD.T)) @ Gamma
    return float(np.trace(UG)), float(np.sum(UG * UG.T))


def two_stage_parts(fit: Fit, objective: Objective, evaluation: Evaluation) -> tuple[Matrix, Matrix, Matrix]:
    """Delta, H and Gamma of all groups as one weighted problem."""
    Delta = moment_jacobian(objective.template, objective.restrictions, evaluation.values)
    shares = list(zip(objective.weights, objective.moments, strict=True))
    H = block_diagonal([w * normal_weight(np.asarray(np.linalg.inv(m.cov), dtype=np.float64)) for w, m in shares])
    Gamma = block_diagonal([first_stage_gamma(fit, g) / w for g, (w, _) in enumerate(shares)])
    return Delta, H, Gamma
