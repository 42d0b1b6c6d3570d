"""XPath's regular expressions, matched by an own machine (XQuery and XPath Functions 3.1, section
5.6).

Python's `re` speaks another dialect and can take exponential time. This machine pays the running
account
for each step and, without back-references, never visits an instruction twice at the same place, so
time
grows with pattern times text. Parsing is in `patterns`; here is the program and how it runs.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from genba.expressions import patterns
from genba.expressions.outcome import Fault, Run
from genba.expressions.patterns import Instruction

STEPS_AN_INSTRUCTION = 8
"""What compiling costs, once for each pattern of an evaluation, whatever the cache holds."""

STRIDE = 64
"""Machine steps between two payments to the account."""


class Match(msgspec.Struct, frozen=True):
    """Where the groups lie; group 0 is the whole match, -1 a group that took no part."""

    places: tuple[int, ...]

    @property
    def start(self) -> int:
        return self.places[0]

    @property
    def end(self) -> int:
        return self.places[1]


class Pattern(msgspec.Struct, frozen=True):
    """A compiled pattern."""

    program: tuple[Instruction, ...]
    groups: int
    has_references: bool
    folds: bool
    multiline: bool
    literal: bool

    def search(self, text: str, run: Run, start: int = 0) -> Match | None:
        """The first match from `start` on. Raises BudgetExceeded."""
        machine = _Machine(self, text, run)
        for position in range(start, len(text) + 1):
            found = machine.match_at(position)
            if found is not None:
                return found
        return None

    def matches(self, text: str, run: Run) -> Iterator[Match]:
        """All matches from left to right. Raises Fault when the pattern matches nothing at all."""
        if self.search("", run) is not None:
            raise Fault("the pattern matches the empty string")
        position = 0
        while position <= len(text):
            found = self.search(text, run, position)
            if found is None:
                return
            yield found
            position = max(found.end, position + 1)

    def replace(self, text: str, replacement: str, run: Run) -> str:
        """All matches replaced; `$1` is a group, `\\$` a dollar sign, unless the flag is `q`."""
        pieces = [replacement] if self.literal else _pieces(replacement, self.groups)
        made: list[str] = []
        last = size = 0
        for found in self.matches(text, run):
            made.append(text[last : found.start])
            for piece in pieces:
                part = piece if isinstance(piece, str) else _group(text, found, piece)
                size += len(part)
                made.append(part)
            run.write(size)
            last = found.end
        made.append(text[last:])
        run.write(sum(map(len, made)))
        return "".join(made)

    def split(self, text: str, run: Run) -> Iterator[str]:
        """The parts between the matches."""
        last = 0
        for found in self.matches(text, run):
            yield text[last : found.start]
            last = found.end
        yield text[last:]


class _Machine:
    """A backtracking run over one text that remembers where it has failed."""

    def __init__(self, pattern: Pattern, text: str, run: Run) -> None:
        self.pattern = pattern
        self.text = text
        self.run = run
        self.visited: set[int] = set()
        self.steps = 0

    def match_at(self, start: int) -> Match | None:
        width = len(self.text) + 1
        remember = not self.pattern.has_references
        waiting = [(0, start, (start, -1) + (-1,) * (2 * self.pattern.groups))]
        while waiting:
            at, position, places = waiting.pop()
            while True:
                self.steps += 1
                if self.steps % STRIDE == 1:
                    self.run.spend(STRIDE)
                if remember:
                    place = at * width + position
                    if place in self.visited:
                        break
                    self.visited.add(place)
                operation = self.pattern.program[at]
                if operation.kind == "match":
                    return Match((places[0], position, *places[2:]))
                if operation.kind == "split":
                    waiting.append((operation.other, position, places))
                    at = operation.target
                elif operation.kind == "jump":
                    at = operation.target
                elif operation.kind == "save":
                    slot = operation.target
                    places = (*places[:slot], position, *places[slot + 1 :])
                    at += 1
                else:
                    moved = self._consume(operation, position, places)
                    if moved is None:
                        break
                    position = moved
                    at += 1
        return None

    def _consume(
        self, operation: Instruction, position: int, places: tuple[int, ...]
    ) -> int | None:
        text = self.text
        if operation.kind == "character":
            if position < len(text) and self._accepts(operation, text[position]):
                return position + 1
            return None
        if operation.kind == "start":
            after_line = self.pattern.multiline and text[position - 1 : position] == "\n"
            return position if position == 0 or after_line else None
        if operation.kind == "end":
            before_line = self.pattern.multiline and text[position : position + 1] == "\n"
            return position if position == len(text) or before_line else None
        begin, end = places[2 * operation.target], places[2 * operation.target + 1]
        if begin < 0 or end < 0:
            return position
        part = text[begin:end]
        here = text[position : position + len(part)]
        same = here.casefold() == part.casefold() if self.pattern.folds else here == part
        self.run.write(len(part))
        return position + len(part) if same else None

    def _accepts(self, operation: Instruction, character: str) -> bool:
        test = operation.test
        return test is not None and test(character)


def _pieces(replacement: str, groups: int) -> list[str | int]:
    """The replacement as texts and group numbers. Raises Fault for a stray `$` or backslash."""
    pieces: list[str | int] = []
    position = 0
    for found in _SPECIAL.finditer(replacement):
        pieces.append(replacement[position : found.start()])
        position = found.end()
        if found[1] is not None:
            pieces.append(found[1])
        elif found[2] is not None:
            digits = found[2]
            while len(digits) > 1 and int(digits) > groups:
                digits, position = digits[:-1], position - 1
            pieces.append(int(digits))
        else:
            raise Fault("in a replacement, '$' is followed by a group number, '\\' by '$' or '\\'")
    pieces.append(replacement[position:])
    return [piece for piece in pieces if piece != ""]


_SPECIAL = re.compile(r"\\([\\$])|\$(\d{1,9})|[\\$]", re.ASCII)


def _group(text: str, found: Match, number: int) -> str:
    if 2 * number + 1 >= len(found.places):
        return ""
    begin, end = found.places[2 * number], found.places[2 * number + 1]
    return text[begin:end] if begin >= 0 and end >= 0 else ""


@lru_cache(maxsize=256)
def _compiled(pattern: str, flags: str) -> Pattern | Fault:
    try:
        program, groups, references = patterns.compile_program(pattern, flags)
    except Fault as fault:
        return Fault(fault.message)
    return Pattern(program, groups, references, "i" in flags, "m" in flags, "q" in flags)


def compile_pattern(pattern: str, flags: str, run: Run) -> Pattern:
    """The machine of a pattern; flags are XPath's `s m i x q`. Raises Fault."""
    made: Pattern | Fault | None = run.patterns.get((pattern, flags))
    if made is None:
        run.spend(len(pattern))
        made = _compiled(pattern, flags)
        # A refused pattern may have grown to the limit before it was refused.
        size = patterns.MOST_INSTRUCTIONS if isinstance(made, Fault) else len(made.program)
        run.spend(size * STEPS_AN_INSTRUCTION)
        run.patterns[pattern, flags] = made
    if isinstance(made, Fault):
        raise Fault(made.message)
    return made
