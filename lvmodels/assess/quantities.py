"""Everything that intervals are wanted for, as functions of stacks of row values: estimates, standardized ones, R²."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.standardization import standardize
from lvmodels.fit.record import Fit
from lvmodels.model.expression import evaluate
from lvmodels.model.matrices import ModelMatrices, model_matrices

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Quantities:
    """Of R points, by row of the table.

    Attributes
    ----------
    estimates, standardized : ndarray, shape (R, n_rows + n_definitions)
    r2 : ndarray, shape (R, k)
        Of the variables that `explained` names.
    """

    estimates: Matrix
    standardized: Matrix
    r2: Matrix


def quantities(fit: Fit, values: Matrix) -> Quantities:
    """Evaluate all of them at once.

    Parameters
    ----------
    values : ndarray, shape (R, n_rows)
        Of all rows of the table.
    """
    template = fit.objective.template
    with np.errstate(invalid="ignore", divide="ignore"):
        matrices = [model_matrices(template, g, values) for g in range(fit.table.n_groups)]
        standardized = standardize(template, matrices, values, "all")
        return Quantities(with_defined(fit, values), with_defined(fit, standardized), _explained(fit, matrices))


def with_defined(fit: Fit, values: Matrix) -> Matrix:
    """Values of all rows, and of the defined parameters behind them, shape (R, n_rows + n_definitions)."""
    restrictions = fit.objective.restrictions
    by_name = {name: values[:, row] for name, row in restrictions.lookup.items()}
    defined = [np.broadcast_to(evaluate(e, by_name), len(values)) for _, e in restrictions.definitions]
    return np.column_stack([values, *defined]) if defined else values


def explained(fit: Fit) -> tuple[tuple[int, str], ...]:
    """Group and name of every variable that something explains."""
    names = fit.objective.template.names
    return tuple((g + 1, names[a]) for g, a in _heads(fit))


def _heads(fit: Fit) -> list[tuple[int, int]]:
    parts = enumerate(fit.objective.template.groups)
    return [(g, a) for g, part in parts for a in dict.fromkeys(int(i) for i in part.directed[1])]


def _explained(fit: Fit, matrices: list[ModelMatrices]) -> Matrix:
    """One minus residual over implied variance; above 1 where the residual variance is negative."""
    found = [1.0 - matrices[g].Psi[:, a, a] / matrices[g].V[:, a, a] for g, a in _heads(fit)]
    return np.column_stack(found) if found else np.zeros((len(matrices[0].V), 0))
