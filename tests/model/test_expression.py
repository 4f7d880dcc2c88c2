"""Expression trees: reading, writing, values, derivatives, affine forms."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest

from lvmodels.errors import ModelError
from lvmodels.model.expression import (
    FUNCTIONS,
    Binary,
    Call,
    Expression,
    Name,
    Number,
    Unary,
    evaluate,
    gradient,
    linear_form,
    names,
    substitute,
    to_text,
)
from lvmodels.model.syntax import parse_model

A, B, C = Name("a"), Name("b"), Name("c")


def expression(text: str) -> Expression:
    return parse_model(f"d := {text}").definitions[0].expression


TEXTS = [
    ("a + b - c", Binary("-", Binary("+", A, B), C), "a + b - c"),
    ("a - (b - c)", Binary("-", A, Binary("-", B, C)), "a - (b - c)"),
    ("a + (b + c)", Binary("+", A, Binary("+", B, C)), "a + (b + c)"),
    ("((a))", A, "a"),
    ("+a", A, "a"),
    ("--a", Unary("-", Unary("-", A)), "-(-a)"),
    ("-2", Number(-2.0), "-2"),
    ("a*b + c", Binary("+", Binary("*", A, B), C), "a*b + c"),
    ("a*(b + c)", Binary("*", A, Binary("+", B, C)), "a*(b + c)"),
    ("a/b/c", Binary("/", Binary("/", A, B), C), "a/b/c"),
    ("a/(b*c)", Binary("/", A, Binary("*", B, C)), "a/(b*c)"),
    ("a - -b", Binary("-", A, Unary("-", B)), "a - (-b)"),
    ("-a*b", Binary("*", Unary("-", A), B), "-a*b"),
    ("-(a*b)", Unary("-", Binary("*", A, B)), "-(a*b)"),
    ("-a^2", Unary("-", Binary("^", A, Number(2.0))), "-a^2"),
    ("(-a)^2", Binary("^", Unary("-", A), Number(2.0)), "(-a)^2"),
    ("-2^2", Unary("-", Binary("^", Number(2.0), Number(2.0))), "-2^2"),
    ("(-2)^2", Binary("^", Number(-2.0), Number(2.0)), "(-2)^2"),
    ("a^b^c", Binary("^", A, Binary("^", B, C)), "a^b^c"),
    ("(a^b)^c", Binary("^", Binary("^", A, B), C), "(a^b)^c"),
    ("a**-b", Binary("^", A, Unary("-", B)), "a^(-b)"),
    ("a^-2", Binary("^", A, Number(-2.0)), "a^(-2)"),
    ("a*b^c", Binary("*", A, Binary("^", B, C)), "a*b^c"),
    ("pow(a, b)", Binary("^", A, B), "a^b"),
    ("exp(a + b)*c", Binary("*", Call("exp", Binary("+", A, B)), C), "exp(a + b)*c"),
    ("exp*log", Binary("*", Name("exp"), Name("log")), "exp*log"),
    ("`a b`/1.50", Binary("/", Name("a b"), Number(1.5)), "`a b`/1.5"),
    ("路径ａ*1e-9", Binary("*", Name("路径ａ"), Number(1e-9)), "路径ａ*1e-09"),
]


@pytest.mark.parametrize(("text", "tree", "printed"), TEXTS, ids=[row[0] for row in TEXTS])
def test_text_becomes_a_tree_and_a_tree_text(text: str, tree: Expression, printed: str) -> None:
    assert expression(text) == tree
    assert to_text(tree) == printed
    assert expression(printed) == tree


VALUES = [
    ("2 + 3*4", 14.0),
    ("2*3^2", 18.0),
    ("-2^2", -4.0),
    ("(-2)^2", 4.0),
    ("2^3^2", 512.0),
    ("2**-1", 0.5),
    ("2^-1^2", 0.5),
    ("12/3/2", 2.0),
    ("10 - 4 - 3", 3.0),
    ("a*b", 6.0),
    ("abs(-a)", 2.0),
    ("sqrt(a*8)", 4.0),
    ("log(exp(b))", 3.0),
    ("log10(1000) + log2(8) + log1p(0) + expm1(0)", 6.0),
    ("sin(0) + cos(0) + tan(0)", 1.0),
    ("asin(1) + acos(0) + atan(0)", math.pi),
    ("sinh(0) + cosh(0) + tanh(0)", 1.0),
    ("pow(a, b)", 8.0),
]


@pytest.mark.parametrize(("text", "value"), VALUES, ids=[row[0] for row in VALUES])
def test_values(text: str, value: float) -> None:
    result = evaluate(expression(text), {"a": 2.0, "b": 3.0})
    assert isinstance(result, float)
    assert result == pytest.approx(value, rel=1e-15)


def test_values_of_arrays_are_element_by_element() -> None:
    a, b = np.array([1.0, 2.0, 3.0]), np.array([[2.0], [4.0]])
    np.testing.assert_allclose(evaluate(expression("a*b + 1"), {"a": a, "b": b}), a * b + 1)
    np.testing.assert_allclose(evaluate(expression("a*b"), {"a": a, "b": 2.0}), 2 * a)


@pytest.mark.parametrize("text", ["log(a)", "sqrt(a)", "a^0.5", "1/(a + 1)", "asin(a - 1)", "exp(-1000*a)"])
def test_outside_the_domain_there_is_no_warning(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not math.isfinite(evaluate(expression(text), {"a": -1.0}))
        evaluate(expression(text), {"a": np.array([-1.0, 1.0])})
        gradient(expression(text), {"a": np.array([-1.0, 1.0])})


def test_a_name_without_value_is_named_with_the_nearest() -> None:
    with pytest.raises(ModelError, match=r"'loyalti' has no value; Did you mean 'loyalty'\?"):
        evaluate(Name("loyalti"), {"loyalty": 1.0})
    with pytest.raises(ModelError, match="'a' has no value; give a parameter this label"):
        gradient(A, {})


GRADIENTS = [
    ("5", {}),
    ("a + b", {"a": 1.0, "b": 1.0}),
    ("a - b", {"a": 1.0, "b": -1.0}),
    ("-a", {"a": -1.0}),
    ("a*b", {"a": 3.0, "b": 2.0}),
    ("a/b", {"a": 1 / 3, "b": -2 / 9}),
    ("a*a", {"a": 4.0}),
    ("a^b", {"a": 12.0, "b": 8 * math.log(2)}),
    ("2^a", {"a": 4 * math.log(2)}),
    ("a^2", {"a": 4.0}),
    ("(-a)^2", {"a": 4.0}),
    ("(-a)^3", {"a": -12.0}),
    ("(a - 2)^2", {"a": 0.0}),
    ("(a - 2)^1", {"a": 1.0}),
    ("(a - 2)^(b - 3)", {"a": 0.0, "b": -math.inf}),
    ("(a - 2)^b", {"a": 0.0, "b": 0.0}),
    ("a^0", {"a": 0.0}),
    ("abs(-a)", {"a": 1.0}),
    ("exp(a*b)", {"a": 3 * math.exp(6), "b": 2 * math.exp(6)}),
]


@pytest.mark.parametrize(("text", "expected"), GRADIENTS, ids=[row[0] for row in GRADIENTS])
def test_gradients(text: str, expected: dict[str, float]) -> None:
    found = gradient(expression(text), {"a": 2.0, "b": 3.0})
    assert list(found) == list(expected)
    assert found == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_derivatives_of_functions_agree_with_differences(function: str) -> None:
    step, points = 1e-6, np.array([0.15, 0.4, 0.85])
    tree = Call(function, A)
    up, down = (np.asarray(evaluate(tree, {"a": points + sign * step})) for sign in (1, -1))
    np.testing.assert_allclose(gradient(tree, {"a": points})["a"], (up - down) / (2 * step), rtol=1e-8)


def test_gradients_have_the_shape_of_the_value() -> None:
    values = {"a": np.array([1.0, 2.0, 3.0]), "b": 2.0}
    found = gradient(expression("a + b*2"), values)
    np.testing.assert_array_equal(found["a"], [1.0, 1.0, 1.0])
    np.testing.assert_array_equal(found["b"], [2.0, 2.0, 2.0])
    found["a"] += 1  # an array of one's own, not a view of a constant


FORMS = [
    ("5", ({}, 5.0)),
    ("a", ({"a": 1.0}, 0.0)),
    ("-a + 3", ({"a": -1.0}, 3.0)),
    ("2*a - b/4 + 1", ({"a": 2.0, "b": -0.25}, 1.0)),
    ("(a + b)*(1 + 2)", ({"a": 3.0, "b": 3.0}, 0.0)),
    ("-(a - 2*(b - a))", ({"a": -3.0, "b": 2.0}, 0.0)),
    ("a - a + 1", ({}, 1.0)),
    ("0*a", ({}, 0.0)),
    ("a^1", ({"a": 1.0}, 0.0)),
    ("sqrt(4)*a + 2^3", ({"a": 2.0}, 8.0)),
    ("exp(a - a)", ({}, 1.0)),
    ("a*b", None),
    ("a/b", None),
    ("a^2", None),
    ("2^a", None),
    ("log(a)", None),
    ("1/a", None),
    ("a/0", None),
    ("1/0", None),
    ("a + log(-1)", None),
]


@pytest.mark.parametrize(("text", "form"), FORMS, ids=[row[0] for row in FORMS])
def test_affine_expressions_are_recognised(text: str, form: tuple[dict[str, float], float] | None) -> None:
    assert linear_form(expression(text)) == form


def test_names_come_in_order_of_first_appearance() -> None:
    assert names(expression("exp(b)*a - b^c + 2")) == ("b", "a", "c")


def test_substitution_is_simultaneous() -> None:
    swapped = substitute(expression("a*exp(-b) + 1"), {"a": B, "b": A})
    assert swapped == expression("b*exp(-a) + 1")


def test_substituted_expressions_print_with_the_parentheses_they_need() -> None:
    assert to_text(substitute(expression("a^2*b"), {"a": Number(-1.0), "b": Unary("-", C)})) == "(-1)^2*(-c)"
