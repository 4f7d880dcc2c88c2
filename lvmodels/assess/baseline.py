"""The baseline model: free variances and means, no covariances except among covariates; mostly solved in closed form.

All covariances of auxiliary variables are free in it, as they are in the fitted model.
"""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from lvmodels.assess.categorical_baseline import categorical_baseline
from lvmodels.assess.twolevel import baseline_optimum
from lvmodels.estimate.derived import derived
from lvmodels.estimate.objective import Evaluation, Objective, evaluate, make_objective
from lvmodels.estimate.solve import minimise
from lvmodels.fit.record import Fit
from lvmodels.model.auxiliary import auxiliary_rows
from lvmodels.model.matrices import build_template
from lvmodels.model.restrictions import restrictions_of
from lvmodels.model.row import Row
from lvmodels.model.specification import Specification
from lvmodels.model.table import ParameterTable
from lvmodels.model.variables import Variables
from lvmodels.moments.complete import Moments
from lvmodels.moments.missing import available_moments, restricted, saturated_moments

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@derived
def baseline_solution(fit: Fit) -> tuple[Objective, Evaluation]:
    """The baseline model as an objective, evaluated at its minimum: the sample variances and means."""
    if fit.objective.template.responses is not None:
        return categorical_baseline(fit)
    if fit.table.levels:
        objective, optimum = baseline_optimum(fit)
        return objective, optimum.evaluation
    table = _baseline_table(fit)
    specification = Specification(fit.text, table, build_template(table), restrictions_of(table))
    unbiased = fit.settings.unbiased
    objective = make_objective(specification, fit.prepared.moments, unbiased, fit.objective.constants)
    place = {name: i for i, name in enumerate(specification.template.observed)}
    auxiliary = table.variables.auxiliary
    together = [place[name] for name in (auxiliary or table.variables.covariates)]
    samples = [_baseline_moments(m, together) for m in fit.prepared.moments]
    theta = np.array([
        mean[place[row.lhs]] if row.op == "~1" else cov[place[row.lhs], place[row.rhs]]
        for row in table.rows
        if row.free
        for mean, cov in (samples[row.group - 1],)
    ])  # fmt: skip
    evaluation = evaluate(objective, theta)
    assert evaluation is not None  # a diagonal of positive variances is positive definite
    if fit.prepared.moments[0].weight is not None or auxiliary:  # variances and covariances hang together
        evaluation = minimise(objective, evaluation).evaluation
    return objective, evaluation


def _baseline_moments(moments: Moments, together: list[int]) -> tuple[Vector, Matrix]:
    """Means and covariances of greatest likelihood when only some variables covary: covariates, or auxiliary ones.

    With missing values each other variable stands alone, so that all cases that answer it count.
    """
    if moments.patterns is None:
        cov = np.diag(np.diagonal(moments.cov))
        cov[np.ix_(together, together)] = moments.cov[np.ix_(together, together)]
        return moments.mean, cov
    mean, variance = available_moments(moments.patterns)
    cov = np.diag(variance)
    if together:
        some = np.ix_(together, together)
        mean[together], cov[some], _ = saturated_moments(restricted(moments.patterns, together))
    return mean, cov


def _baseline_table(fit: Fit) -> ParameterTable:
    old = fit.table.variables
    fixed = fit.objective.template.n_covariates > 0
    auxiliary = old.auxiliary
    covariates = () if auxiliary else old.covariates  # beside auxiliary variables they are variables like all others
    variables = Variables((), (), old.observed, covariates, (), (), auxiliary)
    rows: list[Row] = []
    for group in range(1, fit.table.n_groups + 1):
        rows += [Row(name, "~~", name, group) for name in old.observed if name not in (*covariates, *auxiliary)]
        rows += auxiliary_rows(old.observed, auxiliary, group)
        pairs = combinations_with_replacement(covariates, 2)
        rows += [Row(a, "~~", b, group, free=not fixed, covariate=fixed) for a, b in pairs]
        if fit.table.meanstructure:
            moving = {name: not (fixed and name in old.covariates) for name in old.observed if name not in auxiliary}
            rows += [Row(name, "~1", "", group, free=free, covariate=not free) for name, free in moving.items()]
    return ParameterTable(tuple(rows), variables, (), (), fit.table.n_groups, fit.table.meanstructure)
