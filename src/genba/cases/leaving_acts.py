"""Leaving the path from an open step: skip it, add one, do one again, go elsewhere, stop.

Rules of this file: one function an act; each is a change of `changes.vocabulary` with a reason,
made by `changing`. What the drawing asks stays the shortest way: a change takes at most two
interactions more.
"""

from typing import Annotated

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct

from genba.acts.card import JsonSchema
from genba.acts.declaring import Terms, act
from genba.acts.inbound import Outcome
from genba.acts.outcomes import invalid
from genba.cases.changing import (
    Maybe,
    Reason,
    change,
    element_of,
    form,
    fresh_id,
    label_of,
    may_change_task,
    places_field,
    steps_field,
)
from genba.cases.objects import TaskObject
from genba.changes import vocabulary as v
from genba.changes.horizon import asked
from genba.engine.values import NodeId
from genba.people.directory import Known, called, group_named
from genba.runtime.unit import Unit

STEP = gettext_noop("Step")
PLACES = {
    v.Place.BEFORE: gettext_noop("before this step"),
    v.Place.AFTER: gettext_noop("after this step"),
    v.Place.BESIDE: gettext_noop("beside this step"),
}
WHO = Annotated[
    str,
    Meta(
        title=gettext_noop("Who"),
        description=gettext_noop("A person or a team."),
        max_length=254,
        extra_json_schema={"format": "person-or-group"},
    ),
]


class Why(Struct, frozen=True):
    """Why the path is left."""

    reason: Reason


class Added(Struct, frozen=True, kw_only=True):
    """A step in somebody's own words; these say why, where no other reason is given."""

    what: Annotated[
        str, Meta(title=gettext_noop("What is to be done"), min_length=1, max_length=120)
    ]
    place: Annotated[str, Meta(title=gettext_noop("When"))] = v.Place.BEFORE.value
    to: WHO = ""
    reason: Maybe = ""


class Again(Struct, frozen=True, kw_only=True):
    """A step that is done once more before this one."""

    step: Annotated[str, Meta(title=STEP)]
    reason: Reason


class Elsewhere(Struct, frozen=True, kw_only=True):
    """Where the case goes on instead."""

    to: Annotated[str, Meta(title=gettext_noop("Go on at"))]
    reason: Reason


class Others(Struct, frozen=True, kw_only=True):
    """Who does it instead, here and whenever the way comes here again."""

    to: WHO
    reason: Reason


class Otherwise(Struct, frozen=True, kw_only=True):
    """What is asked instead."""

    what: Annotated[str, Meta(title=gettext_noop("What is asked"), min_length=1, max_length=120)]
    reason: Reason


def _terms(task: TaskObject, by: Known, input: type[Struct], **fields: JsonSchema) -> Terms | None:
    if not may_change_task(task, by):
        return None
    return Terms(schema=form(task.case, input, **fields))


def skippable(task: TaskObject, by: Known) -> Terms | None:
    """An open step that is theirs to do."""
    return _terms(task, by, Why)


def extendable(task: TaskObject, by: Known) -> Terms | None:
    """The same."""
    return _terms(task, by, Added, place=places_field(PLACES))


def repeatable(task: TaskObject, by: Known) -> Terms | None:
    """Where something was done before."""
    done = _done(task)
    return _terms(task, by, Again, step=steps_field(task.case.graph, done)) if done else None


def _done(task: TaskObject) -> tuple[NodeId, ...]:
    """Steps that were done in this case, and are still in its drawing; the last one first."""
    graph, done = task.case.graph, task.case.state.done
    steps = set(asked(graph, (node for node in done if node in graph.nodes)))
    return tuple(node for node in reversed(done) if node in steps and node != task.row.node)


def movable(task: TaskObject, by: Known) -> Terms | None:
    """Where there is another step in the same part of the way."""
    graph = task.case.graph
    scope = graph.node(task.row.node).scope
    others = tuple(
        node
        for node in asked(graph, (NodeId(id) for id in graph.nodes))
        if node != task.row.node and graph.nodes[node].scope == scope
    )
    return _terms(task, by, Elsewhere, to=steps_field(graph, others)) if others else None


def stoppable(task: TaskObject, by: Known) -> Terms | None:
    """Where something else is open: the case goes on without this."""
    return _terms(task, by, Why) if len(task.case.state.works) > 1 else None


@act(
    "task",
    "skip",
    when=skippable,
    label=gettext_noop("Leave out"),
    summary=gettext_noop("Leave a step out of one case, with a reason."),
    input=Why,
    words=("skip", "leave out"),
    text_field="reason",
    rank=200,  # by itself, not in a fold: the most usual way of leaving the path
    foreseen=True,
)
def skip(unit: Unit, task: TaskObject, by: Known, given: Why) -> Outcome:
    """The case goes on as if the step were not drawn."""
    what = v.SkipStep(node=NodeId(task.row.node))
    message = gettext("“%(step)s” is left out.") % {"step": label_of(task)}
    return change(unit, task.case, by, what, step=label_of(task), why=given.reason, message=message)


