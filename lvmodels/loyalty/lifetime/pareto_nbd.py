"""Pareto/NBD: how often customers buy again, who may leave at any time (Schmittlein, Morrison and Colombo 1987)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lvmodels.loyalty.lifetime.histories import Histories, histories_of
from lvmodels.loyalty.lifetime.maximum_likelihood import PurchaseModel, maximise
from lvmodels.loyalty.lifetime.numbers import Vector, checked, plain

__all__ = ["ParetoNbd", "pareto_nbd"]


@dataclass(frozen=True, slots=True, eq=False)
class ParetoNbd(PurchaseModel):
    """A fitted Pareto/NBD model.

    Purchases come at a customer's rate lambda, which varies as a gamma distribution (r, alpha); the customer leaves at
    a rate mu, which varies as a gamma distribution (s, beta).

    Attributes
    ----------
    estimated : Estimated
        `params`, `bse`, `vcov`, `llf`, `conf_int()`.
    n : int
        Customers.
    """

    def expected_purchases(self, t: ArrayLike) -> Any:
        """Purchases expected from a new customer in time t after the first (Schmittlein et al. 1987, eq. 17)."""
        r, alpha, s, beta = self.params
        return plain(r / alpha * _expected_life(s, beta, checked("t", t, lowest=0.0)))

    def conditional_purchases(self, t: ArrayLike, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> Any:
        """Purchases expected in the coming time t from a customer with this history (Schmittlein et al. 1987, eq. 22).

        Parameters
        ----------
        t : array_like
            Coming time, in the unit of the data.
        frequency, recency, age : array_like
            As in `purchase_histories`.
        """
        r, alpha, s, beta = self.params
        x, T = checked("frequency", frequency, lowest=0.0), checked("age", age, lowest=0.0)
        later = _expected_life(s, beta + T, checked("t", t, lowest=0.0))
        return plain((r + x) / (alpha + T) * later * self.probability_alive(frequency, recency, age))

    def probability_alive(self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> Any:
        """Probability that a customer with this history has not left (Fader and Hardie 2005, eq. 31)."""
        x, t_x, T = (
            checked(k, v, lowest=0.0) for k, v in (("frequency", frequency), ("recency", recency), ("age", age))
        )
        stayed, left = _log_parts(self.params.to_numpy(dtype=float), x, t_x, T)
        return plain(1.0 / (1.0 + np.exp(left - stayed)))


def pareto_nbd(frame: Any, frequency: str = "frequency", recency: str = "recency", age: str = "T") -> ParetoNbd:
    """Fit the Pareto/NBD model by maximum likelihood.

    Parameters
    ----------
    frame : data frame
        A row a customer, as `purchase_histories` makes it; any that narwhals knows.
    frequency, recency, age : str
        Its columns.

    Returns
    -------
    ParetoNbd

    Raises
    ------
    DataError
        For histories that cannot be, with the first row.
    NotConvergedError
        When the likelihood has no maximum inside the parameter space.

    References
    ----------
    Schmittlein, D. C., Morrison, D. G. and Colombo, R. (1987). Counting your customers: Who are they and what will
    they do next? *Management Science*, 33(1), 1-24. Fader, P. S. and Hardie, B. G. S. (2005). A note on deriving the
    Pareto/NBD model and related expressions, eq. 20. http://www.brucehardie.com/notes/009/
    """
    histories = histories_of(frame, frequency, recency, age)
    rate = max(float(histories.weight @ histories.x / (histories.weight @ histories.T)), 1e-6)
    lasts = float(histories.T.max())
    starts = [np.array([r, r / (2.0 * rate), s, s * lasts / 2.0]) for r, s in ((0.6, 0.6), (1.5, 1.5))]
    found = maximise(lambda p: _loglik(p, histories), ("r", "alpha", "s", "beta"), starts, "Pareto/NBD")
    return ParetoNbd(found, int(histories.weight.sum()))


def _expected_life(s: float, beta: Vector | float, t: Vector) -> Vector:
    """Expected time alive within t of a customer whose death rate is gamma (s, beta)."""
    if abs(s - 1.0) < 1e-8:
        return np.asarray(beta * np.log1p(t / beta))
    return np.asarray(beta / (s - 1.0) * (1.0 - (beta / (beta + t)) ** (s - 1.0)))


def _loglik(params: Vector, at: Histories) -> float:
    from scipy.special import gammaln

    r, alpha, s, beta = params
    stayed, left = _log_parts(params, at.x, at.t_x, at.T)
    common = gammaln(r + at.x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
    return float(at.weight @ (common + np.logaddexp(stayed, left)))


def _log_parts(params: Vector, x: Vector, t_x: Vector, T: Vector) -> tuple[Vector, Vector]:
    """Logarithms of the two parts of the likelihood: still there at T, and gone between t_x and T."""
    r, alpha, s, beta = params
    stayed = -(r + x) * np.log(alpha + T) - s * np.log(beta + T)
    early, late = _antiderivative(params, x, t_x), _antiderivative(params, x, T)
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = early + np.log1p(-np.exp(np.minimum(late - early, 0.0)))
    left = np.log(s / (r + s + x)) + gap
    return np.asarray(stayed), np.where(np.isnan(left), -np.inf, left)


def _antiderivative(params: Vector, x: Vector, t: Vector) -> Vector:
    """log of 2F1(r + s + x, c; r + s + x + 1; |alpha - beta| / (m + t)) / (m + t)^(r + s + x), m the larger of the two.

    Euler's transformation, (1 - z)^(1 - c) 2F1(1, a + 1 - c; a + 1; z), keeps the numbers moderate for frequent buyers.
    """
    from scipy.special import hyp2f1

    r, alpha, s, beta = params
    most, c = (alpha, s + 1.0) if alpha >= beta else (beta, r + x)
    a, z = r + s + x, abs(alpha - beta) / (most + t)
    return np.asarray((1.0 - c) * np.log1p(-z) + np.log(hyp2f1(1.0, a + 1.0 - c, a + 1.0, z)) - a * np.log(most + t))
