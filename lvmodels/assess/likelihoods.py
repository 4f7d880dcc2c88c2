"""Log-likelihoods and chi-squares of the fitted, the saturated and the baseline model."""

from __future__ import annotations

import numpy as np

from lvmodels.assess.vcov import effective_n
from lvmodels.fit.record import Fit, derived
from lvmodels.moments.complete import Moments

_LOG_2_PI = float(np.log(2.0 * np.pi))


@derived
def chi_square(fit: Fit) -> float:
    """n times the minimum of the discrepancy function."""
    return max(effective_n(fit) * fit.optimum.F, 0.0)


@derived
def saturated_log_likelihood(fit: Fit) -> float:
    """Log-likelihood of the sample moments themselves, covariates left out when their moments are fixed."""
    k = fit.objective.template.n_covariates
    return sum(_saturated(m) - _saturated(_covariates(m, k)) for m in fit.prepared.moments)


def _saturated(moments: Moments) -> float:
    p = len(moments.cov)
    log_det = np.linalg.slogdet(moments.cov)[1] if p else 0.0
    return float(-0.5 * moments.n * (p * _LOG_2_PI + log_det + p))


def _covariates(moments: Moments, k: int) -> Moments:
    start = len(moments.cov) - k
    return Moments(moments.n, moments.mean[start:], moments.cov[start:, start:])


@derived
def log_likelihood(fit: Fit) -> float:
    """Log-likelihood at the estimates, constants included."""
    weights = [m.n for m in fit.prepared.moments]
    gap = sum(n * s.discrepancy for n, s in zip(weights, fit.solution.states, strict=True))
    return saturated_log_likelihood(fit) - 0.5 * gap


@derived
def baseline(fit: Fit) -> tuple[float, int]:
    """Chi-square and degrees of freedom of the model without covariances, except among covariates."""
    k = len(fit.table.variables.covariates)
    total, df = 0.0, 0
    for weight, log_det, moments in zip(
        fit.objective.weights, fit.objective.log_dets, fit.prepared.moments, strict=True
    ):
        p = len(moments.cov)
        free = p - k
        block = np.linalg.slogdet(moments.cov[free:, free:])[1] if k else 0.0
        discrepancy = np.log(np.diagonal(moments.cov)[:free]).sum() + block - log_det
        total += float(weight * discrepancy)
        df += p * (p - 1) // 2 - k * (k - 1) // 2
    return effective_n(fit) * total, df
