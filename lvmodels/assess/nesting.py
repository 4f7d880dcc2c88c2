"""Whether one model is nested in another: whether the freer one can reproduce what the stricter one implies.

Two models are nested when every set of moments that the stricter one (more degrees of freedom) can imply, the freer
one can, too. Judged at the solution of the stricter one (Bentler and Satorra 2010): the freer model is fitted to the
moments implied there, and must reach them exactly, however differently its parameters are named.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from lvmodels.arrays import lower_triangle
from lvmodels.assess.implied import outcome_names
from lvmodels.assess.product_likelihood import reproduces
from lvmodels.assess.products import has_products
from lvmodels.estimate.objective import Evaluation, Objective, evaluate
from lvmodels.fit.record import Fit
from lvmodels.model.identification import moment_jacobian
from lvmodels.model.restrictions import constraint_values

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
MomentKey = tuple[str, ...]
_REACHED = 1e-5  # in standard deviations
_STEPS = 40


def nested(freer: Fit, stricter: Fit) -> bool:
    """Whether the freer model reproduces the moments that the stricter one implies at its solution.

    With products of latent variables, whether it has the stricter one's likelihood at parameters of the same names.
    """
    if has_products(freer) or has_products(stricter):
        return reproduces(freer, stricter, matched_parameters(freer, stricter))
    at = order_of_moments(freer, stricter)
    units = _units(freer)
    target = implied_moments(stricter.objective, stricter.solution)[at]
    return any(
        _reaches(freer.objective, theta, target, units)
        for theta in (matched_parameters(freer, stricter), freer.optimum.theta)
    )


def matched_parameters(freer: Fit, stricter: Fit) -> Vector:
    """Parameters of the freer model at the values that rows of the same name have in the stricter one, shape (q,).

    What the stricter model does not have is 0.
    """
    known: dict[tuple[str, str, str, int], float] = {}
    for row, value in zip(stricter.table.rows, stricter.solution.values.tolist(), strict=True):
        known[(*row.key, row.group)] = value
        if row.op == "~~":
            known[(row.rhs, row.op, row.lhs, row.group)] = value
    rows = [freer.table.rows[i] for i in freer.objective.restrictions.parameter_rows]
    return np.array([known.get((*row.key, row.group), 0.0) for row in rows])


def same_moments(freer: Fit, at: Evaluation, stricter: Fit) -> bool:
    """Whether an evaluation of the freer model implies what the stricter one implies at its solution."""
    target = implied_moments(stricter.objective, stricter.solution)[order_of_moments(freer, stricter)]
    gap = np.abs(target - implied_moments(freer.objective, at)) / _units(freer)
    return bool(gap.max() < _REACHED)


def order_of_moments(first: Fit, second: Fit) -> NDArray[np.intp]:
    """Positions among the moments of the second fit of those of the first: their variables may stand in another order.

    Returns
    -------
    ndarray of int, shape (n_groups * m,)
    """
    mine, theirs = moment_keys(first), moment_keys(second)
    place = {key: k for k, key in enumerate(theirs)}
    of_group = np.array([place[key] for key in mine], dtype=np.intp)
    return np.concatenate([of_group + g * len(theirs) for g in range(first.table.n_groups)])


def moment_keys(fit: Fit) -> list[MomentKey]:
    """What each moment of one group is about, in the order of `moment_jacobian`."""
    layout, names = fit.objective.template.responses, outcome_names(fit)
    if layout is None:
        i, j = lower_triangle(len(names))
        pairs: list[MomentKey] = [_pair(names[a], names[b]) for a, b in zip(i, j, strict=True)]
        return [*pairs, *(("mean", name) for name in names)]
    given = fit.objective.template.observed[layout.p :]
    a, b = layout.pairs
    first = layout.first_threshold
    return [
        *(("threshold", names[v], str(k - first[v])) for k, v in enumerate(layout.threshold_variable)),
        *(("mean", names[v]) for v in layout.continuous),
        *(("slope", y, x) for y in names for x in given),
        *(("variance", names[v]) for v in layout.continuous),
        *(_pair(names[v], names[w]) for v, w in zip(a, b, strict=True)),
    ]


def _pair(a: str, b: str) -> MomentKey:
    return ("covariance", *sorted((a, b)))


def implied_moments(objective: Objective, evaluation: Evaluation) -> Vector:
    """Implied moments of all groups in the order of `moment_jacobian`; means are 0 without a mean structure."""
    found = []
    for state in evaluation.states:
        if state.responses is not None:
            found.append(state.responses.moments)
            continue
        p = objective.template.n_observed
        i, j = lower_triangle(p)
        found += [state.matrices.V[i, j], state.matrices.eta[:p] * objective.template.meanstructure]
    return np.concatenate(found)


def _units(fit: Fit) -> Vector:
    """Standard deviations behind each moment, in the order of `implied_moments`."""
    found: list[Vector] = []
    for moments in fit.objective.moments:
        if moments.responses is not None:
            deviation = dict(zip(fit.objective.template.observed, np.sqrt(np.diagonal(moments.cov)), strict=True))
            found.append(np.array([_unit(key, deviation) for key in moment_keys(fit)]))
            continue
        size = np.sqrt(np.diagonal(moments.cov))
        i, j = lower_triangle(len(size))
        found += [size[i] * size[j], size]
    return np.concatenate(found)


def _unit(key: MomentKey, deviation: Mapping[str, float]) -> float:
    if key[0] in ("mean", "threshold"):
        return float(deviation[key[1]])
    if key[0] == "slope":
        return float(deviation[key[1]] / deviation[key[2]])
    return float(np.prod([deviation[name] for name in key[1:]]) * (deviation[key[1]] if key[0] == "variance" else 1.0))


def _reaches(objective: Objective, theta: Vector, target: Vector, units: Vector) -> bool:
    """Whether Gauss-Newton steps from theta bring the implied moments to `target`."""
    now = evaluate(objective, theta)
    if now is None:
        return False
    gap = _gap(objective, now, target, units)
    for _ in range(_STEPS):
        if np.abs(gap).max() < _REACHED:
            return True
        step = np.linalg.lstsq(_slopes(objective, now, units), gap, rcond=None)[0]
        for length in (1.0, 0.5, 0.25, 0.0625):
            trial = evaluate(objective, now.theta + length * step)
            if trial is None:
                continue
            trial_gap = _gap(objective, trial, target, units)
            if trial_gap @ trial_gap < gap @ gap:
                break
        else:
            return False
        now, gap = trial, trial_gap
    return False


def _gap(objective: Objective, at: Evaluation, target: Vector, units: Vector) -> Vector:
    """Distance to the target, then from the nonlinear equality constraints of the model."""
    broken, _ = constraint_values(objective.restrictions, objective.restrictions.equalities, at.values)
    return np.concatenate([(target - implied_moments(objective, at)) / units, -broken])


def _slopes(objective: Objective, at: Evaluation, units: Vector) -> Matrix:
    Delta = moment_jacobian(objective.template, objective.restrictions, at.values)
    _, by_theta = constraint_values(objective.restrictions, objective.restrictions.equalities, at.values)
    return np.concatenate([Delta / units[:, None], by_theta])
