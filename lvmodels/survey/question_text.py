"""Questions made comparable: the same question looks different in a questionnaire and in a platform's export."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["bare_question", "question_keys", "text_in_brackets", "without_number"]

_LONGEST = 2000  # letters of a cell that are looked at: no question is longer
_NUMBER = re.compile(
    r"^\s*[(\[【]?\s*(?:(?:question|item|q|题目|问题|题|第)\s*)?\d+(?:[._\-]\d+)*\s*题?\s*(?:[)\]】][.、:,]?|[.、:,)]|(?<=\d)\s)\s*",
    re.IGNORECASE,
)
_CODE = re.compile(r"^\s*[A-Za-z][A-Za-z0-9_]{0,19}\s*(?:[.:、)\]]|\s-)\s*")
_BRACKETS = re.compile(r"[\[【(]([^\[\]【】()]+)[\]】)]\s*$")
_SEPARATOR = re.compile(r"[–—→|>:]+|\s-+\s|-{2,}")
_NO_LETTER = re.compile(r"[\W_]+")
_MOST_PARTS = 8


def bare_question(text: str) -> str:
    """A question without regard to case, punctuation, spaces and full-width forms.

    Examples
    --------
    >>> bare_question("All in all:  are you CONTENT？") == bare_question("All in all, are you content?")
    True
    """
    return _NO_LETTER.sub("", _plain(text).casefold())


def without_number(text: str) -> str:
    """A question without the number or the code that a platform has put before it.

    Examples
    --------
    >>> [without_number(text) for text in ("1、您满意吗？", "Q3. Are you content?", "(2) Why?", "SAT1: All in all?")]
    ['您满意吗?', 'Are you content?', 'Why?', 'All in all?']
    """
    plain = _plain(text)
    for pattern in (_NUMBER, _CODE):
        rest = pattern.sub("", plain, count=1)
        if rest and rest != plain:
            return rest.strip()
    return plain.strip()


def text_in_brackets(text: str) -> str:
    """What stands in brackets at the end of a column's name, or nothing.

    Examples
    --------
    >>> text_in_brackets("Q1[SAT2]"), text_in_brackets("SAT2")
    ('SAT2', '')
    """
    found = _BRACKETS.search(_plain(text))
    return found[1] if found else ""


def question_keys(text: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """What a question may be compared by.

    Parameters
    ----------
    text : str
        A question, or a stem with one of its rows, as platforms join them: "stem - row", "stem:row", "stem [row]".

    Returns
    -------
    tuple of three tuples of str
        The whole text; the text without its number; the parts that may be the row of a stem. All of them bare.

    Examples
    --------
    >>> question_keys("2、How far do you agree? [I am content.]")
    (('2howfardoyouagreeiamcontent',), ('howfardoyouagreeiamcontent',), ('iamcontent',))
    """
    plain = _plain(text)
    rows = [text_in_brackets(plain), *(plain[cut.end() :] for cut in _SEPARATOR.finditer(plain))][:_MOST_PARTS]
    parts = dict.fromkeys(bare_question(part) for row in rows for part in (row, without_number(row)))
    return (bare_question(plain),), (bare_question(without_number(plain)),), tuple(part for part in parts if part)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text[:_LONGEST])
