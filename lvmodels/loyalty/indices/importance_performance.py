"""Importance–performance map: what moves the target most, and how well each driver does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.effects import effects
from lvmodels.composites.fit import PlsFit
from lvmodels.errors import NotConvergedError, OptionValueError, nearest
from lvmodels.fit.record import Fit
from lvmodels.loyalty.indices.answers import needed_ends
from lvmodels.loyalty.indices.index_weights import Weighted, check_single, loadings_of, weighted_by_model
from lvmodels.loyalty.indices.satisfaction_index import check_ends, index_of_means

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
        ci_lower, ci_upper (by the delta method, with the scales as estimated; NaN for partial least squares),
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
    per_unit = _points(aim, aim_ends, loadings_of(fit, target))
    rows, items = {}, {}
    for row in table.itertuples():
        driver = str(row.predictor)
        own, ends = _scaled(fit, driver, low, high)
        factor = per_unit / _points(own, ends, loadings_of(fit, driver))
        bounds = sorted((row.ci_lower * factor, row.ci_upper * factor))
        rows[driver] = (row.est * factor, row.se * abs(factor), *bounds, _performance(own, ends))
        spans = own.weights * (ends[:, 1] - ends[:, 0])
        each = 100.0 * (np.nanmean(own.Y, axis=0) - ends[:, 0]) / (ends[:, 1] - ends[:, 0])
        for k, item in enumerate(own.items):
            items[driver, item] = (row.est * factor * spans[k] / spans.sum(), each[k])
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


def _points(found: Weighted, ends: Vector, loadings: Vector) -> float:
    """Points of the index, 0 to 100, that one unit of the construct makes."""
    return float(100.0 * (found.weights * loadings).sum() / (found.weights * (ends[:, 1] - ends[:, 0])).sum())


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
