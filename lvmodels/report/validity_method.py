"""What the validity report says of common method variance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lvmodels.report.number_format import decimal, p_equation, percent
from lvmodels.report.records import Block, Cell, Column, Paragraph, Table
from lvmodels.report.validity_tables import Labelled

if TYPE_CHECKING:
    import pandas as pd

    from lvmodels.measurement.method_bias import Harman, MethodFactor

Rows = tuple[tuple[Cell, ...], ...]


def method_blocks(shown: Labelled, harman: Harman, method: MethodFactor | None) -> tuple[Block | None, ...]:
    """The single factor, and the method factor beside the constructs."""
    words = shown.words
    share = words["validity.method"].format(p=len(harman.eigenvalues), share=percent(harman.share))
    if method is None:
        return Paragraph(share), _one_factor(shown, harman.fits), Paragraph(words["validity.no_method_factor"])
    last = method.comparison.iloc[-1]
    text = words["validity.method_factor"].format(
        chisq=decimal(float(last["chisq_diff"])), df=int(last["df_diff"]), p=p_equation(float(last["pvalue"])),
        method=percent(method.method_share), construct=percent(method.construct_share),
    )  # fmt: skip
    return (
        Paragraph(share), _one_factor(shown, harman.fits), Paragraph(text), _loadings(shown, method.loadings),
        _paths(shown, method.paths),
    )  # fmt: skip


def _one_factor(shown: Labelled, fits: pd.DataFrame | None) -> Table | None:
    if fits is None:
        return None
    words = shown.words
    names = (words["validity.the_model"], words["validity.one_factor"])
    keys = ("chisq", "df", "pvalue", "cfi", "rmsea", "srmr")
    rows: Rows = tuple(
        (name, *(float(row[key]) for key in keys)) for name, (_, row) in zip(names, fits.iterrows(), strict=True)
    )
    columns = (
        Column("model", words["validity.model"]),
        Column("chisq", "χ²", "estimate", symbol=True),
        Column("df", "df", "integer", symbol=True),
        Column("pvalue", "p", "p", symbol=True),
        *(Column(key, key.upper(), "index") for key in ("cfi", "rmsea", "srmr")),
    )
    return Table("one_factor", words["validity.table_one_factor"], columns, rows)


def _loadings(shown: Labelled, frame: pd.DataFrame) -> Table:
    words = shown.words
    rows: Rows = tuple(
        (shown.label(row["construct"]), shown.label(row["item"]),
         *(float(row[key]) for key in ("without", "with", "method")))
        for row in frame.to_dict("records")
    )  # fmt: skip
    columns = (
        Column("construct", words["column.construct"]),
        Column("item", words["column.item"], "code"),
        Column("without", words["validity.without"], "index"),
        Column("with", words["validity.with"], "index"),
        Column("method", words["validity.on_method"], "index"),
    )
    return Table("method_loadings", words["validity.table_method_loadings"], columns, rows, divided_by="construct")


def _paths(shown: Labelled, frame: pd.DataFrame) -> Table | None:
    if not len(frame):
        return None
    words = shown.words
    rows: Rows = tuple(
        (shown.label(row["lhs"]), shown.label(row["rhs"]), float(row["without"]), float(row["with"]))
        for row in frame.to_dict("records")
    )
    columns = (
        Column("outcome", words["column.outcome"]),
        Column("predictor", words["column.predictor"]),
        Column("without", words["validity.without"], "index"),
        Column("with", words["validity.with"], "index"),
    )
    return Table("method_paths", words["validity.table_method_paths"], columns, rows, divided_by="outcome")
