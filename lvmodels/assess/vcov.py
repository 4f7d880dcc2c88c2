"""Covariance matrix of the estimates, and what is read directly from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.casewise import cases_of, score_covariance
from lvmodels.assess.categorical import categorical_score_covariance
from lvmodels.assess.intervals import normal_quantile, two_sided
from lvmodels.assess.replicates import draws_for_errors
from lvmodels.assess.two_stage import two_stage_covariance
from lvmodels.estimate.derived import derived
from lvmodels.estimate.objective import information
from lvmodels.fit.inspection import constraint_tangent
from lvmodels.fit.record import Fit

if TYPE_CHECKING:
    import pandas as pd

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
_ROUNDING = 1e-9


@derived
def effective_n(fit: Fit) -> float:
    """The number that multiplies the discrepancy: n, or n minus the number of groups for the Wishart likelihood."""
    unbiased = fit.settings.unbiased
    return float(sum(m.n - unbiased for m in fit.prepared.moments))


@derived
def inverse_information(fit: Fit, observed: bool) -> Matrix:
    """Inverse of the information of one case within the constraints, shape (q, q).

    NaN throughout for a fit that did not converge, or whose information is singular.
    """
    q = fit.objective.restrictions.n_parameters
    if not fit.converged or fit.singular:
        return np.full((q, q), np.nan)
    J = information(fit.objective, fit.solution, observed=observed)
    tangent = constraint_tangent(fit.objective, fit.optimum)
    if tangent is None:
        return np.asarray(np.linalg.inv(J))
    return np.asarray(tangent @ np.linalg.inv(tangent.T @ J @ tangent) @ tangent.T)


@derived
def parameter_covariance(fit: Fit) -> Matrix:
    """Covariance matrix of theta, shape (q, q): the inverse information within the constraints, over n.

    NaN throughout where there is none, or when no standard errors were asked for.
    """
    q = fit.objective.restrictions.n_parameters
    found = fit.converged and not fit.singular
    if fit.settings.se == "none" or ((fit.settings.se == "bootstrap" or fit.settings.two_stage) and not found):
        return np.full((q, q), np.nan)
    if fit.settings.se == "bootstrap":
        draws = draws_for_errors(fit).values[:, fit.objective.restrictions.parameter_rows]
        return np.asarray(np.cov(draws, rowvar=False, ddof=0).reshape(q, q))
    if fit.settings.two_stage:
        return two_stage_covariance(fit, constraint_tangent(fit.objective, fit.optimum)) / effective_n(fit)
    inverse = inverse_information(fit, observed=fit.settings.information != "expected")
    rounding = 1e-12 + _ROUNDING * np.abs(np.diagonal(inverse))
    if fit.settings.se != "standard" or fit.settings.information == "first.order":
        inverse = _corrected(fit, inverse)
    if not (np.diagonal(inverse) >= -rounding).all():  # an indefinite observed information: no minimum for the errors
        return np.full((q, q), np.nan)
    return np.asarray(inverse / effective_n(fit))


def _corrected(fit: Fit, bread: Matrix) -> Matrix:
    """The covariance of the estimates, times n, from the scores of the cases.

    "first.order" inverts their covariance; the robust kinds put it between two inverse informations (Huber 1967;
    White 1982; with the sample's own moments, Satorra and Bentler 1994).
    """
    if fit.settings.categorical:
        return np.asarray(bread @ categorical_score_covariance(fit.objective, fit.solution) @ bread)
    data = cases_of(fit.prepared.data, f"se='{fit.settings.se}'")
    B = score_covariance(fit.objective, fit.solution, data, at_sample=fit.settings.se == "robust.sem")
    if fit.settings.se in ("standard", "first.order"):
        tangent = constraint_tangent(fit.objective, fit.optimum)
        if tangent is None:
            return np.asarray(np.linalg.inv(B))
        return np.asarray(tangent @ np.linalg.inv(tangent.T @ B @ tangent) @ tangent.T)
    return np.asarray(bread @ B @ bread)


@derived
def row_covariance(fit: Fit) -> Matrix:
    """Covariance matrix of all free rows of the table, shape (r, r); rows that share a label repeat."""
    restrictions = fit.objective.restrictions
    C = parameter_covariance(fit)
    return C if restrictions.identity else restrictions.K @ C @ restrictions.K.T


@derived
def row_errors(fit: Fit) -> Vector:
    """Standard errors of all rows of the table; 0 for fixed ones."""
    errors = np.zeros(len(fit.table.rows))
    errors[fit.objective.restrictions.free_rows] = standard_deviations(row_covariance(fit))
    return errors


def standard_deviations(C: Matrix) -> Vector:
    """Square roots of a diagonal; rounding below zero counts as zero."""
    variance = np.diagonal(C)
    return np.asarray(np.sqrt(np.where(variance < 0.0, 0.0, variance)))


def parameter_names(fit: Fit) -> list[str]:
    """A name for every free row: its label, else its formula, with level and group after the first."""
    rows = [fit.table.rows[i] for i in fit.objective.restrictions.free_rows]
    return [
        row.label
        if row.label and not row.label.startswith(".p")
        else f"{row}{f'.l{row.level}' if row.level > 1 else ''}{f'.g{row.group}' if row.group > 1 else ''}"
        for row in rows
    ]


def vcov(fit: Fit) -> pd.DataFrame:
    """Covariance matrix of the free rows as a frame."""
    import pandas as pd

    names = parameter_names(fit)
    return pd.DataFrame(row_covariance(fit), index=names, columns=names)


def params(fit: Fit) -> pd.Series[float]:
    """Estimates of the free rows."""
    import pandas as pd

    return pd.Series(_free(fit, fit.solution.values), index=parameter_names(fit), name="params")


def standard_errors(fit: Fit) -> pd.Series[float]:
    """Standard errors of the free rows."""
    import pandas as pd

    return pd.Series(_free(fit, row_errors(fit)), index=parameter_names(fit), name="bse")


def pvalues(fit: Fit) -> pd.Series[float]:
    """Two-sided p values of the free rows."""
    import pandas as pd

    with np.errstate(divide="ignore", invalid="ignore"):
        z = _free(fit, fit.solution.values) / _free(fit, row_errors(fit))
    return pd.Series(two_sided(z), index=parameter_names(fit), name="pvalues")


def conf_int(fit: Fit, alpha: float) -> pd.DataFrame:
    """Confidence intervals of the free rows."""
    import pandas as pd

    estimate, half = _free(fit, fit.solution.values), normal_quantile(1.0 - alpha) * _free(fit, row_errors(fit))
    return pd.DataFrame({"lower": estimate - half, "upper": estimate + half}, index=parameter_names(fit))


def _free(fit: Fit, by_row: Vector) -> Vector:
    return np.asarray(by_row[fit.objective.restrictions.free_rows])
