"""Tables of parameters: measurement, structure, variances, covariances, intercepts, defined parameters, R²."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from lvmodels.report.context import Context
from lvmodels.report.records import Cell, Column, Table

Row = Mapping[str, Any]

__all__ = [
    "covariance_table", "defined_table", "intercept_table", "measurement_table", "r2_table", "structural_table",
    "variance_table",
]  # fmt: skip


def measurement_table(context: Context) -> Table | None:
    """Loadings and weights, by construct."""
    words = context.words
    rows = _rows(context, lambda row: row["op"] in ("=~", "<~"))
    leading = (
        Column("construct", format="code"),
        Column("construct_label", words["column.construct"]),
        Column("item", words["column.item"], "code"),
    )
    notes = [words["note.marker"]] if any(_fixed(row) for row in rows) else []
    notes += [words["note.weights"]] if any(row["op"] == "<~" for row in rows) else []
    return _parameters(
        context, "measurement", leading, rows,
        lambda row: (row["lhs"], context.label(row["lhs"]), context.label(row["rhs"])),
        notes, "construct_label",
    )  # fmt: skip


def structural_table(context: Context) -> Table | None:
    """Paths, by outcome."""
    words = context.words
    rows = _rows(context, lambda row: row["op"] == "~")
    leading = (
        Column("outcome", format="code"),
        Column("outcome_label", words["column.outcome"]),
        Column("predictor", format="code"),
        Column("predictor_label", words["column.predictor"]),
    )
    return _parameters(
        context, "structure", leading, rows,
        lambda row: (row["lhs"], context.label(row["lhs"]), row["rhs"], context.label(row["rhs"])),
        [words["note.structure"]], "outcome_label",
    )  # fmt: skip


def variance_table(context: Context) -> Table | None:
    """Variances and residual variances: of the constructs, then of the observed variables."""
    words, latent = context.words, set(context.fit.table.variables.latent)
    explained = _explained(context)
    rows = _rows(context, lambda row: row["op"] == "~~" and row["lhs"] == row["rhs"])
    rows = sorted(rows, key=lambda row: row["lhs"] not in latent)

    def lead(row: Row) -> tuple[Cell, ...]:
        kind = words["kind.residual_variance" if row["lhs"] in explained else "kind.variance"]
        part = words["part.constructs" if row["lhs"] in latent else "part.observed"]
        return part, row["lhs"], context.label(row["lhs"]), kind

    leading = (
        Column("part"),
        Column("variable", format="code"),
        Column("variable_label", words["column.variable"]),
        Column("kind", words["column.kind"]),
    )
    return _parameters(context, "variances", leading, rows, lead, [], "part")


def covariance_table(context: Context) -> Table | None:
    """Covariances and residual covariances; the last column holds correlations."""
    words, explained = context.words, _explained(context)
    rows = _rows(context, lambda row: row["op"] == "~~" and row["lhs"] != row["rhs"])

    def lead(row: Row) -> tuple[Cell, ...]:
        kind = words["kind.residual_covariance" if row["lhs"] in explained else "kind.covariance"]
        return row["lhs"], context.label(row["lhs"]), row["rhs"], context.label(row["rhs"]), kind

    leading = (
        Column("first", format="code"),
        Column("first_label", words["column.variable"]),
        Column("second", format="code"),
        Column("second_label", words["column.with"]),
        Column("kind", words["column.kind"]),
    )
    return _parameters(context, "covariances", leading, rows, lead, [words["note.correlation"]])


def intercept_table(context: Context) -> Table | None:
    """Intercepts and means that were estimated or set to something else than zero."""
    words, latent = context.words, set(context.fit.table.variables.latent)
    rows = _rows(context, lambda row: row["op"] == "~1" and not (_fixed(row) and row["est"] == 0))
    rows = sorted(rows, key=lambda row: row["lhs"] not in latent)
    leading = (
        Column("part"),
        Column("variable", format="code"),
        Column("variable_label", words["column.variable"]),
    )

    def lead(row: Row) -> tuple[Cell, ...]:
        part = words["part.constructs" if row["lhs"] in latent else "part.observed"]
        return part, row["lhs"], context.label(row["lhs"])

    return _parameters(context, "intercepts", leading, rows, lead, [], "part")


def defined_table(context: Context) -> Table | None:
    """Parameters that the model text defines."""
    words = context.words
    rows = _rows(context, lambda row: row["op"] == ":=", grouped=False)
    leading = (
        Column("name", words["column.name"], "code"),
        Column("expression", words["column.expression"], "code"),
    )
    return _parameters(
        context, "defined", leading, rows, lambda row: (row["lhs"], row["rhs"]), [words["note.defined"]], grouped=False
    )


def r2_table(context: Context) -> Table | None:
    """Explained variance of outcomes among constructs, then of the items."""
    words, latent = context.words, set(context.fit.table.variables.latent)
    if not context.fit.converged:
        return None
    outcomes = {str(name) for name in context.estimates.query("op == '~'")["lhs"]}
    found: list[tuple[Cell, ...]] = []
    for (group, name), value in context.r2().items():
        part = "constructs" if name in latent else "outcomes" if name in outcomes else "items"
        row = (words[f"part.{part}"], name, context.label(name))
        found.append((*row, *(_group_cells(context, group)), value))
    if not found:
        return None
    order = [words["part.constructs"], words["part.outcomes"], words["part.items"]]
    place = {name: k for k, name in enumerate(dict.fromkeys(row[1] for row in found))}
    found.sort(key=lambda row: (order.index(str(row[0])), place[row[1]]))
    columns = (
        Column("part"),
        Column("variable", format="code"),
        Column("variable_label", words["column.variable"]),
        *_group_columns(context),
        Column("r2", "R²", "index", symbol=True),
    )
    notes = [words["note.r2_missing"]] if any(np.isnan(float(row[-1] or 0)) for row in found) else []
    return Table("r2", words["table.r2"], columns, tuple(found), (words["note.r2"], *notes), "part")


# ---- what they share ------------------------------------------------------------------------------------------------


def parameter_table(
    context: Context,
    name: str,
    leading: tuple[Column, ...],
    chosen: Callable[[Row], bool],
    lead: Callable[[Row], tuple[Cell, ...]],
    notes: list[str],
) -> Table | None:
    """A table of the estimates that are chosen; None when none is."""
    return _parameters(context, name, leading, _rows(context, chosen), lead, notes)


def _rows(context: Context, chosen: Callable[[Row], bool], grouped: bool = True) -> list[Row]:
    """Rows of the estimates; those of one parameter stand together, group after group."""
    records: Iterable[Row] = context.estimates.to_dict("records")
    rows = [row for row in records if chosen(row)]
    if not (grouped and context.several_blocks):
        return rows
    place = {key: k for k, key in enumerate(dict.fromkeys((row["lhs"], row["op"], row["rhs"]) for row in rows))}
    return sorted(rows, key=lambda row: (place[row["lhs"], row["op"], row["rhs"]], row["group"]))


def _parameters(
    context: Context,
    name: str,
    leading: tuple[Column, ...],
    rows: list[Row],
    lead: Callable[[Row], tuple[Cell, ...]],
    notes: list[str],
    divided_by: str = "",
    grouped: bool = True,
) -> Table | None:
    """A table whose last columns are those of every parameter; None without rows."""
    if not rows:
        return None
    columns = (*leading, *(_group_columns(context) if grouped else ()), *_value_columns(context))
    cells = tuple(
        (*lead(row), *(_group_cells(context, int(row["group"])) if grouped and context.several_blocks else ()),
         *_value_cells(context, row))
        for row in rows
    )  # fmt: skip
    said = [context.words["note.fixed"]] if context.tested and any(_fixed(row) for row in rows) else []
    return Table(name, context.words[f"table.{name}"], columns, cells, (*said, *notes), divided_by)


def _group_columns(context: Context) -> tuple[Column, ...]:
    if not context.several_blocks:
        return ()
    return Column("group", format="integer"), Column("group_label", context.block_title)


def _group_cells(context: Context, group: int) -> tuple[Cell, ...]:
    return (group, context.block_names[group - 1]) if context.several_blocks else ()


def _value_columns(context: Context) -> tuple[Column, ...]:
    words = context.words
    label = Column("label", format="code")
    estimate = Column("est", words["column.estimate"], "estimate")
    standardized = Column("std_all", words["column.standardized"], "index")
    if not context.fit.converged:
        return label, estimate
    if not context.tested:
        return label, estimate, standardized
    interval = words["column.interval"].format(level=context.level())
    return (
        label,
        estimate,
        Column("se", words["column.error"], "estimate", symbol=True),
        Column("z", "z", "ratio", symbol=True),
        Column("p", "p", "p", symbol=True),
        Column("ci_lower", words["column.lower"], "estimate", interval),
        Column("ci_upper", words["column.upper"], "estimate", interval),
        standardized,
    )


def _value_cells(context: Context, row: Row) -> tuple[Cell, ...]:
    """The numbers of a parameter; a fixed one has neither error nor interval."""
    label = str(row.get("label", ""))
    label = "" if label.startswith(".p") else label
    estimate, standardized = float(row["est"]), float(row["std_all"])
    if not context.fit.converged:
        return label, estimate
    if not context.tested:
        return label, estimate, standardized
    keys = ("se", "z", "pvalue", "ci_lower", "ci_upper")
    tests = (None,) * len(keys) if _fixed(row) else tuple(float(row[key]) for key in keys)
    return label, estimate, *tests, standardized


def _fixed(row: Row) -> bool:
    return bool(row["se"] == 0)


def _explained(context: Context) -> set[str]:
    """Variables that something points to."""
    rows = [row for row in context.fit.table.rows if row.op in ("=~", "~", "<~")]
    return {row.rhs if row.op == "=~" else row.lhs for row in rows}
