"""The fit measures that a reader is shown first: corrected where the fit has a corrected test.

The test of exact fit is the scaled one. CFI, TLI and RMSEA are the robust ones where there are such, then the scaled,
then the plain ones; SRMR and the information criteria are always plain.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

from lvmodels.assess.products import has_products
from lvmodels.fit.record import Fit
from lvmodels.report.context import Context
from lvmodels.report.number_format import decimal, p_equation

Kind = Literal["robust", "scaled", ""]

_TEST = ("chisq", "df", "pvalue")
_INCREMENTAL = ("cfi", "tli")
_RMSEA = ("rmsea", "rmsea_ci_lower", "rmsea_ci_upper", "rmsea_pvalue")
_UNCORRECTED = ("srmr", "aic", "bic")


def headline_measures(fit: Fit) -> dict[str, float]:
    """What to show first, under the plain names.

    Parameters
    ----------
    fit : Fit

    Returns
    -------
    dict
        chisq, df, pvalue, cfi, tli, rmsea, rmsea_ci_lower, rmsea_ci_upper, rmsea_pvalue, srmr; aic and bic where there
        is a likelihood, and nothing else with products of latent variables.

    Examples
    --------
    >>> import lvmodels as lv
    >>> data = lv.datasets.load("holzinger_swineford")
    >>> fit = lv.cfa("visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6", data, estimator="MLM")
    >>> shown, known = headline_measures(fit), fit.fit_measures()
    >>> [bool(shown[name] == known[kind]) for name, kind in (("chisq", "chisq_scaled"), ("cfi", "cfi_robust"))]
    [True, True]
    """
    known = _known(fit)
    if has_products(fit):
        return {name: known[name] for name in _UNCORRECTED if name in known}
    test = "_scaled" if is_scaled(fit) else ""
    found = {name: known[f"{name}{test}"] for name in _TEST}
    for names in (_INCREMENTAL, _RMSEA):
        kind = _kind(known, names)
        found |= {name: known[f"{name}_{kind}" if kind else name] for name in names}
    return found | {name: known[name] for name in _UNCORRECTED if name in known}


def is_scaled(fit: Fit) -> bool:
    """Whether the test of exact fit is a corrected one; a saturated model has no test to correct."""
    return fit.converged and fit.df > 0 and "chisq_scaled" in fit.fit_measures().index


def correction_notes(context: Context) -> tuple[str, ...]:
    """Sentences on the corrections that the headline measures carry, with their sources; none for a plain fit."""
    words, fit = context.words, context.fit
    notes = []
    if is_scaled(fit):
        m = _known(fit)
        test = fit.settings.test.replace(".", "_") + ("_ordinal" if fit.settings.categorical else "")
        test = "two_stage" if fit.settings.two_stage and test == "satorra_bentler" else test
        factor, df, plain_df = decimal(m["chisq_scaling_factor"]), degrees(m["df_scaled"]), degrees(m["df"])
        notes.append(words[f"correction.{test}"].format(factor=factor, df=df, plain_df=plain_df))
    if "pvalue_bollen_stine" in fit.fit_measures().index:
        p = p_equation(_known(fit)["pvalue_bollen_stine"])
        notes.append(words["correction.bollen_stine"].format(p=p, count=fit.settings.bootstrap))
    kind = kind_of_indices(fit)
    if kind:
        notes.append(words[f"correction.indices_{kind}"])
    return tuple(notes)


def correction_line(context: Context) -> str:
    """The same in a few words, for a terminal; empty for a plain fit."""
    words, fit = context.words, context.fit
    parts = [words["correction.short_test"].format(test=name_of_test(context))] if is_scaled(fit) else []
    kind = kind_of_indices(fit)
    return "   ".join([*parts, words[f"correction.short_{kind}"]] if kind else parts)


def name_of_test(context: Context) -> str:
    """What the corrected test of the fit is called."""
    test = context.fit.settings.test.replace(".", "_")
    return context.words[f"correction.name_{test}"]


def chi_square_sign(context: Context) -> str:
    """What the headline χ² is called."""
    return context.words["correction.sign"] if is_scaled(context.fit) else "χ²"


def degrees(df: float) -> str:
    """Degrees of freedom, which some corrections make fractional.

    Examples
    --------
    >>> degrees(24.0), degrees(109.3232)
    ('24', '109.32')
    """
    return f"{df:.0f}" if df == round(df) else f"{df:.2f}"


def _known(fit: Fit) -> dict[str, float]:
    return {str(name): float(value) for name, value in fit.fit_measures().items()}


def _kind(known: Mapping[str, float], names: tuple[str, ...]) -> Kind:
    """The best that there is for all of the names; a saturated model has none but the plain ones."""
    kinds: tuple[Kind, ...] = ("robust", "scaled")
    for kind in kinds:
        if all(math.isfinite(known.get(f"{name}_{kind}", math.nan)) for name in names):
            return kind
    return ""


def kind_of_indices(fit: Fit) -> str:
    """Which sentence on the indices holds: robust, scaled, robust for incomplete data or after two stages, or none."""
    if not fit.converged or fit.df == 0 or has_products(fit):
        return ""
    kind = _kind(_known(fit), _RMSEA)
    if kind == "robust" and fit.settings.categorical:
        return "ordinal"
    if kind == "robust" and any(moments.patterns is not None for moments in fit.prepared.moments):
        return "incomplete"
    if kind == "robust" and fit.settings.two_stage:
        return "two_stage"
    return kind if is_scaled(fit) else ""  # full information on complete answers: the same as the plain ones
