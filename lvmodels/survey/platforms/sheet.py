"""The columns of an export below its header rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lvmodels.errors import FileFormatError
from lvmodels.survey.delimited import Cells, columns_below_header

__all__ = ["Column", "Sheet", "open_sheet", "without_answers"]


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """The columns of an export.

    Attributes
    ----------
    headers : tuple of tuples of str, each of length p
        The header rows, without spaces at the ends of their cells.
    columns : tuple of p tuples of str, each of length n
        Cells as written.
    rows : tuple of int, length n
        Row numbers as a spreadsheet shows them.
    source : str
    problems, log : tuple of str
        Rows that are too short or too long; what was left out.
    """

    headers: tuple[tuple[str, ...], ...]
    columns: tuple[tuple[str, ...], ...]
    rows: tuple[int, ...]
    source: str
    problems: tuple[str, ...]
    log: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column of an export, as its platform's module understands it.

    Attributes
    ----------
    name : str
        The name it is given.
    cells : sequence of str, length n
    wording : str
        The question; empty when the file does not tell it.
    about : bool
        Whether it is about the respondent or the interview, and so no answer.
    personal : bool
        Whether it is known to identify a person.
    separator : str
        What separates several answers in one cell; empty when there is one.
    values : mapping of float to str
        Words at the codes, as far as the file tells them.
    reasons : mapping of str to tuple of int
        Why an answer is missing → positions of its rows.
    """

    name: str
    cells: Sequence[str]
    wording: str = ""
    about: bool = False
    personal: bool = False
    separator: str = ""
    values: Mapping[float, str] = field(default_factory=dict)
    reasons: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def open_sheet(cells: Cells, header_rows: int) -> Sheet:
    """Separate the header rows from the body; columns at the end that are empty throughout are left out.

    Raises
    ------
    FileFormatError, EmptyDataError
        When most rows have another number of cells than the header, or there is no row below it.
    """
    heads = [row for _, row in cells.rows[:header_rows]]
    width = max(len(row) for row in heads)
    numbered = [str(position) for position in range(width)]  # stand-ins: the true headers may be empty or equal
    body = ((cells.rows[header_rows - 1][0], [f"column {name}" for name in numbered]), *cells.rows[header_rows:])
    table = columns_below_header(Cells(body, cells.delimiter, cells.source))
    if len(table.names) > width:  # which in other tables is a column of row names
        raise FileFormatError(
            f"{cells.source}, row {cells.rows[header_rows - 1][0]}: the header has {width} cells and every row below "
            "it one more; the header was changed, export the answers again"
        )
    headers = [[*row, *[""] * (width - len(row))] for row in heads]
    kept = [
        position
        for position in range(len(table.names))
        if any(row[position].strip() for row in headers) or any(table.columns[position])
    ]
    return Sheet(
        tuple(tuple(row[position].strip() for position in kept) for row in headers),
        tuple(tuple(table.columns[position]) for position in kept),
        tuple(table.rows),
        cells.source,
        table.problems,
        table.log,
    )


def without_answers(cells: Sequence[str], reasons: Mapping[str, str]) -> tuple[list[str], dict[str, tuple[int, ...]]]:
    """Empty the cells that say why there is no answer.

    Parameters
    ----------
    cells : sequence of str, length n
    reasons : mapping of str to str
        Cell → why there is no answer.

    Returns
    -------
    cells : list of str
    found : dict
        Reason → positions of its rows.

    Examples
    --------
    >>> without_answers(["3", "-3", "2"], {"-3": "skipped"})
    (['3', '', '2'], {'skipped': (1,)})
    """
    why = {cell: reasons[cell.strip()] for cell in dict.fromkeys(cells) if cell.strip() in reasons}
    if not why:
        return list(cells), {}
    found: dict[str, list[int]] = {}
    for place, cell in enumerate(cells):
        if cell in why:
            found.setdefault(why[cell], []).append(place)
    return ["" if cell in why else cell for cell in cells], {reason: tuple(rows) for reason, rows in found.items()}
