"""The sections of a report, in their order; each function makes one from the material."""

from __future__ import annotations

from datetime import datetime

from lvmodels.assess.products import has_products
from lvmodels.errors import ConvergenceWarning
from lvmodels.loyalty.frameworks.record import Framework
from lvmodels.report.context import Context
from lvmodels.report.convergence import convergence_facts
from lvmodels.report.effect_tables import effect_table
from lvmodels.report.estimation_text import sample
from lvmodels.report.finding import finding, key_numbers
from lvmodels.report.fit_tables import fit_table, measures_table
from lvmodels.report.hypothesis_tables import hypothesis_blocks
from lvmodels.report.methods import methods_paragraph, reproduction
from lvmodels.report.misfit_tables import large_residuals, modification_table, residual_table
from lvmodels.report.missing_answers import little_text, missingness, pattern_table
from lvmodels.report.number_format import percent
from lvmodels.report.ordinal_answers import scale_table, threshold_table
from lvmodels.report.records import (
    Block,
    Code,
    Column,
    Document,
    Facts,
    Figure,
    Listing,
    Notice,
    Paragraph,
    Section,
    Table,
)  # fmt: skip
from lvmodels.report.references import references
from lvmodels.report.sample_tables import group_table, icc_table, item_table, missing_table
from lvmodels.report.slope_tables import slope_table
from lvmodels.report.tables import (
    covariance_table,
    defined_table,
    intercept_table,
    measurement_table,
    r2_table,
    structural_table,
    variance_table,
)

_CHANCE = 0.00988  # two-sided probability of a standard normal beyond 2.58


def compose(
    context: Context,
    figures: tuple[Figure, ...],
    title: str | None,
    command: str,
    created: datetime,
    hypotheses: Framework | None = None,
) -> Document:
    """The whole document; sections without content are left out."""
    words = context.words
    sections = (
        _section(context, "model", *_model(context, figures)),
        _section(context, "sample", *_sample(context)),
        _section(context, "items", item_table(context)),
        _section(context, "convergence", *_convergence(context)),
        _section(context, "fit", *_fit(context)),
        _section(context, "measurement", *_measurement(context)),
        _section(context, "structure", *_structure(context)),
        _section(context, "hypotheses", *hypothesis_blocks(context, hypotheses)),
        _section(context, "effects", effect_table(context), slope_table(context)),
        _section(
            context,
            "variances",
            variance_table(context),
            covariance_table(context),
            intercept_table(context),
            threshold_table(context),
            scale_table(context),
        ),
        _section(context, "misfit", *_misfit(context)),
        _section(context, "methods", Paragraph(words["methods.hint"]), methods_paragraph(context)),
    )
    works = references((block for section in sections for block in section.blocks), created.year)
    last = (
        _section(context, "references", works),
        _section(context, "reproduce", *reproduction(context, command, created)),
    )
    attached = (measures_table(context),) if context.fit.converged else ()
    return Document(
        title or _title(context),
        context.language,
        (finding(context), *_notices(context), key_numbers(context)),
        tuple(section for section in (*sections, *last) if section.blocks),
        attached,
    )


def _section(context: Context, anchor: str, *blocks: Block | None) -> Section:
    return Section(anchor, context.words[f"section.{anchor}"], tuple(block for block in blocks if block is not None))


def _title(context: Context) -> str:
    if context.instrument is None:
        return context.words["page.untitled"]
    titles = context.instrument.title
    subject = titles.get(context.language) or next(iter(titles.values()))
    return context.words["page.title"].format(subject=subject)


def _notices(context: Context) -> list[Notice]:
    """Warnings of the fit; a failure to converge stands first and alone."""
    words, fit = context.words, context.fit
    found = []
    if not fit.converged:
        advice = words["convergence.bad"].format(reason=fit.optimum.reason)
        found.append(Notice(words["page.not_converged"], (advice,), grave=True))
    said = tuple(str(warning) for warning in fit.warnings if fit.converged or not _says_not_converged(warning))
    if context.instrument is not None and context.instrument.simulated:
        said = (words["sample.simulated"], *said)
    return [*found, Notice(words["page.warnings"], said)] if said else found


def _says_not_converged(warning: Exception) -> bool:
    return isinstance(warning, ConvergenceWarning)


