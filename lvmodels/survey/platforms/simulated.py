"""Answers and their respondents as the cells of an export: what all writers of exports share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from lvmodels.errors import SurveyError
from lvmodels.survey.choice_words import codes_by_words
from lvmodels.survey.numbers import as_numbers, is_blank, parse_number
from lvmodels.survey.platforms.naming import clean
from lvmodels.survey.question_text import bare_question

if TYPE_CHECKING:
    from lvmodels.survey.answers import Survey
    from lvmodels.survey.instrument import Instrument, Item, Language

__all__ = ["AnswersAs", "Export", "Interviews", "Question", "number", "questions_of", "refuse"]

AnswersAs = Literal["codes", "words"]

_SHOWN_LETTERS = 40


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its answers.

    Attributes
    ----------
    name : str
    wording : str
    scale : str
        Name of its scale; empty for a number.
    codes : tuple of float, length n
        Answers; NaN where there is none.
    words : dict of float to str
        Words printed at the codes of the scale, the code itself where none are.
    """

    name: str
    wording: str
    scale: str
    codes: tuple[float, ...]
    words: dict[float, str]


@dataclass(frozen=True, slots=True)
class Export:
    """What a writer writes.

    Attributes
    ----------
    questions : tuple of Question
    who : Interviews
    answers : {"codes", "words"}
    layout : str
        One of those that the platform has.
    language : {"en", "zh"}
    """

    questions: tuple[Question, ...]
    who: Interviews
    answers: AnswersAs
    layout: str
    language: Language

    @property
    def wordings(self) -> list[str]:
        """The questions as asked."""
        return [question.wording for question in self.questions]

    def cells(self, empty: str = "", code: Callable[[float], str] | None = None) -> list[list[str]]:
        """The cells of each question.

        Parameters
        ----------
        empty : str
            The cell of an answer that is missing.
        code : callable, optional
            How the platform writes a code of a scale.
        """
        columns = []
        for question in self.questions:
            answered = {value for value in question.codes if value == value}
            known = {value: self._cell(question, value, code or number) for value in answered}
            columns.append([known.get(value, empty) for value in question.codes])
        return columns

    def _cell(self, question: Question, value: float, code: Callable[[float], str]) -> str:
        if not question.scale:
            return number(value)
        return question.words[value] if self.answers == "words" else code(value)

    def grids(self) -> list[list[int]]:
        """Places of the questions, neighbours with the same scale together."""
        groups: list[list[int]] = []
        for place, question in enumerate(self.questions):
            if groups and question.scale and question.scale == self.questions[groups[-1][-1]].scale:
                groups[-1].append(place)
            else:
                groups.append([place])
        return groups


class Interviews:
    """What exports say about respondents: the columns that are given, else invented ones.

    Parameters
    ----------
    given : pandas.DataFrame, shape (n, q)
        Any of the columns start and end (times), duration (seconds), finished (1 or 0), language, response_id, ip,
        email, first_name, last_name, preview (1 or 0).
    n : int
    language : {"en", "zh"}
    """

    def __init__(self, given: pd.DataFrame, n: int, language: Language) -> None:
        self.n = n
        if given.shape[1] and len(given) != n:
            raise SurveyError(f"there are {n} rows of answers and {len(given)} of respondents; pass as many of both")
        self._given = given.reset_index(drop=True)
        every_minute = pd.Series(pd.Timestamp("2026-01-05 09:00:00") + pd.to_timedelta(np.arange(n) * 60, unit="s"))
        self.duration = self._numbers("duration", 180.0)
        used = pd.to_timedelta(self.duration.fillna(0.0), unit="s")
        self.start = self._times("start", every_minute)
        self.end = self._times("end", (self.start + used).dt.round("s"))
        self.finished = [mark != 0 for mark in self._numbers("finished", 1.0)]
        self.preview = [mark == 1 for mark in self._numbers("preview", 0.0)]
        self.language = self.text("language", {"en": "EN", "zh": "ZH-S"}[language])

    def _numbers(self, name: str, default: float) -> pd.Series:
        if name not in self._given.columns:
            return pd.Series([default] * self.n, dtype=float)
        return pd.Series(as_numbers(self._given[name])[0])

    def _times(self, name: str, default: pd.Series) -> pd.Series:
        if name not in self._given.columns:
            return default
        try:
            return pd.to_datetime(
                pd.Series([None if _is_empty(cell) else cell for cell in self._given[name]], dtype=object)
            )
        except (ValueError, TypeError):
            raise SurveyError(
                f"column '{name}' of the respondents holds no dates; write them as 2026-01-05 09:00:00"
            ) from None

    def text(self, name: str, default: str = "") -> list[str]:
        """A column as text."""
        if name not in self._given.columns:
            return [default] * self.n
        return ["" if _is_empty(cell) else str(cell) for cell in self._given[name]]

    def addresses(self) -> list[str]:
        """IP addresses; those that are not given are one a respondent, from a range that no customer has."""
        if "ip" in self._given.columns:
            return self.text("ip")
        return [f"10.{place >> 16 & 255}.{place >> 8 & 255}.{place & 255}" for place in range(1, self.n + 1)]

    def seconds(self) -> list[str]:
        """The durations."""
        return ["" if np.isnan(seconds) else number(seconds) for seconds in self.duration]

    def ids(self, pattern: str = "{}", first: int = 1) -> list[str]:
        """Names of the responses."""
        if "response_id" in self._given.columns:
            return self.text("response_id")
        return [pattern.format(first + position) for position in range(self.n)]

    @staticmethod
    def times(times: pd.Series, written: str = "%Y-%m-%d %H:%M:%S") -> list[str]:
        """Points in time as text."""
        return ["" if pd.isna(time) else time.strftime(written) for time in times]


