"""The small types that commands, events and state share.

Rules of this file: identifiers and enumerations only, no behaviour. Ids inside a case are
strings made from the case's own counter ("e12", "w3"), so that the same command on the same
state gives the same events, byte for byte.
"""

from enum import StrEnum
from typing import TYPE_CHECKING, Any, NewType

from msgspec import Struct

if TYPE_CHECKING:
    ElementId = NewType("ElementId", str)  # one visit of a node, or a scope
    WorkId = NewType("WorkId", str)  # one thing a person is asked
    TimerId = NewType("TimerId", str)
    SubscriptionId = NewType("SubscriptionId", str)
    NodeId = NewType("NodeId", str)
    FlowId = NewType("FlowId", str)
else:  # a NewType is a call of Python code for every id that is made
    ElementId = WorkId = TimerId = SubscriptionId = NodeId = FlowId = str

# What a case knows: JSON values, with decimals kept as Decimal and dates as FEEL types are not
# needed in storage: expressions convert on the way in and out.
Data = dict[str, Any]


class WorkKind(StrEnum):
    """What a person is asked. One row per way a drawing can need somebody."""

    TASK = "task"  # do the work
    CHOICE = "choice"  # choose outgoing flows; `many`: one or more
    HAPPENED = "happened"  # say that an event has happened (message, signal, condition, words)
    TIME_UP = "time-up"  # the drawing gives the time in words nobody can compute
    REPEAT = "repeat"  # once more? (standard loop without a condition)
    COUNT = "count"  # how many? (multi-instance without numbers)
    PICK = "pick"  # ad-hoc sub-process: which activity next, or enough
    JOB = "job"  # a machine does it; nobody is asked while it can
    INCIDENT = "incident"  # something the engine could not do; somebody must mend it


DECIDED = "_decision"  # after the id of a step: what was decided there


class CaseStatus(StrEnum):
    """The life of a case."""

    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Option(Struct, frozen=True):
    """One answer a work offers: a flow, an event, an activity; `label` in the drawing's words."""

    id: str
    label: str
