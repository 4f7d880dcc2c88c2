"""From tokens to terms: the variables of a formula's two sides, with their modifiers.

side     = term { "+" term }
term     = { modifier "*" } ( name [ ":" name ] | "1" | "0" )
modifier = number | name | "NA" | text | "c" list | "start" list | "equal" list | "label" list
         | "lower" list | "upper" list | "efa" list
list     = "(" entry { "," entry } ")"        an entry is a number, name, "NA" or text; or the whole is one c list
"""

from __future__ import annotations

from typing import get_args

from lvmodels.errors import nearest
from lvmodels.model.expression import FUNCTIONS
from lvmodels.model.expression_syntax import constant, parse_expression, parse_fraction
from lvmodels.model.merging import distinct, joined
from lvmodels.model.reader import Reader
from lvmodels.model.records import Modifier, ModifierKind, Term, Value
from lvmodels.model.tokens import Kind

_KINDS: dict[str, ModifierKind] = {kind: kind for kind in get_args(ModifierKind) if kind != "value"} | {"c": "value"}
_NUMERIC = ("start", "lower", "upper")
_EXAMPLES = {"start": "start(0.5)", "lower": "lower(0)", "upper": "upper(1)", "label": 'label("a")'} | {
    "equal": 'equal("f=~x2")',
    "efa": 'efa("block")',
    "value": "c(1, NA, a)",
}


def parse_side(reader: Reader, op: str, right: bool) -> tuple[Term, ...]:
    """Read the terms of one side of a formula; on the right, repeated ones are joined.

    Raises
    ------
    ModelSyntaxError
        Where no term can be read, and where modifiers of one variable contradict each other.
    """
    if right:
        reader.accept("+")
    terms = [_term(reader, op, right)]
    while reader.accept("+"):
        terms.append(_term(reader, op, right))
    return joined(terms, reader.text) if right else distinct(terms, reader.text)


def _term(reader: Reader, op: str, right: bool) -> Term:
    modifiers: list[Modifier] = []
    while True:
        token, following = reader.token, reader.following
        if token.is_any_name() and not following.is_symbol("*", "("):
            return _variable(reader, op, modifiers)
        if token.kind is Kind.NUMBER and not following.is_symbol("*", "/", "^", "**"):
            return _intercept(reader, op, right, modifiers)
        modifier = _modifier(reader)
        if not right and not (modifier.kind == "efa" and op == "=~"):
            raise reader.fault("a modifier on the left side", "modifiers before the variables on the right side", token)
        if right and modifier.kind == "efa":
            raise reader.fault("efa() on the right side", 'efa("block")*f on the left side of =~', token)
        modifiers.append(modifier)
        reader.expect("*", f"a modifier cannot be followed by {reader.token.shown()}", "'*' and a variable")


def _variable(reader: Reader, op: str, modifiers: list[Modifier]) -> Term:
    place = reader.token.position
    names = [_name(reader)]
    while colon := reader.accept(":"):
        if op not in ("~", "~~"):
            raise reader.fault(f"an interaction in a formula with '{op}'", "interactions x:z in ~ and ~~ only", colon)
        if len(names) == 2:
            raise reader.fault(
                "an interaction of more than two variables", "x:z; add longer products to the data", colon
            )
        names.append(_name(reader))
    return Term(tuple(names), tuple(modifiers), place)


def _name(reader: Reader) -> str:
    token = reader.token
    if token.kind is Kind.NAME and token.text == "NA":
        raise reader.fault("NA is no variable", "NA*x to free the parameter of x; a variable of that name in backticks")
    if not token.is_any_name():
        raise reader.missing("a variable")
    return reader.take().text


