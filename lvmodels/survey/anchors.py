"""Answers written as the words of a scale instead of its codes, in either direction."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from lvmodels.survey.numbers import is_blank, parse_number

if TYPE_CHECKING:
    from lvmodels.survey.instrument import Instrument, Language

__all__ = ["ambiguous_words", "codes_of_words", "plain", "words_of_codes"]

# "5 - Very satisfied", "5 = Very satisfied", "5: Very satisfied", "5、非常满意"; and "Very satisfied (5)".
_NUMBER_FIRST = re.compile(r"([+-]?\d+)\s*[-–—=:.)、：．]\s*(\D.*)", re.DOTALL)
_NUMBER_LAST = re.compile(r"(.*\D)[(（]([+-]?\d+)[)）]", re.DOTALL)
_YES = frozenset({"y", "yes", "true", "checked", "是"})
_NO = frozenset({"n", "no", "false", "unchecked", "否"})


def plain(text: str) -> str:
    """A text as it is compared: without regard to case, width of characters, and kind and number of spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def words_of_codes(item: str, instrument: Instrument, language: Language) -> dict[float, str]:
    """The words printed at each code of an item; the number itself where the scale prints none.

    Examples
    --------
    >>> from lvmodels.survey.instrument import Instrument
    >>> cafe = Instrument.from_toml('''
    ... schema = 1
    ... name = "cafe"
    ... title = { en = "Café" }
    ... scales.agree = { points = 3, anchors = { en = { 1 = "no", 3 = "yes" } } }
    ... items = [{ name = "SAT1", scale = "agree", wording = { en = "I am content." } }]
    ... ''')
    >>> words_of_codes("SAT1", cafe, "en")
    {1: 'no', 2: '2', 3: 'yes'}
    """
    scale = instrument.item(item).scale
    if scale is None:
        return {}
    anchors = instrument.scales[scale].anchors
    printed = anchors.get(language) or next(iter(anchors.values()), {})
    return {code: printed.get(code, str(code)) for code in instrument.codes(item)}


def ambiguous_words(words: Mapping[float, str]) -> list[str]:
    """Words that could not be read back: printed at two codes, another code's number, or a mark for "no answer"."""
    seen: dict[str, float] = {}
    found = []
    for code, text in words.items():
        number = parse_number(text)
        if is_blank(text) or seen.setdefault(plain(text), code) != code or (number is not None and number != code):
            found.append(text)
    return found


def codes_of_words(texts: Iterable[str], item: str, instrument: Instrument) -> dict[str, float]:
    """The codes meant by texts that stand where a code is expected.

    The anchors of one language have to explain all texts; if no language does, those of all together are tried.

    Parameters
    ----------
    texts : iterable of str
        Different texts of one column.
    item : str
        The item that was asked.
    instrument : Instrument
        It gives the anchors of the item's scale.

    Returns
    -------
    dict
        Text → code, for the texts that are understood.

    Examples
    --------
    >>> from lvmodels.survey.instrument import Instrument
    >>> cafe = Instrument.from_toml('''
    ... schema = 1
    ... name = "cafe"
    ... title = { en = "Café" }
    ... scales.agree = { points = 3, anchors = { en = { 1 = "Disagree", 3 = "Agree" } } }
    ... items = [{ name = "SAT1", scale = "agree", wording = { en = "I am content." } }]
    ... ''')
    >>> codes_of_words(["agree", "1 - disagree", "2 = undecided", "perhaps"], "SAT1", cafe)
    {'agree': 3.0, '1 - disagree': 1.0, '2 = undecided': 2.0}
    """
    scale = instrument.item(item).scale
    asked = list(texts)
    if scale is None or not asked:
        return {}
    codes = set(instrument.codes(item))
    books = [_book(printed) for printed in instrument.scales[scale].anchors.values()]
    read = [{text: code for text in asked if (code := _code(text, book, codes)) is not None} for book in books]
    complete = next((found for found in read if len(found) == len(asked)), None)
    if complete is not None:
        return complete
    together = {words: code for book in reversed(books) for words, code in book.items()}
    clear = {
        words: code for words, code in together.items() if all(book.get(words, code) == code for book in books)
    }
    return {text: code for text in asked if (code := _code(text, clear, codes)) is not None}


def _book(printed: Mapping[int, str]) -> dict[str, int]:
    """Words → code; exact words and, where they do not clash, words without regard to case and spaces."""
    loose: dict[str, list[int]] = {}
    for code, words in printed.items():
        loose.setdefault(plain(words), []).append(code)
    return {words: codes[0] for words, codes in loose.items() if len(codes) == 1} | {
        words: code for code, words in printed.items()
    }


def _code(text: str, book: Mapping[str, int], codes: set[int]) -> float | None:
    """The code of one text, or None."""
    bare = plain(text)
    found = book.get(text, book.get(bare))
    if found is not None:
        return float(found)
    for pattern, number, words in ((_NUMBER_FIRST, 1, 2), (_NUMBER_LAST, 2, 1)):
        if (match := pattern.fullmatch(text.strip())) and int(match[number]) in codes:
            printed = book.get(plain(match[words]), int(match[number]))
            return float(printed) if printed == int(match[number]) else None
    for words, default in ((_YES, 1), (_NO, 0)):
        if bare in words:
            said = {code for printed, code in book.items() if plain(printed) in words}
            return float(said.pop()) if len(said) == 1 else float(default) if codes == {0, 1} else None
    return None
