"""Tidy names for questions that a file knows by their texts only, and the rows of a grid apart from its question."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

__all__ = ["clean", "is_code", "plain", "question_names", "row_wordings", "rows_behind_stem", "stem_and_row"]

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,30}")
_ROW = re.compile(r"(.*\S)\s*\[([^\[\]]*)\]", re.DOTALL)


def plain(text: str) -> str:
    """A text as it is compared: without regard to case, width of characters, and kind and number of spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def clean(text: str) -> str:
    """A text on one line, with single spaces."""
    return " ".join(text.split())


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
    return (found[1], found[2].strip()) if found else (text, "")


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
    for number, members in enumerate(_grids(texts), start=1):
        for row_number, text in enumerate(members, start=1):
            name = text if is_code(text) else f"Q{number}" if len(members) == 1 else f"Q{number}_{row_number}"
            while name in taken and name != text:
                name += "_"
            names.append(name)
            taken.add(name)
    return names


def _grids(texts: Sequence[str]) -> list[list[str]]:
    """Neighbours that share a question, together."""
    keys = [(stem, 0) if row else ("", place) for place, (stem, row) in enumerate(map(stem_and_row, texts), start=1)]
    return [
        [text for _, text in group] for _, group in groupby(zip(keys, texts, strict=True), key=lambda pair: pair[0])
    ]


def row_wordings(texts: Sequence[str]) -> list[str]:
    """The wording of each question: of a grid, the row alone, unless another grid has the same row.

    Examples
    --------
    >>> row_wordings(["Your age [years]", "Rate us [Food]", "Rate us [Staff]", "And them [Food]", "And them [Bar]"])
    ['Your age [years]', 'Rate us [Food]', 'Staff', 'And them [Food]', 'Bar']
    """
    rows = [stem_and_row(text)[1] if len(group) > 1 else text for group in _grids(texts) for text in group]
    return alone_or_whole(rows, texts)


def alone_or_whole(rows: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Rows where they are telling: not empty, and not the row of another question, too; else the whole texts."""
    uses = Counter(map(plain, rows))
    return [row if row and uses[plain(row)] == 1 else text for row, text in zip(rows, texts, strict=True)]


def rows_behind_stem(texts: Sequence[str], separators: Sequence[str]) -> list[str]:
    """What stands behind the beginning that all texts share, up to the last separator in it.

    Parameters
    ----------
    texts : sequence of str
        The columns of one question.
    separators : sequence of str
        What may stand between a question and its rows, the surest first.

    Examples
    --------
    >>> rows_behind_stem(["Rate us - Food", "Rate us - Fish"], [" - "])
    ['Food', 'Fish']
    >>> rows_behind_stem(["Rate us", "Rate them"], [" - "])
    ['Rate us', 'Rate them']
    """
    first, last = min(texts), max(texts)  # what these two share, all between them in the alphabet share
    shared = first[: next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))]
    for separator in separators:
        cut = shared.rfind(separator)
        if cut >= 0 and len(set(texts)) > 1:
            return [text[cut + len(separator) :].strip() for text in texts]
    return list(texts)
