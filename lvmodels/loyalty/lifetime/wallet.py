"""Customers who buy several brands: lifetime value from the share of the wallet, and revenue of a relationship."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lvmodels.errors import OptionValueError
from lvmodels.loyalty.lifetime.numbers import Vector, checked, plain

__all__ = ["relationship_revenue", "wallet_share", "wallet_value"]


def wallet_value(purchases: ArrayLike, share: ArrayLike, contribution: ArrayLike, rate: float) -> float:
    """Lifetime value from purchases in a category: CLV = sum over t of (1 + r)^-t F_t S_t R_t, t = 1, 2, ...

    Parameters
    ----------
    purchases : array_like, shape (n,)
        F, expected purchases of the category in each period, from all brands.
    share : array_like, shape (n,) or float
        S, the share of them that goes to the brand, 0 to 1; see `wallet_share`.
    contribution : array_like, shape (n,) or float
        R, money that a purchase of the brand contributes.
    rate : float
        r, the discount rate of a period, above -1.

    Returns
    -------
    float
        Money of today.

    Raises
    ------
    OptionValueError

    References
    ----------
    Rust, R. T., Lemon, K. N. and Zeithaml, V. A. (2004). Return on marketing: Using customer equity to focus marketing
    strategy. *Journal of Marketing*, 68(1), 109-127, eq. 3.

    Examples
    --------
    >>> round(wallet_value([12, 12, 12], [0.5, 0.6, 0.6], 3.0, 0.1), 2)
    50.44
    """
    F = np.atleast_1d(checked("purchases", purchases, lowest=0.0))
    S, R = checked("share", share, 0.0, 1.0), checked("contribution", contribution)
    r = float(checked("rate", rate, lowest=-1.0, open_ends=True))
    for name, array in (("share", S), ("contribution", R)):
        if array.ndim and array.shape != F.shape:
            raise OptionValueError(
                f"{name} has {array.size} periods and purchases has {F.size}; give as many, or one number for all."
            )
    return float(((1.0 + r) ** -np.arange(1.0, F.size + 1.0) * F * S * R).sum())


def wallet_share(switching: ArrayLike, start: ArrayLike, brand: int, purchases: int) -> Vector:
    """Expected share of a brand in each coming purchase, from a brand-switching matrix.

    Parameters
    ----------
    switching : array_like, shape (k, k)
        Probability that the brand of a row is followed by the brand of a column; rows add up to 1.
    start : array_like, shape (k,)
        Probability of each brand at the last purchase; adds up to 1.
    brand : int
        Which brand, counted from 0.
    purchases : int
        How many coming purchases.

    Returns
    -------
    ndarray, shape (purchases,)

    Raises
    ------
    OptionValueError

    References
    ----------
    Rust, R. T., Lemon, K. N. and Zeithaml, V. A. (2004). Return on marketing: Using customer equity to focus marketing
    strategy. *Journal of Marketing*, 68(1), 109-127, eq. 2.

    Examples
    --------
    >>> wallet_share([[0.7, 0.3], [0.4, 0.6]], [1.0, 0.0], brand=0, purchases=3).round(3).tolist()
    [0.7, 0.61, 0.583]
    """
    P, now = checked("switching", switching, 0.0, 1.0), checked("start", start, 0.0, 1.0)
    if P.ndim != 2 or P.shape[0] != P.shape[1] or now.shape != P.shape[:1]:
        raise OptionValueError("switching must be a square matrix, a row a brand, and start one number a brand.")
    for name, sums in (("every row of switching", P.sum(axis=1)), ("start", now.sum(keepdims=True))):
        if not np.allclose(sums, 1.0, atol=1e-6):
            raise OptionValueError(f"{name} must add up to 1; one adds up to {sums[np.abs(sums - 1).argmax()]:g}.")
    if brand not in range(len(P)):
        raise OptionValueError(f"brand={brand} does not exist; brands are counted from 0 to {len(P) - 1}.")
    found = np.empty(int(checked("purchases", purchases, lowest=1.0)))
    for t in range(len(found)):
        now = now @ P
        found[t] = now[brand]
    return found


def relationship_revenue(length: ArrayLike, depth: ArrayLike, breadth: ArrayLike) -> Any:
    """Revenue of a relationship: length × depth × breadth.

    Parameters
    ----------
    length : float or array_like
        Periods that the relationship lasts.
    depth : float or array_like
        Money from one kind of product in a period: how often and how much of it is bought.
    breadth : float or array_like
        Kinds of products bought.

    Returns
    -------
    float or ndarray
        Money, undiscounted.

    Raises
    ------
    OptionValueError

    References
    ----------
    Bolton, R. N., Lemon, K. N. and Verhoef, P. C. (2004). The theoretical underpinnings of customer asset management.
    *Journal of the Academy of Marketing Science*, 32(3), 271-292.

    Examples
    --------
    >>> relationship_revenue(length=5, depth=200, breadth=3)
    3000.0
    """
    parts = (("length", length), ("depth", depth), ("breadth", breadth))
    first, second, third = (checked(name, value, lowest=0.0) for name, value in parts)
    return plain(first * second * third)
