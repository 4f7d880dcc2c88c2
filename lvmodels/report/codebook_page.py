"""The codebook as a document: items, what is missing, answers value by value, the other columns."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime

from lvmodels.report.number_format import NONE, percent, with_minus
from lvmodels.report.records import Block, Cell, Column, Document, Facts, Listing, Paragraph, Section, Table
from lvmodels.report.references import references
from lvmodels.report.wording import Language, wording
from lvmodels.survey.answers import Survey
from lvmodels.survey.item_descriptions import CountedValue, ItemDescription

__all__ = ["compose_codebook"]

Described = Sequence[ItemDescription]
Words = Mapping[str, str]


def compose_codebook(
    survey: Survey, described: Described, language: Language, title: str | None, created: datetime
) -> Document:
    """The whole document; sections without content are left out.

    Parameters
    ----------
    survey : Survey
    described : sequence of ItemDescription
        Of all its columns.
    language : {"en", "zh"}
    title : str, optional
        By default that of the instrument.
    created : datetime
    """
    words = wording(language)
    items = [d for d in described if d.role == "item"]
    others = [d for d in described if d.role != "item"]
    sections = (
        Section("items", words["codebook.section_items"], _some(_item_table(survey, items, words, language))),
        Section("missing", words["codebook.section_missing"], _missing(described, words)),
        Section("others", words["codebook.section_others"], _some(_other_table(others, words))),
        Section("values", words["codebook.section_values"], _some(_value_table(described, words))),
        Section("reading", words["codebook.section_reading"], (Listing(survey.log),) if survey.log else ()),
    )
    works = references((block for section in sections for block in section.blocks), created.year)
    last = Section("references", words["section.references"], (works,))
    return Document(
        title or _title(survey, words, language),
        language,
        (Paragraph(_opening(survey, items, words)), *_facts(survey, items, others, words)),
        tuple(section for section in (*sections, last) if section.blocks),
    )


def _title(survey: Survey, words: Words, language: Language) -> str:
    if survey.instrument is None:
        return words["codebook.untitled"]
    titles = survey.instrument.title
    return words["codebook.title"].format(subject=titles.get(language) or next(iter(titles.values())))


def _opening(survey: Survey, items: Described, words: Words) -> str:
    if survey.instrument is None:
        return words["codebook.opening_file"]
    turned = [d.name for d in items if d.reverse]
    if not turned:
        return words["codebook.opening"]
    names = words["list_comma"].join(turned)
    return words["codebook.opening"] + words["codebook.opening_reverse"].format(names=names)


def _some(table: Table | None) -> tuple[Block, ...]:
    return () if table is None or not table.rows else (table,)


def _facts(survey: Survey, items: Described, others: Described, words: Words) -> tuple[Facts, Facts]:
    cells = len(survey.answers) * len(items)
    absent = sum(d.missing for d in items)
    numbers = [
        (words["codebook.respondents"], str(len(survey.answers))),
        (words["codebook.items"], str(len(items))),
        (words["codebook.constructs"], str(len({d.construct for d in items if d.construct}) or NONE)),
        (words["codebook.others"], str(len(others))),
        (words["codebook.missing_share"], percent(absent / cells) if cells else NONE),
    ]
    return Facts(tuple(numbers), prominent=True), Facts(((words["codebook.source"], survey.source),))


def _item_table(survey: Survey, items: Described, words: Words, language: Language) -> Table:
    """A row an item, by construct."""
    by_construct = any(d.construct for d in items)
    keyed = any(d.reverse for d in items)
    names = _construct_labels(survey, language)
    rows: list[tuple[Cell, ...]] = []
    for d in items:
        construct = names.get(d.construct, d.construct) or words["codebook.no_construct"]
        figures = (d.n, _share(d), d.mean, d.sd, d.min, d.max, d.floor, d.ceiling)
        rows.append((construct, d.name, d.wording, _key(d), _bars(d), *figures))
    columns = (
        Column("construct", words["column.construct"] if by_construct else ""),
        Column("name", words["codebook.item"], "code"),
        Column("wording", words["codebook.wording"] if any(d.wording for d in items) else "", "prose"),
        Column("key", words["codebook.key"] if keyed else ""),
        Column("distribution", words["codebook.distribution"], "bars"),
        Column("n", "n", "integer", symbol=True),
        Column("missing", words["codebook.missing"], "percent"),
        Column("mean", "M", "ratio", symbol=True),
        Column("sd", "SD", "ratio", symbol=True),
        Column("min", words["column.min"], "integer"),
        Column("max", words["column.max"], "integer"),
        Column("floor", words["codebook.floor"], "percent"),
        Column("ceiling", words["codebook.ceiling"], "percent"),
    )
    notes = (words["codebook.note_items"], *([words["codebook.note_key"]] if keyed else []))
    divided = "construct" if by_construct else ""
    if by_construct:  # items of a construct stand together, constructs in the order of their first items
        order = {construct: k for k, construct in enumerate(dict.fromkeys(row[0] for row in rows))}
        rows.sort(key=lambda row: order[row[0]])
    return Table("items", words["codebook.table_items"], columns, tuple(rows), notes, divided)


def _construct_labels(survey: Survey, language: Language) -> dict[str, str]:
    instrument = survey.instrument
    return {c.name: instrument.label(c.name, language) for c in instrument.constructs} if instrument else {}


def _key(described: ItemDescription) -> str:
    return "−" if described.reverse else "+"


def _bars(described: ItemDescription) -> str:
    return " ".join(str(value.n) for value in described.values)


def _share(described: ItemDescription) -> float:
    n = described.n + described.missing
    return described.missing / n if n else math.nan


def _missing(described: Described, words: Words) -> tuple[Block, ...]:
    """Missing answers of the columns that lack any."""
    lacking = [d for d in described if d.missing]
    if not lacking:
        return (Paragraph(words["codebook.note_nothing_missing"]),)
    codes = sorted({code for d in lacking for code, n in d.declared.items() if n})
    reasons = sorted({why for d in lacking for why in d.reasons})
    columns = (
        Column("name", words["codebook.item"], "code"),
        Column("n", "n", "integer", symbol=True),
        Column("missing", words["codebook.missing"], "integer"),
        Column("missing_share", words["codebook.share"], "percent"),
        Column("not_answered", words["codebook.not_answered"], "integer"),
        *(Column(f"missing_{why}", _reason(why, words), "integer") for why in reasons),
        *(Column(f"missing_{c:.15g}", words["codebook.code"].format(code=_number(c)), "integer") for c in codes),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            *(d.name, d.n, d.missing, _share(d), d.not_answered),
            *(d.reasons.get(why, 0) for why in reasons),
            *(d.declared.get(code, 0) for code in codes),
        )
        for d in lacking
    )
    printed = {(code, text) for d in lacking for code, text in d.declared_labels.items() if d.declared[code]}
    notes = [words["codebook.note_reasons"]] if reasons else []
    notes += [words["codebook.note_declared"]] if codes else []
    notes += [words["codebook.note_code"].format(code=_number(code), label=text) for code, text in sorted(printed)]
    return (Table("missing", words["codebook.table_missing"], columns, rows, tuple(notes)),)


def _reason(why: str, words: Words) -> str:
    """The platform's reason in the language of the page."""
    known = {
        "skipped": words["codebook.reason_skipped"],
        "left empty": words["codebook.reason_empty"],
        "not shown": words["codebook.reason_not_shown"],
        "seen and not answered": words["codebook.reason_seen"],
    }
    return known.get(why, why)


