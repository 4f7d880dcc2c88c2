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
_RANK = 1e-6


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

    None with continuous outcomes or covariates, where thresholds are restricted (a discrepancy of the correlations
    tells nothing of that), and where correlations of sample or model are not positive definite.
    """
    layout = fit.objective.template.responses
    if layout is None or len(layout.continuous) or layout.n_covariates or _thresholds_restricted(fit):
        return None
    implied: list[Matrix] = []
    chisq = base = base_trace = 0.0
    for moments, state in zip(fit.prepared.moments, fit.solution.states, strict=True):
        responses, _ = sample_of(moments)
        assert state.responses is not None
        R, Sigma = responses.cov, state.responses.cov
        if min(np.linalg.eigvalsh(R)[0], np.linalg.eigvalsh(Sigma)[0]) <= 1e-8:
            return None
        implied.append(Sigma)
        sample, at_model = float(np.linalg.slogdet(R)[1]), float(np.linalg.slogdet(Sigma)[1])
        chisq += moments.n * (at_model - sample + float(np.trace(np.linalg.solve(Sigma, R))) - layout.p)
        base -= moments.n * sample
        place = layout.places[-1]
        base_trace += float(np.trace(responses.Gamma[place, place]))
    return chisq, _ml_trace(fit, implied), base, base_trace


def _thresholds_restricted(fit: Fit) -> bool:
    """Whether some of the degrees of freedom test thresholds: more than the correlations alone account for."""
    objective, layout = fit.objective, fit.objective.template.responses
    assert layout is not None
    groups = range(len(objective.moments))
    slopes = np.concatenate([slopes_by_theta(objective, fit.solution, g)[layout.places[-1]] for g in groups])
    size = np.sqrt((slopes**2).sum(axis=0))
    told = np.linalg.matrix_rank(slopes[:, size > 0] / size[size > 0], tol=_RANK)
    return bool(fit.df > len(slopes) - told)


def _ml_trace(fit: Fit, implied: list[Matrix]) -> float:
    """tr(W Q Gamma Q') over the correlations, with the normal-theory weights W and Q of the estimator at hand.

    Q takes the sampling errors of all groups to the residual correlations of each.
    """
    objective, layout = fit.objective, fit.objective.template.responses
    assert layout is not None
    place = layout.places[-1]
    i, j = lower_triangle(layout.p)
    off = np.flatnonzero(i != j)
    inverse = inverse_information(fit, observed=False)
    slopes = [slopes_by_theta(objective, fit.solution, g) for g in range(len(implied))]
    total = 0.0
    for g, Sigma in enumerate(implied):
        W = normal_weight(np.asarray(np.linalg.inv(Sigma), dtype=np.float64))[np.ix_(off, off)]
        for h, (share, moments) in enumerate(zip(objective.weights, objective.moments, strict=True)):
            responses, V = sample_of(moments)
            Q = -share * slopes[g][place] @ inverse @ weighted(V, slopes[h]).T
            if g == h:
                Q[:, place] += np.eye(Q.shape[0])
            total += objective.moments[g].n / moments.n * float(np.vdot(W, Q @ responses.Gamma @ Q.T))
    return total
