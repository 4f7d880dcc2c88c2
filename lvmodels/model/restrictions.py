"""What ties parameters together: labels and linear constraints as one affine map, the rest as functions.

All free rows x of the table are an affine function of the q free parameters theta,

    x = K theta + k0,

where theta is a subset of x: shared labels and linear equality constraints are solved away before estimation, so that
the optimiser sees a smaller, unconstrained problem. Nonlinear equalities h(theta) = 0 and inequalities g(theta) >= 0
remain as functions with exact gradients.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import ModelError, nearest
from lvmodels.model.expression import (
    Binary,
    Expression,
    Name,
    Number,
    evaluate,
    gradient,
    linear_form,
    names,
    substitute,
    to_text,
)
from lvmodels.model.expression_tape import tape_of, values_and_slopes
from lvmodels.model.table import ParameterTable

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
_TOLERANCE = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Restrictions:
    """The map from free parameters to rows of the table, and what else binds them.

    Attributes
    ----------
    free_rows : ndarray of int, shape (r,)
        Rows of the table that are estimated.
    K : ndarray, shape (r, q)
    k0 : ndarray, shape (r,)
    identity : bool
        Whether K is the identity, so that products with it can be skipped.
    parameter_rows : ndarray of int, shape (q,)
        The row of the table each free parameter is read from.
    equalities, inequalities : tuple of Expression
        h = 0 and g >= 0, in terms of the names in `lookup`.
    lookup : dict
        Row of the table for each label (and ``.p3.`` for row 3).
    definitions : tuple of (str, Expression)
        Defined parameters in terms of labels only.
    """

    free_rows: NDArray[np.intp]
    K: Matrix
    k0: Vector
    identity: bool
    parameter_rows: NDArray[np.intp]
    equalities: tuple[Expression, ...]
    inequalities: tuple[Expression, ...]
    lookup: Mapping[str, int]
    definitions: tuple[tuple[str, Expression], ...]

    @property
    def n_parameters(self) -> int:
        """Number of free parameters q, before nonlinear equality constraints are counted."""
        return int(self.K.shape[1])


def restrictions_of(table: ParameterTable) -> Restrictions:
    """Collect labels, constraints, bounds and definitions of a table.

    Raises
    ------
    ModelError
        When a constraint names no parameter, or the constraints contradict one another.
    """
    rows = table.rows
    free_rows = np.flatnonzero([row.free for row in rows])
    lookup = _lookup(table)
    definitions = _definitions(table, lookup)
    A, b, equalities = _equalities(table, lookup, definitions, free_rows)
    K, k0, chosen = _eliminate(A, b, len(free_rows), rows, free_rows)
    inequalities = [_resolved(c.lhs, c.rhs, c.op, definitions) for c in table.constraints if c.op != "=="]
    for expression in inequalities:
        _check_names(expression, lookup, "constraint")
    inequalities = [e for e in inequalities if not _settled(e, ">=", table, lookup)] + _bounds(table)
    equalities = [e for e in equalities if not _settled(e, "==", table, lookup)]
    return Restrictions(
        free_rows=free_rows,
        K=K,
        k0=k0,
        identity=K.shape[0] == K.shape[1] and bool((K == np.eye(len(K))).all()),
        parameter_rows=free_rows[chosen],
        equalities=tuple(equalities),
        inequalities=tuple(inequalities),
        lookup=lookup,
        definitions=tuple(definitions.items()),
    )


def _lookup(table: ParameterTable) -> dict[str, int]:
    lookup: dict[str, int] = {}
    for i, row in enumerate(table.rows):
        lookup[f".p{i + 1}."] = i
        if row.label:
            lookup.setdefault(row.label, i)
    return lookup


def _definitions(table: ParameterTable, lookup: Mapping[str, int]) -> dict[str, Expression]:
    """Defined parameters with earlier definitions substituted, so that only labels remain."""
    known: dict[str, Expression] = {}
    for definition in table.definitions:
        if definition.name in lookup:
            raise ModelError(
                f"line {definition.position.line}: '{definition.name} := ...' has the name of a parameter label; "
                "choose another name for the defined parameter."
            )
        expression = substitute(definition.expression, known)
        _check_names(expression, lookup, f"definition '{definition.name}'")
        known[definition.name] = expression
    return known


def _check_names(expression: Expression, lookup: Mapping[str, int], where: str) -> None:
    for name in names(expression):
        if name not in lookup:
            labels = [label for label in lookup if not label.startswith(".p")]
            known = (
                f"The labels are {', '.join(labels)}." if labels else "The model has no labels; write e.g. 'y ~ a*x'."
            )
            raise ModelError(
                f"{where} names '{name}', which is no label of the model. {nearest(name, labels) or known}"
            )


def _settled(expression: Expression, op: str, table: ParameterTable, lookup: Mapping[str, int]) -> bool:
    """Whether a constraint (expression op 0) is about fixed parameters alone; then it must hold already."""
    used = {name: lookup[name] for name in names(expression)}
    if any(table.rows[row].free for row in used.values()):
        return False
    value = float(evaluate(expression, {name: _fixed_value(table, row) for name, row in used.items()}))
    if not (abs(value) < _TOLERANCE if op == "==" else value >= -_TOLERANCE):
        raise ModelError(
            f"the constraint {to_text(expression)} {op} 0 is about fixed values alone, and does not hold; remove it or "
            "free a parameter in it."
        )
    return True


def _resolved(lhs: Expression, rhs: Expression, op: str, definitions: Mapping[str, Expression]) -> Expression:
    """`lhs - rhs`, turned so that a satisfied inequality is non-negative."""
    difference = Binary("-", rhs, lhs) if op == "<" else Binary("-", lhs, rhs)
    return substitute(difference, definitions)


def _bounds(table: ParameterTable) -> list[Expression]:
    found: list[Expression] = []
    for i, row in enumerate(table.rows):
        name = Name(f".p{i + 1}.")
        if row.free and row.lower is not None and np.isfinite(row.lower):
            found.append(Binary("-", name, Number(row.lower)) if row.lower else name)
        if row.free and row.upper is not None and np.isfinite(row.upper):
            found.append(Binary("-", Number(row.upper), name))
    return found


def _equalities(
    table: ParameterTable,
    lookup: Mapping[str, int],
    definitions: Mapping[str, Expression],
    free_rows: NDArray[np.intp],
) -> tuple[Matrix, Vector, list[Expression]]:
    """Linear equalities A x = b over the free rows, and the nonlinear ones as expressions."""
    position = {int(row): k for k, row in enumerate(free_rows)}
    A: list[Vector] = []
    b: list[float] = []

    def add(coefficients: Mapping[int, float], constant: float) -> None:
        line = np.zeros(len(free_rows))
        for row, weight in coefficients.items():
            if row in position:
                line[position[row]] += weight
            else:
                constant += weight * _fixed_value(table, row)
        A.append(line)
        b.append(-constant)

    for i, row in enumerate(table.rows):
        if row.label and lookup[row.label] != i:
            add({i: 1.0, lookup[row.label]: -1.0}, 0.0)
    nonlinear: list[Expression] = []
    for constraint in table.constraints:
        if constraint.op != "==":
            continue
        expression = _resolved(constraint.lhs, constraint.rhs, "==", definitions)
        _check_names(expression, lookup, f"line {constraint.position.line}: the constraint")
        form = linear_form(expression)
        if form is None:
            nonlinear.append(expression)
        else:
            coefficients: dict[int, float] = {}
            for name, weight in form[0].items():
                coefficients[lookup[name]] = coefficients.get(lookup[name], 0.0) + weight
            add(coefficients, form[1])
    return np.array(A).reshape(len(A), len(free_rows)), np.array(b), nonlinear


def _fixed_value(table: ParameterTable, row: int) -> float:
    value = table.rows[row].value
    if value is None:
        raise ModelError(f"'{table.rows[row]}' is held at its sample value and cannot take part in a constraint.")
    return value


def _eliminate(
    A: Matrix, b: Vector, n: int, rows: tuple[object, ...], free_rows: NDArray[np.intp]
) -> tuple[Matrix, Vector, NDArray[np.intp]]:
    """Solve A x = b for as many x as it determines; the others remain as parameters.

    Gauss-Jordan elimination from the last column backwards keeps the parameters that are written first.
    """
    A, b = A.copy(), b.copy()
    pivots: list[int] = []
    done = 0
    for column in range(n - 1, -1, -1):
        if done == len(A):
            break
        best = done + int(np.abs(A[done:, column]).argmax())
        if abs(A[best, column]) < _TOLERANCE:
            continue
        A[[done, best]], b[[done, best]] = A[[best, done]], b[[best, done]]
        b[done] /= A[done, column]
        A[done] /= A[done, column]
        factors = A[:, column].copy()
        factors[done] = 0.0
        A -= np.outer(factors, A[done])
        b -= factors * b[done]
        pivots.append(column)
        done += 1
    if np.abs(b[done:]).max(initial=0.0) > 1e-8:
        raise ModelError("the equality constraints contradict one another, or a parameter that is fixed; relax one.")
    chosen = np.array([c for c in range(n) if c not in set(pivots)], dtype=np.intp)
    K, k0 = np.zeros((n, len(chosen))), np.zeros(n)
    K[chosen, np.arange(len(chosen))] = 1.0
    if pivots:
        K[pivots] = -A[:done][:, chosen]
        k0[pivots] = b[:done]
    return K, k0, chosen


def nearest_parameters(restrictions: Restrictions, values: Vector) -> Vector:
    """The parameters that come nearest to given values of all rows: for tied rows, their mean.

    Parameters
    ----------
    values : ndarray, shape (n_rows,)

    Returns
    -------
    ndarray, shape (q,)
        Parameters that linear constraints tie to several others are read from their own rows.
    """
    K, own = restrictions.K, values[restrictions.parameter_rows]
    if restrictions.identity or (np.count_nonzero(K, axis=1) > 1).any():
        return own
    return np.asarray((values[restrictions.free_rows] - restrictions.k0) @ K / (K * K).sum(axis=0))


def table_values(restrictions: Restrictions, base: Vector, theta: Vector) -> Vector:
    """Values of all rows of the table: the free ones from theta, the others from `base`.

    Parameters
    ----------
    base : ndarray, shape (n_rows,)
    theta : ndarray, shape (..., q)

    Returns
    -------
    ndarray, shape (..., n_rows)
    """
    x = theta if restrictions.identity else theta @ restrictions.K.T + restrictions.k0
    values = np.empty((*theta.shape[:-1], len(base)))
    values[...] = base
    values[..., restrictions.free_rows] = x
    return values


def values_by_name(restrictions: Restrictions, values: Vector) -> dict[str, float]:
    """The value of every label."""
    return {name: values[row] for name, row in restrictions.lookup.items()}


def row_gradient(restrictions: Restrictions, expression: Expression, values: Vector) -> Vector:
    """Derivatives of an expression by all rows of the table, shape (n_rows,)."""
    found = np.zeros(values.shape[-1])
    for name, slope in gradient(expression, values_by_name(restrictions, values)).items():
        found[restrictions.lookup[name]] += float(slope)
    return found


def constraint_values(
    restrictions: Restrictions, expressions: tuple[Expression, ...], values: Vector
) -> tuple[Vector, Matrix]:
    """Values of constraint functions, and their Jacobian by theta.

    Returns
    -------
    ndarray, shape (k,)
    ndarray, shape (k, q)
    """
    if not expressions:
        return np.zeros(0), np.zeros((0, restrictions.n_parameters))
    found, slopes = values_and_slopes(tape_of(expressions), values_by_name(restrictions, values))
    by_row = np.zeros((len(expressions), len(values)))
    for name, slope in slopes.items():
        by_row[:, restrictions.lookup[name]] += slope
    return found, by_row[:, restrictions.free_rows] @ restrictions.K


def constraint_text(expression: Expression, restrictions: Restrictions, table: ParameterTable) -> str:
    """An expression in words a reader knows: rows without a label by their formula."""
    renamed = {
        f".p{i + 1}.": Name(row.label or str(row))
        for i, row in enumerate(table.rows)
        if f".p{i + 1}." in names(expression)
    }
    return to_text(substitute(expression, renamed))
