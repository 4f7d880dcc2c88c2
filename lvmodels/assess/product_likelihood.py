"""What fits with products of latent variables have, and what they cannot have: tests rest on likelihoods alone.

Products show in the third and higher moments, so that no saturated model stands beside such a fit: there is neither
chi-square nor an index made from it (Klein and Moosbrugger 2000). Nested models are compared by twice the difference of
their log-likelihoods, under non-normal answers divided by a factor c from the scaling factors of both (Satorra and
Bentler 2001, with those of log-likelihoods in place of chi-squares):

    c_fit = tr(A^-1 B) / q,   c = (q1 c1 - q0 c0) / (q1 - q0)

with the observed information A, the covariance B of the scores, and q parameters.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.casewise import cases_of, score_covariance
from lvmodels.assess.intervals import chi_square_tail
from lvmodels.assess.likelihoods import log_likelihood
from lvmodels.assess.vcov import effective_n, inverse_information
from lvmodels.estimate.derived import derived
from lvmodels.estimate.objective import evaluate
from lvmodels.fit.record import Fit

Vector = NDArray[np.float64]
_SAME_LIKELIHOOD = 1e-4


def parameter_count(fit: Fit) -> int:
    """Free parameters, equality constraints taken off."""
    restrictions = fit.objective.restrictions
    return restrictions.n_parameters - len(restrictions.equalities)


def product_measures(fit: Fit) -> dict[str, float]:
    """Log-likelihood and information criteria: all measures that there are."""
    logl, n, npar = log_likelihood(fit), float(fit.nobs), parameter_count(fit)
    return {
        "npar": float(npar),
        "logl": logl,
        "aic": -2.0 * logl + 2.0 * npar,
        "bic": -2.0 * logl + npar * float(np.log(n)),
        "bic2": -2.0 * logl + npar * float(np.log((n + 2.0) / 24.0)),
        "ntotal": n,
    }


def likelihood_ratio(freer: Fit, stricter: Fit, scaled: bool) -> tuple[float, int, float]:
    """Statistic, degrees of freedom and p of the difference of two log-likelihoods; NaN where it cannot be scaled."""
    gap = 2.0 * (log_likelihood(freer) - log_likelihood(stricter))
    more, less = parameter_count(freer), parameter_count(stricter)
    df = more - less
    if scaled and df > 0:
        factor = (more * likelihood_scaling(freer) - less * likelihood_scaling(stricter)) / df
        gap = gap / factor if factor > 0 else float("nan")
    return gap, df, chi_square_tail(max(gap, 0.0), df)


@derived
def likelihood_scaling(fit: Fit) -> float:
    """The scaling factor of a log-likelihood: how much more the estimates vary than under normality."""
    data = cases_of(fit.prepared.data, "a scaled difference of log-likelihoods")
    B = score_covariance(fit.objective, fit.solution, data)
    return float(np.vdot(inverse_information(fit, observed=True), B)) / parameter_count(fit)


def reproduces(freer: Fit, stricter: Fit, at: Vector) -> bool:
    """Whether the freer model has, at parameters of the stricter one, the likelihood of that."""
    there = evaluate(freer.objective, at)
    if there is None:
        return False
    gap = 0.5 * effective_n(freer) * (there.F - freer.solution.F)
    return abs(log_likelihood(freer) - gap - log_likelihood(stricter)) < _SAME_LIKELIHOOD * fit_scale(freer)


def fit_scale(fit: Fit) -> float:
    """What differences of log-likelihoods count as rounding against: the square root of the number of cases."""
    return float(np.sqrt(fit.nobs))
