"""Effects at values of their moderators: one table for all products of a model."""

from __future__ import annotations

from lvmodels.assess.slopes import johnson_neyman, simple_slopes
from lvmodels.model.row import Row
from lvmodels.report.context import Context
from lvmodels.report.number_format import percent
from lvmodels.report.records import Cell, Column, Table

_VALUES = ("at", "distance", "slope", "se", "z", "pvalue", "ci_lower", "ci_upper")


def slope_table(context: Context) -> Table | None:
    """Simple slopes of every product of two variables; None without products, or without errors."""
    products = [] if not context.tested or context.fit.table.levels else _products(context)
    if not products:
        return None
    words, fit = context.words, context.fit
    rows: list[tuple[Cell, ...]] = []
    notes = [words["note.slopes"]]
    for row in products:
        predictor, moderator = row.rhs.split(":")
        where: tuple[Cell, ...] = (row.group, context.block_names[row.group - 1]) if context.several_blocks else ()
        slopes = simple_slopes(fit, predictor, moderator, row.lhs, group=row.group)
        lead = (row.lhs, context.label(row.lhs), predictor, context.label(predictor), context.label(moderator))
        rows += [(*lead, *where, *(float(values[name]) for name in _VALUES)) for values in slopes.to_dict("records")]
        regions = johnson_neyman(fit, predictor, moderator, row.lhs, row.group)
        names = {"predictor": lead[3], "outcome": lead[1], "moderator": lead[4]}
        level = f"{100 * (1 - regions.level):.0f}"
        said = words["note.region"].format(**names, share=percent(regions.share), level=level)
        notes.append(f"{where[1]}: {said}" if where else said)
    return Table("slopes", words["table.slopes"], _columns(context), tuple(rows), tuple(notes), "outcome_label")


def _products(context: Context) -> list[Row]:
    """Rows with a product whose factors are variables of the model."""
    known = set(context.fit.objective.template.names)
    found = [row for row in context.fit.table.rows if row.op == "~" and row.rhs.count(":") == 1 and row.free]
    return [row for row in found if set(row.rhs.split(":")) <= known]


def _columns(context: Context) -> tuple[Column, ...]:
    words = context.words
    blocks = (Column("group", format="integer"), Column("group_label", context.block_title))
    interval = words["column.interval"].format(level=context.level())
    return (
        Column("outcome", format="code"),
        Column("outcome_label", words["column.outcome"]),
        Column("predictor", format="code"),
        Column("predictor_label", words["column.predictor"]),
        Column("moderator_label", words["column.moderator"]),
        *(blocks if context.several_blocks else ()),
        Column("at", words["column.at"], "estimate"),
        Column("distance", words["column.distance"], "estimate"),
        Column("slope", words["column.slope"], "estimate"),
        Column("se", words["column.error"], "estimate", symbol=True),
        Column("z", "z", "ratio", symbol=True),
        Column("p", "p", "p", symbol=True),
        Column("ci_lower", words["column.lower"], "estimate", interval),
        Column("ci_upper", words["column.upper"], "estimate", interval),
    )
