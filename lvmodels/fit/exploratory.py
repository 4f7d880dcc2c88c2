"""Models with exploratory blocks (Asparouhov and Muthén 2009): fitted unrotated, rotated, and bound to stay so.

The unrotated model has uncorrelated factors of variance 1, the r-th with zero loadings of the first r - 1 items. Its
solution turns by eta* = M eta into the rotated one. There the conditions of the rotation become constraints, which cost
no fit and give errors, tests and everything else the ordinary way. Loadings are divided by the standard deviations of
the items in the sample first, which errors take as known.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from lvmodels.errors import NotConvergedError, NotEstimableError
from lvmodels.estimate.constrained import minimise_constrained
from lvmodels.estimate.objective import Evaluation, evaluate, make_objective
from lvmodels.estimate.rotation import rotate, settled
from lvmodels.estimate.rotation_conditions import rotation_conditions
from lvmodels.estimate.rotation_criteria import Criterion
from lvmodels.estimate.rotation_settings import RotationSettings
from lvmodels.estimate.solve import Optimum, minimise
from lvmodels.fit.preparation import first_evaluation
from lvmodels.model.expression_tree import Expression
from lvmodels.model.matrices import build_template, model_matrices
from lvmodels.model.restrictions import nearest_parameters, restrictions_of
from lvmodels.model.row import Row
from lvmodels.model.specification import Specification
from lvmodels.model.table import ParameterTable
from lvmodels.moments.complete import Moments

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_SAME_FIT = 1e-7


def rotated_start(
    specification: Specification, moments: tuple[Moments, ...], rotation: RotationSettings, unbiased: bool
) -> tuple[Specification, Evaluation]:
    """The specification with the conditions of the rotation, and the rotated solution.

    Raises
    ------
    NotConvergedError
        When the unrotated model finds no minimum.
    NotEstimableError
        When rotation would change the fit, since other parts of the model treat factors of a block differently.
    """
    table = specification.table
    plain = _unrotated(table, moments)
    below = Specification(specification.text, plain, build_template(plain), restrictions_of(plain))
    objective = make_objective(below, moments, unbiased)
    start = first_evaluation(objective, plain)
    bound = below.restrictions.equalities or below.restrictions.inequalities
    found: Optimum = minimise_constrained(objective, start) if bound else minimise(objective, start)
    if not found.converged:
        raise NotConvergedError(
            f"the model with unrotated efa() blocks did not converge ({found.reason}); try fewer factors."
        )
    values, conditions = _rotated(table, below, moments, rotation, found.evaluation.values)
    restrictions = specification.restrictions
    turned = replace(specification, restrictions=replace(
        restrictions, equalities=(*restrictions.equalities, *conditions)
    ))  # fmt: skip
    there = evaluate(make_objective(turned, moments, unbiased), nearest_parameters(restrictions, values))
    if there is None or abs(there.F - found.evaluation.F) > _SAME_FIT * max(1.0, abs(there.F)):
        raise NotEstimableError(
            "rotation of the efa() blocks would change the fit, because the rest of the model treats the factors of a "
            "block differently; relate other variables to all factors of a block, without equal labels."
        )
    return turned, there


def _unrotated(table: ParameterTable, moments: tuple[Moments, ...]) -> ParameterTable:
    """The table with uncorrelated factors in each block, and loadings, with starts, below a triangle of zeros."""
    rows = list(table.rows)
    for group in range(1, table.n_groups + 1):
        sample = moments[group - 1]
        for factors in table.exploratory:
            at = _loading_rows(table, factors, group)
            place = [table.variables.observed.index(rows[k].rhs) for k in at[:, 0]]
            starts = _triangular(np.array(sample.cov)[np.ix_(place, place)], len(factors))
            for i, r in np.ndindex(at.shape):
                row = rows[at[i, r]]
                held = i < r
                rows[at[i, r]] = replace(
                    row, free=not held, value=0.0 if held else None, start=None if held else float(starts[i, r])
                )
        for k, row in enumerate(rows):
            if row.group == group and _within_block(row, table):
                rows[k] = replace(row, free=False, value=0.0)
    return replace(table, rows=tuple(rows))


def _within_block(row: Row, table: ParameterTable) -> bool:
    return row.op == "~~" and row.lhs != row.rhs and any({row.lhs, row.rhs} <= set(own) for own in table.exploratory)


def _triangular(cov: Matrix, m: int) -> Matrix:
    """Loadings to start from, shape (p, m): principal axes, turned so that what lies above the diagonal is zero."""
    sd = np.sqrt(np.diagonal(cov))
    R = cov / np.outer(sd, sd)
    values, vectors = np.linalg.eigh(R + 1e-6 * np.eye(len(R)))
    np.fill_diagonal(R, 1.0 - 1.0 / ((vectors**2) @ (1.0 / np.maximum(values, 1e-6))))
    values, vectors = np.linalg.eigh(R)
    A = vectors[:, -m:] * np.sqrt(np.maximum(values[-m:], 0.05))
    L = np.linalg.qr(A.T)[1].T
    return np.asarray(L * np.where(np.diagonal(L) < 0.0, -1.0, 1.0) * sd[:, None])


def _loading_rows(table: ParameterTable, factors: tuple[str, ...], group: int) -> NDArray[np.intp]:
    """Rows of the loadings of a block, shape (p, m)."""
    places = {
        (row.lhs, row.rhs): k
        for k, row in enumerate(table.rows)
        if row.op == "=~" and row.group == group and row.lhs in factors
    }
    items = [item for factor, item in places if factor == factors[0]]
    return np.array([[places[factor, item] for factor in factors] for item in items], dtype=np.intp)


def _rotated(
    table: ParameterTable,
    below: Specification,
    moments: tuple[Moments, ...],
    rotation: RotationSettings,
    unrotated: Vector,
) -> tuple[Vector, list[Expression]]:
    """Values of all rows in the rotated solution, and the conditions that hold there."""
    values = unrotated.copy()
    conditions: list[Expression] = []
    names = below.template.names
    first: dict[tuple[str, ...], Matrix] = {}
    for g, part in enumerate(below.template.groups):
        M = np.eye(len(names))
        for factors in table.exploratory:
            rows = _loading_rows(table, factors, g + 1)
            criterion = rotation.criterion(*rows.shape)
            place = [names.index(table.rows[k].rhs) for k in rows[:, 0]]
            sd = np.sqrt(np.diagonal(moments[g].cov))[place] if rotation.standardized else np.ones(len(place))
            A = unrotated[rows] / sd[:, None]
            turn = _turn(A, criterion, rotation.starts, first.get(factors))
            first.setdefault(factors, A @ np.linalg.inv(turn))
            at = [names.index(name) for name in factors]
            M[np.ix_(at, at)] = turn
            if len(factors) > 1:
                conditions += _conditions(table, criterion, factors, rows, 1.0 / sd)
        matrices, inverse = model_matrices(below.template, g, unrotated), np.linalg.inv(M)
        row, a, b = part.directed
        values[row] = (M @ matrices.Beta @ inverse)[a, b]
        row, a, b = part.symmetric
        values[row] = (M @ matrices.Psi @ M.T)[a, b]
        row, a = part.intercepts
        values[row] = (M @ matrices.alpha)[a]
    return values, conditions


def _turn(A: Matrix, criterion: Criterion, starts: int, like: Matrix | None) -> Matrix:
    """M of eta* = M eta, with order and signs of the first group, or of the variance that factors explain."""
    found = rotate(A, criterion, False, starts, np.random.default_rng(0))
    Lambda = found.Lambda
    if like is None or criterion.target is not None:
        order, sign = settled(criterion, Lambda, found.Phi)
    else:
        order = linear_sum_assignment(-np.abs(like.T @ Lambda))[1]
        sign = np.where((like * Lambda[:, order]).sum(axis=0) < 0.0, -1.0, 1.0)
    return np.linalg.inv(np.linalg.lstsq(A, Lambda[:, order] * sign, rcond=None)[0])


def _conditions(
    table: ParameterTable, criterion: Criterion, factors: tuple[str, ...], rows: NDArray[np.intp], weights: Vector
) -> tuple[Expression, ...]:
    group = table.rows[rows[0, 0]].group
    between = {
        frozenset((row.lhs, row.rhs)): f".p{k + 1}."
        for k, row in enumerate(table.rows)
        if row.op == "~~" and row.group == group
    }
    phi = [[between.get(frozenset((a, b)), "") for b in factors] for a in factors]
    loadings = [[f".p{k + 1}." for k in line] for line in rows]
    return rotation_conditions(criterion, loadings, weights.tolist(), phi)
