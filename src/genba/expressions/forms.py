"""The grammar's forms with a fixed frame: brackets, `if`, `for`, quantifiers, functions, calls,
types.

The other half of `parser`, split by size; the same rules hold.
"""

from collections.abc import Callable

from genba.expressions import parser, syntax
from genba.expressions.cursor import Cursor
from genba.expressions.iso import read_temporal
from genba.expressions.lexer import unquote
from genba.expressions.names import joined
from genba.expressions.outcome import SyntaxFault

CONSTANTS: dict[str, object] = {"true": True, "false": False, "null": None}


def _raw_name(cursor: Cursor, *ends: str) -> str:
    """A name being declared: everything up to one of the ends, spaces made single."""
    start = cursor.index
    while cursor.token.kind in ("word", "number") or cursor.at(*"+-*/.'’", "**"):
        if cursor.index > start and cursor.at(*ends):
            break
        cursor.index += 1
    if cursor.index == start or cursor.tokens[start].kind != "word":
        raise cursor.fault("a name is expected here")
    raw = cursor.text[cursor.tokens[start].start : cursor.tokens[cursor.index - 1].end]
    return " ".join(raw.split())


def _parenthesis(cursor: Cursor) -> syntax.Node:
    at = cursor.take().start
    node = parser.prefixed(cursor)
    if node is None:
        node = parser.expression(cursor)
        if cursor.at(".."):
            return parser.interval(cursor, node, False, at=at)
    cursor.expect(")")
    return node


def _open_range(cursor: Cursor) -> syntax.Node:
    at = cursor.take().start
    return parser.interval(cursor, parser.expression(cursor), False, at=at)


def _square(cursor: Cursor) -> syntax.Node:
    at = cursor.take().start
    if cursor.accept("]"):
        return syntax.ListOf((), at)
    items = [parser.test(cursor)]
    if cursor.at(".."):
        return parser.interval(cursor, items[0], True, at=at)
    while cursor.accept(","):
        items.append(parser.test(cursor))
    cursor.expect("]")
    return syntax.ListOf(tuple(items), at)


def _context(cursor: Cursor) -> syntax.Node:
    at = cursor.take().start
    entries: dict[str, syntax.Node] = {}
    while not cursor.at("}"):
        if entries:
            cursor.expect(",")
        start = cursor.token.start
        if cursor.token.kind == "string":
            key = unquote(cursor.take().text)
        else:
            key = _raw_name(cursor, ":")
        cursor.expect(":")
        if key in entries:
            raise SyntaxFault(f"the context has two entries {key!r}", start)
        entries[key] = parser.expression(cursor)
        cursor.scope.declare(key)  # Stays known: a path after this context may use it.
    cursor.take()
    return syntax.ContextOf(tuple(entries.items()), at)


def _at_literal(cursor: Cursor) -> syntax.Node:
    at = cursor.take().start
    if cursor.token.kind != "string":
        raise cursor.fault('a string is expected after "@"')
    text = unquote(cursor.take().text)
    value = read_temporal(text)
    if value is None:
        raise SyntaxFault(f"{text!r} is no date, time or duration", at)
    return syntax.Literal(value, at)


def _if(cursor: Cursor) -> syntax.Node:
    at = cursor.take().start
    condition = parser.expression(cursor)
    cursor.expect("then")
    then = parser.expression(cursor)
    cursor.expect("else")
    return syntax.If(condition, then, parser.expression(cursor), at)


def _iterators(cursor: Cursor) -> tuple[syntax.Iterator, ...]:
    found = []
    while True:
        at = cursor.token.start
        name = _raw_name(cursor, "in")
        cursor.expect("in")
        domain = parser.expression(cursor)
        end = parser.expression(cursor) if cursor.accept("..") else None
        found.append(syntax.Iterator(name, domain, end, at))
        cursor.scope.declare(name)
        if not cursor.accept(","):
            return tuple(found)


def _for(cursor: Cursor) -> syntax.Node:
    at = cursor.take().start
    mark = cursor.scope.mark()
    iterators = _iterators(cursor)
    cursor.expect("return")
    node = syntax.For(iterators, parser.expression(cursor), at)
    cursor.scope.release(mark)
    return node


