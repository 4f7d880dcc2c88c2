"""Where the model does not fit: the largest residuals, and what freeing a parameter would change."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from lvmodels.report.context import Context
from lvmodels.report.headline import is_scaled
from lvmodels.report.records import Cell, Column, Table

SHOWN = 10


def residual_table(context: Context) -> Table | None:
    """Standardized residual covariances of all pairs, the largest first; None without standard errors."""
    fit, words = context.fit, context.words
    if not context.tested or fit.df == 0:
        return None
    rows: list[tuple[Cell, ...]] = []
    for g, of_group, level in context.blocks:
        standardized = fit.residuals("standardized", of_group, level=level)
        correlation = fit.residuals("cor", of_group, level=level)
        group: tuple[Cell, ...] = (g, context.block_names[g - 1]) if context.several_blocks else ()
        for a, b in combinations(range(len(standardized)), 2):
            names = (str(standardized.index[a]), str(standardized.index[b]))
            rows.append((*names, *group, float(correlation.iloc[a, b]), float(standardized.iloc[a, b])))
    rows.sort(key=lambda row: -abs(float(row[-1] or 0.0)))
    if not rows:
        return None
    columns = [Column("first", words["column.variable"], "code"), Column("second", words["column.with"], "code")]
    if context.several_blocks:
        columns += [Column("group", format="integer"), Column("group_label", context.block_title)]
    columns += [
        Column("residual_correlation", words["column.residual_correlation"], "index"),
        Column("standardized_residual", words["column.standardized_residual"], "ratio"),
    ]
    notes = [words["note.residuals"], *_rest(context, len(rows))]
    return Table("residuals", words["table.residuals"], tuple(columns), tuple(rows), tuple(notes), shown_rows=SHOWN)


def modification_table(context: Context) -> Table | None:
    """Modification indices, the largest first; None for a fit without convergence or without candidates."""
    fit, words = context.fit, context.words
    if not fit.converged:
        return None
    frame = context.by_block(fit.modification_indices())
    if not len(frame):
        return None
    rows: list[tuple[Cell, ...]] = []
    for row in frame.to_dict("records"):
        text = f"{row['lhs']} {row['op']} {row['rhs']}".strip().replace("~1", "~ 1")
        g = int(row.get("group", 1))
        group: tuple[Cell, ...] = (g, context.block_names[g - 1]) if context.several_blocks else ()
        rows.append((text, *group, float(row["mi"]), float(row["epc"]), float(row["sepc_all"])))
    columns = [Column("parameter", words["column.parameter"], "code")]
    if context.several_blocks:
        columns += [Column("group", format="integer"), Column("group_label", context.block_title)]
    columns += [
        Column("mi", words["column.mi"], "ratio"),
        Column("epc", words["column.epc"], "estimate"),
        Column("sepc_all", words["column.sepc"], "index"),
    ]
    notes = [words["note.modification"], *_uncorrected(context), *_rest(context, len(rows))]
    title = words["table.modification"]
    return Table("modification_indices", title, tuple(columns), tuple(rows), tuple(notes), shown_rows=SHOWN)


def _uncorrected(context: Context) -> list[str]:
    return [context.words["correction.none_for_parts"]] if is_scaled(context.fit) else []


def _rest(context: Context, count: int) -> list[str]:
    return [context.words["note.rest"].format(shown=SHOWN, count=count)] if count > SHOWN else []


def large_residuals(context: Context, bound: float = 2.58) -> tuple[int, int]:
    """How many standardized residuals exceed a bound, and of how many."""
    beyond = total = 0
    for _, group, level in context.blocks:
        values = context.fit.residuals("standardized", group, level=level).to_numpy()
        pairs = np.abs(values[np.tril_indices(len(values), -1)])
        beyond, total = beyond + int((pairs > bound).sum()), total + len(pairs)
    return beyond, total
