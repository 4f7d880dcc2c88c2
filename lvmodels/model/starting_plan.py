"""What starting values need to know of a model, found once however often it is fitted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from lvmodels.model.matrices import Template
from lvmodels.model.row import Row
from lvmodels.model.table import ParameterTable, rows_of_blocks


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What the starts of one block, a group or a level of it, need to know of the model.

    Attributes
    ----------
    rows : dict of int to Row
        By their position in the table.
    place : dict of str to int
    indicators : dict of str to list of int
        Rows of the loadings of each latent variable, in an order in which all indicators are known.
    variances : dict of str to int
        Rows of the variances that are fixed.
    ordinal : frozenset of str
    intercepts, means : dict of int to int
        Rows of the free intercepts of observed variables, and of latent variables, with their variables.
    written : dict of int to float
        Starts in the model text.
    """

    rows: dict[int, Row]
    place: dict[str, int]
    indicators: dict[str, list[int]]
    variances: dict[str, int]
    ordinal: frozenset[str]
    intercepts: dict[int, int]
    means: dict[int, int]
    written: dict[int, float]


@lru_cache(maxsize=128)
def plans_of(table: ParameterTable, template: Template) -> tuple[Plan, ...]:
    """One plan a block, kept for the next fit of the same model."""
    place = {name: i for i, name in enumerate(template.names)}
    return tuple(
        Plan(
            rows=rows,
            place=place,
            indicators=_in_order(rows, set(template.observed)),
            variances={row.lhs: i for i, row in rows.items() if row.is_variance and not row.free},
            ordinal=frozenset(row.lhs for row in rows.values() if row.op == "~*~"),
            intercepts={i: k for i, k in _free_means(rows, place).items() if k < template.n_observed},
            means={i: k for i, k in _free_means(rows, place).items() if k >= template.n_observed},
            written={i: row.start for i, row in rows.items() if row.free and row.start is not None},
        )
        for rows in rows_of_blocks(table)
    )


def _free_means(rows: dict[int, Row], place: dict[str, int]) -> dict[int, int]:
    return {i: place[row.lhs] for i, row in rows.items() if row.op == "~1" and row.free}


def _in_order(rows: dict[int, Row], known: set[str]) -> dict[str, list[int]]:
    """Rows of the loadings of each latent variable, those first that others are measured by."""
    pending: dict[str, list[int]] = {}
    for i, row in rows.items():
        if row.op == "=~":
            pending.setdefault(row.lhs, []).append(i)
    found: dict[str, list[int]] = {}
    while ready := [f for f, items in pending.items() if all(rows[i].rhs in known for i in items)]:
        found |= {f: pending.pop(f) for f in ready}
        known |= set(ready)
    return found
