"""From starting values to the minimum: Fisher scoring, sharpened by Newton steps, with safeguarded lengths.

Fisher scoring converges fast where the model fits and steadily where it does not; when its progress becomes merely
linear the observed information takes over, as long as it is positive definite. A step is halved until F falls.
Damping (Levenberg 1944) carries the search over points at which the information is singular.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.estimate.objective import Evaluation, Objective, evaluate, information

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

MAX_ITERATIONS = 300
DECREMENT_TOLERANCE = 1e-13
SLOW = 0.03


@dataclass(frozen=True, slots=True, eq=False)
class Optimum:
    """Where the search ended, and why.

    Attributes
    ----------
    theta : ndarray, shape (q,)
    F : float
        Discrepancy at theta.
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

    theta: Vector
    F: float
    gradient: Vector
    decrement: float
    iterations: int
    converged: bool
    reason: str
    active: tuple[int, ...] = ()


def minimise(objective: Objective, start: Evaluation) -> Optimum:
    """Find the unconstrained minimum.

    Parameters
    ----------
    objective : Objective
    start : Evaluation
        At starting values with a positive definite implied covariance matrix.

    Returns
    -------
    Optimum
        With `converged` False, and the reason, when no minimum was reached in `MAX_ITERATIONS`.
    """
    here, damping, newton, last = start, 0.0, False, np.inf
    for iteration in range(MAX_ITERATIONS):
        step, decrement, damping = _direction(objective, here, newton, damping)
        newton = newton or decrement > SLOW * last
        there = _advance(objective, here, step)
        if decrement < DECREMENT_TOLERANCE:
            best = there if there is not None and there.F <= here.F else here
            return _optimum(objective, best, decrement, iteration + 1)
        if there is None:
            if damping > 1e6:
                reason = "no step from here lowers the discrepancy function"
                return Optimum(here.theta, here.F, here.gradient, decrement, iteration + 1, False, reason)
            damping, newton = max(10.0 * damping, 1e-3), False
            continue
        damping = 0.0 if damping < 1e-6 else damping / 10.0
        last, here = decrement, there
    reason = f"the discrepancy function was still falling after {MAX_ITERATIONS} iterations"
    return Optimum(here.theta, here.F, here.gradient, decrement, MAX_ITERATIONS, False, reason)


def _optimum(objective: Objective, best: Evaluation, decrement: float, iterations: int) -> Optimum:
    """A point without further descent; a minimum when the information is not indefinite there."""
    return Optimum(
        best.theta, best.F, best.gradient, decrement, iterations, True, "the gradient vanished at a minimum"
    )


def _direction(
    objective: Objective, here: Evaluation, newton: bool, damping: float
) -> tuple[Vector, float, float]:
    """The step -J^-1 g / 2, the decrease it predicts, and the damping that made J positive definite."""
    if newton and damping == 0.0:
        step = _solve(information(objective, here, observed=True), here.gradient)
        if step is not None:
            return step, -0.5 * float(step @ here.gradient), 0.0
    J = information(objective, here)
    scale = np.diagonal(J).copy()
    scale[scale <= 0.0] = 1.0
    while True:
        damped = J + np.diag(damping * scale) if damping else J
        step = _solve(damped, here.gradient)
        if step is not None:
            return step, -0.5 * float(step @ here.gradient), damping
        damping = max(10.0 * damping, 1e-8)


def _solve(J: Matrix, g: Vector) -> Vector | None:
    """-J^-1 g / 2 through a Cholesky factor scaled to unit diagonal; None unless J is safely positive definite."""
    diagonal = np.diagonal(J)
    if not (diagonal > 0.0).all():
        return None
    scale = 1.0 / np.sqrt(diagonal)
    try:
        root = np.linalg.cholesky(J * scale * scale[:, None])
    except np.linalg.LinAlgError:
        return None
    if np.diagonal(root).min() < 1e-7:
        return None
    half = np.linalg.solve(root, -0.5 * g * scale)
    step: Vector = np.linalg.solve(root.T, half) * scale
    return step if np.isfinite(step).all() else None


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
