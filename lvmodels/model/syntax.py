"""From model text to records: a recursive-descent parser of lavaan's model language as it is publicly documented.

    statement  = header | formula | definition | constraint
    header     = ( "group" | "level" ) ":" ( text | word { "-" word } )        a word is a name or a number
    formula    = side ( "=~" | "<~" | "~" | "~~" | "|" | "~*~" ) side
    definition = name ":=" expression
    constraint = expression ( "==" | "<" | ">" ) expression

The text is parsed, never evaluated. `lvmodels.model.tokens` cuts it into statements, `lvmodels.model.terms` reads the
sides of formulas, `lvmodels.model.expression_syntax` the arithmetic.
"""

from __future__ import annotations

import functools
import re
from typing import get_args

from lvmodels.errors import ModelSyntaxError, nearest
from lvmodels.model.expression_syntax import parse_expression
from lvmodels.model.reader import Reader
from lvmodels.model.records import Block, Constraint, Definition, Formula, ModelText, Relation
from lvmodels.model.terms import parse_side
from lvmodels.model.tokens import FORMULA_SYMBOLS, RELATION_SYMBOLS, Kind, Token, statements

_HEADERS = ("group", "level")
_OPERATORS = " ".join((*FORMULA_SYMBOLS, *RELATION_SYMBOLS))


@functools.lru_cache(maxsize=256)
def parse_model(text: str) -> ModelText:
    """Parse a model text; the result is cached.

    Parameters
    ----------
    text : str
        Formulas, definitions and constraints in lavaan's model language.

    Returns
    -------
    ModelText

    Raises
    ------
    ModelSyntaxError
        Where the text leaves the grammar; it names line and column and what was expected there.

    Examples
    --------
    >>> model = parse_model("loyalty ~ a*satisfaction + value")
    >>> [term.names for term in model.blocks[0].formulas[0].rhs]
    [('satisfaction',), ('value',)]
    """
    model = _Model(text)
    for tokens in statements(text):
        model.read(Reader(tokens, text))
    return model.finished()


