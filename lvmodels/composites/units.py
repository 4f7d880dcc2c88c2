"""Constructs in the units of their items: weights scaled to sum to 1.

Fornell et al. (1996); Ringle and Sarstedt (2016).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.composites.answers import Answers
from lvmodels.composites.layout import Stage
from lvmodels.composites.solution import Solution

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """Means, standard deviations and weights of a stage in the units of the items.

    Attributes
    ----------
    mean, deviation : ndarray, shape (J,)
        Of the constructs: a standardized score times the deviation, plus the mean, is the unstandardized score.
        Products of constructs have mean 0 and are products of standardized scores.
    weights : ndarray, shape (K,)
        Of the columns in their own units; they sum to 1 in each block.
    """

    mean: Vector
    deviation: Vector
    weights: Vector


def units_of(
    stages: tuple[Stage, ...], solutions: tuple[Solution, ...], answers: Answers, raw: bool
) -> tuple[Units, ...]:
    """Units of every stage.

    Parameters
    ----------
    stages : tuple of Stage
    solutions : tuple of Solution
        Of a single sample.
    answers : Answers
    raw : bool
        Whether items entered in their own units.
    """
    found: list[Units] = []
    for stage, solution in zip(stages, solutions, strict=True):
        before = found[-1] if found else None
        mean, deviation = np.zeros(len(stage.slots)), solution.deviations[0].copy()
        for k, column in enumerate(stage.columns[s] for s in stage.slots):
            if column.kind == "item":
                mean[k] = answers.centre[column.sources[0]]
            elif column.kind == "score" and before is not None:
                mean[k], deviation[k] = before.mean[column.sources[0]], before.deviation[column.sources[0]]
        unit = solution.w[0] * solution.deviations[0] if raw else solution.w[0]
        per_unit = unit / deviation
        sums = np.add.reduceat(per_unit, stage.starts)
        weights = per_unit / sums[stage.block]
        found.append(Units(np.add.reduceat(weights * mean, stage.starts), 1.0 / sums, weights))
    return tuple(found)
