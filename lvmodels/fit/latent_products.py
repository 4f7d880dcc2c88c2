"""What fits with products of latent variables need beside others: the cases, and nodes that suit the solution."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lvmodels.estimate.constrained import minimise_constrained
from lvmodels.estimate.objective import Evaluation, Objective, evaluate, with_grids
from lvmodels.estimate.solve import Optimum, minimise
from lvmodels.model.matrices import Template
from lvmodels.moments.cases import cases_of_group
from lvmodels.moments.complete import Moments
from lvmodels.survey.matrix import DataMatrix

_SAME = 1e-6  # relative change of F by other nodes up to which these suit the solution as well
_ROUNDS = 4


def with_cases(template: Template, moments: tuple[Moments, ...], data: DataMatrix | None) -> tuple[Moments, ...]:
    """The moments with the answers of each case, where the model has products of latent variables."""
    if not template.given or data is None:
        return moments
    weights = data.weights
    return tuple(
        replace(sample, cases=cases_of_group(data.Y[of_group], None if weights is None else weights[of_group]))
        for sample, of_group in zip(moments, (data.groups == g for g in range(len(moments))), strict=True)
    )


def searched(objective: Objective, start: Evaluation, limit: int | None = None) -> Optimum:
    """The minimum, under the constraints of the objective if it has some."""
    bound = objective.restrictions.equalities or objective.restrictions.inequalities
    return minimise_constrained(objective, start) if bound else minimise(objective, start, limit)


def on_own_nodes(objective: Objective, optimum: Optimum) -> tuple[Objective, Optimum]:
    """The minimum with nodes made for it, so that it does not depend on where the search began.

    Nothing changes without products of latent variables.
    """
    if not objective.template.given:
        return objective, optimum
    for _ in range(_ROUNDS):
        if not optimum.converged:
            break
        try:
            again = with_grids(objective, optimum.evaluation.values)
        except np.linalg.LinAlgError:
            break
        start = evaluate(again, optimum.theta)
        if start is None:
            break
        settled = abs(start.F - optimum.F) <= _SAME * (1.0 + abs(optimum.F))
        found = searched(again, start)
        objective, optimum = again, replace(found, iterations=optimum.iterations + found.iterations)
        if settled:
            break
    return objective, optimum
