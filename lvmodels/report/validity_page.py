"""The validity report as a document: benchmarks first, then everything that they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lvmodels.fit.record import Fit
from lvmodels.measurement.benchmarks import Benchmark, Quality
from lvmodels.measurement.constructs import Block as Measured
from lvmodels.measurement.method_bias import MethodFactor
from lvmodels.report.context import make_context
from lvmodels.report.number_format import decimal
from lvmodels.report.records import Block, Cell, Column, Document, Facts, Notice, Paragraph, Section, Table
from lvmodels.report.references import references
from lvmodels.report.validity_method import method_blocks
from lvmodels.report.validity_tables import (
    Labelled,
    bounds_table,
    cross_loading_table,
    htmt_table,
    latent_table,
    loading_table,
    reliability_table,
    tetrad_table,
    vif_table,
)
from lvmodels.report.wording import Language

__all__ = ["Material", "compose_validity"]


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What the report is made of.

    Attributes
    ----------
    fit : Fit
    quality : Quality
    held : tuple of Benchmark
    htmt2 : DataFrame or None
    method : MethodFactor or None
    measured : Block
        Of the group that is looked at.
    group : int
        From 1.
    ci : float or None
        Level of the bounds of HTMT.
    n : int
        Resamples for them.
    """

    fit: Fit
    quality: Quality
    held: tuple[Benchmark, ...]
    htmt2: object
    method: MethodFactor | None
    measured: Measured
    group: int
    ci: float | None
    n: int


def compose_validity(material: Material, language: Language, title: str | None, created: datetime) -> Document:
    """The whole document; sections without content are left out."""
    context = make_context(material.fit, language)
    words, quality = context.words, material.quality
    instrument = context.instrument
    asked = {item.name: instrument.label(item.name, language) for item in instrument.items} if instrument else {}
    shown = Labelled(words, context.label, asked, context.level())
    discriminant = (
        latent_table(shown, quality.fornell_larcker),
        htmt_table(shown, quality.htmt, material.htmt2),
        bounds_table(shown, quality.bounds, material.ci, material.n),
        cross_loading_table(shown, quality.cross_loadings),
    )
    parts: tuple[tuple[str, str, tuple[Block | None, ...]], ...] = (
        ("benchmarks", words["validity.section_benchmarks"], (benchmark_table(shown, material.held),)),
        ("reliability", words["validity.section_reliability"], (reliability_table(shown, quality.reliability),)),
        ("loadings", words["validity.section_convergent"], (loading_table(shown, quality.loadings),)),
        ("discriminant", words["validity.section_discriminant"], discriminant),
        ("collinearity", words["validity.section_collinearity"], (vif_table(shown, quality.vif),)),
        ("method", words["validity.section_method"], method_blocks(shown, quality.harman, material.method)),
        ("tetrads", words["validity.section_tetrads"], (tetrad_table(shown, quality.tetrads),)),
    )
    found = [Section(a, t, tuple(b for b in blocks if b is not None)) for a, t, blocks in parts]
    sections = tuple(section for section in found if section.blocks)
    works = references((block for section in sections for block in section.blocks), created.year)
    last = Section("references", words["section.references"], (works,))
    subject = instrument and (instrument.title.get(language) or next(iter(instrument.title.values())))
    named = words["validity.title"].format(subject=subject) if subject else words["validity.untitled"]
    return Document(title or named, language, _opening(material, shown, bool(instrument and instrument.simulated)),
                    (*sections, last))  # fmt: skip


def _opening(material: Material, shown: Labelled, simulated: bool) -> tuple[Block, ...]:
    words, held = shown.words, material.held
    met = sum(benchmark.met for benchmark in held)
    blocks: list[Block] = [Paragraph(words["validity.opening"].format(met=met, all=len(held)))]
    notices = [str(warning) for warning in material.fit.warnings]
    if simulated:
        notices.insert(0, words["validity.simulated"])
    if material.fit.table.n_groups > 1:
        notices.append(words["validity.group"].format(group=material.measured.label))
    if notices:
        blocks.append(Notice(words["page.warnings"], tuple(notices)))
    items = {int(item) for construct in material.measured.constructs for item in construct.items}
    facts = (
        (words["validity.cases"], str(material.fit.nobs)),
        (words["validity.constructs"], str(len(material.measured.constructs))),
        (words["validity.items"], str(len(items))),
        (words["validity.met"], words["validity.of"].format(failing=met, of=len(held))),
    )
    return (*blocks, Facts(facts, prominent=True))


def benchmark_table(shown: Labelled, held: tuple[Benchmark, ...]) -> Table:
    """A row a benchmark."""
    words = shown.words
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            b.criterion,
            words[f"validity.criterion_{b.criterion}"],
            b.value,
            shown.place(b.where),
            f"{b.sign} {_limit(b.limit)}",
            b.source,
            words["yes"] if b.met else words["no"],
            words["validity.of"].format(failing=b.failing, of=b.of),
        )
        for b in held
    )
    columns = (
        Column("criterion"),
        Column("text", words["validity.criterion"]),
        Column("value", words["validity.worst"], "estimate"),
        Column("where", words["validity.where"]),
        Column("benchmark", words["column.benchmark"]),
        Column("source", words["validity.source"], "prose"),
        Column("met", words["validity.holds"]),
        Column("failing", words["validity.failing"]),
    )
    return Table("benchmarks", words["validity.table_benchmarks"], columns, rows)


def _limit(limit: float) -> str:
    text = decimal(limit, leading_zero=limit >= 1 or limit == 0)
    return text.rstrip("0").rstrip(".") if limit >= 1 else "0" if limit == 0 else text.removesuffix("0")
