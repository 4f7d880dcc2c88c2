"""Delimited text as a table: the delimiter found out, quoted cells honoured, every row of a wrong length named.

Rows are numbered as a spreadsheet shows them: the header is row 1, and a cell that holds line breaks is one row.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lvmodels.errors import EmptyDataError, FileFormatError
from lvmodels.survey.numbers import counted, parse_number

__all__ = [
    "DELIMITERS",
    "Cells",
    "Delimited",
    "columns_below_header",
    "find_delimiter",
    "lines_of",
    "name_columns",
    "read_cells",
    "read_delimited",
]

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}

_NO_DELIMITER = "\x1f"  # stands for "one column": a character that no survey holds
_SAMPLE_CHARACTERS, _SAMPLE_ROWS = 200_000, 200
_PIECE_CHARACTERS = 1 << 20
_FEW_ROWS, _RAGGED_SHARE = 5, 0.8  # with more rows of a wrong length than this, the text is no table


@dataclass(frozen=True, slots=True)
class Delimited:
    """The cells of a delimited text.

    Attributes
    ----------
    names : tuple of str, length p
        The header; columns without a name are called column_1, column_2, ... after their position.
    columns : tuple of p sequences of str, each of length n
        Cells as written: tuples, or pandas Categoricals.
    rows : sequence of int, length n
        Row numbers as a spreadsheet shows them.
    delimiter : str
        The character between cells; empty when there is one column.
    problems : tuple of str
        Rows that are too short or too long; they are not among `columns`.
    log : tuple of str
        What was left out or named.
    """

    names: tuple[str, ...]
    columns: tuple[Sequence[str], ...]
    rows: Sequence[int]
    delimiter: str
    problems: tuple[str, ...]
    log: tuple[str, ...]

    @property
    def decimal_comma(self) -> bool:
        """Whether "3,5" may be three and a half: only where the comma does not separate cells."""
        return self.delimiter != ","


@dataclass(frozen=True, slots=True)
class Cells:
    """The rows of a table as written, before any of them is taken for a header.

    Attributes
    ----------
    rows : tuple of (int, list of str)
        Number of the row, as a spreadsheet shows it, and its cells; lines without any cell are left out.
    delimiter : str
        The character between cells; empty when there is one column, or when the cells come from a spreadsheet.
    source : str
        Name of the file, for messages.
    log : tuple of str
        What was left out or named.
    """

    rows: tuple[tuple[int, list[str]], ...]
    delimiter: str
    source: str
    log: tuple[str, ...] = ()


def read_delimited(text: str, source: str) -> Delimited:
    r"""Split a text into columns; its first row holds their names.

    Parameters
    ----------
    text : str
        The file, decoded.
    source : str
        Its name, for messages.

    Raises
    ------
    FileFormatError
        When the text is no table: an open quotation mark, no delimiter that fits, no header.
    EmptyDataError
        When there is a header and nothing below it.

    Examples
    --------
    >>> table = read_delimited("a;b\n1,5;2\n", "answers.csv")
    >>> table.names, table.columns, table.rows
    (('a', 'b'), (('1,5',), ('2',)), (2,))
    """
    return columns_below_header(read_cells(text, source))


def read_cells(text: str, source: str, limit: int | None = None) -> Cells:
    """Split a text into rows of cells; all of them, or the first few.

    Raises
    ------
    FileFormatError
        Where a quotation mark opens and does not close.
    """
    first = text[:6].rstrip("\r\n")
    declared = first[4] if first[:4].lower() == "sep=" and len(first) == 5 else ""  # Excel's own first line
    delimiter, shown = (declared, declared) if declared else find_delimiter(text)
    rows = tuple(itertools.islice(_records(text, delimiter, source), limit))
    return Cells(rows[1:] if declared else rows, shown, source)


def columns_below_header(cells: Cells) -> Delimited:
    """Take the first row for the names of the columns.

    Raises
    ------
    FileFormatError, EmptyDataError
    """
    source = cells.source
    (header_row, header), *records = cells.rows or ((1, []),)
    _refuse_headless(header, header_row, source)
    if not records:
        raise EmptyDataError(f"{source} has a header and no row below it; export the answers again")
    header, records, log = _settle_width(header, records)
    names, unnamed = name_columns(header)
    kept, problems = _split_ragged(records, len(header), header_row)
    if len(problems) > max(_FEW_ROWS, _RAGGED_SHARE * len(records)):
        raise FileFormatError(
            f"{source} is no table: {len(problems)} of {len(records)} rows have another number of cells than the "
            f"header ({len(header)}), first {problems[0].split(';')[0]}; separate cells by commas, semicolons or tabs"
        )
    filled = [(row, values) for row, values in kept if any(values)]
    log = [*cells.log, *log, *unnamed, *_blank_rows([row for row, values in kept if not any(values)])]
    if not filled and not problems:
        raise EmptyDataError(f"{source} has {len(kept)} rows and no answer in them; export the answers again")
    columns = tuple(zip(*(values for _, values in filled), strict=True)) or ((),) * len(names)
    return Delimited(names, columns, tuple(row for row, _ in filled), cells.delimiter, tuple(problems), tuple(log))


def lines_of(text: str) -> Iterator[str]:
    """The lines of a text with their ends, as the csv module wants them, without a second copy of the whole."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + _PIECE_CHARACTERS) + 1 or len(text)
        yield from io.StringIO(text[start:end], newline="")
        start = end


