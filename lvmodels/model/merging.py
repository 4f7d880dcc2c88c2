"""Joining the terms of one variable, and refusing modifiers that contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lvmodels.errors import ModelSyntaxError
from lvmodels.model.names import shown_number
from lvmodels.model.records import Modifier, Position, Term, Value


def joined(terms: Sequence[Term], text: str) -> tuple[Term, ...]:
    """The terms with repetitions of a variable joined into its first, each equal modifier once.

    Raises
    ------
    ModelSyntaxError
        When modifiers of one variable contradict each other.
    """
    together: dict[tuple[str, ...], Term] = {}
    for term in terms:
        first = together.get(term.names, term)
        modifiers = tuple(dict.fromkeys(first.modifiers + term.modifiers))
        together[term.names] = Term(term.names, modifiers, first.position)
    for term in together.values():
        _check(term, text)
    return tuple(together.values())


def distinct(terms: Sequence[Term], text: str) -> tuple[Term, ...]:
    """The terms of a left side, where no variable may stand twice.

    Raises
    ------
    ModelSyntaxError
        When one does.
    """
    seen: set[tuple[str, ...]] = set()
    for term in terms:
        if term.names in seen:
            raise _error(f"'{_shown(term)}' stands twice on the left side", "each variable once", term.position, text)
        seen.add(term.names)
        _check(term, text)
    return tuple(terms)


def _error(problem: str, expected: str, place: Position, text: str) -> ModelSyntaxError:
    return ModelSyntaxError(problem, text, place.line, place.column, expected)


def _shown(term: Term) -> str:
    return ":".join(term.names) or "1"


_SAYS = {"value": "value", "label": "label", "start": "starting value", "equal": "equality"} | {
    "lower": "lower bound",
    "upper": "upper bound",
    "efa": "block",
}


def _check(term: Term, text: str) -> None:
    """Refuse two different statements of one kind about one group."""
    groups = 1
    said: dict[tuple[str, int], Value] = {}
    for modifier in term.modifiers:
        size = len(modifier.values)
        if 1 < size != groups > 1:
            problem = f"the modifiers of '{_shown(term)}' list {groups} and {size} groups"
            raise _error(problem, "one entry for all groups, or one for each group", modifier.position, text)
        groups = max(groups, size)
    for modifier in term.modifiers:
        for group, what, value in _statements(modifier, groups):
            if said.setdefault((what, group), value) != value:
                two = f"{_value(said[what, group])} and {_value(value)}"
                problem = f"'{_shown(term)}' is given two different {_SAYS[what]}s, {two}".replace("ys,", "ies,")
                raise _error(problem, "one of them", modifier.position, text)
    _check_bounds(term, said, groups, text)


def _statements(modifier: Modifier, groups: int) -> Iterable[tuple[int, str, Value]]:
    values = modifier.values * groups if len(modifier.values) == 1 else modifier.values
    for group, value in enumerate(values):
        if modifier.kind == "value":
            yield group, "label" if isinstance(value, str) else "value", value
        elif value is not None:
            yield group, modifier.kind, value


def _check_bounds(term: Term, said: dict[tuple[str, int], Value], groups: int, text: str) -> None:
    for group in range(groups):
        lower, upper = said.get(("lower", group)), said.get(("upper", group))
        if isinstance(lower, float) and isinstance(upper, float) and lower > upper:
            place = next(m.position for m in term.modifiers[::-1] if m.kind in ("lower", "upper"))
            problem = f"'{_shown(term)}' has a lower bound {_value(lower)} above its upper bound {_value(upper)}"
            raise _error(problem, "lower(smaller) and upper(larger)", place, text)


def _value(value: Value) -> str:
    if value is None:
        return "NA"
    return shown_number(value) if isinstance(value, float) else f"'{value}'"
