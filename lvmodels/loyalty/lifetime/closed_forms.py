"""Lifetime value of a customer whose yearly revenue and cost are known: three ways to count, and profitability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike

from lvmodels.loyalty.lifetime.annuity import annuity
from lvmodels.loyalty.lifetime.numbers import checked, plain

__all__ = ["Profitability", "contribution_value", "profit_value", "profitability", "revenue_value"]


def revenue_value(first: ArrayLike, yearly: ArrayLike, periods: ArrayLike, rate: ArrayLike) -> Any:
    """Lifetime value as revenue: CLV = P0 + I a(n, r).

    Parameters
    ----------
    first : float or array_like
        P0, money from the first purchase, today.
    yearly : float or array_like
        I, money from the purchases of each later period.
    periods, rate : float or array_like
        As for `annuity`.

    Returns
    -------
    float or ndarray
        Money of today.

    References
    ----------
    Berger, P. D. and Nasr, N. I. (1998). Customer lifetime value: Marketing models and applications. *Journal of
    Interactive Marketing*, 12(1), 17-30.

    Examples
    --------
    >>> round(revenue_value(2000, 500, 5, 0.09), 2)
    3944.83
    """
    return plain(checked("first", first) + checked("yearly", yearly) * annuity(periods, rate))


def profit_value(yearly: ArrayLike, cost: ArrayLike, periods: ArrayLike, rate: ArrayLike) -> Any:
    """Lifetime value as profit: CLV = (I - C) a(n, r), with all costs of a period charged to it.

    Parameters
    ----------
    yearly : float or array_like
        I, revenue of a period.
    cost : float or array_like
        C, full cost of a period: product, service, marketing, and a share of what is common to all customers.
    periods, rate : float or array_like
        As for `annuity`.

    Returns
    -------
    float or ndarray
        Money of today.

    References
    ----------
    Berger, P. D. and Nasr, N. I. (1998). Customer lifetime value: Marketing models and applications. *Journal of
    Interactive Marketing*, 12(1), 17-30, case 1.

    Examples
    --------
    >>> round(profit_value(500, 300, 5, 0.09), 2)
    777.93
    """
    return plain((checked("yearly", yearly) - checked("cost", cost)) * annuity(periods, rate))


def contribution_value(
    first: ArrayLike,
    yearly: ArrayLike,
    acquisition_cost: ArrayLike,
    service_cost: ArrayLike,
    periods: ArrayLike,
    rate: ArrayLike,
) -> Any:
    """Lifetime value as contribution: CLV = (P0 - C0) + (I - Cs) a(n, r), with the customer's direct costs alone.

    Parameters
    ----------
    first, yearly : float or array_like
        P0 and I, as for `revenue_value`.
    acquisition_cost : float or array_like
        C0, what it cost to win the customer, today.
    service_cost : float or array_like
        Cs, direct cost of serving the customer in a period.
    periods, rate : float or array_like
        As for `annuity`.

    Returns
    -------
    float or ndarray
        Money of today.

    References
    ----------
    Berger, P. D. and Nasr, N. I. (1998). Customer lifetime value: Marketing models and applications. *Journal of
    Interactive Marketing*, 12(1), 17-30.

    Examples
    --------
    >>> round(contribution_value(2000, 500, 400, 10, 5, 0.09), 2)
    3505.93
    """
    at_once = checked("first", first) - checked("acquisition_cost", acquisition_cost)
    return plain(at_once + (checked("yearly", yearly) - checked("service_cost", service_cost)) * annuity(periods, rate))


@dataclass(frozen=True, slots=True)
class Profitability:
    """What customers leave over a relationship, undiscounted.

    Attributes
    ----------
    customer : float
        CLV = (RR - TRC) T - AC, money a customer.
    total : float
        N CLV, money of all customers.
    retention_cost : float
        TRC, development and retention cost of a customer in a period.
    """

    customer: float
    total: float
    retention_cost: float


def profitability(
    revenue: float,
    development_cost: float,
    retention_cost: float,
    periods: float,
    acquisition_cost: float,
    customers: float = 1.0,
) -> Profitability:
    """Profitability of customers: CLV = (RR - TRC) T - AC, and N CLV of all of them.

    Parameters
    ----------
    revenue : float
        RR, revenue from a retained customer in a period.
    development_cost, retention_cost : float
        What it costs in a period to develop the relationship, and to keep it; their sum is TRC.
    periods : float
        T, length of the relationship.
    acquisition_cost : float
        AC, once.
    customers : float
        N.

    Returns
    -------
    Profitability

    Raises
    ------
    OptionValueError

    Examples
    --------
    >>> profitability(300, 40, 60, 5, 400, customers=1000)
    Profitability(customer=600.0, total=600000.0, retention_cost=100.0)
    """
    cost = float(checked("development_cost", development_cost) + checked("retention_cost", retention_cost))
    lasting = float(checked("periods", periods, lowest=0.0))
    each = (float(checked("revenue", revenue)) - cost) * lasting - float(checked("acquisition_cost", acquisition_cost))
    return Profitability(each, each * float(checked("customers", customers, lowest=0.0)), cost)
