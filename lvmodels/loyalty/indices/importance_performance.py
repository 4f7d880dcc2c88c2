"""Importance–performance map: what moves the target most, and how well each driver does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.effects import effects
from lvmodels.assess.vcov import parameter_covariance
from lvmodels.composites.fit import PlsFit
from lvmodels.errors import NotConvergedError, OptionValueError, nearest
from lvmodels.fit.record import Fit
from lvmodels.loyalty.indices.answers import needed_ends
from lvmodels.loyalty.indices.index_weights import Weighted, check_single, points_of, weighted_by_model
from lvmodels.loyalty.indices.intervals import normal_quantile
from lvmodels.loyalty.indices.satisfaction_index import check_ends, index_of_means
from lvmodels.model.matrices import model_matrices
from lvmodels.model.restrictions import table_values

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ImportancePerformanceMap", "importance_performance"]

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ImportancePerformanceMap:
    """Drivers of a target by importance and performance.

    Attributes
    ----------
    constructs : DataFrame
        A row a driver. Columns importance (points of the target's index for each point of the driver's, in total), se,
        ci_lower, ci_upper (by the delta method, loadings and weights included; NaN for partial least squares),
        performance (index, 0 to 100), quadrant: "improve" (important, performs below the mean of the drivers), "keep"
        (important, above), "overkill" (less important, above), "low_priority".
    items : DataFrame
        A row a pair of construct and item: columns importance (that of the construct times the item's share of its
        index), performance, quadrant (among items).
    target : str
    target_performance : float
    """

    constructs: pd.DataFrame
    items: pd.DataFrame
    target: str
    target_performance: float


def importance_performance(
    fit: Fit | PlsFit,
    target: str,
    low: float | None = None,
    high: float | None = None,
    level: float = 0.95,
) -> ImportancePerformanceMap:
    """Importance–performance map of a covariance model or of partial least squares.

    Parameters
    ----------
    fit : Fit or PlsFit
        Of one group.
    target : str
        The construct to improve.
    low, high : float, optional
        Ends of the scale of all items; by default those of the instrument, or of partial least squares of the answers.
    level : float
        Of the intervals.

    Returns
    -------
    ImportancePerformanceMap

    Raises
    ------
    OptionValueError, DataError, NotConvergedError, NotEstimableError, ModelError

    References
    ----------
    Martilla, J. A. and James, J. C. (1977). Importance-performance analysis. *Journal of Marketing*, 41(1), 77-79.
    Ringle, C. M. and Sarstedt, M. (2016). Gain more insight from your PLS-SEM results: The importance-performance map
    analysis. *Industrial Management & Data Systems*, 116(9), 1865-1886.

    Examples
    --------
    >>> import lvmodels as lv
    >>> text = "Quality =~ PERQ1 + PERQ2 + PERQ3; Value =~ PERV1 + PERV2; Loyalty =~ CUSL1 + CUSL3"
    >>> fit = lv.sem(text + "; Value ~ Quality; Loyalty ~ Value + Quality", lv.datasets.load("ecsi_mobi"))
    >>> found = importance_performance(fit, "Loyalty")
    >>> found.constructs[["importance", "performance"]].round(2)
             importance  performance
    Quality        1.19        74.96
    Value          0.26        65.20
    """
    import pandas as pd

    if isinstance(fit, PlsFit):
        return _of_composites(fit, target, low, high)
    if not fit.converged:
        raise NotConvergedError("the map needs a model that converged; " + fit.optimum.reason + ".")
    check_single(fit)
    table = effects(fit, level)
    table = table[(table["effect"] == "total") & (table["outcome"] == target) & (table["est"] != 0.0)]
    if table.empty:
        explained = list(dict.fromkeys(row.lhs for row in fit.table.rows if row.op == "~"))
        hint = nearest(target, explained) or f"Use one of {', '.join(explained) or 'none: the model has no paths'}."
        raise OptionValueError(f"target='{target}' is explained by nothing in the model. {hint}")
    aim, aim_ends = _scaled(fit, target, low, high)
    theta, covariance = fit.solution.theta, parameter_covariance(fit)
    z = normal_quantile(level)
    rows, items = {}, {}
    for driver in map(str, table["predictor"]):
        own, ends = _scaled(fit, driver, low, high)

        def importance(values: Vector, driver: str = driver, own: Weighted = own, ends: Vector = ends) -> Vector:
            """Total effect in points of the two indices, for a stack of parameter vectors."""
            names = fit.objective.template.names
            total = model_matrices(fit.objective.template, 0, values).Tau[..., names.index(target), names.index(driver)]
            return total * points_of(fit, target, values, aim_ends) / points_of(fit, driver, values, ends)

        est = float(importance(fit.solution.values))
        se = _delta(
            lambda t: importance(table_values(fit.objective.restrictions, fit.objective.base, t)), theta, covariance
        )
        rows[driver] = (est, se, est - z * se, est + z * se, _performance(own, ends))
        spans = own.weights * (ends[:, 1] - ends[:, 0])
        each = 100.0 * (np.nanmean(own.Y, axis=0) - ends[:, 0]) / (ends[:, 1] - ends[:, 0])
        for k, item in enumerate(own.items):
            items[driver, item] = (est * spans[k] / spans.sum(), each[k])
    columns = ["importance", "se", "ci_lower", "ci_upper", "performance"]
    constructs = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    index = pd.MultiIndex.from_tuples(items, names=["construct", "item"])
    of_items = pd.DataFrame(list(items.values()), index=index, columns=["importance", "performance"])
    return ImportancePerformanceMap(_quadrants(constructs), _quadrants(of_items), target, _performance(aim, aim_ends))


def _scaled(fit: Fit, name: str, low: float | None, high: float | None) -> tuple[Weighted, Vector]:
    found = weighted_by_model(fit, name)
    ends = np.where([low is not None, high is not None], [low or 0.0, high or 0.0], found.ends)
    check_ends(found, needed_ends(ends, found.items))
    return found, ends


def _delta(function: Callable[[Vector], Vector], theta: Vector, covariance: Vector) -> float:
    """Standard error by the delta method, with central differences."""
    step = 1e-5 * np.maximum(1.0, np.abs(theta))
    moves = np.diag(step)
    gradient = (function(theta + moves) - function(theta - moves)) / (2.0 * step)
    return float(np.sqrt(gradient @ covariance @ gradient))


def _performance(found: Weighted, ends: Vector) -> float:
    return float(index_of_means(np.nanmean(found.Y, axis=0)[None, :], found.weights[None, :], ends)[0])


def _of_composites(fit: PlsFit, target: str, low: Any, high: Any) -> ImportancePerformanceMap:
    found = fit.ipma(target, low, high)
    constructs = found.constructs.rename_axis(None).copy()
    for k, name in enumerate(("se", "ci_lower", "ci_upper"), start=1):
        constructs.insert(k, name, np.nan)
    return ImportancePerformanceMap(
        _quadrants(constructs), _quadrants(found.items.copy()), found.target, found.target_performance
    )


def _quadrants(frame: pd.DataFrame) -> pd.DataFrame:
    """Which quarter of the map a row lies in, cut at the means."""
    important = frame["importance"].to_numpy() >= frame["importance"].mean()
    well = frame["performance"].to_numpy() >= frame["performance"].mean()
    names = np.select([important & ~well, important & well, well], ["improve", "keep", "overkill"], "low_priority")
    return frame.assign(quadrant=names)
