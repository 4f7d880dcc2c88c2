"""`Fit.to_json`: all results with all their digits.

Tables are lists of records, matrices have `names` and `values`. What does not exist is null: JSON knows no NaN.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.implied import block_index, compared_moments
from lvmodels.assess.products import has_products
from lvmodels.estimate.settings import Settings
from lvmodels.fit.record import Fit
from lvmodels.report.context import r2_by_block
from lvmodels.report.methods import software_versions
from lvmodels.report.moment import now
from lvmodels.report.output_folder import write_file
from lvmodels.report.sample_tables import data_hash, text_hash

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = 1
"""Version of the layout of the file; it grows when a name changes its meaning or goes away."""

ResidualKind = Literal["raw", "cor", "standardized"]

_COUNTS = ("npar", "df", "baseline_df", "ntotal")
_MOMENTS = ("sample_cov", "sample_mean", "sample_nobs")


def to_json(fit: Fit, path: str | Path | None = None) -> str:
    """All results as JSON text; written to `path` when given.

    Raises
    ------
    OutputError
        When the file cannot be written.

    Examples
    --------
    >>> import json
    >>> import lvmodels as lv
    >>> fit = lv.cfa("visual =~ x1 + x2 + x3 + x4", lv.datasets.load("holzinger_swineford"))
    >>> json.loads(to_json(fit))["fit_measures"]["df"]
    2
    """
    text = results_json(fit, now())
    if path is not None:
        write_file(path, text)
    return text


def results_json(fit: Fit, created: datetime, command: str = "") -> str:
    """The text of results.json."""
    results = all_results(fit, created, command)
    return json.dumps(_plain(results), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def all_results(fit: Fit, created: datetime, command: str = "") -> dict[str, Any]:
    """Everything that a fit holds or implies, by name."""
    products = has_products(fit)
    return {
        "schema": SCHEMA,
        "created": created.isoformat(timespec="seconds"),
        "software": software_versions(),
        "command": command,
        "model": {"text": fit.text.text, "sha256": text_hash(fit.text.text)},
        "data": _data(fit),
        "options": {"kind": fit.settings.kind, **_options(fit.settings)},
        "convergence": _convergence(fit),
        "warnings": [{"kind": type(w).__name__, "message": str(w)} for w in fit.warnings],
        "fit_measures": _measures(fit),
        "estimates": _records(fit.estimates()),
        "standardized": _records(fit.standardized()) if fit.converged else [],
        "r2": _r2(fit) if fit.converged else [],
        "effects": _records(fit.effects()) if fit.converged else [],
        "modification_indices": _records(fit.modification_indices()) if fit.converged and not products else [],
        "vcov": _matrix(fit.vcov()),
        "groups": [
            _group(fit, g, level)
            for g in range(1, fit.table.n_groups + 1)
            for level in range(1, fit.table.n_levels + 1)
        ],
        **({"icc": _records(fit.icc().reset_index())} if fit.table.levels and fit.converged else {}),
    }


def _data(fit: Fit) -> dict[str, Any]:
    data, survey = fit.prepared.data, fit.prepared.survey
    return {
        "source": survey.source if survey is not None else None,
        "instrument": survey.instrument.name if survey is not None and survey.instrument is not None else None,
        "log": list(survey.log) if survey is not None else [],
        "sha256": data_hash(fit),
        "n_analysed": fit.nobs,
        "n_total": data.n_total if data is not None else None,
        "n_dropped": data.n_dropped if data is not None else None,
        "variables": list(fit.objective.template.observed),
        "latent": list(fit.objective.template.latent),
        "missing": dict(zip(data.names, data.missing.tolist(), strict=True)) if data is not None else {},
    }


def _options(settings: Settings) -> dict[str, Any]:
    """Options as they were settled; of given moments only that they were."""
    values = {field.name: getattr(settings, field.name) for field in fields(Settings) if field.name != "kind"}
    given = {name: None if values[name] is None else "given" for name in _MOMENTS}
    return {**values, **given}


def _convergence(fit: Fit) -> dict[str, Any]:
    return {
        "converged": fit.converged,
        "reason": fit.optimum.reason,
        "iterations": fit.optimum.iterations,
        "largest_gradient": float(np.abs(fit.optimum.gradient).max(initial=0.0)),
        "decrement": fit.optimum.decrement,
    }


def _measures(fit: Fit) -> dict[str, float | int]:
    found = {str(name): float(value) for name, value in fit.fit_measures().items()}
    whole = {name for name in _COUNTS if math.isfinite(found.get(name, math.nan))}
    return {name: int(value) if name in whole else value for name, value in found.items()}


def _r2(fit: Fit) -> list[dict[str, Any]]:
    found = []
    for (block, name), value in r2_by_block(fit).items():
        group, level = divmod(block - 1, fit.table.n_levels)
        level_of = {"level": level + 1} if fit.table.levels else {}
        found.append({"variable": name, "group": group + 1, **level_of, "r2": value})
    return found


def _group(fit: Fit, group: int, level: int) -> dict[str, Any]:
    """Sample and implied moments and residuals of a group, or of one of its levels."""
    moments, implied = fit.prepared.moments[group - 1], fit.implied(group, level)
    names = [str(name) for name in implied.cov.columns]
    tested = fit.converged and not has_products(fit)
    kinds: tuple[ResidualKind, ...] = ("raw", "cor", "standardized") if tested else ("raw", "cor")
    if fit.table.levels:
        (cov, mean), _ = compared_moments(fit, block_index(fit, group, level))
    else:
        names, cov, mean = list(fit.objective.template.observed), moments.cov, moments.mean
    return {
        "group": group,
        **({"level": level} if fit.table.levels else {}),
        "label": fit.prepared.group_labels[group - 1],
        "n": moments.n,
        "sample": {"cov": {"names": names, "values": cov}, "mean": _named(names, mean)},
        "implied": {
            "cov": _matrix(implied.cov),
            "mean": implied.mean.to_dict(),
            "latent_cov": _matrix(implied.latent_cov),
            "latent_mean": implied.latent_mean.to_dict(),
        },
        "residuals": {kind: _matrix(fit.residuals(kind, group, level=level)) for kind in kinds},
    }


def _named(names: list[str], values: NDArray[np.float64]) -> dict[str, float]:
    return dict(zip(names, values.tolist(), strict=True))


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def _matrix(frame: pd.DataFrame) -> dict[str, Any]:
    return {"names": [str(name) for name in frame.columns], "values": frame.to_numpy()}


def _plain(value: Any) -> Any:
    """The same with numbers and containers that JSON knows."""
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    return value if value is None else str(value)