def _model(context: Context, figures: tuple[Figure, ...]) -> list[Block | None]:
    code = Code(context.fit.text.text.strip("\n"), context.words["code.model"])
    return [*figures, _construct_table(context), code]


def _construct_table(context: Context) -> Table | None:
    """Names, labels, definitions and items of the constructs, where an instrument tells them."""
    words, instrument = context.words, context.instrument
    if instrument is None or not context.labels:
        return None
    told = {construct.name: construct for construct in instrument.constructs}
    rows = []
    for name in context.labels:
        texts = told[name].definition or {}
        definition = texts.get(context.language) or next(iter(texts.values()), "")
        items = dict.fromkeys(r.rhs for r in context.fit.table.rows if r.lhs == name and r.op in ("=~", "<~"))
        rows.append((name, instrument.label(name, context.language), definition, ", ".join(items)))
    columns = (
        Column("construct", words["column.name"], "code"),
        Column("label", words["column.label"]),
        Column("definition", words["column.definition"], "prose"),
        Column("items", words["column.items"], "code"),
    )
    return Table("constructs", words["table.constructs"], columns, tuple(rows), wordy=True)


def _sample(context: Context) -> list[Block | None]:
    words, prepared = context.words, context.fit.prepared
    data, survey, missing = prepared.data, prepared.survey, missingness(context)
    if data is None:
        return [*(Paragraph(text) for text in sample(context)), group_table(context)]
    pairs = [
        (words["fact.total"], str(data.n_total)),
        (words["fact.n"], str(len(data.rows))),
        (words["fact.dropped"], str(data.n_dropped)),
    ]
    if missing is not None:
        pairs += [
            (words["fact.incomplete"], str(missing.incomplete)),
            (words["fact.missing_cells"], percent(missing.cells)),
            (words["fact.patterns"], str(missing.patterns)),
        ]
    blocks: list[Block | None] = [Facts(tuple(pairs)), *(Paragraph(text) for text in sample(context))]
    blocks += [group_table(context), icc_table(context), missing_table(context), pattern_table(context)]
    blocks += [Paragraph(text) for text in little_text(context)]
    if survey is not None and survey.log:
        blocks += [Paragraph(words["sample.log"]), Listing(survey.log)]
    return blocks


def _convergence(context: Context) -> list[Block]:
    words, optimum = context.words, context.fit.optimum
    key = "convergence.good" if optimum.converged else "convergence.bad"
    rank = "convergence.identified" if context.tested else "convergence.unidentified"
    return [
        Paragraph(words[key].format(reason=optimum.reason, iterations=optimum.iterations)),
        convergence_facts(context),
        Paragraph(words[rank]),
    ]


def _fit(context: Context) -> list[Block]:
    return [fit_table(context)] if context.fit.converged else [Paragraph(context.words["fit.none"])]


def _measurement(context: Context) -> list[Block | None]:
    """Loadings, and what they explain where there is no structural part to tell of it."""
    only = structural_table(context) is None
    return [measurement_table(context), r2_table(context) if only else None]


def _structure(context: Context) -> list[Block | None]:
    table = structural_table(context)
    if table is None:
        return [defined_table(context)]
    blocks: list[Block | None] = []
    if context.tested:
        p = [row[table.position("p")] for row in table.rows]
        tested = [float(value) for value in p if value is not None]
        sure = sum(value < 0.05 for value in tested)
        blocks.append(Paragraph(context.words["structure.count"].format(sure=sure, all=len(tested))))
    return [*blocks, table, defined_table(context), r2_table(context)]


def _misfit(context: Context) -> list[Block | None]:
    words = context.words
    if has_products(context.fit):
        return [Paragraph(words["misfit.products"])]
    residuals = residual_table(context)
    if context.fit.df == 0:
        return [Paragraph(words["misfit.none"])]
    blocks: list[Block | None] = []
    if residuals is not None:
        beyond, total = large_residuals(context)
        expected = f"{_CHANCE * total:.1g}" if _CHANCE * total < 1 else f"{_CHANCE * total:.0f}"
        blocks.append(Paragraph(words["misfit.count"].format(beyond=beyond, total=total, expected=expected)))
    return [*blocks, residuals, modification_table(context)]
