"""`lvmodels.screen`: from answers to scores, decisions, and the survey without those excluded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from lvmodels.errors import EmptyDataError
from lvmodels.survey.screening.chunks import item_numbers
from lvmodels.survey.screening.columns import Required, column_of, make_beside
from lvmodels.survey.screening.decisions import decide
from lvmodels.survey.screening.impossible import read_leniently, without_impossible
from lvmodels.survey.screening.layout import make_layout
from lvmodels.survey.screening.record import Screening
from lvmodels.survey.screening.rules import Rule, settle_rules
from lvmodels.survey.screening.scores import all_scores

if TYPE_CHECKING:
    from lvmodels.survey.answers import Survey
    from lvmodels.survey.instrument import Instrument

__all__ = ["screen"]


def screen(
    survey: Any,
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
    """Look for answers that were not given with care, and for those that cannot be.

    Every respondent gets a score on every index; a rule says which scores are remarkable, where that comes from, and
    what follows. By default those are excluded who answered fewer than half of the items, tested the questionnaire in a
    preview, failed an attention check, repeat ten answers or more of an earlier respondent from the same device, or
    show two kinds of evidence of carelessness (speed, pattern, consistency, outlier) at once; no index of carelessness
    excludes anybody alone. All other rules flag and no more. Nothing is left out silently: `Screening.rules` says of
    each rule whom it hit or why it could not be applied, `Screening.decisions` has a row for every flag, and the log of
    `Screening.clean` tells of it in words.

    Parameters
    ----------
    survey : Survey, path or data frame
        The answers. Straight lines are looked for in them as they were given; even-odd consistency takes reverse-keyed
        items turned round.
    instrument : Instrument, str or Path, optional
        What the answers belong to, unless the survey has it. Codes that it does not allow become missing and are
        counted, where `read_survey` refuses them.
    rules : mapping or iterable of Rule, optional
        Changes to the default rules: name → another cut (a number), another action ("exclude", "count", "flag",
        "score", "off") or a whole `Rule`, as in ``{"speed": 1.5, "variability": "off"}``.
    duration : str, optional
        Column with the duration in seconds; one named as survey platforms name it is found by itself.
    attention : mapping, optional
        Column → the code that the check asked for, or several that are right.
    device : str, optional
        Column with a key of the device or address; one of addresses, or of the numbers that `read_survey` puts in their
        place, is found by itself.
    items : sequence of str, optional
        Columns to be screened: by default the instrument's items that have a construct and a scale; without an
        instrument those of `scales`, else the columns of whole numbers with at most 20 different values.
    scales : mapping of str to sequence of str, optional
        Construct → items, for even-odd consistency; by default the instrument's.
    reverse : sequence of str
        Items keyed the other way round, in addition to the instrument's.
    codes : (float, float), optional
        Lowest and highest code of all items, when no instrument says so.
    pages : sequence of sequences of str, optional
        Items of each page; by default neighbouring items of one construct.

    Returns
    -------
    Screening
        `scores`, `flags`, `decisions`, `rules`, `items`, `excluded`, `clean`, `summary()`, and
        `sensitivity(model)`: what the exclusions do to a model.

    Raises
    ------
    UnknownVariableError, NonNumericError, InfiniteValueError, OptionValueError
    DataError, EmptyDataError
        When there is no item, or no respondent.
    SurveyError, FileFormatError, UnreadableFileError, DataTypeError
        As in `read_survey`.

    References
    ----------
    Curran, P. G. (2016). Methods for the detection of carelessly invalid responses in survey data. Journal of
    Experimental Social Psychology, 66, 4-19. Meade, A. W., & Craig, S. B. (2012). Identifying careless responses in
    survey data. Psychological Methods, 17(3), 437-455. The source of each rule stands in `Screening.rules`.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"a": [1, 2, 9, 4], "b": [2, 2, 1, None], "c": [3, 2, 2, None]})
    >>> found = screen(answers, codes=(1, 5))
    >>> found.excluded.to_dict()
    {3: 'completeness'}
    >>> found.scores["impossible"].tolist()
    [0.0, 0.0, 1.0, 0.0]
    >>> found.clean.log[-1]
    'Screening excluded 1 of 4 respondents; 3 remain.'
    """
    settled = settle_rules(rules)
    given, impossible = read_leniently(survey, instrument)
    if not len(given.answers):
        raise EmptyDataError("the survey has no respondents; check the file, or the filter that made it.")
    given = _with_items(given, items)
    beside = make_beside(given, duration, attention, device, items)
    layout = make_layout(given, beside.names, items, scales, reverse, codes, pages)
    given = replace(given, answers=item_numbers(given.answers, layout.items))
    if codes is not None:
        given, found = without_impossible(given, layout.items, layout.low, layout.high)
        impossible = found if impossible is None else impossible + found
    with threadpool_limits(limits=1, user_api="blas"):  # on pieces this small more threads mostly wait
        scores = all_scores(given, layout, beside, impossible)
    decided = decide(scores, settled, given.answers.index, len(layout.items))
    log = (*scores.log, *decided.log)
    return Screening(
        decided.scores, decided.flags, decided.reasons, decided.decisions, decided.rules, scores.items,
        _kept(given, decided.keep, log), given, layout, log,
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


def _kept(survey: Survey, keep: NDArray[np.bool_], log: tuple[str, ...]) -> Survey:
    """The survey without the excluded respondents, and with a longer log."""
    told = (*survey.log, *log)
    if keep.all():
        return replace(survey, log=told)
    return replace(survey, answers=survey.answers[keep], respondents=survey.respondents[keep], log=told)
