"""Standard errors at the point where the other program stopped: what is left of a difference is not the search's."""

from __future__ import annotations

from dataclasses import replace as changed

import numpy as np

from lvmodels.assess.vcov import row_errors
from lvmodels.estimate.objective import evaluate
from paper.replication import Replication


def error_difference(replication: Replication) -> float:
    """Largest relative difference between published standard errors and ours at the published estimates.

    Parameters
    ----------
    replication : Replication
        All free parameters but the means were reported, one group; means stay where we found them.

    Returns
    -------
    float
    """
    fit = replication.fit
    published = {entry.parameter: entry.values for entry in replication.source.estimates}
    free = fit.objective.restrictions.free_rows
    names = [f"{fit.table.rows[i].lhs} {fit.table.rows[i].op} {fit.table.rows[i].rhs}" for i in free]
    known = np.array([name in published for name in names])
    theta = fit.solution.theta.copy()
    theta[known] = [published[name]["est"] for name in names if name in published]
    there = evaluate(fit.objective, theta)
    assert there is not None, "the implied covariance matrix is not positive definite at the published estimates"
    moved = changed(fit, optimum=changed(fit.optimum, evaluation=there), _derived={})
    errors = row_errors(moved)[free][known]
    reported = np.array([published[name]["se"] for name in names if name in published])
    return float((np.abs(errors - reported) / reported).max())
