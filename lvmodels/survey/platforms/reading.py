"""What the reading of an export has come upon so far, and the raw table it ends in."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from lvmodels.survey.answers import duplicate_names
from lvmodels.survey.numbers import counted, is_blank
from lvmodels.survey.platforms.naming import clean
from lvmodels.survey.platforms.personal import asks_for_personal, holds_personal
from lvmodels.survey.platforms.sheet import Column, Sheet
from lvmodels.survey.platforms.times import Times, duration_in_seconds, iso, read_times, seconds_between
from lvmodels.survey.raw import Labels, RawTable

__all__ = ["Reading"]

_SHOWN_ROWS = 5
_SHOWN_LETTERS = 40


@dataclass(slots=True)
class Reading:
    """Columns as understood, in the order of the file, and what is wrong with single cells.

    Attributes
    ----------
    sheet : Sheet
    platform : str
        What the platform is called in messages.
    columns : list of Column
    problems, log : list of str
    """

    sheet: Sheet
    platform: str
    columns: list[Column] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    def about(self, name: str, cells: Sequence[str], personal: bool = False) -> None:
        """Add a column about the respondents or their interviews."""
        self.columns.append(Column(name, cells, about=True, personal=personal))

    def wrong(self, places: Sequence[int], header: str, says: str) -> None:
        """Note a fault that several rows of a column share."""
        rows = [str(self.sheet.rows[place]) for place in places[:_SHOWN_ROWS]]
        more = f" and {len(places) - len(rows)} more" if len(places) > len(rows) else ""
        kind = "row" if len(places) == 1 else "rows"
        self.problems.append(f"{kind} {', '.join(rows)}{more}, column '{header}': {says}")

    def times(self, columns: Mapping[str, Sequence[str]], headers: Mapping[str, str]) -> dict[str, pd.Series]:
        """Add columns of times, all written alike; cells that are no times are problems, unless all are.

        Parameters
        ----------
        columns : mapping of str to sequence of str
            Name → cells.
        headers : mapping of str to str
            Name → what the file calls the column.

        Returns
        -------
        dict
            Name → points in time, NaT where there is none.
        """
        if not columns:
            return {}
        read = read_times(list(itertools.chain.from_iterable(columns.values())))
        n = len(self.sheet.rows)
        filled = any(not is_blank(cell) for cells in columns.values() for cell in cells)
        known = bool(read.values.notna().any())
        found = {}
        for number, (name, cells) in enumerate(columns.items()):
            found[name] = read.values.iloc[number * n : (number + 1) * n].reset_index(drop=True)
            self.about(name, iso(found[name]) if known or not filled else list(cells))
            self._unread_times(read, number * n, cells, headers[name], known)
        if filled and not known:
            self.log.append("Dates were kept as written, because they are in no known form.")
        if not read.clear:
            self.log.append("Dates could be read with day or month first; the month was taken to stand first.")
        return found

    def _unread_times(self, read: Times, first: int, cells: Sequence[str], header: str, known: bool) -> None:
        places = [place - first for place in read.unread if 0 <= place - first < len(cells)]
        if places and known:
            shown = clean(cells[places[0]])[:_SHOWN_LETTERS]
            self.wrong(places, header, f"'{shown}' is no date as in the other rows; correct it or empty the cell")

    def duration(self, cells: Sequence[str], header: str, name: str = "duration") -> None:
        """Add the duration of the interviews in seconds; cells that are no duration are problems."""
        read = {cell: duration_in_seconds(cell) for cell in dict.fromkeys(cells)}
        unread = [place for place, cell in enumerate(cells) if read[cell] is None]
        if unread:
            shown = clean(cells[unread[0]])[:_SHOWN_LETTERS]
            self.wrong(unread, header, f"'{shown}' is no duration; write seconds, or empty the cell")
        self.about(name, [read[cell] or "" for cell in cells])

    def time_between(self, times: Mapping[str, pd.Series], start: str = "start", end: str = "end") -> None:
        """Add the seconds between two times as the duration."""
        self.about("duration", seconds_between(times[start], times[end]))

    def flags(self, name: str, mark: str, says: str) -> None:
        """Say how many responses are no full ones; whether to leave them out is a decision of the screening."""
        cells = next((column.cells for column in self.columns if column.about and column.name == name), ())
        rows = [str(row) for row, cell in zip(self.sheet.rows, cells, strict=False) if cell == mark]
        if rows:
            shown = ", ".join(rows[:10]) + (", ..." if len(rows) > 10 else "")
            kept = f"{counted(len(rows), 'response')} kept although {says} (row {shown})"
            self.log.append(f"{kept}: see column '{name}'.")

    def table(self) -> RawTable:
        """Put the columns together; one about respondents whose name an answer bears, too, gets another name."""
        answers = {column.name for column in self.columns if not column.about}
        names = [f"respondent_{c.name}" if c.about and c.name in answers else c.name for c in self.columns]
        twice = [
            f"the column name '{name}' stands {len(places)} times; rename all but one"
            for name, places in duplicate_names(names).items()
        ]
        named = dict(reversed(list(zip(names, self.columns, strict=True))))  # of equal names the first
        named = {name: named[name] for name in dict.fromkeys(names)}
        rows, heads = self.sheet.rows, len(self.sheet.headers)
        kind = f"an export of {self.platform}, {counted(heads, 'header row')}"
        size = f"{counted(len(rows), 'row')}, {counted(len(self.sheet.columns), 'column')}"
        return RawTable(
            pd.DataFrame({name: pd.Series(list(column.cells), dtype=object) for name, column in named.items()}),
            self.sheet.source,
            lambda position: str(rows[position]),
            False,  # a comma separates answers or belongs to a text
            (*twice, *self.problems, *self.sheet.problems),
            (f"{self.sheet.source}: {kind}, {size}.", *self.sheet.log, *self.log, *_missing_answers(named)),
            labels=_labels(named),
            respondents=tuple(name for name, column in named.items() if column.about),
            personal=tuple(name for name, column in named.items() if _is_personal(column)),
            several={name: column.separator for name, column in named.items() if column.separator},
        )


def _labels(columns: Mapping[str, Column]) -> Labels:
    """What the columns say of themselves."""
    return Labels(
        wording={name: clean(column.wording) for name, column in columns.items() if column.wording.strip()},
        values={name: column.values for name, column in columns.items() if column.values},
        reasons={name: column.reasons for name, column in columns.items() if column.reasons},
    )


def _is_personal(column: Column) -> bool:
    if column.about:
        return column.personal
    return column.personal or asks_for_personal(column.wording or column.name) or holds_personal(column.cells)


def _missing_answers(columns: Mapping[str, Column]) -> list[str]:
    """A sentence for every reason why answers are missing."""
    counts: dict[str, int] = {}
    for column in columns.values():
        for reason, rows in column.reasons.items():
            counts[reason] = counts.get(reason, 0) + len(rows)
    return [f"{counted(count, 'answer')} missing: {reason}." for reason, count in counts.items()]
