"""What a bootstrap says: draws of every quantity, their standard errors and intervals, and the Bollen-Stine test."""

from __future__ import annotations

import warnings as python_warnings
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import read_only
from lvmodels.assess.estimates import identifying_columns
from lvmodels.assess.influence import influence
from lvmodels.assess.quantities import Quantities, explained, quantities
from lvmodels.assess.replicates import (
    Drawn,
    Kind,
    draw,
    exceedance,
    failure_sentence,
    kind_of,
)
from lvmodels.assess.vcov import effective_n, parameter_names
from lvmodels.errors import BootstrapWarning, OptionValueError, nearest
from lvmodels.estimate.choices import check_replicates, level_of
from lvmodels.estimate.resampled_intervals import METHODS, Method, acceleration_of, bias, interval, standard_errors
from lvmodels.fit.record import Fit

if TYPE_CHECKING:
    import pandas as pd

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Bootstrap:
    """Replicates of a fit, and what follows from them.

    Attributes
    ----------
    fit : Fit
    kind : {"ordinary", "parametric", "bollen.stine", "cluster"}
    n : int
        Replicates that were drawn.
    failed : int
        Those without a solution; they are left out of everything.
    reasons : dict of str to int
        Why, and how many.
    values : ndarray, shape (R, n_rows)
        Of all rows of the table, in the other replicates.
    chisq : ndarray, shape (R,)
        Their chi-squares.
    pvalue : float
        Share of the replicates whose chi-square is at least that of the data, for kind "bollen.stine"; else NaN.
    """

    fit: Fit
    kind: Kind
    n: int
    failed: int
    reasons: Mapping[str, int]
    values: Matrix
    chisq: Vector
    pvalue: float
    _derived: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def draws(self) -> pd.DataFrame:
        """Free and defined parameters, a row a replicate; those that share a label are one column."""
        import pandas as pd

        names, columns = self._columns()
        return pd.DataFrame(self._quantities().estimates[:, columns], columns=names)

    @property
    def standardized_draws(self) -> pd.DataFrame:
        """The same in standardized form (all variables); free rows that share a label have a column each."""
        import pandas as pd

        fit = self.fit
        rows = [*fit.objective.restrictions.free_rows.tolist(), *self._defined_columns()]
        names = [*_formulas(fit), *(d.name for d in fit.table.definitions)]
        return pd.DataFrame(self._quantities().standardized[:, rows], columns=names)

    @property
    def r2_draws(self) -> pd.DataFrame:
        """Share of variance explained, of every variable that something explains."""
        import pandas as pd

        several = self.fit.table.n_groups > 1
        names = [f"{name}.g{g}" if several and g > 1 else name for g, name in explained(self.fit)]
        return pd.DataFrame(self._quantities().r2, columns=names)

    @property
    def bse(self) -> pd.Series[float]:
        """Standard errors of the columns of `draws`: root mean squared deviations from their means."""
        import pandas as pd

        names, columns = self._columns()
        return pd.Series(standard_errors(self._quantities().estimates[:, columns]), index=names, name="bse")

    def ci(self, method: Method = "percentile", level: float | None = None) -> pd.DataFrame:
        """Intervals of every parameter, fixed and defined ones included, of the standardized ones, and of R².

        Parameters
        ----------
        method : {"percentile", "bca", "normal", "basic"}
            Quantiles of the draws; the same corrected for bias and acceleration (Efron 1987); estimate less bias, plus
            and minus standard errors; quantiles reflected at the estimate (Davison and Hinkley 1997, ch. 5). The
            acceleration comes from influence values of the cases (`lvmodels.assess.influence`).
        level : float, optional
            That of the fit by default.

        Returns
        -------
        DataFrame
            Columns lhs, op, rhs, group, label as in `Fit.estimates`, est, se, bias, ci_lower, ci_upper, std_all,
            std_se, std_ci_lower, std_ci_upper. Rows of R² have op "r2".

        Raises
        ------
        OptionValueError
            For an unknown method or level, and where the replicates say nothing about intervals.
        """
        chosen, wanted = self._check(method), level_of(level, self.fit.settings.level)
        return _interval_table(self, chosen, wanted)

    def _check(self, method: Any) -> Method:
        plain = {"perc": "percentile", "norm": "normal"}.get(str(method).lower(), str(method).lower())
        if plain not in METHODS:
            hint = nearest(plain, METHODS) or f"Use one of {', '.join(map(repr, METHODS))}."
            raise OptionValueError(f"ci({method!r}) is not known. {hint}")
        if self.kind == "bollen.stine":
            raise OptionValueError(
                "replicates of kind='bollen.stine' are drawn as if the model held, for its test; take intervals from "
                "kind='ordinary'."
            )
        if plain == "bca" and self.kind == "parametric":
            raise OptionValueError(
                "'bca' needs the influence of resampled cases; with kind='parametric' use 'percentile' or 'basic'."
            )
        return plain  # type: ignore[return-value]

    def _quantities(self) -> Quantities:
        if "draws" not in self._derived:
            self._derived["draws"] = quantities(self.fit, self.values)
        found: Quantities = self._derived["draws"]
        return found

    def _columns(self) -> tuple[list[str], list[int]]:
        """Names and columns of the free parameters, each label once, and of the defined ones."""
        free = self.fit.objective.restrictions.free_rows.tolist()
        first = dict(reversed(list(zip(parameter_names(self.fit), free, strict=True))))
        ordered = dict(sorted(first.items(), key=lambda item: item[1]))
        names = [d.name for d in self.fit.table.definitions]
        return [*ordered, *names], [*ordered.values(), *self._defined_columns()]

    def _defined_columns(self) -> list[int]:
        n_rows = len(self.fit.table.rows)
        return list(range(n_rows, n_rows + len(self.fit.table.definitions)))

    def __repr__(self) -> str:
        failed = f", {self.failed} failed" if self.failed else ""
        tested = f", p = {self.pvalue:.3f}" if self.kind == "bollen.stine" else ""
        return f"<Bootstrap: {self.kind}, {self.n} replicates{failed}{tested}>"


