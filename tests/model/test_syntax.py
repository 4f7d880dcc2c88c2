"""Model text → records, as tables."""

from __future__ import annotations

import math
import unicodedata

import pytest

from lvmodels.model.expression import Binary, Call, Name, Number, Unary
from lvmodels.model.printer import model_to_text
from lvmodels.model.records import (
    Block,
    Constraint,
    Definition,
    Formula,
    ModelText,
    Modifier,
    ModifierKind,
    Position,
    Term,
    Value,
)
from lvmodels.model.syntax import parse_model


def m(kind: ModifierKind, *values: Value) -> Modifier:
    return Modifier(kind, values)


def v(*values: Value) -> Modifier:
    return Modifier("value", values)


def t(names: str, *modifiers: Modifier) -> Term:
    """A term; its names separated by colons, none for the intercept."""
    return Term(tuple(names.split(":")) if names else (), modifiers)


def f(left: str | tuple[Term, ...], op: str, *right: Term | str) -> Formula:
    lhs = tuple(map(t, left.split())) if isinstance(left, str) else left
    return Formula(lhs, op, tuple(t(term) if isinstance(term, str) else term for term in right))


def formulas(text: str) -> tuple[Formula, ...]:
    blocks = parse_model(text).blocks
    assert [(block.group, block.level) for block in blocks] == [(None, None)]
    return blocks[0].formulas


OPERATORS = [
    ("f =~ x1 + x2", f("f", "=~", "x1", "x2")),
    ("f <~ x1 + x2", f("f", "<~", "x1", "x2")),
    ("y ~ x", f("y", "~", "x")),
    ("y~x", f("y", "~", "x")),
    ("y1 + y2 ~ x1 + x2", f("y1 y2", "~", "x1", "x2")),
    ("x1 ~~ x2", f("x1", "~~", "x2")),
    ("x1 ~~ x1", f("x1", "~~", "x1")),
    ("y ~ 1", f("y", "~", "")),
    ("y ~1", f("y", "~", "")),
    ("y~1+x", f("y", "~", "", "x")),
    ("y ~ x + 1", f("y", "~", "x", "")),
    ("y ~ 1.0", f("y", "~", "")),
    ("x1 + x2 ~ 1", f("x1 x2", "~", "")),
    ("y ~ 0", f("y", "~", t("", v(0.0)))),
    ("y ~ 0*1", f("y", "~", t("", v(0.0)))),
    ("y ~ 0 + x", f("y", "~", t("", v(0.0)), "x")),
    ("y ~ a*1", f("y", "~", t("", v("a")))),
    ("y ~ NA*1", f("y", "~", t("", v(None)))),
    ("u | t1 + t2", f("u", "|", "t1", "t2")),
    ("u | a*t1", f("u", "|", t("t1", v("a")))),
    ("u ~*~ 1*u", f("u", "~*~", t("u", v(1.0)))),
    ("u ~*~ u", f("u", "~*~", "u")),
    ("y ~ x:z", f("y", "~", "x:z")),
    ("y ~ x + z + a*x:z", f("y", "~", "x", "z", t("x:z", v("a")))),
    ("x:z ~~ x", f((Term(("x", "z")),), "~~", "x")),
    ("y ~ group:x", f("y", "~", "group:x")),
    ("group:x ~~ x", f((Term(("group", "x")),), "~~", "x")),
    (
        'efa("b")*f1 + efa("b")*f2 =~ x1 + x2',
        f((t("f1", m("efa", "b")), t("f2", m("efa", "b"))), "=~", "x1", "x2"),
    ),
    ("efa(b)*f1 =~ x1", f((t("f1", m("efa", "b")),), "=~", "x1")),
]


@pytest.mark.parametrize(("text", "expected"), OPERATORS, ids=[text for text, _ in OPERATORS])
def test_operators(text: str, expected: Formula) -> None:
    assert formulas(text) == (expected,)


