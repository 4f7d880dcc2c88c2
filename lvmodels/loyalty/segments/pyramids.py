"""Customer pyramids: tiers by rank of revenue, and tiers by loyalty and value together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import OptionValueError
from lvmodels.loyalty.segments.cut_points import CutPoint, Cuts, Ties
from lvmodels.loyalty.segments.matrices import BETWEEN, loyalty_value
from lvmodels.loyalty.segments.record import Classification, classified
from lvmodels.loyalty.segments.roles import Role, read_roles, refuse_constant, refuse_negative

__all__ = ["METALS", "combined_pyramid", "pyramid"]

METALS = ("platinum", "gold", "iron", "lead")
_TIERS = ("top", "big", "medium", "small")
_COMBINED = ("first", "second", "third")


def pyramid(
    data: Any,
    revenue: Role = "revenue",
    *,
    customer: str | None = None,
    shares: Sequence[float] = (0.01, 0.04, 0.15, 0.80),
    names: Sequence[str] = _TIERS,
    ties: Ties = "high",
    describe: Sequence[str] = (),
) -> Classification:
    """Tiers of customers by rank of revenue: the top 1 %, the next 4 %, the next 15 %, and the other 80 %.

    Parameters
    ----------
    data : data frame or Survey
        A row a customer.
    revenue : str or sequence of str
        Money in a period, 0 or above.
    customer, describe
        As in `attitude_behaviour`.
    shares : sequence of float
        Shares of the customers from the top tier down; they add up to 1. A tier begins with a whole customer: of ten
        customers the top 1 % is one.
    names : sequence of str
        One a tier; `METALS` are platinum, gold, iron, lead.
    ties : {"high", "low"}
        Customers with the same revenue are in one tier: the upper ("high") or the lower one that they reach into.

    Returns
    -------
    Classification
        The profile has the sum of the revenue of each tier and its share; `cuts` the revenue at which tiers begin.

    Raises
    ------
    UnknownVariableError, NonNumericError, OptionValueError, RepeatedCustomerError, ConstantVariableError
    NegativeValueError
        For a revenue below zero.

    References
    ----------
    Curry, J. and Curry, A. (2000). *The customer marketing method*. Free Press. Zeithaml, V. A., Rust, R. T. and Lemon,
    K. N. (2001). The customer pyramid. *California Management Review*, 43(4), 118-142.

    Examples
    --------
    >>> import pandas as pd
    >>> customers = pd.DataFrame({"revenue": range(1, 101)})
    >>> pyramid(customers).profile["n"].tolist()
    [1, 4, 15, 80]
    """
    amounts = _checked_shares(shares, names)
    roles = read_roles(data, {"revenue": revenue}, customer)
    refuse_negative(roles, ("revenue",))
    values = roles.values["revenue"]
    refuse_constant("revenue", values)
    if ties not in ("high", "low"):
        raise OptionValueError(f"ties={ties!r} is not possible; equal customers go 'high' or 'low'.")
    known = values[~np.isnan(values)]
    codes, tied = _tiers(values, known, amounts, ties)
    log = list(roles.said_missing())
    parts = ", ".join(f"{name} {share:.4g}" for name, share in zip(names, amounts, strict=True))
    log.append(f"Tiers by rank of revenue among {len(known)} customers: {parts}.")
    if tied:
        upper = "the upper" if ties == "high" else "the lower"
        log.append(f"{tied} customers with equal revenue reach into two tiers; ties='{ties}' puts them into {upper}.")
    points = []
    for k in range(len(names) - 1):
        inside = values[(codes >= 0) & (codes <= k)]
        if len(inside):
            points.append(CutPoint(str(names[k]), "rank", float(inside.min()), float(inside.min())))
    return classified("pyramid", "tiers", list(names), codes, roles, describe, points, log, total="revenue")


def _checked_shares(shares: Sequence[float], names: Sequence[str]) -> NDArray[np.float64]:
    amounts = np.asarray(shares, dtype=float)
    if amounts.ndim != 1 or len(amounts) < 2 or not (amounts > 0.0).all() or abs(amounts.sum() - 1.0) > 1e-9:
        raise OptionValueError(f"shares={tuple(shares)} must be two or more shares above 0 that add up to 1.")
    if len(names) != len(amounts) or len(set(names)) != len(names):
        raise OptionValueError(f"names has {len(names)} names and shares {len(amounts)} tiers; name each tier once.")
    return amounts


def _tiers(
    values: NDArray[np.float64], known: NDArray[np.float64], shares: NDArray[np.float64], ties: Ties
) -> tuple[NDArray[np.intp], int]:
    """Tier of every customer (-1: none), and how many are tied across a border."""
    ordered, n = np.sort(known), len(known)
    # first place in each tier but the highest; round, lest 0.05 x 100 begin a tier one customer late
    starts = np.ceil(np.round(np.cumsum(shares)[:-1] * n, 9))
    best = n - np.searchsorted(ordered, values, side="right")  # how many have more
    worst = n - np.searchsorted(ordered, values, side="left") - 1  # the last place of those who have as much
    upper = np.searchsorted(starts, best, side="right")
    lower = np.searchsorted(starts, worst, side="right")
    codes = np.asarray(upper if ties == "high" else lower, dtype=np.intp)
    gone = np.isnan(values)
    codes[gone] = -1
    return codes, int(((upper != lower) & ~gone).sum())


def combined_pyramid(
    data: Any,
    loyalty: Role = "loyalty",
    value: Role = "value",
    *,
    customer: str | None = None,
    cut: Cuts = "median",
    ties: Ties = "high",
    describe: Sequence[str] = (),
) -> Classification:
    """The pyramid of loyalty and value: quadrant A on the first tier, B and C together on the second, D on the third.

    Parameters
    ----------
    data : data frame or Survey
    loyalty, value, customer, cut, ties, describe
        As in `loyalty_value`.

    Returns
    -------
    Classification
        Customers between two cut points are on the second tier.

    Raises
    ------
    UnknownVariableError, NonNumericError, OptionValueError, RepeatedCustomerError, ConstantVariableError

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"loyalty": [5, 1, 5, 1], "value": [900, 800, 20, 10]})
    >>> combined_pyramid(answers).labels.tolist()
    ['first', 'second', 'second', 'third']
    """
    quadrants = loyalty_value(data, loyalty, value, customer=customer, cut=cut, ties=ties)
    tier = {"A": 0, "B": 1, "C": 1, "D": 2, BETWEEN: 1}
    codes = np.array([tier.get(label, -1) for label in quadrants.labels.tolist()], dtype=np.intp)
    roles = read_roles(data, {"loyalty": loyalty, "value": value}, customer)
    points = [CutPoint(*row) for row in quadrants.cuts.itertuples(index=False)]
    log = [*quadrants.log[len(roles.log) :], "Tiers by quadrant: A; B and C; D."]
    return classified("combined_pyramid", "tiers", _COMBINED, codes, roles, describe, points, log, total="value")
