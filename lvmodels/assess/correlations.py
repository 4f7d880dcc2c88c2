"""Fit indices of ordinal data on the scale of maximum likelihood (Savalei 2021).

Polychoric correlations are compared with those the least-squares estimates imply by the discrepancy of maximum
likelihood, and that statistic is corrected for its mean.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import lower_triangle
from lvmodels.assess.categorical import sample_of, slopes_by_theta
from lvmodels.assess.scaled import SATURATED, robust_incremental, robust_rmsea
from lvmodels.assess.vcov import effective_n, inverse_information
from lvmodels.fit.record import Fit
from lvmodels.moments.weight import normal_weight, weighted

Matrix = NDArray[np.float64]


def correlation_measures(fit: Fit, df: int, base_df: int) -> dict[str, float]:
    """CFI, TLI and RMSEA of the population of latent responses; empty where they are not defined."""
    if not df:
        return SATURATED
    found = _statistics(fit)
    if found is None:
        return {}
    chisq, trace, base, base_trace = found
    measures = robust_incremental(chisq, df, trace, base, base_df, base_trace)
    if trace > 0:
        measures |= robust_rmsea(chisq * df / trace, df, trace / df, effective_n(fit), fit.table.n_groups)
    return measures


def _statistics(fit: Fit) -> tuple[float, float, float, float] | None:
    """n F_ML of the correlations and what it averages to when the model holds, for the model and its baseline.

    None for several groups, continuous outcomes or covariates, and where correlations of sample or model are not
    positive definite.
    """
    layout = fit.objective.template.responses
    if layout is None or fit.table.n_groups > 1 or len(layout.continuous) or layout.n_covariates:
        return None
    responses, _ = sample_of(fit.prepared.moments[0])
    state = fit.solution.states[0].responses
    assert state is not None
    R, Sigma = responses.cov, state.cov
    if min(np.linalg.eigvalsh(R)[0], np.linalg.eigvalsh(Sigma)[0]) <= 1e-8:
        return None
    n, p = fit.prepared.moments[0].n, layout.p
    chisq = n * float(np.linalg.slogdet(Sigma)[1] - np.linalg.slogdet(R)[1] + np.trace(np.linalg.solve(Sigma, R)) - p)
    base = -n * float(np.linalg.slogdet(R)[1])
    place = layout.places[-1]
    return chisq, _ml_trace(fit, Sigma), base, float(np.trace(responses.Gamma[place, place]))


def _ml_trace(fit: Fit, Sigma: Matrix) -> float:
    """tr(W Q Gamma Q') over the correlations, with the normal-theory weight W and Q of the estimator at hand."""
    objective, layout = fit.objective, fit.objective.template.responses
    assert layout is not None
    responses, V = sample_of(objective.moments[0])
    Delta = slopes_by_theta(objective, fit.solution, 0)
    inverse = inverse_information(fit, observed=False)
    place = layout.places[-1]
    i, j = lower_triangle(layout.p)
    off = np.flatnonzero(i != j)
    W = normal_weight(np.asarray(np.linalg.inv(Sigma), dtype=np.float64))[np.ix_(off, off)]
    fitted = Delta[place] @ inverse @ weighted(V, Delta).T
    Q = -fitted
    Q[:, place] += np.eye(Q.shape[0])
    return float(np.vdot(W, Q @ responses.Gamma @ Q.T))
