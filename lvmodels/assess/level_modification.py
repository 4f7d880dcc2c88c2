"""Score tests of two-level models: the model with candidates freed, evaluated where they are still fixed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lvmodels.estimate.objective import evaluate, information, make_objective
from lvmodels.fit.inspection import constraint_tangent
from lvmodels.fit.record import Fit
from lvmodels.model.matrices import build_template
from lvmodels.model.restrictions import restrictions_of
from lvmodels.model.row import Row
from lvmodels.model.specification import Specification

Vector = NDArray[np.float64]
_SINGULAR = 1e-8


def level_tests(fit: Fit, candidates: Sequence[Row]) -> tuple[Vector, Vector]:
    """Index and expected change of each candidate; NaN where the test has no information.

    The information is the expected one, as for one level; with incomplete clusters there is the observed one alone.
    """
    old = fit.table.rows
    place = {(row.group, row.level, row.key): i for i, row in enumerate(old)}
    rows, values, freed = list(old), list(fit.solution.values), []
    for candidate in candidates:
        i = place.get((candidate.group, candidate.level, candidate.key))
        if i is None:
            freed.append(len(rows))
            rows.append(candidate)
            values.append(0.0)
        else:
            freed.append(i)
            rows[i] = replace(rows[i], free=True, value=None)
    table = replace(fit.table, rows=tuple(rows))
    specification = Specification(fit.text, table, build_template(table), restrictions_of(table))
    objective = make_objective(specification, fit.prepared.moments)
    parameters = objective.restrictions.parameter_rows
    there = evaluate(objective, np.array(values)[parameters])
    if there is None:
        return np.full(len(freed), np.nan), np.full(len(freed), np.nan)
    J = information(objective, there, observed=objective.incomplete_clusters)
    at = np.array([int(np.flatnonzero(parameters == i)[0]) for i in freed], dtype=np.intp)
    free = np.setdiff1d(np.arange(len(parameters)), at)
    inner, cross = J[np.ix_(free, free)], J[np.ix_(at, free)]
    tangent = constraint_tangent(fit.objective, fit.optimum)
    if tangent is not None:
        inner, cross = tangent.T @ inner @ tangent, cross @ tangent
    own = J[at, at]
    left = own - (cross * np.linalg.solve(inner, cross.T).T).sum(axis=1)
    left = np.where(left > _SINGULAR * own, left, np.nan)
    score = -0.5 * there.gradient[at]
    return fit.nobs * score**2 / left, score / left
