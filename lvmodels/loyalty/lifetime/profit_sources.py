"""Where the profit of loyalty comes from, year by year of the relationship."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from lvmodels.errors import OptionValueError
from lvmodels.loyalty.lifetime.numbers import Vector, checked

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ProfitSources", "profit_sources"]


@dataclass(frozen=True, slots=True, eq=False)
class ProfitSources:
    """Profit of a customer by year and source.

    Attributes
    ----------
    table : DataFrame
        One row a year, from 0, the year of acquisition; columns acquisition (not above 0), base, cross_selling,
        lower_cost, referral, price_premium, total; money.
    present_value : float
        Of the totals, money of today.
    breakeven : int or None
        First year at whose end the totals so far have paid the acquisition; None when they never do.
    """

    table: pd.DataFrame
    present_value: float
    breakeven: int | None


def profit_sources(
    acquisition_cost: float,
    base: ArrayLike,
    cross_selling: ArrayLike = 0.0,
    lower_cost: ArrayLike = 0.0,
    referral: ArrayLike = 0.0,
    price_premium: ArrayLike = 0.0,
    rate: float = 0.0,
    retention: float = 1.0,
) -> ProfitSources:
    """Add up what a customer brings in each year of the relationship, by source.

    Parameters
    ----------
    acquisition_cost : float
        Money, in year 0.
    base : array_like, shape (n,)
        Profit from the first purchases' kind, in years 1 to n.
    cross_selling, lower_cost, referral, price_premium : array_like, shape (n,), or float
        Additional profit in the same years: more and other products; service that experienced customers need less of;
        customers whom they bring; prices they pay without discounts.
    rate : float
        Discount rate of a year.
    retention : float
        Probability to stay from one year to the next, by which year t counts retention^(t - 1).

    Returns
    -------
    ProfitSources

    Raises
    ------
    OptionValueError

    References
    ----------
    Reichheld, F. F. and Sasser, W. E. (1990). Zero defections: Quality comes to services. *Harvard Business Review*,
    68(5), 105-111.

    Examples
    --------
    >>> sources = profit_sources(60, [30, 30, 30], cross_selling=[0, 5, 10], referral=[0, 2, 4])
    >>> sources.table["total"].tolist(), sources.breakeven
    ([-60.0, 30.0, 37.0, 44.0], 2)
    """
    import pandas as pd

    given = {"base": base, "cross_selling": cross_selling, "lower_cost": lower_cost, "referral": referral,
             "price_premium": price_premium}  # fmt: skip
    years = np.atleast_1d(checked("base", base)).size
    columns = {name: _by_year(name, value, years) for name, value in given.items()}
    stays = float(checked("retention", retention, 0.0, 1.0)) ** np.arange(years)
    cost = float(checked("acquisition_cost", acquisition_cost, lowest=0.0))
    table = pd.DataFrame({name: np.concatenate([[0.0], stays * column]) for name, column in columns.items()})
    table.insert(0, "acquisition", np.concatenate([[-cost], np.zeros(years)]) + 0.0)
    table.index.name = "year"
    total = table.sum(axis=1).to_numpy()
    table["total"] = total
    discount = (1.0 + float(checked("rate", rate, lowest=-1.0, open_ends=True))) ** -np.arange(years + 1.0)
    paid = np.flatnonzero(np.cumsum(total) >= 0.0)
    return ProfitSources(table, float(total @ discount), int(paid[0]) if len(paid) else None)


def _by_year(name: str, value: ArrayLike, years: int) -> Vector:
    array = checked(name, value)
    if array.ndim and array.shape != (years,):
        raise OptionValueError(f"{name} has {array.size} years and base has {years}; give as many, or one number.")
    return np.broadcast_to(array, (years,))