MODIFIERS = [
    ("2*x", [v(2.0)]),
    ("-1*x", [v(-1.0)]),
    ("- 1 * x", [v(-1.0)]),
    ("1.5e-3*x", [v(0.0015)]),
    (".5*x", [v(0.5)]),
    ("5.*x", [v(5.0)]),
    ("1E2*x", [v(100.0)]),
    ("(1/3)*x", [v(1 / 3)]),
    ("-(1/4)*x", [v(-0.25)]),
    ("1/4*x", [v(0.25)]),
    ("-1/4/2*a*x", [v(-0.125), v("a")]),
    ("sqrt(2)*x", [v(math.sqrt(2))]),
    ("-exp(0)*x", [v(-1.0)]),
    ("pow(2, 3)*x", [v(8.0)]),
    ("NA*x", [v(None)]),
    ("a*x", [v("a")]),
    ("`a b`*x", [v("a b")]),
    ('"a"*x', [v("a")]),
    ("c(1, 2)*x", [v(1.0, 2.0)]),
    ("c(NA, 0.6, a)*x", [v(None, 0.6, "a")]),
    ('c("a", "b")*x', [v("a", "b")]),
    ("c(1/2, -1, sqrt(4))*x", [v(0.5, -1.0, 2.0)]),
    ("c(a)*x", [v("a")]),
    ("c(a, a)*x", [v("a", "a")]),
    ("start(.5)*x", [m("start", 0.5)]),
    ("start(.5, .6)*x", [m("start", 0.5, 0.6)]),
    ("start(c(.5, .6))*x", [m("start", 0.5, 0.6)]),
    ("start(c(NA, -.6))*x", [m("start", None, -0.6)]),
    ('equal("f=~x2")*x', [m("equal", "f=~x2")]),
    ('equal(c("f=~x2", "f=~x3"))*x', [m("equal", "f=~x2", "f=~x3")]),
    ("equal(a)*x", [m("equal", "a")]),
    ('label("a")*x', [m("label", "a")]),
    ("label('a')*x", [m("label", "a")]),
    ('label(c("a", "b"))*x', [m("label", "a", "b")]),
    ('label(c(NA, "b"))*x', [m("label", None, "b")]),
    ("label(c)*x", [m("label", "c")]),
    ("lower(0)*x", [m("lower", 0.0)]),
    ("upper(1)*x", [m("upper", 1.0)]),
    ("lower(-Inf)*upper(Inf)*x", [m("lower", -math.inf), m("upper", math.inf)]),
    ("lower(c(0, -1))*x", [m("lower", 0.0, -1.0)]),
    ("a*start(.5)*x", [v("a"), m("start", 0.5)]),
    ("a*x + start(.5)*x", [v("a"), m("start", 0.5)]),
    ("start(.5)*a*lower(0)*x", [m("start", 0.5), v("a"), m("lower", 0.0)]),
    ("NA*a*x", [v(None), v("a")]),
    ("2*a*x", [v(2.0), v("a")]),
    ("c(1, 2)*x + a*x", [v(1.0, 2.0), v("a")]),
    ("a*x + a*x", [v("a")]),
    ("x + x", []),
]


@pytest.mark.parametrize(("text", "expected"), MODIFIERS, ids=[text for text, _ in MODIFIERS])
def test_modifiers(text: str, expected: list[Modifier]) -> None:
    assert formulas(f"f =~ {text}") == (f("f", "=~", t("x", *expected)),)


def test_repeated_terms_are_joined_into_the_first() -> None:
    assert formulas("f =~ x + z + a*x") == (f("f", "=~", t("x", v("a")), "z"),)


WORDS = [
    ("y ~ c*y4", f("y", "~", t("y4", v("c")))),
    ("y ~ c + start + equal + label + efa", f("y", "~", "c", "start", "equal", "label", "efa")),
    ("y ~ start*x + lower*z", f("y", "~", t("x", v("start")), t("z", v("lower")))),
    ("y ~ exp*x + log", f("y", "~", t("x", v("exp")), "log")),
    ("group ~ level", f("group", "~", "level")),
    ("y ~ `NA`", f("y", "~", "NA")),
    ("y ~ x.1 + x_2 + .x", f("y", "~", "x.1", "x_2", ".x")),
    ("满意度 ~ 质量 + 感知价值", f("满意度", "~", "质量", "感知价值")),
    ("qualité =~ größe + ξ1 + 品質_1", f("qualité", "=~", "größe", "ξ1", "品質_1")),
    ("y ~ `service quality` + `1st`", Formula((t("y"),), "~", (Term(("service quality",)), Term(("1st",))))),
    ("y ~ a*`x-1`", Formula((t("y"),), "~", (Term(("x-1",), (v("a"),)),))),
    ("y ~ `a:b`", Formula((t("y"),), "~", (Term(("a:b",)),))),
    ("y ~ `a`:`b c`", Formula((t("y"),), "~", (Term(("a", "b c")),))),
    ("y ~ `x # 1` # comment", Formula((t("y"),), "~", (Term(("x # 1",)),))),
]


