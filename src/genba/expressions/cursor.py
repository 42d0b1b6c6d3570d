"""Where the parser is in a text: tokens, position, names in scope, depth. No grammar here."""

from collections.abc import Iterable

from genba.expressions.lexer import Token, tokenize
from genba.expressions.names import Scope, shape_of
from genba.expressions.outcome import SyntaxFault

MOST_DEPTH = 60
"""Nested parentheses, lists, calls and the like; a person's expression has a handful."""


class Cursor:
    """Where the parser is in the tokens, and the names in scope there."""

    def __init__(self, text: str, names: Iterable[str], properties: Iterable[str] = ()) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.index = 0
        self.scope = Scope(names)
        self.properties = tuple(filter(shape_of, properties)) if properties else ()
        """Names of components with several tokens, known after a dot and inside a filter."""
        self.after_dot = Scope((*names, *self.properties)) if self.properties else self.scope
        self.depth = 0
        self.at_endpoint = False

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def peek(self, ahead: int = 1) -> Token:
        return self.tokens[min(self.index + ahead, len(self.tokens) - 1)]

    def at(self, *texts: str) -> bool:
        """Whether one of these operators or keywords is next."""
        token = self.tokens[self.index]
        return token.text in texts and token.kind != "string"

    def take(self) -> Token:
        token = self.tokens[self.index]
        if token.kind != "end":
            self.index += 1
        return token

    def accept(self, text: str) -> bool:
        if self.at(text):
            self.index += 1
            return True
        return False

    def expect(self, text: str) -> Token:
        if not self.at(text):
            raise self.fault(f"{text!r} is expected here")
        return self.take()

    def fault(self, message: str) -> SyntaxFault:
        token = self.token
        found = "the text ends" if token.kind == "end" else f"there is {token.text[:40]!r}"
        return SyntaxFault(f"{message}, but {found}", token.start)

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise SyntaxFault(
                f"nested more than {MOST_DEPTH} deep: split the expression", self.token.start
            )
