"""The tables of the screening report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lvmodels.assess.exclusions import Sensitivity
from lvmodels.report.number_format import with_minus
from lvmodels.report.records import Cell, Column, Table
from lvmodels.survey.screening.record import Screening
from lvmodels.survey.screening.rules import RULES

__all__ = [
    "Material", "excluded_table", "figures_table", "item_table", "largest_change", "note_of", "rules_table",
    "samples_table", "source_of", "sources_table",
]  # fmt: skip

_KNOWN = {rule.name for rule in RULES}
_SHOWN = 30
_MOST = 10_000
_END = 0.15
_SKEW, _KURTOSIS = 2.0, 7.0
_MEASURES = ("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "srmr")
_PARAMETERS = ("path", "loading", "defined")


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What the screening report is made of.

    Attributes
    ----------
    screening : Screening
    sensitivity : Sensitivity or None
    items : DataFrame
        As `Screening.items`, over the respondents that remain.
    language : {"en", "zh"}
    words : mapping
        The texts of the language.
    """

    screening: Screening
    sensitivity: Sensitivity | None
    items: pd.DataFrame
    language: str
    words: Mapping[str, str]

    def rows(self) -> list[dict[str, Any]]:
        """The rules, a dict each."""
        found: list[dict[str, Any]] = self.screening.rules.to_dict("records")
        return found

    def rule(self, name: str) -> str:
        """What a rule is called."""
        return self.words[f"screen.rule.{name}"] if name in _KNOWN else name

    def rules(self, names: str) -> str:
        """What several rules are called, whose names have commas between."""
        return self.words["list_comma"].join(self.rule(name) for name in names.split(", "))

    def wording(self, item: str) -> str:
        """The question of an item; empty when nobody told it."""
        instrument = self.screening.screened.instrument
        if instrument is None or all(known.name != item for known in instrument.items):
            return ""
        return instrument.label(item, "zh" if self.language == "zh" else "en")


def rules_table(material: Material) -> Table:
    """What each rule looked for, and whom it hit."""
    words = material.words
    rows = []
    for row in material.rows():
        applied, action = not row["reason"], row["action"]
        rows.append((
            row["rule"], material.rule(row["rule"]), _criterion(material, row), words[f"screen.action.{action}"],
            int(row["n"]), int(row["flagged"]) if applied else None, int(row["excluded"]) if applied else None,
            int(row["only"]) if applied else None, note_of(material, row),
        ))  # fmt: skip
    columns = (
        Column("rule", format="code"),
        Column("label", words["screen.column.rule"]),
        Column("criterion", words["screen.column.criterion"]),
        Column("action", words["screen.column.follows"]),
        Column("n", "n", "integer", symbol=True),
        Column("flagged", words["screen.column.flagged"], "integer"),
        Column("excluded", words["screen.column.excluded"], "integer"),
        Column("only", words["screen.column.only"], "integer"),
        Column("note", words["screen.column.note"]),
    )
    return Table("screening_rules", words["screen.table.rules"], columns, tuple(rows), (words["screen.note.rules"],))


def _criterion(material: Material, row: Mapping[str, Any]) -> str:
    if np.isnan(row["cut"]):
        return ""
    sign = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}[row["sign"]]
    cut = row["cut"]
    number = f"{cut:.0f}" if cut == round(cut) else f"{cut:.3g}"
    index = row["index"]
    return f"{material.words[f'screen.index.{index}']} {sign} {with_minus(number)}"


def note_of(material: Material, row: Mapping[str, Any]) -> str:
    """Why a rule was not applied; empty when it was."""
    reason = row["reason"]
    return material.words[f"screen.why.{reason}"] if reason else ""


