"""All indices of all respondents, in two passes over the answers: one for the sample, one for each respondent."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import InfiniteValueError
from lvmodels.survey.answers import Survey
from lvmodels.survey.screening.chunks import chunks
from lvmodels.survey.screening.columns import (
    Beside,
    attention_failures,
    column_of,
    device_groups,
    platform_marks,
    relative_speed,
    seconds,
    seconds_per_item,
)
from lvmodels.survey.screening.distance import Ellipsoid, distance_pvalue, mahalanobis, make_ellipsoid
from lvmodels.survey.screening.duplicates import answer_groups, others_alike, repeats, row_keys
from lvmodels.survey.screening.items import EdgeCounts, describe_items
from lvmodels.survey.screening.layout import Layout
from lvmodels.survey.screening.moments import ItemMoments, item_moments
from lvmodels.survey.screening.runs import average_longest_run, longest_run
from lvmodels.survey.screening.within import (
    even_odd,
    pair_correlation,
    pair_matrix,
    pair_sets,
    person_total,
    response_variability,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Scores", "all_scores", "described_items"]

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
Reason = tuple[str, str]
_ENOUGH = 0.5
"""Share of the items that must be answered before equal answers make a duplicate."""


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """What was computed.

    Attributes
    ----------
    values : dict
        Index → score of each respondent, shape (n,); an index that cannot be computed is not there.
    basis : dict
        Index → number of items, scales or separate sets of paired items that it rests on.
    items : DataFrame
        The items one by one.
    lacking : dict
        Index → why it could not be computed: a key ("duration", "scales", ...) and a clause.
    log : tuple of str
    """

    values: dict[str, Vector]
    basis: dict[str, int]
    items: pd.DataFrame
    lacking: dict[str, Reason] = field(default_factory=dict)
    log: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """What the second pass needs to know of the sample."""

    layout: Layout
    low: Vector
    width: Vector
    moments: ItemMoments
    synonyms: Matrix
    antonyms: Matrix
    ellipsoid: Ellipsoid | None
    varying: NDArray[np.intp]
    split: tuple[NDArray[np.intp], ...]


def all_scores(survey: Survey, layout: Layout, beside: Beside, impossible: Vector | None = None) -> Scores:
    """Compute every index that the data allow.

    Parameters
    ----------
    survey : Survey
        n respondents; its items are columns of numbers.
    layout : Layout
    beside : Beside
        Duration, attention checks and device.
    impossible : ndarray, shape (n,), optional
        Number of impossible codes that were made missing.

    Raises
    ------
    InfiniteValueError, NonNumericError, OptionValueError
    """
    with np.errstate(invalid="ignore"):  # infinite values are refused by name
        moments = item_moments(Y for _, Y in chunks(survey.answers, layout.items))
    _refuse_infinite(moments, layout.items)
    plan = _plan(layout, moments)
    values, keys, items = _answer_scores(survey, plan)
    lacking = _lacking(plan, len(layout.items), moments.n)
    said = list(layout.log)
    if impossible is not None:
        values["impossible"] = impossible
    else:
        reason = "the codes that may be answered are unknown (give an instrument, or codes=)"
        lacking["impossible"] = ("codes", reason)
    groups = answer_groups(survey.answers, layout.items, keys, values["answered"] >= _ENOUGH)
    values["same_answers"] = others_alike(groups)
    _beside_scores(survey, beside, groups, len(layout.items), values, lacking, said)
    if plan.ellipsoid is not None and plan.ellipsoid.smoothed:
        said.append(
            "Mahalanobis distance: the covariance matrix of the items is not positive definite; "
            "its smallest eigenvalues were raised."
        )
    return Scores(values, _basis(plan), items, lacking, tuple(said))


def _refuse_infinite(moments: ItemMoments, items: tuple[str, ...]) -> None:
    infinite = np.isinf(moments.minimum) | np.isinf(moments.maximum)
    if infinite.any():
        names = ", ".join(f"'{items[k]}'" for k in np.flatnonzero(infinite))
        raise InfiniteValueError(f"infinite values stand in {names}; replace them by numbers or by missing values.")


def described_items(survey: Survey, layout: Layout) -> pd.DataFrame:
    """The items one by one, over the respondents of a survey: `Screening.items` of only those that remain."""
    nobody = [np.full((len(layout.items), 1), np.nan)] if not len(survey.answers) else []
    moments = item_moments(chain(nobody, (Y for _, Y in chunks(survey.answers, layout.items))))
    edges = EdgeCounts(*_range(layout, moments), moments)
    for _, Y in chunks(survey.answers, layout.items):
        edges.add(Y)
    return describe_items(layout, moments, edges)


def _range(layout: Layout, moments: ItemMoments) -> tuple[Vector, Vector]:
    """Lowest and highest code of each item; where nobody said, those that anybody answered to any item."""
    if not np.isnan(layout.low).any():
        return layout.low, layout.high
    p = len(layout.items)
    low, high = np.nanmin(moments.minimum, initial=np.inf), np.nanmax(moments.maximum, initial=-np.inf)
    return np.full(p, low), np.full(p, high)


def _plan(layout: Layout, moments: ItemMoments) -> _Plan:
    low, high = _range(layout, moments)
    width = np.where(high > low, high - low, 1.0)
    varying = np.flatnonzero(np.nan_to_num(moments.central[0]) > 0)
    mean, cov = moments.mean[varying], moments.cov[np.ix_(varying, varying)]
    usable = len(varying) > 1 and moments.n > len(varying)
    return _Plan(
        layout, low, width, moments,
        pair_matrix(moments.cor), pair_matrix(moments.cor, antonyms=True),
        make_ellipsoid(mean, cov) if usable else None, varying,
        tuple(where for _, where in layout.scales if len(where) > 1),
    )  # fmt: skip


def _answer_scores(survey: Survey, plan: _Plan) -> tuple[dict[str, Vector], NDArray[np.uint64], pd.DataFrame]:
    """The second pass: scores that need answers alone."""
    n = len(survey.answers)
    p = len(plan.layout.items)
    names = ["answered", "longstring", "longstring_average"]
    names += [name for name, needed in (("irv", 2), ("person_total", 3)) if p >= needed]
    names += ["even_odd"] if len(plan.split) >= 3 else []
    names += [name for name, pairs in _pairs(plan) if pairs.sum() >= 3]
    names += ["mahalanobis", "mahalanobis_p"] if plan.ellipsoid is not None else []
    values = {name: np.empty(n) for name in names}
    keys = np.empty(n, dtype=np.uint64)
    edges = EdgeCounts(plan.low, plan.low + plan.width, plan.moments)
    for rows, Y in chunks(survey.answers, plan.layout.items):
        edges.add(Y)
        keys[rows] = row_keys(Y)
        found = _of_piece(Y, plan, names)
        for name in names:
            values[name][rows] = found[name]
    return values, keys, describe_items(plan.layout, plan.moments, edges)


def _of_piece(Y: Matrix, plan: _Plan, names: list[str]) -> dict[str, Vector]:
    """Scores of some respondents, answers of shape (p, rows)."""
    layout, moments = plan.layout, plan.moments
    R = (Y - plan.low[:, None]) / plan.width[:, None]  # scales of different length on one range
    mean = (moments.mean - plan.low) / plan.width
    found = {
        "answered": 1 - np.isnan(Y).sum(axis=0) / len(Y),
        "longstring": longest_run(Y, layout.breaks),
        "longstring_average": average_longest_run(Y, layout.pages, layout.breaks),
    }
    if "irv" in names:
        found["irv"] = response_variability(Y)
    if "person_total" in names:
        found["person_total"] = person_total(R, mean, moments.count)
    for name, pairs in _pairs(plan):
        if name in names:
            found[name] = pair_correlation(R, pairs)
    if "even_odd" in names:
        turned = R.copy()
        turned[layout.reverse] = 1 - turned[layout.reverse]
        found["even_odd"] = even_odd(turned, plan.split)
    if plan.ellipsoid is not None:
        squared, df = mahalanobis(Y[plan.varying], plan.ellipsoid)
        found["mahalanobis"], found["mahalanobis_p"] = squared, distance_pvalue(squared, df)
    return found


def _pairs(plan: _Plan) -> tuple[tuple[str, Matrix], tuple[str, Matrix]]:
    return ("synonyms", plan.synonyms), ("antonyms", plan.antonyms)


def _basis(plan: _Plan) -> dict[str, int]:
    sets = {name: pair_sets(matrix) for name, matrix in _pairs(plan)}
    p = len(plan.layout.items)
    return {"longstring": p, "irv": p, "person_total": p, "repeats": p, "even_odd": len(plan.split), **sets}


def _lacking(plan: _Plan, p: int, n: int) -> dict[str, Reason]:
    found: dict[str, Reason] = {}
    for index, needed in (("irv", 2), ("person_total", 3)):
        if p < needed:
            found[index] = ("items", f"it needs {needed} items, and there {'is' if p == 1 else 'are'} {p}")
    if len(plan.split) < 3:
        reason = f"it needs three scales of two items or more, and there are {len(plan.split)} (scales=)"
        found["even_odd"] = ("scales", reason)
    for name, pairs in _pairs(plan):
        if pairs.sum() < 3:
            sign = "≥ .60" if name == "synonyms" else "≤ −.60"
            found[name] = ("pairs", f"it needs three pairs of items with r {sign}, and there are {int(pairs.sum())}")
    if plan.ellipsoid is None:
        reason = f"it needs two items that vary ({len(plan.varying)} of {p} do) and more respondents ({n}) than those"
        found |= dict.fromkeys(("mahalanobis", "mahalanobis_p"), ("variance", reason))
    return found


def _beside_scores(
    survey: Survey,
    beside: Beside,
    groups: NDArray[np.intp],
    p: int,
    values: dict[str, Vector],
    lacking: dict[str, Reason],
    said: list[str],
) -> None:
    """Scores that need a column beside the items."""
    marks = platform_marks(survey)
    values |= marks
    unmarked = ("platform", "no column of a survey platform says so")
    lacking |= {index: unmarked for index in ("unfinished", "preview") if index not in marks}
    if beside.duration is None:
        reason = ("duration", "no column with the duration was named (duration=)")
        lacking |= dict.fromkeys(("seconds_per_item", "relative_speed"), reason)
    else:
        if "duration" in beside.found:
            said.append(f"Column '{beside.duration}' was taken as the duration in seconds.")
        pace = seconds_per_item(seconds(column_of(survey, beside.duration, "duration")), values["answered"] * p)
        values["seconds_per_item"], values["relative_speed"] = pace, relative_speed(pace)
    if beside.attention:
        values["attention_failed"] = attention_failures(survey, beside.attention)
    else:
        lacking["attention_failed"] = ("attention", "no attention check was named (attention=)")
    if beside.device is None:
        reason = ("device", "no column with the device or address was named (device=)")
        lacking |= dict.fromkeys(("same_device", "repeats"), reason)
    else:
        if "device" in beside.found:
            said.append(f"Column '{beside.device}' was taken to tell who shares an address.")
        devices = device_groups(column_of(survey, beside.device, "device"))
        values["same_device"], values["repeats"] = others_alike(devices), repeats(groups, devices)
