"""How a case of a process can be begun by a person, and what waits for the rest of its beginning.

Rules of this file: wording and look-ups, and the one act on what waits; starting is
`process_acts`. At a start event that waits for all its triggers a person says which of them has
happened (BPMN §10.5.2); the same is counted whoever noticed it.
"""

from collections.abc import Iterator
from typing import Annotated

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct

from genba.acts.card import Choice
from genba.acts.declaring import Terms, act, choice_schema
from genba.acts.inbound import Outcome
from genba.acts.outcomes import done, not_done
from genba.cases.objects import ProcessObject
from genba.cases.wording import listed
from genba.engine.gathering import Arrived, Half, missing
from genba.engine.graph import Graph
from genba.people.access import may_deploy
from genba.people.directory import Known
from genba.runtime.gathering import drop
from genba.runtime.unit import Unit


class Beginning(Struct, frozen=True):
    """One way to begin: a start event, or one of several triggers that all must happen."""

    value: str  # as the form names it
    node: str
    label: str
    place: int | None = None


class Dropping(Struct, frozen=True):
    """A start that waits for more."""

    waiting: Annotated[str, Meta(title=gettext_noop("What has arrived"))]


def beginnings(graph: Graph) -> tuple[Beginning, ...]:
    """Every way a person can begin a case, in drawing order."""
    return tuple(_beginnings(graph))


def _beginnings(graph: Graph) -> Iterator[Beginning]:
    for id in graph.start_nodes:
        node = graph.node(id)
        if not node.all_of:
            yield Beginning(id, id, node.label)
            continue
        for place, trigger in enumerate(node.triggers):
            if trigger.ask:
                yield Beginning(f"{id}:{place}", id, trigger.label or node.label, place)


def told(graph: Graph, way: Beginning, arrived: Arrived) -> Arrived:
    """What a person says has happened, as the trigger it is."""
    if way.place is None:
        return arrived
    trigger = graph.node(way.node).triggers[way.place]
    return Arrived(
        kind=trigger.kind, at=arrived.at, name=trigger.name, place=way.place, data=arrived.data
    )


def waiting_notes(process: ProcessObject) -> str:
    """What has arrived for cases that have not begun yet, in words."""
    return "\n".join(
        gettext("A start waits since %(day)s for %(rest)s.")
        % {"day": half.since.date().isoformat(), "rest": rest_of(process.graph, node, half)}
        for node, half in _halves(process)
    )


def rest_of(graph: Graph, node: str, half: Half) -> str:
    """What a start still waits for, in the words of the drawing."""
    left = missing(graph.node(node), half)
    return listed(f"“{trigger.label or graph.label(node)}”" for trigger in left)


def _halves(process: ProcessObject) -> Iterator[tuple[str, Half]]:
    for node, halves in process.waiting.items():
        if node in process.graph.nodes:
            yield from ((node, half) for half in halves)


def droppable(process: ProcessObject, by: Known) -> Terms | None:
    """Something has arrived, and the rest may never come."""
    if not may_deploy(by):
        return None
    choices = tuple(
        Choice(f"{node}:{half.number}", _in_words(process.graph, node, half))
        for node, half in _halves(process)
    )
    if not choices:
        return None
    schema = choice_schema("waiting", gettext("What has arrived"), choices)
    return Terms(schema=schema, choices=choices, choice_field="waiting")


def _in_words(graph: Graph, node: str, half: Half) -> str:
    words = {
        "label": graph.label(node),
        "day": half.since.date().isoformat(),
        "key": half.key or "",
        "rest": rest_of(graph, node, half),
    }
    if half.key is None:
        return gettext("“%(label)s” since %(day)s, without %(rest)s") % words
    return gettext("“%(label)s” since %(day)s for %(key)s, without %(rest)s") % words


@act(
    "process",
    "drop",
    when=droppable,
    label=gettext_noop("Give up a start"),
    summary=gettext_noop("Give up a start that waits for the rest of what begins a case."),
    input=Dropping,
)
def drop_start(unit: Unit, process: ProcessObject, by: Known, given: Dropping) -> Outcome:
    """What has arrived for a case that has not begun is given up; the log keeps that it was."""
    node, _colon, number = given.waiting.rpartition(":")
    if not number.isdecimal() or not drop(unit, process.version.key, node, int(number)):
        message = gettext("That start waits no longer. Nothing was changed.")
        return not_done(message)
    return done(gettext("Given up. What comes later begins anew."))
