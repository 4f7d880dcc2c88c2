"""Measures of fit relative to the baseline model."""

from __future__ import annotations

from lvmodels.assess.intervals import chi_square_tail


def incremental_measures(chisq: float, df: float, base: float, base_df: float) -> dict[str, float]:
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
