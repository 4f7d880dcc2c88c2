"""Fit what was published and hold the results side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

import lvmodels as lv
from paper.sources import Published, load

if TYPE_CHECKING:
    from lvmodels import Fit

ROOT = Path(__file__).resolve().parents[1]
FUNCTIONS = {"sem": lv.sem, "cfa": lv.cfa, "growth": lv.growth}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One quantity, ours and as published.

    Attributes
    ----------
    quantity : str
        A parameter, with its group where there are several, or the name of a fit measure.
    column : str
        est, se, std_lv, std_all, or "fit".
    ours, published, allowed : float
        Two values, and how far apart they may be.
    """

    quantity: str
    column: str
    ours: float
    published: float
    allowed: float

    @property
    def difference(self) -> float:
        """Size of the difference."""
        return abs(self.ours - self.published)

    @property
    def agrees(self) -> bool:
        """Whether the difference is within what is allowed; False when ours is not a number."""
        return bool(self.difference <= self.allowed)


@dataclass(frozen=True, slots=True, eq=False)
class Replication:
    """A published model fitted anew."""

    source: Published
    fit: Fit
    comparisons: tuple[Comparison, ...]

    def largest(self, *columns: str) -> float:
        """Largest difference among the quantities of these columns; NaN when there is none."""
        return max((c.difference for c in self.comparisons if c.column in columns), default=float("nan"))

    def count(self) -> int:
        """Number of quantities compared."""
        return len(self.comparisons)


@cache
def replicate(name: str) -> Replication:
    """Fit a published model and compare everything that was reported."""
    source = load(name)
    data, moments = _input(source)
    fit = FUNCTIONS[source.function](source.model, data, **moments, **source.options)
    return Replication(source, fit, (*_parameters(source, fit), *_measures(source, fit)))


def _input(source: Published) -> tuple[Any, dict[str, Any]]:
    """The data, or the moments, as the functions of lvmodels take them."""
    if source.names:
        return None, {"sample_cov": _full(source.names, source.lower), "sample_nobs": source.n}
    if source.data.endswith(".csv"):
        return pd.read_csv(ROOT / source.data), {}
    survey = lv.datasets.load(source.data)
    if source.correlation:
        return None, {"sample_cov": survey.answers.corr(), "sample_nobs": source.n}
    return survey, {}


def _full(names: tuple[str, ...], lower: Iterable[Iterable[float]]) -> pd.DataFrame:
    """A symmetric matrix from its lower triangle."""
    matrix = np.zeros((len(names), len(names)))
    for i, row in enumerate(lower):
        for j, value in enumerate(row):
            matrix[i, j] = matrix[j, i] = value
    return pd.DataFrame(matrix, index=list(names), columns=list(names))


def _parameters(source: Published, fit: Fit) -> Iterable[Comparison]:
    estimates = fit.estimates()
    found = {}
    for row in estimates.to_dict("records"):
        group = fit.prepared.group_labels[row["group"] - 1] if row.get("group") else None
        found[_key(row["lhs"], row["op"], row["rhs"], group)] = row
    for reported in source.estimates:
        lhs, op, rhs = reported.parameter.split()
        ours = found[_key(lhs, *(("~1", "") if (op, rhs) == ("~", "1") else (op, rhs)), reported.group)]
        quantity = reported.parameter + (f" [{reported.group}]" if reported.group else "")
        for column, value in reported.values.items():
            if ours["se"] == 0 and (column in ("est", "se") or value in (0, 1)):
                continue  # fixed by the model: to find it again proves nothing
            allowed = source.tolerance.of_estimate(column, value)
            yield Comparison(quantity, column, float(ours[column]), value, allowed)


def _key(lhs: str, op: str, rhs: str, group: str | None) -> tuple[object, ...]:
    """The same for `a ~~ b` and `b ~~ a`."""
    return (frozenset((lhs, rhs)) if op == "~~" else (lhs, rhs), op, group)


def _measures(source: Published, fit: Fit) -> Iterable[Comparison]:
    measures = fit.fit_measures()
    for name, value in source.fit.items():
        allowed = source.tolerance.of_measure(name, float(value))
        yield Comparison(name, "fit", float(measures[name]), float(value), allowed)
