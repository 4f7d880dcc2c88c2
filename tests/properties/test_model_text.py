"""The model text: printing and parsing undo each other, and no text whatever breaks the parser."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lvmodels.errors import ModelSyntaxError
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
    to_text,
)
from lvmodels.model.names import normal_name
from lvmodels.model.printer import model_to_text
from lvmodels.model.records import Block, Constraint, Definition, Formula, ModelText, Modifier, Term
from lvmodels.model.syntax import parse_model

# ---- what a model may be ---------------------------------------------------------------------------------------------

WORDS = ["x", "y1", "f", "a", "group", "level", "NA", "c", "start", "exp", "Inf", "t1", "满意度", "é", ".p1.", "x.1_b"]
ODD = st.text(st.characters(codec="utf-8", exclude_characters="`"), min_size=1, max_size=6).filter(
    lambda text: len(text.splitlines()) == 1 and text.splitlines()[0] == text and text.strip()
)
NAMES = st.sampled_from(WORDS) | ODD.map(normal_name)
QUOTABLE = NAMES.filter(lambda text: '"' not in text or "'" not in text)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-3, 3).map(float)


def expressions() -> st.SearchStrategy[Expression]:
    """Trees in the parser's normal form: the negative of a constant is a constant."""

    def wider(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
        negatives = inner.filter(lambda tree: not isinstance(tree, Number)).map(lambda tree: Unary("-", tree))
        calls = st.builds(Call, st.sampled_from(sorted(FUNCTIONS)), inner)
        return negatives | calls | st.builds(Binary, st.sampled_from("+-*/^"), inner, inner)

    return st.recursive(NUMBERS.map(Number) | NAMES.map(Name), wider, max_leaves=12)


@st.composite
def modifiers(draw: st.DrawFn, groups: int) -> tuple[Modifier, ...]:
    def values(entry: st.SearchStrategy[float | str | None]) -> tuple[float | str | None, ...]:
        size = draw(st.sampled_from([1, groups]))
        return tuple(draw(st.lists(entry, min_size=size, max_size=size)))

    free = st.none()
    found = [Modifier("value", values(free | NUMBERS | NAMES))]
    found.append(Modifier("start", values(free | NUMBERS)))
    found.append(Modifier("equal", values(free | QUOTABLE)))
    found.append(Modifier("lower", values(free | st.floats(-9, 0) | st.just(-math.inf))))
    found.append(Modifier("upper", values(free | st.floats(0, 9) | st.just(math.inf))))
    if not any(isinstance(value, str) for value in found[0].values):
        found.append(Modifier("label", values(free | QUOTABLE)))
    return tuple(draw(st.lists(st.sampled_from(found), unique=True, max_size=4)))


@st.composite
def formulas(draw: st.DrawFn) -> Formula:
    groups = draw(st.integers(1, 3))
    op = draw(st.sampled_from(["=~", "<~", "~", "~~", "|", "~*~"]))
    pool = draw(st.lists(NAMES, min_size=4, max_size=7, unique=True))
    lhs = [Term((name,)) for name in pool[: draw(st.integers(1, 2))]]
    rhs = [(name,) for name in pool[2 : draw(st.integers(3, len(pool)))]]
    if op == "=~" and draw(st.booleans()):
        lhs = [Term(term.names, (Modifier("efa", (draw(QUOTABLE),)),)) for term in lhs]
    if op == "~*~":
        lhs, rhs = lhs[:1], [lhs[0].names]
    elif op == "|":
        rhs = [(f"t{i}",) for i in range(1, len(rhs) + 1)]
    elif op in ("~", "~~") and draw(st.booleans()):
        rhs.append((pool[0], pool[1]))
    if op == "~" and draw(st.booleans()):
        rhs.append(())
    return Formula(tuple(lhs), op, tuple(Term(name, draw(modifiers(groups))) for name in rhs))


@st.composite
def models(draw: st.DrawFn) -> ModelText:
    grouped = draw(st.sampled_from(["none", "group", "level", "both"]))
    keys: list[tuple[str | None, str | None]] = [(None, None)]
    if grouped != "none":
        labels = draw(st.lists(NAMES | st.sampled_from(["1", "2"]), min_size=1, max_size=3, unique=True))
        keys = [(label, None) if grouped == "group" else (None, label) for label in labels]
        if grouped == "both":
            keys = [(group, level) for group in labels for level in ("1", "between")]
    blocks = tuple(Block(*key, tuple(draw(st.lists(formulas(), min_size=1, max_size=3)))) for key in keys)
    defined = draw(st.lists(NAMES.filter(lambda name: name != "NA"), max_size=2, unique=True))
    definitions = tuple(Definition(name, draw(expressions())) for name in defined)
    constraint = st.builds(Constraint, expressions(), st.sampled_from(["==", "<", ">"]), expressions())
    return ModelText(blocks, definitions, tuple(draw(st.lists(constraint, max_size=2))))


# ---- printing and parsing --------------------------------------------------------------------------------------------


@given(models())
@settings(max_examples=80, deadline=None)
def test_parsing_a_printed_model_gives_the_model(model: ModelText) -> None:
    text = model_to_text(model)
    assert parse_model(text) == model
    assert model_to_text(parse_model(text)) == text


@given(expressions())
@settings(max_examples=100, deadline=None)
def test_parsing_a_printed_expression_gives_the_expression(tree: Expression) -> None:
    assert parse_model(f"d := {to_text(tree)}").definitions[0].expression == tree


PIECES = [
    *"=~<>|*+-/^():;,#!.`'\"",
    *("=~", "<~", "~~", "~*~", ":=", "==", "**", "\n", " ", "\t", "，", "～", "（", "）", "、", "“", "”", "　"),
    *("x", "y", "NA", "Inf", "c(", "start(", "equal(", "label(", "lower(", "efa(", "exp(", "pow(", "group:", "level:"),
    *(
        "1",
        "0",
        ".5",
        "2e",
        "1e9",
        "满意度",
        "é",
        "\u0301",
        "\x00",
        "`a b`",
        "t1",
        "\r\n",
        "\u2028",
        "\ud800",
        "٣",
        "²",
    ),
]


def outcome(text: str) -> ModelText | ModelSyntaxError:
    try:
        return parse_model(text)
    except ModelSyntaxError as error:
        return error


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text(max_size=30))
@settings(max_examples=500, deadline=None)
def test_any_text_gives_a_model_or_a_syntax_error(text: str) -> None:
    result = outcome(text)
    if isinstance(result, ModelText):
        assert parse_model(model_to_text(result)) == result
    else:
        lines = text.splitlines() or [""]
        assert 1 <= result.line <= len(lines)
        assert 1 <= result.column <= len(lines[result.line - 1]) + 1
        assert result.expected


