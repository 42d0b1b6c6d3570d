"""Names made of several tokens (`date and time`, `Monthly Salary`, `a-b`), longest match first.

FEEL names may hold spaces, keywords and operators, and what is a name depends on the scope (DMN
1.5,
10.3.1.3). Only names of more than one token need to be known here; every single word is a name
anyway.
"""

from collections.abc import Iterable
from functools import lru_cache

from genba.expressions.lexer import Token, tokenize
from genba.expressions.outcome import SyntaxFault

Shape = tuple[tuple[str, bool], ...]
"""The tokens of a name, each with whether a space stands before it."""

RESERVED = frozenset(
    {
        *("and", "or", "in", "between", "instance", "of", "satisfies", "return", "then", "else"),
        *("for", "if", "some", "every", "function", "true", "false", "null", "not"),
    }
)
"""Words never joined to the word before them."""


@lru_cache(maxsize=4096)
def shape_of(name: str) -> Shape:
    """How a name looks as tokens; empty when it is one token or cannot be read."""
    try:
        tokens = tokenize(name)[:-1]
    except SyntaxFault:
        return ()
    if len(tokens) < 2:
        return ()
    return tuple(
        (token.text, index > 0 and token.start > tokens[index - 1].end)
        for index, token in enumerate(tokens)
    )


Known = dict[str, list[tuple[Shape, str]]]


@lru_cache(maxsize=512)
def _index(names: tuple[str, ...]) -> Known:
    """The many-token names by their first token: the same for every text with these in scope."""
    index: Known = {}
    for name in names:
        shape = shape_of(name)
        if shape:
            index.setdefault(shape[0][0], []).append((shape, name))
    return index


class Scope:
    """The many-token names known at a place of the text. Cheap to open and close."""

    def __init__(self, names: Iterable[str]) -> None:
        self._everywhere = _index(tuple(names))
        self._by_first: Known = {}
        self._opened: list[tuple[str, tuple[Shape, str]]] = []

    def declare(self, name: str) -> None:
        """Make a name known until the mark taken before is released."""
        shape = shape_of(name)
        if shape:
            entry = (shape, name)
            self._by_first.setdefault(shape[0][0], []).append(entry)
            self._opened.append((shape[0][0], entry))

    def begins(self, word: str) -> bool:
        """Whether some name of several tokens starts with this one."""
        return word in self._everywhere or word in self._by_first

    def mark(self) -> int:
        """A mark to hand to `release`."""
        return len(self._opened)

    def release(self, mark: int) -> None:
        """Forget the names declared since the mark."""
        while len(self._opened) > mark:
            first, _ = self._opened.pop()
            self._by_first[first].pop()  # Names leave in the reverse order they came.

    def match(self, tokens: list[Token], index: int) -> tuple[str, int] | None:
        """The longest known name starting at a token, and the index after it."""
        first = tokens[index].text
        entries = self._everywhere.get(first, [])
        if first in self._by_first:
            entries = entries + self._by_first[first]
        best: tuple[str, int] | None = None
        for shape, name in entries:
            end = index + len(shape)
            if (best is None or end > best[1]) and _fits(shape, tokens, index):
                best = (name, end)
        return best


def _fits(shape: Shape, tokens: list[Token], index: int) -> bool:
    if index + len(shape) >= len(tokens):
        return False  # The last token is the end mark, never part of a name.
    for offset, (text, spaced) in enumerate(shape):
        token = tokens[index + offset]
        if token.text != text:
            return False
        if offset and (token.start > tokens[index + offset - 1].end) != spaced:
            return False
    return True


def joined(tokens: list[Token], index: int) -> tuple[str, int]:
    """The words from a token on that can only be one name: two words side by side mean nothing
    else.
    """
    words = [tokens[index].text]
    index += 1
    while _continues(tokens[index]):
        words.append(tokens[index].text)
        index += 1
    return " ".join(words), index


def _continues(token: Token) -> bool:
    if token.kind == "word":
        return token.text not in RESERVED
    return token.kind == "number" and token.text.isdigit()
