"""Importance–performance map: which construct moves the target most, and how well each does on a scale of 0 to 100.

Fornell et al. (1996); Ringle and Sarstedt (2016).
"""

from __future__ import annotations

import warnings as python_warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.composites.record import PlsRecord
from lvmodels.composites.regression import total_effects
from lvmodels.composites.replicates import check_converged
from lvmodels.composites.solution import solve_stages
from lvmodels.composites.units import units_of
from lvmodels.errors import DataWarning, ModelError, NotEstimableError, OptionValueError, nearest
from lvmodels.survey.columns import as_survey

if TYPE_CHECKING:
    import pandas as pd

    from lvmodels.survey.instrument import Instrument

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ImportancePerformance:
    """What to improve.

    Attributes
    ----------
    target : str
    target_performance : float
        0 to 100.
    constructs : DataFrame
        Index: construct with an effect on the target. Columns importance (points of the target for each point of the
        construct, total), performance.
    items : DataFrame
        Index: (construct, item). The same, importance times the weight of the item in its construct.
    """

    target: str
    target_performance: float
    constructs: pd.DataFrame
    items: pd.DataFrame

    def __repr__(self) -> str:
        return f"<ImportancePerformance: {self.target} at {self.target_performance:.1f} of 100>"


def ipma(fit: PlsRecord, target: str | None, minimum: Any, maximum: Any) -> ImportancePerformance:
    """The record behind `PlsFit.ipma`."""
    import pandas as pd

    check_converged(fit)
    if fit.declared.products or fit.declared.higher:
        raise NotEstimableError("ipma is for constructs measured by items; leave products and higher orders out.")
    stage, answers = fit.stage, fit.answers
    t = _target(fit, target)
    low, high = _ends(fit, minimum, maximum)
    factor = 100.0 / (high - low)
    rescaled = replace(answers, Y=answers.Y * factor, centre=(answers.centre - low) * factor)
    raw = fit.settings.metric == "raw"
    solutions = solve_stages(fit.stages, rescaled, np.ones((1, fit.nobs)), fit.settings)
    units = units_of(fit.stages, solutions, rescaled, raw)[-1]
    if (units.weights < 0).any():
        names = [stage.columns[stage.slots[k]].name for k in np.flatnonzero(units.weights < 0)]
        message = (
            f"the weights of {', '.join(names)} are negative, so that a better answer lowers the index; drop or "
            "reverse them."
        )
        python_warnings.warn(DataWarning(message), stacklevel=3)
    importance = total_effects(solutions[-1].B)[0, :, t] * units.deviation[t] / units.deviation
    affects = [i for i in range(len(stage.names)) if importance[i] != 0.0]
    constructs = pd.DataFrame(
        {"importance": importance[affects], "performance": units.mean[affects]}, index=[stage.names[i] for i in affects]
    ).rename_axis("construct")
    slots = [k for i in affects for k in range(stage.slots_of(i).start, stage.slots_of(i).stop)]
    columns = [stage.columns[stage.slots[k]] for k in slots]
    index = pd.MultiIndex.from_tuples(
        [(stage.names[stage.block[k]], c.name) for k, c in zip(slots, columns, strict=True)],
        names=["construct", "item"],
    )
    items = pd.DataFrame(
        {
            "importance": importance[stage.block[slots]] * units.weights[slots],
            "performance": rescaled.centre[[c.sources[0] for c in columns]],
        },
        index=index,
    )
    return ImportancePerformance(stage.names[t], float(units.mean[t]), constructs, items)


def _target(fit: PlsRecord, target: str | None) -> int:
    stage = fit.stage
    explained = [stage.names[j] for j in np.flatnonzero(stage.paths.any(axis=0))]
    if target is None:
        last = [j for j in np.flatnonzero(stage.paths.any(axis=0)) if not stage.paths[j].any()]
        return int(last[-1])
    if target not in explained:
        hint = nearest(target, explained) or f"Use one of {', '.join(explained)}."
        raise ModelError(f"target='{target}' is no construct that something explains. {hint}")
    return stage.names.index(target)


def _ends(fit: PlsRecord, minimum: Any, maximum: Any) -> tuple[Vector, Vector]:
    """Lowest and highest possible answer of every item, shape (p,) each."""
    answers = fit.answers
    Y = np.where(answers.seen > 0, answers.Y + answers.centre, np.nan)
    low, high = np.nanmin(Y, axis=0), np.nanmax(Y, axis=0)
    survey = as_survey(fit.source)
    for name, ends_of_scale in _scales(None if survey is None else survey.instrument).items():
        if name in answers.names:
            low[answers.names.index(name)], high[answers.names.index(name)] = ends_of_scale
    for ends, given, option in ((low, minimum, "minimum"), (high, maximum, "maximum")):
        if given is not None:
            ends[:] = _given(given, answers.names, ends, option)
    outside = (low >= high) | np.any(low > Y, axis=0) | np.any(high < Y, axis=0)
    wrong = [name for name, out in zip(answers.names, outside, strict=True) if out]
    if wrong:
        raise OptionValueError(
            f"answers to {', '.join(wrong)} lie outside their scale; give its ends as minimum= and maximum=, one for "
            "all items or a mapping by item."
        )
    return low, high


def _scales(instrument: Instrument | None) -> dict[str, tuple[float, float]]:
    """Ends of the scale of every item that has one."""
    found: dict[str, tuple[float, float]] = {}
    for item in () if instrument is None else instrument.items:
        codes = instrument.codes(item.name) if instrument is not None else ()
        if codes:
            found[item.name] = (float(min(codes)), float(max(codes)))
        elif item.min is not None and item.max is not None:
            found[item.name] = (float(item.min), float(item.max))
    return found


def _given(given: Any, names: tuple[str, ...], ends: Vector, option: str) -> Vector:
    if isinstance(given, Mapping):
        unknown = [name for name in given if name not in names]
        if unknown:
            hint = nearest(unknown[0], names)
            raise OptionValueError(f"{option} names '{unknown[0]}', which is no item of the model. {hint}".rstrip())
        return np.array([float(given.get(name, end)) for name, end in zip(names, ends, strict=True)])
    if isinstance(given, bool) or not isinstance(given, (int, float, np.integer, np.floating)):
        raise OptionValueError(f"{option}={given!r} must be a number, or a mapping of item to number.")
    return np.full(len(names), float(given))
