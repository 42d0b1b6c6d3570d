"""`${...}` and `#{...}` of older process models to FEEL (Jakarta Expression Language 2.2, section
1).

Only what is plain is translated: paths, literals, operators, templates. What calls code (methods,
beans,
the engine's own objects) is refused with the reason: it cannot be run here and must not be guessed.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from genba.expressions.forms import CONSTANTS
from genba.expressions.names import RESERVED
from genba.expressions.outcome import Problem, SyntaxFault, problem_at
from genba.expressions.parser import parse_expression
from genba.expressions.writing import quote

ENGINE_OBJECTS = frozenset(
    {
        *("execution", "task", "caseExecution", "caseInstance", "variableContext"),
        *("historyService", "runtimeService", "taskService", "identityService"),
        *("repositoryService", "managementService", "authenticatedUserId"),
    }
)
"""Names older engines put in scope for their own objects; a path into them runs their code."""

_TOKEN = re.compile(
    r"(?P<skip>\s+)|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<string>'[^'\\]*(?:\\.[^'\\]*)*'|\"[^\"\\]*(?:\\.[^\"\\]*)*\")"
    r"|(?P<word>[^\W\d]\w*)|(?P<op>&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()\[\]])",
    re.DOTALL,
)
_WORD_OPERATORS = {
    "and": "&&", "or": "||", "not": "!", "eq": "==", "ne": "!=", "lt": "<", "gt": ">",
    "le": "<=", "ge": ">=", "div": "/", "mod": "%",
}  # fmt: skip
_LEVELS = {
    "||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4,
    "+": 5, "-": 5, "*": 6, "/": 6, "%": 6,
}  # fmt: skip
_PATH = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*|\[\d+\])*")
_FEEL = {"||": "or", "&&": "and", "==": "="}
_ATOM = 9
MOST_DEPTH = 40
MOST_TEXT = 10_000


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


class _Piece(NamedTuple):
    """FEEL text and how tightly its outermost operator binds."""

    text: str
    level: int

    def inside(self, level: int) -> str:
        return self.text if self.level >= level else f"({self.text})"


def translate_juel(text: str) -> str | Problem:
    """The FEEL expression for a JUEL one; text around `${...}` makes it a template, a string.

    A Problem says what cannot be translated and where.
    """
    try:
        if len(text) > MOST_TEXT:
            raise SyntaxFault(f"an expression has at most {MOST_TEXT} characters", 0)
        feel = _written(_parts(text))
    except SyntaxFault as fault:
        return problem_at(text, fault.offset, fault.message)
    try:
        parse_expression(feel, ("string join", "get value"))
    except (SyntaxFault, RecursionError):
        # Only depth and length are left to be wrong: FEEL says some things with more of both.
        return problem_at(text, 0, "this expression is nested too deeply, or too long, for FEEL")
    return feel


def _written(parts: list[tuple[bool, str]]) -> str:
    if len(parts) == 1:
        return parts[0][1]
    written = [feel if plain else f"string({feel})" for plain, feel in parts]
    return f"string join([{', '.join(written)}])" if written else '""'


def _parts(text: str) -> list[tuple[bool, str]]:
    parts: list[tuple[bool, str]] = []
    position = 0
    while position < len(text):
        start = _next_opening(text, position)
        if start > position:
            literal = text[position:start].replace("\\${", "${").replace("\\#{", "#{")
            parts.append((True, quote(literal)))
        if start == len(text):
            break
        tokens, position = _tokens(text, start + 2)
        parts.append((False, _Translator(tokens).whole()))
    return parts


def _next_opening(text: str, position: int) -> int:
    for match in re.finditer(r"[$#]\{", text[position:]):
        start = position + match.start()
        if start == 0 or text[start - 1] != "\\":
            return start
    return len(text)


def _tokens(text: str, position: int) -> tuple[list[_Token], int]:
    """The tokens up to the closing brace, and the position after it."""
    start = position
    tokens = []
    while position < len(text):
        if text[position] == "}":
            tokens.append(_Token("end", "", position))
            return tokens, position + 1
        match = _TOKEN.match(text, position)
        if match is None:
            raise SyntaxFault(f"{text[position]!r} has no meaning in an expression", position)
        if match.lastgroup != "skip":
            word = _WORD_OPERATORS.get(match[0]) if match.lastgroup == "word" else None
            kind = "op" if word else str(match.lastgroup)
            tokens.append(_Token(kind, word or match[0], position))
        position = match.end()
    raise SyntaxFault("this expression has no closing brace", start - 2)


class _Translator:
    """Recursive descent over the tokens, writing FEEL as it goes."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.index = 0
        self.depth = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.index]

    def at(self, *texts: str) -> bool:
        return self.token.kind in ("op", "word") and self.token.text in texts

    def accept(self, text: str) -> bool:
        if self.at(text):
            self.index += 1
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.accept(text):
            raise SyntaxFault(f"{text!r} is expected here", self.token.at)

    def whole(self) -> str:
        piece = self.ternary()
        if self.token.kind != "end":
            raise SyntaxFault(f"{self.token.text!r} is not expected here", self.token.at)
        return piece.text

    def ternary(self) -> _Piece:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise SyntaxFault("this expression is nested too deeply", self.token.at)
        piece = self.binary(1)
        if self.accept("?"):
            then = self.ternary()
            self.expect(":")
            other = self.ternary()
            text = f"if {piece.text} then {then.inside(1)} else {other.inside(1)}"
            piece = _Piece(text, 0)
        self.depth -= 1
        return piece

    def binary(self, lowest: int) -> _Piece:
        left = self.unary()
        while self.token.kind == "op" and _LEVELS.get(self.token.text, 0) >= lowest:
            operator = self.token.text
            level = _LEVELS[operator]
            self.index += 1
            right = self.binary(level + 1)
            if operator == "%":
                left = _Piece(f"modulo({left.text}, {right.text})", _ATOM)
                continue
            # FEEL has one level for all comparisons, so one inside another needs parentheses.
            inner = 5 if level in (3, 4) else level
            word = _FEEL.get(operator, operator)
            left = _Piece(f"{left.inside(inner)} {word} {right.inside(inner)}", level)
        return left

    def unary(self) -> _Piece:
        if self.accept("!"):
            return self._nested(_negated)
        if self.at("empty") and self.tokens[self.index + 1].text not in ("", ".", ")"):
            self.index += 1
            at = self.token.at
            return self._nested(lambda piece: _empty(piece, at))
        if self.accept("-"):
            return self._nested(lambda piece: _Piece(f"-{piece.inside(_ATOM)}", 7))
        return self.postfix()

    def _nested(self, make: Callable[[_Piece], _Piece]) -> _Piece:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise SyntaxFault("this expression is nested too deeply", self.token.at)
        piece = make(self.unary())
        self.depth -= 1
        return piece

    def postfix(self) -> _Piece:
        piece = self.primary()
        while True:
            if self.accept("."):
                piece = self.member(piece)
            elif self.accept("["):
                piece = self.element(piece)
            elif self.at("("):
                raise SyntaxFault("this calls a function of the old engine", self.token.at)
            else:
                return piece

    def member(self, piece: _Piece) -> _Piece:
        name = self.token
        if name.kind != "word":
            raise SyntaxFault("a name is expected after '.'", name.at)
        self.index += 1
        if not self.at("("):
            return _Piece(f"{piece.inside(_ATOM)}.{name.text}", _ATOM)
        if name.text != "equals":
            raise SyntaxFault(f"this calls the method {name.text!r}, which is code", name.at)
        self.expect("(")
        other = self.ternary()
        self.expect(")")
        return _Piece(f"{piece.inside(5)} = {other.inside(5)}", 3)

    def element(self, piece: _Piece) -> _Piece:
        key = self.token
        if key.kind not in ("number", "string"):
            raise SyntaxFault("only a fixed position or key is translated", key.at)
        self.index += 1
        self.expect("]")
        if key.kind == "number" and key.text.isdigit():
            return _Piece(f"{piece.inside(_ATOM)}[{int(key.text[:9]) + 1}]", _ATOM)
        if key.kind == "number":
            raise SyntaxFault("a position is a whole number", key.at)
        return _Piece(f"get value({piece.text}, {_string(key.text)})", _ATOM)

    def primary(self) -> _Piece:
        token = self.token
        if token.kind == "end":
            raise SyntaxFault("an expression is expected here", token.at)
        self.index += 1
        if token.kind == "number":
            return _Piece(token.text, _ATOM)
        if token.kind == "string":
            return _Piece(_string(token.text), _ATOM)
        if token.text == "(":
            piece = self.ternary()
            self.expect(")")
            return _Piece(f"({piece.text})", _ATOM) if piece.level < _ATOM else piece
        if token.kind != "word":
            raise SyntaxFault(f"{token.text!r} is not expected here", token.at)
        if token.text in ENGINE_OBJECTS:
            raise SyntaxFault(
                f"{token.text!r} is an object of the old engine, it runs code", token.at
            )
        if token.text in RESERVED - CONSTANTS.keys():
            raise SyntaxFault(f"{token.text!r} is a word of FEEL and names no variable", token.at)
        if self.at("("):
            raise SyntaxFault(f"this calls {token.text!r}, which is code", token.at)
        if self.at(":"):
            after = self.tokens[self.index + 1 : self.index + 3]
            if len(after) == 2 and after[0].kind == "word" and after[1].text == "(":
                raise SyntaxFault(f"this calls {token.text!r}, which is code", token.at)
        return _Piece(token.text, _ATOM)


def _string(token: str) -> str:
    return quote(re.sub(r"\\(.)", r"\1", token[1:-1], flags=re.DOTALL))


def _negated(piece: _Piece) -> _Piece:
    """JUEL takes an absent value for false, so `!flag` is `flag != true`."""
    if piece.level == _ATOM and not piece.text.startswith("("):
        return _Piece(f"{piece.text} != true", 3)
    inner = piece.text[1:-1] if piece.text.startswith("(") and piece.level == _ATOM else piece.text
    return _Piece(f"({inner}) != true", 3)


def _empty(piece: _Piece, at: int) -> _Piece:
    """`empty x`: null, an empty string or an empty list. FEEL says it by naming x several times."""
    if not _PATH.fullmatch(piece.text):
        raise SyntaxFault("'empty' is translated for a variable or a path only", at)
    x = piece.inside(_ATOM)
    text = f'{x} = null or {x} instance of string and {x} = ""'
    return _Piece(f"({text} or {x} instance of list and count({x}) = 0)", _ATOM)