def sources_table(material: Material) -> Table:
    """What the rules mean, and who defined index and cut."""
    words = material.words
    rows = tuple(
        (row["rule"], material.rule(row["rule"]), _meaning(material, row), source_of(material, row))
        for row in material.rows()
    )
    columns = (
        Column("rule", format="code"),
        Column("label", words["screen.column.rule"]),
        Column("meaning", words["screen.column.meaning"], "prose"),
        Column("source", words["screen.column.source"], "prose"),
    )
    return Table("screening_sources", words["screen.table.sources"], columns, rows, wordy=True)


def _meaning(material: Material, row: Mapping[str, Any]) -> str:
    name = row["rule"]
    return material.words[f"screen.meaning.{name}"] if name in _KNOWN else str(row["meaning"])


def source_of(material: Material, row: Mapping[str, Any]) -> str:
    """Where index and cut of a rule come from."""
    words, index, cut = material.words, row["source"], row["cut_source"]
    if np.isnan(row["default"]) or cut == index:
        return str(index)
    if not cut or cut == "given":
        return words["screen.source.given" if cut else "screen.source.own"].format(index=index)
    return words["screen.source.both"].format(index=index, cut=cut)


def excluded_table(material: Material) -> Table | None:
    """Who was excluded, by which rules."""
    words, excluded = material.words, material.screening.excluded
    if not len(excluded):
        return None
    place = np.flatnonzero(material.screening.is_excluded)
    names = [str(name) for name in excluded.index[:_MOST]]
    rows = tuple(
        (name, int(row) + 1, codes, material.rules(codes))
        for name, row, codes in zip(names, place[:_MOST], excluded.iloc[:_MOST], strict=True)
    )
    columns = (
        Column("respondent", words["screen.column.respondent"], "code"),
        Column("row", words["screen.column.row"], "integer"),
        Column("rules", format="code"),
        Column("labels", words["screen.column.rules"]),
    )
    count = len(excluded)
    more = words["screen.note.excluded"].format(shown=_SHOWN, count=count)
    note = more if count > _SHOWN else words["screen.note.decisions"]
    title = words["screen.table.excluded"]
    return Table("screening_excluded", title, columns, rows, (note,), shown_rows=_SHOWN)


def samples_table(material: Material, found: Sensitivity) -> Table:
    """The model's fit in each sample, and how far its parameters move."""
    words = material.words
    figures = found.figures.set_index(["kind", "figure"])
    rows: list[tuple[Cell, ...]] = []
    for row in found.samples.to_dict("records"):
        name = row["sample"]
        rule = words["screen.sample.rule"].format(rule=material.rule(name))
        label = words[f"screen.sample.{name}"] if name in ("all", "clean") else rule
        measures = [_measure(figures, measure, name) for measure in _MEASURES]
        change = None if name == "all" else largest_change(found, name)
        rows.append((name, label, int(row["left_out"]), int(row["n"]), *measures, change))
    columns = (
        Column("sample", format="code"),
        Column("label", words["screen.column.sample"]),
        Column("left_out", words["screen.column.left_out"], "integer"),
        Column("n", "n", "integer", symbol=True),
        Column("chisq", "χ²", "estimate"),
        Column("df", "df", "integer", symbol=True),
        Column("pvalue", "p", "p", symbol=True),
        Column("cfi", "CFI", "index"),
        Column("tli", "TLI", "index"),
        Column("rmsea", "RMSEA", "index"),
        Column("srmr", "SRMR", "index"),
        Column("largest_change", words["screen.column.largest"], "estimate"),
    )
    title = words["screen.table.samples"]
    return Table("screening_samples", title, columns, tuple(rows), (words["screen.note.samples"],))


def _measure(figures: pd.DataFrame, measure: str, sample: str) -> Cell:
    if sample not in figures or ("fit", measure) not in figures.index:
        return None
    return float(figures.loc[[("fit", measure)], sample].iloc[0])


def largest_change(found: Sensitivity, sample: str) -> float | None:
    """Largest difference of a standardized parameter from that of all respondents, with its sign."""
    shown = found.figures[found.figures["kind"].isin(_PARAMETERS)]
    if sample not in shown:
        return None
    change = (shown[sample] - shown["all"]).dropna()
    return float(change.loc[change.abs().idxmax()]) if len(change) else None


