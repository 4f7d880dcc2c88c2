"""What a report says of ordinal answers: how they were modelled, and where their thresholds lie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lvmodels.report.context import Context
from lvmodels.report.records import Cell, Column, Table
from lvmodels.report.tables import parameter_table


def by_ordinal_estimator(context: Context) -> str:
    """By which discrepancy of thresholds and correlations."""
    words, settings = context.words, context.fit.settings
    return words[f"methods.by_{settings.discrepancy.lower()}_ordinal"].format(estimator=settings.estimator)


def ordinal_sentences(context: Context) -> list[str]:
    """How many outcomes are ordinal, and what stands behind them; none when no outcome is."""
    words, fit = context.words, context.fit
    ordered = fit.table.ordered
    if not ordered:
        return []
    said = [words["methods.ordinal"].format(count=len(ordered), most=max(count for _, count in ordered))]
    said.append(words[f"methods.scale_{fit.settings.parameterization}"])
    if fit.table.conditional_x and fit.table.variables.covariates:
        said.append(words["methods.given_covariates"])
    return said


def threshold_table(context: Context) -> Table | None:
    """Thresholds of the latent responses."""
    words = context.words
    leading = (Column("variable", words["column.variable"], "code"), Column("threshold", words["column.threshold"]))

    def lead(row: Mapping[str, Any]) -> tuple[Cell, ...]:
        return row["lhs"], row["rhs"]

    return parameter_table(
        context, "thresholds", leading, lambda row: row["op"] == "|", lead, [words["note.thresholds"]]
    )


def scale_table(context: Context) -> Table | None:
    """Scale factors of the latent responses that were estimated."""
    words = context.words
    leading = (Column("variable", words["column.variable"], "code"),)
    return parameter_table(
        context,
        "scales",
        leading,
        lambda row: row["op"] == "~*~" and row["se"] != 0,
        lambda row: (row["lhs"],),
        [words["note.scales"]],
    )
