"""The page of what runs of BPMN, written from the tables that run it.

    python -m tests.engine.bpmn_page > docs/reference/bpmn.md

Rules of this file: our own cells come from the code: the behaviours of `elements.BEHAVIOURS`, the
standard's table of triggers, and whether the smallest drawing of a thing compiles. Only the columns
about others are written by hand; they hold what their sources and a run of the conformance suite
say of the versions named.
"""

import sys
from collections.abc import Iterator

from genba.engine.compilation import BEHAVIOUR_OF, compile_process
from genba.engine.elements import BEHAVIOURS
from genba.engine.graph import Graph
from genba.notation.model import EventKind, NodeKind
from genba.notation.triggers import ALLOWED
from tests.engine.drawing import flows, process, read, tasks
from tests.engine.peers import PEERS

HEAD = """# What runs of BPMN

BPMN 2.0.2, element by element. This page is written from the engine's own tables
(`python -m tests.engine.bpmn_page`); a test fails when it is not current. What is drawn without
saying how it is done runs as well: a person is asked, see [drawings](drawings.md).

● runs, ○ refused at deployment with a named rule, – not allowed there by the standard
(Table 10.93).
"""
UNCLEAR = """
## Where the standard leaves room

- **What instances throw** (`behavior` None, One, Complex) is caught at the boundary of their
  activity, which it does not cancel, solid border or not: "for each instance" and "produces a
  token" (Tables 10.29, 10.31) could not be otherwise. An error ends the activity, as everywhere.
- **A cycle in a flow**: `R4/PT1H` on an intermediate event gives four tokens, an hour apart; a
  cycle without end is a delay until its next time.
- **A default flow** is the alternative to the conditions: it is taken when none is true, whatever
  flows without a condition there are beside it (§8.4.13).
- **A complex gateway** opens when its activation condition holds (`activationCount` tokens wait),
  takes what comes late, and then waits anew. Its conditions may ask `waitingForStart`; a flow
  without a condition is for the start only (§13.4.5).
- **Signals**: branches that begin together all listen before one of them calls.
- **An error or escalation nobody catches** in a called process reaches the call activity. Of a
  task, it is an incident; of an end event of the outermost process, an error ends the case.
- **Correlation**: a message from outside, and one a case sends, carries the key its properties say
  (`messagePath`); a process that subscribes waits for the key its data says (`dataPath`). One that
  does not subscribe hears what belongs to its collaboration.
- **A data store** is read and written under its name, as data of the case. It does not outlive the
  case as §10.4.1 has it: a step that writes what other cases write would wait for them or undo its
  act, and one that reads it could not be told again from the log alone. What cases share is kept
  where they share it, and a step asks for it: a service step, whose call leaves through the outbox
  with its key and whose answer is on the log, or a message to a case that keeps it.
- **A binding of data to an operation** (`ioBinding`) would let a service run a process: it is
  refused (`bpmn.bound-operation`). A call activity maps its data by associations.
- **A called case** is given all data where nothing is mapped, and hands back what it has written.
- **A start event that waits for all its triggers** begins a case when each has happened once; one
  counts for one case, the one that waits longest. Messages of other keys or collaborations belong
  to other cases; a signal, a time, and what a person says belong to any. What has arrived waits
  beside the process (its page says for what), at most a hundred starts of one event: what comes
  then is tried again for hours. A new version goes on with it.
- **A gateway that begins a case by all its events**: the first begins it, the others are awaited.
"""
_DEFINED = (
    '<message id="m" name="m"/><signal id="s" name="s"/><error id="x" errorCode="x"/>'
    '<escalation id="y" escalationCode="y"/>'
)
_BODIES = {
    EventKind.TIMER: "<timeDuration>PT1H</timeDuration>",
    EventKind.CONDITIONAL: "<condition>= n = 1</condition>",
}
_REFS = {
    EventKind.MESSAGE: ' messageRef="m"',
    EventKind.SIGNAL: ' signalRef="s"',
    EventKind.ERROR: ' errorRef="x"',
    EventKind.ESCALATION: ' escalationRef="y"',
    EventKind.LINK: ' name="l"',
}
# The columns of the table of events: name, place in the standard's table, not interrupting.
PLACES: tuple[tuple[str, str, bool], ...] = (
    ("start", "start", False),
    ("event sub-process, interrupting", "event sub-process start", False),
    ("event sub-process, not interrupting", "event sub-process start", True),
    ("catch", NodeKind.INTERMEDIATE_CATCH_EVENT, False),
    ("boundary, interrupting", NodeKind.BOUNDARY_EVENT, False),
    ("boundary, not interrupting", NodeKind.BOUNDARY_EVENT, True),
    ("throw", NodeKind.INTERMEDIATE_THROW_EVENT, False),
    ("end", NodeKind.END_EVENT, False),
)
_ALWAYS_INTERRUPTS = frozenset({EventKind.ERROR, EventKind.CANCEL, EventKind.COMPENSATE})


