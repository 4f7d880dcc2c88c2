"""Arithmetic between parameters: values, exact derivatives and affine forms of expression trees.

The nodes and the text of a tree come from `lvmodels.model.expression_tree` and are offered here too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from lvmodels.errors import ModelError, nearest
from lvmodels.model.expression_tree import (
    Binary,
    Call,
    Expression,
    Name,
    Number,
    Operator,
    Unary,
    names,
    substitute,
    to_text,
)

__all__ = [
    "FUNCTIONS",
    "OPERATIONS",
    "Binary",
    "Call",
    "Expression",
    "Name",
    "Number",
    "Unary",
    "by_left",
    "by_right",
    "evaluate",
    "gradient",
    "linear_form",
    "names",
    "of_name",
    "substitute",
    "to_text",
]

Array = float | NDArray[np.float64]
Elementwise = Callable[[NDArray[np.float64]], NDArray[np.float64]]

FUNCTIONS: dict[str, tuple[Elementwise, Elementwise]] = {
    "exp": (np.exp, np.exp),
    "log": (np.log, lambda x: 1 / x),
    "sqrt": (np.sqrt, lambda x: 0.5 / np.sqrt(x)),
    "abs": (np.abs, np.sign),
    "sin": (np.sin, np.cos),
    "cos": (np.cos, lambda x: -np.sin(x)),
    "tan": (np.tan, lambda x: 1 / np.cos(x) ** 2),
    "asin": (np.arcsin, lambda x: 1 / np.sqrt(1 - x**2)),
    "acos": (np.arccos, lambda x: -1 / np.sqrt(1 - x**2)),
    "atan": (np.arctan, lambda x: 1 / (1 + x**2)),
    "sinh": (np.sinh, np.cosh),
    "cosh": (np.cosh, np.sinh),
    "tanh": (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    "log2": (np.log2, lambda x: 1 / (x * np.log(2))),
    "log10": (np.log10, lambda x: 1 / (x * np.log(10))),
    "log1p": (np.log1p, lambda x: 1 / (1 + x)),
    "expm1": (np.expm1, np.exp),
}
"""Function names of the model text, each with its value and its derivative."""


def evaluate(expr: Expression, values: Mapping[str, Array]) -> Array:
    """The value of an expression.

    Parameters
    ----------
    expr : Expression
    values : mapping of str to float or array
        A value for every name; arrays are taken element by element and broadcast.

    Returns
    -------
    float or array
        A float when all values are single numbers. Outside a function's domain the value is NaN, and a division by zero
        is infinite, without a warning.

    Raises
    ------
    ModelError
        When a name has no value.

    Examples
    --------
    >>> evaluate(Binary("*", Name("a"), Name("b")), {"a": 2.0, "b": 3.0})
    6.0
    """
    with np.errstate(all="ignore"):
        return _plain(_value(expr, values))


def gradient(expr: Expression, values: Mapping[str, Array]) -> dict[str, Array]:
    """The exact partial derivatives of an expression by each of its names, at `values`.

    Parameters
    ----------
    expr : Expression
    values : mapping of str to float or array

    Returns
    -------
    dict of str to (float or array)
        One entry for each name, in order of first appearance, of the shape of the expression's value.

    Raises
    ------
    ModelError
        When a name has no value.

    Examples
    --------
    >>> gradient(Binary("*", Name("a"), Name("b")), {"a": 2.0, "b": 3.0})
    {'a': 3.0, 'b': 2.0}
    """
    with np.errstate(all="ignore"):
        value, slopes = _value_and_slopes(expr, values)
    return {name: _plain(np.array(np.broadcast_to(slopes[name], value.shape))) for name in names(expr)}


def linear_form(expr: Expression) -> tuple[dict[str, float], float] | None:
    """Coefficients and constant of an expression that is affine in its names; None when it is not.

    Examples
    --------
    >>> linear_form(Binary("-", Binary("*", Number(2.0), Name("a")), Number(1.0)))
    ({'a': 2.0}, -1.0)
    >>> linear_form(Binary("*", Name("a"), Name("b"))) is None
    True
    """
    match expr:
        case Number(value):
            return {}, value
        case Name(name):
            return {name: 1.0}, 0.0
        case Unary(_, operand):
            return _scaled(linear_form(operand), -1.0)
        case Call(function, argument):
            inner = linear_form(argument)
            return None if inner is None or inner[0] else _constant(Call(function, Number(inner[1])))
        case Binary(op, left, right):
            return _linear_binary(op, linear_form(left), linear_form(right))


# ---- values and derivatives ------------------------------------------------------------------------------------------


def _plain(value: NDArray[np.float64]) -> Array:
    return float(value) if value.ndim == 0 else value


def of_name(name: str, values: Mapping[str, Array]) -> NDArray[np.float64]:
    """The value of a name; ModelError where it has none."""
    if name not in values:
        raise ModelError(f"'{name}' has no value; {nearest(name, values) or 'give a parameter this label.'}")
    return np.asarray(values[name], dtype=np.float64)


def _value(expr: Expression, values: Mapping[str, Array]) -> NDArray[np.float64]:
    match expr:
        case Number(value):
            return np.asarray(value, dtype=np.float64)
        case Name(name):
            return of_name(name, values)
        case Unary(_, operand):
            return np.negative(_value(operand, values))
        case Call(function, argument):
            return np.asarray(FUNCTIONS[function][0](_value(argument, values)))
        case Binary(op, left, right):
            return np.asarray(OPERATIONS[op](_value(left, values), _value(right, values)))


OPERATIONS: dict[str, np.ufunc] = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "^": np.power}

Slopes = dict[str, NDArray[np.float64]]


def _value_and_slopes(expr: Expression, values: Mapping[str, Array]) -> tuple[NDArray[np.float64], Slopes]:
    """Forward mode: the value of each node with its derivatives by the names below it."""
    match expr:
        case Number():
            return _value(expr, values), {}
        case Name(name):
            return _value(expr, values), {name: np.asarray(1.0)}
        case Unary(_, operand):
            a, slopes = _value_and_slopes(operand, values)
            return np.negative(a), {name: np.negative(slope) for name, slope in slopes.items()}
        case Call(function, argument):
            a, slopes = _value_and_slopes(argument, values)
            outer, derivative = FUNCTIONS[function]
            factor = derivative(a)
            return np.asarray(outer(a)), {name: np.asarray(factor * slope) for name, slope in slopes.items()}
        case Binary(op, left, right):
            a, a_slopes = _value_and_slopes(left, values)
            b, b_slopes = _value_and_slopes(right, values)
            result = np.asarray(OPERATIONS[op](a, b))
            left_factor = by_left(op, a, b) if a_slopes else np.asarray(0.0)
            right_factor = by_right(op, a, b, result) if b_slopes else np.asarray(0.0)
            joint = {name: np.asarray(left_factor * slope) for name, slope in a_slopes.items()}
            for name, slope in b_slopes.items():
                joint[name] = np.asarray(joint.get(name, 0.0) + right_factor * slope)
            return result, joint


def by_left(op: Operator, a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Derivative of `a op b` by a."""
    match op:
        case "+" | "-":
            return np.asarray(1.0)
        case "*":
            return b
        case "/":
            return np.asarray(1 / b)
        case "^":  # a^0 is constant, also where a^-1 is not finite
            return np.where(b == 0, 0.0, b * np.power(a, b - 1))