def _other_table(others: Described, words: Words) -> Table | None:
    if not others:
        return None
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (d.name, d.wording, _bars(d), d.n, _share(d), d.different, d.mean, d.sd, d.min, d.max) for d in others
    )
    columns = (
        Column("name", words["codebook.column"], "code"),
        Column("wording", words["codebook.wording"] if any(d.wording for d in others) else "", "prose"),
        Column("distribution", words["codebook.distribution"], "bars"),
        Column("n", "n", "integer", symbol=True),
        Column("missing", words["codebook.missing"], "percent"),
        Column("different", words["codebook.different"], "integer"),
        Column("mean", "M", "ratio", symbol=True),
        Column("sd", "SD", "ratio", symbol=True),
        Column("min", words["column.min"], "integer"),
        Column("max", words["column.max"], "integer"),
    )
    unlisted = any(d.n and not d.values for d in others)
    notes = (words["codebook.note_others"],) if unlisted else ()
    return Table("others", words["codebook.table_others"], columns, rows, notes)


def _value_table(described: Described, words: Words) -> Table:
    """A row a value, by item."""
    labelled = any(value.label for d in described for value in d.values)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            _heading(d, words),
            d.name,
            *_value(value, value is d.values[-1], words),
            value.n,
            value.n / d.n if d.n else math.nan,
        )
        for d in described
        for value in d.values
    )
    columns = (
        Column("heading", words["codebook.item"]),
        Column("name"),
        Column("value", words["codebook.value"], "code"),
        Column("label", words["codebook.label"] if labelled else "", "text"),
        Column("n", "n", "integer", symbol=True),
        Column("share", words["codebook.share"], "percent"),
    )
    return Table("values", words["codebook.table_values"], columns, rows, divided_by="heading")


def _heading(described: ItemDescription, words: Words) -> str:
    scale = f"{words['codebook.scale']} {described.scale}" if described.scale else ""
    return " · ".join(part for part in (described.name, described.wording, scale) if part)


def _value(value: CountedValue, last: bool, words: Words) -> tuple[str, str]:
    if math.isnan(value.low):
        return value.label, ""
    if value.low == value.high:
        return _number(value.low), value.label
    words_of_range = words["codebook.last_range"] if last else words["codebook.range"]
    return words_of_range.format(low=_number(value.low, 4), high=_number(value.high, 4)), value.label


def _number(value: float, digits: int = 15) -> str:
    return with_minus(f"{value:.{digits}g}")
