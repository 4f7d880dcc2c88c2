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
_EXACT = 1e-5  # of the log-likelihood
_FINER, _ROUNDS = 1.5, 6


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

    The nodes are as many as it takes that half as many again change nothing. Nothing changes without products of latent
    variables.
    """
    if not objective.template.given:
        return objective, optimum
    fineness = 1.0
    for _ in range(_ROUNDS):
        if not optimum.converged:
            break
        again, start, exact = _nodes_for(objective, optimum, fineness)
        if start is None:
            break
        if not exact:
            fineness *= _FINER
            continue
        settled = abs(start.F - optimum.F) <= _SAME * (1.0 + abs(optimum.F))
        found = searched(again, start)
        objective, optimum = again, replace(found, iterations=optimum.iterations + found.iterations)
        if settled:
            break
    return objective, optimum


def _nodes_for(objective: Objective, optimum: Optimum, fineness: float) -> tuple[Objective, Evaluation | None, bool]:
    """New nodes for a minimum, the evaluation there, and whether finer ones leave the log-likelihood as it is."""
    try:
        again, finer = (with_grids(objective, optimum.evaluation.values, k * fineness) for k in (1.0, _FINER))
    except np.linalg.LinAlgError:
        return objective, None, False
    start, check = evaluate(again, optimum.theta), evaluate(finer, optimum.theta)
    if start is None or check is None:
        return objective, None, False
    cases = sum(sample.n for sample in objective.moments)
    return again, start, abs(start.F - check.F) * cases < 2.0 * _EXACT
