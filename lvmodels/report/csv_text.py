"""Tables as delimited text: every row, every digit."""

from __future__ import annotations

import csv
import io
import math

from lvmodels.report.records import Cell, Table

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def table_to_csv(table: Table) -> bytes:
    r"""A table as the content of a CSV file.

    Numbers are written with all their digits; nothing stands where there is no number. A text that a spreadsheet would
    take for a formula gets an apostrophe before it. Files with letters beyond ASCII start with a byte order mark, which
    tells spreadsheets that they are UTF-8.

    Examples
    --------
    >>> from lvmodels.report.records import Column
    >>> table_to_csv(Table("t", "T", (Column("item"), Column("mean")), (("x1", 0.1), ("=x2", None))))
    b"item,mean\nx1,0.1\n'=x2,\n"
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([column.key for column in table.columns])
    writer.writerows([_written(cell) for cell in row] for row in table.rows)
    text = stream.getvalue()
    return text.encode("utf-8" if text.isascii() else "utf-8-sig")


def _written(cell: Cell) -> str:
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA) else cell
    return repr(cell)
