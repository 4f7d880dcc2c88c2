"""The dictionary of an SPSS file walked through before pyreadstat reads it.

A damaged dictionary can make pyreadstat end the whole program, so that no error of ours reaches the user. What is
checked here is what brings that about: that variables come first, that their types and widths fit together, and that
labels belong to variables that are there. The layout is that of the manual of GNU PSPP, "System File Format".
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

__all__ = ["dictionary_fault"]

_HEADER, _LAYOUT = 176, 64  # bytes of the header; where in it the code of the layout stands
_VARIABLE, _LABELS, _LABELLED, _DOCUMENT, _EXTENSION, _END = 2, 3, 4, 6, 7, 999
_WIDEST = 255


def dictionary_fault(data: bytes) -> str:
    """What is wrong with the dictionary of an SPSS file; empty when nothing is.

    Parameters
    ----------
    data : bytes
        The whole file.

    Examples
    --------
    >>> dictionary_fault(b"$FL2" + bytes(300))
    'the layout of its header is not known'
    """
    order = next((o for o in "<>" if data[_LAYOUT : _LAYOUT + 4] in (struct.pack(o + "i", k) for k in (2, 3))), "")
    if not order:
        return "the layout of its header is not known"
    try:
        return _walk(data, order)
    except (struct.error, IndexError):
        return "its dictionary is cut short"


def _walk(data: bytes, order: str) -> str:
    """Record by record; positions that lie behind the end raise."""
    place, types = _HEADER, list[int]()

    def whole(at: int, count: int = 1) -> Sequence[int]:
        return struct.unpack_from(f"{order}{count}i", data, at)

    while True:
        kind, size = whole(place)[0], whole(place + 4)[0]
        place += 4
        if kind == _VARIABLE:
            width, labelled, missing = whole(place, 3)
            types.append(width)
            place += 28
            if labelled:
                place += 4 + -(-_not_negative(whole(place)[0]) // 4) * 4
            place += 8 * abs(missing)
        elif fault := _types_fault(types):
            return fault
        elif kind == _LABELS:
            place += 4
            for _ in range(_not_negative(size)):
                place += 8 + (data[place + 8] + 8) // 8 * 8
        elif kind == _LABELLED:
            if any(not 1 <= number <= len(types) for number in whole(place + 4, _not_negative(size))):
                return "it has labels for variables that are not there"
            place += 4 + 4 * size
        elif kind == _DOCUMENT:
            place += 4 + 80 * _not_negative(size)
        elif kind == _EXTENSION:
            _, width, count = whole(place, 3)
            place += 12 + _not_negative(width) * _not_negative(count)
        else:
            return "" if kind == _END else "its dictionary has records of no known kind"


def _types_fault(types: Sequence[int]) -> str:
    """Variables must be there, and strings of more than eight letters followed by one record for each further eight."""
    if not types:
        return "no variable follows its header"
    expected = 0
    for width in types:
        if (width == -1) != (expected > 0) or not -1 <= width <= _WIDEST:
            return "the widths of its variables do not fit together"
        expected = expected - 1 if width == -1 else max(0, -(-width // 8) - 1)
    return "the widths of its variables do not fit together" if expected else ""


def _not_negative(count: int) -> int:
    if count < 0:
        raise IndexError
    return count
