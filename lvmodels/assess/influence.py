"""How much every single case moves every quantity: influence values, for the acceleration of BCa intervals.

Under maximum likelihood the derivative of theta by the weight of a case is exact and needs no refitting: the inverse
observed information times the score of the case (the infinitesimal jackknife, Jaeckel 1972; Efron 1982, ch. 6). Least
squares and two-stage estimates are computed without each case in turn (the jackknife).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.casewise import case_scores
from lvmodels.assess.quantities import Quantities, quantities
from lvmodels.assess.resampling_plan import refitting_of, resampling_of, units_of
from lvmodels.estimate.derived import derived
from lvmodels.estimate.objective import information
from lvmodels.estimate.resample import case_moments, samples_of, solve_samples
from lvmodels.fit.inspection import constraint_tangent
from lvmodels.fit.record import Fit
from lvmodels.fit.refit import refit, resampled
from lvmodels.survey.matrix import DataMatrix

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_CHUNK = 500
_STEP = 1e-3
"""Length of the difference quotients, in standard deviations of the influence."""


@derived
def influence(fit: Fit) -> Quantities:
    """Influence of every unit that is resampled, a case or a cluster, on every quantity, up to a common factor.

    Returns
    -------
    Quantities
        Of as many points as there are units.
    """
    data = fit.prepared.data
    assert data is not None
    if fit.settings.least_squares or fit.settings.two_stage:
        return _jackknife(fit, data)
    of_case = units_of(fit).of_case
    moved = _row_influence(fit, data)
    by_unit = np.zeros((int(of_case.max()) + 1, moved.shape[1]))
    np.add.at(by_unit, of_case, moved)
    return _differences(fit, by_unit)


def _row_influence(fit: Fit, data: DataMatrix) -> Matrix:
    """Derivative of all rows of the table by the weight of each case, times the number of cases, shape (n, n_rows)."""
    objective, restrictions = fit.objective, fit.objective.restrictions
    scores = case_scores(objective, fit.solution, data) @ restrictions.K
    J, tangent = information(objective, fit.solution, observed=True), constraint_tangent(objective, fit.optimum)
    if tangent is None:
        by_theta = np.linalg.solve(J, scores.T).T
    else:
        by_theta = scores @ tangent @ np.linalg.pinv(tangent.T @ J @ tangent, hermitian=True) @ tangent.T
    found = np.zeros((len(data.Y), len(fit.table.rows)))
    found[:, restrictions.free_rows] = by_theta @ restrictions.K.T
    names = {name: k for k, name in enumerate(data.names)}
    for i, row in enumerate(fit.table.rows):
        if row.covariate:  # held at the moments of the sample, which every case moves
            g = row.group - 1
            of_group, sample = data.groups == g, fit.prepared.moments[g]
            a = data.Y[of_group, names[row.lhs]] - sample.mean[names[row.lhs]]
            if row.op == "~~":
                b = data.Y[of_group, names[row.rhs]] - sample.mean[names[row.rhs]]
                a = a * b - sample.cov[names[row.lhs], names[row.rhs]]
            found[of_group, i] = a / objective.weights[g]
    return found if data.weights is None else found * data.weights[:, None]


def _differences(fit: Fit, by_unit: Matrix) -> Quantities:
    """Derivatives of all quantities along the influence of each unit, by central differences."""
    values = fit.solution.values
    step = _STEP / np.sqrt(len(by_unit))
    parts = []
    for begin in range(0, len(by_unit), _CHUNK):
        along = step * by_unit[begin : begin + _CHUNK]
        up, down = quantities(fit, values + along), quantities(fit, values - along)
        parts.append(Quantities(*(_slope(a, b, step) for a, b in _paired(up, down))))
    return _joined(parts)


def _paired(one: Quantities, other: Quantities) -> list[tuple[Matrix, Matrix]]:
    return [(one.estimates, other.estimates), (one.standardized, other.standardized), (one.r2, other.r2)]


def _slope(up: Matrix, down: Matrix, step: float) -> Matrix:
    found = (up - down) / (2.0 * step)
    return np.where(np.isfinite(found), found, 0.0)


def _joined(parts: list[Quantities]) -> Quantities:
    return Quantities(
        np.concatenate([part.estimates for part in parts]),
        np.concatenate([part.standardized for part in parts]),
        np.concatenate([part.r2 for part in parts]),
    )


def _jackknife(fit: Fit, data: DataMatrix) -> Quantities:
    """Mean of the estimates without one unit, minus those without this one."""
    of_case = units_of(fit).of_case
    stacked, rows = resampling_of(fit, _kind(fit)), []
    for begin in range(0, len(data.Y), _CHUNK):
        left_out = np.arange(begin, min(begin + _CHUNK, int(of_case.max()) + 1))
        if stacked is None:
            samples = (resampled(data, np.flatnonzero(of_case != unit)) for unit in left_out)
            rows.append(refit(refitting_of(fit, _kind(fit)), samples).values)
        else:
            counts = (of_case != left_out[:, None]).astype(float)
            moments = [case_moments(s, counts[:, s.cases], stacked.unbiased) for s in stacked.groups]
            rows.append(solve_samples(stacked, *samples_of(stacked, moments)).values)
    values = np.concatenate(rows)
    found = quantities(fit, values[np.isfinite(values).all(axis=1)])
    return Quantities(*(_centred(part) for part in (found.estimates, found.standardized, found.r2)))


def _kind(fit: Fit) -> str:
    return "ordinary" if fit.settings.cluster is None else "cluster"


def _centred(part: Matrix) -> Matrix:
    return np.asarray(part.mean(axis=0) - part)
