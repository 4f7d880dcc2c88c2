"""What the sampling covariance Gamma of ordinal moments does to errors, tests and fit indices.

With V the weight, Delta the derivatives of the moments by theta and U = V - V Delta (Delta'V Delta)^-1 Delta'V, a
least-squares statistic has the mean tr(U Gamma) and the variance 2 tr((U Gamma)²) (Muthén 1993; Asparouhov and Muthén
2010). Groups are independent, so that everything is a sum over them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lvmodels.estimate.objective import Evaluation, Objective
from lvmodels.moments.complete import Moments
from lvmodels.moments.ordinal import ResponseMoments
from lvmodels.moments.weight import weighted

Matrix = NDArray[np.float64]


def slopes_by_theta(objective: Objective, evaluation: Evaluation, g: int) -> Matrix:
    """Derivatives of the moments of a group by theta, shape (m, q)."""
    part, restrictions = objective.template.groups[g], objective.restrictions
    slopes = evaluation.states[g].slopes(part.directions)
    alone = restrictions.identity and len(objective.template.groups) == 1
    return np.asarray(slopes if alone else slopes @ restrictions.K[part.free])


def sample_of(moments: Moments) -> tuple[ResponseMoments, Matrix]:
    """The moments of ordinal variables of a group, and their weight."""
    assert moments.responses is not None
    assert moments.weight is not None
    return moments.responses, moments.weight


def categorical_score_covariance(objective: Objective, evaluation: Evaluation) -> Matrix:
    """Delta'V Gamma V Delta, shape (q, q): the meat of sandwich errors."""
    total = np.zeros((objective.restrictions.n_parameters,) * 2)
    for g, (share, moments) in enumerate(zip(objective.weights, objective.moments, strict=True)):
        responses, V = sample_of(moments)
        VD = weighted(V, slopes_by_theta(objective, evaluation, g))
        total += share * VD.T @ responses.Gamma @ VD
    return total


def categorical_traces(objective: Objective, evaluation: Evaluation, tangent: Matrix | None) -> tuple[float, float]:
    """tr(U Gamma) and tr((U Gamma)²), without ever forming U."""
    q = objective.restrictions.n_parameters if tangent is None else tangent.shape[1]
    J, B, C = np.zeros((q, q)), np.zeros((q, q)), np.zeros((q, q))
    own = square = 0.0
    for g, (share, moments) in enumerate(zip(objective.weights, objective.moments, strict=True)):
        responses, V = sample_of(moments)
        Delta = slopes_by_theta(objective, evaluation, g)
        Delta = Delta if tangent is None else Delta @ tangent
        VD, VG = weighted(V, Delta), weighted(V, responses.Gamma)
        GVD = responses.Gamma @ VD
        J += share * Delta.T @ VD
        B += share * VD.T @ GVD
        C += share * GVD.T @ weighted(V, GVD)
        own += float(np.trace(VG))
        square += float(np.vdot(VG, VG.T))
    JB = np.linalg.solve(J, B)
    return own - float(np.trace(JB)), square - 2.0 * float(np.trace(np.linalg.solve(J, C))) + float(np.vdot(JB, JB.T))


def goodness_of_fit(objective: Objective, evaluation: Evaluation) -> float:
    """One minus the residual moments over the moments themselves, both weighted (Tanaka and Huba 1985)."""
    bottom = 0.0
    for share, moments in zip(objective.weights, objective.moments, strict=True):
        responses, V = sample_of(moments)
        bottom += float(share * (responses.statistics @ weighted(V, responses.statistics)))
    return 1.0 - evaluation.F / bottom
