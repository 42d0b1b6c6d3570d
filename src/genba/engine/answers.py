"""Which answers a work accepts.

Rules of this file: looked at before anything happens; an answer that does not fit is a `Rejected`
in plain words. What is in the data is the form's business, except the number a count needs.
"""

from genba.engine import commands as c
from genba.engine.conditions import count
from genba.engine.flows import ways
from genba.engine.state import Work
from genba.engine.step import Step
from genba.engine.values import WorkKind

MOST = 10_000  # instances: more is a slip of the keyboard


def refuse(step: Step, work: Work, command: c.CompleteWork) -> c.Rejected | None:
    """Why an answer cannot be accepted, or None."""
    if work.kind is WorkKind.COUNT:
        return _refuse_count(command)
    offered = {option.id: option.label for option in work.options}
    for chosen in command.chosen:
        if chosen not in offered:
            names = ", ".join(f"“{label}”" for label in offered.values()) or "nothing"
            return c.Rejected(
                rule="choice.unknown", message=f"“{chosen}” is not offered; there is {names}."
            )
    if not offered or work.kind is WorkKind.INCIDENT:
        return None
    if not command.chosen and not _may_be_empty(step, work):
        return c.Rejected(rule="choice.none", message="Say which: nothing was chosen.")
    if len(command.chosen) > 1 and not work.many:
        return c.Rejected(rule="choice.many", message="Choose only one.")
    return None


def _refuse_count(command: c.CompleteWork) -> c.Rejected | None:
    number = count(command.data.get("count"))
    if number is None:
        return c.Rejected(rule="data.invalid", message="Say how many: a whole number.")
    if number > MOST:
        return c.Rejected(rule="data.invalid", message=f"At most {MOST} are possible.")
    return None


def _may_be_empty(step: Step, work: Work) -> bool:
    """Whether something goes on anyway: flows that need no choice."""
    if work.kind is not WorkKind.CHOICE or not work.many:
        return False
    node = step.graph.nodes[work.node]
    return bool(ways(step, work.element, node).taken)
