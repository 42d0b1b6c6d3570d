"""XPath's regular expression syntax, to a program for the machine in `regex` (XML Schema 1.1-2,
appendix G).

Knows the syntax and nothing of texts. Programs have a size limit, so `((a{99}){99}){99}` is
refused.
"""

from collections.abc import Callable, Iterable

import msgspec

from genba.expressions import letters
from genba.expressions.outcome import Fault

MOST_INSTRUCTIONS = 2_000
MOST_NESTING = 50
Test = Callable[[str], bool]


class Instruction(msgspec.Struct, frozen=True):
    """`kind`: character, split, jump, save, start, end, reference or match."""

    kind: str
    target: int = 0
    other: int = 0
    test: Test | None = None


Code = list[Instruction]
MATCH = Instruction("match")


class _Reader:
    """A pattern being read, with what the flags change."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern = pattern
        self.flags = flags
        self.index = 0
        self.groups = 0
        self.open: set[int] = set()
        self.has_references = False
        self.nesting = 0

    @property
    def next(self) -> str:
        return self.pattern[self.index : self.index + 1]

    def take(self) -> str:
        if self.index >= len(self.pattern):
            raise Fault("the pattern ends too early")
        self.index += 1
        return self.pattern[self.index - 1]

    def accept(self, text: str) -> bool:
        if self.pattern.startswith(text, self.index):
            self.index += len(text)
            return True
        return False


def compile_program(pattern: str, flags: str) -> tuple[tuple[Instruction, ...], int, bool]:
    """The program, the number of groups, whether it has back-references. Raises Fault."""
    if any(flag not in "smixq" for flag in flags):
        raise Fault("the flags are some of s, m, i, x and q")
    if "q" in flags:
        literal = [
            Instruction("character", test=letters.folding(letters.only(sign), flags))
            for sign in pattern
        ]
        return (*literal, MATCH), 0, False
    if "x" in flags:
        pattern = _without_spaces(pattern)
    reader = _Reader(pattern, flags)
    code = _alternatives(reader)
    if reader.index < len(pattern):
        raise Fault("the pattern has a ')' too many")
    return (*code, MATCH), reader.groups, reader.has_references


def _without_spaces(pattern: str) -> str:
    made, depth, escaped = [], 0, False
    for sign in pattern:
        if not escaped and sign == "[":
            depth += 1
        elif not escaped and sign == "]":
            depth -= 1
        if depth > 0 or sign not in " \t\n\r":
            made.append(sign)
        escaped = sign == "\\" and not escaped
    return "".join(made)


def _shift(code: Code, by: int) -> Code:
    """The same code placed `by` further; only jumps hold addresses."""
    return [
        Instruction(one.kind, one.target + by, one.other + by)
        if one.kind in ("split", "jump")
        else one
        for one in code
    ]


def _checked(code: Code) -> Code:
    if len(code) > MOST_INSTRUCTIONS:
        raise Fault("the pattern is too large")
    return code


def _joined(parts: Iterable[Code]) -> Code:
    code: Code = []
    for part in parts:
        code.extend(_shift(part, len(code)))
        _checked(code)
    return code


def _alternatives(reader: _Reader) -> Code:
    branches = [_branch(reader)]
    while reader.accept("|"):
        branches.append(_branch(reader))
    code = branches.pop()
    while branches:
        code = _either(branches.pop(), code)
    return code


def _either(one: Code, two: Code) -> Code:
    end = len(one) + 2 + len(two)
    return _checked(
        [
            Instruction("split", 1, len(one) + 2),
            *_shift(one, 1),
            Instruction("jump", end),
            *_shift(two, len(one) + 2),
        ]
    )


def _branch(reader: _Reader) -> Code:
    parts: list[Code] = []
    size = 0
    while reader.next not in ("", "|", ")"):
        atom = _atom(reader)
        parts.append(_quantified(reader, atom))
        size += len(parts[-1])
        if size > MOST_INSTRUCTIONS:
            raise Fault("the pattern is too large")
    return _joined(parts)


def _atom(reader: _Reader) -> Code:
    sign = reader.take()
    if sign == "(":
        return _group(reader)
    if sign == "^":
        return [Instruction("start")]
    if sign == "$":
        return [Instruction("end")]
    if sign == ".":
        test = letters.anything if "s" in reader.flags else letters.no_line_end
        return [Instruction("character", test=test)]
    if sign == "[":
        return [Instruction("character", test=_class(reader))]
    if sign == "\\":
        return [_escape(reader)]
    if sign in "*+?{}])":
        raise Fault(f"{sign!r} stands where nothing can be repeated or closed")
    return [Instruction("character", test=letters.folding(letters.only(sign), reader.flags))]


def _group(reader: _Reader) -> Code:
    reader.nesting += 1
    if reader.nesting > MOST_NESTING:
        raise Fault("the pattern is nested too deeply")
    captures = not reader.accept("?:")
    number = 0
    if captures:
        reader.groups += 1
        number = reader.groups
        reader.open.add(number)
    body = _alternatives(reader)
    if not reader.accept(")"):
        raise Fault("the pattern has a '(' that is not closed")
    reader.nesting -= 1
    if not captures:
        return body
    reader.open.discard(number)
    return [
        Instruction("save", 2 * number),
        *_shift(body, 1),
        Instruction("save", 2 * number + 1),
    ]


def _escape(reader: _Reader) -> Instruction:
    sign = reader.take()
    if not sign.isdigit() or not sign.isascii():
        return Instruction("character", test=_escaped_set(reader, sign))
    number = int(sign)
    while reader.next.isdigit() and int(f"{number}{reader.next}") <= reader.groups:
        number = int(f"{number}{reader.take()}")
    if number == 0 or number > reader.groups or number in reader.open:
        raise Fault(f"there is no group {number} before its reference")
    reader.has_references = True
    return Instruction("reference", number)


def _escaped_set(reader: _Reader, sign: str) -> Test:
    simple = letters.ESCAPES.get(sign)
    if simple is not None:
        return simple
    if sign not in "pP" or not reader.accept("{"):
        raise Fault(f"'\\{sign}' has no meaning in a pattern")
    end = reader.pattern.find("}", reader.index)
    if end < 0:
        raise Fault("a category has no closing brace")
    test = letters.category(reader.pattern[reader.index : end])
    reader.index = end + 1
    return letters.without(test) if sign == "P" else test


def _class(reader: _Reader) -> Test:
    """`[a-z0-9]`, `[^...]`, `[A-Z-[IO]]`."""
    reader.nesting += 1
    if reader.nesting > MOST_NESTING:
        raise Fault("the pattern is nested too deeply")
    negated = reader.accept("^")
    parts: list[Test] = []
    minus: Test | None = None
    while not reader.accept("]"):
        if parts and reader.accept("-["):
            minus = _class(reader)
            if not reader.accept("]"):
                raise Fault("a subtraction ends its class")
            break
        parts.append(_class_part(reader))
    if not parts:
        raise Fault("a class is not empty")
    reader.nesting -= 1
    test = letters.any_of(tuple(parts))
    test = letters.without(test) if negated else test
    return test if minus is None else letters.both(test, letters.without(minus))


def _class_part(reader: _Reader) -> Test:
    low = _class_sign(reader)
    if not isinstance(low, str):
        return low
    following = reader.pattern[reader.index + 1 : reader.index + 2]
    if reader.next == "-" and following not in ("]", "[", ""):
        reader.take()
        high = _class_sign(reader)
        if not isinstance(high, str) or high < low:
            raise Fault("a range in a class goes upwards between two characters")
        return letters.folding(letters.between(low, high), reader.flags)
    return letters.folding(letters.only(low), reader.flags)


def _class_sign(reader: _Reader) -> str | Test:
    sign = reader.take()
    if sign == "\\":
        escaped = reader.take()
        literal = letters.LITERALS.get(escaped)
        return literal if literal is not None else _escaped_set(reader, escaped)
    if sign == "[":
        raise Fault("a '[' inside a class is escaped")
    return sign


def _quantified(reader: _Reader, atom: Code) -> Code:
    bounds = _bounds(reader)
    if bounds is None:
        return atom
    lazy = reader.accept("?")
    low, high = bounds
    if reader.next in ("*", "+", "?") and reader.next:
        raise Fault("two quantifiers stand side by side")
    if (low + (high or 0)) * (len(atom) + 1) > MOST_INSTRUCTIONS:
        raise Fault("the pattern is too large")
    parts = [atom] * low
    if high is None:
        parts.append(_star(atom, lazy))
    else:
        parts.append(_optional(atom, high - low, lazy))
    return _joined(parts)


def _bounds(reader: _Reader) -> tuple[int, int | None] | None:
    for sign, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
        if reader.accept(sign):
            return bounds
    if not reader.accept("{"):
        return None
    end = reader.pattern.find("}", reader.index)
    low, comma, high = reader.pattern[reader.index : max(end, reader.index)].partition(",")
    if not _count(low) or not (high == "" or _count(high)):
        raise Fault("a quantifier is {n}, {n,} or {n,m}")
    reader.index = end + 1
    least = int(low)
    most = (int(high) if high else None) if comma else least
    if most is not None and most < least:
        raise Fault("a quantifier's bounds go upwards")
    return least, most


def _count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6


def _split(first: int, second: int, lazy: bool) -> Instruction:
    return Instruction("split", second, first) if lazy else Instruction("split", first, second)


def _star(atom: Code, lazy: bool) -> Code:
    end = len(atom) + 2
    return [_split(1, end, lazy), *_shift(atom, 1), Instruction("jump", 0)]


def _optional(atom: Code, times: int, lazy: bool) -> Code:
    """`(a(a(a)?)?)?`, flat: every split leaves to the end."""
    size = len(atom) + 1
    code: Code = []
    for _ in range(times):
        code.append(_split(len(code) + 1, times * size, lazy))
        code.extend(_shift(atom, len(code)))
    return code
