"""Model text → the error it gives: what is wrong, and where."""

from __future__ import annotations

import pytest

from lvmodels.errors import ModelSyntaxError
from lvmodels.model.syntax import parse_model

OPERATORS = [
    ("y = x", "'=' is no operator", 1, 3),
    ("f = ~ x", "'=' is no operator", 1, 3),
    ("y <- x", "'<-' is no operator", 1, 3),
    ("x -> y", "'->' is no operator", 1, 3),
    ("f =~~ x", "'=~~' is no operator", 1, 3),
    ("y ~= x", "'~=' is no operator", 1, 3),
    ("a <= 1", "'<=' is no operator", 1, 3),
    ("a >= 1", "'>=' is no operator", 1, 3),
    ("a =< 1", "'=<' is no operator", 1, 3),
    ("a => 1", "'=>' is no operator", 1, 3),
    ("a != 1", "no operator '!='", 1, 2),
    ("a === 1", "'=' is no operator", 1, 5),
    ("y x", "has no operator", 1, 3),
    ("y", "has no operator", 1, 2),
    ("y + z", "has no operator", 1, 6),
    ("y ~ x\nz w", "has no operator", 2, 3),
    ("y ~ x\n- z", "has no operator", 2, 4),
    ("y ~ x ~ z", "second operator '~'", 1, 7),
    ("0 < a < 1", "second operator '<'", 1, 7),
    ("y ~ x == 2", "second operator '=='", 1, 7),
    ("d := a == b", "second operator '=='", 1, 8),
    ("d := e := a", "second operator ':='", 1, 8),
]
MISSING = [
    ("", "empty", 1, 1),
    (" \n # nothing\n;", "empty", 1, 1),
    ("y ~", "missing after '~'", 1, 4),
    ("y ~ # x", "missing after '~'", 1, 4),
    ("y ~;", "missing after '~'", 1, 4),
    ("~ x", "missing before '~'", 1, 1),
    ("f =~", "missing after '=~'", 1, 5),
    ("y ~ x +", "missing after '+'", 1, 8),
    ("y ~ x +; z ~ x", "missing after '+'", 1, 8),
    ("y ~ x + + z", "missing after '+'", 1, 9),
    ("y + ~ x", "missing after '+'", 1, 5),
    ("y ~ 2*", "missing after '*'", 1, 7),
    ("y ~ 2* + x", "missing after '*'", 1, 8),
    ("y ~ * x", "missing after '~'", 1, 5),
    ("y ~ x:", "missing after ':'", 1, 7),
    ("y ~ x:2", "missing after ':'", 1, 7),
    ("y ~ x +\nz ~ w", "nothing follows '+'", 1, 7),
    ("y ~\nz ~ w", "nothing follows '~'", 1, 3),
    ("y ~ x + # why\n\nf =~ x1", "nothing follows '+'", 1, 7),
    ("d := a *\ne := b", "nothing follows '*'", 1, 8),
    ("y ~ x +\ngroup: 1\nz ~ x", "nothing follows '+'", 1, 7),
    ("d :=", "cannot go on with the end", 1, 5),
    (":= a", "needs a name", 1, 1),
    ("a ==", "cannot go on with the end", 1, 5),
    ("== a", "cannot go on with '=='", 1, 1),
    ("d := a +", "cannot go on with the end", 1, 9),
]
TERMS = [
    ("y ~ 2", "number 2 alone", 1, 5),
    ("y ~ a*0", "number 0 alone", 1, 7),
    ("y ~ 2 + x", "number 2 alone", 1, 5),
    ("f =~ 1", "in a formula with '=~'", 1, 6),
    ("y ~~ 1", "in a formula with '~~'", 1, 6),
    ("1 ~ x", "on the left side", 1, 1),
    ("y ~ x - z", "minus sign", 1, 7),
    ("y ~ -x", "minus sign", 1, 5),
    ("y ~ x*z*", "missing after '*'", 1, 9),
    ("y ~ x^2", "cannot compute with '^'", 1, 6),
    ("y ~ x/z", "cannot compute with '/'", 1, 6),
    ("y ~ x**2", "cannot compute with '**'", 1, 6),
    ("y ~ 1/3", "followed by the end", 1, 8),
    ("y ~ 1/x*z", "'x' is not a number", 1, 5),
    ("y ~ 1/0*z", "not a finite number", 1, 5),
    ("y ~ a/3*z", "cannot compute with '/'", 1, 6),
    ("y ~ 2**x", "'x' is not a number", 1, 5),
    ("y ~ x z", "cannot go on with 'z'", 1, 7),
    ("y ~ 2 x", "number 2 alone", 1, 5),
    ("y ~ x 2", "cannot go on with '2'", 1, 7),
    ("y ~ NA", "NA is no variable", 1, 5),
    ("NA ~ x", "NA is no variable", 1, 1),
    ('y ~ "x"', "is no variable", 1, 5),
    ("y ~ x:z:w", "more than two", 1, 8),
    ("f =~ x:z", "interaction in a formula with '=~'", 1, 7),
    ("y y2 ~ x", "cannot go on with 'y2'", 1, 3),
    ("2*y ~ x", "modifier on the left side", 1, 1),
    ("a*f =~ x", "modifier on the left side", 1, 1),
    ("efa(b)*y ~ x", "modifier on the left side", 1, 1),
    ("f =~ efa(b)*x", "efa() on the right side", 1, 6),
    ("f + f =~ x", "stands twice", 1, 5),
    ("f =~ f", "measured by itself", 1, 6),
    ("f <~ x + f", "measured by itself", 1, 10),
    ("y + z ~ x + z", "regressed on itself", 1, 13),
    ("u | x1", "no threshold", 1, 5),
    ("u | t1 + tt", "no threshold", 1, 10),
    ("u ~*~ w", "between two variables", 1, 7),
    ("y, z ~ x", "cannot go on with ','", 1, 2),
]
MODIFIERS = [
    ("y ~ strat(1)*x", "Did you mean 'start'?", 1, 5),
    ("y ~ `start`(1)*x", "no modifier 'start()'", 1, 5),
    ("y ~ start()*x", "missing before ')'", 1, 11),
    ("y ~ c()*x", "missing before ')'", 1, 7),
    ("y ~ c(1,)*x", "missing before ')'", 1, 9),
    ("y ~ c(,1)*x", "missing before ','", 1, 7),
    ("y ~ c(1 2)*x", "list cannot go on with '2'", 1, 9),
    ("y ~ c(c(1, 2), 3)*x", "no function 'c'", 1, 7),
    ("y ~ start(a)*x", "start() cannot take 'a'", 1, 11),
    ('y ~ start("1")*x', "start() cannot take", 1, 11),
    ("y ~ start(Inf)*x", "start() cannot take 'Inf'", 1, 11),
    ("y ~ lower(b)*x", "lower() cannot take 'b'", 1, 11),
    ("y ~ label(1)*x", "label() cannot take a number", 1, 11),
    ("y ~ equal(1)*x", "equal() cannot take a number", 1, 11),
    ("efa(1)*f =~ x", "efa() cannot take a number", 1, 5),
    ("efa(a, b)*f =~ x", "efa() takes the name of one block", 1, 4),
    ("efa(NA)*f =~ x", "efa() takes the name of one block", 1, 4),
    ("y ~ start(1) x", "followed by 'x'", 1, 14),
    ("y ~ start(1)", "followed by the end", 1, 13),
    ("y ~ (1/0)*x", "not a finite number", 1, 5),
    ("y ~ log(-1)*x", "not a finite number", 1, 5),
    ("y ~ (a + 1)*x", "'a' is not a number", 1, 5),
    ("y ~ sqrt(a)*x", "'a' is not a number", 1, 5),
    ("y ~ c(a + 1, 2)*x", "'a' is not a number", 1, 7),
    ("y ~ 2*3*x", "two different values, 2 and 3", 1, 7),
    ("y ~ 2*x + 3*x", "two different values, 2 and 3", 1, 11),
    ("y ~ NA*x + 3*x", "two different values, NA and 3", 1, 12),
    ("y ~ c(1, 2)*x + 1*x", "two different values, 2 and 1", 1, 17),
    ("y ~ a*x + b*x", "two different labels, 'a' and 'b'", 1, 11),
    ('y ~ a*label("b")*x', "two different labels, 'a' and 'b'", 1, 7),
    ("y ~ start(1)*start(2)*x", "two different starting values", 1, 14),
    ("y ~ equal(a)*equal(b)*x", "two different equalities", 1, 14),
    ("y ~ lower(0)*lower(1)*x", "two different lower bounds", 1, 14),
    ("y ~ lower(2)*upper(1)*x", "lower bound 2 above its upper bound 1", 1, 14),
    ("y ~ c(a, b)*start(1, 2, 3)*x", "list 2 and 3 groups", 1, 13),
    ("y ~ 1 + 2*1 + 3*1", "'1' is given two different values", 1, 15),
]
CHARACTERS = [
    ("y ~ $x", "'$' (U+0024)", 1, 5),
    ("y ~ x & z", "'&' (U+0026)", 1, 7),
    ("y ~ x[1]", "'[' (U+005B)", 1, 6),
    ("y ~ x、z", "'、' (U+3001)", 1, 6),
    ("y ~ x。", "'。' (U+3002)", 1, 6),
    ("a ≤ 1", "'≤' (U+2264)", 1, 3),
    ("y ~ a×x", "'×' (U+00D7)", 1, 6),
    ("y ~ x\x00", "invisible character (U+0000)", 1, 6),
    ("y ~ ０*x", "no digit of a number", 1, 5),
    ("y ~ .", "'.' (U+002E)", 1, 5),
    ("y ~ 2x", "'2x' is neither a number nor a name", 1, 5),
    ("y ~ 1.2.3*x", "'1.2.3' is neither", 1, 5),
    ("y ~ 1e*x", "'1e' is neither", 1, 5),
    ("y ~ 1e999*x", "too large", 1, 5),
    ("满意度 ~ 质量 价值", "cannot go on with '价值'", 1, 10),
]
PAIRS = [
    ("y ~ start(1*x", "'(' is never closed", 1, 10),
    ("y ~ start(1*x\nz ~ w", "'(' is never closed", 1, 10),
    ("y ~ start(1; z ~ w", "'(' is never closed", 1, 10),
    ("y ~ x)", "')' closes nothing", 1, 6),
    ("d := (a + b))", "')' closes nothing", 1, 13),
    ("y ~ `x", "backtick ` is not closed", 1, 5),
    ("y ~ `x\n`", "backtick ` is not closed", 1, 5),
    ('y ~ label("a)*x', 'quotation mark " is not closed', 1, 11),
    ("y ~ ``", "nothing between the backticks", 1, 5),
    ('y ~ label("")*x', "nothing between the quotation marks", 1, 11),
    ("d := " + "(" * 41 + "a" + ")" * 41, "nested too deeply", 1, 46),
    ("d := a" + " + a" * 201, "too long", 1, 6 + 4 * 200 + 2),
    ("d := " + "-" * 300 + "a", "too long", 1, 206),
]
STATEMENTS = [
    ("a + b := a", "more than a name", 1, 3),
    ("a*b := a", "more than a name", 1, 2),
    ("2 := a", "needs a name", 1, 1),
    ("NA := a", "needs a name", 1, 1),
    ("d := a; d := b", "'d' is defined twice, first on line 1", 1, 9),
    ("y ~ x\nd := a\nd := a", "'d' is defined twice, first on line 2", 3, 1),
    ("d := a b", "cannot go on with 'b'", 1, 8),
    ("d := a:b", "cannot go on with ':'", 1, 7),
    ("d := 2(a)", "cannot go on with '('", 1, 7),
    ("d := lgo(a)", "Did you mean 'log'?", 1, 6),
    ("d := frobnicate(a)", "no function 'frobnicate'", 1, 6),
    ("d := log()", "cannot go on with ')'", 1, 10),
    ("d := log(a, b)", "cannot go on with ','", 1, 11),
    ("d := pow(a)", "pow() takes two arguments", 1, 11),
    ('d := "a"', "quoted text", 1, 6),
    ("d := NA", "NA is no number", 1, 6),
    ("d := a ** ", "cannot go on with the end", 1, 10),
    ("d := a */ b", "cannot go on with '/'", 1, 9),
    ("a b == 2", "cannot go on with 'b'", 1, 3),
    ("(a == b)", "'==' inside parentheses", 1, 4),
    ("group:", "names no group", 1, 7),
    ("group: # 1\ny ~ x", "names no group", 1, 7),
    ("level: +\ny ~ x", "names no level", 1, 8),
    ("y ~ " + "1/" * 999 + "1*x", "too long", 1, 406),
    ('group: "Grant"-White\ny ~ x', "second word", 1, 15),
    ("group: a b\ny ~ x", "second word", 1, 10),
    ("group: 1 y ~ x", "second word", 1, 10),
    ("grop: 1\ny ~ x", "Did you mean 'group'?", 1, 1),
    ("levels: 1\ny ~ x", "Did you mean 'level'?", 1, 1),
    ("group: 1\ngroup: 2\ny ~ x", "block 'group:' has no formula", 1, 1),
    ("y ~ x\nlevel: 2", "block 'level:' has no formula", 2, 1),
    ("group: 1\nlevel: 1\nlevel: 2\ny ~ x", "block 'level:' has no formula", 2, 1),
]
TABLE = OPERATORS + MISSING + TERMS + MODIFIERS + CHARACTERS + PAIRS + STATEMENTS


@pytest.mark.parametrize(("text", "problem", "line", "column"), TABLE, ids=[repr(row[0])[:40] for row in TABLE])
def test_errors(text: str, problem: str, line: int, column: int) -> None:
    with pytest.raises(ModelSyntaxError) as caught:
        parse_model(text)
    error = caught.value
    assert problem in error.problem
    assert (error.line, error.column) == (line, column)
    assert error.expected


def test_the_caret_stands_under_the_place() -> None:
    with pytest.raises(ModelSyntaxError) as caught:
        parse_model("x ~ z\n满意度 ~ 质量 价值")
    place, shown, caret, expected = str(caught.value).splitlines()
    assert place == "line 2, column 10: a formula cannot go on with '价值'"
    assert shown == "    满意度 ~ 质量 价值"
    assert caret.index("^") == 4 + len("满意度 ~ 质量 ") + len("满意度质量")  # Chinese characters are two columns wide
    assert expected == "expected: '+', an operator, or the end of the statement"


def test_a_text_of_a_million_characters_is_refused_at_once() -> None:
    with pytest.raises(ModelSyntaxError, match="1000008 characters"):
        parse_model("y ~ x +\n" + "\n" * 1_000_000)
