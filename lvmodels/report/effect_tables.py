"""Direct, indirect and total effects side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lvmodels.report.context import Context
from lvmodels.report.records import Cell, Column, Table

KINDS = ("direct", "indirect", "total")

_Pair = tuple[str, str, int]


def effect_table(context: Context) -> Table | None:
    """Effects of every construct on every other; None for models without paths, or without convergence."""
    if not context.fit.converged:
        return None
    found: dict[_Pair, dict[str, Mapping[str, Any]]] = {}
    for row in context.by_block(context.fit.effects()).to_dict("records"):
        found.setdefault((row["outcome"], row["predictor"], int(row.get("group", 1))), {})[row["effect"]] = row
    if not found:
        return None
    words = context.words
    place = {pair: k for k, pair in enumerate(dict.fromkeys(key[:2] for key in found))}
    keys = sorted(found, key=lambda key: (place[key[:2]], key[2]))
    columns = [
        Column("outcome", format="code"),
        Column("outcome_label", words["column.outcome"]),
        Column("predictor", format="code"),
        Column("predictor_label", words["column.predictor"]),
    ]
    if context.several_blocks:
        columns += [Column("group", format="integer"), Column("group_label", context.block_title)]
    for kind in KINDS:
        columns += _columns(context, kind)
    rows = tuple((*_lead(context, key), *_cells(context, found[key])) for key in keys)
    notes = (words["note.effects"], words["note.effects_tests"]) if context.tested else (words["note.effects"],)
    return Table("effects", words["table.effects"], tuple(columns), rows, notes, "outcome_label")


def _columns(context: Context, kind: str) -> list[Column]:
    words = context.words
    group = words[f"effect.{kind}"]
    tests = [
        Column(f"{kind}_se", format="estimate"),
        Column(f"{kind}_z", format="ratio"),
        Column(f"{kind}_p", "p", "p", group, symbol=True),
        Column(f"{kind}_ci_lower", format="estimate"),
        Column(f"{kind}_ci_upper", format="estimate"),
    ]
    estimate = Column(f"{kind}_est", words["column.estimate"], "estimate", group)
    standardized = Column(f"{kind}_std_all", words["column.standardized"], "index", group)
    return [estimate, *(tests if context.tested else []), standardized]


def _lead(context: Context, key: _Pair) -> tuple[Cell, ...]:
    outcome, predictor, group = key
    lead: tuple[Cell, ...] = (outcome, context.label(outcome), predictor, context.label(predictor))
    return (*lead, group, context.block_names[group - 1]) if context.several_blocks else lead


def _cells(context: Context, effects: Mapping[str, Mapping[str, Any]]) -> tuple[Cell, ...]:
    keys = ("est", "se", "z", "pvalue", "ci_lower", "ci_upper", "std_all") if context.tested else ("est", "std_all")
    cells: list[Cell] = []
    for kind in KINDS:
        row = effects[kind]
        absent = row["est"] == 0 and not row["se"] > 0
        cells += [None if absent else float(row[key]) for key in keys]
    return tuple(cells)
