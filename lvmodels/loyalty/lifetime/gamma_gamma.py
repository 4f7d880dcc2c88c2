"""Gamma-gamma: how much a customer spends at a purchase (Fader, Hardie and Lee 2005; Fader and Hardie 2013)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lvmodels.errors import DataError
from lvmodels.loyalty.lifetime.maximum_likelihood import PurchaseModel, maximise
from lvmodels.loyalty.lifetime.numbers import Vector, checked, plain

__all__ = ["GammaGamma", "gamma_gamma"]


@dataclass(frozen=True, slots=True, eq=False)
class GammaGamma(PurchaseModel):
    """A fitted gamma-gamma model: spending at a purchase is gamma (p, nu), and nu varies as a gamma (q, v).

    Attributes
    ----------
    estimated : Estimated
        `params`, `bse`, `vcov`, `llf`, `conf_int()`.
    n : int
        Customers with repeat purchases.
    correlation : float
        Between frequency and mean spending; the model takes them to be independent.
    """

    correlation: float

    @property
    def mean_spending(self) -> float:
        """Mean spending over all customers, p v / (q - 1), money; infinite when q is not above 1."""
        p, q, v = self.params
        return float(p * v / (q - 1.0)) if q > 1.0 else float("inf")

    def expected_spending(self, frequency: ArrayLike, monetary: ArrayLike) -> Any:
        """Spending expected at a coming purchase of a customer: between the customer's own mean and that of all.

        Parameters
        ----------
        frequency, monetary : array_like
            Repeat purchases and their mean spending; `monetary` does not count where frequency is 0.
        """
        p, q, v = self.params
        x = checked("frequency", frequency, lowest=0.0)
        z = np.where(x > 0.0, np.asarray(monetary, dtype=float), 0.0)
        return plain(p * (v + x * z) / (p * x + q - 1.0))


def gamma_gamma(frame: Any, frequency: str = "frequency", monetary: str = "monetary") -> GammaGamma:
    """Fit the gamma-gamma model of spending by maximum likelihood, to customers with repeat purchases.

    Parameters
    ----------
    frame : data frame
        A row a customer, as `purchase_histories` makes it with an amount; any that narwhals knows.
    frequency, monetary : str
        Its columns.

    Returns
    -------
    GammaGamma

    Raises
    ------
    DataError
        When nobody bought again, or mean spending is not above 0.
    NotConvergedError

    References
    ----------
    Fader, P. S. and Hardie, B. G. S. (2013). The gamma-gamma model of monetary value, eq. 1a.
    http://www.brucehardie.com/notes/025/
    """
    from lvmodels.survey.columns import columns_of, numeric
    from lvmodels.survey.matrix import check_known

    columns = columns_of(frame)
    check_known([frequency, monetary], columns.names, "They come from purchase_histories(..., amount=...).")
    x, z = numeric(columns, [frequency, monetary]).T
    again = x > 0
    if not again.any():
        raise DataError("nobody bought again, so that spending at repeat purchases cannot be modelled.")
    wrong = again & ~(z > 0.0)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0]) + 1
        raise DataError(
            f"the customer in row {row} has repeat purchases and no mean spending above 0 in '{monetary}' "
            f"({int(wrong.sum())} such customers); leave free purchases out."
        )
    x, z = x[again], z[again]
    start = np.array([2.0, 3.0, float(z.mean())])
    found = maximise(
        lambda params: _loglik(params, x, z), ("p", "q", "v"), [start, start * [3.0, 1.2, 0.4]], "gamma-gamma"
    )
    varies = x.std() > 0 and z.std() > 0
    return GammaGamma(found, len(x), float(np.corrcoef(x, z)[0, 1]) if varies else float("nan"))


def _loglik(params: Vector, x: Vector, z: Vector) -> float:
    from scipy.special import gammaln

    p, q, v = params
    each = (
        gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v)
        + (p * x - 1.0) * np.log(z) + p * x * np.log(x) - (p * x + q) * np.log(x * z + v)
    )  # fmt: skip
    return float(each.sum())
