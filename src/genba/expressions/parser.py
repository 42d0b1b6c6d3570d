"""Tokens to tree: FEEL's grammar by recursive descent (DMN 1.5, 10.3.1.2).

Nothing is evaluated here. Every loop and every nesting is bounded, so a hostile text ends in a
SyntaxFault. Rules with a fixed frame (`if`, `for`, contexts, types) are in `forms`.
"""

from collections.abc import Iterable

from genba.expressions import forms, syntax
from genba.expressions.cursor import Cursor
from genba.expressions.lexer import Token, unquote
from genba.expressions.names import RESERVED, joined
from genba.expressions.outcome import SyntaxFault
from genba.expressions.values import number

MOST_CHAIN = 100
"""Paths, filters and calls hanging on one value; comparisons following each other."""
PLAIN_DIGITS = 30
"""Digits a text may have that is a whole number and nothing else."""

COMPARISON, SUM = 3, 4
PRECEDENCE = {
    "or": 1, "and": 2,
    "=": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3, "between": 3, "in": 3,
    "+": 4, "-": 4, "*": 5, "/": 5, "**": 6,
}  # fmt: skip
"""From loosest to tightest (10.3.1.2, rule 4 and following); all associate to the left."""

ORDERS = {"<": (False, False), "<=": (False, True), ">": (True, False), ">=": (True, True)}
"""Comparison in front of an endpoint: (the endpoint is the start, it is included)."""

_HANGING = frozenset([".", "[", "(", "instance"])
"""What may go on with a value."""
_STARTERS = frozenset(["(", "[", "{", "@", "-", "]", "<", ">", "<=", ">="])
_ENDERS = frozenset(
    ["and", "or", "in", "between", "instance", "satisfies", "return", "then", "else"]
)


def expression(cursor: Cursor) -> syntax.Node:
    """Any expression."""
    cursor.deeper()
    outer, cursor.at_endpoint = cursor.at_endpoint, False
    node = binary(cursor, 1)
    cursor.at_endpoint = outer
    cursor.depth -= 1
    return node


def endpoint(cursor: Cursor) -> syntax.Node:
    """The end of a range: `[` closes the range here unless an expression follows it."""
    outer, cursor.at_endpoint = cursor.at_endpoint, True
    node = binary(cursor, SUM)
    cursor.at_endpoint = outer
    return node


def binary(cursor: Cursor, lowest: int) -> syntax.Node:
    """Operators of at least the precedence `lowest`, by precedence climbing."""
    left = unary(cursor)
    tokens = cursor.tokens
    chain = 0
    while True:
        # A string has its quotes and the end no text: neither is an operator.
        level = PRECEDENCE.get(tokens[cursor.index].text, 0)
        if level < lowest or level == 0:
            return left
        if level < COMPARISON:
            left = _logic(cursor, left, level)
        elif level == COMPARISON:
            chain += 1
            if chain > MOST_CHAIN:
                raise cursor.fault("this many comparisons in a row mean nothing")
            left = _comparison(cursor, left)
        else:
            left = _arithmetic(cursor, left, level)


def _logic(cursor: Cursor, first: syntax.Node, level: int) -> syntax.Node:
    operator = cursor.token.text
    operands = [first]
    at = cursor.token.start
    while cursor.accept(operator):
        operands.append(binary(cursor, level + 1))
    return syntax.Logic(operator, tuple(operands), at)


def _arithmetic(cursor: Cursor, first: syntax.Node, level: int) -> syntax.Node:
    rest = []
    at = cursor.token.start
    while cursor.token.kind == "op" and PRECEDENCE.get(cursor.token.text) == level:
        token = cursor.take()
        rest.append(syntax.Operation(token.text, binary(cursor, level + 1), token.start))
    return syntax.Arithmetic(first, tuple(rest), at)


def _comparison(cursor: Cursor, left: syntax.Node) -> syntax.Node:
    token = cursor.take()
    if token.text == "between":
        low = binary(cursor, SUM)
        cursor.expect("and")
        return syntax.Between(left, low, binary(cursor, SUM), token.start)
    if token.text == "in":
        return syntax.In(left, _in_tests(cursor), token.start)
    return syntax.Comparison(token.text, left, binary(cursor, SUM), token.start)


