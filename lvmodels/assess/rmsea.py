"""Root mean square error of approximation."""

from __future__ import annotations

import numpy as np

from lvmodels.assess.intervals import noncentral_tail, noncentrality_at

CLOSE_FIT, NOT_CLOSE_FIT, RMSEA_LEVEL = 0.05, 0.08, 0.90


def rmsea_measures(chisq: float, df: float, n: float, groups: int) -> dict[str, float]:
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
