"""From tokens to expression trees: the arithmetic of `:=`, of constraints and of constant modifiers.

sum      = product { ("+" | "-") product }
product  = signed  { ("*" | "/") signed }
signed   = { "+" | "-" } power
power    = atom [ ("^" | "**") signed ]
atom     = number | name | function "(" sum ")" | "(" sum ")"
"""

from __future__ import annotations

import math

from lvmodels.errors import nearest
from lvmodels.model.expression import FUNCTIONS, evaluate
from lvmodels.model.expression_tree import Binary, Call, Expression, Name, Number, Unary, names, to_text
from lvmodels.model.reader import Reader
from lvmodels.model.tokens import Kind, Token

MAXIMUM_OPERATORS = 200
"""Bounds the depth of a tree, and so of every recursion over it."""


def parse_expression(reader: Reader) -> Expression:
    """Read a sum; what follows it is left to the caller.

    Raises
    ------
    ModelSyntaxError
        Where no expression can be read.
    """
    return _Arithmetic(reader).sum()


def parse_fraction(reader: Reader) -> Expression:
    """Read operands joined by `/` only, such as `-1`, `1/3` or `sqrt(2)`; a following `*` is left to the caller."""
    return _Arithmetic(reader).fraction()


def constant(reader: Reader, expr: Expression, start: Token, infinite: bool = False) -> float:
    """The value of an expression without names, read from `start` on; `infinite` lets `Inf` and `-Inf` pass."""
    unknown = [name for name in names(expr) if not (infinite and name == "Inf")]
    if unknown:
        raise reader.fault(f"'{unknown[0]}' is not a number", "a number, or an expression of numbers only", start)
    value = float(evaluate(expr, {"Inf": math.inf}))
    if math.isnan(value) or (math.isinf(value) and not infinite):
        raise reader.fault(f"{to_text(expr)} is not a finite number", "a finite number", start)
    return value


class _Arithmetic:
    """One expression being read; the number of its operators is bounded."""

    __slots__ = ("operators", "reader")

    def __init__(self, reader: Reader) -> None:
        self.reader, self.operators = reader, 0

    def _operator(self, *symbols: str) -> Token | None:
        token = self.reader.accept(*symbols)
        if token is not None:
            self.operators += 1
            if self.operators > MAXIMUM_OPERATORS:
                expected = f"at most {MAXIMUM_OPERATORS} operators; define parts of it with := first"
                raise self.reader.fault("the expression is too long", expected, token)
        return token

    def sum(self) -> Expression:
        left = self.product()
        while token := self._operator("+", "-"):
            left = Binary("+" if token.text == "+" else "-", left, self.product())
        return left

    def product(self) -> Expression:
        left = self.signed()
        while token := self._operator("*", "/"):
            left = Binary("*" if token.text == "*" else "/", left, self.signed())
        return left

    def fraction(self) -> Expression:
        left = self.signed()
        while self._operator("/"):
            left = Binary("/", left, self.signed())
        return left

    def signed(self) -> Expression:
        signs = []
        while token := self._operator("+", "-"):
            signs.append(token.text)
        operand = self.power()
        for sign in reversed(signs):
            if sign == "-":
                operand = Number(-operand.value) if isinstance(operand, Number) else Unary("-", operand)
        return operand

    def power(self) -> Expression:
        base = self.atom()
        return Binary("^", base, self.signed()) if self._operator("^", "**") else base

    def atom(self) -> Expression:
        reader, token = self.reader, self.reader.token
        if token.kind is Kind.NUMBER:
            reader.take()
            return Number(float(token.text))
        if token.is_symbol("("):
            reader.take()
            return self._closed()
        if token.is_any_name():
            return self._call() if reader.following.is_symbol("(") else self._name()
        if token.kind is Kind.STRING:
            raise reader.fault(f"quoted text {token.shown()} in an expression", "a name; odd names stand in backticks")
        raise reader.fault(f"an expression cannot go on with {token.shown()}", "a number, a name, a function or '('")

    def _name(self) -> Expression:
        token = self.reader.token
        if token.kind is Kind.NAME and token.text == "NA":
            raise self.reader.fault("NA is no number", "a number or a parameter's label")
        return Name(self.reader.take().text)

    def _call(self) -> Expression:
        reader, token = self.reader, self.reader.token
        if token.kind is not Kind.NAME or token.text not in (*FUNCTIONS, "pow"):
            hint = nearest(token.text, (*FUNCTIONS, "pow"))
            raise reader.fault(
                f"there is no function '{token.text}'. {hint}".rstrip(), f"one of {', '.join(FUNCTIONS)}"
            )
        reader.take()
        reader.take()
        if token.text != "pow":
            return Call(token.text, self._closed())
        base = self.sum()
        reader.expect(",", "pow() takes two arguments", "',' and the exponent")
        return Binary("^", base, self._closed())

    def _closed(self) -> Expression:
        inner = self.sum()
        self.reader.expect(")", f"an expression cannot go on with {self.reader.token.shown()}", "an operator or ')'")
        return inner
