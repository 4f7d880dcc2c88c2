"""Customary benchmarks of measurement quality, each with its source and the place where a model comes off worst."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from lvmodels.fit.record import Fit

if TYPE_CHECKING:
    import pandas as pd

    from lvmodels.measurement.method_bias import Harman
    from lvmodels.measurement.tetrads import Tetrads

__all__ = ["Benchmark", "Criterion", "Quality", "benchmarks"]

Criterion = Literal[
    "cfi", "rmsea", "srmr", "loading", "alpha", "composite_reliability", "redundancy", "omega", "ave",
    "fornell_larcker", "cross_loading", "htmt_distinct", "htmt_similar", "htmt_bound", "vif_predictor", "vif_item",
    "harman", "tetrads",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One convention, and how the model stands to it.

    Attributes
    ----------
    criterion : str
    value : float
        The worst in the model.
    where : str
        Construct, item or pair of constructs that it is of; empty for the model as a whole.
    sign : {"≥", ">", "<", "≤"}
    limit : float
    source : str
        Who named the limit.
    met : bool
    failing : int
        How many values miss it.
    of : int
        Of how many.
    """

    criterion: Criterion
    value: float
    where: str
    sign: Literal["≥", ">", "<", "≤"]
    limit: float
    source: str
    met: bool
    failing: int
    of: int


@dataclass(frozen=True, slots=True, eq=False)
class Quality:
    """What the benchmarks are held against; None where there is no such thing.

    Attributes
    ----------
    fit : Fit
    reliability, loadings, cross_loadings, vif : DataFrame
    fornell_larcker, htmt, bounds : DataFrame or None
    harman : Harman
    tetrads : Tetrads or None
    """

    fit: Fit
    reliability: pd.DataFrame
    loadings: pd.DataFrame
    cross_loadings: pd.DataFrame
    vif: pd.DataFrame
    fornell_larcker: pd.DataFrame | None
    htmt: pd.DataFrame | None
    bounds: pd.DataFrame | None
    harman: Harman
    tetrads: Tetrads | None


Values = list[tuple[float, str]]
Rule = tuple[Criterion, Callable[[Quality], Values], Literal["≥", ">", "<", "≤"], float, str]


def benchmarks(quality: Quality) -> tuple[Benchmark, ...]:
    """Hold the model against every benchmark that applies to it.

    The limits are conventions: they come from experience and from simulations of a few models, and none of them decides
    by itself whether a scale is good.
    """
    return tuple(_held(rule, values) for rule in _RULES if (values := _finite(rule[1](quality))))


def _finite(values: Iterable[tuple[float, str]]) -> Values:
    return [(float(value), where) for value, where in values if np.isfinite(value)]


def _held(rule: Rule, values: Values) -> Benchmark:
    criterion, _, sign, limit, source = rule
    worst, where = (min if sign in "≥>" else max)(values, key=lambda pair: pair[0])
    missed = sum(not _meets(value, sign, limit) for value, _ in values)
    return Benchmark(criterion, worst, where, sign, limit, source, not missed, missed, len(values))


def _meets(value: float, sign: str, limit: float) -> bool:
    return {"≥": value >= limit, ">": value > limit, "<": value < limit, "≤": value <= limit}[sign]


def _measure(name: str) -> Callable[[Quality], Values]:
    def value(quality: Quality) -> Values:
        measures = quality.fit.fit_measures()
        for kind in (f"{name}_robust", f"{name}_scaled", name):
            if kind in measures and np.isfinite(measures[kind]):
                return [(float(measures[kind]), "")]
        return []

    return value


def _column(name: str) -> Callable[[Quality], Values]:
    def values(quality: Quality) -> Values:
        return [(value, _label(key)) for key, value in quality.reliability[name].items()]

    return values


def _label(key: object) -> str:
    return ": ".join(map(str, key)) if isinstance(key, tuple) else str(key)


def _loadings(quality: Quality) -> Values:
    return [(abs(row.std_all), str(row.rhs)) for row in quality.loadings.itertuples()]


