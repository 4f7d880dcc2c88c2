"""Residual moments: raw, as correlations, and standardized."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.implied import group_index
from lvmodels.assess.vcov import effective_n, parameter_covariance
from lvmodels.errors import OptionValueError, nearest
from lvmodels.fit.record import Fit, derived
from lvmodels.model.matrices import Directions

if TYPE_CHECKING:
    import pandas as pd

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
Kind = Literal["raw", "cor", "standardized"]
_NO_VARIANCE = 1e-10


def residuals(fit: Fit, kind: Kind, group: int, means: bool) -> Any:
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
    g, names = group_index(fit, group), list(fit.objective.template.observed)
    cov, mean = _raw(fit, g) if kind == "raw" else _correlations(fit, g) if kind == "cor" else standardized(fit, g)
    return pd.Series(mean, index=names) if means else pd.DataFrame(cov, index=names, columns=names)


def _raw(fit: Fit, g: int) -> tuple[Matrix, Vector]:
    sample, matrices = fit.prepared.moments[g], fit.solution.states[g].matrices
    p = len(sample.cov)
    gap = sample.mean - matrices.eta[:p] if fit.objective.template.meanstructure else np.zeros(p)
    return sample.cov - matrices.V[:p, :p], gap


def _correlations(fit: Fit, g: int) -> tuple[Matrix, Vector]:
    """Sample minus implied correlations; means in units of their standard deviations."""
    sample, matrices = fit.prepared.moments[g], fit.solution.states[g].matrices
    p = len(sample.cov)
    Sigma = matrices.V[:p, :p]
    s, sigma = np.sqrt(np.diagonal(sample.cov)), np.sqrt(np.diagonal(Sigma))
    cor = sample.cov / np.outer(s, s) - Sigma / np.outer(sigma, sigma)
    np.fill_diagonal(cor, 0.0)
    gap = sample.mean / s - matrices.eta[:p] / sigma if fit.objective.template.meanstructure else np.zeros(p)
    return cor, gap


@derived
def standardized(fit: Fit, g: int) -> tuple[Matrix, Vector]:
    """Residuals over their standard errors (Jöreskog and Sörbom 1981; Hausman-type variance of Maydeu-Olivares 2017).

    The variance of a residual is a diagonal element of Q Gamma Q' / n, with Q = I - Delta (Delta'V Delta)^-1 Delta'V
    and Gamma of the normal distribution with the sample covariances. Only that diagonal is formed, in p² q numbers.
    """
    sample, state = fit.prepared.moments[g], fit.solution.states[g]
    part, p = fit.objective.template.groups[g], len(sample.cov)
    S, n = sample.cov, effective_n(fit) * fit.objective.weights[g]
    C = _row_covariance_of(fit, g)
    middle = _row_middle(fit)
    Z = np.concatenate([state.matrices.Tau[:p], state.matrices.V[:p]], axis=1)
    P = S @ state.W @ Z
    at, m = part.directions, state.means[part.directions.m]
    i, j = np.tril_indices(p)
    D, R = _rank_two(Z, at, i, j), _rank_two(P, at, i, j)
    spread = D @ C[part.free]  # Delta times the covariance of the estimates, by all free rows
    variance = (S[i, i] * S[j, j] + S[i, j] ** 2) / n
    variance = variance - 2.0 * (spread[:, part.free] * R).sum(axis=1) + ((spread @ middle) * spread).sum(axis=1)
    raw, gap = _raw(fit, g)
    cov = np.zeros((p, p))
    cov[i, j] = cov[j, i] = _over_error(raw[i, j], variance, S[i, i] * S[j, j] / n)
    if not fit.objective.template.meanstructure:
        return cov, gap
    D, R = Z[:, at.u] * m, P[:, at.u] * m
    spread = D @ C[part.free]
    variance = np.diagonal(S) / n
    variance = variance - 2.0 * (spread[:, part.free] * R).sum(axis=1) + ((spread @ middle) * spread).sum(axis=1)
    return cov, _over_error(gap, variance, np.diagonal(S) / n)


def _rank_two(Z: Matrix, at: Directions, i: NDArray[np.intp], j: NDArray[np.intp]) -> Matrix:
    """Elements (i, j) of c (Z_u Z_v' + Z_v Z_u') for every parameter, shape (len(i), k)."""
    U, V = Z[:, at.u], Z[:, at.v]
    return at.c * (U[i] * V[j] + V[i] * U[j])


def _over_error(residual: Vector, variance: Vector, unit: Vector) -> Vector:
    """0 where the residual has no variance (a moment the model reproduces exactly)."""
    known = variance > _NO_VARIANCE * unit
    return np.where(known, residual / np.sqrt(np.where(known, variance, 1.0)), 0.0)


@derived
def _row_middle(fit: Fit) -> Matrix:
    """Covariance of the scores under Gamma of the sample, summed over cases, by free rows."""
    r = len(fit.objective.restrictions.free_rows)
    total = np.zeros((r, r))
    for g, part in enumerate(fit.objective.template.groups):
        state, sample = fit.solution.states[g], fit.prepared.moments[g]
        p = len(sample.cov)
        Z = np.concatenate([state.matrices.Tau[:p], state.matrices.V[:p]], axis=1)
        WZ = state.W @ Z
        H, at, m = WZ.T @ sample.cov @ WZ, part.directions, state.means[part.directions.m]
        uu, uv, vu, vv = (np.ix_(a, b) for a, b in ((at.u, at.u), (at.u, at.v), (at.v, at.u), (at.v, at.v)))
        block = at.c[:, None] * at.c * (H[uu] * H[vv] + H[uv] * H[vu]) + m[:, None] * m * H[uu]
        total[np.ix_(part.free, part.free)] += effective_n(fit) * fit.objective.weights[g] * block
    return total


def _row_covariance_of(fit: Fit, g: int) -> Matrix:
    """Covariance of the estimates by free rows (needed even when standard errors were not asked for)."""
    K = fit.objective.restrictions.K
    return np.asarray(K @ parameter_covariance(fit) @ K.T)
