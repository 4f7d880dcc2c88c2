"""BG/NBD: how often customers buy again, when each purchase may have been the last (Fader, Hardie and Lee 2005)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from lvmodels.errors import OptionValueError
from lvmodels.loyalty.lifetime.histories import Histories, histories_of
from lvmodels.loyalty.lifetime.maximum_likelihood import PurchaseModel, maximise
from lvmodels.loyalty.lifetime.numbers import Vector, checked, plain

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BgNbd", "bg_nbd", "simulate_bg_nbd"]


@dataclass(frozen=True, slots=True, eq=False)
class BgNbd(PurchaseModel):
    """A fitted BG/NBD model.

    Purchases come at a customer's rate lambda, which varies as a gamma distribution (r, alpha); after each of them the
    customer leaves with probability p, which varies as a beta distribution (a, b).

    Attributes
    ----------
    estimated : Estimated
        `params`, `bse`, `vcov`, `llf`, `conf_int()`.
    n : int
        Customers.
    """

    def expected_purchases(self, t: ArrayLike) -> Any:
        """Purchases that a new customer is expected to make in time t after the first (Fader et al. 2005, eq. 9)."""
        from scipy.special import hyp2f1

        r, alpha, a, b = self.params
        time = checked("t", t, lowest=0.0)
        ratio = (alpha / (alpha + time)) ** r * hyp2f1(r, b, a + b - 1.0, time / (alpha + time))
        return plain((a + b - 1.0) / (a - 1.0) * (1.0 - ratio))

    def conditional_purchases(self, t: ArrayLike, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> Any:
        """Purchases expected in the coming time t from a customer with this history (Fader et al. 2005, eq. 10).

        Parameters
        ----------
        t : array_like
            Coming time, in the unit of the data.
        frequency, recency, age : array_like
            As in `purchase_histories`.
        """
        from scipy.special import hyp2f1

        r, alpha, a, b = self.params
        time = checked("t", t, lowest=0.0)
        x, t_x, T = (
            checked(k, v, lowest=0.0) for k, v in (("frequency", frequency), ("recency", recency), ("age", age))
        )
        now = alpha + T
        ratio = (now / (now + time)) ** (r + x) * hyp2f1(r + x, b + x, a + b + x - 1.0, time / (now + time))
        return plain((a + b + x - 1.0) / (a - 1.0) * (1.0 - ratio) * self.probability_alive(x, t_x, T))

    def probability_alive(self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> Any:
        """Probability that a customer with this history has not left; it is 1 without repeat purchases."""
        r, alpha, a, b = self.params
        x, t_x, T = (
            checked(k, v, lowest=0.0) for k, v in (("frequency", frequency), ("recency", recency), ("age", age))
        )
        gone = np.where(x > 0.0, a / (b + np.maximum(x, 1.0) - 1.0) * ((alpha + T) / (alpha + t_x)) ** (r + x), 0.0)
        return plain(1.0 / (1.0 + gone))

    def probability_of(self, purchases: int, t: float) -> float:
        """Probability that a new customer makes so many purchases in time t (Fader et al. 2005, eq. 8)."""
        from scipy.special import betaln, gammaln

        r, alpha, a, b = self.params
        x, time = int(purchases), float(checked("t", t, lowest=0.0))

        def counted(j: int) -> float:
            log = gammaln(r + j) - gammaln(r) - gammaln(j + 1.0)
            return float(
                np.exp(log + r * np.log(alpha / (alpha + time)) + (j * np.log(time / (alpha + time)) if j else 0.0))
            )

        stays = float(np.exp(betaln(a, b + x) - betaln(a, b))) * counted(x)
        if not x:
            return stays
        left = float(np.exp(betaln(a + 1.0, b + x - 1.0) - betaln(a, b)))
        return stays + left * (1.0 - sum(counted(j) for j in range(x)))


def bg_nbd(frame: Any, frequency: str = "frequency", recency: str = "recency", age: str = "T") -> BgNbd:
    """Fit the BG/NBD model by maximum likelihood.

    Parameters
    ----------
    frame : data frame
        A row a customer, as `purchase_histories` makes it; any that narwhals knows.
    frequency, recency, age : str
        Its columns.

    Returns
    -------
    BgNbd

    Raises
    ------
    DataError
        For histories that cannot be, with the first row.
    NotConvergedError
        When the likelihood has no maximum inside the parameter space.

    References
    ----------
    Fader, P. S., Hardie, B. G. S. and Lee, K. L. (2005). "Counting your customers" the easy way. *Marketing Science*,
    24(2), 275-284, eq. 6.

    Examples
    --------
    >>> import lvmodels as lv
    >>> population = {"r": 0.5, "alpha": 5.0, "a": 1.0, "b": 3.0}
    >>> customers = lv.lifetime.simulate_bg_nbd(population, T=50.0, n=3000, seed=23)
    >>> model = lv.lifetime.bg_nbd(customers)
    >>> inside = model.estimated.conf_int(0.99)
    >>> {name: bool(inside.loc[name, "lower"] < true < inside.loc[name, "upper"]) for name, true in population.items()}
    {'r': True, 'alpha': True, 'a': True, 'b': True}
    """
    histories = histories_of(frame, frequency, recency, age)
    rate = max(float(histories.weight @ histories.x / (histories.weight @ histories.T)), 1e-6)
    starts = [np.array([r, r / rate, a, b]) for r, a, b in ((0.5, 0.8, 2.5), (1.5, 1.0, 5.0))]
    found = maximise(lambda p: _loglik(p, histories), ("r", "alpha", "a", "b"), starts, "BG/NBD")
    return BgNbd(found, int(histories.weight.sum()))


def _loglik(params: Vector, at: Histories) -> float:
    from scipy.special import betaln, gammaln

    r, alpha, a, b = params
    common = gammaln(r + at.x) - gammaln(r) + r * np.log(alpha)
    stayed = betaln(a, b + at.x) - betaln(a, b) - (r + at.x) * np.log(alpha + at.T)
    with np.errstate(divide="ignore"):
        left = np.where(
            at.x > 0.0,
            betaln(a + 1.0, b + np.maximum(at.x, 1.0) - 1.0) - betaln(a, b) - (r + at.x) * np.log(alpha + at.t_x),
            -np.inf,
        )
    return float(at.weight @ (common + np.logaddexp(stayed, left)))


def simulate_bg_nbd(params: Mapping[str, float], T: ArrayLike, n: int, seed: Any = None) -> pd.DataFrame:
    """Purchase histories of customers from a BG/NBD population.

    Parameters
    ----------
    params : mapping
        r, alpha, a and b, above 0.
    T : float or array_like, shape (n,)
        Time from the first purchase to the end of observation.
    n : int
        Customers.
    seed : int, Generator or None

    Returns
    -------
    DataFrame
        Columns frequency, recency, T, as `purchase_histories` gives them; alive says who has not left.

    Raises
    ------
    OptionValueError
    """
    import pandas as pd

    lacking = [name for name in ("r", "alpha", "a", "b") if name not in params]
    if lacking:
        raise OptionValueError(f"params lacks {', '.join(lacking)}; give r, alpha, a and b.")
    r, alpha, a, b = (float(checked(k, params[k], 0.0, np.inf, open_ends=True)) for k in ("r", "alpha", "a", "b"))
    ages = np.broadcast_to(checked("T", T, 0.0, np.inf, open_ends=True), (n,))
    rng = np.random.default_rng(seed)
    rates, leaves = rng.gamma(r, 1.0 / alpha, n), rng.beta(a, b, n)
    frequency, recency, alive = np.zeros(n, dtype=np.int64), np.zeros(n), np.ones(n, dtype=bool)
    now = recency + rng.exponential(1.0, n) / np.maximum(rates, 1e-300)
    active = np.flatnonzero(now <= ages)
    while len(active):
        frequency[active] += 1
        recency[active] = now[active]
        alive[active] = rng.random(len(active)) >= leaves[active]
        now[active] += rng.exponential(1.0, len(active)) / rates[active]
        active = active[alive[active] & (now[active] <= ages[active])]
    return pd.DataFrame({"frequency": frequency, "recency": recency, "T": ages, "alive": alive})
