"""How names and numbers are written in a model text."""

from __future__ import annotations

import math
import unicodedata


def starts_name(character: str) -> bool:
    """Whether a name may start with this character: a letter of any script, `_` or `.`."""
    return character == "." or character.isidentifier()


def continues_name(character: str) -> bool:
    """Whether a name may go on with this character: a letter or digit of any script, `_` or `.`."""
    return character == "." or ("a" + character).isidentifier()


def is_plain_name(text: str) -> bool:
    """Whether a name can be written without backticks.

    Examples
    --------
    >>> [is_plain_name(name) for name in ("满意度", ".p1.", "x 1", "1x", "NA")]
    [True, True, False, False, False]
    """
    if text == "NA" or not text or not all(map(continues_name, text)) or not starts_name(text[0]):
        return False
    return not (text[0] == "." and (text[1:2].isdigit() or not text.strip(".")))


def normal_name(text: str) -> str:
    """The name in Unicode's composed form (NFC), so that one written name is one name."""
    return unicodedata.normalize("NFC", text)


def shown_name(name: str) -> str:
    """The name as model text: as it is, or in backticks when it is an odd one.

    Examples
    --------
    >>> shown_name("price"), shown_name("fair price")
    ('price', '`fair price`')
    """
    return name if is_plain_name(name) else f"`{name}`"


def shown_number(value: float) -> str:
    """The shortest text that reads back as the same number.

    Examples
    --------
    >>> shown_number(2.0), shown_number(-0.5), shown_number(float("inf"))
    ('2', '-0.5', 'Inf')
    """
    if math.isinf(value):
        return "Inf" if value > 0 else "-Inf"
    return repr(float(value)).removesuffix(".0")
