"""A first instrument from a file of answers, for its owner to correct: what a file can tell, and no more."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lvmodels.errors import EmptyDataError
from lvmodels.survey.column_guess import ColumnGuess, guess_column, guess_range
from lvmodels.survey.files import Survey, read_survey
from lvmodels.survey.instrument import Construct, Instrument, Item, Language, Scale
from lvmodels.survey.question_text import text_in_brackets, without_number

__all__ = ["draft_instrument"]

_NAME = re.compile(r"[^\W\d]\w{0,19}")
_NUMBERED = re.compile(r"(.+?)[_.\-](\d+)[A-Za-z]?|(.*?\D)(\d+)[A-Za-z]?")
_SAYS_NOTHING = {"q", "x", "v", "y", "var", "item", "question", "column", "col", "unnamed", "题", "问题", "第"}
_CHINESE = re.compile("[\u3400-\u9fff]")
_AGAINST = -0.1  # correlation with the other items from which an item seems to be turned round


@dataclass(frozen=True, slots=True)
class _Question:
    """An item to be: its name, its column and what the column looks like."""

    name: str
    guess: ColumnGuess
    wording: str
    prefix: str


def draft_instrument(data: Any, name: str | None = None) -> str:
    """Draft the instrument file of answers that have none yet.

    Columns of whole numbers with few different codes become items; neighbouring names such as SAT1, SAT2, SAT3 become
    a construct SAT; the ends of the scale, codes that mean no answer and items that may be turned round are guessed
    from the answers, and the guesses stand in comments. Words that the file has for its columns and codes are taken.

    Parameters
    ----------
    data : str, Path or data frame
        As in `read_survey`.
    name : str, optional
        Name of the instrument; by default that of the file.

    Returns
    -------
    str
        TOML text for a person to correct; `Instrument.from_toml` reads it, and it reads the answers.

    Raises
    ------
    EmptyDataError
        When no column can be an item.
    SurveyError, FileFormatError, UnreadableFileError, DataTypeError
        As in `read_survey`.

    Examples
    --------
    >>> answers = pd.DataFrame({"SAT1": [4, 5, 2], "SAT2": [5, 5, 1], "age": [31, 45, 28]})
    >>> instrument = Instrument.from_toml(draft_instrument(answers))
    >>> [(item.name, item.construct, item.scale) for item in instrument.items]
    [('SAT1', 'SAT', 'scale1to5'), ('SAT2', 'SAT', 'scale1to5'), ('age', None, None)]
    """
    survey = read_survey(data)
    stem = Path(data).stem if isinstance(data, str | os.PathLike) else "survey"
    guesses = [guess_column(str(column), survey.answers[column], survey.labels) for column in survey.answers.columns]
    questions = _questions([guess for guess in guesses if not guess.aside], survey.labels.wording)
    if not questions:
        reasons = "; ".join(f"column '{guess.column}' {guess.aside}" for guess in guesses[:5])
        raise EmptyDataError(f"{survey.source} has no column that could be an item: {reasons}. Give answers as codes.")
    groups = _groups(questions)
    scales, scale_of = _scales(questions, groups)
    construct_of = {question.name: name for name, group in groups.items() for question in group}
    everywhere = _missing_everywhere(questions, survey.answers)
    instrument = Instrument(
        schema=1,
        name=re.sub(r"\W+", "_", name or stem).strip("_") or "survey",
        title=_in_its_language(stem.strip() or "survey"),
        missing=everywhere,
        scales=scales,
        constructs=tuple(Construct(name=name, label=_in_its_language(name)) for name in groups),
        items=tuple(_item(question, construct_of, scale_of, scales, everywhere) for question in questions),
    )
    return _with_comments(instrument, survey, guesses, questions, groups)


def _questions(guesses: Sequence[ColumnGuess], wording: Mapping[str, str]) -> list[_Question]:
    """Columns with names that do for items, and with the words that were asked."""
    columns = {guess.column for guess in guesses}
    taken: set[str] = set()
    found = []
    for position, guess in enumerate(guesses, start=1):
        inside = text_in_brackets(guess.column)
        fitting = [name for name in (guess.column, inside) if _NAME.fullmatch(name) and name not in taken]
        spare = (f"Q{number}" for number in range(position, position + len(columns) + 1))
        name = fitting[0] if fitting else next(each for each in spare if each not in taken and each not in columns)
        taken.add(name)
        asked = wording.get(guess.column, "").strip() or (name if fitting else without_number(guess.column).strip())
        found.append(_Question(name, guess, asked or name, _prefix(name)))
    return found


def _prefix(name: str) -> str:
    """What a numbered name begins with; empty when it says nothing."""
    numbered = _NUMBERED.fullmatch(name)
    prefix = (numbered[1] or numbered[3] or "") if numbered else ""
    prefix = prefix.rstrip("_.-")
    return "" if prefix.casefold() in _SAYS_NOTHING else prefix


def _groups(questions: Sequence[_Question]) -> dict[str, list[_Question]]:
    """Construct → its items: at least two with a scale whose names begin alike."""
    begun: dict[str, list[_Question]] = {}
    for question in questions:
        if question.prefix and question.guess.codes:
            begun.setdefault(question.prefix, []).append(question)
    names = {question.name for question in questions}
    several = {prefix: group for prefix, group in begun.items() if len(group) > 1}
    return {prefix if prefix not in names else f"{prefix}_all": group for prefix, group in several.items()}


def _scales(
    questions: Sequence[_Question], groups: Mapping[str, Sequence[_Question]]
) -> tuple[dict[str, Scale], dict[str, str]]:
    """The scales by name, and item → scale; items of a construct share their ends unless the file has words."""
    together = {question.name: group for group in groups.values() for question in group}
    scales: dict[str, Scale] = {}
    scale_of: dict[str, str] = {}
    for question in questions:
        if not question.guess.codes:
            continue
        scale = _labelled(question.guess)
        if scale is None:
            group = [one.guess for one in together.get(question.name, [question]) if _labelled(one.guess) is None]
            low, high = guess_range({code for one in group for code in one.codes}, sum(one.answers for one in group))
            scale = Scale(points=high - low + 1, low=low)
        ends = f"scale{min(scale.values)}to{max(scale.values)}".replace("-", "m")
        names = (ends if number == 1 else f"{ends}_{number}" for number in range(1, len(questions) + 2))
        name = next(each for each in names if scales.get(each) in (None, scale))
        scales[name] = scale
        scale_of[question.name] = name
    return scales, scale_of


def _labelled(guess: ColumnGuess) -> Scale | None:
    """The scale that the words of a file give, if it has words for more than one code."""
    if len(guess.anchors) < 2 or len(guess.codes) < 2:
        return None
    anchors = {code: words.strip() for code, words in guess.anchors.items() if words.strip()}
    language: Language = "zh" if _CHINESE.search("".join(anchors.values())) else "en"
    low, high = guess.codes[0], guess.codes[-1]
    if high - low + 1 == len(guess.codes) or len(anchors) < len(guess.codes) <= high - low + 1 <= 11:
        return Scale(points=high - low + 1, low=low, anchors={language: anchors})
    return Scale(codes=guess.codes, anchors={language: anchors})


def _missing_everywhere(questions: Sequence[_Question], answers: pd.DataFrame) -> tuple[int, ...]:
    """Negative codes that mean no answer in two columns or more, and are an answer in none."""
    counts = Counter(code for question in questions for code in question.guess.missing if code < 0)
    shared = [int(code) for code, count in counts.items() if count > 1 and code == int(code)]
    return tuple(
        code
        for code in sorted(shared, reverse=True)
        if all(code in q.guess.missing or not (answers[q.guess.column] == code).any() for q in questions)
    )


def _item(
    question: _Question,
    construct_of: Mapping[str, str],
    scale_of: Mapping[str, str],
    scales: Mapping[str, Scale],
    everywhere: Collection[int],
) -> Item:
    guess, scale = question.guess, scale_of.get(question.name)
    valid = scales[scale].values if scale else ()  # the other items of the construct may tell that 9 is an answer
    return Item(
        name=question.name,
        column=guess.column if guess.column != question.name else None,
        construct=construct_of.get(question.name),
        scale=scale,
        wording=_in_its_language(question.wording),
        missing=tuple(
            int(code) if code == int(code) else code for code in guess.missing if code not in (*valid, *everywhere)
        ),
    )


def _in_its_language(text: str) -> dict[Language, str]:
    return {"zh" if _CHINESE.search(text) else "en": text}


def _with_comments(
    instrument: Instrument,
    survey: Survey,
    guesses: Sequence[ColumnGuess],
    questions: Sequence[_Question],
    groups: Mapping[str, Sequence[_Question]],
) -> str:
    """The TOML text with what was guessed, and why, beside each part."""
    notes = iter([*_construct_notes(groups), *_item_notes(instrument, questions, groups, survey.answers)])
    blocks = instrument.to_toml().rstrip("\n").split("\n\n")
    lists = ("[[constructs]]", "[[items]]")
    commented = ["\n".join([block, *next(notes)]) if block.startswith(lists) else block for block in blocks]
    head = [
        f"# A draft from {survey.source}: a file tells what was answered, and not what was meant. Correct every line;",
        "# write labels and definitions of the constructs, the questions as they were asked, the ends of the scales",
        "# and the words at them, and reverse = true under items that are turned round.",
    ]
    head += [f"# Left out: column {guess.column!r} {guess.aside}." for guess in guesses if guess.aside]
    return "\n".join([_one_line(line) for line in head]) + "\n" + "\n\n".join(commented) + "\n"


def _construct_notes(groups: Mapping[str, Sequence[_Question]]) -> Iterable[list[str]]:
    for group in groups.values():
        yield [f"# guessed from the names {group[0].name} to {group[-1].name}"]


def _item_notes(
    instrument: Instrument,
    questions: Sequence[_Question],
    groups: Mapping[str, Sequence[_Question]],
    answers: pd.DataFrame,
) -> Iterable[list[str]]:
    against = {name: r for group in groups.values() for name, r in _against_the_others(group, answers).items()}
    for question in questions:
        guess, notes = question.guess, []
        if missing := instrument.item(question.name).missing:
            codes = ", ".join(f"{code:g}" for code in missing)
            notes.append(f"# taken for no answer: {codes}")
        if guess.codes and not guess.anchors:
            notes.append(f"# answered: {', '.join(map(str, guess.codes))}")
        if question.name in against:
            r = against[question.name]
            notes.append(f"# reverse = true  # if it is turned round: it runs against the others (r = {r:.2f})")
        yield notes


def _against_the_others(group: Sequence[_Question], answers: pd.DataFrame) -> dict[str, float]:
    """Items whose answers run against the sum of the others of their construct, with the correlation."""
    if len(group) < 3:
        return {}
    columns = {q.name: answers[q.guess.column].astype(float) for q in group}
    frame = pd.DataFrame({q.name: columns[q.name].where(~columns[q.name].isin(q.guess.missing)) for q in group})
    with np.errstate(invalid="ignore", divide="ignore"):
        r = {name: frame[name].corr(frame.drop(columns=name).mean(axis=1)) for name in frame}
    return {name: float(value) for name, value in r.items() if value < _AGAINST}


def _one_line(text: str) -> str:
    """A comment on one line, without characters that TOML does not admit in comments."""
    return re.sub(r"[\x00-\x1f\x7f]+", " ", text)
