"""Browne's test from the residual moments alone, for any consistent estimates (Browne 1984, eq. 2.20b).

With e the sample less the implied moments, Gamma the sampling covariance of the moments (free of distributions, or that
of a normal sample) and Delta the derivatives of the implied moments, the statistic is
n e' (Gamma^-1 - Gamma^-1 Delta (Delta' Gamma^-1 Delta)^-1 Delta' Gamma^-1) e.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.casewise import cases_of, deviations
from lvmodels.assess.intervals import chi_square_tail
from lvmodels.assess.vcov import effective_n
from lvmodels.errors import TooFewCasesError
from lvmodels.estimate.derived import derived
from lvmodels.fit.inspection import constraint_tangent
from lvmodels.fit.record import Fit
from lvmodels.model.identification import moment_jacobian
from lvmodels.moments.missing import moving_moments
from lvmodels.moments.weight import block_diagonal, moment_deviations, normal_covariance

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
Kind = Literal["adf", "nt"]
_SINGULAR = 1e-12


def residual_test_measures(fit: Fit, df: int) -> dict[str, float]:
    """The test that `test="browne.residual.adf"` or `"browne.residual.nt"` asks for, under names of its own."""
    if not fit.settings.residual_test:
        return {}
    kind: Kind = "adf" if fit.settings.residual_test.endswith("adf") else "nt"
    chisq = residual_chi_square(fit, kind) if df else 0.0
    name = f"browne_residual_{kind}"
    return {f"chisq_{name}": chisq, f"df_{name}": float(df), f"pvalue_{name}": chi_square_tail(chisq, df)}


@derived
def residual_chi_square(fit: Fit, kind: Kind) -> float:
    """Browne's statistic; NaN for a fit that did not converge.

    Raises
    ------
    DataError
        When moments were given, but Gamma needs the answers of each case.
    TooFewCasesError
        When Gamma is singular because there are too few cases.
    """
    if not fit.converged:
        return float("nan")
    objective = fit.objective
    Delta = moment_jacobian(objective.template, objective.restrictions, fit.solution.values)
    tangent = constraint_tangent(objective, fit.optimum)
    Delta = Delta if tangent is None else Delta @ tangent
    groups = [_of_group(fit, g, kind) for g in range(len(objective.moments))]
    kept = np.concatenate([moving for _, _, moving in groups])
    shares = objective.weights
    e = np.concatenate([e for e, _, _ in groups])[kept]
    Gamma = block_diagonal([G / w for w, (_, G, _) in zip(shares, groups, strict=True)])[np.ix_(kept, kept)]
    half = _whitened(Gamma, np.column_stack([e, Delta[kept]]))
    residual, slopes = half[:, 0], half[:, 1:]
    fitted = slopes @ np.linalg.lstsq(slopes, residual, rcond=None)[0]
    return float(effective_n(fit) * ((residual - fitted) @ residual))


def _whitened(Gamma: Matrix, columns: Matrix) -> Matrix:
    """Gamma^-1/2 times columns."""
    size = np.sqrt(np.diagonal(Gamma))
    try:
        root = np.linalg.cholesky(Gamma / size / size[:, None])
    except np.linalg.LinAlgError:
        root = np.zeros((1, 1))
    if np.diagonal(root).min() ** 2 < _SINGULAR:
        raise TooFewCasesError(
            f"test='browne.residual.adf' inverts a matrix of {len(Gamma)} moments, for which the cases are too few; "
            "use test='browne.residual.nt', or fewer variables."
        )
    return np.asarray(np.linalg.solve(root, columns / size[:, None]))


def _of_group(fit: Fit, g: int, kind: Kind) -> tuple[Vector, Matrix, NDArray[np.bool_]]:
    """Residual moments, their sampling covariance, and which of them are modelled and vary over samples."""
    objective, sample, state = fit.objective, fit.prepared.moments[g], fit.solution.states[g]
    if sample.responses is not None:
        assert state.responses is not None
        e = sample.responses.statistics - state.responses.moments
        return e, sample.responses.Gamma, np.ones(len(e), dtype=bool)
    p, (i, j) = len(sample.cov), np.tril_indices(len(sample.cov))
    e = np.concatenate([(sample.cov - state.matrices.V[:p, :p])[i, j], sample.mean - state.matrices.eta[:p]])
    moving = moving_moments(p, objective.template.n_covariates)
    moving[len(i) :] &= objective.template.meanstructure
    if kind == "nt":
        return e, _normal(sample.cov, objective.template.n_covariates), moving
    data = cases_of(fit.prepared.data, "test='browne.residual.adf'")
    deviation = moment_deviations(*deviations(objective, data, g))
    return e, deviation.T @ deviation / len(deviation), moving


def _normal(S: Matrix, k: int) -> Matrix:
    """Gamma of a normal sample; given the k fixed covariates, less that of what they explain."""
    if not k:
        return normal_covariance(S)
    return normal_covariance(S) - normal_covariance(S[:, -k:] @ np.linalg.solve(S[-k:, -k:], S[-k:, :]))
