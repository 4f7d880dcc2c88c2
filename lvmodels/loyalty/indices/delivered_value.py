"""Perceived value as an account: benefits less costs, over a relationship, and core with what is added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lvmodels.errors import OptionValueError
from lvmodels.loyalty.indices.answers import answers_of
from lvmodels.loyalty.indices.intervals import mean_row
from lvmodels.loyalty.lifetime.numbers import checked, plain

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DeliveredValue", "core_value", "delivered_value", "relationship_value"]

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class DeliveredValue:
    """What customers get and give.

    Attributes
    ----------
    table : DataFrame
        Rows product, service, personnel, image (benefits), money, time, energy, psychic (costs), benefit, cost,
        delivered (benefit less cost); columns kind ("benefit", "cost", "total"), mean, n, se, ci_lower, ci_upper. Of
        customers with all eight; one number alone has no interval.
    values : DataFrame, shape (n, 11)
        Of every customer.
    ratio : float
        Mean benefit over mean cost; infinite without any cost.
    """

    table: pd.DataFrame
    values: pd.DataFrame
    ratio: float


def delivered_value(
    product: ArrayLike | str = 0.0,
    service: ArrayLike | str = 0.0,
    personnel: ArrayLike | str = 0.0,
    image: ArrayLike | str = 0.0,
    money: ArrayLike | str = 0.0,
    time: ArrayLike | str = 0.0,
    energy: ArrayLike | str = 0.0,
    psychic: ArrayLike | str = 0.0,
    data: Any = None,
    level: float = 0.95,
) -> DeliveredValue:
    """Delivered value = (product + service + personnel + image value) - (money + time + energy + psychic cost).

    Parameters
    ----------
    product, service, personnel, image : float, array_like of shape (n,), or str
        Values, in one unit (money, or points of one scale); a text is the column of `data`.
    money, time, energy, psychic : float, array_like of shape (n,), or str
        Costs, in the same unit, not negative.
    data : data frame, Survey or path, optional
    level : float
        Of the t intervals.

    Returns
    -------
    DeliveredValue

    Raises
    ------
    OptionValueError, UnknownVariableError

    References
    ----------
    Kotler, P. (1994). *Marketing management* (8th ed.). Prentice Hall, chap. 2.

    Examples
    --------
    >>> found = delivered_value(product=60, service=25, personnel=10, image=5, money=55, time=10, energy=5, psychic=2)
    >>> found.table.loc[["benefit", "cost", "delivered"], "mean"].tolist(), round(found.ratio, 3)
    ([100.0, 72.0, 28.0], 1.389)
    """
    import pandas as pd

    benefits = {"product": product, "service": service, "personnel": personnel, "image": image}
    costs = {"money": money, "time": time, "energy": energy, "psychic": psychic}
    given = {name: _column(name, value, data) for name, value in {**benefits, **costs}.items()}
    n = max(len(column) for column in given.values())
    for name, column in given.items():
        if len(column) not in (1, n):
            raise OptionValueError(
                f"{name} has {len(column)} values where others have {n}; give one for each customer."
            )
        if name in costs and np.nanmin(column) < 0:
            raise OptionValueError(f"{name} holds the cost {np.nanmin(column):g}; give costs as positive numbers.")
    values = pd.DataFrame({name: np.broadcast_to(column, n) for name, column in given.items()})
    values["benefit"] = values[list(benefits)].sum(axis=1, skipna=False)
    values["cost"] = values[list(costs)].sum(axis=1, skipna=False)
    values["delivered"] = values["benefit"] - values["cost"]
    whole = values.dropna()
    if whole.empty:
        raise OptionValueError("no customer has all values and costs; leave out the columns that nobody answered.")
    rows = {name: mean_row(whole[name].to_numpy(), level) for name in values}
    table = pd.DataFrame.from_dict(rows, orient="index")[["mean", "n", "se", "ci_lower", "ci_upper"]]
    table.insert(0, "kind", [*["benefit"] * 4, *["cost"] * 4, *["total"] * 3])
    cost = float(table.loc["cost", "mean"])
    return DeliveredValue(table, values, float(table.loc["benefit", "mean"]) / cost if cost else np.inf)


def relationship_value(
    episode_benefits: ArrayLike,
    relationship_benefits: ArrayLike,
    episode_sacrifice: ArrayLike,
    relationship_sacrifice: ArrayLike,
) -> Any:
    """Value over a relationship: (episode + relationship benefits) / (episode + relationship sacrifice).

    Parameters
    ----------
    episode_benefits, relationship_benefits : float or array_like
        What a single encounter brings, and what the relationship brings beyond: safety, trust, ease.
    episode_sacrifice, relationship_sacrifice : float or array_like
        What each costs, in the same unit; not both zero.

    Returns
    -------
    float or ndarray
        Above 1 where benefits outweigh.

    Raises
    ------
    OptionValueError

    References
    ----------
    Ravald, A. and Grönroos, C. (1996). The value concept and relationship marketing. *European Journal of Marketing*,
    30(2), 19-30.

    Examples
    --------
    >>> relationship_value(80, 40, 70, 10)
    1.5
    """
    names = ("episode_benefits", "relationship_benefits", "episode_sacrifice", "relationship_sacrifice")
    given = (episode_benefits, relationship_benefits, episode_sacrifice, relationship_sacrifice)
    a, b, c, d = (checked(name, value, lowest=0.0) for name, value in zip(names, given, strict=True))
    cost = c + d
    if np.any(cost == 0):
        raise OptionValueError("without any sacrifice the ratio has no value; give one of the two above 0.")
    return plain((a + b) / cost)


def core_value(core: ArrayLike, added: ArrayLike) -> Any:
    """Value of a core solution with what the service around it adds, or destroys: core ± added.

    Parameters
    ----------
    core, added : float or array_like
        In one unit; what is added is negative where service destroys value.

    Returns
    -------
    float or ndarray

    Raises
    ------
    OptionValueError

    References
    ----------
    Grönroos, C. (1997). Value-driven relational marketing: From products to resources and competencies. *Journal of
    Marketing Management*, 13(5), 407-419.

    Examples
    --------
    >>> core_value(10, [2, -3]).tolist()
    [12.0, 7.0]
    """
    return plain(checked("core", core) + checked("added", added))


def _column(name: str, value: Any, data: Any) -> Vector:
    if not isinstance(value, str):
        return np.atleast_1d(checked(name, value))
    if data is None:
        raise OptionValueError(f"{name}='{value}' names a column, but there is no data; pass data=, or give numbers.")
    return answers_of(data, [value])[0][:, 0]
