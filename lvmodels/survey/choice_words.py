"""Answers in words, "strongly agree" or "非常同意", as the codes that they stand at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lvmodels.survey.question_text import bare_question

if TYPE_CHECKING:
    from lvmodels.survey.instrument import Scale

__all__ = ["codes_by_words", "words_of"]


def codes_by_words(scale: Scale, printed: Mapping[float, str] | None = None) -> dict[str, float]:
    """The codes of a scale by their words.

    Parameters
    ----------
    scale : Scale
        With anchors in one language or several.
    printed : mapping of float to str, optional
        Code → words as the file of answers has them; those of missing codes, too.

    Returns
    -------
    dict
        Bare words, alone and with their code before or behind, → code. Words that stand at two codes are left out.

    Examples
    --------
    >>> from lvmodels.survey.instrument import Scale
    >>> codes = codes_by_words(Scale(points=5, anchors={"en": {1: "never", 5: "always"}, "zh": {5: "总是"}}))
    >>> codes["always"], codes["总是"], codes["5always"]
    (5.0, 5.0, 5.0)
    """
    spoken: dict[str, set[float]] = {}
    for code, words in words_of(scale, printed):
        bare = bare_question(words)
        number = f"{code:g}".lstrip("-")
        for key in (bare, f"{number}{bare}", f"{bare}{number}") if bare else ():
            spoken.setdefault(key, set()).add(code)
    return {key: codes.pop() for key, codes in spoken.items() if len(codes) == 1}


def words_of(scale: Scale, printed: Mapping[float, str] | None = None) -> list[tuple[float, str]]:
    """All words that are printed at the codes of a scale, in the instrument and in the file."""
    anchors = [(float(code), words) for by_code in scale.anchors.values() for code, words in by_code.items()]
    return [*anchors, *((float(code), words) for code, words in (printed or {}).items())]
