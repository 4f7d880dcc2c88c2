"""Customers who leave for good: lifetime value from a retention rate, and what a higher rate is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from lvmodels.errors import OptionValueError
from lvmodels.loyalty.lifetime.numbers import checked, plain

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RetentionLever", "retention_lever", "retention_value"]

PUBLISHED = {
    "advertising": 0.95, "life insurance": 0.90, "banking": 0.85, "insurance": 0.84, "car service": 0.81,
    "credit card": 0.75,
}  # fmt: skip
"""Published rise of a customer's present value when retention rises by five points (after Reichheld 1996)."""

First = Literal["now", "next"]


def retention_value(
    margin: ArrayLike,
    retention: ArrayLike,
    rate: ArrayLike,
    periods: int | None = None,
    first: First = "now",
    acquisition_cost: ArrayLike = 0.0,
) -> Any:
    """Lifetime value of a customer who stays each period with the same probability, and never comes back.

    With a payment now, CLV = m (1 + q + q² + ...) - AC, q = s / (1 + r); without it the sum begins with q.

    Parameters
    ----------
    margin : float or array_like
        m, contribution of a period in which the customer is there.
    retention : float or array_like
        s, the probability to stay from one period to the next, 0 to 1.
    rate : float or array_like
        r, the discount rate of a period, above -1.
    periods : int, optional
        How many payments count; without end by default.
    first : {"now", "next"}
        Whether the first payment is made today, or after one period by those who stay.
    acquisition_cost : float or array_like
        AC, today.

    Returns
    -------
    float or ndarray
        Money of today.

    Raises
    ------
    OptionValueError
        Also when the sum has no limit, s >= 1 + r.

    References
    ----------
    Dwyer, F. R. (1997). Customer lifetime valuation to support marketing decision making. *Journal of Direct
    Marketing*, 11(4), 6-13 (lost for good). Gupta, S. and Lehmann, D. R. (2003). Customers as assets. *Journal of
    Interactive Marketing*, 17(1), 9-24.

    Examples
    --------
    >>> round(retention_value(100, 0.8, 0.1), 2)
    366.67
    >>> round(retention_value(100, 0.8, 0.1, first="next"), 2)
    266.67
    """
    if first not in ("now", "next"):
        raise OptionValueError(f"first={first!r} is not known; it is 'now' or 'next'.")
    s, r = checked("retention", retention, 0.0, 1.0), checked("rate", rate, lowest=-1.0, open_ends=True)
    q = s / (1.0 + r)
    if periods is None:
        if (q >= 1.0).any():
            raise OptionValueError(
                "without an end the value has no limit, because retention is not below 1 + rate; "
                "give periods, or a higher rate."
            )
        total = 1.0 / (1.0 - q)
    else:
        n = float(checked("periods", periods, lowest=0.0))
        with np.errstate(invalid="ignore", divide="ignore"):
            total = np.where(q == 1.0, n, (1.0 - q**n) / (1.0 - q))
    worth = checked("margin", margin) * (total if first == "now" else q * total)
    return plain(worth - checked("acquisition_cost", acquisition_cost))


@dataclass(frozen=True, slots=True)
class RetentionLever:
    """What a rise of the retention rate does to lifetime value.

    Attributes
    ----------
    before, after : float
        Lifetime value at the two rates, money of today.
    change : float
        after - before.
    share : float
        The change as a share of the value before.
    published : Series
        Rises of present value by industry, published for five points more of retention (Reichheld 1996), as shares.
    """

    before: float
    after: float
    change: float
    share: float
    published: pd.Series[float]


def retention_lever(
    margin: float, retention: float, rate: float, points: float = 0.05, periods: int | None = None, first: First = "now"
) -> RetentionLever:
    """How much more a customer is worth when retention rises, by five points unless said otherwise.

    Parameters
    ----------
    margin, retention, rate, periods, first
        As for `retention_value`.
    points : float
        The rise of the retention rate, 0.05 for five points.

    Returns
    -------
    RetentionLever

    Raises
    ------
    OptionValueError
        Also when retention would rise above 1.

    References
    ----------
    Reichheld, F. F. (1996). *The Loyalty Effect*. Harvard Business School Press.

    Examples
    --------
    >>> lever = retention_lever(100, 0.80, 0.10)
    >>> round(lever.before, 2), round(lever.after, 2), round(lever.share, 3)
    (366.67, 440.0, 0.2)
    """
    import pandas as pd

    higher = float(checked("retention", retention, 0.0, 1.0)) + float(checked("points", points))
    if not 0.0 <= higher <= 1.0:
        raise OptionValueError(f"retention would be {higher:g}; choose points so that it stays between 0 and 1.")
    before, after = (float(retention_value(margin, s, rate, periods, first)) for s in (retention, higher))
    if before == 0.0:
        raise OptionValueError("the value before is 0, so that no share of it can be said; give a margin above 0.")
    published = pd.Series(PUBLISHED, name="rise")
    return RetentionLever(before, after, after - before, (after - before) / before, published)