def write_page() -> Iterator[str]:
    """The lines of the page."""
    yield HEAD
    yield "## Elements\n"
    yield "| element | behaviour | code |"
    yield "| --- | --- | --- |"
    for kind in NodeKind:
        names = _behaviours(kind)
        places = dict.fromkeys(BEHAVIOURS[name].start.__module__.split(".")[-1] for name in names)
        shown = ", ".join(names)
        yield f"| `{kind}` | {shown} | {', '.join(f'`elements/{p}.py`' for p in places)} |"
    yield "\nRepetition (`standardLoopCharacteristics`, `multiInstanceLoopCharacteristics`) is a"
    yield "behaviour of its own around any activity: `elements/repetition.py`.\n"
    yield from _events()
    yield from _beside_others()


def _behaviours(kind: NodeKind) -> tuple[str, ...]:
    """The entries of `elements.BEHAVIOURS` a kind of node may get."""
    if kind in BEHAVIOUR_OF:
        return (BEHAVIOUR_OF[kind],)
    return {
        NodeKind.SUB_PROCESS: ("sub-process", "event-sub-process"),
        NodeKind.TRANSACTION: ("sub-process",),
        NodeKind.AD_HOC_SUB_PROCESS: ("ad-hoc",),
        NodeKind.CALL_ACTIVITY: ("call", "task", "script"),
        NodeKind.BUSINESS_RULE_TASK: ("rule", "script", "task"),
        NodeKind.SERVICE_TASK: ("rule", "script", "task"),
    }.get(kind, ("script", "task"))


def _events() -> Iterator[str]:
    yield "## Events\n"
    yield "| trigger | " + " | ".join(name for name, _, _ in PLACES) + " |"
    yield "| --- |" + " --- |" * len(PLACES)
    for kind in EventKind:
        cells = [_event_cell(kind, place, beside=beside) for _, place, beside in PLACES]
        yield f"| {kind} | " + " | ".join(cells) + " |"
    yield "\nSeveral triggers on one event (any of them, or all: `parallelMultiple`) and"
    yield "`eventDefinitionRef` run wherever a single one does, at the start of a process, too."
    yield UNCLEAR


def has_cell(kind: EventKind, place: str, *, beside: bool) -> bool:
    """Whether the standard knows a trigger at a place (Table 10.93)."""
    return kind in ALLOWED[place] and not (beside and kind in _ALWAYS_INTERRUPTS)


def _event_cell(kind: EventKind, place: str, *, beside: bool) -> str:
    if not has_cell(kind, place, beside=beside):
        return "–"
    return "●" if compiles(_drawing(kind, place, beside=beside)) else "○"