def _intercept(reader: Reader, op: str, right: bool, modifiers: list[Modifier]) -> Term:
    token = reader.token
    value = float(token.text)
    if op != "~" or not right:
        where = f"in a formula with '{op}'" if right else "on the left side"
        raise reader.fault(f"the number {token.text} {where}", "a variable; an intercept is written y ~ 1")
    if value != 1 and not (value == 0 and not modifiers):
        raise reader.fault(
            f"the number {token.text} alone", f"{token.text}*x for a variable x, or {token.text}*1 (intercept)"
        )
    reader.take()
    if value == 0:
        modifiers = [Modifier("value", (0.0,), token.position)]
    return Term((), tuple(modifiers), token.position)


# ---- modifiers -------------------------------------------------------------------------------------------------------


def _modifier(reader: Reader) -> Modifier:
    token, following = reader.token, reader.following
    if token.is_any_name() and following.is_symbol("("):
        return _function(reader)
    if token.kind is Kind.STRING and not following.is_symbol("*"):
        raise reader.fault(
            f"quoted text {token.shown()} is no variable", f"a name; odd names in backticks: `{token.text}`"
        )
    if token.is_any_name() or token.kind is Kind.STRING:
        return Modifier("value", (_label(reader),), token.position)
    if token.is_symbol("-") and following.is_any_name() and following.text not in FUNCTIONS:
        raise reader.fault(
            "a minus sign before a variable", "-1*x to fix a parameter at -1; a variable is left out by itself"
        )
    if token.kind is Kind.NUMBER or token.is_symbol("-", "("):
        return Modifier("value", (_number(reader),), token.position)
    raise reader.missing("a variable")


def _number(reader: Reader) -> float:
    start = reader.token
    return constant(reader, parse_fraction(reader), start)


def _label(reader: Reader) -> Value:
    token = reader.take()
    return None if token.kind is Kind.NAME and token.text == "NA" else token.text


def _function(reader: Reader) -> Modifier:
    token = reader.token
    if token.kind is Kind.NAME and token.text in (*FUNCTIONS, "pow"):
        return Modifier("value", (_number(reader),), token.position)
    if token.kind is not Kind.NAME or token.text not in _KINDS:
        hint = nearest(token.text, (*_KINDS, *FUNCTIONS))
        raise reader.fault(f"there is no modifier '{token.text}()'. {hint}".rstrip(), f"one of {', '.join(_KINDS)}")
    kind = _KINDS[token.text]
    reader.take()
    return Modifier(kind, _list(reader, kind), token.position)


def _list(reader: Reader, kind: ModifierKind) -> tuple[Value, ...]:
    opening = reader.take()
    nested = reader.token.kind is Kind.NAME and reader.token.text == "c" and reader.following.is_symbol("(")
    if nested and kind != "value":
        reader.take()
        values = _list(reader, "value" if kind == "efa" else kind)
    else:
        entries = [_entry(reader, kind)]
        while reader.accept(","):
            entries.append(_entry(reader, kind))
        values = tuple(entries)
    reader.expect(")", f"a list cannot go on with {reader.token.shown()}", "',' or ')'")
    if kind == "efa" and (len(values) != 1 or not isinstance(values[0], str)):
        raise reader.fault("efa() takes the name of one block", _EXAMPLES["efa"], opening)
    return values


def _entry(reader: Reader, kind: ModifierKind) -> Value:
    token, alone = reader.token, reader.following.is_symbol(",", ")")
    expected = f"{'numbers' if kind in _NUMERIC else 'names'} as in {_EXAMPLES[kind]}"
    if token.kind is Kind.NAME and token.text == "NA" and alone:
        return _label(reader)
    wordlike = token.kind is Kind.STRING or (token.is_any_name() and alone)
    if wordlike and not (kind in ("lower", "upper") and token.text == "Inf"):
        if kind in _NUMERIC:
            raise reader.fault(f"{kind}() cannot take {token.shown()}", expected)
        return _label(reader)
    if token.is_symbol(")", ","):
        raise reader.fault(f"an entry is missing before '{token.text}'", expected)
    number = constant(reader, parse_expression(reader), token, infinite=kind in ("lower", "upper"))
    if kind not in (*_NUMERIC, "value"):
        raise reader.fault(f"{kind}() cannot take a number", expected, token)
    return number
