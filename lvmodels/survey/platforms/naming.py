"""Tidy names for questions that a file knows by their texts only: Q1, Q2, and Q3_1, Q3_2 for the rows of a grid."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

__all__ = ["AUTOMATIC", "is_code", "question_names", "stem_and_row"]

AUTOMATIC = re.compile(r"Q\d+(?:_\d+)*_*")  # a name that numbers a question, and so says little of what it asks
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,30}")
_ROW = re.compile(r"(.*\S)\s*\[([^\[\]]*)\]", re.DOTALL)


def is_code(text: str) -> bool:
    """Whether a header can serve as a name as it stands: letters, digits, dots and underscores, and not many."""
    return _CODE.fullmatch(text) is not None


def stem_and_row(text: str) -> tuple[str, str]:
    """A question and the row of a grid in square brackets behind it; the row is empty where there is none.

    Examples
    --------
    >>> stem_and_row("How content are you? [Staff]"), stem_and_row("Your age")
    (('How content are you?', 'Staff'), ('Your age', ''))
    """
    found = _ROW.fullmatch(text)
    return (found[1], found[2]) if found else (text, "")


def question_names(texts: Sequence[str]) -> list[str]:
    """Name questions by their place; headers that are codes already keep their names.

    Parameters
    ----------
    texts : sequence of str
        Headers in the order of the file. Neighbours "question [row]" with the same question are one grid.

    Examples
    --------
    >>> question_names(["How old are you?", "Rate us [Food]", "Rate us [Staff]", "NPS", "Why [1]?"])
    ['Q1', 'Q2_1', 'Q2_2', 'NPS', 'Q4']
    """
    names: list[str] = []
    taken = {text for text in texts if is_code(text)}
    alone = 0
    keys = []
    for text in texts:
        stem, row = stem_and_row(text)
        alone += not row
        keys.append((stem, 0) if row else ("", alone))  # only grids share a key
    for number, (_, group) in enumerate(groupby(zip(keys, texts, strict=True), key=lambda pair: pair[0]), start=1):
        members = [text for _, text in group]
        for row_number, text in enumerate(members, start=1):
            name = text if is_code(text) else f"Q{number}" if len(members) == 1 else f"Q{number}_{row_number}"
            while name in taken and name != text:
                name += "_"
            names.append(name)
            taken.add(name)
    return names
