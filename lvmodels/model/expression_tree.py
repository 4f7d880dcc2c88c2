"""The expression tree: its nodes, the names in it, substitution, and its text.

A tree is built by `lvmodels.model.expression_syntax` from the text of `:=` and of constraints, or by hand from the
nodes below. Python's `eval` has no part in it. `lvmodels.model.expression` gives values and derivatives.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lvmodels.model.names import shown_name, shown_number

Operator = Literal["+", "-", "*", "/", "^"]


@dataclass(frozen=True, slots=True)
class Number:
    """A constant."""

    value: float


@dataclass(frozen=True, slots=True)
class Name:
    """A parameter, by its label or by the name of its definition."""

    name: str


@dataclass(frozen=True, slots=True)
class Unary:
    """The negative of an expression; the parser writes the negative of a constant as a Number."""

    op: Literal["-"]
    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary:
    """Two expressions joined by an operator; `**` is "^"."""

    op: Operator
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """A function of one expression, such as exp(a)."""

    function: str
    argument: Expression


Expression = Number | Name | Unary | Binary | Call


def names(expr: Expression) -> tuple[str, ...]:
    """The names in an expression, each once, in order of first appearance.

    Examples
    --------
    >>> names(Binary("*", Name("b"), Binary("+", Name("a"), Name("b"))))
    ('b', 'a')
    """
    match expr:
        case Number():
            return ()
        case Name(name):
            return (name,)
        case Unary(_, operand) | Call(_, operand):
            return names(operand)
        case Binary(_, left, right):
            return tuple(dict.fromkeys(names(left) + names(right)))


def substitute(expr: Expression, replacements: Mapping[str, Expression]) -> Expression:
    """The expression with names replaced by expressions, all at once.

    Examples
    --------
    >>> to_text(substitute(Binary("*", Name("a"), Name("b")), {"a": Binary("+", Name("x"), Name("y"))}))
    '(x + y)*b'
    """
    match expr:
        case Number():
            return expr
        case Name(name):
            return replacements.get(name, expr)
        case Unary(op, operand):
            return Unary(op, substitute(operand, replacements))
        case Call(function, argument):
            return Call(function, substitute(argument, replacements))
        case Binary(op, left, right):
            return Binary(op, substitute(left, replacements), substitute(right, replacements))


def to_text(expr: Expression) -> str:
    """The expression as model text, with no more parentheses than its meaning needs.

    Examples
    --------
    >>> to_text(Binary("*", Name("a"), Binary("+", Name("b"), Number(1.0))))
    'a*(b + 1)'
    >>> to_text(Binary("^", Unary("-", Name("a")), Number(2.0)))
    '(-a)^2'
    """
    return _text(expr)[0]


_STRENGTH: dict[Operator, int] = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 4}
_NEGATIVE = 3
_ATOM = 5


def _text(expr: Expression) -> tuple[str, int]:
    """The text of a node and how strongly it binds: a sum 1, a product 2, a negative 3, a power 4, an atom 5."""
    match expr:
        case Number(value):
            return shown_number(value), _NEGATIVE if value < 0 else _ATOM
        case Name(name):
            return shown_name(name), _ATOM
        case Call(function, argument):
            return f"{function}({_text(argument)[0]})", _ATOM
        case Unary(_, operand):
            text, strength = _text(operand)
            return ("-" + text if strength > _NEGATIVE else f"-({text})"), _NEGATIVE
        case Binary("^", left, right):
            return f"{_operand(left, _ATOM)}^{_operand(right, _STRENGTH['^'])}", _STRENGTH["^"]
        case Binary(op, left, right):
            here = _STRENGTH[op]
            sign = f" {op} " if op in "+-" else op
            right_text, right_strength = _text(right)
            bare = right_strength > here and right_strength != _NEGATIVE  # a - (-b) reads better than a - -b
            return f"{_operand(left, here)}{sign}{right_text if bare else f'({right_text})'}", here


def _operand(expr: Expression, least: int) -> str:
    text, strength = _text(expr)
    return text if strength >= least else f"({text})"
