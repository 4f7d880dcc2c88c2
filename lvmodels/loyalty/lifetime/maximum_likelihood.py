"""Maximum likelihood for the few positive parameters of a purchase model, on the scale of their logarithms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import NotConvergedError

if TYPE_CHECKING:
    import pandas as pd

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Estimated:
    """Estimates of positive parameters.

    Attributes
    ----------
    params, bse : Series
        Estimates and standard errors (observed information; delta method from the logarithms).
    vcov : DataFrame
        Covariance of the estimates.
    llf : float
        Log-likelihood.
    log_vcov : ndarray
        Covariance of the logarithms, in which the estimates are closer to normal.
    """

    params: pd.Series[float]
    bse: pd.Series[float]
    vcov: pd.DataFrame
    llf: float
    log_vcov: Vector

    def conf_int(self, level: float = 0.95) -> pd.DataFrame:
        """Intervals that are symmetric on the scale of the logarithms, columns lower and upper."""
        import pandas as pd
        from scipy.special import ndtri

        wide = float(ndtri(0.5 + level / 2.0)) * np.sqrt(np.diag(self.log_vcov))
        est = self.params.to_numpy(dtype=float)
        return pd.DataFrame({"lower": est * np.exp(-wide), "upper": est * np.exp(wide)}, index=self.params.index)


@dataclass(frozen=True, slots=True, eq=False)
class PurchaseModel:
    """What all models fitted by maximum likelihood to customers have in common.

    Attributes
    ----------
    estimated : Estimated
        `params`, `bse`, `vcov`, `llf`, `conf_int()`.
    n : int
        Customers.
    """

    estimated: Estimated
    n: int

    @property
    def params(self) -> pd.Series[float]:
        """Estimates; those that are times or money in the units of the data."""
        return self.estimated.params

    @property
    def bse(self) -> pd.Series[float]:
        """Their standard errors."""
        return self.estimated.bse

    @property
    def llf(self) -> float:
        """Log-likelihood."""
        return self.estimated.llf


def maximise(loglik: Callable[[Vector], float], names: Sequence[str], starts: Sequence[Vector], what: str) -> Estimated:
    """Find the parameters with the largest log-likelihood.

    Parameters
    ----------
    loglik : callable
        Positive parameters, shape (k,) → mean log-likelihood of a customer times the number of customers.
    names : sequence of str
    starts : sequence of ndarray
        Where to begin; the best result counts.
    what : str
        Name of the model, for messages.

    Raises
    ------
    NotConvergedError
        When no start reaches a maximum inside the parameter space.
    """
    import pandas as pd
    from scipy.optimize import minimize
    from statsmodels.tools.numdiff import approx_fprime, approx_hess3

    def minus(log_params: Vector) -> float:
        value = -loglik(np.exp(np.clip(log_params, -30.0, 30.0)))
        return value if np.isfinite(value) else 1e300

    runs = []
    for start in starts:
        rough = minimize(
            minus, np.log(start), method="Nelder-Mead", options={"maxiter": 2000, "xatol": 1e-5, "fatol": 1e-6}
        )
        runs.append(minimize(minus, rough.x, method="BFGS", options={"gtol": 1e-6}))
    best = min(runs, key=lambda run: float(run.fun))
    x = np.asarray(best.x, dtype=float)
    hessian = np.asarray(approx_hess3(x, minus), dtype=float)
    slope = np.asarray(approx_fprime(x, minus, centered=True), dtype=float)
    try:
        step = np.linalg.solve(hessian, slope)
        well = (
            bool(np.linalg.eigvalsh(hessian)[0] > 0.0) and float(slope @ step) < 1e-4 and bool((np.abs(x) < 12.0).all())
        )
    except np.linalg.LinAlgError:
        well = False
    if not well:
        found = ", ".join(f"{name} = {value:.3g}" for name, value in zip(names, np.exp(x), strict=True))
        raise NotConvergedError(
            f"the likelihood of the {what} model has no maximum inside the parameter space (it still rises near "
            f"{found}); the purchases show too little difference between customers, or there are too few of them."
        )
    refined = x - step
    x = refined if minus(refined) <= minus(x) else x
    log_vcov = np.linalg.inv(hessian)
    est = np.exp(x)
    vcov = log_vcov * est[:, None] * est
    index = list(names)
    return Estimated(
        pd.Series(est, index=index),
        pd.Series(np.sqrt(np.diag(vcov)), index=index),
        pd.DataFrame(vcov, index=index, columns=index),
        -minus(x),
        log_vcov,
    )
