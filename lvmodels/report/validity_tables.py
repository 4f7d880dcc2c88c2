"""Tables of the validity report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lvmodels.report.records import Cell, Column, Format, Table

if TYPE_CHECKING:
    import pandas as pd

    from lvmodels.measurement.tetrads import Tetrads

Rows = tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """How things are called.

    Attributes
    ----------
    words : mapping
    label : callable
        Name of a construct → what a reader is shown.
    wording : mapping
        Item → question, where there is an instrument.
    level : str
        Of the intervals, in percent.
    """

    words: Mapping[str, str]
    label: Callable[[str], str]
    wording: Mapping[str, str]
    level: str

    def place(self, where: str) -> str:
        """A construct, an item, or a pair of constructs."""
        for between in (", ", " → ", ": "):
            if between in where:
                return between.join(self.label(part) for part in where.split(between))
        return self.label(where)


def reliability_table(shown: Labelled, frame: pd.DataFrame) -> Table:
    """A row a construct."""
    words = shown.words
    titles: dict[str, str] = {
        "alpha": words["validity.alpha"],
        "alpha_lower": words["validity.lower"],
        "alpha_upper": words["validity.upper"],
        "omega": words["validity.omega"],
        "composite_reliability": words["validity.composite"],
        "ave": words["validity.ave"],
        "rho_a": words["validity.rho_a"],
        "spearman_brown": words["validity.spearman_brown"],
        "alpha_ordinal": words["validity.alpha_ordinal"],
        "omega_ordinal": words["validity.omega_ordinal"],
        "omega_level2": words["validity.omega_level2"],
        "omega_partial": words["validity.omega_partial"],
    }
    used = [key for key in titles if key in frame.columns]
    several = frame.index.nlevels > 1
    rows: list[tuple[Cell, ...]] = []
    for key, row in zip(frame.index, frame.to_dict("records"), strict=True):
        block, name = key if several else ("", key)
        rows.append((str(block), shown.label(name), int(row["items"]), *(float(row[k]) for k in used)))
    interval = words["validity.interval"].format(level=shown.level)
    columns = [
        Column("block", words["column.group"] if several else ""),
        Column("construct", words["column.construct"]),
        Column("items", words["column.items"], "integer"),
        *(Column(k, titles[k], "index", interval if k in ("alpha_lower", "alpha_upper") else "") for k in used),
    ]
    notes = [words["validity.note_reliability"]]
    if "omega_ordinal" in used:
        notes.append(words["validity.note_ordinal"])
    divided = "block" if several else ""
    return Table("reliability", words["validity.table_reliability"], tuple(columns), tuple(rows), tuple(notes), divided)


def loading_table(shown: Labelled, frame: pd.DataFrame) -> Table:
    """A row a loading, by construct."""
    words = shown.words
    rows: Rows = tuple(
        (
            shown.label(row["lhs"]),
            shown.label(row["rhs"]),
            shown.wording.get(row["rhs"], ""),
            float(row["std_all"]),
            float(row["std_all"]) ** 2,
        )
        for row in frame.to_dict("records")
    )
    columns = (
        Column("construct", words["column.construct"]),
        Column("item", words["column.item"], "code"),
        Column("wording", words["column.wording"] if shown.wording else "", "prose"),
        Column("loading", words["validity.loading"], "index"),
        Column("squared", words["validity.shared"], "index"),
    )
    return Table("loadings", words["validity.table_loadings"], columns, rows, divided_by="construct")


def latent_table(shown: Labelled, frame: pd.DataFrame | None) -> Table | None:
    """Correlations below a diagonal of roots of AVE."""
    if frame is None:
        return None
    lower = frame.where(np.tril(np.ones(frame.shape, dtype=bool)))
    return _square(shown, "fornell_larcker", shown.words["validity.table_fornell_larcker"], lower)


def htmt_table(shown: Labelled, below: pd.DataFrame | None, above: Any) -> Table | None:
    """HTMT below the diagonal, HTMT2 above."""
    if below is None or above is None:
        return None
    both = below.where(np.tril(np.ones(below.shape, dtype=bool), -1), above)
    values = both.to_numpy(copy=True)
    np.fill_diagonal(values, np.nan)
    both = both.__class__(values, index=both.index, columns=both.columns)
    return _square(shown, "htmt", shown.words["validity.table_htmt"], both, (shown.words["validity.note_htmt"],))


def _square(shown: Labelled, name: str, title: str, frame: pd.DataFrame, notes: tuple[str, ...] = ()) -> Table:
    columns = (
        Column("construct", shown.words["column.construct"]),
        *(Column(str(key), shown.label(str(key)), "index") for key in frame.columns),
    )
    rows: Rows = tuple(
        (shown.label(str(key)), *(float(value) for value in row))
        for key, row in zip(frame.index, frame.to_numpy(), strict=True)
    )
    return Table(name, title, columns, rows, notes)


def bounds_table(shown: Labelled, frame: pd.DataFrame | None, level: float | None, n: int) -> Table | None:
    """A row a pair of constructs."""
    if frame is None or level is None:
        return None
    words = shown.words
    rows: Rows = tuple(
        (shown.place(f"{row['construct_1']}, {row['construct_2']}"),
         *(float(row[key]) for key in ("htmt", "lower", "upper")))
        for row in frame.to_dict("records")
    )  # fmt: skip
    columns = (
        Column("constructs", words["validity.pair"]),
        Column("htmt", "HTMT", "index"),
        Column("lower", words["validity.lower"], "index"),
        Column("upper", words["validity.upper"], "index"),
    )
    notes = (words["validity.note_bounds"].format(level=f"{100 * level:g}", n=n),)
    return Table("bounds", words["validity.table_bounds"], columns, rows, notes)


def cross_loading_table(shown: Labelled, frame: pd.DataFrame) -> Table | None:
    """Items by constructs; None with one construct."""
    names = [str(name) for name in frame.columns[1:]]
    if len(names) < 2:
        return None
    words = shown.words
    rows: Rows = tuple(
        ("/".join(map(shown.label, row["construct"].split("/"))), str(item), *(float(row[name]) for name in names))
        for item, row in frame.iterrows()
    )
    columns = (
        Column("construct", words["column.construct"]),
        Column("item", words["column.item"], "code"),
        *(Column(name, shown.label(name), "index") for name in names),
    )
    notes = (words["validity.note_cross_loadings"],)
    return Table("cross_loadings", words["validity.table_cross_loadings"], columns, rows, notes, "construct")


def vif_table(shown: Labelled, frame: pd.DataFrame) -> Table | None:
    """A row a predictor or item."""
    if not len(frame):
        return None
    words = shown.words
    kinds = {"predictor": words["validity.kind_predictor"], "item": words["validity.kind_item"]}
    rows: Rows = tuple(
        (f"{shown.label(row['of'])} · {kinds[row['kind']]}", shown.label(row["name"]), float(row["vif"]))
        for row in frame.to_dict("records")
    )
    columns = (
        Column("of", words["validity.outcome"]),
        Column("name", words["column.variable"], "text"),
        Column("vif", "VIF", "ratio"),
    )
    return Table("vif", words["validity.table_vif"], columns, rows, divided_by="of")


def tetrad_table(shown: Labelled, found: Tetrads | None) -> Table | None:
    """A row a construct of four items or more."""
    if found is None:
        return None
    words = shown.words
    kinds: dict[str, Format] = {"items": "integer", "n": "integer", "chisq": "estimate", "df": "integer", "pvalue": "p"}
    rows: Rows = tuple(
        (shown.label(str(name)), *(float(row[key]) for key in kinds)) for name, row in found.tests.iterrows()
    )
    titles = {"items": words["column.items"], "n": "n", "chisq": "χ²", "df": "df", "pvalue": "p"}
    columns = (
        Column("construct", words["column.construct"]),
        *(Column(key, titles[key], kind, symbol=key != "items") for key, kind in kinds.items()),
    )
    return Table("tetrads", words["validity.table_tetrads"], columns, rows, (words["validity.note_tetrads"],))