def by_right(
    op: Operator, a: NDArray[np.float64], b: NDArray[np.float64], value: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Derivative of `a op b` by b, with the value of it at hand."""
    match op:
        case "+":
            return np.asarray(1.0)
        case "-":
            return np.asarray(-1.0)
        case "*":
            return a
        case "/":
            return np.asarray(-value / b)
        case "^":  # 0^b stays 0 for positive b, though log(0) is not finite
            return np.where((a == 0) & (b > 0), 0.0, value * np.log(a))


# ---- affine expressions ----------------------------------------------------------------------------------------------

Affine = tuple[dict[str, float], float]


def _scaled(form: Affine | None, factor: float) -> Affine | None:
    if form is None:
        return None
    return {name: c * factor for name, c in form[0].items() if c * factor != 0}, form[1] * factor


def _constant(expr: Expression) -> Affine | None:
    value = float(evaluate(expr, {}))
    return ({}, value) if np.isfinite(value) else None


def _linear_binary(op: Operator, left: Affine | None, right: Affine | None) -> Affine | None:
    if left is None or right is None:
        return None
    if not left[0] and not right[0]:
        return _constant(Binary(op, Number(left[1]), Number(right[1])))
    if op in "+-":
        sign = 1.0 if op == "+" else -1.0
        sums = {name: left[0].get(name, 0.0) + sign * right[0].get(name, 0.0) for name in {**left[0], **right[0]}}
        return {name: c for name, c in sums.items() if c != 0}, left[1] + sign * right[1]
    if op == "*" and not left[0]:
        return _scaled(right, left[1])
    if op == "*" and not right[0]:
        return _scaled(left, right[1])
    if op == "/" and not right[0] and right[1] != 0:
        return _scaled(left, 1 / right[1])
    return left if op == "^" and right == ({}, 1.0) else None
