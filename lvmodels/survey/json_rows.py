"""JSON as rows of text cells: a record a line, a list of records, or an object that holds one list of records."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from lvmodels.errors import FileFormatError
from lvmodels.survey.delimited import Cells
from lvmodels.survey.numbers import parse_number

__all__ = ["is_json", "read_json"]

_START = re.compile(r'\s*(?:\{\s*"|\[\s*[\[{\]])')
_FEW_CELLS, _MOST_TIMES = 10_000_000, 10  # above so many cells, one in ten must hold a value
_MOST_OBJECTS = 2_000_000  # an empty one takes three characters, and a hundred bytes of memory
_SHAPE = "write one record a line, or a list of records, each with the same keys"


def is_json(text: str) -> bool:
    """Whether a text begins as JSON does, and no table.

    Examples
    --------
    >>> is_json(' [{"Q1": 7}]'), is_json('{"Q1": 7}'), is_json("Q1,Q2")
    (True, True, False)
    """
    return _START.match(text[:10_000]) is not None


def read_json(text: str, source: str) -> Cells:
    r"""Read records; their keys, in order of first appearance, are the header.

    Keys of an object inside a record are joined to it with a dot; a list inside a record stays JSON. Values become
    text as in a delimited file: 7 and not 7.0, 1 and 0 for true and false, an empty text for null.

    Parameters
    ----------
    text : str
        The file, decoded.
    source : str
        Its name, for messages.

    Returns
    -------
    Cells
        Rows are numbered by line, or, in a list, counted from 1; the header is row 0.

    Raises
    ------
    FileFormatError
        When the text is not JSON, or not made of records.

    Examples
    --------
    >>> read_json('{"Q1": 7, "who": {"age": 30}}\n{"Q1": null}\n', "answers.jsonl").rows
    ((0, ['Q1', 'who.age']), (1, ['7', '30']), (2, ['', '']))
    """
    if text.count("{") + text.count("[") > _MOST_OBJECTS:
        raise FileFormatError(f"{source} holds more than {_MOST_OBJECTS:,} records and lists; save it as CSV in UTF-8")
    flat = [(row, dict(_flat(record))) for row, record in _records(text, source)]
    names = list(dict.fromkeys(name for _, record in flat for name in record))
    cells, values = len(names) * len(flat), sum(len(record) for _, record in flat)
    if not names:
        raise FileFormatError(f"{source}: the records have no keys; {_SHAPE}")
    if cells > max(_FEW_CELLS, _MOST_TIMES * values):
        raise FileFormatError(f"{source}: the keys differ from record to record ({len(names)} in all); {_SHAPE}")
    if all(parse_number(name) is not None for name in names):
        raise FileFormatError(f"{source}: the keys are no names but numbers ({', '.join(names[:5])}); rename them")
    truths = any(isinstance(value, bool) for _, record in flat for value in record.values())
    log = ("The values true and false were read as 1 and 0.",) if truths else ()
    rows = ((row, [_text(record.get(name)) for name in names]) for row, record in flat)
    return Cells(((0, names), *rows), "", source, log)


def _records(text: str, source: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every record with its number."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    if text.lstrip().startswith("{") and (len(lines) == 1 or lines[0][1].rstrip().endswith("}")):
        found = [(number, _parsed(line, source, number)) for number, line in lines]
        single = found[0][1] if len(found) == 1 else None
        if not isinstance(single, dict) or not any(isinstance(value, list) for value in single.values()):
            return _checked(found, source, "line")
        whole: Any = single
    else:
        whole = _parsed(text, source, 1)
    return _checked(enumerate(_list_of(whole, source), start=1), source, "record")


def _list_of(whole: Any, source: str) -> list[Any]:
    """The list of records: the whole, or the only list of objects in an object."""
    if isinstance(whole, list):
        return whole
    lists = [value for value in whole.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
    if len(lists) != 1:
        raise FileFormatError(f"{source} is JSON with {len(lists)} lists of records instead of one; {_SHAPE}")
    return lists[0]


def _checked(found: Iterable[tuple[int, Any]], source: str, unit: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, record in found:
        if not isinstance(record, dict):
            raise FileFormatError(f"{source}, {unit} {number}: no record with keys but {_short(record)}; {_SHAPE}")
        yield number, record


class _TwiceError(ValueError):
    """A key stands twice in one object."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _TwiceError(next(key for key in keys if keys.count(key) > 1))
    return made


def _parsed(text: str, source: str, first_line: int) -> Any:
    """One JSON value; `first_line` is where it stands in the file."""
    try:
        return json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        where = f"{source}, line {first_line + error.lineno - 1}, column {error.colno}"
        raise FileFormatError(f"{where}: no valid JSON ({error.msg}); export the file again") from None
    except _TwiceError as error:
        where = f"{source}, from line {first_line}"
        raise FileFormatError(f"{where}: the key '{error}' stands twice in one record; rename one") from None
    except (RecursionError, ValueError) as error:  # lists in lists without end, numbers of thousands of digits
        where = f"{source}, from line {first_line}"
        raise FileFormatError(f"{where}: JSON that cannot be read ({error}); {_SHAPE}") from None


def _flat(record: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Pairs of a record, with the keys of objects inside it joined by dots."""
    for key, value in record.items():
        name = prefix + _sound(key)
        if isinstance(value, dict):
            yield from _flat(value, f"{name}.")
        else:
            yield name, value


def _text(value: Any) -> str:
    """A value as a cell of a delimited file holds it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _sound(value)
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return _sound(json.dumps(value, ensure_ascii=False))


def _sound(text: str) -> str:
    r"""The text without halves of characters, which JSON can write (\ud83d) and no file can hold."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _short(value: Any) -> str:
    text = _text(value) or "null"
    return repr(text if len(text) <= 40 else text[:37] + "...")