def _in_tests(cursor: Cursor) -> tuple[syntax.Node, ...]:
    if not cursor.at("("):
        return (prefixed(cursor) or binary(cursor, SUM),)
    start = cursor.index
    at = cursor.take().start
    tests = [test(cursor)]
    if cursor.at(".."):
        return (interval(cursor, tests[0], False, at=at),)
    while cursor.accept(","):
        tests.append(test(cursor))
    cursor.expect(")")
    if len(tests) == 1 and cursor.at("[", ".", "(", "+", "-", "*", "/", "**"):
        cursor.index = start  # Not a list of tests but a parenthesis that goes on.
        return (binary(cursor, SUM),)
    return tuple(tests)


def test(cursor: Cursor) -> syntax.Node:
    """One positive unary test (rule 7): a comparison without its left side, or an expression."""
    return prefixed(cursor) or expression(cursor)


def prefixed(cursor: Cursor) -> syntax.Node | None:
    """`< 5`, `>= 2`, `= 3`, `!= 4`: an unbounded range or an equality test; None when there is
    none.
    """
    token = cursor.token
    if token.kind != "op":
        return None
    if token.text in ORDERS:
        cursor.take()
        is_start, included = ORDERS[token.text]
        end = endpoint(cursor)
        if is_start:
            return syntax.RangeOf(end, None, included, False, token.start)
        return syntax.RangeOf(None, end, False, included, token.start)
    if token.text in ("=", "!="):
        cursor.take()
        return syntax.Sameness(token.text, endpoint(cursor), token.start)
    return None


def interval(cursor: Cursor, start: syntax.Node, start_included: bool, *, at: int) -> syntax.Node:
    """The rest of a range after its start: `.. end` and the closing bracket (rule 8)."""
    cursor.expect("..")
    end = endpoint(cursor)
    if not cursor.at(")", "]", "["):
        raise cursor.fault("a range ends with ')', ']' or '['")
    return syntax.RangeOf(start, end, start_included, cursor.take().text == "]", at)


def unary(cursor: Cursor) -> syntax.Node:
    """Arithmetic negation binds tighter than every operator with two sides."""
    token = cursor.tokens[cursor.index]
    simple = _simple(cursor, token)
    if simple is not None:
        cursor.index += 1
        return simple
    if token.kind == "op" and token.text == "-":
        at = cursor.take().start
        cursor.deeper()
        operand = unary(cursor)
        cursor.depth -= 1
        return syntax.Negation(operand, at)
    node = postfix(cursor)
    for _ in range(MOST_CHAIN):
        if not (cursor.at("instance") and cursor.peek().text == "of"):
            return node
        from_at = cursor.take().start
        cursor.take()
        node = syntax.InstanceOf(node, forms.type_reference(cursor), from_at)
    raise cursor.fault("this many type tests in a row mean nothing")


def _simple(cursor: Cursor, token: Token) -> syntax.Node | None:
    """A literal or a name of one token with nothing hanging on it: what most operands are."""
    kind, text = token.kind, token.text
    if kind == "op" or kind == "end":
        return None
    after = cursor.tokens[cursor.index + 1]
    if after.text in _HANGING:
        return None
    if kind == "string":
        return syntax.Literal(unquote(text), token.start)
    if kind == "number":
        value = number(text)
        return None if value is None else syntax.Literal(value, token.start)
    if text in RESERVED or cursor.scope.begins(text):
        return None
    if after.kind == "number" or (after.kind == "word" and after.text not in RESERVED):
        return None  # The name may go on.
    return syntax.Name(text, token.start)


def postfix(cursor: Cursor) -> syntax.Node:
    """A value with the paths, filters and calls that follow it."""
    node = primary(cursor)
    for _ in range(MOST_CHAIN):
        token = cursor.token
        if token.kind != "op":
            return node
        if token.text == ".":
            cursor.take()
            node = syntax.Path(node, property_name(cursor), token.start)
        elif token.text == "[" and not (cursor.at_endpoint and _closes(cursor.peek())):
            cursor.take()
            mark = cursor.scope.mark()
            for name in cursor.properties:
                cursor.scope.declare(name)
            condition = expression(cursor)
            cursor.scope.release(mark)
            cursor.expect("]")
            node = syntax.Filter(node, condition, token.start)
        elif token.text == "(":
            node = forms.call(cursor, node)
        else:
            return node
    raise cursor.fault(f"more than {MOST_CHAIN} paths, filters or calls in a row")