def find_delimiter(text: str) -> tuple[str, str]:
    """The delimiter that cuts the header into many cells and most rows into as many; and what to call it.

    Both are the same, but for a text of one column: its delimiter is a character that no survey holds, and has no name.
    """
    sample = text[:_SAMPLE_CHARACTERS]
    scores = {delimiter: _score(sample, delimiter, cut=len(sample) < len(text)) for delimiter in DELIMITERS}
    best = max(scores, key=lambda delimiter: scores[delimiter])
    return (best, best) if scores[best] > 0 else (_NO_DELIMITER, "")


def _score(sample: str, delimiter: str, cut: bool) -> float:
    """Number of delimiters in the header times the share of rows that have as many (a little if none has)."""
    counts: list[int] = []
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, strict=True)
    try:
        counts.extend(len(cells) - 1 for cells in itertools.islice((cells for cells in reader if cells), _SAMPLE_ROWS))
    except csv.Error:
        cut = False  # an open quotation mark is reported later, with its row
    header, *rows = counts[: len(counts) - 1 if cut and len(counts) > 2 else None] or [0]
    agreeing = sum(count == header for count in rows) / max(len(rows), 1)
    return header * (agreeing + 0.001)


def _records(text: str, delimiter: str, source: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with their number; blank lines are counted and passed over."""
    reader = csv.reader(lines_of(text), delimiter=delimiter, strict=True)
    row = 0
    try:
        for row, cells in enumerate(reader, start=1):
            if cells:
                yield row, cells
    except csv.Error as error:
        if "limit" in str(error):
            most = f"a cell of more than {csv.field_size_limit():,} characters"
            raise FileFormatError(
                f"{source}, row {row + 1}: {most}; shorten it, or close a quotation mark that was left open"
            ) from None
        raise FileFormatError(
            f"{source}, row {row + 1}: a quotation mark opens here and does not close as it should ({error}); "
            'close it, or double a quotation mark that belongs to the text ("")'
        ) from None


def _refuse_headless(header: Sequence[str], row: int, source: str) -> None:
    """Raise when the first row holds answers instead of names."""
    if all(parse_number(name, decimal_comma=True) is not None for name in header):
        shown = ", ".join(header[:5])
        raise FileFormatError(
            f"{source}, row {row}: the first row holds no names of columns ({shown}); add a row of names above"
        )


def _settle_width(
    header: list[str], records: list[tuple[int, list[str]]]
) -> tuple[list[str], list[tuple[int, list[str]]], list[str]]:
    """Allow for delimiters at the ends of rows, and for row names that have no name in the header (as R writes)."""
    width = len(header)
    trimmed = [(row, cells if len(cells) <= width or any(cells[width:]) else cells[:width]) for row, cells in records]
    if width > 1 and all(len(cells) == width + 1 for _, cells in trimmed):
        return ["row_name", *header], trimmed, ["The first column has no name; it was read as row_name."]
    empty_end = not header[-1].strip() and not any(cells[width - 1] for _, cells in trimmed if len(cells) == width)
    if width > 1 and empty_end:
        return _settle_width(header[:-1], records)
    return header, trimmed, []


def name_columns(header: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Names without spaces at their ends, and a sentence on columns that had none."""
    names = tuple(name.strip() or f"column_{position}" for position, name in enumerate(header, start=1))
    unnamed = [name for name, written in zip(names, header, strict=True) if not written.strip()]
    return names, [f"Columns without a name were called {', '.join(unnamed)}."] if unnamed else []


def _split_ragged(
    records: Sequence[tuple[int, list[str]]], width: int, header_row: int
) -> tuple[list[tuple[int, list[str]]], list[str]]:
    """Rows as long as the header, and a sentence for each other one."""
    kept: list[tuple[int, list[str]]] = []
    problems: list[str] = []
    for row, cells in records:
        if len(cells) == width:
            kept.append((row, cells))
        else:
            fault = "add the missing delimiters" if len(cells) < width else "quote texts that hold the delimiter"
            has = counted(len(cells), "cell")
            problems.append(f"row {row}: {has} where the header (row {header_row}) has {width}; {fault}")
    return kept, problems


def _blank_rows(rows: Sequence[int]) -> list[str]:
    if not rows:
        return []
    shown = ", ".join(map(str, rows[:10])) + (", ..." if len(rows) > 10 else "")
    return [f"Dropped {counted(len(rows), 'row')} without any value (row {shown})."]
