"""The saturated and the baseline model of data in clusters: unlike those of one level, they are searched for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import StartingValuesError
from lvmodels.estimate.likelihood import GroupState
from lvmodels.estimate.objective import Objective, evaluate, make_objective
from lvmodels.estimate.solve import Optimum, minimise
from lvmodels.model.matrices import build_template
from lvmodels.model.records import ModelText
from lvmodels.model.restrictions import restrictions_of
from lvmodels.model.row import Row
from lvmodels.model.specification import Specification
from lvmodels.model.starts import starting_values
from lvmodels.model.table import ParameterTable
from lvmodels.model.variables import Variables
from lvmodels.moments.complete import Moments


def saturated_levels(table: ParameterTable, moments: tuple[Moments, ...]) -> tuple[Objective, Optimum]:
    """The saturated model, and where its discrepancy is smallest."""
    return _found(table, saturated_rows(table), moments)


def saturated_rows(table: ParameterTable) -> list[Row]:
    """All covariances free at both levels, those of covariates too; every mean free at the level it belongs to."""
    rows: list[Row] = []
    for group in range(1, table.n_groups + 1):
        for level, side in enumerate(table.levels, start=1):
            pairs = combinations_with_replacement(side.observed, 2)
            rows += [Row(a, "~~", b, group, level=level) for a, b in pairs]
            rows += [
                Row(name, "~1", "", group, level=level) for name in side.observed if _owns_mean(table, name, level)
            ]
    return rows


def baseline_levels(table: ParameterTable, moments: tuple[Moments, ...]) -> tuple[Objective, Optimum]:
    """Variances and means alone at both levels, with covariances among the covariates of a level."""
    fixed = any(row.covariate for row in table.rows)
    rows: list[Row] = []
    for group in range(1, table.n_groups + 1):
        for level, side in enumerate(table.levels, start=1):
            rows += _uncorrelated(table, side, group, level, fixed)
    return _found(table, rows, moments)


def _uncorrelated(table: ParameterTable, side: Variables, group: int, level: int, fixed: bool) -> Iterator[Row]:
    for name in side.observed:
        held = fixed and name in side.covariates
        yield Row(name, "~~", name, group, free=not held, covariate=held, level=level)
        if _owns_mean(table, name, level):
            yield Row(name, "~1", "", group, free=not held, covariate=held, level=level)
    for a, b in combinations(side.covariates, 2):
        yield Row(a, "~~", b, group, free=not fixed, covariate=fixed, level=level)


def _owns_mean(table: ParameterTable, name: str, level: int) -> bool:
    """Whether the mean of a variable belongs to this level: that of a variable of both levels to the second."""
    return level == 2 or name not in table.levels[1].observed


def with_saturated_covariates(table: ParameterTable, moments: tuple[Moments, ...]) -> tuple[Moments, ...]:
    """The moments with what the saturated model says of covariates that stand at both levels.

    Unlike covariates of one level, these have no sample moments to be held at.
    """
    both = set(table.levels[0].observed) & set(table.levels[1].observed) if table.levels else set()
    if not any(row.covariate and row.lhs in both for row in table.rows):
        return moments
    _, optimum = saturated_levels(table, moments)
    found = []
    for g, sample in enumerate(moments):
        assert sample.levels is not None
        states, p = optimum.evaluation.states[2 * g : 2 * g + 2], len(sample.cov)
        mean, cov = (np.array([part(state) for state in states]) for part in (_mean_of, _cov_of))
        found.append(replace(sample, levels=replace(sample.levels, mean=mean[:, :p], cov=cov[:, :p, :p])))
    return tuple(found)


def _mean_of(state: GroupState) -> NDArray[np.float64]:
    return state.matrices.eta


def _cov_of(state: GroupState) -> NDArray[np.float64]:
    return state.matrices.V


def _found(table: ParameterTable, rows: list[Row], moments: tuple[Moments, ...]) -> tuple[Objective, Optimum]:
    observed = replace(table.variables, latent=(), composite=(), latent_exogenous=(), last_endogenous=())
    sides = tuple(replace(side, latent=(), composite=()) for side in table.levels)
    plain = ParameterTable(tuple(rows), observed, (), (), table.n_groups, True, levels=sides)
    template = build_template(plain)
    specification = Specification(ModelText(), plain, template, restrictions_of(plain))
    objective = make_objective(specification, moments)
    start = evaluate(objective, starting_values(plain, template, moments)[objective.restrictions.parameter_rows])
    if start is None:
        raise StartingValuesError(
            "no starting values are found for the saturated moments of the clusters; variables at one of the levels "
            "may be copies of one another."
        )
    return objective, minimise(objective, start)
