"""Names that others hold on to: what is stored for ever, and what the engine is as a library."""

from importlib import import_module
from typing import get_args

import pytest

from genba.acts.inbound import Verdict
from genba.engine.commands import Command
from genba.engine.events import Event
from genba.engine.values import CaseStatus, WorkKind

# The tag of an event is what is in the log. A name may be added; one that is here never goes, and
# never changes its meaning.
STORED = frozenset(
    {
        "case-called",
        "case-cancelled",
        "case-completed",
        "case-started",
        "compensation-step",
        "compensation-triggered",
        "condition-changed",
        "data-changed",
        "element-cancelled",
        "element-completed",
        "element-started",
        "event-occurred",
        "flow-taken",
        "incident-raised",
        "instance-output",
        "instances-planned",
        "message-received",
        "message-sent",
        "message-taken",
        "scope-interrupted",
        "signal-thrown",
        "step-sent-back",
        "subscription-closed",
        "subscription-opened",
        "timer-cancelled",
        "timer-fired",
        "timer-set",
        "work-assigned",
        "work-cancelled",
        "work-completed",
        "work-opened",
    }
)
COMMANDS = frozenset(
    {
        "assign",
        "cancel",
        "complete",
        "deliver",
        "finish",
        "fire",
        "hear",
        "send-back",
        "set-data",
        "start",
    }
)
KINDS = frozenset(
    {"task", "choice", "happened", "time-up", "repeat", "count", "pick", "job", "incident"}
)
LIBRARY = (
    ("genba.notation", ("read_bpmn", "check_notation", "describe", "write_bpmn", "Problem")),
    ("genba.engine.compilation", ("compile_process",)),
    ("genba.engine.decision", ("decide",)),
    ("genba.engine.application", ("apply",)),
    ("genba.engine.state", ("Case", "new_case")),
    ("genba.engine.collaboration", ("route",)),
    ("genba.runtime.rehearsal", ("rehearse", "Rehearsal", "Chooser")),
)


def tags(union: object) -> set[str]:
    """The stored names of the members of a tagged union."""
    return {str(member.__struct_config__.tag) for member in get_args(union)}


def test_every_stored_event_can_still_be_read() -> None:
    assert tags(Event) >= STORED


def test_commands_keep_their_names() -> None:
    assert tags(Command) >= COMMANDS


def test_kinds_of_work_and_states_of_a_case_keep_their_names() -> None:
    assert {kind.value for kind in WorkKind} == KINDS
    assert {status.value for status in CaseStatus} == {"running", "completed", "cancelled"}


def test_verdicts_keep_their_names() -> None:
    assert {verdict.value for verdict in Verdict} == {
        "done",
        "replayed",
        "unknown-person",
        "unknown-object",
        "forbidden",
        "gone",
        "step-up",
        "invalid",
        "refused",
        "conflict",
        "changed",
    }


@pytest.mark.parametrize(("module", "names"), LIBRARY)
def test_the_engine_is_a_library_with_these_names(module: str, names: tuple[str, ...]) -> None:
    assert [name for name in names if not hasattr(import_module(module), name)] == []
