"""Judging a drawing that was read: findings in words, with line and element.

Rules of this file:

1. Structure only. What the drawing leaves to people (the "silent" list) comes from the engine,
   because only it knows what it would have to ask.
2. It never changes, repairs or raises: findings are values, in file order.
"""

from itertools import chain

import msgspec

from genba.notation.choosing import CHOOSING_RULES
from genba.notation.connections import CONNECTION_RULES, find_duplicates
from genba.notation.deciding import DECIDING_RULES
from genba.notation.findings import index
from genba.notation.interfaces import INTERFACE_RULES
from genba.notation.items import ITEM_RULES
from genba.notation.messaging import MESSAGING_RULES
from genba.notation.model import Definitions, Problem
from genba.notation.ordering import ORDERING_RULES
from genba.notation.payloads import PAYLOAD_RULES
from genba.notation.rules import RULES
from genba.notation.texts import TEXT_RULES
from genba.notation.triggers import TRIGGER_RULES
from genba.notation.unread import find_unread

CHECKS = (
    *CONNECTION_RULES,
    *TRIGGER_RULES,
    *ORDERING_RULES,
    *CHOOSING_RULES,
    *DECIDING_RULES,
    *PAYLOAD_RULES,
    *MESSAGING_RULES,
    *ITEM_RULES,
    *INTERFACE_RULES,
    *TEXT_RULES,
)


def check_notation(definitions: Definitions, *, strict: bool = False) -> tuple[Problem, ...]:
    """What is wrong ("refused") or suspicious ("warning") in a drawing, in file order.

    What the standard forbids and runs all the same is a warning; `strict` refuses it too.
    """
    drawing = index(definitions)
    duplicates = tuple(find_duplicates(drawing))
    if duplicates:
        return duplicates  # whatever else there is to say would be said of the wrong step
    findings = chain.from_iterable(rule(drawing) for rule in CHECKS)
    found = sorted(chain(findings, find_unread(definitions.document.root)), key=_order)
    return tuple(_raise(problem) for problem in found) if strict else tuple(found)


def _raise(problem: Problem) -> Problem:
    """A finding as strict checking has it."""
    if not RULES[problem.rule].forbidden:
        return problem
    return msgspec.structs.replace(problem, severity="refused")


def _order(problem: Problem) -> tuple[int, int, str]:
    return problem.position.line, problem.position.column, problem.rule


def describe(problem: Problem, file: str) -> str:
    """A problem on one line: `file:line:column: message [element] — advice`."""
    place = f"{file}:{problem.position.line}:{problem.position.column}"
    element = f" [{problem.element}]" if problem.element else ""
    advice = f" — {problem.advice}" if problem.advice else ""
    return " ".join(f"{place}: {problem.message}{element}{advice}".split())
