"""The sections of the screening report, in their order."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from lvmodels.assess.exclusions import Sensitivity
from lvmodels.errors import LvmodelsError
from lvmodels.measurement.missing import MissingPatterns, little_of, missing_patterns
from lvmodels.measurement.normality import mardia_of
from lvmodels.report.methods import software_versions
from lvmodels.report.missing_answers import SHOWN, chi_square_sentence
from lvmodels.report.number_format import decimal, p_equation, percent
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
from lvmodels.report.screening_methods import methods_text
from lvmodels.report.screening_tables import (
    Material,
    excluded_table,
    figures_table,
    item_table,
    note_of,
    rules_table,
    samples_table,
    sources_table,
)

__all__ = ["compose_screening"]

_MOST_PATTERNS, _MOST_LITTLE = 5_000_000, 500_000
_MOST_MARDIA = 2e10
_TODO = ("duration", "attention", "device", "codes")


def compose_screening(
    material: Material, figure: Figure | None, title: str | None, command: str, created: datetime
) -> Document:
    """The whole document; sections without content are left out."""
    found = material.sensitivity
    sections = (
        _section(material, "rules", rules_table(material), sources_table(material)),
        _section(material, "excluded", excluded_table(material)),
        _section(material, "scores", figure),
        _section(material, "sensitivity", *_sensitivity(material, found)),
        _section(material, "items", item_table(material), _mardia(material)),
        _section(material, "missing", *_missing(material)),
        _section(material, "methods", Paragraph(methods_text(material), quotable=True)),
    )
    works = references((block for section in sections for block in section.blocks), created.year)
    last = (
        _section(material, "log", Listing(material.screening.clean.log)),
        _section(material, "references", works),
        _section(material, "reproduce", *_reproduction(material, command, created)),
    )
    return Document(
        title or _title(material),
        material.language,
        (*_finding(material), *_notices(material), _facts(material)),
        tuple(section for section in (*sections, *last) if section.blocks),
    )


def _section(material: Material, anchor: str, *blocks: Block | None) -> Section:
    title = material.words[f"screen.section.{anchor}"]
    return Section(anchor, title, tuple(block for block in blocks if block is not None))


def _title(material: Material) -> str:
    instrument = material.screening.screened.instrument
    if instrument is None:
        return material.words["screen.untitled"]
    titles = {str(language): text for language, text in instrument.title.items()}
    subject = titles.get(material.language) or next(iter(titles.values()))
    return material.words["screen.title"].format(subject=subject)


def _finding(material: Material) -> list[Block]:
    words, screening = material.words, material.screening
    n, out = len(screening.scores), len(screening.excluded)
    text = words["screen.finding_some" if out else "screen.finding_none"]
    said = [text.format(n=n, out=out, share=percent(out / n), left=n - out)]
    if out:
        hit = [f"{material.rule(row['rule'])} {int(row['excluded'])}" for row in material.rows() if row["excluded"]]
        said.append(words["screen.finding_rules"].format(rules=words["list_comma"].join(hit)))
    kept = _flagged(material) - out
    if kept:
        said.append(words["screen.finding_flagged"].format(flagged=kept, share=percent(kept / n)))
    found = material.sensitivity
    if found is not None and out:
        differ, total = found.n_differing, found.n_parameters
        text = words["screen.finding_differ" if differ else "screen.finding_same"]
        said.append(text.format(differ=differ, total=total))
    return [Paragraph((" " if material.language == "en" else "").join(said))]


def _flagged(material: Material) -> int:
    return int(material.screening.flags.any(axis=1).sum())


def _notices(material: Material) -> list[Block]:
    """Rules that lack a column or the codes: what the reader could still name."""
    entries = tuple(
        f"{material.rule(row['rule'])}: {note_of(material, row)}" for row in material.rows() if row["reason"] in _TODO
    )
    return [Notice(material.words["screen.not_applied"], entries)] if entries else []


def _facts(material: Material) -> Facts:
    words, screening = material.words, material.screening
    n, out = len(screening.scores), len(screening.excluded)
    items = screening.items
    missing = float((items["missing"]).mean())
    pairs = (
        (words["screen.fact.respondents"], str(n)),
        (words["screen.fact.excluded"], str(out)),
        (words["screen.fact.left"], str(n - out)),
        (words["screen.fact.flagged"], str(_flagged(material) - out)),
        (words["screen.fact.items"], str(len(items))),
        (words["screen.fact.missing"], percent(missing)),
    )
    return Facts(pairs, prominent=True)


def _sensitivity(material: Material, found: Sensitivity | None) -> list[Block | None]:
    words = material.words
    if found is None:
        return [Paragraph(words["screen.sensitivity.command"])]
    blocks: list[Block | None] = []
    if not len(material.screening.excluded):
        blocks.append(Paragraph(words["screen.sensitivity.none"]))
    for row in found.samples.to_dict("records"):
        if row["problem"]:
            rule = material.rule(row["sample"]) if row["sample"] != "clean" else words["screen.sample.clean"]
            blocks.append(Paragraph(words["screen.sensitivity.failed"].format(rule=rule, problem=row["problem"])))
    return [*blocks, samples_table(material, found), figures_table(material, found)]


def _clean(material: Material) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    items = list(material.screening.layout.items)
    found: np.ndarray[tuple[int, int], np.dtype[np.float64]] = material.screening.clean.answers[items].to_numpy(
        dtype=np.float64, na_value=np.nan
    )
    return found


def _mardia(material: Material) -> Paragraph:
    words, items = material.words, material.screening.layout.items
    n, p = len(material.screening.clean.answers), len(items)
    if n * float(p) ** 3 > _MOST_MARDIA:
        return Paragraph(words["screen.items.mardia_large"])
    Y = _clean(material)
    try:
        found = mardia_of(Y[~np.isnan(Y).any(axis=1)], items)
    except LvmodelsError as error:
        return Paragraph(words["screen.items.mardia_failed"].format(problem=error))
    normal = min(found.skew_pvalue, found.kurtosis_pvalue) >= 0.05
    test = chi_square_sentence(found.skew_statistic, found.skew_df, found.skew_pvalue)
    text = words["screen.items.mardia"].format(
        skew=decimal(found.skew), test=test, kurtosis=decimal(found.kurtosis), z=decimal(found.kurtosis_z, 2),
        p=p_equation(found.kurtosis_pvalue), n=found.n,
        reading=words["screen.items.mardia_normal" if normal else "screen.items.mardia_other"],
    )  # fmt: skip
    return Paragraph(text)


def _missing(material: Material) -> list[Block | None]:
    """How much is missing among those that remain, in which patterns, and Little's test."""
    words, screening = material.words, material.screening
    items = list(screening.layout.items)
    clean = screening.clean.answers[items]
    n, p = clean.shape
    if not n or not bool(clean.isna().to_numpy().any()):
        return [Paragraph(words["screen.missing.none"])]
    complete = int(clean.notna().all(axis=1).sum())
    cells = float(clean.isna().to_numpy().mean())
    said = words["screen.missing.some"].format(cells=percent(cells), complete=complete, n=n)
    if n * p > _MOST_PATTERNS:
        return [Paragraph(said), Paragraph(words["screen.missing.large"])]
    return [Paragraph(said), _patterns(material, missing_patterns(clean)), *_little(material, n * p)]


