"""Standardized root mean square residuals of two-level fits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import lower_triangle
from lvmodels.assess.twolevel import block_moments, saturated_moments_of
from lvmodels.fit.record import Fit

Matrix = NDArray[np.float64]


def level_residual_measures(fit: Fit) -> dict[str, float]:
    """SRMR within and between clusters, of correlations, and their sum; groups weighted by their size."""
    sizes = np.array([m.n for m in fit.prepared.moments])
    found = np.array([[_srmr(fit, 2 * g + level) for level in range(2)] for g in range(len(sizes))])
    within, between = map(float, sizes / sizes.sum() @ found)
    return {"srmr": within + between, "srmr_within": within, "srmr_between": between}


def _srmr(fit: Fit, block: int) -> float:
    levels = fit.objective.template.levels
    assert levels is not None
    there = np.flatnonzero(levels.between if block % 2 else levels.within)
    (S, _), (Sigma, _) = saturated_moments_of(fit, block), block_moments(fit.solution, block)
    i, j = lower_triangle(len(there))
    rows, columns = there[i], there[j]
    gap = (correlations(S) - correlations(Sigma))[rows, columns]
    return float(np.sqrt(np.mean(gap**2)))


def correlations(S: Matrix) -> Matrix:
    """Correlations of a covariance matrix whose variances may be negative; 0 for variables it does not know."""
    size = np.sqrt(np.abs(np.diagonal(S)))
    size = np.where(size > 0, size, 1.0)
    R = S / size / size[:, None]
    np.fill_diagonal(R, 1.0)
    return np.asarray(R)
