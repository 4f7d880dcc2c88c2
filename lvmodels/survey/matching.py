"""Which column holds which item: by code, by the question asked, by position, or as the user says.

A column that only comes near is never taken: it is proposed, with the line to write into the instrument.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from lvmodels.errors import OptionValueError, nearest
from lvmodels.survey.matched import Matched, columns_by_key, shortened
from lvmodels.survey.matching_by_question import find_by_question, propose_near_questions
from lvmodels.survey.numbers import counted
from lvmodels.survey.question_text import text_in_brackets

if TYPE_CHECKING:
    from lvmodels.survey.instrument import Instrument, Item

__all__ = ["Match", "match_columns"]

Match = Literal["auto", "code", "question", "position"] | Mapping[str, str]
_WAYS = ("auto", "code", "question", "position")


def match_columns(
    instrument: Instrument,
    columns: Sequence[str],
    wording: Mapping[str, str] | None = None,
    match: Match = "auto",
) -> Matched:
    """Find the column of every item.

    Each step looks at what the steps before have left: `match`, when it is a mapping; the column that the instrument
    names; the exact code; the code without regard to case and spaces, also in brackets, `Q1[SAT1]`; the question, in
    any language of the instrument, without regard to case, punctuation, spaces, full-width forms and leading numbers.

    Parameters
    ----------
    instrument : Instrument
        The items.
    columns : sequence of str
        Names of the columns, none twice.
    wording : mapping of str to str, optional
        Column → the question as the file tells it; the name of a column may be the question, too.
    match : {"auto", "code", "question", "position"} or mapping of str to str
        "code" leaves questions aside, and "question" codes; "position": the first column is the first item, and so
        on; a mapping gives the items that it names (item → column) their columns and finds the others.

    Returns
    -------
    Matched

    Raises
    ------
    OptionValueError
        When `match` is none of these.

    Examples
    --------
    >>> import lvmodels as lv
    >>> acsi = lv.instruments.load("acsi")
    >>> found = match_columns(acsi, ["exp1", "3、综合您的全部体验,您有多满意?"])
    >>> found.columns
    {'EXP1': 'exp1', 'SAT1': '3、综合您的全部体验,您有多满意?'}
    """
    found = Matched()
    chosen = _mapping(match)
    if match == "position":
        _by_position(instrument, columns, found)
        return found
    _by_the_user(instrument, columns, chosen, found)
    items = [item for item in instrument.items if item.name not in chosen]
    _by_the_instrument(items, columns, found)
    if match != "question":
        _by_code(items, columns, found)
    if match != "code":
        find_by_question(items, columns, wording or {}, found)
    propose_near_questions(items, columns, wording or {}, found)
    return found


def _mapping(match: object) -> Mapping[str, str]:
    if isinstance(match, Mapping):
        return {str(item): str(column) for item, column in match.items()}
    if match in _WAYS:
        return {}
    hint = (
        nearest(str(match), _WAYS) or f"It is one of {', '.join(map(repr, _WAYS))}, or a mapping of items to columns."
    )
    raise OptionValueError(f"match={match!r} is not known. {hint}")


def _by_position(instrument: Instrument, columns: Sequence[str], found: Matched) -> None:
    items = [item.name for item in instrument.items]
    if len(items) != len(columns):
        found.lacking.append(
            f"by position, {counted(len(items), 'item')} need as many columns, and there are {len(columns)}; "
            "leave the other columns out, or pass match as a mapping, such as dict(zip(items, columns))"
        )
        return
    for item, column in zip(items, columns, strict=True):
        if column != item and column in items:
            found.lacking.append(
                f"by position, column '{column}' would be item '{item}', and it has the name of another item; "
                "put the columns into the order of the items, or match by code"
            )
        else:
            found.take(item, column, "position")


def _by_the_user(instrument: Instrument, columns: Sequence[str], match: Mapping[str, str], found: Matched) -> None:
    items, known = [item.name for item in instrument.items], set(columns)
    uses = Counter(match.values())
    for item, column in match.items():
        if item not in items:
            found.lacking.append(f"match names an item '{item}', which there is not. {_hint(item, items)}")
        elif column not in known:
            hint = _hint(str(column), columns)
            found.lacking.append(f"match gives item '{item}' a column '{column}', which there is not. {hint}")
        elif uses[column] > 1:
            found.lacking.append(f"match gives item '{item}' the column '{column}', and another item, too; keep one")
        else:
            found.take(item, column, " as asked for")


def _hint(name: str, names: Sequence[str]) -> str:
    return nearest(name, names[:1000]) or "Correct the name."


def _by_the_instrument(items: Sequence[Item], columns: Sequence[str], found: Matched) -> None:
    """Columns that the instrument names; where this file has none of that name, the other ways go on."""
    free = set(found.free(columns))
    for item in items:
        if item.column in free:
            found.take(item.name, str(item.column), " as the instrument says")
    for item in found.open(items):
        if item.column in found.columns.values():
            other = next(name for name, column in found.columns.items() if column == item.column)
            says = (
                f"item '{item.name}' should have the column '{shortened(str(item.column))}', which item '{other}' has"
            )
            found.lacking.append(f"{says}; correct match, or column = ... in the instrument")
            found.unclear.add(item.name)


def _by_code(items: Sequence[Item], columns: Sequence[str], found: Matched) -> None:
    exact = set(found.free(columns))
    for item in found.open(items):
        if item.name in exact:
            found.take(item.name, item.name)
    free = found.free(columns)
    whole = columns_by_key((column, [_bare(column)]) for column in free)
    inside = columns_by_key((column, [_bare(text_in_brackets(column))]) for column in free)
    for item in found.open(items):
        key = _bare(item.name)
        found.take_only(item.name, whole.get(key) or inside.get(key, []), "")


def _bare(name: str) -> str:
    return "".join(name.split()).casefold()
