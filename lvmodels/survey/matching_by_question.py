"""Columns found by the question that was asked; one that only comes near is proposed and never taken."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from lvmodels.errors import nearest
from lvmodels.survey.matched import Matched, column_line, columns_by_key, shortened
from lvmodels.survey.question_text import question_keys

if TYPE_CHECKING:
    from lvmodels.survey.instrument import Item

__all__ = ["find_by_question", "propose_near_questions"]

_NEAR = 0.8  # share of equal letters from which a question is proposed
_MOST_COMPARED = 20_000  # pairs of item and column; more would take seconds, and no one reads so many columns

Keys = Mapping[str, Sequence[Sequence[Sequence[str]]]]


def find_by_question(items: Sequence[Item], columns: Sequence[str], wording: Mapping[str, str], found: Matched) -> None:
    """Compare questions: the whole text, then the text without its number, then the row of a stem.

    Parameters
    ----------
    items : sequence of Item
    columns : sequence of str
    wording : mapping of str to str
        Column → the question as the file tells it; the name of a column may be the question, too.
    found : Matched
        Receives the columns. Two items of the same wording are not told apart by it.
    """
    if not found.open(items):
        return
    keys, asked = _keys_of_columns(found.free(columns), wording), _keys_of_items(items)
    uses = Counter(key for several in asked.values() for key in set(_at(several, 1)))
    for level in range(3):
        index = columns_by_key((column, _at(several, level)) for column, several in keys.items())
        for item in found.open(items):
            own = [key for key in _at(asked[item.name], min(level, 1)) if uses[key] < 2]
            near = dict.fromkeys(column for key in own for column in index.get(key, []))
            found.take_only(item.name, list(near), "question")


def propose_near_questions(
    items: Sequence[Item], columns: Sequence[str], wording: Mapping[str, str], found: Matched
) -> None:
    """Tell which items have no column; propose the column whose question comes nearest, each for one item."""
    items, free = found.open(items), found.free(columns)
    shares = _near_pairs(items, free, wording)
    for share, name, column in sorted(shares, key=lambda pair: -pair[0]):
        if name not in found.proposals and column not in found.proposals.values():
            found.proposals[name] = column
            says = (
                f"has no column of its name or question; '{shortened(column)}' comes near ({share:.0%} of the letters)"
            )
            remedy = f"If it is that question, write {column_line(column)} under the item in the instrument."
            found.lacking.append(f"item '{name}' {says}. {remedy}")
    for item in items:
        if item.name not in found.proposals:
            remedy = "rename a column, write the name of the column under the item in the instrument (column = ...), "
            hint = nearest(item.name, free[:1000])
            said = f"item '{item.name}' has no column. {hint}".rstrip()
            found.lacking.append(f"{said} Else {remedy}or remove the item there.")


def _near_pairs(items: Sequence[Item], free: Sequence[str], wording: Mapping[str, str]) -> list[tuple[float, str, str]]:
    """Share of equal letters, item and column, for the columns that come near."""
    if len(items) * len(free) > _MOST_COMPARED:
        return []
    keys, asked = _keys_of_columns(free, wording), _keys_of_items(items)
    parts = columns_by_key((column, [key for level in range(3) for key in _at(keys[column], level)]) for column in free)
    return [
        (difflib.SequenceMatcher(None, key, close).ratio(), item.name, column)
        for item in items
        for key in _at(asked[item.name], 1)
        for close in difflib.get_close_matches(key, parts, n=3, cutoff=_NEAR)
        for column in parts[close]
    ]


def _keys_of_columns(columns: Sequence[str], wording: Mapping[str, str]) -> Keys:
    return {column: [question_keys(text) for text in (wording.get(column), column) if text] for column in columns}


def _keys_of_items(items: Sequence[Item]) -> Keys:
    return {item.name: [question_keys(text) for text in item.wording.values()] for item in items}


def _at(several: Sequence[Sequence[Sequence[str]]], level: int) -> Iterator[str]:
    """The keys of several texts at one level of `question_keys`."""
    return (key for levels in several for key in levels[level])
