"""Ordinal variables in a model: latent responses behind the answers, their thresholds and their scales.

An ordinal answer falls between two thresholds tau of a continuous latent response y* (Muthén 1984), which takes part in
the model like any other variable. Only y*/sd(y*) leaves traces in the data, so one number a variable is fixed:

    delta   the scale factor 1/sd(y*); its residual variance follows from the rest of the model
    theta   the residual variance; its scale factor follows

Moments are those of the layout (`lvmodels.moments.responses`), all given the covariates: (tau - mu) / sd, slopes / sd,
correlations of the latent responses, covariances with continuous outcomes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import lower_triangle
from lvmodels.model.directions import SCALE, THRESHOLD, Directions, variances_of
from lvmodels.model.matrices import GroupTemplate, ModelMatrices, Template, model_matrices, moment_slopes

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ResponseState:
    """Latent responses of one group at one parameter vector.

    Attributes
    ----------
    template : Template
    group : int
        From 0.
    given : ModelMatrices
        All variables given the covariates, at zero.
    scale : ndarray, shape (p,)
        1 / sd of ordinal outcomes, 1 for continuous ones.
    thresholds : ndarray, shape (T,)
        tau.
    moments : ndarray, shape (m,)
        Implied moments in the order of the layout.
    """

    template: Template
    group: int
    given: ModelMatrices
    scale: Vector
    thresholds: Vector
    moments: Vector

    @property
    def cov(self) -> Matrix:
        """Implied correlations of latent responses, covariances with and among continuous outcomes, shape (p, p)."""
        assert self.template.responses is not None
        return self.template.responses.covariances(self.moments)


def completed_values(template: Template, values: Vector) -> Vector:
    """Values of all rows, with those filled in that follow from the others: residual variances, or scale factors.

    Raises
    ------
    numpy.linalg.LinAlgError
        When a scale is not positive, or the residual variances cannot be told.
    """
    if template.responses is None:
        return values
    values = values.copy()
    for g, part in enumerate(template.groups):
        rows, variables = part.residuals if template.delta else part.scales
        if template.delta:
            values[rows] = 0.0
        given = given_covariates(template, model_matrices(template, g, values))
        if template.delta:
            factor = _scale_factors(part, values, variables)
            gap = 1.0 / factor**2 - np.diagonal(given.V)[variables]
            values[rows] = np.linalg.solve(given.Tau[np.ix_(variables, variables)] ** 2, gap)
        else:
            variance = np.diagonal(given.V)[variables]
            if not (variance > 0.0).all():
                raise np.linalg.LinAlgError
            values[rows] = 1.0 / np.sqrt(variance)
    return values


def _scale_factors(part: GroupTemplate, values: Vector, variables: NDArray[np.intp]) -> Vector:
    """Scale factors of ordinal variables, in the order of `variables`."""
    rows, of = part.scales
    by_variable = dict(zip(of.tolist(), values[rows].tolist(), strict=True))
    factor = np.array([by_variable.get(v, 1.0) for v in variables.tolist()])
    if not (factor > 0.0).all():
        raise np.linalg.LinAlgError
    return factor


def given_covariates(template: Template, matrices: ModelMatrices) -> ModelMatrices:
    """The same variables given the covariates, at zero: their moments taken out."""
    k = template.n_given
    if not k:
        return matrices
    x = slice(template.n_observed - k, template.n_observed)
    Psi, alpha, Tau = matrices.Psi.copy(), matrices.alpha.copy(), matrices.Tau
    Psi[x] = Psi[:, x] = alpha[x] = 0.0
    return replace(matrices, Psi=Psi, alpha=alpha, V=Tau @ Psi @ Tau.T, eta=Tau @ alpha)


def response_state(template: Template, g: int, matrices: ModelMatrices, values: Vector) -> ResponseState:
    """Implied moments of a group, from completed values.

    Raises
    ------
    numpy.linalg.LinAlgError
        When a latent response has no variance.
    """
    layout, part = template.responses, template.groups[g]
    assert layout is not None
    given, p = given_covariates(template, matrices), layout.p
    V, mu = given.V[:p, :p], given.eta[:p]
    variance = np.diagonal(V)
    if not (variance > 0.0).all():
        raise np.linalg.LinAlgError
    scale = np.ones(p)
    scale[layout.ordinal] = 1.0 / np.sqrt(variance[layout.ordinal])
    thresholds = np.empty(len(layout.threshold_variable))
    rows, position = part.thresholds
    thresholds[position] = values[rows]
    at_thresholds, at_means, at_slopes, at_variances, at_pairs = layout.places
    i, j = layout.pairs
    moments = np.empty(layout.size)
    of = layout.threshold_variable
    moments[at_thresholds] = scale[of] * (thresholds - mu[of])
    moments[at_means] = mu[layout.continuous]
    moments[at_slopes] = (scale[:, None] * given.Tau[:p, p : p + layout.n_covariates]).ravel()
    moments[at_variances] = variance[layout.continuous]
    moments[at_pairs] = (scale[i] * scale[j]) * V[i, j]
    return ResponseState(template, g, given, scale, thresholds, moments)


def response_slopes(state: ResponseState, at: Directions) -> Matrix:
    """Derivatives of the implied moments along parameters, shape (m, k)."""
    template = state.template
    layout, part = template.responses, template.groups[state.group]
    assert layout is not None
    given, scale, p = state.given, state.scale, layout.p
    i, j = lower_triangle(p)
    raw = moment_slopes(given, at, p, meanstructure=True)
    diagonal = np.flatnonzero(i == j)
    V, mu = given.V[:p, :p], given.eta[:p]
    if template.delta:
        raw = _held_variances(part, given, at, raw, diagonal, scale)
    by_scale = np.zeros((p, len(at.u)))  # of 1 / sd, from that of the variance
    by_scale[layout.ordinal] = -0.5 * scale[layout.ordinal, None] ** 3 * raw[diagonal[layout.ordinal]]
    by_mean = raw[len(i) :]
    at_thresholds, at_means, at_slopes, at_variances, at_pairs = layout.places
    found = np.empty((layout.size, len(at.u)))
    of = layout.threshold_variable
    by_tau = np.zeros((len(of), len(at.u)))
    own = np.flatnonzero(at.kind == THRESHOLD)
    by_tau[layout.first_threshold[at.first[own]] + at.order[own], own] = 1.0
    found[at_thresholds] = (
        scale[of, None] * (by_tau - by_mean[of]) + by_scale[of] * (state.thresholds - mu[of])[:, None]
    )
    found[at_means] = by_mean[layout.continuous]
    if layout.n_covariates:
        x = slice(p, p + layout.n_covariates)
        slopes = scale[:, None, None] * _path_slopes(given, at, p, x) + by_scale[:, None] * given.Tau[:p, x, None]
        found[at_slopes] = slopes.reshape(-1, len(at.u))
    found[at_variances] = raw[diagonal[layout.continuous]]
    a, b = layout.pairs
    found[at_pairs] = (scale[a] * scale[b])[:, None] * raw[np.flatnonzero(i != j)] + V[a, b, None] * (
        by_scale[a] * scale[b, None] + by_scale[b] * scale[a, None]
    )
    return found


def _path_slopes(given: ModelMatrices, at: Directions, p: int, x: slice) -> Vector:
    """Derivatives of the total effects of covariates, shape (p, covariates, k)."""
    Tau = given.Tau
    return np.asarray(Tau[:p, None, at.first] * Tau[at.second, x].T[None] * (at.kind == 0))


def _held_variances(
    part: GroupTemplate, given: ModelMatrices, at: Directions, raw: Matrix, diagonal: NDArray[np.intp], scale: Vector
) -> Matrix:
    """`raw` with the residual variances giving way, so that variances of latent responses move with scale factors only.

    V[i, i] = 1 / Delta[i]²; where latent responses predict others, their residual variances move covariances, too.
    """
    _, variables = part.residuals
    predicting = given.Tau[:, variables].copy()
    predicting[variables, np.arange(len(variables))] = 0.0
    if predicting.any():
        by_residual = moment_slopes(given, variances_of(variables, len(given.Tau)), len(scale), meanstructure=True)
        return np.asarray(raw + by_residual @ residual_slopes(part, given, at, scale))
    raw[diagonal[variables]] = _by_scale_factors(variables, at, scale)
    return raw


def _by_scale_factors(variables: NDArray[np.intp], at: Directions, scale: Vector) -> Matrix:
    """Derivatives of the variances 1 / Delta² of latent responses, shape (ordinal variables, k)."""
    found = np.zeros((len(variables), len(at.u)))
    own = np.flatnonzero(at.kind == SCALE)
    found[np.searchsorted(variables, at.first[own]), own] = -2.0 / scale[at.first[own]] ** 3
    return found


def residual_slopes(part: GroupTemplate, given: ModelMatrices, at: Directions, scale: Vector) -> Matrix:
    """Derivatives of the residual variances that follow from the rest of the model, shape (ordinal variables, k)."""
    _, variables = part.residuals
    directions = variances_of(variables, len(given.Tau))
    gap = _by_scale_factors(variables, at, scale) - variances_along(given, at)[variables]
    return np.asarray(np.linalg.solve(variances_along(given, directions)[variables], gap))


def variances_along(matrices: ModelMatrices, at: Directions) -> Matrix:
    """Derivatives of all implied variances V[i, i] by parameters, shape (M, k)."""
    Tau, V = matrices.Tau, matrices.V
    directed = 2.0 * Tau[:, at.first] * V[:, at.second]
    symmetric = 2.0 * at.c * Tau[:, at.first] * Tau[:, at.second]
    return np.where(at.kind == 0, directed, np.where(at.kind == 1, symmetric, 0.0))
