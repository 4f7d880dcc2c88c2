"""The few lines that a terminal shows after a fit."""

from __future__ import annotations

from collections.abc import Sequence

from lvmodels.assess.products import has_products
from lvmodels.errors import display_width
from lvmodels.report.context import Context
from lvmodels.report.finding import key_numbers
from lvmodels.report.fit_tables import chi_square_text
from lvmodels.report.headline import chi_square_sign, correction_line, headline_measures
from lvmodels.report.number_format import NONE, decimal, shown
from lvmodels.report.records import Table
from lvmodels.report.tables import measurement_table, structural_table

_SHOWN = 40


def overview(context: Context) -> str:
    """Fit, and the paths of the structural part (the loadings of a model without paths), as aligned text."""
    fit, words = context.fit, context.words
    if not fit.converged:
        return f"{words['page.not_converged']}: {fit.optimum.reason}."
    m = headline_measures(fit)
    first = f"{words['fact.n']}: {fit.nobs}"
    if has_products(fit):
        lines = ["   ".join([first, *(f"{name.upper()} {decimal(value, 1)}" for name, value in m.items())])]
    else:
        lines = [first if fit.df == 0 else f"{first}   {chi_square_text(m, sign=chi_square_sign(context))}"]
    if fit.df > 0 and not has_products(fit):
        index = {name: decimal(m[name], leading_zero=False) for name in ("cfi", "tli", "rmsea", "srmr")}
        low, high = (decimal(m[f"rmsea_ci_{end}"], leading_zero=False) for end in ("lower", "upper"))
        lines.append(
            f"CFI {index['cfi']}   TLI {index['tli']}   RMSEA {index['rmsea']} [{low}, {high}]   SRMR {index['srmr']}"
        )
        lines += [line] if (line := correction_line(context)) else []
    paths = structural_table(context)
    table = paths or measurement_table(context)
    if table is not None:
        arrow = ("predictor_label", "outcome_label") if paths else ("construct_label", "item")
        lines += ["", *_aligned(table, arrow, context.several_blocks)]
    r2 = [f"{name} {value}" for name, value in key_numbers(context).pairs if name.startswith("R²")]
    return "\n".join([*lines, *(["", "   ".join(r2)] if r2 else [])])


def _aligned(table: Table, arrow: tuple[str, str], several: bool) -> list[str]:
    keys = ["est", "se", "p", "std_all"]
    columns = [table.columns[table.position(key)] for key in keys if key in {c.key for c in table.columns}]
    source, target = (table.position(key) for key in arrow)
    rows = [["", *((table.columns[table.position("group_label")].title,) if several else ())]
            + [column.title for column in columns]]  # fmt: skip
    for row in table.rows[:_SHOWN]:
        group = [shown(row[table.position("group_label")])] if several else []
        numbers = [shown(row[table.position(column.key)], column.format) for column in columns]
        rows.append([f"{shown(row[source])} → {shown(row[target])}", *group, *numbers])
    lines = _columns(rows, left=2 if several else 1)
    return [*lines, NONE * 3] if len(table.rows) > _SHOWN else lines


def _columns(rows: Sequence[Sequence[str]], left: int) -> list[str]:
    """Rows as lines with aligned columns, the first `left` ones to the left."""
    widths = [max(display_width(row[k]) for row in rows) for k in range(len(rows[0]))]

    def padded(text: str, k: int) -> str:
        gap = " " * (widths[k] - display_width(text))
        return text + gap if k < left else gap + text

    return ["  ".join(padded(text, k) for k, text in enumerate(row)).rstrip() for row in rows]
