"""Another model fitted to the cases that a fit analysed, with the same options."""

from __future__ import annotations

import warnings
from dataclasses import fields
from typing import TYPE_CHECKING, Any, cast

from lvmodels.errors import LvmodelsWarning, NotEstimableError
from lvmodels.estimate.settings import DERIVED, FitOptions
from lvmodels.fit import Fit, cfa, growth, lavaan, sem

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["fit_instead"]

_KINDS = {"sem": sem, "cfa": cfa, "growth": growth, "lavaan": lavaan}
_OF_THE_TEXT = {"constraints": "", "group_equal": (), "group_partial": ()}


def refuse_levels(fit: Fit) -> None:
    """Refuse two-level models, with the remedy.

    Raises
    ------
    NotEstimableError
    """
    if fit.table.levels:
        raise NotEstimableError("this check is for models of one level; fit the measurement model without levels.")


def fit_instead(fit: Fit, text: str) -> Fit:
    """Fit another model text to the cases of a fit, without its constraints; warnings stay on the record.

    Parameters
    ----------
    fit : Fit
    text : str

    Raises
    ------
    NotEstimableError
        For two-level models.
    ModelError, DataError
    """
    refuse_levels(fit)
    options = {f.name: getattr(fit.settings, f.name) for f in fields(fit.settings) if f.name not in DERIVED}
    options |= _OF_THE_TEXT
    data = _cases(fit)
    if data is not None:
        options |= {"sample_cov": None, "sample_mean": None, "sample_nobs": None}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LvmodelsWarning)
        return _KINDS[fit.settings.kind](text, data, **cast(FitOptions, options))


def _cases(fit: Fit) -> pd.DataFrame | None:
    """The cases that were analysed, as a frame; None when moments were given."""
    import pandas as pd

    data, settings = fit.prepared.data, fit.settings
    if data is None:
        return None
    frame = pd.DataFrame(data.Y, columns=list(data.names))
    more: dict[str, Any] = {}
    if settings.group:
        more[settings.group] = [data.group_labels[g] for g in data.groups]
    if settings.cluster and data.clusters is not None:
        more[settings.cluster] = data.clusters
    if settings.sampling_weights and data.weights is not None:
        more[settings.sampling_weights] = data.weights
    return pd.concat([frame, pd.DataFrame({k: v for k, v in more.items() if k not in frame.columns})], axis=1)
