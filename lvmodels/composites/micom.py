"""Measurement invariance of composites: whether groups form and use their composites alike.

Henseler, Ringle and Sarstedt (2016).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lvmodels.composites.columns import items_by_case, stage_columns
from lvmodels.composites.estimates import score_array
from lvmodels.composites.layout import Stage
from lvmodels.composites.record import PlsRecord
from lvmodels.composites.solution import Solution, solve_by_case

if TYPE_CHECKING:
    import pandas as pd

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Composites:
    """What MICOM compares, in R divisions of the cases into two parts.

    Attributes
    ----------
    correlation : ndarray, shape (R, J)
        Of scores of all cases, made by the weights of either part.
    mean, log_variance : ndarray, shape (R, J)
        Difference of means, and of logarithms of variances, of scores made by the weights of all cases.
    """

    correlation: Matrix
    mean: Matrix
    log_variance: Matrix

    def take(self, which: Flags) -> Composites:
        """Some of the divisions."""
        return Composites(*(getattr(self, field.name)[which] for field in fields(self)))

    @staticmethod
    def joined(parts: Sequence[Composites]) -> Composites:
        """Several blocks as one."""
        return Composites(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Composites)))


def composites_in(together: PlsRecord, first: Matrix, a: Solution, b: Solution) -> Composites:
    """Compare composites in divisions of pooled cases.

    Parameters
    ----------
    together : PlsRecord
        The model in all cases.
    first : ndarray, shape (R, n)
        1 for cases of the first part, 0 for those of the second.
    a, b : Solution
        The last stage in either part.
    """
    stage = together.stage
    X = _columns(together)
    scores = score_array(together)
    weights = together.answers.weights
    made = []
    for solution in (a, b):
        unit = solution.w / (1.0 if together.settings.metric == "raw" else solution.deviations)
        W = np.zeros((*unit.shape, len(stage.names)))
        W[:, np.arange(len(stage.slots)), stage.block] = unit
        made.append(W)
    S = (X * weights[:, None]).T @ X / weights.sum()
    pairs = ((made[0], made[1]), (made[0], made[0]), (made[1], made[1]))
    cross, own, other = (((S @ u) * v).sum(axis=1) for u, v in pairs)
    means, variances = zip(*(_moments(scores, part * weights) for part in (first, 1.0 - first)), strict=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = cross / np.sqrt(own * other)
        return Composites(correlation, means[0] - means[1], np.log(variances[0]) - np.log(variances[1]))


def _columns(together: PlsRecord) -> Matrix:
    """The columns of the last stage in their slots and in their own units, for all cases, shape (n, K)."""
    answers, stage = together.answers, together.stage
    weighted, scores = answers.weights[None], None
    if len(together.stages) > 1:
        scores = solve_by_case(together.stages[:-1], answers, np.ones((1, answers.n)), together.settings)[-1][1]
    columns = stage_columns(stage, items_by_case(answers, weighted, together.settings.metric), scores, weighted)[0]
    plain = items_by_case(answers, weighted, "raw")[0]
    for k, column in enumerate(stage.columns):
        if column.kind == "item":
            columns[:, k] = plain[:, column.sources[0]]
    return np.asarray(columns[:, stage.slots])


def _moments(scores: Matrix, part: Matrix) -> tuple[Matrix, Matrix]:
    """Means and variances of scores in parts of the cases, shape (R, J) each."""
    total = part.sum(axis=1)[:, None]
    mean = part @ scores / total
    return mean, (part @ scores**2 - total * mean**2) / (total - 1.0)


def invariance_table(stage: Stage, observed: Composites, permuted: Composites) -> pd.DataFrame:
    """A row a construct; products of constructs are left out."""
    import pandas as pd

    rows = []
    for j, name in enumerate(stage.names):
        if stage.raw[j]:
            continue
        row: dict[str, object] = {"construct": name, "correlation": observed.correlation[0, j]}
        drawn, value = permuted.correlation[:, j], observed.correlation[0, j]
        row["correlation_quantile"] = float(np.quantile(drawn, 0.05))
        row["correlation_pvalue"] = float((1.0 + (drawn <= value + 1e-12).sum()) / (len(drawn) + 1.0))
        for kind in ("mean", "log_variance"):
            values, value = getattr(permuted, kind)[:, j], getattr(observed, kind)[0, j]
            lower, upper = np.quantile(values, [0.025, 0.975])
            p = float((1.0 + (np.abs(values) >= abs(value) - 1e-12).sum()) / (len(values) + 1.0))
            row |= {kind: value, f"{kind}_lower": lower, f"{kind}_upper": upper, f"{kind}_pvalue": p}
        alike = float(row["correlation_pvalue"]) >= 0.05  # type: ignore[arg-type]
        same = all(float(row[f"{kind}_pvalue"]) >= 0.05 for kind in ("mean", "log_variance"))  # type: ignore[arg-type]
        row["invariance"] = "full" if alike and same else "partial" if alike else "none"
        rows.append(row)
    return pd.DataFrame(rows)
