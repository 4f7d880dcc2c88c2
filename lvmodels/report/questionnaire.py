"""A questionnaire laid out from an instrument: which questions stand together, in which order, under which words.

What a respondent must not see stays out: names of constructs and items, reverse keys, the title of the instrument.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from lvmodels.errors import LanguageError, display_width
from lvmodels.report.wording import Language, wording

if TYPE_CHECKING:
    from lvmodels.survey.instrument import Instrument, Item, Scale

__all__ = ["Part", "Question", "Questionnaire", "lay_out_questionnaire"]

_MOST_OPTIONS = 11
"""Codes of a scale that fit beside each other on a page; an answer to a longer one is written as a number."""
_WIDEST_OPTIONS = 60
"""Letters of all options together that fit on a line."""
_WIDEST_HEADING = 28
"""Letters that fit above a circle, broken into lines."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question as printed: its number on the page, the item that it belongs to, and its text."""

    number: int
    item: str
    text: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Questions that are answered on the same scale.

    Attributes
    ----------
    codes : tuple of int
        What may be marked, from left to right; empty when a number is to be written.
    anchors : mapping of int to str
        Code → the words printed at it.
    questions : tuple of Question
    """

    codes: tuple[int, ...]
    anchors: Mapping[int, str]
    questions: tuple[Question, ...]

    @property
    def layout(self) -> str:
        """Whether it is a "grid", a "row" of circles, "options" beside each other, a "list" of them, or a "number"."""
        if not self.codes:
            return "number"
        if len(self.questions) > 1:
            return "grid"
        if len(self.anchors) < len(self.codes):
            return "row"
        widths = [display_width(words) for words in self.anchors.values()]
        if len(self.codes) <= 4 and sum(widths) <= _WIDEST_OPTIONS:
            return "options"
        return "list" if len(self.codes) <= 4 or max(widths) > _WIDEST_HEADING else "row"

    def headings(self) -> tuple[tuple[str, int, str], ...]:
        """Words above the circles: each with the number of circles it spans, and left, center or right.

        Examples
        --------
        >>> Part((1, 2, 3, 4), {1: "never", 4: "always"}, ()).headings()
        (('never', 2, 'left'), ('always', 2, 'right'))
        """
        places = [place for place, code in enumerate(self.codes) if code in self.anchors]
        if not places:
            return ()
        starts = [0, *((before + after + 1) // 2 for before, after in pairwise(places))]
        spans = [end - start for start, end in zip(starts, [*starts[1:], len(self.codes)], strict=True)]
        full = len(places) == len(self.codes)
        sides = ["left" if k == 0 else "right" if k == len(places) - 1 else "center" for k in range(len(places))]
        words = [self.anchors[self.codes[place]] for place in places]
        return tuple(
            (text, span, "center" if full or len(places) == 1 else side)
            for text, span, side in zip(words, spans, sides, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A questionnaire ready to be drawn; `about` names what the questions are about, or is empty."""

    title: str
    about: str
    language: Language
    parts: tuple[Part, ...]

    def questions(self) -> Iterator[Question]:
        """All questions, in the order of the page."""
        for part in self.parts:
            yield from part.questions


def lay_out_questionnaire(
    instrument: Instrument,
    language: Language = "en",
    seed: int | None = None,
    title: str | None = None,
    about: str = "",
) -> Questionnaire:
    """Lay an instrument out as a questionnaire.

    Parameters
    ----------
    instrument : Instrument
    language : {"en", "zh"}
        Of the questions, anchors and instructions.
    seed : int, optional
        Shuffles the questions within each part; the same seed gives the same order. Without it they keep the
        instrument's order.
    title : str, optional
        Above the questionnaire; by default it says that this is a survey and nothing of what is measured.
    about : str
        What all questions are about, such as the name of a company.

    Returns
    -------
    Questionnaire
        Neighbouring items that share a scale are a part.

    Raises
    ------
    LanguageError
        When the instrument lacks a text in that language; it lists where.
    OptionValueError
        When there are no instructions in that language.

    Examples
    --------
    >>> import lvmodels as lv
    >>> sheet = lay_out_questionnaire(lv.instruments.load("servqual"), language="zh")
    >>> [(part.layout, len(part.questions)) for part in sheet.parts]
    [('grid', 22)]
    """
    words = wording(language)
    _refuse_gaps(instrument, language)
    parts: list[Part] = []
    number = 1
    for scale, some in groupby(instrument.items, key=lambda item: item.scale):
        items = _shuffled(list(some), seed, len(parts))
        parts.append(_part(instrument.scales[scale] if scale else None, items, language, number))
        number += len(items)
    return Questionnaire(title or words["questionnaire.title"], about, language, tuple(parts))


def _shuffled(items: list[Item], seed: int | None, part: int) -> list[Item]:
    if seed is None:
        return items
    import numpy as np

    return [items[k] for k in np.random.default_rng([seed, part]).permutation(len(items))]


def _part(scale: Scale | None, items: list[Item], language: Language, number: int) -> Part:
    fits = scale is not None and len(scale.values) <= _MOST_OPTIONS
    ends = (min(scale.values), max(scale.values)) if scale is not None else None
    questions = tuple(
        Question(number + k, item.name, item.wording[language], *(ends or (item.min, item.max)))
        for k, item in enumerate(items)
    )
    if scale is None or not fits:
        return Part((), {}, questions)
    return Part(scale.values, dict(scale.anchors.get(language, {})), questions)


def _refuse_gaps(instrument: Instrument, language: Language) -> None:
    """Refuse a questionnaire that would mix languages."""
    gaps = [f"item '{item.name}', wording" for item in instrument.items if language not in item.wording]
    used = {item.scale for item in instrument.items}
    gaps += [
        f"scale '{name}', anchors"
        for name, scale in instrument.scales.items()
        if name in used and scale.anchors and language not in scale.anchors
    ]
    if gaps:
        shown = [*gaps[:10], *([f"and {len(gaps) - 10} more"] if len(gaps) > 10 else [])]
        message = (
            f"instrument '{instrument.name}' lacks texts in language '{language}'; add them, or take another language"
        )
        raise LanguageError(message, shown)
