"""The words of a model text: tokens that know their place, gathered into statements.

Statements end at `;` and at the end of a line, unless the line stops inside parentheses or after an operator, or the
next one starts with `+`. Comments run from `#` or `!` to the end of the line. Full-width punctuation, as a Chinese or
Japanese input method writes it, means the same as its ASCII form; inside quotes and backticks it stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from lvmodels.errors import ModelSyntaxError
from lvmodels.model.names import continues_name, normal_name, starts_name
from lvmodels.model.records import Position

MAXIMUM_LENGTH = 1_000_000
MAXIMUM_DEPTH = 40


class Kind(Enum):
    """What a token is; the values are the words used in messages."""

    NAME = "name"
    QUOTED_NAME = "name in backticks"
    STRING = "quoted text"
    NUMBER = "number"
    SYMBOL = "symbol"
    END = "end of the statement"


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the text.

    Attributes
    ----------
    kind : Kind
    text : str
        A name or a quoted text without its quotes, a number as written, a symbol in ASCII; of the end of a statement,
        `;` or the comment that follows.
    position : Position
    """

    kind: Kind
    text: str
    position: Position

    def is_symbol(self, *texts: str) -> bool:
        """Whether this is one of these symbols."""
        return self.kind is Kind.SYMBOL and self.text in texts

    def is_any_name(self) -> bool:
        """Whether this is a name, with or without backticks."""
        return self.kind in (Kind.NAME, Kind.QUOTED_NAME)

    def shown(self) -> str:
        """The token as messages cite it."""
        if self.kind is Kind.END:
            return "the end of the statement"
        return f'"{self.text}"' if self.kind is Kind.STRING else f"'{self.text}'"


FORMULA_SYMBOLS = ("=~", "<~", "~", "~~", "|", "~*~")
RELATION_SYMBOLS = (":=", "==", "<", ">")
_OTHER_SYMBOLS = ("**", "+", "-", "*", "/", "^", "(", ")", ",", ":")
_CONTINUED_AFTER = {*FORMULA_SYMBOLS, *RELATION_SYMBOLS, *_OTHER_SYMBOLS} - {"(", ")", ":"}
_NO_SYMBOLS = {
    "=~~": "=~ for indicators of a latent variable, or ~~ for a covariance",
    "~=": "=~ for indicators of a latent variable, or ~ for a regression",
    "<-": "~ for a regression (y ~ x), := for a defined parameter, or a space as in 'a < -1'",
    "->": "the outcome on the left of ~, as in 'y ~ x'",
    "<=": "< (an inequality includes its bound)",
    "=<": "< (an inequality includes its bound)",
    ">=": "> (an inequality includes its bound)",
    "=>": "> (an inequality includes its bound)",
    "=": "=~ for indicators, := for a defined parameter, or == for a constraint",
}
_SYMBOL = re.compile(
    "|".join(map(re.escape, sorted({*_CONTINUED_AFTER, "(", ")", ":", *_NO_SYMBOLS}, key=len, reverse=True)))
)
_NUMBER = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_IN_ASCII = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if not continues_name(chr(code))} | {
    ord("−"): "-",
    ord("∼"): "~",
    ord("〜"): "~",
    ord("˜"): "~",
    **dict.fromkeys(map(ord, "\u3000\u200b\u200e\u200f\u2060\ufeff"), " "),
}
_CLOSED_BY = {
    '"': '"',
    "'": "'",
    "`": "`",
    "“": "”“",
    "”": "”“",
    "‘": "’‘",
    "’": "’‘",
    "＂": "＂",
    "＇": "＇",
    "｀": "｀",
}
_REMEDIES = {
    "、": "a comma ','",
    "。": "';' or a new line",
    "×": "'*'",
    "·": "'*'",
    "÷": "'/'",
    "≤": "'<' (an inequality includes its bound)",
    "≥": "'>' (an inequality includes its bound)",
    "≠": "'==' , '<' or '>'",
    "≈": "'~'",
    "–": "a minus sign '-'",
    "—": "a minus sign '-'",
    "…": "the terms written out",
    "%": "a name in backticks, if it belongs to one",
    "&": "one statement a line",
    "$": "a name in backticks, if it belongs to one",
    "@": "'*' before the variable, as in '1*x'",
    "[": "'(', or '~ 1' for an intercept",
    "{": "'('",
    "【": "'('",
    "\\": "nothing: a line goes on after '+' by itself",
}


def statements(text: str) -> Iterator[tuple[Token, ...]]:
    r"""The statements of a text, each a tuple of tokens whose last is of kind END.

    Raises
    ------
    ModelSyntaxError
        For a character, number or symbol that is none of the language, and for parentheses, quotes and backticks
        without partner.

    Examples
    --------
    >>> [[token.text for token in statement] for statement in statements("y ~ x +\n z; a == 1 # why")]
    [['y', '~', 'x', '+', 'z', ';'], ['a', '==', '1', '# why']]
    """
    if len(text) > MAXIMUM_LENGTH:
        raise ModelSyntaxError(
            f"the model text has {len(text)} characters", text[:80], 1, 1, f"at most {MAXIMUM_LENGTH} characters"
        )
    words = list(_words(text))
    _check_parentheses(words, text)
    statement: list[Token] = []
    depth = 0
    for token, following in zip(words, _following_words(words), strict=True):
        depth += token.is_symbol("(") - token.is_symbol(")")
        if token.kind is not Kind.END:
            statement.append(token)
        elif statement and not _goes_on(depth, statement[-1], following):
            yield (*statement, token)
            statement = []


