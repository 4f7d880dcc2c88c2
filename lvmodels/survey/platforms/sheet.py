"""From rows of cells to columns with several header rows above them, and from described columns to a raw table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from lvmodels.survey.answers import duplicate_names
from lvmodels.survey.delimited import Cells, columns_below_header
from lvmodels.survey.platforms.personal import asks_for_personal, holds_personal
from lvmodels.survey.raw import Labels, RawTable

__all__ = ["Column", "Sheet", "open_sheet", "raw_table"]


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
    missing : mapping of float to str
        Codes that mean no answer → why; their cells become empty.
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
    missing: Mapping[float, str] = field(default_factory=dict)
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
    shift = len(table.names) - width  # 1 where rows have one cell more than the header, which is then a row name
    headers = [[""] * shift + [*row, *[""] * (width - len(row))] for row in heads]
    kept = [
        position
        for position in range(len(table.names))
        if any(row[position].strip() for row in headers) or any(table.columns[position])
    ]
    return Sheet(
        tuple(tuple(row[position].strip() for position in kept) for row in headers),
        tuple(table.columns[position] for position in kept),
        table.rows,
        cells.source,
        table.problems,
        tuple(sentence for sentence in table.log if not sentence.startswith("The first column has no name")),
    )


def raw_table(sheet: Sheet, columns: Sequence[Column], platform: str, log: Sequence[str] = ()) -> RawTable:
    """Put described columns together.

    Parameters
    ----------
    sheet : Sheet
    columns : sequence of Column
        In the order of the file. A column about respondents whose name an answer bears too gets another name.
    platform : str
        What the platform is called in the log.
    log : sequence of str
        What the platform's module found out.
    """
    answers = {column.name for column in columns if not column.about}
    names = [f"respondent_{c.name}" if c.about and c.name in answers else c.name for c in columns]
    twice = [
        f"the column name '{name}' stands {len(places)} times; rename all but one"
        for name, places in duplicate_names(names).items()
    ]
    named = dict(reversed(list(zip(names, columns, strict=True))))  # of equal names the first
    named = {name: named[name] for name in dict.fromkeys(names)}
    frame = pd.DataFrame({name: pd.Series(list(c.cells), dtype=object) for name, c in named.items()})
    rows = sheet.rows
    return RawTable(
        frame,
        sheet.source,
        lambda position: str(rows[position]),
        False,  # a comma separates answers or belongs to a text
        (*twice, *sheet.problems),
        (f"Recognised as an export of {platform}.", *sheet.log, *log, *_said(named)),
        labels=_labels(named),
        respondents=tuple(name for name, column in named.items() if column.about),
        personal=tuple(name for name, column in named.items() if _is_personal(column)),
        several={name: column.separator for name, column in named.items() if column.separator},
    )


def _labels(columns: Mapping[str, Column]) -> Labels:
    """What the columns say of themselves."""
    return Labels(
        wording={name: column.wording for name, column in columns.items() if column.wording},
        values={
            name: {**column.values, **column.missing}
            for name, column in columns.items()
            if column.values or column.missing
        },
        missing={
            name: tuple((code, code) for code in sorted(column.missing))
            for name, column in columns.items()
            if column.missing
        },
        reasons={name: column.reasons for name, column in columns.items() if column.reasons},
    )


def _is_personal(column: Column) -> bool:
    if column.about:
        return column.personal
    return column.personal or asks_for_personal(column.wording or column.name) or holds_personal(column.cells)


def _said(columns: Mapping[str, Column]) -> list[str]:
    """A sentence for every reason why answers are missing."""
    counts: dict[str, int] = {}
    for column in columns.values():
        for reason, rows in column.reasons.items():
            counts[reason] = counts.get(reason, 0) + len(rows)
    return [f"Answers that are missing because they were {reason}: {count}." for reason, count in counts.items()]
