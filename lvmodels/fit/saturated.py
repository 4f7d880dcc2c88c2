"""The saturated and the baseline model of data in clusters: unlike those of one level, they are searched for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, combinations_with_replacement

from lvmodels.errors import StartingValuesError
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
            rows += [Row(name, "~1", "", group, level=level) for name in side.observed if _owns_mean(table, name, level)]
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
            "no starting values are found for the saturated moments of the clusters; variables at one of the levels may "
            "be copies of one another."
        )
    return objective, minimise(objective, start)
