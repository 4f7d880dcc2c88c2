"""Log-likelihoods and chi-squares of the fitted, the saturated and the baseline model."""

from __future__ import annotations

import numpy as np

from lvmodels.assess.baseline import baseline_solution
from lvmodels.assess.twolevel import baseline_optimum, level_chi_square, level_log_likelihood, saturated_optimum
from lvmodels.assess.vcov import effective_n
from lvmodels.estimate.derived import derived
from lvmodels.estimate.likelihood import saturated_constant
from lvmodels.fit.inspection import moment_count
from lvmodels.fit.record import Fit
from lvmodels.moments.complete import Moments

_LOG_2_PI = float(np.log(2.0 * np.pi))


@derived
def chi_square(fit: Fit) -> float:
    """n times the minimum of the discrepancy function."""
    if fit.table.levels:
        return level_chi_square(fit, fit.optimum.F)
    return max(effective_n(fit) * fit.optimum.F, 0.0)


@derived
def saturated_log_likelihood(fit: Fit) -> float:
    """Log-likelihood of the sample moments themselves, covariates left out when their moments are fixed."""
    if fit.table.levels:
        _, optimum = saturated_optimum(fit)
        return level_log_likelihood(fit, optimum.F) if optimum.converged else float("nan")
    k = fit.objective.template.n_covariates
    together = zip(fit.prepared.moments, fit.objective.constants, strict=True)
    return sum(_saturated(m, constant) - _of_covariates(m, k) for m, constant in together)


def _of_covariates(moments: Moments, k: int) -> float:
    if not k:
        return 0.0
    part = Moments(moments.n, moments.mean[-k:], moments.cov[-k:, -k:])
    return _saturated(part, saturated_constant(part))


def _saturated(moments: Moments, constant: float) -> float:
    p: float = len(moments.cov)
    if moments.patterns is not None:
        p = float(moments.patterns.share @ moments.patterns.observed.sum(axis=1))
    return -0.5 * moments.n * (p * _LOG_2_PI + constant)


@derived
def log_likelihood(fit: Fit) -> float:
    """Log-likelihood at the estimates, constants included."""
    if fit.table.levels:
        return level_log_likelihood(fit, fit.optimum.F)
    weights = [m.n for m in fit.prepared.moments]
    gap = sum(n * s.discrepancy for n, s in zip(weights, fit.solution.states, strict=True))
    return saturated_log_likelihood(fit) - 0.5 * gap


@derived
def baseline(fit: Fit) -> tuple[float, int]:
    """Chi-square and degrees of freedom of the model without covariances, except among covariates."""
    if fit.table.levels:
        objective, optimum = baseline_optimum(fit)
        return level_chi_square(fit, optimum.F), moment_count(objective.template) - objective.restrictions.n_parameters
    variables = fit.table.variables
    p = len(variables.observed) - len(variables.auxiliary)
    k = 0 if variables.auxiliary else len(variables.covariates)
    df = fit.table.n_groups * (p * (p - 1) // 2 - k * (k - 1) // 2)
    if fit.objective.template.responses is not None:  # slopes on covariates are free
        df = fit.table.n_groups * len(fit.objective.template.responses.pairs[0])
    if variables.auxiliary or any(m.patterns is not None or m.weight is not None for m in fit.prepared.moments):
        return effective_n(fit) * baseline_solution(fit)[1].F, df
    total = 0.0
    for weight, constant, moments in zip(
        fit.objective.weights, fit.objective.constants, fit.prepared.moments, strict=True
    ):
        block = np.linalg.slogdet(moments.cov[p - k :, p - k :])[1] if k else 0.0
        discrepancy = np.log(np.diagonal(moments.cov)[: p - k]).sum() + block + p - constant
        total += float(weight * discrepancy)
    return effective_n(fit) * total, df
