"""Fit measures of corrected tests: scaled (from the corrected statistics) and robust (population quantities estimated).

Robust CFI and TLI after Brosseau-Liard and Savalei (2014), robust RMSEA after Brosseau-Liard, Savalei and Li (2012).
"""

from __future__ import annotations

import numpy as np

from lvmodels.assess.incremental import incremental_measures
from lvmodels.assess.intervals import noncentral_tail, noncentrality_at
from lvmodels.assess.likelihoods import baseline
from lvmodels.assess.rmsea import CLOSE_FIT, NOT_CLOSE_FIT, RMSEA_LEVEL, rmsea_measures
from lvmodels.assess.scaling import ScaledTest, scaled_test
from lvmodels.assess.vcov import effective_n
from lvmodels.fit.record import Fit

SATURATED = {  # robust measures of a model that reproduces the sample
    "cfi_robust": 1.0, "tli_robust": 1.0, "nnfi_robust": 1.0, "rni_robust": 1.0,
    "rmsea_robust": 0.0, "rmsea_ci_lower_robust": 0.0, "rmsea_ci_upper_robust": 0.0,
    "rmsea_pvalue_robust": float("nan"), "rmsea_notclose_pvalue_robust": float("nan"),
}  # fmt: skip


def scaled_measures(fit: Fit, chisq: float, df: int) -> dict[str, float]:
    """All measures that a corrected test adds to the plain ones."""
    test = scaled_test(fit, chisq, df)
    base_chisq, base_df = baseline(fit)
    base = scaled_test(fit, base_chisq, base_df, of_baseline=True)
    n, groups = effective_n(fit), fit.table.n_groups
    plain = incremental_measures(test.chisq, test.df, base.chisq, base.df)
    found = {
        "chisq_scaled": test.chisq,
        "df_scaled": test.df,
        "pvalue_scaled": test.pvalue,
        "chisq_scaling_factor": test.factor,
        "baseline_chisq_scaled": base.chisq,
        "baseline_df_scaled": base.df,
        "baseline_pvalue_scaled": base.pvalue,
        "baseline_chisq_scaling_factor": base.factor,
        **{f"{name}_scaled": value for name, value in plain.items() if not name.startswith("baseline")},
        **_rmsea_scaled(fit, test, chisq, df, n, groups),
    }
    if fit.settings.test == "yuan.bentler.mplus":
        found |= {"scaling_factor_h1": test.factor_h1, "scaling_factor_h0": test.factor_h0}
    if fit.settings.full_information or fit.settings.categorical:
        # the measures of `lvmodels.assess.incomplete` and `lvmodels.assess.correlations` instead
        return found
    if not df:
        found |= SATURATED
    elif fit.settings.test != "mean.var.adjusted":
        found |= robust_incremental(chisq, df, test.trace, base_chisq, base_df, base.trace)
        factor = test.factor if fit.settings.test == "scaled.shifted" else test.trace / df
        found |= robust_rmsea(test.chisq, df, factor, n, groups)
    return found


def _rmsea_scaled(fit: Fit, test: ScaledTest, chisq: float, df: int, n: float, groups: int) -> dict[str, float]:
    """From the shifted statistic itself; else from the plain one with tr(U Gamma) in place of df."""
    if fit.settings.test == "scaled.shifted" or not df:
        measures = rmsea_measures(test.chisq, df, n, groups)
    else:
        measures = rmsea_measures(chisq, test.trace, n, groups)
    kept = ("rmsea", "rmsea_ci_lower", "rmsea_ci_upper", "rmsea_pvalue", "rmsea_notclose_pvalue")
    return {f"{name}_scaled": measures[name] for name in kept}


def robust_incremental(
    chisq: float, df: int, trace: float, base: float, base_df: int, base_trace: float
) -> dict[str, float]:
    """CFI and TLI with each chi-square less what it averages to when its model holds."""
    excess, base_excess = chisq - trace, base - base_trace
    bottom = max(excess, base_excess, 0.0)
    tli = 1.0 - excess / df * base_df / base_excess if base_excess else float("nan")
    return {
        "cfi_robust": 1.0 - max(excess, 0.0) / bottom if bottom > 0 else 1.0,
        "tli_robust": tli,
        "nnfi_robust": tli,
        "rni_robust": 1.0 - excess / base_excess if base_excess else float("nan"),
    }


def robust_rmsea(scaled: float, df: int, factor: float, n: float, groups: int) -> dict[str, float]:
    """RMSEA from a scaled chi-square, brought back to the scale of the discrepancy function."""
    tail = (1.0 - RMSEA_LEVEL) / 2.0

    def rmsea(noncentrality: float) -> float:
        return float(np.sqrt(factor * max(noncentrality, 0.0) / (n * df)) * np.sqrt(groups))

    def p_of(h0: float) -> float:
        return noncentral_tail(scaled, df, n * df * h0**2 / groups / factor)

    return {
        "rmsea_robust": rmsea(scaled - df),
        "rmsea_ci_lower_robust": rmsea(noncentrality_at(scaled, df, 1.0 - tail)),
        "rmsea_ci_upper_robust": rmsea(noncentrality_at(scaled, df, tail)),
        "rmsea_pvalue_robust": p_of(CLOSE_FIT),
        "rmsea_notclose_pvalue_robust": 1.0 - p_of(NOT_CLOSE_FIT),
    }
