"""Codes that an answer scale does not have: made missing and counted, instead of refused."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lvmodels.survey.answers import Survey
from lvmodels.survey.choice_words import codes_by_words
from lvmodels.survey.files import held_against, read_raw, read_survey
from lvmodels.survey.matching import match_columns
from lvmodels.survey.numbers import as_numbers, counted
from lvmodels.survey.platforms.numbered import numbers_set_aside
from lvmodels.survey.platforms.recognition import without_persons
from lvmodels.survey.question_text import bare_question
from lvmodels.survey.screening.chunks import chunks

if TYPE_CHECKING:
    from lvmodels.survey.instrument import Instrument

__all__ = ["outside", "read_leniently", "without_impossible"]

Vector = NDArray[np.float64]


def read_leniently(data: Any, instrument: Instrument | str | Path | None) -> tuple[Survey, Vector | None]:
    """A survey, whatever codes it holds.

    Parameters
    ----------
    data : Survey, path or data frame
    instrument : Instrument, str or Path, optional
        Not for a Survey that has one already: its codes were checked when it was read.

    Returns
    -------
    survey : Survey
        Impossible codes are missing; the log says how many.
    impossible : ndarray, shape (n,), or None
        Number of impossible codes of each respondent; None without an instrument.

    Raises
    ------
    SurveyError, FileFormatError, UnreadableFileError, DataTypeError
        As in `read_survey`.
    """
    if instrument is None:
        survey = data if isinstance(data, Survey) else read_survey(data)
        return survey, None if survey.instrument is None else np.zeros(len(survey.answers))
    if isinstance(instrument, str | os.PathLike):
        from lvmodels.survey.instrument import Instrument

        instrument = Instrument.load(instrument)
    raw = numbers_set_aside(without_persons(read_raw(data), False, instrument), instrument, "auto")
    frame, labels = raw.frame.copy(deep=False), raw.labels
    found, said = np.zeros(len(frame)), []
    for name, column in match_columns(instrument, list(frame.columns), labels.wording).columns.items():
        values, wrong = _checked(frame[column], instrument, name, raw.decimal_comma, labels.values.get(column, {}))
        # Where most answers are impossible the column is another one, or the scale is; that is refused, as in reading.
        if wrong.any() and 2 * wrong.sum() <= (wrong | ~np.isnan(values)).sum():
            found += wrong
            said.append(f"{column} {int(wrong.sum())}")
            frame[column] = np.where(wrong, np.nan, values)
    log = (*raw.log, *_sentence(found, said))
    return held_against(instrument, replace(raw, frame=frame, log=log), "auto"), found


def outside(Y: NDArray[np.float64], low: Vector, high: Vector) -> NDArray[np.bool_]:
    """Where an answer is no whole number from the lowest to the highest code, shape (p, n)."""
    with np.errstate(invalid="ignore"):
        found: NDArray[np.bool_] = (low[:, None] > Y) | (high[:, None] < Y) | ((np.rint(Y) != Y) & ~np.isnan(Y))
    return found


def without_impossible(survey: Survey, items: tuple[str, ...], low: Vector, high: Vector) -> tuple[Survey, Vector]:
    """The survey without answers that are no whole numbers within the codes given, and how many each respondent had."""
    found = np.zeros(len(survey.answers))
    places: dict[str, list[NDArray[np.intp]]] = {}
    for rows, Y in chunks(survey.answers, items):
        wrong = outside(Y, low, high)
        found[rows] = wrong.sum(axis=0)
        for k in np.flatnonzero(wrong.any(axis=1)).tolist():
            places.setdefault(items[k], []).append(rows.start + np.flatnonzero(wrong[k]))
    columns = {}
    for name, pieces in places.items():
        columns[name] = survey.answers[name].to_numpy(dtype=np.float64, na_value=np.nan, copy=True)
        columns[name][np.concatenate(pieces)] = np.nan
    said = [f"{name} {sum(map(len, places[name]))}" for name in items if name in places]
    log = _sentence(found, said)
    answers = survey.answers.assign(**columns) if columns else survey.answers
    return replace(survey, answers=answers, log=(*survey.log, *log)), found


def _sentence(found: Vector, said: list[str]) -> list[str]:
    if not said:
        return []
    total, people = counted(int(found.sum()), "impossible code"), counted(int((found > 0).sum()), "respondent")
    return [f"{total} of {people} became missing ({', '.join(said)})."]


def _checked(
    column: pd.Series, instrument: Instrument, name: str, decimal_comma: bool, printed: Mapping[float, str]
) -> tuple[Vector, NDArray[np.bool_]]:
    """The answers of an item as codes, and where they are impossible; answers in words that a scale has are codes."""
    values, unread = as_numbers(column, decimal_comma)
    scale = instrument.item(name).scale
    codes = codes_by_words(instrument.scales[scale], printed) if unread and scale is not None else {}
    unknown = []
    for text, rows in unread.items():
        values[rows] = codes.get(bare_question(text), np.nan)
        if bare_question(text) not in codes:
            unknown.append(rows)
    wrong = _wrong(values, instrument, name)
    for rows in unknown:
        wrong[rows] = True
    return values, wrong


def _wrong(values: Vector, instrument: Instrument, name: str) -> NDArray[np.bool_]:
    """Where a value is neither a code of the item nor one that means no answer."""
    item, codes = instrument.item(name), instrument.codes(name)
    known: NDArray[np.bool_] = np.isnan(values)
    for code in instrument.missing_codes(name):
        known |= values == code
    if not codes:
        low = -np.inf if item.min is None else item.min
        high = np.inf if item.max is None else item.max
        return ~known & ((values < low) | (values > high) | np.isinf(values))
    if len(codes) == max(codes) - min(codes) + 1:  # no gaps: comparing is much quicker than looking up
        known |= (values >= min(codes)) & (values <= max(codes)) & (values % 1 == 0)
    else:
        known |= np.isin(values, codes)
    return ~known
