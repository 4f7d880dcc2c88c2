"""The baseline model of ordinal variables: no correlations; thresholds, means, variances and slopes are free."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations_with_replacement

import numpy as np

from lvmodels.estimate.objective import Evaluation, Objective, evaluate, make_objective
from lvmodels.estimate.solve import minimise
from lvmodels.fit.record import Fit
from lvmodels.model.matrices import build_template
from lvmodels.model.restrictions import restrictions_of
from lvmodels.model.row import Row
from lvmodels.model.specification import Specification
from lvmodels.model.table import ParameterTable
from lvmodels.model.variables import Variables
from lvmodels.moments.complete import Moments


def categorical_baseline(fit: Fit) -> tuple[Objective, Evaluation]:
    """The baseline model as an objective, evaluated at its minimum."""
    table = _table(fit)
    specification = Specification(fit.text, table, build_template(table), restrictions_of(table))
    objective = make_objective(specification, fit.prepared.moments, fit.settings.unbiased)
    place = {name: k for k, name in enumerate(specification.template.observed)}
    theta = np.array([_sample(row, fit.prepared.moments[row.group - 1], place) for row in table.rows if row.free])
    evaluation = evaluate(objective, theta)
    assert evaluation is not None  # uncorrelated latent responses of unit variance
    if fit.settings.discrepancy == "WLS":  # whose weights tie correlations to the other moments
        evaluation = minimise(objective, evaluation).evaluation
    return objective, evaluation


def _sample(row: Row, moments: Moments, place: dict[str, int]) -> float:
    """The sample value of a parameter of the baseline model."""
    responses = moments.responses
    assert responses is not None
    layout, j = responses.layout, place[row.lhs]
    thresholds, means, _, variances, _ = layout.places
    if row.op == "|":
        return float(responses.statistics[thresholds][layout.first_threshold[j] + row.threshold])
    if row.op == "~":
        return float(responses.slopes[j, place[row.rhs] - layout.p])
    own = int(np.searchsorted(layout.continuous, j))
    if row.op == "~1":
        return float(responses.statistics[means][own])
    if row.is_variance:
        return float(responses.statistics[variances][own])
    return float(responses.cov[j, place[row.rhs]])


def _table(fit: Fit) -> ParameterTable:
    old, table = fit.table.variables, fit.table
    ordinal = dict(table.ordered)
    given = old.covariates if table.conditional_x else ()
    outcomes = [name for name in old.observed if name not in given]
    together = [] if given else list(combinations_with_replacement(old.covariates, 2))
    rows = [Row(name, "|", f"t{t}") for name, count in table.ordered for t in range(1, count)]
    rows += [Row(y, "~", x) for y in outcomes for x in given]
    rows += [Row(y, "~~", y, free=y not in ordinal, value=1.0) for y in outcomes]
    rows += [Row(a, "~~", b) for a, b in together if a != b]
    rows += [Row(a, "~~", b, free=False, covariate=True) for a, b in combinations_with_replacement(given, 2)]
    rows += [Row(y, "~*~", y, free=False, value=1.0) for y in ordinal]
    rows += [Row(y, "~1", "", free=y not in ordinal, value=0.0) for y in outcomes]
    rows += [Row(x, "~1", "", free=False, covariate=True) for x in given]
    every = tuple(replace(row, group=g) for g in range(1, table.n_groups + 1) for row in rows)
    variables = Variables((), (), old.observed, old.covariates, (), ())
    return replace(table, rows=every, variables=variables, definitions=(), constraints=(), parameterization="delta")
