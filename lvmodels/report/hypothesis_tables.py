"""The section on hypotheses: which the data support, when the model was fitted for a framework."""

from __future__ import annotations

from lvmodels.loyalty.frameworks.hypotheses import hypotheses_table
from lvmodels.loyalty.frameworks.record import Framework
from lvmodels.report.context import Context
from lvmodels.report.records import Block, Cell, Column, Paragraph, Table

_VERDICTS = ("supported", "not supported", "contrary", "not tested")


def hypothesis_blocks(context: Context, framework: Framework | None) -> tuple[Block, ...]:
    """How many hypotheses are supported, and the table; nothing without a framework, or without convergence."""
    if framework is None or not context.fit.converged:
        return ()
    words = context.words
    found = hypotheses_table(context.fit, framework, context.fit.settings.level)
    grouped = "group" in found.columns
    verdicts = {
        "supported": words["verdict.supported"],
        "not supported": words["verdict.not_supported"],
        "contrary": words["verdict.contrary"],
        "not tested": words["verdict.not_tested"],
    }
    rows = []
    for row in found.to_dict("records"):
        outcome, predictor = row["path"].split(" ~ ")
        arrow = " × ".join(_label(context, framework, name) for name in predictor.split(":"))
        group: tuple[Cell, ...] = (_group(context, row["group"]),) if grouped else ()
        numbers = tuple(_number(row[key]) for key in ("estimate", "ci_lower", "ci_upper", "pvalue", "standardized"))
        path = f"{arrow} → {_label(context, framework, outcome)}"
        sign = "+" if row["expected"] == "+" else "−"
        rows.append((row["hypothesis"], path, sign, *group, *numbers, verdicts[row["verdict"]], row["source"]))
    counts = {verdict: int((found["verdict"] == verdict).sum()) for verdict in _VERDICTS}
    text = words["hypotheses.count"].format(
        all=len(found),
        supported=counts["supported"],
        contrary=counts["contrary"],
        level=f"{context.fit.settings.level:.0%}",
    )
    table = Table("hypotheses", words["table.hypotheses"], _columns(context, grouped), tuple(rows), wordy=True)
    return (Paragraph(text), table)


def _columns(context: Context, grouped: bool) -> tuple[Column, ...]:
    words = context.words
    group = (Column("group", context.block_title),) if grouped else ()
    return (
        Column("hypothesis", words["column.hypothesis"]),
        Column("path", words["column.hypothesis_path"]),
        Column("expected", words["column.expected_sign"]),
        *group,
        Column("est", words["column.estimate"], "estimate"),
        Column("ci_lower", words["column.hypothesis_lower"], "estimate"),
        Column("ci_upper", words["column.hypothesis_upper"], "estimate"),
        Column("p", "p", "p", symbol=True),
        Column("std_all", words["column.standardized"], "index"),
        Column("verdict", words["column.verdict"]),
        Column("source", words["column.hypothesis_source"], "prose"),
    )


def _label(context: Context, framework: Framework, name: str) -> str:
    return framework.label(name, context.language)


def _number(value: float) -> Cell:
    return None if value != value else float(value)


def _group(context: Context, value: float) -> Cell:
    return "" if value != value else context.group_names[int(value) - 1]
