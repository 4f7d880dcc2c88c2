"""Screening of a survey, from reading to decisions, without a model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lvmodels.errors import EmptyDataError
from lvmodels.survey.screening.columns import Required, column_of
from lvmodels.survey.screening.decisions import decide
from lvmodels.survey.screening.impossible import read_leniently, without_impossible
from lvmodels.survey.screening.layout import make_layout
from lvmodels.survey.screening.record import Screening
from lvmodels.survey.screening.rules import Rule, settle_rules
from lvmodels.survey.screening.scores import all_scores

if TYPE_CHECKING:
    from lvmodels.survey.answers import Survey
    from lvmodels.survey.instrument import Instrument

__all__ = ["screen_answers"]


def screen_answers(
    data: Any,
    instrument: Instrument | str | Path | None = None,
    *,
    rules: Mapping[str, float | str | Rule] | Iterable[Rule] | None = None,
    duration: str | None = None,
    attention: Mapping[str, Required] | None = None,
    device: str | None = None,
    items: Sequence[str] | None = None,
    scales: Mapping[str, Sequence[str]] | None = None,
    reverse: Sequence[str] = (),
    codes: tuple[float, float] | None = None,
    pages: Sequence[Sequence[str]] | None = None,
) -> Screening:
    """Screen answers; parameters and result are those of `lvmodels.screen`, without a model.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"a": [1, 2, 9, 4], "b": [2, 2, 1, None], "c": [3, 2, 2, None]})
    >>> found = screen_answers(answers, codes=(1, 5))
    >>> found.excluded.to_dict()
    {3: 'completeness'}
    >>> found.scores["impossible"].tolist()
    [0.0, 0.0, 1.0, 0.0]
    """
    settled = settle_rules(rules)
    survey, impossible = read_leniently(data, instrument)
    if not len(survey.answers):
        raise EmptyDataError("the survey has no respondents; check the file, or the filter that made it.")
    survey = _with_items(survey, items)
    apart = [*(attention or {}), *(name for name in (duration, device) if name is not None)]
    layout = make_layout(survey, apart, items, scales, reverse, codes, pages)
    if codes is not None:
        survey, found = without_impossible(survey, layout.items, layout.low, layout.high)
        impossible = found if impossible is None else impossible + found
    scores = all_scores(survey, layout, impossible, duration, attention, device)
    decided = decide(scores, settled, survey.answers.index, len(layout.items))
    log = (*scores.log, *decided.log)
    return Screening(
        decided.scores, decided.flags, decided.reasons, decided.decisions, decided.rules, scores.items,
        _kept(survey, decided.keep, log), survey, layout, None, log,
    )  # fmt: skip


def _with_items(survey: Survey, items: Sequence[str] | None) -> Survey:
    """The survey with items among its answers that an instrument does not know."""
    known = set(map(str, survey.answers.columns))
    others = [name for name in items or () if not isinstance(items, str) and name not in known]
    moved = [name for name in others if name in set(map(str, survey.respondents.columns))]
    if not moved:
        return survey
    added = {name: column_of(survey, name, "items") for name in moved}
    return replace(survey, answers=survey.answers.assign(**added), respondents=survey.respondents.drop(columns=moved))


def _kept(survey: Survey, keep: np.ndarray[Any, np.dtype[np.bool_]], log: tuple[str, ...]) -> Survey:
    """The survey without the excluded respondents, and with a longer log."""
    told = (*survey.log, *log)
    if keep.all():
        return replace(survey, log=told)
    return replace(survey, answers=survey.answers[keep], respondents=survey.respondents[keep], log=told)