def bootstrap(fit: Fit, n: int, kind: str, seed: Any, executor: Executor | None) -> Bootstrap:
    """The record behind `Fit.bootstrap`."""
    chosen = kind_of(kind)
    drawn = draw(fit, check_replicates(n), chosen, seed, executor)
    if drawn.failed:
        python_warnings.warn(BootstrapWarning(failure_sentence(drawn)), stacklevel=3)
    return record_of(fit, drawn)


def record_of(fit: Fit, drawn: Drawn) -> Bootstrap:
    """The record of replicates that were drawn."""
    return Bootstrap(
        fit=fit,
        kind=drawn.kind,
        n=len(drawn.F) + drawn.failed,
        failed=drawn.failed,
        reasons=drawn.reasons,
        values=drawn.values,
        chisq=read_only(np.maximum(effective_n(fit) * drawn.F, 0.0)),
        pvalue=exceedance(fit, drawn) if drawn.kind == "bollen.stine" else float("nan"),
    )


def _interval_table(record: Bootstrap, method: Method, level: float) -> pd.DataFrame:
    """The frame behind `Bootstrap.ci`."""
    import pandas as pd

    fit, draws = record.fit, record._quantities()
    estimate = quantities(fit, fit.solution.values[None])
    moved = influence(fit) if method == "bca" else None
    parts = []
    for name in ("estimates", "standardized", "r2"):
        of_data, of_draws = getattr(estimate, name)[0], getattr(draws, name)
        acceleration = None if moved is None else acceleration_of(getattr(moved, name))
        lower, upper = interval(method, of_data, of_draws, level, acceleration)
        columns = (of_data, standard_errors(of_draws), bias(of_data, of_draws), lower, upper)
        parts.append(np.column_stack(columns))
    table = pd.DataFrame(dict(identifying_columns(fit.table)))
    table[["est", "se", "bias", "ci_lower", "ci_upper"]] = parts[0]
    table[["std_all", "std_se", "std_ci_lower", "std_ci_upper"]] = parts[1][:, [0, 1, 3, 4]]
    return pd.concat([table, _r2_rows(fit, table, parts[2])], ignore_index=True)


def _r2_rows(fit: Fit, table: pd.DataFrame, part: Matrix) -> pd.DataFrame:
    import pandas as pd

    known = explained(fit)
    names = [name for _, name in known]
    rows: dict[str, Any] = {"lhs": names, "op": ["r2"] * len(names), "rhs": names}
    if "group" in table:
        rows["group"] = [g for g, _ in known]
    if "label" in table:
        rows["label"] = [""] * len(names)
    numbers = dict(zip(("est", "se", "bias", "ci_lower", "ci_upper"), part.T, strict=True))
    missing = {name: np.full(len(names), np.nan) for name in ("std_all", "std_se", "std_ci_lower", "std_ci_upper")}
    return pd.DataFrame({**rows, **numbers, **missing})


def _formulas(fit: Fit) -> list[str]:
    rows = [fit.table.rows[i] for i in fit.objective.restrictions.free_rows]
    return [f"{row}{f'.g{row.group}' if row.group > 1 else ''}" for row in rows]
