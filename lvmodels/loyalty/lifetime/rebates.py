"""Arithmetic of rewards: vouchers that bring the customer back, and a share of the profit paid out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lvmodels.errors import OptionValueError
from lvmodels.loyalty.lifetime.numbers import Vector, checked

__all__ = ["Voucher", "profit_share", "voucher"]


@dataclass(frozen=True, slots=True)
class Voucher:
    """What goods cost a customer who earns vouchers with purchases and pays with them at later ones.

    Attributes
    ----------
    goods : float
        Price of all goods bought, money.
    cash : float
        Expected payment in money.
    redeemed : float
        Expected value of the vouchers that were used, money.
    lapsed : float
        Expected value of the vouchers that were earned and never used; to the customer they are worth nothing.
    price_share : float
        cash / goods: 0.75 is a discount of 25 %.
    """

    goods: float
    cash: float
    redeemed: float
    lapsed: float
    price_share: float


def voucher(
    spend: ArrayLike, step: float = 100.0, value: float = 50.0, minimum: float = 100.0, redemption: float = 1.0
) -> Voucher:
    """What a row of purchases costs where every full step of a payment earns a voucher for a later purchase.

    A purchase takes one voucher for each `minimum` in its price. What is paid by voucher earns no voucher.

    Parameters
    ----------
    spend : array_like, shape (n,)
        Price of the goods of each purchase, in their order, money.
    step : float
        Money that must be paid at one purchase for each voucher.
    value : float
        Of a voucher, money.
    minimum : float
        Price of goods that a purchase must reach for each voucher that it takes; not below `value`.
    redemption : float
        Probability that the vouchers a purchase could take are presented, 0 to 1; else they are kept for the next one.

    Returns
    -------
    Voucher

    Raises
    ------
    OptionValueError

    Examples
    --------
    The best case is 150 paid for goods of 200; where one of three vouchers finds a later purchase, 350 for 400.

    >>> voucher([100, 100])
    Voucher(goods=200.0, cash=150.0, redeemed=50.0, lapsed=0.0, price_share=0.75)
    >>> voucher([300, 100]).price_share
    0.875

    Without a later purchase vouchers are worth nothing.

    >>> voucher([400]).price_share
    1.0
    """
    prices = np.atleast_1d(checked("spend", spend, lowest=0.0))
    each, worth = float(checked("step", step, 0.0, np.inf, open_ends=True)), float(checked("value", value, lowest=0.0))
    needed, shown = float(checked("minimum", minimum, 0.0, np.inf)), float(checked("redemption", redemption, 0.0, 1.0))
    if needed < worth or needed == 0.0:
        raise OptionValueError(f"minimum={needed:g} must be above 0 and not below the value of a voucher, {worth:g}.")
    if not prices.sum() > 0.0:
        raise OptionValueError("spend holds no purchase above 0; give the price of each purchase.")
    held, cash = {0: 1.0}, 0.0
    for price in prices.tolist():
        after: defaultdict[int, float] = defaultdict(float)
        for count, chance in held.items():
            usable = min(count, int(price // needed))
            for used, probability in ((usable, chance * shown), (0, chance * (1.0 - shown))):
                paid = price - used * worth
                cash += probability * paid
                after[count - used + int(paid // each)] += probability
        held = dict(after)
    goods = float(prices.sum())
    lapsed = worth * sum(count * chance for count, chance in held.items())
    return Voucher(goods, cash, goods - cash, lapsed, cash / goods)


def profit_share(spend: ArrayLike, profit: float, share: float) -> Vector:
    """A rebate that returns a share of a year's profit to customers in proportion to their spending.

    Parameters
    ----------
    spend : array_like, shape (n,)
        Money that each customer spent in the year.
    profit : float
        Of the year, money; a loss is shared by nobody.
    share : float
        Of the profit that is returned, 0 to 1.

    Returns
    -------
    ndarray, shape (n,)
        Money for each customer.

    Raises
    ------
    OptionValueError

    Examples
    --------
    >>> profit_share([100, 300], profit=200, share=0.1).tolist()
    [5.0, 15.0]
    """
    spent = np.atleast_1d(checked("spend", spend, lowest=0.0))
    pot = max(float(checked("profit", profit)), 0.0) * float(checked("share", share, 0.0, 1.0))
    if not spent.sum() > 0.0:
        raise OptionValueError("spend adds up to 0, so that nothing can be shared in proportion to it.")
    return np.asarray(pot * spent / spent.sum())
