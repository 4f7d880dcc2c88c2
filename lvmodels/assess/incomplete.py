"""Fit indices with missing values, on the scale they would have without (Zhang and Savalei 2023).

The saturated moments are compared with the implied ones as if they were a complete sample; how far that statistic
strays when the model holds follows from the information that the incomplete data carry.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.baseline import baseline_solution
from lvmodels.assess.scaled import SATURATED, robust_incremental, robust_rmsea
from lvmodels.assess.scaling import moment_covariance
from lvmodels.assess.vcov import effective_n
from lvmodels.estimate.incomplete import moment_information, pattern_state
from lvmodels.estimate.likelihood import group_state, saturated_constant
from lvmodels.estimate.objective import Evaluation, Objective
from lvmodels.fit.inspection import constraint_tangent
from lvmodels.fit.record import Fit
from lvmodels.model.identification import moment_jacobian
from lvmodels.moments.complete import Moments
from lvmodels.moments.missing import complete_pattern, moving_moments
from lvmodels.moments.weight import block_diagonal, normal_weight

Matrix = NDArray[np.float64]


def complete_scale_measures(fit: Fit, df: int, base_df: int) -> dict[str, float]:
    """CFI, TLI and RMSEA of the population, as the complete data would estimate them."""
    if not df:
        return SATURATED
    n = effective_n(fit)
    tangent = constraint_tangent(fit.objective, fit.optimum)
    chisq, trace = _as_complete(fit, fit.objective, fit.solution, tangent)
    base, base_trace = _as_complete(fit, *baseline_solution(fit), None)
    found = robust_incremental(chisq, df, trace, base, base_df, base_trace)
    if trace > 0:
        found |= robust_rmsea(chisq * df / trace, df, trace / df, n, fit.table.n_groups)
    return found


def _as_complete(fit: Fit, objective: Objective, evaluation: Evaluation, tangent: Matrix | None) -> tuple[float, float]:
    """n F(saturated moments, implied moments), and what it averages to when the model holds."""
    total = 0.0
    infos, weights, covariances, moving = [], [], [], []
    for g, (share, sample) in enumerate(zip(objective.weights, objective.moments, strict=True)):
        whole = Moments(sample.n, sample.mean, sample.cov)
        state = group_state(evaluation.states[g].matrices, whole, saturated_constant(whole), meanstructure=True)
        total += share * state.discrepancy
        moving.append(moving_moments(len(sample.cov), objective.template.n_covariates))
        infos.append(share * _information(sample))
        weights.append(share * normal_weight(np.asarray(np.linalg.inv(sample.cov), dtype=np.float64)))
        if fit.settings.test == "yuan.bentler.mplus":
            data = fit.prepared.data
            assert data is not None
            covariances.append(share * moment_covariance(data, g, sample))
    kept = np.flatnonzero(np.concatenate(moving))  # moments of fixed covariates are neither free nor random
    J, Wc = (block_diagonal(m)[np.ix_(kept, kept)] for m in (infos, weights))
    Delta = moment_jacobian(objective.template, objective.restrictions, evaluation.values)
    Delta = (Delta if tangent is None else Delta @ tangent)[kept]
    inverse = np.linalg.inv(J)
    Omega = inverse @ block_diagonal(covariances)[np.ix_(kept, kept)] @ inverse if covariances else inverse
    Q = np.eye(len(J)) - Delta @ np.linalg.solve(Delta.T @ J @ Delta, Delta.T @ J)
    return effective_n(fit) * float(total), float(np.trace(Wc @ Q @ Omega @ Q.T))


def _information(sample: Moments) -> Matrix:
    """Observed information of one case about the saturated moments."""
    patterns = sample.patterns or complete_pattern(sample.mean, sample.cov)
    return moment_information(pattern_state(patterns, sample.cov, sample.mean), observed=True)