@pytest.mark.parametrize(("text", "expected"), WORDS, ids=[text for text, _ in WORDS])
def test_names(text: str, expected: Formula) -> None:
    assert formulas(text) == (expected,)


def test_names_are_composed() -> None:
    apart = unicodedata.normalize("NFD", "qualité ~ café + `très bon`")
    assert formulas(apart) == formulas("qualité ~ café + `très bon`")


def test_full_width_punctuation_means_the_same() -> None:
    wide = "满意度　＝～　x1＋ａ＊x2；　间接 ：＝　ａ＊（b＋1）； x1 ～～ ｃ＊x2 ＃ 注释"
    ascii_text = "满意度 =~ x1 + ａ*x2; 间接 := ａ*(b + 1); x1 ~~ ｃ*x2"
    assert parse_model(wide) == parse_model(ascii_text)
    assert parse_model("y ~ label（“a”）*x") == parse_model('y ~ label("a")*x')


def test_full_width_signs_stay_in_backticks() -> None:
    assert formulas("y ~ `价格（元）`")[0].rhs[0].names == ("价格（元）",)


ONE = f("y", "~", "x", "z")
LINES = [
    ("y ~ x +\n z", [ONE]),
    ("y ~ x\n + z", [ONE]),
    ("y ~\n x + z", [ONE]),
    ("y ~\n + x\n + z", [ONE]),
    ("y ~ x + # why\n\n # more\n z", [ONE]),
    ("y ~ x + ! why\n z", [ONE]),
    ("y ~ x\n\n # between\n + z", [ONE]),
    ("\ufeffy ~ x + z\r\n", [ONE]),
    ("y ~ x + z;", [ONE]),
    (";; y ~ x + z ;\n;", [ONE]),
    ("y ~ x + z; f =~ x1", [ONE, f("f", "=~", "x1")]),
    ("y ~ x + z\nf =~ x1", [ONE, f("f", "=~", "x1")]),
    ("# only\ny ~ x + z # end; f =~ x1", [ONE]),
    ("y ~ c(1,\n 2)*\n x", [f("y", "~", t("x", v(1.0, 2.0)))]),
    ("y ~ c(1\n, 2\n)*x", [f("y", "~", t("x", v(1.0, 2.0)))]),
    ("y ~ a\n *x", [f("y", "~", t("x", v("a")))]),
]


@pytest.mark.parametrize(("text", "expected"), LINES)
def test_lines_and_comments(text: str, expected: list[Formula]) -> None:
    assert formulas(text) == tuple(expected)


A, B, X = Name("a"), Name("b"), Name("x")
STATEMENTS = [
    ("d := a*b", Definition("d", Binary("*", A, B))),
    ("d:=a*b", Definition("d", Binary("*", A, B))),
    ("d := a *\n b", Definition("d", Binary("*", A, B))),
    ("d := a\n + b", Definition("d", Binary("+", A, B))),
    ("`total effect` := a", Definition("total effect", A)),
    ("总效应 := a", Definition("总效应", A)),
    ("d := -a^2", Definition("d", Unary("-", Binary("^", A, Number(2.0))))),
    ("d := log(a)", Definition("d", Call("log", A))),
    ("a == b", Constraint(A, "==", B)),
    ("a+b == 1", Constraint(Binary("+", A, B), "==", Number(1.0))),
    ("a > 0", Constraint(A, ">", Number(0.0))),
    ("a < -1", Constraint(A, "<", Number(-1.0))),
    ("0 < a", Constraint(Number(0.0), "<", A)),
    ("`a b` == 2", Constraint(Name("a b"), "==", Number(2.0))),
    (".p1. == .p2.", Constraint(Name(".p1."), "==", Name(".p2."))),
    ("-a > b", Constraint(Unary("-", A), ">", B)),
]


