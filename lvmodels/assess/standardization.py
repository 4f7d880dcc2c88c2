"""Standardized parameters and their exact derivatives.

A parameter of the path b -> a is multiplied by sd(b) / sd(a), a variance divided by the implied variance, a covariance
by the square root of the product of the two (residual) variances, an intercept by sd(a). Derivatives of the implied
variances have closed forms (see `lvmodels.model.matrices`), so delta-method errors need no numerical differentiation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lvmodels.estimate.derived import derived
from lvmodels.fit.record import Fit
from lvmodels.model.conditional import Products
from lvmodels.model.directions import Directions, variances_of
from lvmodels.model.matrices import ModelMatrices, Template, model_matrices
from lvmodels.model.responses import residual_slopes, variances_along

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Kind = Literal["all", "lv"]
_STEP, _SMALL = 1e-5, 1e-3


@derived
def standardized_values(fit: Fit, kind: Kind) -> Vector:
    """Standardized values of all rows of the table, shape (n_rows,)."""
    matrices = [state.matrices for state in fit.solution.states]
    return standardize(fit.objective.template, matrices, fit.solution.values, kind)


def standardize(template: Template, matrices: Sequence[ModelMatrices], values: Vector, kind: Kind) -> Vector:
    """Standardized values of all rows of the table.

    Parameters
    ----------
    matrices : sequence of ModelMatrices
        One a group.
    values : ndarray, shape (..., n_rows)
        Leading axes are stacks, as in `matrices`.
    """
    found = np.empty_like(values)
    for g, part in enumerate(template.groups):
        total, residual = scales(template, matrices[g], kind)
        rows, a, b = part.directed
        constant = np.isnan(total) & (np.diagonal(matrices[g].V, axis1=-2, axis2=-1) == 0.0)
        origin = np.where(constant, 0.0, total)
        found[..., rows] = values[..., rows] * origin[..., b] / total[..., a]
        rows, a, b = part.symmetric
        whole, rest = total[..., a] * total[..., b], residual[..., a] * residual[..., b]
        found[..., rows] = values[..., rows] / np.where(a == b, whole, rest)
        if part.products is not None:
            found[..., part.products.rows] = _products(part.products, total, values)
        rows, a = part.intercepts
        found[..., rows] = values[..., rows] / total[..., a]
        rows, a = threshold_rows(template, g)
        found[..., rows] = values[..., rows] / total[..., a]
        rows, a = part.scales
        found[..., rows] = values[..., rows] * total[..., a]
    return found


def _products(products: Products, total: Vector, values: Vector) -> Vector:
    """A product is multiplied by the standard deviations of both factors (Wen, Marsh and Hau 2010)."""
    by = products.given[products.by]
    return values[..., products.rows] * total[..., by] * total[..., products.tail] / total[..., products.head]


def threshold_rows(template: Template, g: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows of the thresholds of a group, and the variables they belong to."""
    rows, position = template.groups[g].thresholds
    return rows, position if template.responses is None else template.responses.threshold_variable[position]


def scales(template: Template, matrices: ModelMatrices, kind: Kind) -> tuple[Vector, Vector]:
    """Implied and residual standard deviations of all variables; 1 for those that keep their scale.

    Negative variances give NaN: there is no standardized value then.
    """
    with np.errstate(invalid="ignore"):
        total = np.sqrt(np.diagonal(matrices.V, axis1=-2, axis2=-1))
        residual = np.sqrt(np.diagonal(matrices.Psi, axis1=-2, axis2=-1))
    total = np.where(total > 0, total, np.nan)
    residual = np.where(residual > 0, residual, np.nan)
    if kind == "lv":
        total[..., : template.n_observed] = residual[..., : template.n_observed] = 1.0
    return total, residual


