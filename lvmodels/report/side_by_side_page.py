"""A comparison of methods as a document: why they differ first, then paths, loadings, R² and reliability."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lvmodels.measurement.side_by_side.records import Comparison, Estimated, Finding, Method
from lvmodels.report.records import Cell, Column, Document, Listing, Section, Table
from lvmodels.report.references import references
from lvmodels.report.wording import Language, wording

if TYPE_CHECKING:
    from lvmodels.survey.instrument import Instrument

__all__ = ["compose_side_by_side", "sentences"]

Words = Mapping[str, str]
Label = Callable[[str], str]


def sentences(comparison: Comparison, words: Words, label: Label = str) -> tuple[str, ...]:
    """The findings in words."""
    return tuple(_sentence(finding, words, label) for finding in comparison.findings)


def _sentence(finding: Finding, words: Words, label: Label) -> str:
    named = ("low", "high", "outcome", "predictor", "one", "other")
    values = {k: label(str(v)) if k in named else v for k, v in finding.values.items()}
    if "method" in values:
        values["method"] = words[f"methods_beside.method_{values['method']}"]
    return words[f"methods_beside.{finding.key}"].format(**values)


def compose_side_by_side(
    comparison: Comparison, instrument: Instrument | None, language: Language, title: str | None, created: datetime
) -> Document:
    """The whole document."""
    words = wording(language)
    known = {c.name for c in instrument.constructs} if instrument else set()

    def label(name: str) -> str:
        return instrument.label(name, language) if instrument and name in known else name

    def construct(row: str) -> tuple[Cell, ...]:
        return (label(row),)

    outcome = Column("outcome", words["column.outcome"])
    predictor = Column("predictor", words["column.predictor"])
    owner, item = Column("construct", words["column.construct"]), Column("item", words["column.item"], "code")
    explained = tuple(dict.fromkeys(b for b, _ in comparison.paths))
    tables = {
        "paths": _table(comparison, words, "paths", words["methods_beside.table_paths"], (outcome, predictor),
                        {row: (label(row[0]), label(row[1])) for row in comparison.paths}, lambda e: e.paths),
        "loadings": _table(comparison, words, "loadings", words["methods_beside.table_loadings"], (owner, item),
                           {row: (label(row[0]), row[1]) for row in comparison.loadings}, lambda e: e.loadings,
                           words["methods_beside.note_loadings"]),
        "r2": _table(comparison, words, "r2", words["methods_beside.table_r2"], (owner,),
                     {row: construct(row) for row in explained}, lambda e: e.r2),
        "reliability": _table(comparison, words, "reliability", words["methods_beside.table_reliability"], (owner,),
                              {row: construct(row) for row in comparison.constructs}, lambda e: e.reliability,
                              words["methods_beside.note_reliability"]),
    }  # fmt: skip
    titles = {
        "paths": words["methods_beside.section_paths"],
        "loadings": words["methods_beside.section_loadings"],
        "r2": words["methods_beside.section_r2"],
        "reliability": words["methods_beside.section_reliability"],
    }
    why = Section("notes", words["methods_beside.section_notes"], (Listing(sentences(comparison, words, label)),))
    sections = [why, *(Section(k, titles[k], (table,)) for k, table in tables.items() if table.rows)]
    works = references((block for section in sections for block in section.blocks), created.year)
    sections.append(Section("references", words["section.references"], (works,)))
    subject = instrument and (instrument.title.get(language) or next(iter(instrument.title.values())))
    named = words["methods_beside.title"].format(subject=subject) if subject else words["methods_beside.untitled"]
    return Document(title or named, language, (), tuple(sections))


def _table(
    comparison: Comparison,
    words: Words,
    name: str,
    title: str,
    keys: tuple[Column, ...],
    rows: Mapping[Any, tuple[Cell, ...]],
    part: Callable[[Estimated], Mapping[Any, float]],
    note: str = "",
) -> Table:
    columns = (*keys, *(Column(m, _head(comparison, words, m), "index") for m in comparison.methods))
    found = tuple(
        (*shown, *(part(estimated).get(row) for estimated in comparison.methods.values()))
        for row, shown in rows.items()
    )
    divided = "outcome" if name == "paths" else "construct" if name == "loadings" else ""
    return Table(name, title, columns, found, (note,) if note else (), divided_by=divided)


def _head(comparison: Comparison, words: Words, method: Method) -> str:
    head = words[f"methods_beside.method_{method}"]
    return f"{head} ({comparison.estimator})" if method == "cbsem" else head