@pytest.mark.parametrize(("text", "expected"), STATEMENTS, ids=[text for text, _ in STATEMENTS])
def test_definitions_and_constraints(text: str, expected: Definition | Constraint) -> None:
    model = parse_model(text)
    assert (*model.definitions, *model.constraints) == (expected,)
    assert model.blocks == ()


def test_definitions_and_constraints_stand_anywhere() -> None:
    model = parse_model("d := a*b\ny ~ a*x\na > 0\nx ~ b*z\ne := d + 1")
    assert model.blocks == (Block(None, None, (f("y", "~", t("x", v("a"))), f("x", "~", t("z", v("b"))))),)
    assert [definition.name for definition in model.definitions] == ["d", "e"]
    assert len(model.constraints) == 1


Y, Z = f("y", "~", "x"), f("z", "~", "x")
BLOCKS = [
    ("group: 1\n y ~ x\ngroup: 2\n z ~ x", [Block("1", None, (Y,)), Block("2", None, (Z,))]),
    ("level: 1\n y ~ x\nlevel: 2\n z ~ x", [Block(None, "1", (Y,)), Block(None, "2", (Z,))]),
    (
        "group: a\n level: 1; y ~ x; level: 2; z ~ x\ngroup: b\n y ~ x\nlevel: 1\n z ~ x",
        [Block("a", "1", (Y,)), Block("a", "2", (Z,)), Block("b", None, (Y,)), Block("b", "1", (Z,))],
    ),
    ("group: Grant-White\ny ~ x\ngroup: 18-24\nz ~ x", [Block("Grant-White", None, (Y,)), Block("18-24", None, (Z,))]),
    ("group: Grant\ny ~ x", [Block("Grant", None, (Y,))]),
    ('group: "Grant-White"\ny ~ x', [Block("Grant-White", None, (Y,))]),
    ("group: `Grant White`\ny ~ x", [Block("Grant White", None, (Y,))]),
    ("Group: 1\ny ~ x", [Block("1", None, (Y,))]),
    ("group： 北京\ny ~ x", [Block("北京", None, (Y,))]),
    ("y ~ x\ngroup: 2\nz ~ x", [Block(None, None, (Y,)), Block("2", None, (Z,))]),
    ("group: 1\ny ~ x\ngroup: 2\ny ~ x\ngroup: 1\nz ~ x", [Block("1", None, (Y, Z)), Block("2", None, (Y,))]),
]


@pytest.mark.parametrize(("text", "expected"), BLOCKS)
def test_blocks(text: str, expected: list[Block]) -> None:
    assert parse_model(text).blocks == tuple(expected)


def test_positions_count_from_one() -> None:
    model = parse_model("\n  y ~ a*x +\n    2*z\n  d := a")
    formula = model.blocks[0].formulas[0]
    assert formula.position == Position(2, 3)
    assert [term.position for term in formula.rhs] == [Position(2, 9), Position(3, 7)]
    assert [term.modifiers[0].position for term in formula.rhs] == [Position(2, 7), Position(3, 5)]
    assert model.definitions[0].position == Position(4, 3)


def test_positions_and_text_take_no_part_in_comparison() -> None:
    one, other = parse_model("y ~ a*x"), parse_model("\n y   ~ a * x  # the same")
    assert one == other
    assert hash(one) == hash(other)


def test_parsing_is_cached() -> None:
    assert parse_model("y ~ x + w") is parse_model("y ~ x + w")


def test_printing_keeps_what_was_said() -> None:
    text = "group: 1\ny ~ a*start(0.5)*x + `x 2` + NA*1"
    assert model_to_text(parse_model(text)) == text
    assert model_to_text(ModelText()) == ""


def test_long_models_parse() -> None:
    wide = "f =~ " + " + ".join(f"x{i}" for i in range(5000))
    assert len(formulas(wide)[0].rhs) == 5000
    deep = "d := " + "(" * 40 + "a" + ")" * 40 + " + b" * 150
    assert parse_model(deep).definitions[0].name == "d"
