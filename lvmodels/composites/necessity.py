"""Necessary conditions: how much of a construct an outcome needs at least (Dul 2016; Richter et al. 2020).

Above a ceiling line there are no cases: without so much x there is no y that high. The effect size is the empty share
of the area that the answers span; its p value comes from permutations (Dul, van der Laan and Kuik 2020).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.composites.estimates import scores as score_frame
from lvmodels.composites.record import PlsRecord
from lvmodels.composites.replicates import check_converged
from lvmodels.errors import ModelError, nearest
from lvmodels.estimate.choices import check_replicates, seed_sequence

if TYPE_CHECKING:
    import pandas as pd

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
CEILINGS = ("ce_fdh", "cr_fdh")
_ENTRIES = 2_000_000


@dataclass(frozen=True, slots=True, eq=False)
class NecessaryConditions:
    """Ceilings of the predecessors of an outcome.

    Attributes
    ----------
    effects : DataFrame
        Columns outcome, predictor; effect sizes under the step-shaped ceiling (ce_fdh) and under the line through its
        corners (cr_fdh), with p values by permutation; accuracy (share of cases on or below the line).
    bottlenecks : DataFrame
        Index: level of the outcome, in percent of its range. Columns: the level of each predecessor that it needs, in
        percent of its range; NaN where none is needed. From the step-shaped ceiling.
    """

    effects: pd.DataFrame
    bottlenecks: pd.DataFrame

    def __repr__(self) -> str:
        sizes = ", ".join(f"{row.predictor} {row.ce_fdh:.2f}" for row in self.effects.itertuples())
        return f"<NecessaryConditions: {sizes}>"


def nca(fit: PlsRecord, outcome: str | None, n: int, seed: Any) -> NecessaryConditions:
    """The record behind `PlsFit.nca`."""
    import pandas as pd

    number = check_replicates(n)
    check_converged(fit)
    stage = fit.stage
    j = _outcome(fit, outcome)
    values = score_frame(fit, "unstandardized").to_numpy()
    before = [int(i) for i in stage.predecessors(j) if not stage.raw[i]]
    levels = np.arange(0.0, 101.0, 10.0)
    rows, needs = [], {}
    for i, stream in zip(before, seed_sequence(seed).spawn(len(before)), strict=True):
        x, y = values[:, i], values[:, j]
        sizes, line = ceilings(x, y[None])
        drawn = _permuted(x, y, number, np.random.default_rng(stream))
        share = (1.0 + (drawn >= sizes - 1e-12).sum(axis=0)) / (number + 1.0)
        above = y > line[0, 0] + line[0, 1] * x + 1e-9
        rows.append(
            {
                "outcome": stage.names[j],
                "predictor": stage.names[i],
                "ce_fdh": sizes[0, 0],
                "ce_fdh_pvalue": share[0],
                "cr_fdh": sizes[0, 1],
                "cr_fdh_pvalue": share[1],
                "cr_fdh_accuracy": 1.0 - above.mean(),
            }
        )
        needs[stage.names[i]] = bottleneck(x, y, levels)
    index = pd.Index(levels, name=f"{stage.names[j]} (%)")
    return NecessaryConditions(pd.DataFrame(rows), pd.DataFrame(needs, index=index))


def _outcome(fit: PlsRecord, outcome: str | None) -> int:
    stage = fit.stage
    explained = [stage.names[j] for j in np.flatnonzero(stage.paths.any(axis=0))]
    if outcome is None:
        return stage.names.index(explained[-1])
    if outcome not in explained:
        hint = nearest(outcome, explained) or f"Use one of {', '.join(explained)}."
        raise ModelError(f"outcome='{outcome}' is no construct that something explains. {hint}")
    return stage.names.index(outcome)


def _permuted(x: Vector, y: Vector, n: int, generator: np.random.Generator) -> Matrix:
    """Effect sizes when outcomes are dealt out at random, shape (n, 2)."""
    size = max(1, _ENTRIES // len(x))
    parts = []
    for begin in range(0, n, size):
        dealt = generator.permuted(np.tile(y, (min(size, n - begin), 1)), axis=1)
        parts.append(ceilings(x, dealt)[0])
    return np.concatenate(parts)


def ceilings(x: Vector, Y: Matrix) -> tuple[Matrix, Matrix]:
    """Effect sizes under both ceilings, shape (R, 2), and intercept and slope of the line, shape (R, 2).

    Parameters
    ----------
    x : ndarray, shape (n,)
    Y : ndarray, shape (R, n)
        R outcomes.

    Examples
    --------
    Two cases, low and low, high and high: above the step there is nothing at all.

    >>> ceilings(np.array([0.0, 1.0]), np.array([[0.0, 1.0]]))[0].tolist()
    [[1.0, 0.5]]
    """
    order = np.argsort(x, kind="stable")
    x, Y = x[order], Y[:, order]
    low, high = Y.min(axis=1), Y.max(axis=1)
    scope = (x[-1] - x[0]) * (high - low)
    starts = np.flatnonzero(np.r_[True, np.diff(x) > 0])
    distinct = x[starts]
    top = np.maximum.accumulate(np.maximum.reduceat(Y, starts, axis=1), axis=1)
    step = ((high[:, None] - top[:, :-1]) * np.diff(distinct)).sum(axis=1)
    corner = np.concatenate([np.ones((len(Y), 1), dtype=bool), np.diff(top, axis=1) > 0], axis=1)
    line = _line(distinct, top, corner)
    with np.errstate(invalid="ignore", divide="ignore"):
        sizes = np.stack([step, _above(line, x[0], x[-1], low, high)], axis=1) / scope[:, None]
    return np.where(np.isfinite(sizes), sizes, 0.0), line


def _line(x: Vector, top: Matrix, corner: NDArray[np.bool_]) -> Matrix:
    """Intercept and slope of the regression through the corners of the step; level where there is one corner."""
    count = corner.sum(axis=1)
    mean_x, mean_y = (corner @ x) / count, (corner * top).sum(axis=1) / count
    apart = np.where(corner, x - mean_x[:, None], 0.0)
    square = (apart**2).sum(axis=1)
    slope = np.divide((apart * top).sum(axis=1), square, out=np.zeros(len(top)), where=square > 0)
    return np.stack([mean_y - slope * mean_x, slope], axis=1)


def _above(line: Matrix, left: float, right: float, low: Vector, high: Vector) -> Vector:
    """Area between the line and the highest outcome, within the range of the answers."""
    intercept, slope = line.T
    rising = slope > 1e-12
    safe = np.where(rising, slope, 1.0)
    a, b = (np.clip((end - intercept) / safe, left, right) for end in (low, high))
    area = (a - left) * (high - low) + (high - intercept) * (b - a) - 0.5 * slope * (b**2 - a**2)
    return np.where(rising, area, 0.0)


def bottleneck(x: Vector, y: Vector, levels: Vector) -> Vector:
    """The least x, in percent of its range, at which y was ever as high as each level; NaN where any x will do."""
    span = y.max() - y.min()
    found = np.full(len(levels), np.nan)
    for k, level in enumerate(levels):
        reached = x[y >= y.min() + level / 100.0 * span - 1e-9].min()
        if reached > x.min():
            found[k] = 100.0 * (reached - x.min()) / (x.max() - x.min())
    return found
