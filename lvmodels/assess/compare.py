"""Nested models side by side: differences of chi-square and of fit indices."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

from lvmodels.assess.intervals import chi_square_tail
from lvmodels.assess.measures import all_measures
from lvmodels.errors import ModelError, NotConvergedError, NotEstimableError, OptionValueError
from lvmodels.fit.record import Fit

if TYPE_CHECKING:
    import pandas as pd

Method = Literal["default", "standard", "satorra.bentler.2001"]
_PLAIN = ("standard", "bollen.stine", "none")


def compare(*fits: Fit, method: Method = "default") -> pd.DataFrame:
    """Compare nested models by likelihood-ratio tests.

    Parameters
    ----------
    *fits : Fit
        Two or more, of the same variables and cases; any order.
    method : {"default", "standard", "satorra.bentler.2001"}
        "standard" is the plain difference of chi-squares, right for normal-theory maximum likelihood; the other scales
        it for fits with a scaled test. "default" takes what the fits call for.

    Returns
    -------
    DataFrame
        One row a model, fewest degrees of freedom first: df, aic, bic, chisq, and against the row before chisq_diff,
        df_diff, pvalue, cfi_diff, rmsea_diff. The index is the place of the fit among the arguments, from 1.

    Raises
    ------
    ModelError
        When the models are not of the same variables and cases, so that they cannot be nested.
    NotConvergedError

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
    import pandas as pd

    _check(fits, method)
    order = sorted(range(len(fits)), key=lambda k: (all_measures(fits[k])["df"], k))
    measures = [all_measures(fits[k]) for k in order]
    frame = pd.DataFrame({name: [m[name] for m in measures] for name in ("df", "aic", "bic", "chisq")})
    for name in ("chisq", "df", "cfi", "rmsea"):
        frame[f"{name}_diff"] = [np.nan, *(after[name] - before[name] for before, after in pairwise(measures))]
    if "chisq_scaling_factor" in measures[0] and method != "standard":
        frame["chisq_diff"] = [np.nan, *(_satorra_bentler_2001(*pair) for pair in pairwise(measures))]
    tails = [
        chi_square_tail(max(x, 0.0), df) for x, df in zip(frame["chisq_diff"][1:], frame["df_diff"][1:], strict=True)
    ]
    frame.insert(6, "pvalue", [np.nan, *tails])
    frame["df"] = frame["df"].astype(int)
    frame.index = [k + 1 for k in order]
    return frame


def _satorra_bentler_2001(less: Mapping[str, float], more: Mapping[str, float]) -> float:
    """Difference of plain chi-squares over its own scaling factor; NaN where that is not positive.

    The factor is (df1 c1 - df0 c0) / (df1 - df0) (Satorra and Bentler 2001, eq. 5).
    """
    df_diff = more["df"] - less["df"]
    if df_diff <= 0:
        return float("nan")
    products = [m["df"] * m["chisq_scaling_factor"] if m["df"] else 0.0 for m in (less, more)]
    factor = (products[1] - products[0]) / df_diff
    return (more["chisq"] - less["chisq"]) / factor if factor > 0 else float("nan")


def _check(fits: tuple[Fit, ...], method: Method) -> None:
    if len(fits) < 2:
        raise OptionValueError(f"compare() needs at least two fits, not {len(fits)}; pass them one after the other.")
    if method not in ("default", "standard", "satorra.bentler.2001"):
        if method in ("satorra.bentler.2010", "satorra.2000"):
            raise NotEstimableError(f"method='{method}' is not available yet; use 'satorra.bentler.2001'.")
        raise OptionValueError(f"method={method!r} is not known; use 'default', 'standard' or 'satorra.bentler.2001'.")
    if len({fit.settings.test for fit in fits}) > 1:
        tests = ", ".join(f"'{fit.settings.test}'" for fit in fits)
        raise ModelError(f"the fits have different tests ({tests}); fit all of them with the same estimator.")
    test = fits[0].settings.test
    scaled = method == "satorra.bentler.2001" or (method == "default" and test not in _PLAIN)
    if scaled and test not in ("satorra.bentler", "yuan.bentler", "yuan.bentler.mplus"):
        raise NotEstimableError(
            f"the scaled difference test for test='{test}' is not available; use method='standard', or fit with "
            "estimator='MLR' or 'MLM'."
        )
    for k, fit in enumerate(fits, start=1):
        if not fit.converged:
            raise NotConvergedError(f"model {k} did not converge ({fit.optimum.reason}), so it cannot be compared.")
        different = set(fit.objective.template.observed) ^ set(fits[0].objective.template.observed)
        if different:
            raise ModelError(
                f"models 1 and {k} are not nested: {', '.join(sorted(different))} is in one of them only. "
                "Compare models of the same variables, or compare AIC and BIC in words."
            )
        if fit.nobs != fits[0].nobs or fit.prepared.group_labels != fits[0].prepared.group_labels:
            raise ModelError(
                f"models 1 and {k} differ in cases (n = {fits[0].nobs} and {fit.nobs}); fit both to the same data."
            )
