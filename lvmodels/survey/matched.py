"""The record that matching fills: which column holds which item, and what has to be told to the user."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lvmodels.survey.instrument import Item

__all__ = ["Matched", "column_line", "columns_by_key", "shortened"]

_LONGEST_SHOWN = 60
_TOLD_ONE_BY_ONE = 3


@dataclass(slots=True)
class Matched:
    """The columns of the items.

    Attributes
    ----------
    columns : dict of str to str
        Item → column.
    lacking : list of str
        A sentence for every item that has no column, or several, and for everything wrong in `match`.
    proposals : dict of str to str
        Item without a column → the column whose question comes near.
    renamed : list of (str, str, str)
        Item, column and how it was found ("question", "position", or empty), where column and item are named otherwise.
    unclear : set of str
        Items that could have several columns.
    """

    columns: dict[str, str] = field(default_factory=dict)
    lacking: list[str] = field(default_factory=list)
    proposals: dict[str, str] = field(default_factory=dict)
    renamed: list[tuple[str, str, str]] = field(default_factory=list)
    unclear: set[str] = field(default_factory=set)

    def take(self, item: str, column: str, by: str = "") -> None:
        """Give an item its column."""
        self.columns[item] = column
        if item != column:
            self.renamed.append((item, column, by))

    @property
    def log(self) -> list[str]:
        """A sentence for every column whose name is not that of its item; one for many found in the same way."""
        said = []
        for by in dict.fromkeys(by for _, _, by in self.renamed):
            pairs = [(item, shortened(column)) for item, column, how in self.renamed if how == by]
            if len(pairs) <= _TOLD_ONE_BY_ONE:
                way = f" by its {by}" if by else ""
                said += [f"Column '{column}' was read as item '{item}'{way}." for item, column in pairs]
            else:
                listed = ", ".join(f"'{column}' as '{item}'" for item, column in pairs)
                said.append(f"{len(pairs)} columns were read as items{f' by their {by}s' if by else ''}: {listed}.")
        return said

    def take_only(self, item: str, near: Sequence[str], by: str) -> None:
        """Give an item the only column that is left of `near`; several are told, for the user to choose."""
        left = self.free(near)
        if len(left) == 1:
            self.take(item, left[0], by)
        elif left:
            listed = ", ".join(f"'{shortened(column)}'" for column in left[:5])
            remedy = f"write {column_line(left[0])} under the item in the instrument, or rename one to '{item}'"
            self.lacking.append(f"item '{item}' could be any of the columns {listed}; {remedy}")
            self.unclear.add(item)

    def open(self, items: Iterable[Item]) -> list[Item]:
        """Those items that are still to be matched."""
        return [item for item in items if item.name not in self.columns and item.name not in self.unclear]

    def free(self, columns: Iterable[str]) -> list[str]:
        """Those columns that no item has yet."""
        taken = set(self.columns.values())
        return [column for column in columns if column not in taken]


def columns_by_key(keyed: Iterable[tuple[str, Iterable[str]]]) -> dict[str, list[str]]:
    """Key → the columns that have it.

    Examples
    --------
    >>> columns_by_key([("Q1", ["a", "b"]), ("Q2", ["b"])])
    {'a': ['Q1'], 'b': ['Q1', 'Q2']}
    """
    index: dict[str, list[str]] = {}
    for column, keys in keyed:
        for key in dict.fromkeys(keys):
            if key:
                index.setdefault(key, []).append(column)
    return index


def column_line(column: str) -> str:
    """The line of an instrument file that gives an item its column."""
    return f"column = {json.dumps(column, ensure_ascii=False)}"


def shortened(name: str) -> str:
    """The name of a column, cut when it is a long question."""
    return name if len(name) <= _LONGEST_SHOWN else name[: _LONGEST_SHOWN - 3] + "..."
