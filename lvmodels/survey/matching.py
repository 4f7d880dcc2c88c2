"""Which column holds which item: by name, by the question asked, by position, or as the user says.

A column that only comes near is never taken: it is proposed, and the user passes the proposal on as `matching`.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from lvmodels.errors import OptionValueError, nearest
from lvmodels.survey.numbers import counted
from lvmodels.survey.question_text import question_keys, text_in_brackets

if TYPE_CHECKING:
    from lvmodels.survey.instrument import Instrument, Item

__all__ = ["Match", "Matching", "match_columns"]

Matching = Literal["position"] | Mapping[str, str]

_NEAR = 0.8  # share of equal letters from which a question is proposed
_MOST_COMPARED = 20_000  # pairs of item and column; more would take seconds, and no one reads so many columns
_LONGEST_SHOWN = 60


@dataclass(slots=True)
class Match:
    """The columns of the items.

    Attributes
    ----------
    columns : dict of str to str
        Item → column.
    lacking : list of str
        A sentence for every item that has no column, or several, and for everything wrong in `matching`.
    proposals : dict of str to str
        Item without a column → the column whose question comes near.
    log : list of str
        A sentence for every column whose name is not that of its item.
    unclear : set of str
        Items that could have several columns.
    """

    columns: dict[str, str] = field(default_factory=dict)
    lacking: list[str] = field(default_factory=list)
    proposals: dict[str, str] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    unclear: set[str] = field(default_factory=set)

    def take(self, item: str, column: str, by: str = "") -> None:
        """Give an item its column."""
        self.columns[item] = column
        if item != column:
            self.log.append(f"Column '{_short(column)}' was read as item '{item}'{by}.")


def match_columns(
    instrument: Instrument,
    columns: Sequence[str],
    wording: Mapping[str, str] | None = None,
    matching: Matching | None = None,
) -> Match:
    """Find the column of every item.

    Each step looks at what the steps before have left: `matching`; the exact name; the name without regard to case
    and spaces, also in brackets, `Q1[SAT1]`; the question, in any language of the instrument, without regard to case,
    punctuation, spaces, full-width forms and leading numbers.

    Parameters
    ----------
    instrument : Instrument
        The items.
    columns : sequence of str
        Names of the columns, none twice.
    wording : mapping of str to str, optional
        Column → the question as the file tells it; the name of a column may be the question, too.
    matching : mapping of str to str or "position", optional
        Item → column; or "position": the first column is the first item, and so on.

    Returns
    -------
    Match

    Raises
    ------
    OptionValueError
        When `matching` is neither a mapping nor "position".

    Examples
    --------
    >>> from lvmodels.survey.instrument import Instrument
    >>> acsi = Instrument.shipped("acsi")
    >>> found = match_columns(acsi, ["exp1", "3、综合您的全部体验,您有多满意?"])
    >>> found.columns
    {'EXP1': 'exp1', 'SAT1': '3、综合您的全部体验,您有多满意?'}
    """
    found = Match()
    if matching == "position":
        _by_position(instrument, columns, found)
        return found
    chosen = _mapping(matching)
    _by_the_user(instrument, columns, chosen, found)
    items = [item for item in instrument.items if item.name not in chosen]
    _by_name(items, columns, found)
    _by_question(items, columns, wording or {}, found)
    return found


def _mapping(matching: object) -> Mapping[str, str]:
    if matching is None or isinstance(matching, Mapping):
        return {str(item): str(column) for item, column in (matching or {}).items()}
    raise OptionValueError(f"matching={matching!r} is not known; pass a mapping of items to columns, or 'position'")


def _by_position(instrument: Instrument, columns: Sequence[str], found: Match) -> None:
    items = [item.name for item in instrument.items]
    if len(items) == len(columns):
        for item, column in zip(items, columns, strict=True):
            found.take(item, column, " by its position")
        return
    found.lacking.append(
        f"by position, {counted(len(items), 'item')} need as many columns, and there are {len(columns)}; "
        "leave the other columns out, or pass matching as a mapping, such as dict(zip(items, columns))"
    )


def _by_the_user(instrument: Instrument, columns: Sequence[str], matching: Mapping[str, str], found: Match) -> None:
    items, known = [item.name for item in instrument.items], set(columns)
    uses = Counter(matching.values())
    for item, column in matching.items():
        if item not in items:
            found.lacking.append(f"matching names an item '{item}', which there is not. {_hint(item, items)}")
        elif column not in known:
            hint = _hint(str(column), columns)
            found.lacking.append(f"matching gives item '{item}' a column '{column}', which there is not. {hint}")
        elif uses[column] > 1:
            found.lacking.append(f"matching gives item '{item}' the column '{column}', and another item, too; keep one")
        else:
            found.take(item, column, " as asked for")


def _hint(name: str, names: Sequence[str]) -> str:
    return nearest(name, names[:1000]) or "Correct the name."


def _by_name(items: Sequence[Item], columns: Sequence[str], found: Match) -> None:
    taken = set(found.columns.values())
    exact = set(columns) - taken
    for item in items:
        if item.name in exact:
            found.take(item.name, item.name)
    free = _free(columns, found)
    whole, inside = (
        _index((column, [_bare(column)]) for column in free),
        _index((column, [_bare(text_in_brackets(column))]) for column in free),
    )
    for item in _open(items, found):
        key = _bare(item.name)
        _take_only(item.name, whole.get(key) or inside.get(key, []), "", found)


def _take_only(item: str, near: Sequence[str], by: str, found: Match) -> None:
    """Take the only column that is left of `near`; several are told, for the user to choose."""
    left = _free(near, found) if near else []
    if len(left) == 1:
        found.take(item, left[0], by)
    elif left:
        listed = ", ".join(f"'{_short(column)}'" for column in left[:5])
        remedy = f"rename one to '{item}' exactly, or choose by matching={{'{item}': ...}}"
        found.lacking.append(f"item '{item}' could be any of the columns {listed}; {remedy}")
        found.unclear.add(item)


def _by_question(items: Sequence[Item], columns: Sequence[str], wording: Mapping[str, str], found: Match) -> None:
    """Compare questions, from the whole text to its parts; what is then left is told, with proposals."""
    if not _open(items, found):
        return
    free = _free(columns, found)
    keys = {column: [question_keys(text) for text in (wording.get(column), column) if text] for column in free}
    asked = {item.name: [question_keys(text) for text in item.wording.values()] for item in items}
    uses = Counter(key for several in asked.values() for key in set(_at(several, 1)))
    for level in range(3):
        index = _index((column, _at(several, level)) for column, several in keys.items())
        for item in _open(items, found):
            own = [key for key in _at(asked[item.name], min(level, 1)) if uses[key] < 2]
            near = dict.fromkeys(column for key in own for column in index.get(key, []))
            _take_only(item.name, list(near), " by its question", found)
    _tell_lacking(_open(items, found), _free(columns, found), keys, asked, found)


def _tell_lacking(
    items: Sequence[Item],
    free: Sequence[str],
    keys: Mapping[str, Sequence[Sequence[Sequence[str]]]],
    asked: Mapping[str, Sequence[Sequence[Sequence[str]]]],
    found: Match,
) -> None:
    compared = free if len(items) * len(free) <= _MOST_COMPARED else []
    parts = _index((column, [key for level in range(3) for key in _at(keys[column], level)]) for column in compared)
    for item in items:
        near = [
            (difflib.SequenceMatcher(None, key, close).ratio(), parts[close][0])
            for key in _at(asked[item.name], 1)
            for close in difflib.get_close_matches(key, parts, n=1, cutoff=_NEAR)
        ]
        if near:
            share, column = max(near)
            found.proposals[item.name] = column
            says = f"has no column of its name or question; '{_short(column)}' comes near ({share:.0%} of the letters)"
            found.lacking.append(f"item '{item.name}' {says}. Confirm it by matching, or rename the column.")
        else:
            remedy = "rename a column, pass matching, or remove the item from the instrument"
            hint = nearest(item.name, free[:1000])
            found.lacking.append(f"item '{item.name}' has no column. {hint}".rstrip() + f" Else {remedy}.")


def _open(items: Iterable[Item], found: Match) -> list[Item]:
    return [item for item in items if item.name not in found.columns and item.name not in found.unclear]


def _free(columns: Iterable[str], found: Match) -> list[str]:
    taken = set(found.columns.values())
    return [column for column in columns if column not in taken]


def _index(keyed: Iterable[tuple[str, Iterable[str]]]) -> dict[str, list[str]]:
    """Key → the columns that have it."""
    index: dict[str, list[str]] = {}
    for column, keys in keyed:
        for key in dict.fromkeys(keys):
            if key:
                index.setdefault(key, []).append(column)
    return index


def _at(several: Sequence[Sequence[Sequence[str]]], level: int) -> Iterator[str]:
    """The keys of several texts at one level of `question_keys`."""
    return (key for levels in several for key in levels[level])


def _bare(name: str) -> str:
    return "".join(name.split()).casefold()


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_SHOWN else name[: _LONGEST_SHOWN - 3] + "..."
