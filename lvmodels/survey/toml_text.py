"""TOML as text: the line of every key, for error messages, and an instrument written as a file.

The standard library reads TOML but keeps no positions and does not write it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

__all__ = ["Place", "key_lines", "write_instrument"]

Place = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY_PART = r"(?:[\w-]+|\"(?:[^\"\\]|\\.)*\"|'[^']*')"
_KEY = re.compile(rf"^\s*({_KEY_PART}(?:\s*\.\s*{_KEY_PART})*)\s*=(.*)$")
_BARE = re.compile(r"^[A-Za-z0-9_-]+$")


def key_lines(text: str) -> dict[Place, int]:
    r"""Find where each table and key stands in a valid TOML text.

    Parameters
    ----------
    text : str
        TOML that has been read without an error. Keys inside inline tables are not listed: they stand on, or
        right after, the line of the key they belong to.

    Returns
    -------
    dict
        Path of keys and list positions → line, counted from 1.

    Examples
    --------
    >>> key_lines('name = "x"\n[[items]]\nname = "y"')
    {('name',): 1, ('items', 0): 2, ('items',): 2, ('items', 0, 'name'): 3}
    """
    lines: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    table: Place = ()
    closing = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if closing:  # inside a string of several lines
            closing = "" if closing in line else closing
        elif header := _HEADER.match(line):
            table = _parts(header[2])
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                lines.setdefault((*table, counts[table]), number)
            lines.setdefault(table, number)
            table = _indexed(table, counts)
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault((*table, *_parts(key[1])), number)
            closing = next((quote for quote in ('"""', "'''") if key[2].count(quote) == 1), "")
    return lines


def _parts(dotted: str) -> Place:
    """Split into the parts of a dotted key, without quotes."""
    return tuple(part.strip("\"'") for part in re.findall(_KEY_PART, dotted))


def _indexed(table: Place, counts: Mapping[Place, int]) -> Place:
    """Return the table's path with the list position behind every name that heads an array of tables."""
    path: list[str | int] = []
    for length, part in enumerate(table, start=1):
        path.append(part)
        if table[:length] in counts:
            path.append(counts[table[:length]])
    return tuple(path)


def write_instrument(data: Mapping[str, Any]) -> str:
    """Write an instrument's fields as a TOML file; fields that are empty or at their default are left out."""
    tables = {"scales", "constructs", "items"}
    parts = ["\n".join(_pairs({key: value for key, value in data.items() if key not in tables}))]
    for name, scale in data["scales"].items():
        parts.append("\n".join([f"[scales.{_key(name)}]", *_pairs(scale)]))
    for kind in ("constructs", "items"):
        parts.extend("\n".join([f"[[{kind}]]", *_pairs(entry)]) for entry in data[kind])
    return "\n\n".join(parts) + "\n"


def _pairs(fields: Mapping[str, Any]) -> list[str]:
    """`key = value` for every field that says something."""
    said = {key: value for key, value in fields.items() if value not in (None, "", (), {}, False)}
    said |= {key: 0 for key, value in fields.items() if value == 0 and not isinstance(value, bool)}
    if fields.get("low") == 1 or fields.get("codes") is not None:
        said.pop("low", None)
    return [f"{_key(key)} = {_value(said[key])}" for key in fields if key in said]


def _key(key: str | int) -> str:
    return str(key) if _BARE.match(str(key)) else _value(str(key))


def _value(value: Any) -> str:
    """Write a TOML value; strings and numbers look as in JSON, but for one sign."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_value(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(_value(inner) for inner in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
