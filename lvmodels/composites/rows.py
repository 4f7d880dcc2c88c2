"""Which parameters a solution has, in the order of the tables, and their values in R samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lvmodels.composites.declaration import Declaration
from lvmodels.composites.layout import Stage
from lvmodels.composites.solution import Solution
from lvmodels.model.expression import evaluate, to_text

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """One loading, weight, path or defined parameter.

    Attributes
    ----------
    lhs, op, rhs : str
        `op` is ``=~`` for loadings, ``<~`` for weights, ``~`` for paths, ``:=`` for defined parameters.
    label : str
    stage : int
        The stage it comes from.
    at : tuple of int
        The slot, or for a path the constructs it leads from and to.
    """

    lhs: str
    op: Literal["=~", "<~", "~", ":="]
    rhs: str
    label: str
    stage: int
    at: tuple[int, ...]


def rows_of(declared: Declaration, stages: tuple[Stage, ...]) -> tuple[Row, ...]:
    """All rows: loadings, weights, paths, defined parameters."""
    label = {row: name for name, row in declared.labels}
    rows: list[Row] = []
    for op in ("=~", "<~"):
        for name, s, j in measured_at(stages):
            own = stages[s].slots_of(j)
            for k in range(own.start, own.stop):
                item = stages[s].columns[stages[s].slots[k]].name
                rows.append(Row(name, op, item, label.get((name, op, item), ""), s, (k,)))
    last = stages[-1]
    for j in range(len(last.names)):
        for i in last.predecessors(j).tolist():
            key = (last.names[j], "~", last.names[i])
            rows.append(Row(key[0], "~", key[2], label.get(key, ""), len(stages) - 1, (i, j)))
    rows += [Row(d.name, ":=", to_text(d.expression), d.name, -1, ()) for d in declared.definitions]
    return tuple(rows)


def measured_at(stages: tuple[Stage, ...]) -> list[tuple[str, int, int]]:
    """Every construct, with the stage in which its items are more than its own score, and its place there.

    Constructs of the last stage come first, then those that measure others.
    """
    names = list(dict.fromkeys(name for stage in reversed(stages) for name in stage.names))
    found = []
    for name in names:
        for s in reversed(range(len(stages))):
            if name in stages[s].names:
                j = stages[s].names.index(name)
                columns = [stages[s].columns[k] for k in stages[s].slots[stages[s].slots_of(j)]]
                if any(column.kind != "score" or column.name != name for column in columns):
                    found.append((name, s, j))
                    break
    return found


def row_values(
    rows: tuple[Row, ...], declared: Declaration, solutions: tuple[Solution, ...], raw: bool
) -> tuple[Matrix, Matrix]:
    """Values of all rows, as they are and with constructs and items standardized.

    Parameters
    ----------
    rows : tuple of Row
    declared : Declaration
    solutions : tuple of Solution
    raw : bool
        Whether items entered in their own units.

    Returns
    -------
    ndarray, shape (R, n_rows)
    ndarray, shape (R, n_rows)
    """
    R = len(solutions[-1].B)
    plain, standard = np.empty((R, len(rows))), np.empty((R, len(rows)))
    for c, row in enumerate(rows):
        if row.op == ":=":
            continue
        solution = solutions[row.stage]
        if row.op == "=~":
            plain[:, c] = standard[:, c] = solution.loadings[:, row.at[0]]
        elif row.op == "<~":
            plain[:, c] = solution.w[:, row.at[0]]
            standard[:, c] = plain[:, c] * solution.deviations[:, row.at[0]] if raw else plain[:, c]
        else:
            i, j = row.at
            plain[:, c] = solution.B[:, i, j]
            standard[:, c] = plain[:, c] * solution.scale[:, i] / solution.scale[:, j]
    for values in (plain, standard):
        _define(rows, declared, values)
    return plain, standard


def _define(rows: tuple[Row, ...], declared: Declaration, values: Matrix) -> None:
    """Fill in the defined parameters, which may build on one another."""
    known = {row.label: values[:, c] for c, row in enumerate(rows) if row.label and row.op != ":="}
    first = len(rows) - len(declared.definitions)
    for c, definition in enumerate(declared.definitions, first):
        known[definition.name] = values[:, c] = np.broadcast_to(evaluate(definition.expression, known), len(values))
