"""Residual moments: raw, as correlations, and standardized."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import lower_triangle
from lvmodels.assess.categorical import categorical_score_covariance, sample_of, slopes_by_theta
from lvmodels.assess.implied import block_index, compared_moments, outcome_names
from lvmodels.assess.level_residuals import residual_variances
from lvmodels.assess.products import refuse_products
from lvmodels.assess.two_stage import two_stage_residual_variance
from lvmodels.assess.vcov import effective_n, inverse_information
from lvmodels.errors import OptionValueError, nearest
from lvmodels.estimate.derived import derived
from lvmodels.estimate.incomplete import moment_information, pattern_state
from lvmodels.fit.inspection import constraint_tangent
from lvmodels.fit.record import Fit
from lvmodels.model.directions import Directions
from lvmodels.model.identification import moment_jacobian
from lvmodels.model.matrices import moment_slopes
from lvmodels.moments.missing import complete_pattern, moving_moments
from lvmodels.moments.ordinal import ResponseMoments
from lvmodels.moments.weight import block_diagonal, normal_covariance, weighted

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
Kind = Literal["raw", "cor", "standardized"]
_NO_VARIANCE = 1e-10


def residuals(fit: Fit, kind: Kind, group: int, means: bool, level: int) -> Any:
    """The frame or series behind `Fit.residuals`.

    Raises
    ------
    OptionValueError
    """
    import pandas as pd

    if kind not in ("raw", "cor", "standardized"):
        raise OptionValueError(
            f"kind={kind!r} is not known; use 'raw', 'cor' or 'standardized'. "
            f"{nearest(kind, ('raw', 'cor', 'standardized'))}".strip()
        )
    g = block_index(fit, group, level)
    names = outcome_names(fit, g)
    cov, mean = _raw(fit, g) if kind == "raw" else _correlations(fit, g) if kind == "cor" else standardized(fit, g)
    outer = fit.table.variables.auxiliary  # whose moments the model reproduces, whatever it is
    inner = [name for name in names if name not in outer]
    if means:
        return pd.Series(mean, index=names).loc[inner]
    return pd.DataFrame(cov, index=names, columns=names).loc[inner, inner]


def _raw(fit: Fit, g: int) -> tuple[Matrix, Vector]:
    (S, mean), (Sigma, mu) = compared_moments(fit, g)
    return S - Sigma, mean - mu if fit.objective.template.meanstructure else np.zeros(len(S))


def _correlations(fit: Fit, g: int) -> tuple[Matrix, Vector]:
    """Sample minus implied correlations; means in units of their standard deviations."""
    (S, mean), (Sigma, mu) = compared_moments(fit, g)
    s, sigma = np.sqrt(np.abs(np.diagonal(S))), np.sqrt(np.abs(np.diagonal(Sigma)))
    cor = S / np.outer(s, s) - Sigma / np.outer(sigma, sigma)
    np.fill_diagonal(cor, 0.0)
    return cor, mean / s - mu / sigma if fit.objective.template.meanstructure else np.zeros(len(S))


@derived
def standardized(fit: Fit, g: int) -> tuple[Matrix, Vector]:
    """Residuals over their standard errors (Jöreskog and Sörbom 1981; Hausman-type variance of Maydeu-Olivares 2017).

    The variance of a residual is a diagonal element of Q Gamma Q' / n, with Q = I - Delta (Delta'V Delta)^-1 Delta'V
    and Gamma of the normal distribution with the sample covariances. Only that diagonal is formed, in p² q numbers.
    """
    refuse_products(fit, "standardized residuals are", "Use kind='raw' or 'cor', or the model without the product.")
    if fit.table.levels:
        return _of_level(fit, g)
    sample, state = fit.prepared.moments[g], fit.solution.states[g]
    part, p = fit.objective.template.groups[g], len(sample.cov)
    if sample.responses is not None:
        return _categorical(fit, g, sample.responses)
    if sample.patterns is not None:
        return _incomplete(fit, g)
    if sample.first_stage is not None:
        return _two_stage(fit, g)
    if sample.weight is not None:
        return _least_squares(fit, g)
    S, n = sample.cov, effective_n(fit) * fit.objective.weights[g]
    C, middle, parts = _row_covariance(fit), _row_middle(fit), _sampling_parts(fit, g)
    Z = np.concatenate([state.matrices.Tau[:p], state.matrices.V[:p]], axis=1)
    at, m = part.directions, state.means[part.directions.m]
    i, j = lower_triangle(p)

    def variance(unit: Vector, D: Matrix, R: Matrix) -> Vector:
        spread = D @ C[part.free]  # Delta times the covariance of the estimates, by all free rows
        fitted = ((spread @ middle) * spread).sum(axis=1)
        return np.asarray(unit / n - 2.0 * (spread[:, part.free] * R).sum(axis=1) + fitted)

    raw, gap = _raw(fit, g)
    unit = sum(sign * (P[i, i] * P[j, j] + P[i, j] ** 2) for sign, P in parts)
    R = sum(sign * _rank_two(P @ state.W @ Z, at, i, j) for sign, P in parts)
    cov = np.zeros((p, p))
    spread = variance(np.asarray(unit), _rank_two(Z, at, i, j), np.asarray(R))
    cov[i, j] = cov[j, i] = _over_error(raw[i, j], spread, S[i, i] * S[j, j] / n)
    if not fit.objective.template.meanstructure:
        return cov, gap
    Gamma = np.asarray(sum(sign * P for sign, P in parts))
    spread = variance(np.diagonal(Gamma), Z[:, at.u] * m, (Gamma @ state.W @ Z)[:, at.u] * m)
    return cov, _over_error(gap, spread, np.diagonal(S) / n)


def _of_level(fit: Fit, g: int) -> tuple[Matrix, Vector]:
    """At one level: saturated less implied moments over the errors of their difference."""
    raw, gap = _raw(fit, g)
    variance, own, places = residual_variances(fit)
    cov, mean = np.zeros_like(raw), np.zeros_like(gap)
    for k, (block, a, b) in enumerate(places):
        if block != g:
            continue
        unit, spread = own[k : k + 1], variance[k : k + 1]
        if b < 0:
            mean[a] = _over_error(gap[a : a + 1], spread, unit)[0]
        else:
            cov[a, b] = cov[b, a] = _over_error(raw[a, b : b + 1], spread, unit)[0]
    return cov, mean


def _two_stage(fit: Fit, g: int) -> tuple[Matrix, Vector]:
    """After two stages: Gamma as the first leaves it, and the errors of the estimates from it."""
    if not fit.converged or fit.singular:
        p = fit.objective.template.n_observed
        return np.full((p, p), np.nan), np.full(p, np.nan)
    return _over(fit, g, *two_stage_residual_variance(fit, g, constraint_tangent(fit.objective, fit.optimum)))


def _over(fit: Fit, g: int, variance: Vector, unit: Vector) -> tuple[Matrix, Vector]:
    """Raw residuals over their errors, from the variances of distinct covariances and means."""
    raw, gap = _raw(fit, g)
    i, j = lower_triangle(len(raw))
    over = _over_error(np.concatenate([raw[i, j], gap]), variance, unit)
    cov = np.zeros_like(raw)
    cov[i, j] = cov[j, i] = over[: len(i)]
    return cov, over[len(i) :]


def _least_squares(fit: Fit, g: int) -> tuple[Matrix, Vector]:
    """For least squares: Q Gamma Q' / n as it stands, with the weight matrix of the estimator in Q."""
    objective = fit.objective
    shares = objective.weights
    Delta = moment_jacobian(objective.template, objective.restrictions, fit.solution.values)
    V = block_diagonal([w * m.weight for w, m in zip(shares, objective.moments, strict=True) if m.weight is not None])
    free = fit.settings.estimator == "WLS"  # whose weight matrix is the inverse of a Gamma free of distributions
    Gammas = [np.linalg.pinv(m.weight) if free and m.weight is not None else normal_covariance(m.cov)
              for m in objective.moments]  # fmt: skip
    Gamma = block_diagonal([G / w for w, G in zip(shares, Gammas, strict=True)])
    Q = np.eye(len(V)) - Delta @ inverse_information(fit, observed=False) @ Delta.T @ V
    size = len(V) // len(shares)
    variance = np.einsum("ij,jk,ik->i", Q, Gamma, Q, optimize=True)[g * size : (g + 1) * size] / effective_n(fit)
    unit = np.diagonal(Gamma)[g * size : (g + 1) * size] / effective_n(fit)
    return _over(fit, g, variance, unit)