class _Model:
    """What has been read so far."""

    __slots__ = ("constraints", "definitions", "formulas", "group", "header", "level", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.formulas: dict[tuple[str | None, str | None], list[Formula]] = {}
        self.definitions: dict[str, Definition] = {}
        self.constraints: list[Constraint] = []
        self.group: str | None = None
        self.level: str | None = None
        self.header: Reader | None = None  # the latest header while no formula has followed it

    def read(self, reader: Reader) -> None:
        """Read one statement."""
        sign = _operator(reader)
        if _is_header(reader, sign):
            self._read_header(reader)
            return
        if sign is None:
            raise _without_operator(reader)
        if sign.text in FORMULA_SYMBOLS:
            self.formulas.setdefault((self.group, self.level), []).append(_formula(reader, sign))
            self.header = None
        elif sign.text == ":=":
            self._define(_definition(reader, sign))
        else:
            self.constraints.append(_constraint(reader, sign))

    def finished(self) -> ModelText:
        """The whole model."""
        self._check_header()
        if not (self.formulas or self.definitions or self.constraints):
            raise ModelSyntaxError("the model text is empty", self.text, 1, 1, "a formula such as y ~ x")
        blocks = tuple(Block(group, level, tuple(found)) for (group, level), found in self.formulas.items())
        return ModelText(blocks, tuple(self.definitions.values()), tuple(self.constraints), self.text)

    def _define(self, definition: Definition) -> None:
        if definition.name in self.definitions:
            place = definition.position
            first = self.definitions[definition.name].position.line
            problem = f"'{definition.name}' is defined twice, first on line {first}"
            raise ModelSyntaxError(problem, self.text, place.line, place.column, "another name")
        self.definitions[definition.name] = definition

    def _read_header(self, reader: Reader) -> None:
        kind, name = _header(reader)
        if not (kind == "level" and self.header and self.header.tokens[0].text.casefold() == "group"):
            self._check_header()
        self.header = reader
        if kind == "group":
            self.group, self.level = name, None
        else:
            self.level = name

    def _check_header(self) -> None:
        if self.header is not None:
            kind = self.header.tokens[0]
            raise self.header.fault(f"the block '{kind.text}:' has no formula", "at least one formula after it", kind)


# ---- statements ------------------------------------------------------------------------------------------------------


def _operator(reader: Reader) -> Token | None:
    """The first operator of the statement outside parentheses."""
    depth = 0
    for token in reader.tokens:
        depth += token.is_symbol("(") - token.is_symbol(")")
        if depth == 0 and token.is_symbol(*FORMULA_SYMBOLS, *RELATION_SYMBOLS):
            return token
    return None


def _is_header(reader: Reader, sign: Token | None) -> bool:
    """Whether the statement is `name: ...`, and no formula that begins with an interaction."""
    if reader.token.kind is not Kind.NAME or not reader.following.is_symbol(":"):
        return False
    return sign is None or (len(reader.tokens) > 3 and reader.tokens[3].kind not in (Kind.SYMBOL, Kind.END))


def _without_operator(reader: Reader) -> ModelSyntaxError:
    """The error at the place where an operator should stand: behind the first word, or behind all of them."""
    inside = next((token for token in reader.tokens if token.is_symbol(*FORMULA_SYMBOLS, *RELATION_SYMBOLS)), None)
    if inside is not None:
        return reader.fault(f"the operator '{inside.text}' inside parentheses", "the operator outside of them", inside)
    last = len(reader.tokens) - 1
    joins = ("+", "*", "-", "/", "^", "**", ":", ",", "(", ")")
    index = next((i for i in range(1, last) if not _joined(reader.tokens, i, joins)), last)
    token = reader.tokens[index]
    if token.text.startswith("!="):
        return reader.fault("there is no operator '!='", "==, < or >", token)
    return reader.fault("the statement has no operator", f"one of {_OPERATORS}", token)


def _joined(tokens: tuple[Token, ...], index: int, joins: tuple[str, ...]) -> bool:
    return tokens[index].is_symbol(*joins) or tokens[index - 1].is_symbol(*joins)


def _formula(reader: Reader, sign: Token) -> Formula:
    start = reader.token.position
    left = parse_side(reader, sign.text, right=False)
    if reader.take() is not sign:
        reader.index -= 1
        raise _after_term(reader)
    right = parse_side(reader, sign.text, right=True)
    if reader.token.kind is not Kind.END:
        raise _after_term(reader)
    formula = Formula(left, sign.text, right, start)
    _check_formula(reader, formula)
    return formula


def _after_term(reader: Reader) -> ModelSyntaxError:
    """What is wrong with a token that follows a complete term."""
    token = reader.token
    if token.is_symbol(*FORMULA_SYMBOLS, *RELATION_SYMBOLS):
        return reader.dangling() or reader.fault(
            f"a second operator {token.shown()} in one statement", "one operator a statement; '+' joins terms"
        )
    if token.is_symbol("^", "**", "/", "*"):
        expected = "x:z for an interaction; other powers and products of variables are added to the data"
        return reader.fault(f"a formula cannot compute with {token.shown()}", expected)
    if token.is_symbol("-"):
        return reader.fault("a minus sign in a formula", "'+'; a variable is left out by not naming it")
    return reader.fault(f"a formula cannot go on with {token.shown()}", "'+', an operator, or the end of the statement")


def _check_formula(reader: Reader, formula: Formula) -> None:
    left = {term.names for term in formula.lhs}
    for term in formula.rhs:
        name = ":".join(term.names)
        problem = ""
        if formula.op in ("=~", "<~", "~") and term.names in left:
            says = "regressed on" if formula.op == "~" else "measured by"
            problem, expected = f"'{name}' is {says} itself", "another variable"
        if formula.op == "|" and not re.fullmatch(r"t[0-9]+", name):
            problem, expected = f"'{name}' is no threshold", "t1, t2, ... after |"
        if formula.op == "~*~" and left != {term.names}:
            problem, expected = "~*~ between two variables", "the same variable on both sides: x1 ~*~ x1"
        if problem:
            raise ModelSyntaxError(problem, reader.text, term.position.line, term.position.column, expected)


def _definition(reader: Reader, sign: Token) -> Definition:
    name = reader.token
    if not name.is_any_name() or (name.kind is Kind.NAME and name.text == "NA"):
        raise reader.fault("a definition needs a name on its left side", "name := expression")
    reader.take()
    if reader.take() is not sign:
        reader.index -= 1
        raise reader.fault("the left side of := is more than a name", "one name before :=")
    expression = parse_expression(reader)
    _check_end(reader)
    return Definition(name.text, expression, name.position)


def _constraint(reader: Reader, sign: Token) -> Constraint:
    start = reader.token.position
    left = parse_expression(reader)
    if reader.take() is not sign:
        reader.index -= 1
        raise reader.fault(f"an expression cannot go on with {reader.token.shown()}", f"an operator or '{sign.text}'")
    right = parse_expression(reader)
    _check_end(reader)
    relation = next(relation for relation in get_args(Relation) if relation == sign.text)
    return Constraint(left, relation, right, start)


def _check_end(reader: Reader) -> None:
    token = reader.token
    if token.is_symbol(*FORMULA_SYMBOLS, *RELATION_SYMBOLS):
        raise reader.dangling() or reader.fault(
            f"a second operator {token.shown()} in one statement", "one comparison or definition a statement"
        )
    if token.kind is not Kind.END:
        raise reader.fault(f"an expression cannot go on with {token.shown()}", "+ - * / ^ or the end of the statement")


def _header(reader: Reader) -> tuple[str, str]:
    keyword = reader.take()
    kind = keyword.text.casefold()
    if kind not in _HEADERS:
        hint = nearest(kind, _HEADERS)
        problem = f"there are no blocks '{keyword.text}:'. {hint}".rstrip()
        raise reader.fault(problem, "group: or level:, or a formula such as y ~ x:z", keyword)
    reader.take()
    value = reader.take()
    if value.kind in (Kind.END, Kind.SYMBOL):
        reader.index -= value.kind is Kind.SYMBOL
        raise reader.fault(f"'{keyword.text}:' names no {kind}", f"a name or a number, as in {kind}: 1")
    name = value.text
    while value.kind is not Kind.STRING and reader.at("-") and reader.following.kind in (Kind.NAME, Kind.NUMBER):
        name += reader.take().text + reader.take().text
    if reader.token.kind is not Kind.END:
        expected = f'one name and a new line; a name of several words in quotes: {kind}: "a b"'
        raise reader.fault(f"a second word after '{keyword.text}:'", expected)
    return kind, name
