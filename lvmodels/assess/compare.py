"""Nested models side by side: differences of chi-square and of fit indices."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from lvmodels.assess.difference import AMethod, Difference, Method, difference_test
from lvmodels.assess.measures import all_measures, degrees_of_freedom
from lvmodels.assess.nesting import nested
from lvmodels.errors import ComparisonWarning, ModelError, NotConvergedError, OptionValueError, nearest
from lvmodels.estimate.threads import one_thread
from lvmodels.fit.record import Fit

if TYPE_CHECKING:
    import pandas as pd

_METHODS = ("default", "standard", "satorra.bentler.2001", "satorra.bentler.2010", "satorra.2000")
_TWO_MOMENTS = ("scaled.shifted", "mean.var.adjusted")
_SCALED = ("satorra.bentler", "yuan.bentler", "yuan.bentler.mplus", *_TWO_MOMENTS)
_SAME_DATA = 1e-6


@one_thread
def compare(*fits: Fit, method: Method = "default", a_method: AMethod = "delta") -> pd.DataFrame:
    """Compare nested models by likelihood-ratio tests.

    Parameters
    ----------
    *fits : Fit
        Two or more, of the same variables and cases; any order.
    method : {"default", "standard", "satorra.bentler.2001", "satorra.bentler.2010", "satorra.2000"}
        "standard" is the plain difference of chi-squares, right for normal-theory maximum likelihood. The others scale
        it for fits with a scaled test (`lvmodels.assess.difference` has the formulas). "default" takes what the fits
        call for: "satorra.2000" where the tests of the fits have mean and variance corrected (WLSMV, ULSMV, MLMV and
        their kin), "satorra.bentler.2001" for other scaled tests.
    a_method : {"delta", "exact"}
        For "satorra.2000": restrictions from the derivatives of the moments of both models, or from their parameters,
        which must then be the same but for restrictions.

    Returns
    -------
    DataFrame
        One row a model, fewest degrees of freedom first: df, aic, bic (NaN without a likelihood), chisq (plain), and
        against the row before chisq_diff, df_diff, pvalue, cfi_diff, rmsea_diff, srmr_diff. The index is the place of
        the fit among the arguments, from 1. Differences of CFI and RMSEA are between the robust indices where all fits
        have them, else between the scaled, else the plain ones; ``frame.attrs["indices"]`` says which.
        With products of latent variables, which leave no chi-square, chisq_diff is twice the difference of the
        log-likelihoods.

    Raises
    ------
    ModelError
        When the fits are not of the same variables, cases and estimator, so that their difference means nothing.
    OptionValueError
        When the method does not go with the fits.
    NotConvergedError

    Warns
    -----
    ComparisonWarning
        When models do not look nested, have the same degrees of freedom, or the test does not exist; it says what to
        do instead.

    Examples
    --------
    >>> import lvmodels as lv
    >>> data = lv.datasets.load("holzinger_swineford")
    >>> free = lv.cfa("visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6", data)
    >>> equal = lv.cfa("visual =~ x1 + a*x2 + a*x3; textual =~ x4 + x5 + x6", data)
    >>> lv.compare(free, equal)[["df", "chisq_diff", "pvalue"]].round(3)
       df  chisq_diff  pvalue
    1   8         NaN     NaN
    2   9       1.901   0.168
    """
    check_comparable(fits)
    chosen = resolved_method(fits[0], method, a_method)
    order = sorted(range(len(fits)), key=lambda k: (degrees_of_freedom(fits[k]), k))
    tests = [
        difference_test(fits[a], fits[b], chosen, "exact" if a_method == "exact" else "delta")
        for a, b in pairwise(order)
    ]
    for (a, b), test in zip(pairwise(order), tests, strict=True):
        for sentence in _doubts(fits[a], fits[b], test):
            warnings.warn(ComparisonWarning(f"models {a + 1} and {b + 1}: {sentence}."), stacklevel=3)
    return _frame([fits[k] for k in order], tests, [k + 1 for k in order])


def _frame(fits: Sequence[Fit], tests: Sequence[Difference], index: list[int]) -> pd.DataFrame:
    import pandas as pd

    measures = [all_measures(fit) for fit in fits]
    kind = common_indices(fits)
    frame = pd.DataFrame({"df": [degrees_of_freedom(fit) for fit in fits]})
    for name in ("aic", "bic", "chisq"):
        frame[name] = [m.get(name, np.nan) for m in measures]
    frame["chisq_diff"] = [np.nan, *(test.chisq for test in tests)]
    frame["df_diff"] = [np.nan, *(float(test.df) for test in tests)]
    frame["pvalue"] = [np.nan, *(test.pvalue for test in tests)]
    for name in ("cfi", "rmsea", "srmr"):
        values = [m.get(name + ("" if name == "srmr" else kind), np.nan) for m in measures]
        frame[f"{name}_diff"] = [np.nan, *np.diff(values)]
    frame.index = pd.Index(index)
    frame.attrs["indices"] = kind.removeprefix("_") or "plain"
    return frame


def common_indices(fits: Sequence[Fit]) -> str:
    """The best kind of CFI and RMSEA that all fits have: "_robust", "_scaled" or "" for the plain ones."""
    for kind in ("_robust", "_scaled"):
        if all(
            np.isfinite(all_measures(fit).get(f"{name}{kind}", np.nan)) for fit in fits for name in ("cfi", "rmsea")
        ):
            return kind
    return ""


def resolved_method(fit: Fit, method: str, a_method: str = "delta") -> Method:
    """The method that "default" stands for.

    Raises
    ------
    OptionValueError
    """
    method = str(method).lower().replace("_", ".")
    if method not in _METHODS:
        hint = nearest(method, _METHODS) or f"Use one of {', '.join(map(repr, _METHODS))}."
        raise OptionValueError(f"method={method!r} is not known. {hint}")
    if a_method not in ("delta", "exact"):
        raise OptionValueError(f"a_method={a_method!r} is not known; use 'delta' or 'exact'.")
    plain = fit.settings.test not in _SCALED
    if method in ("default", "standard"):
        if plain or method == "standard":
            return "standard"
        return "satorra.2000" if fit.settings.test in _TWO_MOMENTS else "satorra.bentler.2001"
    if plain:
        raise OptionValueError(
            f"method='{method}' needs fits with a scaled test, but these have test='{fit.settings.test}'; use "
            "method='standard', or fit with estimator='MLR' or 'MLM'."
        )
    return method  # type: ignore[return-value]


def _doubts(freer: Fit, stricter: Fit, test: Difference) -> list[str]:
    """What is wrong with a pair, in sentences without their full stop."""
    found = [test.doubt] if test.doubt else []
    if test.df == 0:
        found = [f"{test.doubt}; the smaller AIC or BIC is the better model, if both were made by maximum likelihood"]
    elif not nested(freer, stricter):
        found.append(
            "they do not look nested: the one with fewer degrees of freedom cannot reproduce what the other implies, "
            "so that the test means nothing. Compare AIC or BIC instead"
        )
    return found


def check_comparable(fits: tuple[Fit, ...]) -> None:
    """Refuse fits that are not of the same variables, cases and estimator.

    Raises
    ------
    OptionValueError, NotConvergedError, ModelError
    """
    if len(fits) < 2:
        raise OptionValueError(f"compare() needs at least two fits, not {len(fits)}; pass them one after the other.")
    for k, fit in enumerate(fits, start=1):
        if not isinstance(fit, Fit):
            raise OptionValueError(f"argument {k} of compare() is a {type(fit).__name__}, not a fit; pass fits only.")
        if not fit.converged:
            raise NotConvergedError(f"model {k} did not converge ({fit.optimum.reason}), so it cannot be compared.")
    for k, fit in enumerate(fits[1:], start=2):
        _same_variables(fits[0], fit, k)
        _same_method(fits[0], fit, k)
        _same_cases(fits[0], fit, k)


def _same_variables(first: Fit, fit: Fit, k: int) -> None:
    different = set(fit.objective.template.observed) ^ set(first.objective.template.observed)
    if different:
        raise ModelError(
            f"models 1 and {k} are not nested: {', '.join(sorted(different))} is in one of them only. "
            "Compare models of the same variables, or compare AIC and BIC in words."
        )
    for what, remedy in (
        ("n_covariates", "fix the moments of the covariates in both or in none (fixed_x=)"),
        ("meanstructure", "give both a mean structure (meanstructure=True), or none"),
    ):
        if getattr(fit.objective.template, what) != getattr(first.objective.template, what):
            raise ModelError(f"models 1 and {k} are about different moments; {remedy}.")


def _same_cases(first: Fit, fit: Fit, k: int) -> None:
    if fit.nobs != first.nobs or fit.prepared.group_labels != first.prepared.group_labels:
        groups = "groups and " if fit.prepared.group_labels != first.prepared.group_labels else ""
        raise ModelError(
            f"models 1 and {k} differ in {groups}cases (n = {first.nobs} and {fit.nobs}); fit both to the same data."
        )
    at = [fit.objective.template.observed.index(name) for name in first.objective.template.observed]
    for mine, theirs in zip(first.prepared.moments, fit.prepared.moments, strict=True):
        size = np.sqrt(np.diagonal(mine.cov))
        gap = np.abs(mine.cov - theirs.cov[np.ix_(at, at)]) / size / size[:, None]
        if mine.n != theirs.n or gap.max() > _SAME_DATA:
            raise ModelError(
                f"models 1 and {k} are fitted to different data: their moments differ. Fit both to the same cases."
            )


def _same_method(first: Fit, fit: Fit, k: int) -> None:
    for name in ("estimator", "test", "missing", "likelihood", "parameterization"):
        one, other = getattr(first.settings, name), getattr(fit.settings, name)
        if one != other and not (name == "parameterization" and not fit.settings.categorical):
            raise ModelError(
                f"models 1 and {k} have different {'estimators' if name == 'estimator' else 'settings'} "
                f"({name}='{one}' and '{other}'), so their chi-squares have nothing in common; fit both alike."
            )
