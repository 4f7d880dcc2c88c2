"""Grades A to E, by need and closing time or by weighted dimensions, and the level of a relationship."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lvmodels.errors import DataError, OptionValueError
from lvmodels.loyalty.segments.cut_points import CutPoint, Cuts, Ties, cut_for, cut_point, sides
from lvmodels.loyalty.segments.record import Classification, classified
from lvmodels.loyalty.segments.roles import Role, read_roles, refuse_constant, refuse_negative

__all__ = ["closing_grades", "relationship_level", "weighted_grades"]

_GRADES = ("A", "B", "C", "D", "E")
_LEVELS = ("basic", "reactive", "accountable", "proactive", "partnership")


def closing_grades(
    data: Any,
    months: Role = "months",
    need: Role | None = None,
    *,
    customer: str | None = None,
    within: Sequence[float] = (1.0, 3.0, 6.0),
    describe: Sequence[str] = (),
) -> Classification:
    """Grades by expected closing time: A within a month, B within three, C within six, D later, E none.

    Parameters
    ----------
    data : data frame or Survey
        A row a customer.
    months : str or sequence of str
        Months until the customer will probably close, 0 or above; missing when none is expected.
    need : str, optional
        1 (True) needs what we sell, 0 (False) does not and gets E whatever the months; missing leaves without a grade.
    customer, describe
        As in `attitude_behaviour`.
    within : sequence of three numbers
        Ends of A, B and C in months; the end belongs to the better grade.

    Returns
    -------
    Classification

    Raises
    ------
    UnknownVariableError, NonNumericError, OptionValueError, RepeatedCustomerError
    NegativeValueError
        For a closing time in the past.

    Examples
    --------
    >>> import pandas as pd
    >>> leads = pd.DataFrame({"months": [1, 3, 6, 9, None, 1], "need": [1, 1, 1, 1, 1, 0]})
    >>> closing_grades(leads, need="need").labels.tolist()
    ['A', 'B', 'C', 'D', 'E', 'E']
    """
    ends = [float(end) for end in within]
    if len(ends) != 3 or not 0.0 < ends[0] < ends[1] < ends[2]:
        raise OptionValueError(f"within={tuple(within)} must be three ascending numbers of months above 0.")
    roles = read_roles(data, {"months": months, "need": need}, customer)
    refuse_negative(roles, ("months",))
    time = roles.values["months"]
    codes = np.searchsorted(ends, time, side="left").astype(np.intp)
    codes[np.isnan(time)] = 4
    log = [f"{int(np.isnan(time).sum())} customers have no closing time: E."] if np.isnan(time).any() else []
    if need is not None:
        wanted = roles.values["need"]
        codes[wanted < 0.5] = 4
        codes[np.isnan(wanted)] = -1
        if np.isnan(wanted).any():
            log.append(f"{int(np.isnan(wanted).sum())} customers have no grade: need missing.")
    points = [CutPoint(f"months {grade}", "given", end, end) for grade, end in zip("ABC", ends, strict=True)]
    log.append("A closing time on the end of a grade gets the better grade.")
    return classified("closing_grades", "stages", _GRADES, codes, roles, describe, points, log)


def weighted_grades(
    data: Any,
    weights: Mapping[str, float],
    *,
    ranges: Mapping[str, tuple[float, float]] | None = None,
    bounds: Sequence[float] = (0.8, 0.6, 0.4, 0.2),
    customer: str | None = None,
    describe: Sequence[str] = (),
) -> Classification:
    """Grades on several dimensions, such as value, need, loyalty and behaviour, with weights.

    Each dimension is brought to 0 to 1 over its range; their weighted mean is the score, and a score on a bound gets
    the better grade.

    Parameters
    ----------
    data : data frame or Survey
        A row a customer.
    weights : dict of str to float
        Column → weight, above 0; they need not add up to 1.
    ranges : dict of str to pair of numbers, optional
        Column → worst and best value (worst above best where less is better). The observed range by default, and then a
        grade depends on who else is in the data.
    bounds : sequence of four numbers
        Scores at which A, B, C and D begin.
    customer, describe
        As in `attitude_behaviour`.

    Returns
    -------
    Classification
        `axes` has the dimensions, and the score.

    Raises
    ------
    UnknownVariableError, NonNumericError, OptionValueError, RepeatedCustomerError, ConstantVariableError

    Examples
    --------
    >>> import pandas as pd
    >>> customers = pd.DataFrame({"value": [100, 50, 0], "need": [5, 5, 1]})
    >>> graded = weighted_grades(customers, {"value": 3, "need": 1}, ranges={"need": (1, 5)})
    >>> graded.axes["score"].tolist(), graded.labels.tolist()
    ([1.0, 0.625, 0.0], ['A', 'B', 'E'])
    """
    if not weights or not all(np.isfinite(w) and w > 0.0 for w in weights.values()):
        raise OptionValueError(f"weights={dict(weights)} must give one or more columns a weight above 0.")
    if len(bounds) != 4 or not 1.0 >= bounds[0] > bounds[1] > bounds[2] > bounds[3] >= 0.0:
        raise OptionValueError(f"bounds={tuple(bounds)} must be four descending numbers between 1 and 0.")
    own = dict(ranges or {})
    for name in own:
        if name not in weights:
            raise OptionValueError(f"ranges names '{name}', which has no weight. Correct it, or give it one.")
    roles = read_roles(data, {name: name for name in weights}, customer)
    total, log = np.zeros(len(roles.index)), list(roles.said_missing())
    for name, weight in weights.items():
        values = roles.values[name]
        if name not in own:
            refuse_constant(name, values)
            own[name] = (float(np.nanmin(values)), float(np.nanmax(values)))
            log.append(f"{name} runs over the observed range, {own[name][0]:g} to {own[name][1]:g}.")
        worst, best = own[name]
        if worst == best or not np.isfinite([worst, best]).all():
            raise OptionValueError(f"the range of {name}, {worst:g} to {best:g}, must be two different numbers.")
        place = (values - worst) / (best - worst)
        if (place < -1e-9).any() or (place > 1.0 + 1e-9).any():
            raise DataError(f"{name} has values outside its range {worst:g} to {best:g}; widen ranges=.")
        total += weight * place
    score = np.round(total / sum(weights.values()), 12)
    roles.values["score"] = score
    codes = np.searchsorted(-np.asarray(bounds, dtype=float), -score, side="left").astype(np.intp)
    codes[np.isnan(score)] = -1
    points = [CutPoint(f"score {grade}", "given", bound, bound) for grade, bound in zip("ABCD", bounds, strict=True)]
    on = int(np.isin(score, bounds).sum())
    if on:
        log.append(f"{on} customers lie on a bound and get the better grade.")
    return classified("weighted_grades", "stages", _GRADES, codes, roles, describe, points, log)


def relationship_level(
    data: Any,
    customers: Role = "customers",
    margin: Role = "margin",
    *,
    market: str | None = None,
    cut: Cuts = "terciles",
    ties: Ties = "high",
    describe: Sequence[str] = (),
) -> Classification:
    """The level of relationship that pays in a market: the fewer customers and the higher the margin, the closer.

    ============  ===========  ===========  ===========
    customers     high margin  medium       low
    ============  ===========  ===========  ===========
    many          accountable  reactive     basic
    medium        proactive    accountable  reactive
    few           partnership  proactive    accountable
    ============  ===========  ===========  ===========

    Parameters
    ----------
    data : data frame
        A row a market, product or segment of customers.
    customers : str or sequence of str
        Number of customers there, 0 or above.
    margin : str or sequence of str
        Margin, money or a share; may be negative.
    market : str, optional
        Column with the market, which becomes the index.
    cut : "terciles", or pairs of numbers by role
        Where medium and high begin.
    ties, describe
        As in `attitude_behaviour`.

    Returns
    -------
    Classification

    Raises
    ------
    UnknownVariableError, NonNumericError, OptionValueError, ConstantVariableError
    RepeatedCustomerError
        When a market is in two rows.
    NegativeValueError
        For a number of customers below zero.

    References
    ----------
    Kotler, P. (1992). Marketing's new paradigm: what's really happening out there. *Planning Review*, 20(5), 50-52.

    Examples
    --------
    >>> import pandas as pd
    >>> markets = pd.DataFrame({"customers": [9000, 500, 10], "margin": [2, 50, 900]})
    >>> relationship_level(markets, cut={"customers": (100, 1000), "margin": (10, 100)}).labels.tolist()
    ['basic', 'accountable', 'partnership']
    """
    roles = read_roles(data, {"customers": customers, "margin": margin}, market)
    refuse_negative(roles, ("customers",))
    points, side, log = [], [], list(roles.said_missing())
    for role in ("customers", "margin"):
        points.append(cut_point(role, roles.values[role], cut_for(role, cut, ("customers", "margin"))))
        codes, said = sides(roles.values[role], points[-1], ties)
        side.append(codes)
        log += said
    steps = side[1] - side[0] + 2.0
    steps[np.isnan(steps)] = -1.0
    return classified("relationship_level", "stages", _LEVELS, steps.astype(np.intp), roles, describe, points, log)
