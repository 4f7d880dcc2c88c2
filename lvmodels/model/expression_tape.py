"""Values and derivatives of many expressions at once, with equal parts of them computed one time.

The conditions of a rotation are written as trees whose branches recur thousands of times. Read into a list of steps,
each distinct branch is one step; a sweep forwards gives all values, and one backwards all derivatives (Griewank and
Walther 2008, chapters 3 and 6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from lvmodels.model.expression import FUNCTIONS, OPERATIONS, by_left, by_right, of_name
from lvmodels.model.expression_tree import Binary, Call, Expression, Name, Number, Operator, Unary

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Key = tuple[str, str | float | int, int, int]  # kind of node, its name, number or operator, and steps of its operands


@dataclass(frozen=True, slots=True, eq=False)
class Tape:
    """Steps in an order in which each comes after those it needs.

    Attributes
    ----------
    steps : tuple
        Kind of node; name, number, function or operator; steps of the operands, -1 for none.
    names : dict
        The step of each name.
    outputs : ndarray of int, shape (k,)
        The step at which each expression is complete.
    """

    steps: tuple[Key, ...]
    names: Mapping[str, int]
    outputs: NDArray[np.intp]


def tape_of(expressions: Sequence[Expression]) -> Tape:
    """Read expressions into steps.

    Parameters
    ----------
    expressions : sequence of Expression
        Branches that are one object are visited once, however often they occur.

    Examples
    --------
    >>> a = Binary("*", Name("a"), Name("a"))
    >>> len(tape_of([Binary("+", a, a), a]).steps)
    3
    """
    places: dict[Key, int] = {}
    seen: dict[int, int] = {}

    def place(kind: str, what: str | float, first: int = -1, second: int = -1) -> int:
        return places.setdefault((kind, what, first, second), len(places))

    def visit(expr: Expression) -> int:
        known = seen.get(id(expr))
        if known is not None:
            return known
        match expr:
            case Number(value):
                # 0.0 and -0.0 are equal as keys, but not as divisors
                at = place("number", repr(value))
            case Name(name):
                at = place("name", name)
            case Unary(_, operand):
                at = place("negative", "-", visit(operand))
            case Call(function, argument):
                at = place("call", function, visit(argument))
            case Binary(op, left, right):
                at = place("binary", op, visit(left), visit(right))
        seen[id(expr)] = at
        return at

    outputs = np.array([visit(expr) for expr in expressions], dtype=np.intp)
    steps = tuple(places)
    return Tape(steps, {str(what): at for at, (kind, what, _, _) in enumerate(steps) if kind == "name"}, outputs)


def values_and_slopes(tape: Tape, values: Mapping[str, float]) -> tuple[Vector, dict[str, Vector]]:
    """Values of all expressions, shape (k,), and their derivatives by each name, shape (k,) each.

    Raises
    ------
    ModelError
        When a name has no value.

    Examples
    --------
    >>> tape = tape_of([Binary("*", Name("a"), Name("b")), Name("a")])
    >>> found, slopes = values_and_slopes(tape, {"a": 2.0, "b": 3.0})
    >>> found.tolist(), slopes["a"].tolist(), slopes["b"].tolist()
    ([6.0, 2.0], [3.0, 1.0], [2.0, 0.0])
    """
    with np.errstate(all="ignore"):
        v, factors = _forwards(tape, values)
        back = np.zeros((len(tape.steps), len(tape.outputs)))
        back[tape.outputs, np.arange(len(tape.outputs))] = 1.0
        for at in range(len(tape.steps) - 1, -1, -1):
            for operand, factor in factors[at]:
                # an expression without this step keeps its 0 where the slope is infinite
                back[operand] += back[at] * factor if np.isfinite(factor) else _guarded(back[at], factor)
    return v[tape.outputs], {name: back[at] for name, at in tape.names.items()}


def _guarded(above: Vector, factor: float) -> Vector:
    return np.where(above == 0.0, 0.0, above * factor)


def _forwards(tape: Tape, values: Mapping[str, float]) -> tuple[Vector, list[tuple[tuple[int, float], ...]]]:
    """The value of each step, and its slopes by its operands."""
    v = np.empty(len(tape.steps))
    factors: list[tuple[tuple[int, float], ...]] = []
    varies = np.zeros(len(tape.steps), dtype=bool)  # constants have no slope, also where the formula is not defined
    for at, (kind, what, first, second) in enumerate(tape.steps):
        own: tuple[tuple[int, float], ...] = ()
        if kind == "number":
            v[at] = float(what)
        elif kind == "name":
            v[at], varies[at] = of_name(str(what), values), True
        elif kind == "negative":
            v[at], own = -v[first], ((first, -1.0),)
        elif kind == "call":
            outer, derivative = FUNCTIONS[str(what)]
            v[at], own = outer(v[first]), ((first, float(derivative(v[first]))),)
        else:
            v[at], own = _binary(cast(Operator, what), v, first, second, varies)
        factors.append(tuple((operand, factor) for operand, factor in own if varies[operand]))
        varies[at] |= bool(factors[at])
    return v, factors


def _binary(
    op: Operator, v: Vector, first: int, second: int, varies: NDArray[np.bool_]
) -> tuple[float, tuple[tuple[int, float], ...]]:
    a, b = v[first], v[second]
    value = OPERATIONS[op](a, b)
    slopes = []
    if varies[first]:
        slopes.append((first, float(by_left(op, a, b))))
    if varies[second]:
        slopes.append((second, float(by_right(op, a, b, value))))
    return float(value), tuple(slopes)