@derived
def standardized_jacobian(fit: Fit, kind: Kind) -> Matrix:
    """Derivatives of all standardized rows by the free rows, shape (n_rows, r)."""
    if fit.objective.template.given:
        return _by_differences(fit, kind)
    restrictions = fit.objective.restrictions
    values, standardized = fit.solution.values, standardized_values(fit, kind)
    J = np.zeros((len(values), len(restrictions.free_rows)))
    position = np.full(len(values), -1)
    position[restrictions.free_rows] = np.arange(len(restrictions.free_rows))
    for g, part in enumerate(fit.objective.template.groups):
        matrices = fit.solution.states[g].matrices
        total, residual = scales(fit.objective.template, matrices, kind)
        moving = np.ones(len(total), bool)
        moving[: fit.objective.template.n_observed] = kind == "all"
        follow, followed = _followed(fit, g)
        by_variance = variances_along(matrices, part.directions)
        by_variance = by_variance + variances_along(matrices, variances_of(follow, len(total))) @ followed
        log_sd = by_variance / (2.0 * total[:, None] ** 2) * moving[:, None]
        log_residual = _residual_slopes(matrices, part.directions, residual)
        log_residual[follow] = followed / (2.0 * residual[follow, None] ** 2)
        log_residual *= moving[:, None]

        def fill(rows: NDArray[np.intp], divisor: Vector, relative: Matrix, free: NDArray[np.intp] = part.free) -> None:
            """Row by row: own derivative over the divisor, plus standardized value times relative change of scale."""
            J[np.ix_(rows, free)] = np.where(standardized[rows, None] == 0.0, 0.0, standardized[rows, None] * relative)
            own = position[rows]
            J[rows[own >= 0], own[own >= 0]] += 1.0 / divisor[own >= 0]

        rows, a, b = part.directed
        fill(rows, total[a] / total[b], log_sd[b] - log_sd[a])
        rows, a, b = part.symmetric
        same = (a == b)[:, None]
        divisor = np.where(a == b, total[a] * total[b], residual[a] * residual[b])
        fill(rows, divisor, np.where(same, -2.0 * log_sd[a], -log_residual[a] - log_residual[b]))
        rows, a = part.intercepts
        fill(rows, total[a], -log_sd[a])
        rows, a = threshold_rows(fit.objective.template, g)
        fill(rows, total[a], -log_sd[a])
        if len(follow):
            J[np.ix_(part.residuals[0], part.free)] += followed / total[follow, None] ** 2
    return J


def _by_differences(fit: Fit, kind: Kind) -> Matrix:
    """The same by central differences: moments over products of latent variables are polynomials."""
    rows, values = fit.objective.restrictions.free_rows, fit.solution.values
    size = np.abs(values[rows])
    step = _STEP * np.where(size > _SMALL, size, 1.0)
    sides = np.repeat(values[None, None, :], 2, axis=0).repeat(len(rows), axis=1)
    for k, row in enumerate(rows):
        sides[0, k, row] += step[k]
        sides[1, k, row] -= step[k]
    template = fit.objective.template
    matrices = [model_matrices(template, g, sides) for g in range(len(template.groups))]
    up, down = standardize(template, matrices, sides, kind)
    return np.asarray((up - down).T / (2.0 * step))


def _followed(fit: Fit, g: int) -> tuple[NDArray[np.intp], Matrix]:
    """Ordinal variables whose residual variances follow from the free parameters, and their derivatives."""
    template, state = fit.objective.template, fit.solution.states[g].responses
    part = template.groups[g]
    if state is None or not template.delta:
        return np.zeros(0, dtype=np.intp), np.zeros((0, len(part.free)))
    return part.residuals[1], residual_slopes(part, state.given, part.directions, state.scale)


def _residual_slopes(matrices: ModelMatrices, at: Directions, residual: Vector) -> Matrix:
    """Relative change of residual standard deviations: 1 / (2 psi_ii) where the parameter is psi_ii itself."""
    slopes = np.zeros((len(residual), len(at.u)))
    own = np.flatnonzero((at.kind == 1) & (at.first == at.second))
    slopes[at.first[own], own] = 0.5 / residual[at.first[own]] ** 2
    return slopes
