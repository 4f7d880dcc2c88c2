"""Fit measures: one function a family, gathered under the customary names."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from lvmodels.assess.correlations import correlation_measures
from lvmodels.assess.incomplete import complete_scale_measures
from lvmodels.assess.incremental import incremental_measures
from lvmodels.assess.intervals import chi_square_tail
from lvmodels.assess.level_misfit import level_residual_measures
from lvmodels.assess.likelihoods import baseline, chi_square, log_likelihood, saturated_log_likelihood
from lvmodels.assess.misfit import absolute_measures
from lvmodels.assess.product_likelihood import parameter_count, product_measures
from lvmodels.assess.products import has_products
from lvmodels.assess.replicates import bollen_stine, exceedance
from lvmodels.assess.residual_test import residual_test_measures
from lvmodels.assess.rmsea import rmsea_measures
from lvmodels.assess.scaled import scaled_measures
from lvmodels.assess.vcov import effective_n
from lvmodels.estimate.derived import derived
from lvmodels.fit.inspection import moment_count
from lvmodels.fit.record import Fit

if TYPE_CHECKING:
    import pandas as pd


def n_parameters(fit: Fit) -> int:
    """Free parameters, equality constraints taken off; active bounds are not."""
    return parameter_count(fit)


def degrees_of_freedom(fit: Fit) -> int:
    """Sample moments less free parameters."""
    return moment_count(fit.objective.template) - n_parameters(fit)


def fit_measures(fit: Fit) -> pd.Series[float]:
    """The series behind `Fit.fit_measures`; without convergence only the counts are numbers."""
    import pandas as pd

    measures = dict(all_measures(fit))
    if not fit.converged:
        measures = {k: v if k in ("npar", "df", "ntotal") else float("nan") for k, v in measures.items()}
    return pd.Series(np.array([*measures.values()], dtype=float), index=_index(tuple(measures)))


@lru_cache(maxsize=16)
def _index(names: tuple[str, ...]) -> pd.Index[str]:
    """The names as an index, made once for each set of them."""
    import pandas as pd

    return pd.Index(names)


@derived
def all_measures(fit: Fit) -> dict[str, float]:
    """All measures by name."""
    if has_products(fit):
        return product_measures(fit)
    npar, df = n_parameters(fit), degrees_of_freedom(fit)
    chisq = chi_square(fit)
    base, base_df = baseline(fit)
    corrected = scaled_measures(fit, chisq, df) if fit.settings.scaled_test else {}
    if fit.settings.full_information and fit.prepared.data is not None and not fit.table.levels:
        corrected |= complete_scale_measures(fit, df, base_df)
    if fit.settings.categorical and fit.settings.scaled_test:
        corrected |= correlation_measures(fit, df, base_df)
    if fit.settings.test == "bollen.stine" and df and fit.converged and not fit.singular:
        corrected = {"pvalue_bollen_stine": exceedance(fit, bollen_stine(fit))}
    return {
        "npar": npar,
        "fmin": (chisq / fit.nobs if fit.table.levels else fit.optimum.F) / 2.0,
        "chisq": chisq,
        "df": df,
        "pvalue": chi_square_tail(chisq, df),
        **incremental_measures(chisq, df, base, base_df),
        **({} if fit.settings.least_squares else likelihood_measures(fit, npar)),
        "ntotal": float(fit.nobs),
        **rmsea_measures(chisq, df, effective_n(fit), fit.table.n_groups),
        **corrected,
        **residual_test_measures(fit, df),
        **(level_residual_measures(fit) if fit.table.levels else absolute_measures(fit, chisq, df, npar)),
    }


def likelihood_measures(fit: Fit, npar: int) -> dict[str, float]:
    """Log-likelihoods and information criteria (Akaike 1974; Schwarz 1978; Sclove 1987)."""
    logl, n = log_likelihood(fit), float(fit.nobs)
    return {
        "logl": logl,
        "unrestricted_logl": saturated_log_likelihood(fit),
        "aic": -2.0 * logl + 2.0 * npar,
        "bic": -2.0 * logl + npar * np.log(n),
        "bic2": -2.0 * logl + npar * np.log((n + 2.0) / 24.0),
    }
