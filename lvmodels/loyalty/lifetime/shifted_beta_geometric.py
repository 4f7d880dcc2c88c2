"""Shifted beta-geometric: retention of a cohort under contract (Fader and Hardie 2007)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lvmodels.errors import DataError
from lvmodels.loyalty.lifetime.maximum_likelihood import PurchaseModel, maximise
from lvmodels.loyalty.lifetime.numbers import Vector, checked, plain

__all__ = ["ShiftedBetaGeometric", "shifted_beta_geometric"]


@dataclass(frozen=True, slots=True, eq=False)
class ShiftedBetaGeometric(PurchaseModel):
    """A fitted model: each customer leaves at every renewal with a probability, which varies as a beta (alpha, beta).

    Attributes
    ----------
    estimated : Estimated
        `params`, `bse`, `vcov`, `llf`, `conf_int()`.
    n : int
        Customers at the beginning.
    """

    def survival(self, t: ArrayLike) -> Any:
        """Share of the cohort that is still there after t renewals (Fader and Hardie 2007, eq. 6)."""
        from scipy.special import betaln

        alpha, beta = self.params
        return plain(np.exp(betaln(alpha, beta + checked("t", t, lowest=0.0)) - betaln(alpha, beta)))

    def retention(self, t: ArrayLike) -> Any:
        """Retention rate at renewal t = 1, 2, ...: (beta + t - 1) / (alpha + beta + t - 1); it rises with t (eq. 8)."""
        alpha, beta = self.params
        time = checked("t", t, lowest=1.0)
        return plain((beta + time - 1.0) / (alpha + beta + time - 1.0))

    def value(self, margin: float, rate: float, renewals: int = 0) -> float:
        """Expected value of the coming payments of a customer who has renewed so many times, the next one due now.

        Parameters
        ----------
        margin : float
            Contribution of a period, money.
        rate : float
            Discount rate of a period, above 0.
        renewals : int
            Renewals so far; with 0 a new customer, whose first payment is today.

        References
        ----------
        Fader, P. S. and Hardie, B. G. S. (2010). Customer-base valuation in a contractual setting. *Marketing Science*,
        29(1), 85-93, eq. 3 and 5.
        """
        from scipy.special import hyp2f1

        alpha, beta = self.params
        d, m = float(checked("rate", rate, 0.0, np.inf, open_ends=True)), float(checked("margin", margin))
        n = float(checked("renewals", renewals, lowest=0.0))
        if not n:
            return m * float(hyp2f1(1.0, beta, alpha + beta, 1.0 / (1.0 + d)))
        first = (beta + n) / (alpha + beta + n)
        return m * float(first * hyp2f1(1.0, beta + n + 1.0, alpha + beta + n + 1.0, 1.0 / (1.0 + d)))


def shifted_beta_geometric(remaining: ArrayLike) -> ShiftedBetaGeometric:
    """Fit the shifted beta-geometric model to the customers of a cohort who are left after each renewal.

    Parameters
    ----------
    remaining : array_like, shape (k + 1,)
        Customers at the beginning, after the first renewal, after the second, ...

    Returns
    -------
    ShiftedBetaGeometric

    Raises
    ------
    DataError
        When the numbers rise, are no counts, or are fewer than three.
    NotConvergedError

    References
    ----------
    Fader, P. S. and Hardie, B. G. S. (2007). How to project customer retention. *Journal of Interactive Marketing*,
    21(1), 76-90, eq. 7.

    Examples
    --------
    The cohort of table 1 of the source, of 1,000 customers.

    >>> import lvmodels as lv
    >>> model = lv.lifetime.shifted_beta_geometric([1000, 869, 743, 653, 593, 551, 517, 491])
    >>> model.params.round(3).tolist()
    [0.668, 3.806]
    """
    left = np.atleast_1d(checked("remaining", remaining, lowest=0.0))
    if left.size < 3 or left[0] <= 0.0:
        raise DataError("remaining needs the customers at the beginning (above 0) and after at least two renewals.")
    rising = np.flatnonzero(np.diff(left) > 0.0)
    if len(rising):
        k = int(rising[0]) + 1
        raise DataError(
            f"after renewal {k} there are {left[k]:g} customers, more than the {left[k - 1]:g} before; "
            "a cohort only shrinks."
        )
    lost = -np.diff(left)
    found = maximise(
        lambda params: _loglik(params, lost, float(left[-1])),
        ("alpha", "beta"),
        [np.array([1.0, 1.0]), np.array([0.5, 4.0])],
        "shifted beta-geometric",
    )
    return ShiftedBetaGeometric(found, round(float(left[0])))


def _loglik(params: Vector, lost: Vector, stayed: float) -> float:
    from scipy.special import betaln

    alpha, beta = params
    t = np.arange(1.0, len(lost) + 1.0)
    leaving = betaln(alpha + 1.0, beta + t - 1.0) - betaln(alpha, beta)
    return float(lost @ leaving + stayed * (betaln(alpha, beta + len(lost)) - betaln(alpha, beta)))
