"""Competing models of the same data, fitted and ranked side by side, nested in each other or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from lvmodels.assess.compare import check_comparable, common_indices, resolved_method
from lvmodels.assess.difference import difference_test
from lvmodels.assess.measures import all_measures
from lvmodels.assess.nesting import nested
from lvmodels.assess.product_likelihood import parameter_count
from lvmodels.assess.products import has_products
from lvmodels.assess.vuong import vuong_test
from lvmodels.errors import ModelTypeError, OptionValueError
from lvmodels.fit.pipeline import sem
from lvmodels.fit.record import Fit

if TYPE_CHECKING:
    import pandas as pd

    from lvmodels.estimate.settings import FitOptions

_LEVEL = 0.05


@dataclass(frozen=True, slots=True, repr=False)
class ModelRanking:
    """Competing models side by side.

    Attributes
    ----------
    fits : mapping of str to Fit
        In the order given.
    table : DataFrame
        Index: model, best BIC first. Columns npar, df, chisq, pvalue, cfi, rmsea, rmsea_ci_lower, rmsea_ci_upper, srmr,
        aic, aic_diff, aic_weight, bic, bic_diff, bic_weight. A weight is the share of exp(-diff / 2) (Burnham and
        Anderson 2004): how the models share belief among themselves, whatever other models there may be.
    pairs : DataFrame
        A row a pair: first, second, relation ("nested", "equivalent", "not nested"), chisq_diff, df_diff (nested),
        distinguishable (p of Vuong's first test), z (of his second; positive in favour of the first), pvalue,
        better ("" where the data do not tell).
    """

    fits: Mapping[str, Fit]
    table: pd.DataFrame
    pairs: pd.DataFrame

    def __repr__(self) -> str:
        """Both tables, rounded."""
        shown = self.table[["npar", "df", "chisq", "rmsea", "aic_diff", "aic_weight", "bic_diff", "bic_weight"]]
        return f"{shown.round(3).to_string()}\n\n{self.pairs.round(3).to_string(index=False)}"


def rank_models(models: Mapping[str, Any], data: Any = None, **options: Unpack[FitOptions]) -> ModelRanking:
    """Fit competing models to the same data and rank them.

    Parameters
    ----------
    models : mapping of str to str, Framework or Fit
        Two or more, by name: model texts and frameworks are fitted to `data`; fits are taken as they are.
    data : data frame, Survey or path, optional
        Not needed where all models are fits.
    **options
        Those of `lvmodels.sem`, the same for all.

    Returns
    -------
    ModelRanking
        Of nested pairs the stricter model is better unless the difference of chi-squares is significant (p < .05).
        Others are compared by the tests of Vuong (1989): whether the data tell the models apart at all, then which one
        is nearer to the truth; complexity does not count there, it does in AIC and BIC.

    Raises
    ------
    OptionValueError
        When there are fewer than two models.
    ModelTypeError
        When one is neither a text, a framework nor a fit.
    ModelError, NotConvergedError
        When they are not of the same variables, cases and estimator, or one did not converge.

    Examples
    --------
    >>> import lvmodels as lv
    >>> data = lv.frameworks["encounter_research"].simulate(400, seed=1)
    >>> ranking = lv.rank_models(lv.frameworks.family("service_encounter"), data)
    >>> ranking.table.index[0]
    'encounter_research'
    """
    if len(models) < 2:
        raise OptionValueError(f"rank_models() needs at least two models, not {len(models)}; pass them by name.")
    fits = {name: _fitted(name, model, data, options) for name, model in models.items()}
    check_comparable(tuple(fits.values()))
    return ModelRanking(fits, _table(fits), _pairs(fits))


def _fitted(name: str, model: Any, data: Any, options: FitOptions) -> Fit:
    if isinstance(model, Fit):
        return model
    text = model if isinstance(model, str) else model.model() if hasattr(model, "model") else None
    if text is None:
        kind = type(model).__name__
        raise ModelTypeError(f"model '{name}' is a {kind}; pass a model text, a framework or a fit.")
    return sem(text, data, **options)


def _table(fits: Mapping[str, Fit]) -> pd.DataFrame:
    import pandas as pd

    measures = [all_measures(fit) for fit in fits.values()]
    kind = common_indices(list(fits.values()))
    frame = pd.DataFrame(index=pd.Index(list(fits), name="model"))
    for name in ("npar", "df", "chisq", "pvalue"):
        frame[name] = [m.get(name, np.nan) for m in measures]
    for name in ("cfi", "rmsea"):
        frame[name] = [m.get(f"{name}{kind}", np.nan) for m in measures]
    for end in ("lower", "upper"):
        frame[f"rmsea_ci_{end}"] = [m.get(f"rmsea_ci_{end}{kind}", np.nan) for m in measures]
    frame["srmr"] = [m.get("srmr", np.nan) for m in measures]
    for name in ("aic", "bic"):
        values = np.array([m.get(name, np.nan) for m in measures])
        gap = values - values.min()
        frame[name], frame[f"{name}_diff"] = values, gap
        frame[f"{name}_weight"] = np.exp(-gap / 2) / np.exp(-gap / 2).sum()
    return frame.sort_values("bic", kind="stable")


def _pairs(fits: Mapping[str, Fit]) -> pd.DataFrame:
    import pandas as pd

    columns = ["first", "second", "relation", "chisq_diff", "df_diff", "distinguishable", "z", "pvalue", "better"]
    rows = [_pair(a, fits[a], b, fits[b]) for a, b in combinations(fits, 2)]
    return pd.DataFrame(rows).reindex(columns=columns)


def _pair(a: str, first: Fit, b: str, second: Fit) -> dict[str, Any]:
    """One pair; Vuong's tests are for maximum likelihood without products of latent variables."""
    row: dict[str, Any] = {"first": a, "second": b}
    (freer, f), (stricter, s) = sorted(((a, first), (b, second)), key=lambda pair: -parameter_count(pair[1]))
    if nested(f, s):
        if parameter_count(f) == parameter_count(s):
            return {**row, "relation": "equivalent", "better": ""}
        test = difference_test(f, s, resolved_method(f, "default"))
        better = "" if np.isnan(test.pvalue) else freer if test.pvalue < _LEVEL else stricter
        found = {"chisq_diff": test.chisq, "df_diff": float(test.df), "pvalue": test.pvalue}
        return {**row, "relation": "nested", **found, "better": better}
    if first.settings.least_squares or has_products(first) or has_products(second):
        return {**row, "relation": "not nested", "better": ""}
    tested = vuong_test(first, second)
    sure = tested.distinguishable < _LEVEL and tested.pvalue < _LEVEL
    found = {"distinguishable": tested.distinguishable, "z": tested.z, "pvalue": tested.pvalue}
    return {**row, "relation": "not nested", **found, "better": (a if tested.z > 0 else b) if sure else ""}