@act(
    "task",
    "add-step",
    when=extendable,
    label=gettext_noop("Add a step"),
    summary=gettext_noop("Add a step to one case, before, after or beside an open one."),
    input=Added,
    rank=210,
    intent="special",
    foreseen=True,
)
def add_step(unit: Unit, task: TaskObject, by: Known, given: Added) -> Outcome:
    """The step is asked of whom they say, else of the same role."""
    who = addressee(given.to)
    if who is None:
        return _nobody(given.to)
    role, person = who
    what = v.AddStep(
        id=fresh_id(task.case),
        name=given.what,
        at=NodeId(task.row.node),
        place=v.Place(given.place),
        role=role,
        person=person,
    )
    why = given.reason or given.what
    message = gettext("“%(step)s” is added.") % {"step": given.what}
    return change(unit, task.case, by, what, step=label_of(task), why=why, message=message)


def addressee(written: str) -> tuple[str, str] | None:
    """The role and the person somebody means; None when there is neither."""
    if not written.strip():
        return ("", "")
    person = called(written)
    if person is not None:
        return ("", person.id)
    group = group_named(written.strip().lstrip("@").strip('"“”'))
    return (group, "") if group else None


def _nobody(written: str) -> Outcome:
    return invalid("to", gettext("Nobody is called “%(name)s” here.") % {"name": written})


@act(
    "task",
    "repeat",
    when=repeatable,
    label=gettext_noop("Do one again"),
    summary=gettext_noop("Let a step that was done be done once more, before an open one."),
    input=Again,
    rank=220,
    intent="special",
    foreseen=True,
)
def repeat(unit: Unit, task: TaskObject, by: Known, given: Again) -> Outcome:
    """What is open waits until the other has been done again."""
    node = NodeId(given.step)
    what = v.RepeatStep(
        id=fresh_id(task.case), node=node, at=NodeId(task.row.node), place=v.Place.BEFORE
    )
    message = gettext("“%(step)s” is done once more.") % {"step": task.case.graph.label(node)}
    return change(unit, task.case, by, what, step=label_of(task), why=given.reason, message=message)


@act(
    "task",
    "go-on-at",
    when=movable,
    label=gettext_noop("Go on elsewhere"),
    summary=gettext_noop("Leave an open step and go on at another one, earlier or later."),
    input=Elsewhere,
    rank=230,
    intent="special",
    foreseen=True,
)
def go_on_at(unit: Unit, task: TaskObject, by: Known, given: Elsewhere) -> Outcome:
    """What is open there is not asked any more."""
    to = NodeId(given.to)
    what = v.GoTo(element=element_of(task), to=to)
    message = gettext("The case goes on at “%(step)s”.") % {"step": task.case.graph.label(to)}
    return change(unit, task.case, by, what, step=label_of(task), why=given.reason, message=message)


@act(
    "task",
    "ask-others",
    when=lambda task, by: _terms(task, by, Others),
    label=gettext_noop("Let others do it"),
    summary=gettext_noop("Let another person or team do a step of one case."),
    input=Others,
    rank=240,
    intent="special",
    foreseen=True,
)
def ask_others(unit: Unit, task: TaskObject, by: Known, given: Others) -> Outcome:
    """Also when the way comes here again."""
    who = addressee(given.to)
    if who is None or who == ("", ""):
        return _nobody(given.to)
    what = v.ReplaceWho(node=NodeId(task.row.node), role=who[0], person=who[1])
    message = gettext("“%(step)s” is asked of %(who)s.")
    words = {"step": label_of(task), "who": given.to}
    return change(
        unit, task.case, by, what, step=label_of(task), why=given.reason, message=message % words
    )


@act(
    "task",
    "ask-otherwise",
    when=lambda task, by: _terms(task, by, Otherwise),
    label=gettext_noop("Ask something else"),
    summary=gettext_noop("Ask something else at a step of one case."),
    input=Otherwise,
    rank=250,
    intent="special",
    foreseen=True,
)
def ask_otherwise(unit: Unit, task: TaskObject, by: Known, given: Otherwise) -> Outcome:
    """In other words; the form stays."""
    what = v.ReplaceWhat(node=NodeId(task.row.node), name=given.what)
    message = gettext("“%(step)s” is asked now.") % {"step": given.what}
    return change(unit, task.case, by, what, step=label_of(task), why=given.reason, message=message)


@act(
    "task",
    "stop",
    when=stoppable,
    label=gettext_noop("Stop here"),
    summary=gettext_noop("End one branch of a case; the others go on and wait for it no more."),
    input=Why,
    rank=260,
    intent="special",
    foreseen=True,
)
def stop(unit: Unit, task: TaskObject, by: Known, given: Why) -> Outcome:
    """What waited for this branch waits no more."""
    what = v.StopBranch(element=element_of(task))
    message = gettext("“%(step)s” is not asked any more.") % {"step": label_of(task)}
    return change(unit, task.case, by, what, step=label_of(task), why=given.reason, message=message)