def _is_empty(cell: Any) -> bool:
    return cell is None or cell is pd.NA or cell is pd.NaT or cell != cell or (isinstance(cell, str) and is_blank(cell))


def number(value: float) -> str:
    """A number that is read back as the same number: 7, -99, 3.5."""
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def refuse(problems: Sequence[str], platform: str) -> None:
    """Raise one error for all that keeps answers from being written; nothing happens when there is nothing."""
    if problems:
        raise SurveyError(f"the answers cannot be written as an export of {platform}", problems)


def questions_of(
    survey: Survey, answers: AnswersAs, language: Language, reserved: Sequence[float], platform: str
) -> tuple[Question, ...]:
    """The questions of a survey, checked so that what is written can be read back.

    Raises
    ------
    SurveyError
        When a column holds texts, an answer is no code of its scale, or the words of a scale cannot be told apart.
    """
    problems: list[str] = []
    found = []
    for name in survey.answers.columns:
        item = _item(survey.instrument, name)
        values, unread = as_numbers(survey.answers[name])
        if unread:
            problems.append(f"column '{name}': {_quoted(next(iter(unread)))} is no number; leave the column out")
            continue
        words = _words(survey, item, name, language)
        odd = [value for value in dict.fromkeys(values) if not np.isnan(value) and words and value not in words]
        problems += [f"column '{name}': {number(value)} is no code of its scale; correct it" for value in odd]
        taken = [value for value in reserved if value in (words or values)]
        problems += [f"column '{name}': {number(v)} means 'no answer' on this platform; recode it" for v in taken]
        if answers == "words":
            problems += _unreadable_words(survey.instrument, item, name, words)
        wording = survey.labels.wording.get(name, name) if item is None else _label(item, language)
        scale = "" if not words else item.scale if item is not None and item.scale else name
        found.append(Question(str(name), clean(wording), scale, tuple(values.tolist()), words))
    refuse(problems, platform)
    return tuple(found)


def _item(instrument: Instrument | None, name: str) -> Item | None:
    return None if instrument is None else instrument.item(name)


def _label(item: Item, language: Language) -> str:
    return item.wording.get(language) or next(iter(item.wording.values()))


def _words(survey: Survey, item: Item | None, name: str, language: Language) -> dict[float, str]:
    """The words at the codes of a scale, the codes themselves where there are none; empty for a number."""
    if item is None or survey.instrument is None:
        return {float(code): clean(words) for code, words in survey.labels.values.get(name, {}).items()}
    if item.scale is None:
        return {}
    anchors = survey.instrument.scales[item.scale].anchors
    printed = anchors.get(language) or next(iter(anchors.values()), {})
    return {float(code): clean(printed.get(code, str(code))) for code in survey.instrument.codes(item.name)}


def _unreadable_words(
    instrument: Instrument | None, item: Item | None, name: str, words: dict[float, str]
) -> list[str]:
    """Words that would not be read back as their code."""
    known: dict[str, float] = {}
    if instrument is not None and item is not None and item.scale is not None:
        known = codes_by_words(instrument.scales[item.scale])
    problems = []
    for code, text in words.items():
        meant = parse_number(text)
        meant = known.get(bare_question(text)) if known and meant is None else code if meant is None else meant
        if is_blank(text) or meant != code:
            says = f"the words {_quoted(text)} at code {number(code)} could not be read back"
            problems.append(f"column '{name}': {says}; reword the anchors, or write codes")
    return problems


def _quoted(text: str) -> str:
    return repr(text if len(text) <= _SHOWN_LETTERS else text[: _SHOWN_LETTERS - 3] + "...")
