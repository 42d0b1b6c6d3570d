"""Text to tokens (DMN 1.5, 10.3.1.2, rules 27 to 33 and 64 to 66).

Tokens carry their position and no meaning: whether `date and time` is one name depends on what is
in
scope, so joining words into names is the parser's business (`names`).
"""

import re

from msgspec import Struct

from genba.expressions.outcome import SyntaxFault

NAME_START = (
    "A-Za-z_?\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff00-\ufffd"
    "\U00010000-\U000effff"
)
NAME_PART = NAME_START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
SPACE = " \t\n\v\f\r\u0085\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"

_TOKENS = re.compile(
    rf"""
    ((?:[{SPACE}]++|//[^\r\n]*+|/\*.*?\*/)*)
    (?:((?:[A-Za-z_?]|(?![{SPACE}])[{NAME_START}])[A-Za-z0-9_?]*+(?:(?![{SPACE}])[{NAME_PART}])*)
    |(\.\.|\*\*|<=|>=|!=|->|/(?!\*)|\.(?![0-9])|[-+*=<>()\[\]{{}},:@'’])
    |((?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |("[^"\\]*(?:\\.[^"\\]*)*")
    |(.+)
    |\Z)
    """,
    re.VERBOSE | re.DOTALL,
)
"""Space and comments, then a word, an operator, a number, a string, or all that is none of them.

Nothing is possessive but single characters: before Python 3.11.5 a possessive group that can go
back matched too little. One of the alternatives always matches, so nothing is tried twice.
"""

MOST_TEXT = 50_000
"""Longer texts are refused before they are read."""


class Token(Struct, gc=False):
    """A piece of text: `kind` is number, string, word, op or end."""

    kind: str
    text: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """All tokens of a text, the last of kind `end`. Raises SyntaxFault at what is no token."""
    if len(text) > MOST_TEXT:
        raise SyntaxFault(f"an expression has at most {MOST_TEXT} characters", 0)
    tokens = []
    end = 0
    for skip, word, sign, number, string, bad in _TOKENS.findall(text):
        start = end + len(skip)
        if word:
            end = start + len(word)
            tokens.append(Token("word", word, start, end))
        elif sign:
            end = start + len(sign)
            tokens.append(Token("op", sign, start, end))
        elif number:
            end = start + len(number)
            tokens.append(Token("number", number, start, end))
        elif string:
            end = start + len(string)
            tokens.append(Token("string", string, start, end))
        elif bad:
            raise SyntaxFault(_complaint(text, start), start)
    tokens.append(Token("end", "", len(text), len(text)))
    return tokens


def _complaint(text: str, position: int) -> str:
    if text[position] == '"':
        return "this string has no closing quote"
    if text.startswith("/*", position):
        return "this comment has no end"
    return f"{text[position]!r} has no meaning here"


_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_PAIR = re.compile("([\ud800-\udbff])([\udc00-\udfff])|[\ud800-\udfff]")


def _unescape(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code is not None:
        return chr(int(code, 16)) if int(code, 16) <= 0x10FFFF else match[0]
    return _SIMPLE.get(match[3], match[0])


def _join_pair(match: re.Match[str]) -> str:
    if match[1] is None:
        return "\ufffd"  # Half a pair is no character and could not be written as UTF-8.
    return chr(0x10000 + ((ord(match[1]) - 0xD800) << 10) + (ord(match[2]) - 0xDC00))


def unquote(token: str) -> str:
    r"""The string a literal denotes: escapes `\n \r \t \' \" \\ \uXXXX \UXXXXXX`, pairs joined."""
    body = token[1:-1]
    if "\\" not in body:
        return body if body.isascii() else _PAIR.sub(_join_pair, body)
    return _PAIR.sub(_join_pair, _ESCAPE.sub(_unescape, body))
