"""Excel workbooks as rows of text cells: what a person sees in the sheet, and what may be missed in it.

The size that a sheet declares for itself is not believed: programs write A1:XFD1048576 for ten cells.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from lvmodels.errors import EmptyDataError, FileFormatError, LvmodelsError
from lvmodels.survey.delimited import Cells
from lvmodels.survey.numbers import counted
from lvmodels.survey.zipped import open_archive

__all__ = ["read_workbook"]

_MOST_ROWS = 1_048_576  # of a sheet of Excel
_MOST_CELLS = 10_000_000  # of these, a survey takes some 800 MB on its way
_SMALLER = "save the sheet as CSV UTF-8 and read that"
_HIDDEN_COLUMN = re.compile(
    rb'<(?:\w+:)?col\b(?=[^>]*\bhidden="(?:1|true)")(?=[^>]*\bmin="(\d{1,6})")(?=[^>]*\bmax="(\d{1,6})")'
)
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*\bhidden="(?:1|true)"')
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]+\d+:[A-Z]+\d+)"')
_UNCOUNTED = re.compile(rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^>]*/>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</(?:\w+:)?c>")


def read_workbook(content: bytes, source: str) -> tuple[Cells, str]:
    """Read the first visible sheet that holds a table.

    Parameters
    ----------
    content : bytes
        The whole file (.xlsx, .xlsm).
    source : str
        Its name, for messages.

    Returns
    -------
    cells : Cells
        Texts as a person sees them: 7 and not 7.0, dates as 2026-05-31, an empty text for an empty cell. Rows
        without any value are left out, and so are empty columns left and right of the table.
    form : str
        What was read, for the log.

    Raises
    ------
    FileFormatError
        When the workbook is damaged or too large.
    EmptyDataError
        When no visible sheet holds a cell.
    """
    archive = open_archive(content, source)
    if "[Content_Types].xml" not in archive.namelist():
        raise FileFormatError(f"{source} is a zip archive, not a workbook; unpack it first")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that openpyxl does not keep
            return _read(content, archive, source)
    except LvmodelsError:
        raise
    except MemoryError:
        raise FileFormatError(f"{source} is too large for the memory of this machine; {_SMALLER}") from None
    except Exception as error:  # openpyxl lets through whatever a damaged part brings about
        raise FileFormatError(
            f"{source} is a damaged Excel workbook ({_first_line(error)}); "
            "open it in Excel and save it again, or save the sheet as CSV UTF-8"
        ) from None


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)[:200]


def _read(content: bytes, archive: zipfile.ZipFile, source: str) -> tuple[Cells, str]:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    chosen, rows = _first_table(visible, source)
    if not rows:
        hidden = [sheet.title for sheet in book.worksheets if sheet not in visible]
        look = f"; hidden sheets: {_named(hidden)}; unhide the one with the answers" if hidden else ""
        raise EmptyDataError(f"{source} has no visible sheet with any cell{look or '; export the answers again'}")
    others = [sheet.title for sheet in book.worksheets if sheet is not chosen]
    log = [f"Other sheets were not read: {_named(others)}."] if others else []
    part = getattr(chosen, "_worksheet_path", "")
    if part in archive.namelist():
        log += _remarks(archive, part)
    return Cells(_squared(rows, source), "", source, tuple(log)), f"Excel workbook, sheet '{chosen.title}'"


def _first_table(sheets: list[Any], source: str) -> tuple[Any, list[tuple[int, list[str]]]]:
    """The first sheet of at least two rows and two columns, else the first with two rows, else the first with any."""
    best: tuple[int, Any, list[tuple[int, list[str]]]] = (0, None, [])
    for sheet in sheets:
        rows = list(_rows(sheet, source))
        rank = min(len(rows), 2) + (len(rows) > 1 and max(len(cells) for _, cells in rows) > 1)
        if rank > best[0]:
            best = (rank, sheet, rows)
        if rank == 3:
            break
    return best[1], best[2]


def _rows(sheet: Any, source: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold anything, with the numbers that Excel shows, cut after their last value."""
    sheet.reset_dimensions()
    texts: dict[Any, str] = {}  # answers repeat: one text for all cells that are equal
    found = 0
    for row, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        if row > _MOST_ROWS:
            raise FileFormatError(
                f"{source}, sheet '{sheet.title}': more rows than Excel has ({_MOST_ROWS}); {_SMALLER}"
            )
        cells = [_text(value, texts) for value in values]
        while cells and not cells[-1].strip():
            cells.pop()
        found += len(cells)
        _refuse_many(found, sheet.title, source)
        if cells:
            yield row, cells


def _text(value: Any, texts: dict[Any, str]) -> str:
    """A cell as a person reads it."""
    if value is None:
        return ""
    key = (type(value), value)
    if key not in texts:
        if len(texts) > 100_000:
            texts.clear()
        texts[key] = _written(value)
    return texts[key]


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(value).replace("_x000D_", "")  # Excel's way of writing a carriage return


def _squared(rows: list[tuple[int, list[str]]], source: str) -> tuple[tuple[int, list[str]], ...]:
    """Rows of one length, without empty columns before the first value."""
    width = max(len(cells) for _, cells in rows)
    _refuse_many(width * len(rows), "", source)
    first = min(next(place for place, cell in enumerate(cells) if cell.strip()) for _, cells in rows)
    return tuple((row, [*cells[first:], *[""] * (width - len(cells))]) for row, cells in rows)


def _refuse_many(cells: int, title: str, source: str) -> None:
    if cells > _MOST_CELLS:
        where = f", sheet '{title}'" if title else ""
        raise FileFormatError(
            f"{source}{where}: more than {_MOST_CELLS} cells; remove stray cells outside the table, or {_SMALLER}"
        )


def _remarks(archive: zipfile.ZipFile, part: str) -> list[str]:
    """What a reader of the sheet may not see, or may see otherwise than it is read."""
    from openpyxl.utils import get_column_letter

    columns: list[str] = []
    merged: list[str] = []
    rows = uncounted = 0
    for piece in _pieces(archive, part):
        for low, high in _HIDDEN_COLUMN.findall(piece):
            first, last = (get_column_letter(min(max(int(end), 1), 18_278)) for end in (low, high))
            columns.append(first if first == last else f"{first}:{last}")
        rows += len(_HIDDEN_ROW.findall(piece))
        merged += [place.decode() for place in _MERGED.findall(piece)]
        uncounted += len(_UNCOUNTED.findall(piece))
    log = []
    if columns:
        log.append(f"Hidden columns were read as well ({_some(columns)}).")
    if rows:
        log.append(f"{counted(rows, 'hidden row')} {'was' if rows == 1 else 'were'} read as well.")
    if merged:
        log.append(f"Merged cells ({_some(merged)}) hold their value in their first cell; the others read as empty.")
    if uncounted:
        formulas = counted(uncounted, "formula")
        log.append(f"{formulas} without a stored result read as empty; open the file in Excel and save it again.")
    return log


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """A part in pieces that end with a row, or else before a tag, so that no pattern is cut."""
    rest = b""
    with archive.open(part) as stream:
        while piece := stream.read(1 << 20):
            piece = rest + piece
            end = piece.rfind(b"row>") + 4
            end = end if end > 3 else max(piece.rfind(b"<"), 0)
            rest = piece[end:]
            yield piece[:end]
    yield rest


def _some(places: list[str]) -> str:
    return ", ".join(places[:5]) + (", ..." if len(places) > 5 else "")


def _named(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
