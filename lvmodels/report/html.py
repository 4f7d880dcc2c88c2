"""A document as one HTML file that needs nothing else: no script, no font, no picture from elsewhere.

All text passes through the templates' automatic escaping. Two things do not: the style sheet, which is ours, and the
SVG of figures and small charts, which an XML writer and our own code made of numbers.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from lvmodels import __version__
from lvmodels.report.number_format import shown
from lvmodels.report.records import Block, Cell, Column, Document, Table
from lvmodels.report.sparkline import sparkline
from lvmodels.report.wording import wording

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
WORDS = ("text", "prose", "code", "bars")
"""Formats of cells that are no numbers."""

_EQUATION = re.compile(r" ([=<>≤≥]) (?=[\d.−])")
_INTERVAL = re.compile(r"(\[[\d.−]+,) (?=[\d.−]+\])")
_SHORT, _LONG = 24, 24
"""Rows of a table that is not broken between pages; letters of a word that may be broken between lines."""


@dataclass(frozen=True, slots=True)
class HtmlCell:
    """A cell as it is written: its text, its kind for the style sheet, the title of its column."""

    text: str
    kind: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class HtmlTable:
    """A table laid out for HTML.

    Attributes
    ----------
    groups : tuple of (str, int)
        Titles above the columns with the number of columns that each spans; empty without any.
    columns : tuple of Column
        The columns shown.
    bodies : tuple of (str, tuple of tuple of HtmlCell)
        Groups of rows, each with its heading or "".
    heading : str
        What the headings are.
    """

    groups: tuple[tuple[str, int], ...]
    columns: tuple[Column, ...]
    bodies: tuple[tuple[str, tuple[tuple[HtmlCell, ...], ...]], ...]
    heading: str


def document_to_html(document: Document, created: datetime) -> str:
    """The document as HTML text."""
    template = template_environment().get_template("report.html.j2")
    return template.render(
        document=document,
        words=wording(document.language),
        version=__version__,
        date=created.strftime("%Y-%m-%d"),
        kind_of=kind_of,
        is_short=is_short,
        words_of=WORDS,
        lay_out=lay_out,
        sparkline=sparkline,
        style=(TEMPLATES / "report.css").read_text(encoding="utf-8"),
    )


@functools.cache
def template_environment() -> Environment:
    """What draws the templates: with automatic escaping, and an error where a template asks for what is not there."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["glued"] = glued
    return environment


def glued(text: str) -> str:
    r"""The text with equations and intervals that a line cannot break, "p < .001", "[.055, .076]".

    Examples
    --------
    >>> glued("see p < .001 [.055, .076]").split(" ")
    ['see', 'p\xa0<\xa0.001', '[.055,\xa0.076]']
    """
    return _INTERVAL.sub("\\1\u00a0", _EQUATION.sub("\u00a0\\1\u00a0", text))


def kind_of(block: Block) -> str:
    """Which macro of the template draws a block."""
    return type(block).__name__.lower()


def is_short(table: Table) -> bool:
    """Whether a table fits on the page where it begins, so that it need not be broken."""
    return len(table.rows[: table.shown_rows]) <= _SHORT


def lay_out(table: Table) -> HtmlTable:
    """Choose what is shown of a table, and write its numbers."""
    places = [k for k, column in enumerate(table.columns) if column.title and column.key != table.divided_by]
    columns = tuple(table.columns[k] for k in places)
    divider = table.position(table.divided_by) if table.divided_by else None
    heading = table.columns[divider].title if divider is not None else ""
    bodies = tuple(
        (value, tuple(tuple(_cell(row[k], table.columns[k]) for k in places) for row in rows))
        for value, rows in _bodies(table.rows[: table.shown_rows], divider)
    )
    groups = [(title, len(list(some))) for title, some in groupby(columns, key=lambda column: column.group)]
    return HtmlTable(tuple(groups) if any(title for title, _ in groups) else (), columns, bodies, heading)


def _bodies(
    rows: tuple[tuple[Cell, ...], ...], divider: int | None
) -> Iterator[tuple[str, tuple[tuple[Cell, ...], ...]]]:
    if divider is None:
        yield "", rows
        return
    for heading, some in groupby(rows, key=lambda row: row[divider]):
        yield shown(heading), tuple(some)


def _cell(value: Cell, column: Column) -> HtmlCell:
    kind: str = column.format if column.format in WORDS else "number"
    if isinstance(value, str) and max(map(len, value.split()), default=0) > _LONG:
        kind += " long"
    return HtmlCell(shown(value, column.format), kind, column.title)
