"""When equality across groups or waves is taken to hold: changes of fit, judged in words.

Chi-square tells trifles apart in large samples, so that a step is judged by how much the approximate fit worsens
(Cheung and Rensvold 2002 for CFI; Chen 2007 for RMSEA and SRMR); the difference test stands beside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lvmodels.errors import OptionValueError, nearest

Verdict = Literal["holds", "doubtful", "fails", "not judged"]


@dataclass(frozen=True, slots=True)
class Criteria:
    """Limits beyond which a step of a ladder is not accepted.

    Attributes
    ----------
    cfi : float
        How much CFI may fall (Cheung and Rensvold 2002).
    rmsea : float
        How much RMSEA may rise (Chen 2007).
    srmr_loadings, srmr : float
        How much SRMR may rise when loadings, or anything else, become equal (Chen 2007).
    alpha : float
        Level of the difference test, which decides about latent means, variances, covariances and regressions alone.
    """

    cfi: float = 0.010
    rmsea: float = 0.015
    srmr_loadings: float = 0.030
    srmr: float = 0.015
    alpha: float = 0.05


STRUCTURAL = {"means", "lv.variances", "lv.covariances", "regressions"}
_ACCEPTABLE = (0.90, 0.08)  # CFI at least, RMSEA at most


def judge(kinds: tuple[str, ...], row: Mapping[str, float], limits: Criteria) -> tuple[Verdict, str]:
    """The verdict on a step, and the reasons in a sentence.

    Parameters
    ----------
    kinds : tuple of str
        What became equal at the step; none for the first step.
    row : mapping
        The row of the table: chisq_diff, df_diff, p_diff, cfi_diff, rmsea_diff, srmr_diff; cfi, rmsea of the first.
    """
    if not kinds:
        return _first(row)
    if row["df_diff"] == 0:
        few = " because with so few categories equal thresholds only choose the scale" if "thresholds" in kinds else ""
        return "holds", f"it restricts nothing{few}, so that there is nothing to test"
    test = (
        f"chi-square {'rises' if row['chisq_diff'] >= 0 else 'falls'} by {abs(row['chisq_diff']):.2f} with "
        f"{row['df_diff']:.0f} degrees of freedom (p {_p(row['p_diff'])})"
        if np.isfinite(row["p_diff"])
        else "the difference test does not exist"
    )
    if set(kinds) <= STRUCTURAL:
        verdict: Verdict = "holds" if not row["p_diff"] < limits.alpha else "fails"
        return verdict, f"{test}, judged at the {limits.alpha:.0%} level; CFI changes by {_signed(row['cfi_diff'])}"
    srmr = limits.srmr_loadings if "loadings" in kinds else limits.srmr
    over = {
        "CFI": -row["cfi_diff"] > limits.cfi,
        "RMSEA": row["rmsea_diff"] > limits.rmsea,
        "SRMR": row["srmr_diff"] > srmr,
    }
    cfi, rmsea, rise = (_signed(row[f"{name}_diff"]) for name in ("cfi", "rmsea", "srmr"))
    reasons = (
        f"CFI changes by {cfi} (it may fall by {limits.cfi:.3f}: Cheung and Rensvold 2002), RMSEA by {rmsea} and SRMR "
        f"by {rise} (these may rise by {limits.rmsea:.3f} and {srmr:.3f}: Chen 2007); {test}"
    )
    if not np.isfinite([row["cfi_diff"], row["rmsea_diff"]]).all():
        return "not judged", f"fit indices are not defined; {test}"
    if over["CFI"] or (over["RMSEA"] and over["SRMR"]):
        return "fails", reasons
    return ("doubtful" if over["RMSEA"] or over["SRMR"] else "holds"), reasons


def checked_criteria(criteria: Criteria | Mapping[str, float] | None) -> Criteria:
    """Limits as a record.

    Raises
    ------
    OptionValueError
    """
    if criteria is None:
        return Criteria()
    if isinstance(criteria, Criteria):
        return criteria
    known = list(Criteria.__slots__)
    for name in criteria:
        if name not in known:
            raise OptionValueError(
                f"criteria name '{name}', which is no limit. {nearest(name, known) or 'Use ' + ', '.join(known) + '.'}"
            )
    return Criteria(**criteria)


def _first(row: Mapping[str, float]) -> tuple[Verdict, str]:
    cfi, rmsea = row["cfi"], row["rmsea"]
    if row["df"] == 0:
        return "holds", "it has no degrees of freedom and fits any data, so that it says nothing about the pattern"
    if not np.isfinite([cfi, rmsea]).all():
        return "not judged", "its fit indices are not defined"
    good = cfi >= _ACCEPTABLE[0] and rmsea <= _ACCEPTABLE[1]
    words = f"CFI is {cfi:.3f} and RMSEA {rmsea:.3f}"
    if good:
        return "holds", f"{words}, acceptable"
    return "doubtful", (
        f"{words}, which is not good (CFI of {_ACCEPTABLE[0]:.2f} and RMSEA of {_ACCEPTABLE[1]:.2f} are usual limits); "
        "the steps below compare models that may all be wrong, so look at fit.modification_indices() first"
    )


def _signed(value: float) -> str:
    """Three digits with their sign; what rounds to nothing has none."""
    shown = f"{value:+.3f}"
    return shown[1:] if shown[1:] == "0.000" else shown


def _p(value: float) -> str:
    return "< .001" if value < 0.001 else "= " + f"{value:.3f}".removeprefix("0")
