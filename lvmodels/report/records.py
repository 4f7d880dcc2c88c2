"""What a report is made of, before it is HTML, CSV or paper: tables, figures, paragraphs, in sections.

The records know nothing of a renderer. Numbers in them have full precision; how many digits are shown is said by the
format of a column and done in `lvmodels.report.number_format`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Cell = str | float | int | None
"""Text, a number, or nothing."""

Format = Literal["text", "prose", "code", "estimate", "index", "ratio", "p", "integer", "percent", "bars"]
"""How cells are shown: `prose` is for sentences, `index` for numbers rarely above one, `ratio` for z and its like,
`bars` for counts with spaces between, drawn as a small chart."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    key : str
        Name in CSV files; the same in every language.
    title : str
        What a reader sees above the column; a column without title stands in CSV files alone.
    format : str
        How its cells are shown.
    group : str
        Title above neighbouring columns that belong together.
    symbol : bool
        Whether the title is a statistical symbol, set in italics.
    """

    key: str
    title: str = ""
    format: Format = "text"
    group: str = ""
    symbol: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes
    ----------
    name : str
        Name of its CSV file, without ending.
    title : str
    columns : tuple of Column
    rows : tuple of tuple
        A cell a column.
    notes : tuple of str
        Sentences below the table.
    divided_by : str
        Key of a column whose value heads a group of rows instead of standing in each of them, after its title if any.
    shown_rows : int or None
        How many rows a reader sees; CSV files have all.
    wordy : bool
        Whether cells hold sentences, so that a narrow screen shows a row as a paragraph.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    divided_by: str = ""
    shown_rows: int | None = None
    wordy: bool = False

    def position(self, key: str) -> int:
        """Position of the column with that key."""
        return [column.key for column in self.columns].index(key)


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture as SVG text, with words for those who cannot see it."""

    name: str
    title: str
    description: str
    svg: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `quotable` marks one that is meant to be copied."""

    text: str
    quotable: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """Sentences or works, one an entry."""

    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Text to be shown letter by letter: a model, a command."""

    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with their values, side by side."""

    pairs: tuple[tuple[str, str], ...]
    prominent: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader must not miss."""

    title: str
    entries: tuple[str, ...]
    grave: bool = False


Block = Table | Figure | Paragraph | Listing | Code | Facts | Notice


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of a document; `anchor` is its address within it."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report.

    Attributes
    ----------
    title : str
    language : {"en", "zh"}
    opening : tuple of Block
        What stands before the first section.
    sections : tuple of Section
    attached : tuple of Table
        Tables that are written as CSV files and not shown.
    """

    title: str
    language: str
    opening: tuple[Block, ...]
    sections: tuple[Section, ...]
    attached: tuple[Table, ...] = ()

    def tables(self) -> Iterator[Table]:
        """All tables, those attached last."""
        for section in self.sections:
            yield from (block for block in section.blocks if isinstance(block, Table))
        yield from self.attached
