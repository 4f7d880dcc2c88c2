"""Which encoding a file of answers is in: found out from its bytes, in a fixed order.

Statistical detectors need long texts; a survey file often holds a handful of words beside thousands of digits. The
order here decides by what cannot be otherwise: a byte order mark; bytes that are valid UTF-8 (other encodings hardly
ever are); bytes that are valid GB18030 *and* mostly common Chinese characters; and else Windows-1252, which contains
Latin-1.

The third step rests on the layout of GB 2312: its 3755 common characters have a first byte from B0 to D7 and a second
from A1. Accented small letters of Windows-1252 lie above D7, and what follows them is mostly plain ASCII, so Western
words read as GB18030 give rare characters only.
"""

from __future__ import annotations

import codecs
import functools
import re

from lvmodels.errors import FileFormatError
from lvmodels.survey.formats import is_wide

__all__ = ["decode"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def decode(data: bytes, source: str) -> tuple[str, str]:
    """Turn the bytes of a text file into text.

    Parameters
    ----------
    data : bytes
        The whole file.
    source : str
        Its name, for messages.

    Returns
    -------
    text : str
        The text without a byte order mark.
    encoding : str
        The encoding in words: "UTF-8", "UTF-16", "GB18030", "Windows-1252", "Latin-1".

    Raises
    ------
    FileFormatError
        When the file is UTF-8 or UTF-16 with damaged bytes.

    Examples
    --------
    >>> decode("满意度".encode("gbk"), "answers.csv")
    ('满意度', 'GB18030')
    >>> decode("Größe".encode("latin-1"), "answers.csv")
    ('Größe', 'Windows-1252')
    """
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            return _strictly(data, codec, name, source).removeprefix("\ufeff"), name
    if is_wide(data):
        codec = "utf-16-le" if data[1:4096:2].count(0) > data[:4096:2].count(0) else "utf-16-be"
        return _strictly(data, codec, "UTF-16", source), "UTF-16"
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        if _is_damaged_utf8(data):
            _strictly(data, "utf-8", "UTF-8", source)
    return _without_unicode(data)


def _without_unicode(data: bytes) -> tuple[str, str]:
    """Decode what is no form of Unicode."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    if _is_chinese(text):
        return text, "GB18030"
    try:
        return data.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "Latin-1"


def _strictly(data: bytes, codec: str, name: str, source: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(codec, errors="replace").count("\n") + 1
        message = (
            f"{source}, line {line}: the file is {name}, but byte {error.start} is damaged or the file is cut short"
        )
        raise FileFormatError(f"{message}; export it again") from None


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether whole characters of UTF-8 outnumber broken ones by far, which other encodings do not bring about."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return sum(1 for _ in _BEYOND_ASCII.finditer(text)) - broken >= 10 * broken


def _is_chinese(text: str) -> bool:
    """Whether at least half of what lies beyond ASCII, punctuation aside, are common Chinese characters."""
    counts = {True: 0, False: 0, None: 0}
    for number, found in enumerate(_BEYOND_ASCII.finditer(text)):
        counts[_is_common(found[0])] += 1
        if number >= 10_000:
            break
    return counts[True] > 0 and counts[True] >= counts[False]


@functools.cache
def _is_common(character: str) -> bool | None:
    """Whether GB 2312 lists the character as common or as a full-width letter or digit; None for its punctuation."""
    try:
        first, second = character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    if first in (0xA1, 0xA2):
        return None
    return 0xB0 <= first <= 0xD7 or (first == 0xA3 and second >= 0xB0)