@pytest.mark.parametrize("piece", [*"(-+`'\"#\n;a1~*:=<^ ", "a^", "1/", "-a+", "exp(", "c(", "a,", "a:"])
@pytest.mark.parametrize("start", ["y ~ ", "d := ", "a == ", "y ~ c(", "group: "])
def test_no_repetition_exhausts_the_stack(piece: str, start: str) -> None:
    for text in (start + piece * 2000, start + piece * 2000 + "1*x", start + "(" * 39 + piece * 199 + "a" + ")" * 39):
        assert isinstance(outcome(text), ModelText | ModelSyntaxError)


# ---- derivatives -----------------------------------------------------------------------------------------------------

SMOOTH = ["exp", "sin", "cos", "tanh", "atan", "sqrt", "log"]


def smooth_expressions() -> st.SearchStrategy[Expression]:
    leaves = st.sampled_from([Name("a"), Name("b"), Number(2.0), Number(0.5), Number(-1.0)])

    def wider(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
        joined = st.builds(Binary, st.sampled_from("+-*/^"), inner, inner)
        return st.builds(Unary, st.just("-"), inner) | st.builds(Call, st.sampled_from(SMOOTH), inner) | joined

    return st.recursive(leaves, wider, max_leaves=8)


POINTS = st.floats(0.3, 2.0)


@given(smooth_expressions(), POINTS, POINTS)
@settings(max_examples=100, deadline=None)
def test_gradients_agree_with_differences(tree: Expression, a: float, b: float) -> None:
    point = {"a": a, "b": b}
    value = evaluate(tree, point)
    assume(names(tree) and np.isfinite(value))
    for name, slope in gradient(tree, point).items():
        by_step = [_difference(tree, point, name, step) for step in (1e-4, 1e-5)]
        assume(np.all(np.isfinite([*by_step, slope])) and abs(by_step[0]) < 1e4)
        assume(abs(by_step[0] - by_step[1]) < 1e-6 * (1 + abs(by_step[1])))
        assert abs(slope - by_step[1]) < 1e-5 * (1 + abs(slope))


def _difference(tree: Expression, point: dict[str, float], name: str, step: float) -> float:
    up, down = (evaluate(tree, point | {name: point[name] + sign * step}) for sign in (1, -1))
    return float(up - down) / (2 * step)


@given(smooth_expressions(), POINTS, POINTS)
@settings(max_examples=100, deadline=None)
def test_affine_forms_have_the_value_and_the_gradient_of_the_expression(tree: Expression, a: float, b: float) -> None:
    form, point = linear_form(tree), {"a": a, "b": b}
    assume(form is not None)
    assert form is not None
    coefficients, constant = form
    value = constant + sum(c * point[name] for name, c in coefficients.items())
    np.testing.assert_allclose(value, evaluate(tree, point), rtol=1e-9, atol=1e-9)
    for name, slope in gradient(tree, point).items():
        if np.isfinite(slope):  # (-1)^(a - a) is constant, yet has no derivative
            np.testing.assert_allclose(slope, coefficients.get(name, 0.0), rtol=1e-9, atol=1e-9)