def _categorical(fit: Fit, g: int, responses: ResponseMoments) -> tuple[Matrix, Vector]:
    """With ordinal variables: Gamma as estimated, and the errors of the estimates from it."""
    objective, layout, n = fit.objective, responses.layout, float(fit.nobs)
    _, V = sample_of(objective.moments[g])
    Delta, inverse = slopes_by_theta(objective, fit.solution, g), inverse_information(fit, observed=False)
    C = inverse @ categorical_score_covariance(objective, fit.solution) @ inverse / n
    unit = np.diagonal(responses.Gamma) / (n * objective.weights[g])  # Gamma is divided by n always
    shared = np.einsum("ij,ij->i", Delta @ inverse, responses.Gamma @ weighted(V, Delta)) / n
    variance = unit - 2.0 * shared + np.einsum("ij,ij->i", Delta @ C, Delta)
    state = fit.solution.states[g].responses
    assert state is not None
    over = _over_error(responses.statistics - state.moments, variance, unit)
    cov, mean = layout.covariances(over), np.zeros(layout.p)
    cov[layout.ordinal, layout.ordinal] = 0.0  # the variance of a latent response is 1 in sample and model
    mean[layout.continuous] = over[layout.places[1]]
    return cov, mean


def _incomplete(fit: Fit, g: int) -> tuple[Matrix, Vector]:
    """With missing values: saturated less implied moments over the root of J^-1 - Delta (Delta'J Delta)^-1 Delta'.

    One J, the observed information about the saturated moments, in both places: the difference is never negative.
    """
    part = fit.objective.template.groups[g]
    n, moving = effective_n(fit) * fit.objective.weights[g], _moving(fit, g)
    J, Delta = _saturated_information(fit, g), _slopes(fit, g)
    own = np.zeros(len(J))
    own[moving] = np.diagonal(np.linalg.inv(J[np.ix_(moving, moving)])) / n
    C = _incomplete_covariance(fit)[np.ix_(part.free, part.free)]
    variance = own - moving * ((Delta @ C) * Delta).sum(axis=1)
    return _over(fit, g, variance, own)