def _fornell_larcker(quality: Quality) -> Values:
    """How far the root of AVE lies above the largest correlation, by construct."""
    table = quality.fornell_larcker
    if table is None:
        return []
    values = np.abs(table.to_numpy())
    off = np.where(np.eye(len(values), dtype=bool), np.nan, values)
    return [(values[k, k] - np.nanmax(off[k]), str(name)) for k, name in enumerate(table.index)
            if np.isfinite(off[k]).any()]  # fmt: skip


def _cross_loadings(quality: Quality) -> Values:
    """How far the loading on the own construct lies above the largest on another, by item."""
    table = quality.cross_loadings
    first = [name for name in table.columns[1:] if name in {c for own in table["construct"] for c in own.split("/")}]
    found = []
    for item, row in table.iterrows():
        own = row["construct"].split("/")
        others = [abs(row[name]) for name in first if name not in own]
        if others:
            found.append((max(abs(row[name]) for name in own) - max(others), str(item)))
    return found


def _pairs(quality: Quality) -> Values:
    return list(_lower(quality.htmt)) if quality.htmt is not None else []


def _lower(table: pd.DataFrame) -> Iterator[tuple[float, str]]:
    for i, one in enumerate(table.index):
        for other in table.columns[:i]:
            yield float(table.loc[one, other]), f"{other}, {one}"


def _bounds(quality: Quality) -> Values:
    if quality.bounds is None:
        return []
    return [(row.upper, f"{row.construct_1}, {row.construct_2}") for row in quality.bounds.itertuples()]


def _inflation(kind: str) -> Callable[[Quality], Values]:
    def values(quality: Quality) -> Values:
        table = quality.vif[quality.vif["kind"] == kind]
        shown = "{0.name} → {0.of}" if kind == "predictor" else "{0.name}"
        return [(row.vif, shown.format(row)) for row in table.itertuples()]

    return values


def _tetrads(quality: Quality) -> Values:
    if quality.tetrads is None:
        return []
    return [(p, str(name)) for name, p in quality.tetrads.tests["pvalue"].items()]


_RULES: tuple[Rule, ...] = (
    ("cfi", _measure("cfi"), "≥", 0.95, "Hu and Bentler 1999"),
    ("rmsea", _measure("rmsea"), "≤", 0.06, "Hu and Bentler 1999"),
    ("srmr", _measure("srmr"), "≤", 0.08, "Hu and Bentler 1999"),
    ("loading", _loadings, "≥", 0.708, "Hair et al. 2019"),
    ("alpha", _column("alpha"), "≥", 0.70, "Nunnally and Bernstein 1994"),
    ("omega", _column("omega"), "≥", 0.70, "Nunnally and Bernstein 1994"),
    ("composite_reliability", _column("composite_reliability"), "≥", 0.70, "Hair et al. 2019"),
    ("redundancy", _column("composite_reliability"), "≤", 0.95, "Diamantopoulos et al. 2012"),
    ("ave", _column("ave"), "≥", 0.50, "Fornell and Larcker 1981"),
    ("fornell_larcker", _fornell_larcker, ">", 0.0, "Fornell and Larcker 1981"),
    ("cross_loading", _cross_loadings, ">", 0.0, "Chin 1998"),
    ("htmt_distinct", _pairs, "<", 0.85, "Henseler et al. 2015"),
    ("htmt_similar", _pairs, "<", 0.90, "Henseler et al. 2015"),
    ("htmt_bound", _bounds, "<", 1.0, "Henseler et al. 2015"),
    ("vif_predictor", _inflation("predictor"), "<", 5.0, "Hair et al. 2019"),
    ("vif_item", _inflation("item"), "<", 5.0, "Hair et al. 2019"),
    ("harman", lambda quality: [(quality.harman.share, "")], "<", 0.50, "Podsakoff and Organ 1986"),
    ("tetrads", _tetrads, "≥", 0.05, "Bollen and Ting 2000"),
)
