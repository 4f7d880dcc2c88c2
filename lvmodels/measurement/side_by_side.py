"""One model by several methods in one table: covariance-based, partial least squares, sum scores, a second engine."""

from __future__ import annotations

import html
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from lvmodels.composites.pipeline import pls
from lvmodels.errors import LvmodelsError, LvmodelsWarning, NotEstimableError, OptionValueError
from lvmodels.fit import sem
from lvmodels.measurement.method_differences import difference_notes
from lvmodels.measurement.reliability import reliability
from lvmodels.measurement.second_engine import semopy_standardized

if TYPE_CHECKING:
    import pandas as pd

    from lvmodels.composites.fit import PlsFit
    from lvmodels.fit import Fit

__all__ = ["SideBySide", "side_by_side"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SideBySide:
    """Standardized results of one model by several methods.

    Attributes
    ----------
    paths : DataFrame
        Index (outcome, predictor); a column a method: CB-SEM, PLS, PLSc, sum scores, semopy; NaN where one has none.
    loadings : DataFrame
        Index (construct, item), the same columns.
    r2 : DataFrame
        Index construct: explained variance.
    reliability : DataFrame
        Index construct; columns alpha (of the sum scores), omega (CB-SEM), rho_A (PLS scores), composite_reliability
        (PLSc loadings).
    notes : tuple of str
        Why the methods differ, in numbers of this comparison; and which method had to be left out, and why.
    fits : mapping of str to Fit or PlsFit
        The fits themselves.
    n : int
        Cases.
    """

    paths: pd.DataFrame
    loadings: pd.DataFrame
    r2: pd.DataFrame
    reliability: pd.DataFrame
    notes: tuple[str, ...]
    fits: Mapping[str, Fit | PlsFit]
    n: int

    def _tables(self) -> tuple[tuple[str, pd.DataFrame], ...]:
        named = (("Paths", self.paths), ("Loadings", self.loadings), ("Explained variance", self.r2))
        tables = (*named, ("Reliability", self.reliability))
        return tuple((title, frame.round(3)) for title, frame in tables if len(frame))

    def __str__(self) -> str:
        parts = [f"{title}\n{frame.to_string(na_rep='')}" for title, frame in self._tables()]
        return "\n\n".join([*parts, "\n".join(self.notes)])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        parts = [f"<h4>{title}</h4>{frame.to_html(na_rep='')}" for title, frame in self._tables()]
        return "".join([*parts, "<ul>", *(f"<li>{html.escape(note)}</li>" for note in self.notes), "</ul>"])


def side_by_side(
    model: str,
    data: Any,
    *,
    estimator: str = "default",
    ordered: Sequence[str] | bool | None = None,
    missing: Literal["listwise", "fiml"] = "listwise",
    scheme: Literal["path", "factorial", "centroid"] = "path",
) -> SideBySide:
    """Estimate one model by covariance-based SEM, PLS, PLSc, sum scores and semopy, and say why they differ.

    Parameters
    ----------
    model : str
        In the language of `sem`; one group.
    data : data frame, Survey or path
    estimator : str
        Of the covariance-based fit: ML, or WLSMV where answers are ordinal, by default.
    ordered : sequence of str or bool, optional
        Ordinal items, for the covariance-based fit; the other methods take their codes as numbers.
    missing : {"listwise", "fiml"}
        Complete cases for all; or full information, beside which the other methods put the mean in place of a missing
        answer (and semopy has no part).
    scheme : {"path", "factorial", "centroid"}
        Inner weights of partial least squares.

    Returns
    -------
    SideBySide

    Raises
    ------
    ModelError, DataError
        When the covariance-based model itself cannot be estimated. Another method that refuses has no column, and a
        note says why.
    OptionValueError

    References
    ----------
    Sarstedt, M., Hair, J. F., Ringle, C. M., Thiele, K. O. and Gudergan, S. P. (2016). Estimation issues with PLS and
    CBSEM: Where the bias lies! *Journal of Business Research*, 69(10), 3998-4010.

    Examples
    --------
    >>> import lvmodels as lv
    >>> text = "Value =~ PERV1 + PERV2; Satisfaction =~ CUSA1 + CUSA2 + CUSA3; Satisfaction ~ Value"
    >>> both = lv.side_by_side(text, lv.datasets.load("ecsi_mobi"))
    >>> both.paths[["CB-SEM", "PLS", "PLSc", "sum scores"]].round(2).iloc[0].to_dict()
    {'CB-SEM': 0.75, 'PLS': 0.61, 'PLSc': 0.74, 'sum scores': 0.59}
    """
    import pandas as pd

    if missing not in ("listwise", "fiml"):
        raise OptionValueError(f"missing={missing!r} is not known here; it is 'listwise' or 'fiml'.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LvmodelsWarning)  # the notes say what matters for the comparison
        fit = sem(model, data, estimator=estimator, ordered=ordered, missing=missing)
        if fit.table.n_groups > 1 or fit.table.levels:
            raise NotEstimableError("side_by_side() takes models of one group and one level; name the group's cases.")
        gaps: Literal["casewise", "mean"] = "casewise" if missing == "listwise" else "mean"
        others: dict[str, Callable[[], PlsFit]] = {
            "PLS": lambda: pls(model, data, scheme, missing=gaps),
            "PLSc": lambda: pls(model, data, scheme, consistent=True, missing=gaps),
            "sum scores": lambda: pls(model, data, scheme, missing=gaps, modes="unit"),
        }
        fits: dict[str, Fit | PlsFit] = {"CB-SEM": fit}
        columns, r2, refused = {"CB-SEM": _of_table(fit.estimates())}, {"CB-SEM": fit.r2()}, []
        for name, estimate in others.items():
            try:
                made = estimate()
                columns[name], r2[name] = _of_table(made.estimates()), made.r2()
                fits[name] = made
            except LvmodelsError as error:
                refused.append(f"{name} was left out: {error}")
        if missing == "listwise" and not fit.settings.categorical and fit.converged:
            try:
                columns["semopy"] = semopy_standardized(fit)
            except LvmodelsError as error:
                refused.append(f"semopy was left out: {error}")
        trusted = _reliabilities(fit, fits)
    table = pd.DataFrame({name: column.reindex(columns["CB-SEM"].index) for name, column in columns.items()})
    op = table.index.get_level_values(1)
    paths = table[op == "~"].droplevel(1).rename_axis(["outcome", "predictor"])
    loadings = table[op != "~"].droplevel(1).rename_axis(["construct", "item"])
    constructs = list(dict.fromkeys(paths.index.get_level_values(0)))
    explained = pd.DataFrame({name: values.reindex(constructs) for name, values in r2.items()})
    explained.index.name = "construct"
    notes = difference_notes(fit, paths, loadings, trusted, missing)
    return SideBySide(paths, loadings, explained, trusted, (*notes, *refused), fits, fit.nobs)


def _of_table(estimates: pd.DataFrame) -> pd.Series[float]:
    """Standardized loadings and paths, by (lhs, op, rhs)."""
    rows = estimates[estimates["op"].isin(["=~", "~"])]
    rows = rows[rows["rhs"] != ""].drop_duplicates(["lhs", "op", "rhs"])
    return rows.set_index(["lhs", "op", "rhs"])["std_all"].astype(float)


def _reliabilities(fit: Fit, fits: Mapping[str, Any]) -> pd.DataFrame:
    """Coefficients of each construct, from the method that each belongs to."""
    import pandas as pd

    columns: dict[str, pd.Series[float]] = {}
    if fit.converged and any(row.op == "=~" for row in fit.table.rows):
        own = reliability(fit)
        columns = {"alpha": own["alpha"], "omega": own["omega"]}
    if "PLS" in fits:
        columns["rho_A"] = fits["PLS"].reliability()["rho_a"]
    if "PLSc" in fits:
        columns["composite_reliability"] = fits["PLSc"].reliability()["composite_reliability"]
    latent = list(fit.table.variables.latent)
    table = pd.DataFrame({name: column.reindex(latent) for name, column in columns.items()}, index=pd.Index(latent))
    table.index.name = "construct"
    return table.dropna(how="all")
