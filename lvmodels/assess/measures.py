"""Fit measures: one function a family, gathered under the customary names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lvmodels.assess.intervals import chi_square_tail, noncentral_tail, noncentrality_at
from lvmodels.assess.likelihoods import baseline, chi_square, log_likelihood, saturated_log_likelihood
from lvmodels.assess.misfit import absolute_measures
from lvmodels.assess.vcov import effective_n
from lvmodels.fit.inspection import moment_count
from lvmodels.fit.record import Fit, derived

if TYPE_CHECKING:
    import pandas as pd

CLOSE_FIT, NOT_CLOSE_FIT, RMSEA_LEVEL = 0.05, 0.08, 0.90


def n_parameters(fit: Fit) -> int:
    """Free parameters, equality constraints taken off; active bounds are not."""
    restrictions = fit.objective.restrictions
    return restrictions.n_parameters - len(restrictions.equalities)


def degrees_of_freedom(fit: Fit) -> int:
    """Sample moments less free parameters."""
    return moment_count(fit.objective.template) - n_parameters(fit)


def fit_measures(fit: Fit) -> pd.Series[float]:
    """The series behind `Fit.fit_measures`; without convergence only the counts are numbers."""
    import pandas as pd

    measures = dict(all_measures(fit))
    if not fit.converged:
        measures = {k: v if k in ("npar", "df", "ntotal") else float("nan") for k, v in measures.items()}
    return pd.Series(measures, dtype=float)


@derived
def all_measures(fit: Fit) -> dict[str, float]:
    """All measures by name."""
    npar, n, df = n_parameters(fit), float(fit.nobs), degrees_of_freedom(fit)
    chisq = chi_square(fit)
    logl = log_likelihood(fit)
    return {
        "npar": npar,
        "fmin": fit.optimum.F / 2.0,
        "chisq": chisq,
        "df": df,
        "pvalue": chi_square_tail(chisq, df),
        **incremental_measures(chisq, df, *baseline(fit)),
        "logl": logl,
        "unrestricted_logl": saturated_log_likelihood(fit),
        "aic": -2.0 * logl + 2.0 * npar,
        "bic": -2.0 * logl + npar * np.log(n),
        "ntotal": n,
        "bic2": -2.0 * logl + npar * np.log((n + 2.0) / 24.0),
        **rmsea_measures(chisq, df, effective_n(fit), fit.table.n_groups),
        **absolute_measures(fit, chisq, df, npar),
    }


def incremental_measures(chisq: float, df: int, base: float, base_df: int) -> dict[str, float]:
    """Measures relative to the baseline model (Bentler 1990; Tucker and Lewis 1973; Bollen 1986, 1989).

    Examples
    --------
    >>> round(incremental_measures(85.306, 24, 918.852, 36)["cfi"], 3)
    0.931
    """
    excess, base_excess = max(chisq - df, 0.0), max(chisq - df, base - base_df, 0.0)
    ratio = chisq / df if df else float("nan")
    base_ratio = base / base_df if base_df else float("nan")
    tli = _ratio(base_ratio - ratio, base_ratio - 1.0) if df else 1.0
    return {
        "baseline_chisq": base,
        "baseline_df": base_df,
        "baseline_pvalue": chi_square_tail(base, base_df),
        "cfi": 1.0 - excess / base_excess if base_excess > 0 else 1.0,
        "tli": tli,
        "nnfi": tli,
        "rfi": _ratio(base_ratio - ratio, base_ratio) if df else 1.0,
        "nfi": _ratio(base - chisq, base),
        "pnfi": df / base_df * _ratio(base - chisq, base) if base_df else float("nan"),
        "ifi": _ratio(base - chisq, base - df),
        "rni": 1.0 - _ratio(chisq - df, base - base_df),
    }


def _ratio(top: float, bottom: float) -> float:
    return top / bottom if bottom != 0 else float("nan")


def rmsea_measures(chisq: float, df: int, n: float, groups: int) -> dict[str, float]:
    """Root mean square error of approximation, its 90 % interval and tests (Steiger 1990; Browne and Cudeck 1993)."""
    if df == 0:
        nan = float("nan")
        return {"rmsea": 0.0, "rmsea_ci_lower": 0.0, "rmsea_ci_upper": 0.0, "rmsea_ci_level": RMSEA_LEVEL,
                "rmsea_pvalue": nan, "rmsea_close_h0": CLOSE_FIT, "rmsea_notclose_pvalue": nan,
                "rmsea_notclose_h0": NOT_CLOSE_FIT}  # fmt: skip
    tail = (1.0 - RMSEA_LEVEL) / 2.0

    def rmsea(noncentrality: float) -> float:
        return float(np.sqrt(max(noncentrality, 0.0) / (n * df)) * np.sqrt(groups))

    def noncentrality(h0: float) -> float:
        return n * df * h0**2 / groups

    return {
        "rmsea": rmsea(chisq - df),
        "rmsea_ci_lower": rmsea(noncentrality_at(chisq, df, 1.0 - tail)),
        "rmsea_ci_upper": rmsea(noncentrality_at(chisq, df, tail)),
        "rmsea_ci_level": RMSEA_LEVEL,
        "rmsea_pvalue": noncentral_tail(chisq, df, noncentrality(CLOSE_FIT)),
        "rmsea_close_h0": CLOSE_FIT,
        "rmsea_notclose_pvalue": 1.0 - noncentral_tail(chisq, df, noncentrality(NOT_CLOSE_FIT)),
        "rmsea_notclose_h0": NOT_CLOSE_FIT,
    }
