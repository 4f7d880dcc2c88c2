"""What can be read off a solution, and off every replicate of it: parameters, effects, R², ratios of correlations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lvmodels.composites.layout import Stage
from lvmodels.composites.quality import htmt_ratios
from lvmodels.composites.record import PlsRecord
from lvmodels.composites.regression import total_effects
from lvmodels.composites.rows import row_values
from lvmodels.composites.solution import Solution

Matrix = NDArray[np.float64]
Solutions = tuple[Solution, ...]
Of = Literal["estimates", "effects", "specific_effects", "r2", "htmt"]
OF = ("estimates", "effects", "specific_effects", "r2", "htmt")


@dataclass(frozen=True, slots=True, eq=False)
class Quantity:
    """Numbers of one kind.

    Attributes
    ----------
    keys : dict of str to list of str
        What each number is, as columns of a table of C rows.
    values : callable
        From solutions of R samples to an array of shape (R, C).
    """

    keys: dict[str, list[str]]
    values: Callable[[Solutions], Matrix]


def quantity(fit: PlsRecord, of: Of) -> Quantity:
    """The numbers of one kind that a fit has."""
    if of == "estimates":
        return _estimates(fit)
    if of == "effects":
        return _effects(fit)
    if of == "specific_effects":
        return _specific(fit)
    return _r2(fit) if of == "r2" else _htmt(fit)


def _estimates(fit: PlsRecord) -> Quantity:
    raw = fit.settings.metric == "raw"
    keys = {name: [getattr(row, name) for row in fit.rows] for name in ("lhs", "op", "rhs")}
    if any(row.label for row in fit.rows):
        keys["label"] = [row.label for row in fit.rows]
    return Quantity(keys, lambda solutions: row_values(fit.rows, fit.declared, solutions, raw)[0])


def reachable(stage: Stage) -> NDArray[np.bool_]:
    """Element (i, j): whether a chain of paths leads from i to j, shape (J, J)."""
    found = stage.paths.copy()
    for _ in range(len(stage.names)):
        found |= (found.astype(int) @ stage.paths.astype(int)) > 0
    return found


def effect_places(stage: Stage) -> list[tuple[int, int, str]]:
    """Origin, outcome and kind of all effects, outcome by outcome."""
    pairs = reachable(stage)
    J = len(stage.names)
    return [(i, j, kind) for j in range(J) for i in range(J) if pairs[i, j] for kind in ("direct", "indirect", "total")]


def effects_at(places: list[tuple[int, int, str]], B: Matrix) -> Matrix:
    """Effects in R samples, shape (R, C)."""
    total = total_effects(B)
    parts = {"direct": B, "indirect": total - B, "total": total}
    return np.stack([parts[kind][:, i, j] for i, j, kind in places], axis=1)


def _effects(fit: PlsRecord) -> Quantity:
    places, names = effect_places(fit.stage), fit.stage.names
    keys = {
        "outcome": [names[j] for _, j, _ in places],
        "predictor": [names[i] for i, _, _ in places],
        "effect": [kind for _, _, kind in places],
    }
    return Quantity(keys, lambda solutions: effects_at(places, solutions[-1].B))


def chains(stage: Stage) -> list[tuple[int, ...]]:
    """Chains of two or more paths, short ones first."""
    found: list[tuple[int, ...]] = []
    growing: list[tuple[int, ...]] = [
        (i, int(j)) for i in range(len(stage.names)) for j in np.flatnonzero(stage.paths[i])
    ]
    while growing:
        growing = [(*chain, int(j)) for chain in growing for j in np.flatnonzero(stage.paths[chain[-1]])]
        found += growing
    return found


def _specific(fit: PlsRecord) -> Quantity:
    found, names = chains(fit.stage), fit.stage.names
    keys = {
        "outcome": [names[chain[-1]] for chain in found],
        "predictor": [names[chain[0]] for chain in found],
        "through": [" -> ".join(names[k] for k in chain[1:-1]) for chain in found],
    }

    def values(solutions: Solutions) -> Matrix:
        B = solutions[-1].B
        product = np.ones((len(B), len(found)))
        for c, chain in enumerate(found):
            for i, j in pairwise(chain):
                product[:, c] *= B[:, i, j]
        return product

    return Quantity(keys, values)


def _r2(fit: PlsRecord) -> Quantity:
    at = np.flatnonzero(fit.stage.paths.any(axis=0))
    return Quantity({"outcome": [fit.stage.names[j] for j in at]}, lambda solutions: solutions[-1].r2[:, at])


def _htmt(fit: PlsRecord) -> Quantity:
    stage = fit.stage
    kept = [j for j in range(len(stage.names)) if not stage.raw[j]]
    pairs = [(i, j) for i in kept for j in kept if j < i]
    keys = {"construct": [stage.names[i] for i, _ in pairs], "other": [stage.names[j] for _, j in pairs]}
    rows, columns = (np.array([pair[k] for pair in pairs], dtype=np.intp) for k in (0, 1))
    return Quantity(keys, lambda solutions: htmt_ratios(stage, solutions[-1].S, "arithmetic")[:, rows, columns])