def figures_table(material: Material, found: Sensitivity) -> Table:
    """Parameters and explained variance with and without the excluded; fit stands in the table of samples."""
    words = material.words
    several = found.figures["group"].max() > 1
    rules = [str(name) for name in found.figures.columns[found.figures.columns.get_loc("differs") + 1 :]]
    rows = []
    for row in found.figures[found.figures["kind"] != "fit"].to_dict("records"):
        kind, differs = row["kind"], row["differs"]
        if differs:
            differs = words[f"screen.differs.{differs}"]
        rows.append((
            words[f"screen.kind.{kind}"], row["figure"], int(row["group"]), row["all"], row["clean"],
            row["change"], row["p_all"], row["p_clean"], differs, *(row[name] for name in rules),
        ))  # fmt: skip
    columns = (
        Column("kind"),
        Column("figure", words["screen.column.figure"], "code"),
        Column("group", words["column.group"] if several else "", "integer"),
        Column("all", words["screen.column.all"], "estimate"),
        Column("clean", words["screen.column.clean"], "estimate"),
        Column("change", words["screen.column.change"], "estimate"),
        Column("p_all", words["screen.column.p_all"], "p"),
        Column("p_clean", words["screen.column.p_clean"], "p"),
        Column("differs", words["screen.column.differs"]),
        *(Column(name) for name in rules),
    )
    title = words["screen.table.figures"]
    return Table("screening_figures", title, columns, tuple(rows), (words["screen.note.figures"],), "kind")


def item_table(material: Material) -> Table:
    """Distribution of the items over the respondents that remain."""
    words, items = material.words, material.items
    wordings = {name: material.wording(str(name)) for name in items.index}
    worded = any(wordings.values())
    shown = ("n", "missing", "mean", "sd", "skew", "kurtosis", "min", "max", "floor", "ceiling", "outliers")
    whole = {"n", "min", "max", "outliers"}
    rows = []
    for name, row in zip(items.index, items[list(shown)].to_dict("records"), strict=True):
        known = {key: None if np.isnan(value) else float(value) for key, value in row.items()}
        cells = [int(value) if key in whole and value is not None else value for key, value in known.items()]
        rows.append((str(name), *((wordings[name],) if worded else ()), *cells))
    columns = (
        Column("item", words["column.item"], "code"),
        *((Column("wording", words["column.wording"], "prose"),) if worded else ()),
        Column("n", "n", "integer", symbol=True),
        Column("missing", words["column.missing"], "percent"),
        Column("mean", "M", "ratio", symbol=True),
        Column("sd", "SD", "ratio", symbol=True),
        Column("skew", words["column.skew"], "ratio"),
        Column("kurtosis", words["column.kurtosis"], "ratio"),
        Column("min", words["column.min"], "integer"),
        Column("max", words["column.max"], "integer"),
        Column("floor", words["screen.column.floor"], "percent"),
        Column("ceiling", words["screen.column.ceiling"], "percent"),
        Column("outliers", words["screen.column.outliers"], "integer"),
    )
    return Table("screening_items", words["screen.table.items"], columns, tuple(rows), _item_notes(material))


def _item_notes(material: Material) -> tuple[str, ...]:
    words, items = material.words, material.items
    ends = items.index[(items["floor"] > _END) | (items["ceiling"] > _END)]
    skewed = items.index[(items["skew"].abs() > _SKEW) | (items["kurtosis"].abs() > _KURTOSIS)]
    notes = [words["screen.note.items"]]
    if len(ends):
        notes.append(words["screen.note.ends"].format(names=words["list_comma"].join(map(str, ends))))
    if len(skewed):
        notes.append(words["screen.note.skewed"].format(names=words["list_comma"].join(map(str, skewed))))
    return tuple(notes)