def _quantified(cursor: Cursor) -> syntax.Node:
    token = cursor.take()
    mark = cursor.scope.mark()
    iterators = _iterators(cursor)
    cursor.expect("satisfies")
    node = syntax.Quantified(token.text, iterators, parser.expression(cursor), token.start)
    cursor.scope.release(mark)
    return node


def _function(cursor: Cursor) -> syntax.Node:
    at = cursor.take().start
    cursor.expect("(")
    mark = cursor.scope.mark()
    names: list[str] = []
    types: list[syntax.TypeRef | None] = []
    while not cursor.at(")"):
        if names:
            cursor.expect(",")
        names.append(_raw_name(cursor, ":", ",", ")"))
        types.append(type_reference(cursor) if cursor.accept(":") else None)
        cursor.scope.declare(names[-1])
    cursor.take()
    if cursor.at("external"):
        raise SyntaxFault("external functions are not run: they call code", cursor.token.start)
    node = syntax.Lambda(tuple(names), tuple(types), parser.expression(cursor), at)
    cursor.scope.release(mark)
    return node


def call(cursor: Cursor, function: syntax.Node) -> syntax.Node:
    """The arguments of a call, all positional or all named."""
    at = cursor.expect("(").start
    arguments: list[syntax.Node] = []
    names: list[str] = []
    while not cursor.at(")"):
        if arguments:
            cursor.expect(",")
        if _is_named(cursor):
            names.append(_raw_name(cursor, ":"))
            cursor.expect(":")
        arguments.append(parser.test(cursor))
    cursor.take()
    if names and len(names) != len(arguments):
        raise SyntaxFault("name all arguments or none", at)
    return syntax.Call(function, tuple(arguments), tuple(names), at)


def _is_named(cursor: Cursor) -> bool:
    index = cursor.index
    if cursor.tokens[index].kind != "word":
        return False
    while cursor.tokens[index].kind in ("word", "number") or (
        cursor.tokens[index].kind == "op" and cursor.tokens[index].text in "+-*/.'’"
    ):
        index += 1
    return cursor.tokens[index].text == ":"


_TYPES_OF_WORDS = ("years and months duration", "days and time duration", "date and time")


def type_reference(cursor: Cursor) -> syntax.TypeRef:
    """A type (rules 52 to 55): a name, `list<T>`, `context<a: T>`, `function<T> -> R`."""
    cursor.deeper()
    name = _type_name(cursor)
    items: list[syntax.TypeRef] = []
    labels: list[str] = []
    result = None
    if cursor.accept("<"):
        while not cursor.at(">"):
            if items:
                cursor.expect(",")
            if name == "context":
                labels.append(_raw_name(cursor, ":"))
                cursor.expect(":")
            items.append(type_reference(cursor))
        cursor.take()
        if name == "function":
            cursor.expect("->")
            result = type_reference(cursor)
    cursor.depth -= 1
    return syntax.TypeRef(name, tuple(items), tuple(labels), result)


def _type_name(cursor: Cursor) -> str:
    if cursor.token.kind != "word":
        raise cursor.fault("a type is expected here")
    for phrase in _TYPES_OF_WORDS:
        words = phrase.split()
        if [cursor.peek(ahead).text for ahead in range(len(words))] == words:
            cursor.index += len(words)
            return phrase
    if cursor.at("null"):
        return cursor.take().text
    known = cursor.after_dot.match(cursor.tokens, cursor.index)
    if known is not None and cursor.properties:
        name, cursor.index = known
        return name
    name, cursor.index = joined(cursor.tokens, cursor.index)
    while cursor.at(".") and cursor.peek().kind == "word":
        cursor.take()
        part, cursor.index = joined(cursor.tokens, cursor.index)
        name = f"{name}.{part}"
    return name


BRACKETED: dict[str, Callable[[Cursor], syntax.Node]] = {
    "(": _parenthesis,
    "[": _square,
    "]": _open_range,
    "{": _context,
    "@": _at_literal,
}
KEYWORDS: dict[str, Callable[[Cursor], syntax.Node]] = {
    "if": _if,
    "for": _for,
    "some": _quantified,
    "every": _quantified,
    "function": _function,
}
