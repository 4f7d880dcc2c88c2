"""How much of the value comes from how few customers: Lorenz curve, Gini coefficient, and the whale curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import DataError
from lvmodels.loyalty.segments.roles import Role, Roles, read_roles, refuse_negative

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Concentration", "WhaleCurve", "concentration", "whale_curve"]

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Concentration:
    """Concentration of revenue on customers.

    Attributes
    ----------
    gini : float
        0 when all bring the same, towards 1 when one brings all; (n - 1) / n at most.
    lorenz : DataFrame
        customers: share of the customers from the smallest up; revenue: their share of it. Begins at 0, 0.
    top_share : float
        Share of the revenue that comes from the largest 20 % of the customers.
    customers_for : float
        Share of the customers, the largest first, that brings 80 % of the revenue.
    n : int
    log : tuple of str
    """

    gini: float
    lorenz: pd.DataFrame
    top_share: float
    customers_for: float
    n: int
    log: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class WhaleCurve:
    """Cumulative profit, the most profitable customers first.

    Attributes
    ----------
    curve : DataFrame
        customers: share of the customers; profit: cumulative profit as a share of the total. From 0, 0 to 1, 1.
    peak : float
        Its highest point: profit of the profitable customers as a share of the total.
    peak_at : float
        Share of the customers who are profitable.
    destroyed : float
        Share of the peak that unprofitable customers take away again.
    total : float
        Money.
    n : int
    log : tuple of str
    """

    curve: pd.DataFrame
    peak: float
    peak_at: float
    destroyed: float
    total: float
    n: int
    log: tuple[str, ...]

    def share_at(self, customers: float) -> float:
        """Cumulative profit, as a share of the total, of this share of the customers (between points: linear)."""
        return float(np.interp(customers, self.curve["customers"], self.curve["profit"]))


def concentration(
    data: Any, revenue: Role = "revenue", *, customer: str | None = None, top: float = 0.2, of: float = 0.8
) -> Concentration:
    """Gini coefficient, Lorenz curve and the 80/20 rule.

    Parameters
    ----------
    data : data frame or Survey
        A row a customer.
    revenue : str or sequence of str
        Money, 0 or above.
    customer : str, optional
    top, of : float
        The shares that `top_share` and `customers_for` are about.

    Returns
    -------
    Concentration

    Raises
    ------
    UnknownVariableError, NonNumericError, RepeatedCustomerError
    NegativeValueError
        For a revenue below zero; profits belong to `whale_curve`.
    DataError
        When nobody brings anything.

    References
    ----------
    Gini, C. (1912). *Variabilità e mutabilità*. Lorenz, M. O. (1905). *Publications of the American Statistical
    Association*, 9(70), 209-219.

    Examples
    --------
    >>> import pandas as pd
    >>> found = concentration(pd.DataFrame({"revenue": [1, 1, 1, 1, 16]}))
    >>> round(found.gini, 3), round(found.top_share, 3), round(found.customers_for, 3)
    (0.6, 0.8, 0.2)
    """
    import pandas as pd

    for name, share in (("top", top), ("of", of)):
        if not 0.0 < share < 1.0:
            raise DataError(f"{name}={share!r} is no share between 0 and 1; write 20 % as 0.2.")
    roles = read_roles(data, {"revenue": revenue}, customer)
    refuse_negative(roles, ("revenue",))
    ordered, log = _known(roles, "revenue")
    n, total = len(ordered), float(ordered.sum())
    if total == 0.0:
        raise DataError("revenue is 0 for every customer; there is nothing to share out.")
    share = np.r_[0.0, np.cumsum(ordered) / total]
    place = np.arange(n + 1) / n
    gini = float(2.0 * (np.arange(1, n + 1) * ordered).sum() / (n * total) - (n + 1) / n)
    falling = 1.0 - share[::-1]
    return Concentration(
        gini=gini,
        lorenz=pd.DataFrame({"customers": place, "revenue": share}),
        top_share=float(np.interp(top, place, falling)),
        customers_for=_first_at(of, falling, place),
        n=n,
        log=log,
    )


def whale_curve(data: Any, profit: Role = "profit", *, customer: str | None = None) -> WhaleCurve:
    """Cumulative profit over customers, the most profitable first; it falls where customers cost more than they bring.

    Parameters
    ----------
    data : data frame or Survey
        A row a customer.
    profit : str or sequence of str
        Money; losses are negative.
    customer : str, optional

    Returns
    -------
    WhaleCurve

    Raises
    ------
    UnknownVariableError, NonNumericError, RepeatedCustomerError
    DataError
        When the total is no profit: shares of it would mean nothing.

    References
    ----------
    Kaplan, R. S. and Narayanan, V. G. (2001). Measuring and managing customer profitability. *Journal of Cost
    Management*, 15(5), 5-15.

    Examples
    --------
    >>> import pandas as pd
    >>> found = whale_curve(pd.DataFrame({"profit": [80, 60, 20, 0, 0, 0, 0, -10, -20, -30]}))
    >>> found.peak, found.peak_at, round(found.destroyed, 3)
    (1.6, 0.3, 0.375)
    """
    import pandas as pd

    roles = read_roles(data, {"profit": profit}, customer)
    ordered, log = _known(roles, "profit")
    falling = ordered[::-1]
    total = float(falling.sum())
    if total <= 0.0:
        raise DataError(f"the profits add up to {total:g}; a whale curve takes a total above 0.")
    n = len(falling)
    share = np.r_[0.0, np.cumsum(falling) / total]
    peak = float(falling[falling > 0.0].sum() / total)
    return WhaleCurve(
        curve=pd.DataFrame({"customers": np.arange(n + 1) / n, "profit": share}),
        peak=peak,
        peak_at=float((falling > 0.0).mean()),
        destroyed=(peak - 1.0) / peak,
        total=total,
        n=n,
        log=log,
    )


def _first_at(height: float, curve: Vector, place: Vector) -> float:
    """Where a rising curve of straight pieces first reaches a height."""
    k = int(np.argmax(curve >= height - 1e-12))
    rise = curve[k] - curve[k - 1]
    return float(place[k - 1] + (place[k] - place[k - 1]) * min(1.0, (height - curve[k - 1]) / rise))


def _known(roles: Roles, role: str) -> tuple[Vector, tuple[str, ...]]:
    values = roles.values[role]
    gone = int(np.isnan(values).sum())
    if gone == len(values):
        raise DataError(f"{role} is missing for every customer; give a column with values.")
    left_out = (f"{gone} of {len(values)} customers are left out: {role} missing.",) if gone else ()
    return np.sort(values[~np.isnan(values)]), (*roles.log, *left_out)
