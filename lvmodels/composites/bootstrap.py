"""What a bootstrap says: draws of all parameters, their standard errors, and intervals of every kind of number."""

from __future__ import annotations

import warnings as python_warnings
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from lvmodels.composites.options import choice
from lvmodels.composites.quantities import OF, Of, Quantity, quantity
from lvmodels.composites.record import PlsRecord
from lvmodels.composites.replicates import LATEST, Replicates, Signs, draw, solved_without_each
from lvmodels.errors import BootstrapWarning, OptionValueError
from lvmodels.estimate.choices import check_replicates, level_of
from lvmodels.estimate.resampled_intervals import (
    acceleration_of,
    bias,
    interval,
    ordered,
    quantile,
    standard_errors,
)

if TYPE_CHECKING:
    import pandas as pd

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Method = Literal["percentile", "bca", "normal", "basic", "studentized"]
METHODS = ("percentile", "bca", "normal", "basic", "studentized")


@dataclass(frozen=True, slots=True, eq=False)
class PlsBootstrap:
    """Replicates of a fit, and what follows from them.

    Attributes
    ----------
    fit : PlsRecord
    n : int
        Replicates that were drawn.
    replicates : Replicates
        Those that have a solution.
    """

    fit: PlsRecord
    n: int
    replicates: Replicates
    _derived: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def failed(self) -> int:
        """Replicates without a solution; they are left out of everything."""
        return self.replicates.failed

    @property
    def draws(self) -> pd.DataFrame:
        """Loadings, weights, paths and defined parameters, a row a replicate, named by label or formula."""
        import pandas as pd

        names = [row.label or f"{row.lhs}{row.op}{row.rhs}" for row in self.fit.rows]
        return pd.DataFrame(self._draws("estimates"), columns=names)

    @property
    def bse(self) -> pd.Series[float]:
        """Standard errors of the columns of `draws`: root mean squared deviations from their means."""
        import pandas as pd

        draws = self.draws
        return pd.Series(standard_errors(draws.to_numpy()), index=draws.columns, name="bse")

    def ci(self, method: Method = "percentile", level: float | None = None, of: Of = "estimates") -> pd.DataFrame:
        """Intervals.

        Parameters
        ----------
        method : {"percentile", "bca", "normal", "basic", "studentized"}
            Quantiles of the draws; the same corrected for bias and acceleration (Efron 1987; the acceleration from
            the samples that lack one case); estimate less bias, plus and minus standard errors; quantiles reflected at
            the estimate; quantiles of the draws' distance from the estimate in standard errors (Davison and Hinkley
            1997, ch. 5), for which the bootstrap needs `inner` replicates and which exists for estimates alone.
        level : float, optional
            That of the fit by default.
        of : {"estimates", "effects", "specific_effects", "r2", "htmt"}

        Returns
        -------
        DataFrame
            What each row is, and columns est, se, bias, ci_lower, ci_upper.

        Raises
        ------
        OptionValueError
        """
        import pandas as pd

        chosen: Method = choice("method", method, METHODS)
        wanted = quantity(self.fit, choice("of", of, OF))
        confidence = level_of(level, self.fit.settings.level)
        estimate, draws = wanted.values(self.fit.solutions)[0], self._draws(of)
        if chosen == "studentized":
            lower, upper = self._studentized(estimate, draws, confidence, of)
        else:
            acceleration = self._acceleration(wanted) if chosen == "bca" else None
            lower, upper = interval(chosen, estimate, draws, confidence, acceleration)
        numbers = {"se": standard_errors(draws), "bias": bias(estimate, draws), "ci_lower": lower, "ci_upper": upper}
        return pd.DataFrame({**wanted.keys, "est": estimate, **numbers})

    def _draws(self, of: Of) -> Matrix:
        wanted = quantity(self.fit, of)
        draws = wanted.values(self.replicates.solutions)
        if of != "estimates":
            return draws
        return self.replicates.turned(draws, wanted.values(self.fit.solutions)[0])

    def _acceleration(self, wanted: Quantity) -> Vector:
        if "without" not in self._derived:
            self._derived["without"] = solved_without_each(self.fit, self.replicates.signs)
        values = wanted.values(self._derived["without"])
        return acceleration_of(values.mean(axis=0) - values)

    def _studentized(self, estimate: Vector, draws: Matrix, level: float, of: Of) -> tuple[Vector, Vector]:
        errors = self.replicates.errors
        if errors is None or of != "estimates":
            raise OptionValueError(
                "studentized intervals need errors within each replicate and exist for of='estimates'; draw them with "
                "fit.bootstrap(..., inner=25), or use 'bca'."
            )
        with np.errstate(invalid="ignore", divide="ignore"):
            t = ordered(np.where(errors > 1e-12, (draws - estimate) / errors, np.nan))
        se, tail = standard_errors(draws), (1.0 - level) / 2.0
        upper_t, lower_t = (quantile(t, np.full(len(estimate), p)) for p in (1.0 - tail, tail))
        still = ~np.isfinite(t).any(axis=0)
        return tuple(np.where(still, estimate, estimate - q * se) for q in (upper_t, lower_t))  # type: ignore[return-value]

    def __repr__(self) -> str:
        failed = f", {self.failed} failed" if self.failed else ""
        return f"<PlsBootstrap: {self.n} replicates{failed}>"


def bootstrap(fit: PlsRecord, n: int, seed: Any, signs: Signs, inner: int, executor: Executor | None) -> PlsBootstrap:
    """The record behind `PlsFit.bootstrap`."""
    number, wanted = check_replicates(n), choice("signs", signs, ("none", "construct", "individual"))
    within = 0 if inner == 0 else check_replicates(inner, "inner")
    replicates = draw(fit, number, seed, wanted, within, executor)
    if replicates.failed:
        message = f"{replicates.failed} of {number} replicates did not settle and are left out."
        python_warnings.warn(BootstrapWarning(message), stacklevel=3)
    fit._derived[LATEST] = replicates
    return PlsBootstrap(fit, number, replicates)
