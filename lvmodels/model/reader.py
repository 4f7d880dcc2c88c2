"""Reading one statement token by token."""

from __future__ import annotations

from lvmodels.errors import ModelSyntaxError
from lvmodels.model.tokens import FORMULA_SYMBOLS, RELATION_SYMBOLS, Kind, Token, fault


class Reader:
    """A place in the tokens of one statement; `text` is the whole model text, for messages."""

    __slots__ = ("index", "text", "tokens")

    def __init__(self, tokens: tuple[Token, ...], text: str) -> None:
        self.tokens, self.text, self.index = tokens, text, 0

    @property
    def token(self) -> Token:
        """The token to be read next; at the end it stays the END token."""
        return self.tokens[self.index]

    @property
    def following(self) -> Token:
        """The token after the next one."""
        return self.tokens[min(self.index + 1, len(self.tokens) - 1)]

    def take(self) -> Token:
        """Read one token."""
        token = self.token
        self.index = min(self.index + 1, len(self.tokens) - 1)
        return token

    def at(self, *symbols: str) -> bool:
        """Whether the next token is one of these symbols."""
        return self.token.is_symbol(*symbols)

    def accept(self, *symbols: str) -> Token | None:
        """Read the next token if it is one of these symbols."""
        return self.take() if self.at(*symbols) else None

    def expect(self, symbol: str, problem: str, expected: str) -> Token:
        """Read this symbol, or raise."""
        if not self.at(symbol):
            raise self.fault(problem, expected)
        return self.take()

    def fault(self, problem: str, expected: str, token: Token | None = None) -> ModelSyntaxError:
        """The error that points at a token, the next one if none is given."""
        return fault(problem, token or self.token, self.text, expected)

    def missing(self, what: str) -> ModelSyntaxError:
        """The error that `what` should stand where the next token stands."""
        before = f"after {self.tokens[self.index - 1].shown()}" if self.index else f"before {self.token.shown()}"
        plain = self.fault(f"{what} is missing {before}", what)
        if self.at(*FORMULA_SYMBOLS, *RELATION_SYMBOLS) or self.tokens[self.index - 1].is_symbol(":"):
            return self.dangling() or plain
        return plain

    def dangling(self) -> ModelSyntaxError | None:
        """The error of a sign that ended a line and so joined the next statement to this one, if one did."""
        line = self.token.position.line
        first = next(i for i, token in enumerate(self.tokens) if token.position.line == line)
        sign = self.tokens[first - 1]
        if first == 0 or sign.kind is not Kind.SYMBOL or sign.is_symbol("(", ")", ","):
            return None
        expected = "something after it; the next line begins a statement of its own"
        return self.fault(f"nothing follows '{sign.text}' at the end of its line", expected, sign)
