"""From starting values to the minimum: Fisher scoring, sharpened by Newton steps, with safeguarded lengths.

Fisher scoring finds the neighbourhood of the minimum safely; there the observed information, as long as it is positive
definite, takes over and converges quadratically however badly the model fits. A step is halved until F falls.
Damping (Levenberg 1944) carries the search over points at which the information is singular.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.estimate.cholesky import solve_scaled
from lvmodels.estimate.objective import Evaluation, Objective, evaluate, information

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

MAX_ITERATIONS = 300
DECREMENT_TOLERANCE = 1e-13
NEWTON_TOLERANCE = 1e-9  # a full Newton step squares the distance, so the point after it is as exact
_SINGULAR = 1e-7
_LITTLE = 1e-3  # damping up to which a small predicted decrease means a small gradient
CLOSE = 0.1  # predicted decrease below which the observed information leads the way


@dataclass(frozen=True, slots=True, eq=False)
class Optimum:
    """Where the search ended, and why.

    Attributes
    ----------
    evaluation : Evaluation
        The objective there.
    gradient : ndarray, shape (q,)
        Of F, free of the part that active constraints hold back.
    decrement : float
        Predicted further decrease of F: the squared distance to the minimum in units of the standard errors, divided
        by the number of cases.
    iterations : int
    converged : bool
    reason : str
        In words.
    active : tuple of int
        Inequality constraints that hold with equality.
    """

    evaluation: Evaluation
    gradient: Vector
    decrement: float
    iterations: int
    converged: bool
    reason: str
    active: tuple[int, ...] = ()

    @property
    def theta(self) -> Vector:
        """The free parameters."""
        return self.evaluation.theta

    @property
    def F(self) -> float:  # noqa: N802
        """The discrepancy."""
        return self.evaluation.F


def minimise(objective: Objective, start: Evaluation, limit: int | None = None) -> Optimum:
    """Find the unconstrained minimum.

    Parameters
    ----------
    objective : Objective
    start : Evaluation
        At starting values with a positive definite implied covariance matrix.
    limit : int, optional
        Of iterations; `MAX_ITERATIONS` by default.

    Returns
    -------
    Optimum
        With `converged` False, and the reason, when no minimum was reached.
    """
    here, damping, newton = start, 0.0, False
    limit = MAX_ITERATIONS if limit is None else limit
    for iteration in range(limit):
        step, decrement, damping, exact = _direction(objective, here, newton, damping)
        there = _advance(objective, here, step)
        if decrement < (NEWTON_TOLERANCE if exact else DECREMENT_TOLERANCE) and damping <= _LITTLE:
            best = there if there is not None and there.F <= here.F else here
            lower = None if exact or not objective.curved else _below_saddle(objective, best)
            if lower is not None:
                here, damping, newton = lower, 0.0, False
                continue
            reason = "the gradient vanished at a minimum"
            return Optimum(best, best.gradient, decrement, iteration + 1, True, reason)
        if there is None:
            if damping > 1e6:
                reason = "no step from here lowers the discrepancy function"
                return Optimum(here, here.gradient, decrement, iteration + 1, False, reason)
            damping, newton = max(10.0 * damping, 1e-3), False
            continue
        damping = 0.0 if damping < 1e-6 else damping / 10.0
        here, newton = there, decrement < CLOSE
    reason = f"the discrepancy function was still falling after {limit} iterations"
    return Optimum(here, here.gradient, decrement, limit, False, reason)


def _below_saddle(objective: Objective, here: Evaluation) -> Evaluation | None:
    """A lower point in the direction of most negative curvature, if the gradient vanished at a saddle; else None."""
    J = information(objective, here, observed=True)
    diagonal = np.abs(np.diagonal(information(objective, here)))
    scale = 1.0 / np.sqrt(np.where(diagonal > 1e-12, diagonal, 1.0))
    eigenvalues, vectors = np.linalg.eigh(J * scale * scale[:, None])
    if not len(eigenvalues) or eigenvalues[0] > -1e-6 * np.abs(eigenvalues).max():
        return None
    direction = vectors[:, 0] * scale
    for length in (0.5, 0.1, 0.02):
        for signed in (length, -length):
            there = evaluate(objective, here.theta + signed * direction)
            if there is not None and there.F < here.F - 1e-9 * (1.0 + abs(here.F)):
                return there
    return None


def _direction(
    objective: Objective, here: Evaluation, newton: bool, damping: float
) -> tuple[Vector, float, float, bool]:
    """The step -J^-1 g / 2, the decrease it predicts, the damping J needed, and whether it is a full Newton step."""
    if newton and damping == 0.0 and objective.curved:
        step = _solve(information(objective, here, observed=True), here.gradient)
        if step is not None:
            return step, -0.5 * float(step @ here.gradient), 0.0, True
    J = information(objective, here)
    scale = np.diagonal(J).copy()
    scale[scale <= 0.0] = 1.0
    while True:
        damped = J + np.diag(damping * scale) if damping else J
        step = _solve(damped, here.gradient)
        if step is not None:
            return step, -0.5 * float(step @ here.gradient), damping, False
        if damping > 1e12:  # no finite direction at all: stay, so that the search ends without convergence
            return np.zeros_like(here.gradient), np.inf, damping, False
        damping = max(10.0 * damping, 1e-8)


def _solve(J: Matrix, g: Vector) -> Vector | None:
    """-J^-1 g / 2; None unless J is safely positive definite."""
    return solve_scaled(J, -0.5 * g, _SINGULAR)


def _advance(objective: Objective, here: Evaluation, step: Vector) -> Evaluation | None:
    """The first point along the step, halved as often as needed, at which F has fallen enough."""
    slope = float(step @ here.gradient)
    length = 1.0
    for _ in range(30):
        there = evaluate(objective, here.theta + length * step)
        if there is not None and there.F <= here.F + 1e-4 * length * slope + 1e-15 * (1.0 + abs(here.F)):
            return there
        length *= 0.5
    return None
