"""What can be wrong with an instrument, in words: the place, the problem and the remedy.

The checks between parts work on the plain tables of the file and pass over whatever is malformed, so that they run
beside pydantic's checks of single fields and all problems are reported at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import ErrorDetails

from lvmodels.errors import nearest
from lvmodels.survey.toml_text import Place

__all__ = ["Problem", "cross_problems", "field_problems"]

_LISTS = {"items": "item", "constructs": "construct"}

_REMEDIES = {
    "string_type": "write a text in quotes",
    "bool_type": "write true or false, without quotes",
    "int_type": "write a whole number, without quotes",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "float_type": "write a number, without quotes",
    "finite_number": "write a finite number",
    "tuple_type": "write a list in square brackets, such as [-99]",
    "dict_type": 'write a text for each language: { en = "...", zh = "..." }',
    "dataclass_type": "write a table with its keys",
    "list_type": "write a list in square brackets, such as [-99]",
    "greater_than_equal": "a scale has 2 to 1001 points; leave the scale out where any number may be answered",
    "less_than_equal": "a scale has 2 to 1001 points; leave the scale out where any number may be answered",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where it stands in the file, the place in words, and what to do."""

    at: Place
    place: str
    says: str

    def line(self, lines: Mapping[Place, int]) -> int:
        """Return the line of the place, or of the nearest key around it; 0 when unknown."""
        return next((lines[self.at[:end]] for end in range(len(self.at), 0, -1) if self.at[:end] in lines), 0)


def field_problems(errors: Sequence[ErrorDetails], data: Mapping[str, Any], schema: Mapping[str, Any]) -> list[Problem]:
    """Put pydantic's errors about single fields into our words; one for each place."""
    known: dict[Place, Problem] = {}
    for error in errors:
        if error["type"] == "value_error":  # of Instrument itself: `cross_problems` says it with more detail
            continue
        at = tuple(part for part in error["loc"] if part not in ("[key]", "int", "float"))
        known.setdefault(at, Problem(at, _place(at, data), _say(error, at, schema)))
    return list(known.values())


def _say(error: ErrorDetails, at: Place, schema: Mapping[str, Any]) -> str:
    kind, given, last = error["type"], error["input"], at[-1] if at else ""
    if kind == "unexpected_keyword_argument":
        return f"there is no such key. {nearest(str(last), _keys(schema, at)) or 'Remove it.'}"
    if kind == "missing":
        return "this key is missing; add it"
    if kind == "literal_error" and last == "schema":
        return f"this version reads schema = 1, not {given!r}"
    if kind == "literal_error":
        return f"{given!r} is not a language that is known here; use en or zh"
    if kind == "string_pattern_mismatch" and not str(given).strip():
        return "the text is empty; write it, or leave the key out where it may be left out"
    if kind == "string_pattern_mismatch":
        return f"{given!r} cannot be a name; take away spaces at its ends, line breaks and backticks"
    if kind == "too_short":
        return "nothing is listed here; list what belongs here, or leave the key out where it may be left out"
    if error["loc"][-1] in ("int", "float"):
        return f"write a number, without quotes, not {given!r}"
    return f"{_REMEDIES.get(kind, error['msg'])}, not {given!r}"


def _keys(schema: Mapping[str, Any], at: Place) -> list[str]:
    """List the keys that may stand where `at` stands."""
    part = {"items": "Item", "constructs": "Construct", "scales": "Scale"}.get(str(at[0]))
    inside = schema["$defs"][part] if part and len(at) > 1 else schema
    return list(inside["properties"])


def _place(at: Place, data: Mapping[str, Any]) -> str:
    """Put a place into words: `item 'IMAG1', scale`."""
    if not at:
        return "the file"
    if at[0] in _LISTS and len(at) > 1 and isinstance(at[1], int):
        entries = data.get(str(at[0]))
        entry = entries[at[1]] if isinstance(entries, Sequence) else None
        name = entry.get("name") if isinstance(entry, Mapping) else None
        head = f"{_LISTS[str(at[0])]} '{name}'" if isinstance(name, str) else f"{_LISTS[str(at[0])]} {at[1] + 1}"
        return ", ".join([head, *([".".join(map(str, at[2:]))] if at[2:] else [])])
    if at[0] == "scales" and len(at) > 1:
        return ", ".join([f"scale '{at[1]}'", *([".".join(map(str, at[2:]))] if at[2:] else [])])
    return ".".join(map(str, at))


def cross_problems(data: Mapping[str, Any]) -> list[Problem]:
    """Find what is wrong between the parts of an instrument: names used twice or unknown, codes that clash."""
    scales = {name: scale for name, scale in _mapping(data.get("scales")).items() if isinstance(scale, Mapping)}
    found = [*_duplicates(data, "constructs"), *_duplicates(data, "items"), *_shared_names(data), *_columns(data)]
    for name, scale in scales.items():
        found.extend(_scale_problems(name, scale, data))
    for index, item in _entries(data, "items"):
        found.extend(_item_problems(index, item, scales, data))
    return found


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _entries(data: Mapping[str, Any], kind: str) -> list[tuple[int, Mapping[str, Any]]]:
    listed = data.get(kind)
    listed = listed if isinstance(listed, list | tuple) else ()
    return [(index, entry) for index, entry in enumerate(listed) if isinstance(entry, Mapping)]


def _numbers(value: Any) -> list[int | float]:
    listed = value if isinstance(value, list | tuple) else ()
    return [number for number in listed if isinstance(number, int | float) and not isinstance(number, bool)]