def _patterns(material: Material, found: MissingPatterns) -> Table:
    words = material.words
    rows = tuple(
        (", ".join(map(str, row["missing"])) or words["note.none_missing"], row["n_missing"], row["n"], row["share"])
        for row in found.patterns.to_dict("records")
    )
    columns = (
        Column("missing_variables", words["column.missing_variables"], "code"),
        Column("missing_count", words["column.missing_count"], "integer"),
        Column("n", "n", "integer", symbol=True),
        Column("share", words["column.share"], "percent"),
    )
    notes = (words["note.missing_rest"].format(shown=SHOWN, count=len(rows)),) if len(rows) > SHOWN else ()
    return Table("missing_patterns", words["table.missing_patterns"], columns, rows, notes, shown_rows=SHOWN)


def _little(material: Material, cells: int) -> list[Block]:
    words = material.words
    if cells > _MOST_LITTLE:
        return [Paragraph(words["screen.missing.large"])]
    Y = _clean(material)
    try:
        found = little_of(Y[~np.isnan(Y).all(axis=1)], material.screening.layout.items)
    except LvmodelsError as error:
        return [Paragraph(words["screen.missing.failed"].format(problem=error))]
    if not found.df:
        return []
    reading = words["sample.little_rejected" if found.pvalue < 0.05 else "sample.little_kept"]
    test = chi_square_sentence(found.statistic, found.df, found.pvalue)
    return [Paragraph(words["sample.little"].format(test=test, reading=reading))]


def _reproduction(material: Material, command: str, created: datetime) -> tuple[Block, ...]:
    words, survey = material.words, material.screening.screened
    call = 'import lvmodels as lv\n\nscreening = lv.screen(survey)\nscreening.report("results/screening")'
    code = Code(command, words["code.command"]) if command else Code(call, words["code.python"])
    facts = (
        (words["fact.created"], created.strftime("%Y-%m-%d %H:%M UTC")),
        *software_versions().items(),
        (words["fact.source"], survey.source),
    )
    return Paragraph(words["screen.reproduce"]), code, Facts(facts)