def _closes(after: Token) -> bool:
    """Whether a `[` followed by this token can only close a range (`]1..5[`)."""
    if after.kind == "op":
        return after.text not in _STARTERS
    return after.kind == "end" or (after.kind == "word" and after.text in _ENDERS)


def property_name(cursor: Cursor) -> str:
    """The name after a dot."""
    if cursor.token.kind != "word":
        raise cursor.fault("a name is expected after '.'")
    known = cursor.scope.match(cursor.tokens, cursor.index)
    if cursor.properties:
        known = known or cursor.after_dot.match(cursor.tokens, cursor.index)
    name, cursor.index = known or joined(cursor.tokens, cursor.index)
    return name


def primary(cursor: Cursor) -> syntax.Node:
    """A literal, a name, a bracketed expression, or one of the forms with a leading keyword."""
    token = cursor.token
    if token.kind == "number":
        cursor.take()
        value = number(token.text)
        if value is None:
            raise SyntaxFault("this number is too large", token.start)
        return syntax.Literal(value, token.start)
    if token.kind == "string":
        cursor.take()
        return syntax.Literal(unquote(token.text), token.start)
    if token.kind == "word":
        return _word(cursor)
    if token.kind == "op" and token.text in forms.BRACKETED:
        return forms.BRACKETED[token.text](cursor)
    raise cursor.fault("an expression is expected here")


def _word(cursor: Cursor) -> syntax.Node:
    token = cursor.token
    known = cursor.scope.match(cursor.tokens, cursor.index)
    if known is not None:
        name, cursor.index = known
        return syntax.Name(name, token.start)
    if token.text in forms.CONSTANTS:
        cursor.take()
        return syntax.Literal(forms.CONSTANTS[token.text], token.start)
    if token.text in forms.KEYWORDS:
        cursor.deeper()
        node = forms.KEYWORDS[token.text](cursor)
        cursor.depth -= 1
        return node
    if token.text in RESERVED and token.text != "not":
        raise cursor.fault("an expression is expected here")
    name, cursor.index = joined(cursor.tokens, cursor.index)
    return syntax.Name(name, token.start)


def parse_expression(
    text: str, names: Iterable[str], properties: Iterable[str] = ()
) -> syntax.Node:
    """The tree of a whole text; `properties` are names of components. Raises SyntaxFault."""
    if len(text) <= PLAIN_DIGITS and text.isascii() and text.isdecimal():
        return syntax.Literal(number(text), 0)  # What most outputs of decision tables are.
    cursor = Cursor(text, names, properties)
    node = expression(cursor)
    if cursor.token.kind != "end":
        raise cursor.fault("an operator or the end is expected here")
    return node


def parse_unary_tests(
    text: str, names: Iterable[str], properties: Iterable[str] = ()
) -> syntax.UnaryTests:
    """The tests of a decision table cell (rule 14): `-`, `not(...)`, or a list. Raises
    SyntaxFault.
    """
    cursor = Cursor(text, names, properties)
    if cursor.at("-") and cursor.peek().kind == "end":
        return syntax.UnaryTests((), False, 0)
    if cursor.at("not") and cursor.peek().text == "(":
        cursor.index = 2
        tests = _tests(cursor)
        if cursor.accept(")") and cursor.token.kind == "end":
            return syntax.UnaryTests(tests, True, 0)
        cursor.index = 0  # `not(a) and b`: an expression that happens to start with not.
    tests = _tests(cursor)
    if cursor.token.kind != "end":
        raise cursor.fault("',' or the end is expected here")
    return syntax.UnaryTests(tests, False, 0)


def _tests(cursor: Cursor) -> tuple[syntax.Node, ...]:
    tests = [test(cursor)]
    while cursor.accept(","):
        tests.append(test(cursor))
    return tuple(tests)
