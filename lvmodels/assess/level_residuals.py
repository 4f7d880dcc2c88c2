"""Sampling variances of the residual moments of two-level fits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import lower_triangle
from lvmodels.assess.twolevel import saturated_optimum, saturated_outcomes
from lvmodels.estimate.derived import derived
from lvmodels.estimate.objective import information
from lvmodels.fit.inspection import constraint_tangent
from lvmodels.fit.record import Fit
from lvmodels.fit.saturated import saturated_rows
from lvmodels.model.matrices import moment_slopes

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Place = tuple[int, int, int]


@derived
def residual_variances(fit: Fit) -> tuple[Vector, Vector, tuple[Place, ...]]:
    """Variances of saturated less implied moments, of the saturated moments alone, and which moment each is.

    With J the observed information about the saturated moments the first are the diagonal of
    (J^-1 - Delta (Delta'J Delta)^-1 Delta') / n; one J in both places, so that they are never negative.

    Returns
    -------
    ndarray, shape (m,)
    ndarray, shape (m,)
    tuple of (int, int, int)
        Block, and the places of both variables among those of the block; the second is -1 for a mean.
    """
    rows = saturated_rows(fit.table)
    kept = saturated_outcomes(fit)
    places = _places(fit)
    if not fit.converged or fit.singular:
        nan = np.full(len(kept), np.nan)
        return nan, nan, tuple(places[k] for k in kept)
    objective, optimum = saturated_optimum(fit)
    J = information(objective, optimum.evaluation, observed=True)[np.ix_(kept, kept)]
    Delta = _slopes(fit, len(rows))[kept]
    tangent = constraint_tangent(fit.objective, fit.optimum)
    Delta = Delta if tangent is None else Delta @ tangent
    n = float(fit.nobs)
    own = np.diagonal(np.linalg.inv(J)) / n
    spread = np.einsum("ij,ji->i", Delta, np.linalg.solve(Delta.T @ J @ Delta, Delta.T)) / n
    return own - spread, own, tuple(places[k] for k in kept)


def _places(fit: Fit) -> list[Place]:
    found = []
    for row in saturated_rows(fit.table):
        names = fit.table.levels[row.level - 1].observed
        observed = [name for name in fit.objective.template.observed if name in names]
        second = observed.index(row.rhs) if row.rhs else -1
        found.append((fit.table.block(row), observed.index(row.lhs), second))
    return found


def _slopes(fit: Fit, count: int) -> Matrix:
    """Derivatives of all implied moments by theta, in the order of the saturated ones."""
    template, restrictions = fit.objective.template, fit.objective.restrictions
    p = template.n_observed
    i, j = lower_triangle(p)
    position = {(a, b): k for k, (a, b) in enumerate(zip(i.tolist(), j.tolist(), strict=True))}
    place = {name: k for k, name in enumerate(template.observed)}
    by_block = []
    for b, part in enumerate(template.groups):
        slopes = np.zeros((len(i) + p, len(restrictions.free_rows)))
        slopes[:, part.free] = moment_slopes(fit.solution.states[b].matrices, part.directions, p, meanstructure=True)
        by_block.append(slopes @ restrictions.K)
    found = np.empty((count, restrictions.n_parameters))
    for k, row in enumerate(saturated_rows(fit.table)):
        block, a = fit.table.block(row), place[row.lhs]
        if row.op == "~1":  # the mean is the sum of those of both levels
            found[k] = by_block[2 * (block // 2)][len(i) + a] + by_block[2 * (block // 2) + 1][len(i) + a]
        else:
            c = place[row.rhs]
            found[k] = by_block[block][position[max(a, c), min(a, c)]]
    return found