def _drawing(kind: EventKind, place: str, *, beside: bool) -> str:
    """The smallest process with a trigger at a place."""
    definition = (
        f"<{kind}EventDefinition{_REFS.get(kind, '')}>{_BODIES.get(kind, '')}"
        f"</{kind}EventDefinition>"
    )
    on = str(not beside).lower()
    match place:
        case "start":
            return f'<startEvent id="e">{definition}</startEvent>' + tasks("z") + flows("e > z")
        case "event sub-process start":
            start = f'<startEvent id="e" isInterrupting="{on}">{definition}</startEvent>'
            inner = start + tasks("h") + flows("e > h")
            return tasks("a") + f'<subProcess id="p1" triggeredByEvent="true">{inner}</subProcess>'
        case NodeKind.BOUNDARY_EVENT:
            edge = f'<boundaryEvent id="e" attachedToRef="a" cancelActivity="{on}">{definition}'
            inner = f'<transaction id="a">{tasks("i")}</transaction>'
            return inner + edge + "</boundaryEvent>" + tasks("h") + flows("e > h")
    body = f'<startEvent id="b"/><{place} id="e">{definition}</{place}>'
    if kind is not EventKind.LINK:
        after = "" if place == NodeKind.END_EVENT else tasks("z") + flows("e > z")
        return body + flows("b > e") + after
    catches = place == NodeKind.INTERMEDIATE_CATCH_EVENT
    other = "intermediateThrowEvent" if catches else "intermediateCatchEvent"
    body += f'<{other} id="o">{definition}</{other}>' + tasks("z")
    return body + (flows("b > o", "e > z") if catches else flows("b > e", "o > z"))


def compiles(body: str, head: str = "") -> bool:
    """Whether the engine takes a process with this body."""
    drawn = read(process(body), head=_DEFINED + head)
    return isinstance(compile_process(drawn, "p"), Graph)


def _beside_others() -> Iterator[str]:
    yield "## Beside others\n"
    yield "◐ partly, or wrong in some case. Camunda 7, Camunda 8.9, Flowable 8.0, SpiffWorkflow"
    yield "3.2, from their sources and, for SpiffWorkflow, a run of the conformance suite. A cell"
    yield "of ours is the smallest drawing of the row: it compiles, and `tests/engine` runs it.\n"
    yield "| | Genba | Camunda 7 | Camunda 8 | Flowable | SpiffWorkflow |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for row in PEERS:
        own = "●" if all(compiles(body, row.head) for body in row.drawings) else "○"
        yield f"| {row.what} | {own} | " + " | ".join(row.others) + " |"
    yield "\nThe shared part of the betsy conformance suite: 96 of 98 features pass. The two that"
    yield "do not (`AdHocSubProcess_Sequential`, `AdHocSubProcess_Parallel`) cannot, in any engine:"
    yield "they expect `SCRIPT_task3`, which no task of these two drawings has; the last one has"
    yield "`SCRIPT_task1` a second time. Both tasks inside are done, and the case ends."
    yield STATIC.rstrip()


STATIC = """
## Rules of the standard, strictly

`python -m tests.conformance.static DIR` over betsy's `bpmn_constraints`: each of the 214 drawings
made to break a rule is refused, by name. Of the 17 drawings `REF_*` 11 are accepted; these six,
made to try *references*, break the standard themselves, so that an engine cannot run them as drawn:

| drawing | what it says | the standard |
| --- | --- | --- |
| `REF_3` | a sequence flow begins at `_2`, a pool, another ends at `F2_6`, a sequence flow | `sourceRef` and `targetRef` are flow nodes |
| `REF_4` | a task lists `_2`, a pool, as an incoming flow; the default of a gateway is `_3`, a start event | `incoming` and `default` are sequence flows |
| `REF_13` | a timer is attached to `_2`, a pool; the task it was meant for then leads nowhere | `attachedToRef` is an activity; with an end event drawn, each path leads to one |
| `REF_14` | the partners of two links are `_3` and `_4`, a start and an end event | link event definitions (Table 10.97) |
| `REF_15`, `REF_16` | the second process has an end event, and begins with a task | where there is an end event there is a start event (§10.5.2) |

Genba's *deployment* is milder, because people draw before they know all rules: it refuses only what
cannot be run without a guess (`genba check` warns of the rest, `--strict` refuses it).
"""  # noqa: E501 - a table


def page() -> str:
    """The whole page."""
    return "\n".join(write_page()) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