def _following_words(words: list[Token]) -> list[Token | None]:
    """For each token the next word behind it, None where `;` or the end of the text comes first."""
    found: list[Token | None] = []
    following: Token | None = None
    for token in reversed(words):
        if token.kind is Kind.END and token.text == ";":
            following = None
        found.append(following)
        if token.kind is not Kind.END:
            following = token
    return found[::-1]


def _goes_on(depth: int, last: Token, following: Token | None) -> bool:
    if following is None:
        return False
    return depth > 0 or last.is_symbol(*_CONTINUED_AFTER) or following.is_symbol("+", "*", ",")


def _check_parentheses(words: list[Token], text: str) -> None:
    opened: list[Token] = []
    for token in words:
        if token.is_symbol("("):
            opened.append(token)
            if len(opened) > MAXIMUM_DEPTH:
                raise fault("parentheses are nested too deeply", token, text, f"at most {MAXIMUM_DEPTH} levels")
        elif token.is_symbol(")"):
            if not opened:
                raise fault("')' closes nothing", token, text, "'(' before it")
            opened.pop()
        elif token.kind is Kind.END and token.text == ";" and opened:
            raise fault("'(' is never closed", opened[-1], text, "')' before ';'")
    if opened:
        raise fault("'(' is never closed", opened[-1], text, "')'")


def fault(problem: str, token: Token, text: str, expected: str) -> ModelSyntaxError:
    """The error that points at a token."""
    return ModelSyntaxError(problem, text, token.position.line, token.position.column, expected)


# ---- one line --------------------------------------------------------------------------------------------------------


def _words(text: str) -> Iterator[Token]:
    for number, line in enumerate(text.splitlines(), start=1):
        yield from _line_words(text, number, line)


def _line_words(text: str, number: int, line: str) -> Iterator[Token]:
    plain = line.translate(_IN_ASCII)
    start = 0
    while start < len(line):
        character, place = plain[start], Position(number, start + 1)
        if character.isspace():
            start += 1
        elif character in "#!":
            break
        elif character == ";":
            yield Token(Kind.END, ";", place)
            start += 1
        else:
            token, start = _word(text, line, plain, start, place)
            yield token
    yield Token(Kind.END, plain[start:], Position(number, len(line[:start].rstrip()) + 1))


def _word(text: str, line: str, plain: str, start: int, place: Position) -> tuple[Token, int]:
    if line[start] in _CLOSED_BY:
        return _quoted(text, line, start, place)
    if match := _NUMBER.match(plain, start):
        _check_number(text, plain, match, place)
        return Token(Kind.NUMBER, match[0], place), match.end()
    if starts_name(plain[start]):
        stop = start
        while stop < len(plain) and continues_name(plain[stop]):
            stop += 1
        name = normal_name(plain[start:stop])
        if name.strip("."):
            return Token(Kind.NAME, name, place), stop
    if match := _SYMBOL.match(plain, start):
        if match[0] in _NO_SYMBOLS:
            raise ModelSyntaxError(
                f"'{match[0]}' is no operator", text, place.line, place.column, _NO_SYMBOLS[match[0]]
            )
        return Token(Kind.SYMBOL, match[0], place), match.end()
    raise _stray(text, line[start], _REMEDIES.get(plain[start]), place)


def _stray(text: str, character: str, remedy: str | None, place: Position) -> ModelSyntaxError:
    shown = f"'{character}'" if character.isprintable() else "an invisible character"
    if character.isdigit():
        problem, expected = f"{shown} is no digit of a number here", "the digits 0 to 9; names start with a letter"
    else:
        problem, expected = f"{shown} (U+{ord(character):04X}) has no meaning here", "an operator, a name or a number"
    return ModelSyntaxError(problem, text, place.line, place.column, remedy or expected)


def _quoted(text: str, line: str, start: int, place: Position) -> tuple[Token, int]:
    quote = line[start]
    stop = start + 1
    while stop < len(line) and line[stop] not in _CLOSED_BY[quote]:
        stop += 1
    word = "backtick" if quote in "`｀" else "quotation mark"
    if stop == len(line):
        problem = f"the {word} {quote} is not closed on its line"
        raise ModelSyntaxError(problem, text, place.line, place.column, f"a closing {_CLOSED_BY[quote][0]}")
    content = normal_name(line[start + 1 : stop])
    if not content.strip():
        raise ModelSyntaxError(f"nothing between the {word}s", text, place.line, place.column, "a name")
    return Token(Kind.QUOTED_NAME if quote in "`｀" else Kind.STRING, content, place), stop + 1


def _check_number(text: str, plain: str, match: re.Match[str], place: Position) -> None:
    stop = match.end()
    if stop < len(plain) and continues_name(plain[stop]):
        while stop < len(plain) and continues_name(plain[stop]):
            stop += 1
        word = plain[match.start() : stop]
        expected = f"{match[0]}*{plain[match.end() : stop]}, or a name that starts with a digit in backticks: `{word}`"
        raise ModelSyntaxError(f"'{word}' is neither a number nor a name", text, place.line, place.column, expected)
    if float(match[0]) == float("inf"):
        raise ModelSyntaxError(f"the number {match[0]} is too large", text, place.line, place.column, "a finite number")
