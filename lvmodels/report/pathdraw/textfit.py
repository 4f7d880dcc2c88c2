"""Breaking a label into lines that fit a node."""

from __future__ import annotations

import re
from collections.abc import Callable

Measure = Callable[[str, float], float]
"""Width in points of one line of text at a font size in points."""

LINE_HEIGHT = 1.2
_WIDE = (
    r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]"  # ideographs, kana, hangul: a line may break around each
)
_UNITS = re.compile(
    rf"{_WIDE}|[ \t\n]+|(?:(?!{_WIDE}|[ \t\n]).)+?(?:(?<=\w)[_\-./:]+(?=[^\W\d_])|(?={_WIDE}|[ \t\n]|$))", re.S
)
_NO_LINE_START = set(",.;:!?)]}、。，；：！？）》」』】%")


def wrap(text: str, limit: float, size: float, measure: Measure) -> tuple[str, ...]:
    """Lines of `text` no wider than `limit`, as equal in width as their number allows.

    A word a little wider than `limit` stays whole; one much wider is cut.

    Examples
    --------
    >>> wrap("customer satisfaction", 70, 10, lambda s, size: len(s) * size * 0.5)
    ('customer', 'satisfaction')
    """
    units = _split(text.replace("\n", " "), 1.3 * limit, size, measure)
    lines = _fill(units, limit, size, measure)
    low, high = 0.0, max(limit, max(measure(line, size) for line in lines))
    for _ in range(7):
        middle = (low + high) / 2
        trial = _fill(units, middle, size, measure)
        if len(trial) <= len(lines) and max(measure(line, size) for line in trial) <= middle:
            high, lines = middle, trial
        else:
            low = middle
    return tuple(lines)


def text_size(lines: tuple[str, ...], size: float, measure: Measure) -> tuple[float, float]:
    """Width and height in points of lines set under one another."""
    return max(measure(line, size) for line in lines), len(lines) * size * LINE_HEIGHT


def _split(text: str, limit: float, size: float, measure: Measure) -> list[str]:
    units: list[str] = []
    for unit in (match.group() for match in _UNITS.finditer(text)):
        if unit and units and unit[0] in _NO_LINE_START:
            units[-1] += unit
        elif unit:
            units.extend(_chop(unit, limit, size, measure))
    return units or [" "]


def _chop(unit: str, limit: float, size: float, measure: Measure) -> list[str]:
    """A word wider than a whole line is cut, since there is no better place."""
    pieces = [""]
    for letter in unit:
        if pieces[-1] and measure(pieces[-1] + letter, size) > limit:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _fill(units: list[str], limit: float, size: float, measure: Measure) -> list[str]:
    lines = [""]
    for unit in units:
        if lines[-1] and measure((lines[-1] + unit).rstrip(), size) > limit:
            lines.append("")
        lines[-1] += unit if lines[-1] else unit.lstrip()
    return [line.rstrip() for line in lines if line.strip()] or [" "]
