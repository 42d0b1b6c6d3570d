"""Judging a drawing that was read: findings in words, with line and element.

Rules of this file:

1. Structure only. What the drawing leaves to people (the "silent" list) comes from the engine,
   because only it knows what it would have to ask.
2. It never changes, repairs or raises: findings are values, in file order.
"""

from itertools import chain

from genba.notation.connections import CONNECTION_RULES, find_duplicates
from genba.notation.findings import index
from genba.notation.model import Definitions, Problem
from genba.notation.triggers import TRIGGER_RULES
from genba.notation.unread import find_unread


def check_notation(definitions: Definitions) -> tuple[Problem, ...]:
    """What is wrong ("refused") or suspicious ("warning") in a drawing, in file order."""
    drawing = index(definitions)
    duplicates = tuple(find_duplicates(drawing))
    if duplicates:
        return duplicates  # whatever else there is to say would be said of the wrong step
    rules = (*CONNECTION_RULES, *TRIGGER_RULES)
    findings = chain.from_iterable(rule(drawing) for rule in rules)
    return tuple(sorted(chain(findings, find_unread(definitions.document.root)), key=_order))


def _order(problem: Problem) -> tuple[int, int, str]:
    return problem.position.line, problem.position.column, problem.rule


def describe(problem: Problem, file: str) -> str:
    """A problem on one line: `file:line:column: message [element] — advice`."""
    place = f"{file}:{problem.position.line}:{problem.position.column}"
    element = f" [{problem.element}]" if problem.element else ""
    advice = f" — {problem.advice}" if problem.advice else ""
    return " ".join(f"{place}: {problem.message}{element}{advice}".split())