@derived
def _incomplete_covariance(fit: Fit) -> Matrix:
    """Covariance of the estimates by free rows, from the information about the saturated moments of all groups."""
    K, tangent = fit.objective.restrictions.K, constraint_tangent(fit.objective, fit.optimum)
    total = np.zeros((len(K), len(K)))
    for g, part in enumerate(fit.objective.template.groups):
        moving, Delta = _moving(fit, g), _slopes(fit, g)
        J = _saturated_information(fit, g)[np.ix_(moving, moving)]
        n = effective_n(fit) * fit.objective.weights[g]
        total[np.ix_(part.free, part.free)] += n * Delta[moving].T @ J @ Delta[moving]
    root = K if tangent is None else K @ tangent
    if not fit.converged or fit.singular:
        return np.full_like(total, np.nan)
    return np.asarray(root @ np.linalg.inv(root.T @ total @ root) @ root.T)


def _moving(fit: Fit, g: int) -> NDArray[np.bool_]:
    return moving_moments(len(fit.prepared.moments[g].cov), fit.objective.template.n_covariates)


def _slopes(fit: Fit, g: int) -> Matrix:
    state = fit.solution.states[g]
    return moment_slopes(state.matrices, fit.objective.template.groups[g].directions, len(state.W), meanstructure=True)


def _saturated_information(fit: Fit, g: int) -> Matrix:
    sample = fit.prepared.moments[g]
    patterns = sample.patterns or complete_pattern(sample.mean, sample.cov)
    return moment_information(pattern_state(patterns, sample.cov, sample.mean), observed=True)


def _sampling_parts(fit: Fit, g: int) -> tuple[tuple[float, Matrix], ...]:
    """The sampling covariance of the moments as signed parts, each that of a normal distribution.

    It is that of S; where the moments of covariates are fixed, less that of the part of S which they explain.
    """
    S, k = fit.prepared.moments[g].cov, fit.objective.template.n_covariates
    if not k:
        return ((1.0, S),)
    x = slice(len(S) - k, None)
    return ((1.0, S), (-1.0, S[:, x] @ np.linalg.solve(S[x, x], S[x, :])))


def _rank_two(Z: Matrix, at: Directions, i: NDArray[np.intp], j: NDArray[np.intp]) -> Matrix:
    """Elements (i, j) of c (Z_u Z_v' + Z_v Z_u') for every parameter, shape (len(i), k)."""
    U, V = Z[:, at.u], Z[:, at.v]
    return at.c * (U[i] * V[j] + V[i] * U[j])


def _over_error(residual: Vector, variance: Vector, unit: Vector) -> Vector:
    """0 where the residual has no variance (a moment the model reproduces exactly), NaN where none is known."""
    known = variance > _NO_VARIANCE * unit
    quotient = np.where(known, residual / np.sqrt(np.where(known, variance, 1.0)), 0.0)
    return np.where(np.isnan(variance), np.nan, quotient)


@derived
def _row_middle(fit: Fit) -> Matrix:
    """Covariance of the scores under the sampling covariance of the moments, summed over cases, by free rows."""
    r = len(fit.objective.restrictions.free_rows)
    total = np.zeros((r, r))
    for g, part in enumerate(fit.objective.template.groups):
        state, p = fit.solution.states[g], fit.objective.template.n_observed
        Z = np.concatenate([state.matrices.Tau[:p], state.matrices.V[:p]], axis=1)
        WZ, at, m = state.W @ Z, part.directions, state.means[part.directions.m]
        uu, uv, vu, vv = (np.ix_(a, b) for a, b in ((at.u, at.u), (at.u, at.v), (at.v, at.u), (at.v, at.v)))
        block = np.zeros((len(part.free), len(part.free)))
        for sign, P in _sampling_parts(fit, g):
            H = WZ.T @ P @ WZ
            block += sign * (at.c[:, None] * at.c * (H[uu] * H[vv] + H[uv] * H[vu]) + m[:, None] * m * H[uu])
        total[np.ix_(part.free, part.free)] += effective_n(fit) * fit.objective.weights[g] * block
    return total


def _row_covariance(fit: Fit) -> Matrix:
    """Expected covariance of the estimates by free rows, whatever standard errors were asked for."""
    K = fit.objective.restrictions.K
    return np.asarray(K @ inverse_information(fit, observed=False) @ K.T / effective_n(fit))
