"""The events of a rehearsal in words, one line each.

Rules of this file: a table from kinds of events to words. What is not in it is inner book-keeping,
which `--json` shows and the trace leaves out.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from genba.engine import ballot_events as ballots
from genba.engine import events as e
from genba.engine.graph import Graph
from genba.engine.values import WorkKind
from genba.runtime.rehearsal import BEGIN, Line

ASKED = {
    WorkKind.TASK: "to do",
    WorkKind.CHOICE: "to choose",
    WorkKind.HAPPENED: "to wait for",
    WorkKind.TIME_UP: "to wait for",
    WorkKind.REPEAT: "once more?",
    WorkKind.COUNT: "how many?",
    WorkKind.PICK: "which next?",
    WorkKind.JOB: "for a machine",
    WorkKind.INCIDENT: "to mend",
}
TELLINGS: dict[type, Callable[[Any, Graph], str]] = {
    e.CaseStarted: lambda event, graph: f"begins: {graph.name}",
    e.CaseCompleted: lambda event, graph: f"ends: {graph.name}",
    e.CaseCancelled: lambda event, graph: f"is cancelled: {graph.name} {event.reason}".rstrip(),
    e.ElementCompleted: lambda event, graph: f"done: {graph.label(event.node)}",
    e.WorkOpened: lambda event, graph: tell_work(event, graph),
    e.WorkCompleted: lambda event, graph: tell_answer(event, graph),
    ballots.BallotSettled: lambda event, graph: (
        f"decided: {graph.label(event.node)}: {event.verdict}"
        f" ({event.approved} for, {event.rejected} against, of {event.seats})"
    ),
    e.DecisionMade: lambda event, graph: tell_decision(event, graph),
    e.StepSentBack: lambda event, graph: f"back to {graph.label(event.to)}",
    e.TimerSet: lambda event, graph: (
        f"waits until {event.due:%d %b %Y %H:%M}: {graph.label(event.node)}"
    ),
    e.MessageSent: lambda event, graph: f"sends “{event.name or graph.label(event.node)}”",
    e.MessageReceived: lambda event, graph: (
        f"receives “{event.name}” from {event.sender or 'outside'}"
    ),
    e.SignalThrown: lambda event, graph: f"signals “{event.name}”",
    e.EscalationThrown: lambda event, graph: f"escalates “{event.name or event.code or ''}”",
    e.ErrorRaised: lambda event, graph: f"fails with {event.code}: {graph.label(event.node)}",
    e.CaseCalled: lambda event, graph: f"calls {event.process}",
    e.IncidentRaised: lambda event, graph: f"cannot go on: {event.message}",
}


def tell(line: Line, graph: Graph) -> str:
    """One event in words; "" for what is inner book-keeping."""
    telling = TELLINGS.get(type(line.event))
    return f"{since(line.at):12}  case {line.case}  {telling(line.event, graph)}" if telling else ""


def since(at: datetime) -> str:
    """Virtual time: the day and the hour, the first day beginning at 09:00: "day 3 14:30"."""
    days = (at.date() - BEGIN.date()).days
    return f"day {days + 1} {at:%H:%M}"


def tell_work(event: e.WorkOpened, graph: Graph) -> str:
    """What somebody is asked, who, and whether because the drawing is silent."""
    options = f": {', '.join(option.label or option.id for option in event.options)}"
    role = f" [{event.role}]" if event.role else ""
    silent = " (the drawing does not say)" if event.silent else ""
    asked = f"{ASKED[event.kind]}: {graph.label(event.node)}{role}"
    return f"{asked}{options if event.options else ''}{silent}"


def tell_decision(event: e.DecisionMade, graph: Graph) -> str:
    """What a table decided, and by which rows."""
    rows = "; ".join(row.words for row in event.rows) or "no row"
    value = "a person is asked" if event.asks else f"{event.result} = {event.value}"
    return f"decided: {graph.label(event.node)}: {value} — {rows}"


def tell_answer(event: e.WorkCompleted, graph: Graph) -> str:
    """What somebody answered."""
    names = [
        graph.flows[chosen].label or graph.label(graph.flows[chosen].target)
        if chosen in graph.flows
        else graph.label(chosen)
        if chosen in graph.nodes
        else chosen
        for chosen in event.chosen
    ]
    return f"answered: {graph.label(event.node)}{': ' if names else ''}{', '.join(names)}"
