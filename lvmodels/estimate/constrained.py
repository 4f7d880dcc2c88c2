"""The minimum under nonlinear equalities, inequalities and bounds.

Sequential least-squares programming (Kraft 1988, as in scipy) finds the region and the active inequalities; Newton
steps on the Karush-Kuhn-Tucker equations then sharpen the point, because the quasi-Newton search stops early.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lvmodels.estimate.objective import Evaluation, Objective, evaluate, information
from lvmodels.estimate.solve import Optimum, minimise
from lvmodels.model.restrictions import constraint_values, table_values

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_ACTIVE = 1e-6
_VIOLATED = 1e-4
_UNDEFINED = "the search under constraints came to a point where the discrepancy or a constraint is not defined"
_INFEASIBLE = "no point was found that satisfies all constraints; they may contradict one another"
_FAR = 1e10


def minimise_constrained(objective: Objective, start: Evaluation) -> Optimum:
    """Find the minimum under the constraints of the objective's restrictions.

    Without equalities the unconstrained minimum is tried first: it stands if no inequality is violated there.
    """
    if not objective.restrictions.equalities:
        free = minimise(objective, start)
        values, _ = _inequalities(objective, free.theta)
        if free.converged and (values >= -1e-12).all():
            return free
    if _at_a_minimum(objective, start):  # as rotated factors are: no need to search
        found = _sharpen(objective, start)
        if found.converged:
            return found
    near = evaluate(objective, _programme(objective, start))
    if near is None:
        return _failed(start, _UNDEFINED)
    found = _sharpen(objective, near)
    return found if _violation(objective, found) <= _VIOLATED else _failed(found.evaluation, _INFEASIBLE)


def _at_a_minimum(objective: Objective, start: Evaluation) -> bool:
    gap = np.abs(_equalities(objective, start.theta)[0]).max(initial=0.0)
    return bool(gap < _ACTIVE and np.abs(start.gradient).max() < _ACTIVE and not objective.restrictions.inequalities)


def _programme(objective: Objective, start: Evaluation) -> Vector:
    """Sequential programming in parameters scaled by the information at the start."""
    from scipy.optimize import minimize

    scale = 1.0 / np.sqrt(np.maximum(np.diagonal(information(objective, start)), 1e-8))
    restrictions = objective.restrictions

    def function(z: Vector) -> tuple[float, Vector]:
        here = evaluate(objective, z * scale)
        if here is None:
            return _FAR, np.zeros_like(z)
        return here.F, here.gradient * scale

    constraints = [
        {
            "type": kind,
            "fun": lambda z, side=side: side(objective, z * scale)[0],
            "jac": lambda z, side=side: side(objective, z * scale)[1] * scale,
        }
        for kind, side, present in (
            ("eq", _equalities, restrictions.equalities),
            ("ineq", _inequalities, restrictions.inequalities),
        )
        if present
    ]
    result = minimize(
        function,
        start.theta / scale,
        jac=True,
        method="SLSQP",
        constraints=constraints,
        options={"maxiter": 1000, "ftol": 1e-12},
    )
    found: Vector = np.asarray(result.x) * scale
    return found


def _equalities(objective: Objective, theta: Vector) -> tuple[Vector, Matrix]:
    values = table_values(objective.restrictions, objective.base, theta)
    return constraint_values(objective.restrictions, objective.restrictions.equalities, values)


def _inequalities(objective: Objective, theta: Vector) -> tuple[Vector, Matrix]:
    values = table_values(objective.restrictions, objective.base, theta)
    return constraint_values(objective.restrictions, objective.restrictions.inequalities, values)


def active_jacobian(objective: Objective, theta: Vector, active: tuple[int, ...]) -> Matrix:
    """Jacobian of all equalities and of the active inequalities, shape (k, q)."""
    return np.concatenate([_equalities(objective, theta)[1], _inequalities(objective, theta)[1][list(active)]])


def _sharpen(objective: Objective, here: Evaluation) -> Optimum:
    """Newton steps with the active constraints held as equalities, releasing those that pull the wrong way."""
    held = [int(k) for k in np.flatnonzero(_inequalities(objective, here.theta)[0] < _ACTIVE)]
    for iteration in range(1, 101):
        gap, jacobian = _held(objective, here.theta, held)
        if not (np.isfinite(gap).all() and np.isfinite(jacobian).all()):
            return _failed(here, _UNDEFINED)
        step, multipliers = _kkt_step(objective, here, gap, jacobian)
        n_equal = len(objective.restrictions.equalities)
        wrong = [k for k, m in zip(held, multipliers[n_equal:], strict=True) if m < -1e-10]
        if wrong:
            held = [k for k in held if k != min(wrong, key=lambda k: multipliers[n_equal + held.index(k)])]
            continue
        residual = here.gradient - jacobian.T @ multipliers
        decrement = float(0.5 * abs(step @ here.gradient)) if not len(jacobian) else float(abs(step @ residual))
        if np.abs(step).max(initial=0.0) < 1e-9 * (1.0 + np.abs(here.theta).max()):
            reason = "the gradient vanished within the constraints"
            return Optimum(here, residual, decrement, iteration, True, reason, tuple(held))
        there, blocked = _walk(objective, here, step, held)
        if there is None:
            break
        held += [k for k in blocked if k not in held]
        here = there
    return _failed(here, "the search under constraints did not settle")


def _violation(objective: Objective, found: Optimum) -> float:
    """The worst violation of a constraint, in its own units; NaN where one is not defined."""
    equal, unequal = _equalities(objective, found.theta)[0], _inequalities(objective, found.theta)[0]
    return float(np.concatenate([np.abs(equal), -unequal]).max(initial=0.0))


def _failed(here: Evaluation, reason: str) -> Optimum:
    return Optimum(here, here.gradient, np.nan, 0, False, reason)


def _held(objective: Objective, theta: Vector, held: list[int]) -> tuple[Vector, Matrix]:
    equal, equal_jacobian = _equalities(objective, theta)
    unequal, unequal_jacobian = _inequalities(objective, theta)
    return np.concatenate([equal, unequal[held]]), np.concatenate([equal_jacobian, unequal_jacobian[held]])


def _kkt_step(objective: Objective, here: Evaluation, gap: Vector, jacobian: Matrix) -> tuple[Vector, Vector]:
    """Solve [2J, A'; A, 0] [step; -multipliers] = [-gradient; -gap]."""
    q, k = len(here.theta), len(gap)
    system = np.zeros((q + k, q + k))
    by_scores = bool(objective.template.given)  # what stands for the expected information is too far from the Hessian
    system[:q, :q] = 2.0 * information(objective, here, observed=by_scores)
    system[:q, q:] = jacobian.T
    system[q:, :q] = jacobian
    solution = np.linalg.lstsq(system, -np.concatenate([here.gradient, gap]), rcond=1e-12)[0]
    return solution[:q], -solution[q:]


def _walk(objective: Objective, here: Evaluation, step: Vector, held: list[int]) -> tuple[Evaluation | None, list[int]]:
    """As much of the step as keeps covariances positive definite and the other inequalities satisfied."""
    length, blocked = 1.0, []
    before = _inequalities(objective, here.theta)[0]
    after = _inequalities(objective, here.theta + step)[0]
    for k in np.flatnonzero(after < -_ACTIVE):
        if k not in held and before[k] > after[k]:
            fraction = max(before[k], 0.0) / (before[k] - after[k])
            if fraction < length:
                length, blocked = fraction, [int(k)]
    for _ in range(40):
        there = evaluate(objective, here.theta + length * step)
        if there is not None:
            return there, blocked
        length, blocked = 0.5 * length, []
    return None, []