def _duplicates(data: Mapping[str, Any], kind: str) -> Iterable[Problem]:
    first: dict[str, int] = {}
    for index, entry in _entries(data, kind):
        name = entry.get("name")
        if not isinstance(name, str):
            continue
        if name in first:
            says = f"the name stands twice ({_LISTS[kind]} {first[name] + 1} and {index + 1}); rename or remove one"
            yield Problem((kind, index, "name"), f"{_LISTS[kind]} '{name}'", says)
        first.setdefault(name, index)


def _shared_names(data: Mapping[str, Any]) -> Iterable[Problem]:
    constructs = {entry.get("name") for _, entry in _entries(data, "constructs")} - {None}
    for index, item in _entries(data, "items"):
        if item.get("name") in constructs:
            at = ("items", index, "name")
            says = "a construct has the same name, and a model text could not tell them apart; rename one of them"
            yield Problem(at, _place(at, data), says)


def _columns(data: Mapping[str, Any]) -> Iterable[Problem]:
    """Columns that two items would share."""
    items = _entries(data, "items")
    named = {item.get("name"): item.get("column") for _, item in items if isinstance(item.get("name"), str)}
    first: dict[str, Any] = {}
    for index, item in items:
        name, column = item.get("name"), item.get("column")
        if not isinstance(column, str):
            continue
        at = ("items", index, "column")
        if column in first:
            says = f"item '{first[column]}' has the same column; correct one of them"
            yield Problem(at, _place(at, data), says)
        elif column != name and column in named and named[column] is None:
            says = f"item '{column}' has the name of this column; give that item its own column, or correct this one"
            yield Problem(at, _place(at, data), says)
        first.setdefault(column, name)


def _scale_codes(scale: Mapping[str, Any]) -> list[int | float]:
    """List the codes of a scale as written; empty when they cannot be told."""
    points, low = scale.get("points"), scale.get("low", 1)
    if scale.get("codes") is not None:
        return _numbers(scale["codes"])
    if isinstance(points, int) and isinstance(low, int) and 2 <= points <= 1001:
        return list(range(low, low + points))
    return []


def _scale_problems(name: str, scale: Mapping[str, Any], data: Mapping[str, Any]) -> Iterable[Problem]:
    at: Place = ("scales", name)
    has_points, has_codes = scale.get("points") is not None, scale.get("codes") is not None
    if has_points == has_codes:
        which = "both points and codes are given; keep one" if has_points else "give points = 5, or codes = [0, 1, 2]"
        yield Problem(at, _place(at, data), which)
        return
    if has_codes and scale.get("low", 1) != 1:
        yield Problem((*at, "low"), _place((*at, "low"), data), "low goes with points; codes say it all, so remove low")
    codes = _scale_codes(scale)
    if len(set(codes)) < len(codes):
        yield Problem((*at, "codes"), _place((*at, "codes"), data), "a code stands twice; remove one")
    for language, anchors in _mapping(scale.get("anchors")).items():
        for code in _mapping(anchors):
            if codes and _whole(code) is not None and _whole(code) not in codes:
                place = (*at, "anchors", language, code)
                says = f"{code} is no code of this scale ({_span(codes)}); correct the anchor or the scale"
                yield Problem(place, _place(place, data), says)


def _item_problems(
    index: int, item: Mapping[str, Any], scales: Mapping[str, Mapping[str, Any]], data: Mapping[str, Any]
) -> Iterable[Problem]:
    def problem(key: str, says: str) -> Problem:
        return Problem(("items", index, key), _place(("items", index, key), data), says)

    constructs = [str(entry.get("name")) for _, entry in _entries(data, "constructs")]
    construct, scale = item.get("construct"), item.get("scale")
    if isinstance(construct, str) and construct not in constructs:
        yield problem("construct", f"there is no construct '{construct}'. {nearest(construct, constructs) or _ADD}")
    low, high = item.get("min"), item.get("max")
    if isinstance(scale, str) and scale not in scales:
        yield problem("scale", f"there is no scale '{scale}'. {nearest(scale, scales) or _ADD}")
    if scale is None and item.get("reverse") is True:
        yield problem("reverse", "an item without a scale cannot be reversed; give its scale or remove reverse")
    if scale is not None and (low is not None or high is not None):
        yield problem("min" if low is not None else "max", "the scale says which codes are allowed; remove min and max")
    bounds = _numbers([low, high]) if scale is None and low is not None and high is not None else []
    if len(bounds) == 2 and bounds[0] >= bounds[1]:
        yield problem("min", f"min ({low}) is not below max ({high}); exchange or correct them")
    own, every = _numbers(item.get("missing")), _numbers(data.get("missing"))
    codes = _scale_codes(scales[scale]) if isinstance(scale, str) and scale in scales else []
    for code in dict.fromkeys([*own, *every]):
        if code in codes or (len(bounds) == 2 and bounds[0] <= code <= bounds[1]):
            says = f"the missing code {code} is also a valid answer ({_span(codes or bounds)}); "
            remedy = "choose another code" if code in own else "list it only at the items where it means no answer"
            yield problem("missing", says + remedy)


_ADD = "Add it, or correct the name."


def _whole(code: Any) -> int | None:
    try:
        return int(code)
    except (TypeError, ValueError):
        return None


def _span(codes: Sequence[int | float]) -> str:
    """Put codes in few words: `1 to 10`, or all of them when they are not consecutive."""
    if len(codes) > 2 and list(codes) != list(range(int(codes[0]), int(codes[0]) + len(codes))):
        return ", ".join(map(str, codes))
    return f"{codes[0]} to {codes[-1]}"
