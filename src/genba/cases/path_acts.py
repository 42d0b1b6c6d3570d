"""Leaving the path as seen from the whole case: what is still to come, what it knows, undoing.

Rules of this file: one function an act. What is open now is changed from its own card
(`leaving_acts`); here are the steps that come later, and taking a change back.
"""

from typing import Annotated, Any

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct

from genba.acts.card import JsonSchema
from genba.acts.declaring import Terms, act
from genba.acts.inbound import Outcome
from genba.acts.outcomes import done, invalid, not_done
from genba.acts.schemas import Nothing, one_of
from genba.cases.changing import (
    Maybe,
    Reason,
    change,
    coming,
    form,
    fresh_id,
    may_change,
    places_field,
    steps_field,
)
from genba.cases.changing_wording import why_not
from genba.cases.leaving_acts import STEP, WHO, addressee
from genba.cases.objects import CaseObject
from genba.changes import vocabulary as v
from genba.changes.horizon import asked
from genba.engine.values import NodeId
from genba.people.directory import Known
from genba.runtime.changing import MADE, UNDONE, undo_last
from genba.runtime.definitions import graph
from genba.runtime.installation import current
from genba.runtime.unit import Unit

PLACES = {
    v.Place.BEFORE: gettext_noop("before it"),
    v.Place.AFTER: gettext_noop("after it"),
    v.Place.BESIDE: gettext_noop("beside it"),
}
RECENT = 100  # entries of the log
MOST = 200  # steps of other processes one may pick from


class Later(Struct, frozen=True, kw_only=True):
    """A step that may still come."""

    step: Annotated[str, Meta(title=STEP)]
    reason: Reason


class AddedLater(Struct, frozen=True, kw_only=True):
    """A step in somebody's own words, at one that may still come."""

    what: Annotated[
        str, Meta(title=gettext_noop("What is to be done"), min_length=1, max_length=120)
    ]
    place: Annotated[str, Meta(title=gettext_noop("When"))] = v.Place.BEFORE.value
    step: Annotated[str, Meta(title=STEP)]
    to: WHO = ""
    reason: Maybe = ""


class Taken(Struct, frozen=True, kw_only=True):
    """Steps of another process: one, or all from the first to the last."""

    first: Annotated[str, Meta(title=gettext_noop("First step"))]
    last: Annotated[str, Meta(title=gettext_noop("Last step"))] = ""
    place: Annotated[str, Meta(title=gettext_noop("When"))] = v.Place.BEFORE.value
    step: Annotated[str, Meta(title=STEP)]
    reason: Reason


class Moved(Struct, frozen=True, kw_only=True):
    """A step that is done at another place of the way."""

    step: Annotated[str, Meta(title=STEP)]
    place: Annotated[str, Meta(title=gettext_noop("When"))] = v.Place.BEFORE.value
    at: Annotated[str, Meta(title=gettext_noop("Of which step"))]
    reason: Reason


class Corrected(Struct, frozen=True, kw_only=True):
    """What the case knows, corrected."""

    name: Annotated[str, Meta(title=gettext_noop("What"))]
    value: Annotated[str, Meta(title=gettext_noop("Is"), max_length=2000)]
    reason: Reason


def _of_steps(case: CaseObject, by: Known, input: type[Struct], **more: JsonSchema) -> Terms | None:
    if not may_change(case, by):
        return None
    steps = coming(case.graph, case.state)
    if not steps:
        return None
    field = steps_field(case.graph, steps)
    fields = {name: field for name in ("step", "at") if name in input.__struct_fields__}
    return Terms(schema=form(case, input, **fields, **more))


@act(
    "case",
    "skip",
    when=lambda case, by: _of_steps(case, by, Later),
    label=gettext_noop("Leave out a step"),
    summary=gettext_noop("Leave a step that is still to come out of one case."),
    input=Later,
    rank=200,
    intent="special",
    foreseen=True,
)
def skip(unit: Unit, case: CaseObject, by: Known, given: Later) -> Outcome:
    """When the way comes to it, it is passed."""
    label = case.graph.label(given.step)
    what = v.SkipStep(node=NodeId(given.step))
    message = gettext("“%(step)s” is left out.") % {"step": label}
    return change(unit, case, by, what, step=label, why=given.reason, message=message)


@act(
    "case",
    "add-step",
    when=lambda case, by: _of_steps(case, by, AddedLater, place=places_field(PLACES)),
    label=gettext_noop("Add a step"),
    summary=gettext_noop("Add a step to one case, at a step that is still to come."),
    input=AddedLater,
    rank=210,
    intent="special",
    foreseen=True,
)
def add_step(unit: Unit, case: CaseObject, by: Known, given: AddedLater) -> Outcome:
    """Asked of whom they say, else of the role of the step it is put at."""
    who = addressee(given.to)
    if who is None:
        return invalid("to", gettext("Nobody is called “%(name)s” here.") % {"name": given.to})
    what = v.AddStep(
        id=fresh_id(case),
        name=given.what,
        at=NodeId(given.step),
        place=v.Place(given.place),
        role=who[0],
        person=who[1],
    )
    label, why = case.graph.label(given.step), given.reason or given.what
    message = gettext("“%(step)s” is added.") % {"step": given.what}
    return change(unit, case, by, what, step=label, why=why, message=message)


def takeable(case: CaseObject, by: Known) -> Terms | None:
    """Where there are other processes with steps."""
    steps = _library(case)
    if not steps or not may_change(case, by):
        return None
    pick = one_of(steps)
    return _of_steps(case, by, Taken, place=places_field(PLACES), first=pick, last=pick)


def _library(case: CaseObject) -> list[tuple[str, str]]:
    """Steps of the newest version of every other process, as "key version node"."""
    found: list[tuple[str, str]] = []
    with current().journal.reading() as reading:
        processes = [one for one in reading.processes() if one.key != case.row.process]
    for one in processes:
        compiled = graph(current(), one.key, one.version)
        for node in asked(compiled, (NodeId(id) for id in compiled.nodes)):
            title = f"{compiled.name}: {compiled.label(node)}"
            found.append((f"{one.key} {one.version} {node}", title))
    return found[:MOST]


@act(
    "case",
    "take-steps",
    when=takeable,
    label=gettext_noop("Take steps of another process"),
    summary=gettext_noop("Take a step, or several, of another process into one case."),
    input=Taken,
    rank=215,
    intent="special",
    foreseen=True,
)
def take_steps(unit: Unit, case: CaseObject, by: Known, given: Taken) -> Outcome:
    """With all between the first and the last, who does them and what they ask."""
    process, version, first = given.first.split(" ")
    last = (given.last or given.first).split(" ")
    if last[:2] != [process, version]:
        return invalid("last", gettext("Take the last step from the same process as the first."))
    what = v.TakeFragment(
        id=fresh_id(case),
        process=process,
        version=int(version),
        first=NodeId(first),
        last=NodeId(last[2]),
        at=NodeId(given.step),
        place=v.Place(given.place),
    )
    label = case.graph.label(given.step)
    message = gettext("The steps are part of this case now.")
    return change(unit, case, by, what, step=label, why=given.reason, message=message)


@act(
    "case",
    "move-step",
    when=lambda case, by: _of_steps(case, by, Moved, place=places_field(PLACES)),
    label=gettext_noop("Move a step"),
    summary=gettext_noop("Let a step of one case be done at another place of the way."),
    input=Moved,
    rank=220,
    intent="special",
    foreseen=True,
)
def move_step(unit: Unit, case: CaseObject, by: Known, given: Moved) -> Outcome:
    """Not where it was drawn, but there."""
    label = case.graph.label(given.step)
    what = v.MoveStep(node=NodeId(given.step), at=NodeId(given.at), place=v.Place(given.place))
    message = gettext("“%(step)s” is moved.") % {"step": label}
    return change(unit, case, by, what, step=label, why=given.reason, message=message)


def correctable(case: CaseObject, by: Known) -> Terms | None:
    """What the case knows that is a plain value."""
    names = [name for name, value in case.state.data.items() if _plain(value)]
    if not names or not may_change(case, by):
        return None
    return Terms(schema=form(case, Corrected, name=one_of((name, name) for name in names)))


def _plain(value: Any) -> bool:
    return isinstance(value, str | int | float | bool) or value is None


@act(
    "case",
    "correct",
    when=correctable,
    label=gettext_noop("Correct what is known"),
    summary=gettext_noop("Correct something a case knows, with a reason."),
    input=Corrected,
    rank=225,
    intent="special",
    foreseen=True,
)
def correct(unit: Unit, case: CaseObject, by: Known, given: Corrected) -> Outcome:
    """A number stays a number, yes stays yes."""
    value = _alike(case.state.data.get(given.name), given.value)
    if value is None:
        return invalid("value", gettext("This must be a number, or yes or no, as it was."))
    what = v.SetVariables(values={given.name: value})
    message = gettext("“%(name)s” is corrected.") % {"name": given.name}
    return change(unit, case, by, what, step=given.name, why=given.reason, message=message)


def _alike(before: Any, written: str) -> Any:
    """What somebody wrote, as the kind of value it was; None when it is not of that kind."""
    if isinstance(before, bool):
        yes, no = ("true", "yes", gettext("yes")), ("false", "no", gettext("no"))
        word = written.strip().lower()
        return word in yes if word in (*yes, *no) else None
    if isinstance(before, int | float):
        try:
            number = float(written.replace(" ", "").replace(",", "."))
        except ValueError:
            return None
        return int(number) if number.is_integer() else number
    return written


def undoable(case: CaseObject, by: Known) -> bool:
    """Where the case has a path of its own, or somebody has just left the path."""
    if not may_change(case, by):
        return False
    return bool(case.state.path) or _has_changed(case)


def _has_changed(case: CaseObject) -> bool:
    """Whether somebody left the path lately; without looking at all that ever happened."""
    with current().journal.reading() as reading:
        recent = reading.log(case.row.case, after=max(0, case.row.revision - RECENT))
    found = [entry.type for entry in recent if entry.type in (MADE, UNDONE)]
    return found.count(MADE) > found.count(UNDONE)


@act(
    "case",
    "undo-change",
    when=undoable,
    label=gettext_noop("Undo the last change"),
    summary=gettext_noop("Take the last change of a case back, while nothing depends on it."),
    input=Nothing,
    words=("undo",),
    rank=190,
)
def undo_change(unit: Unit, case: CaseObject, by: Known, _given: Nothing) -> Outcome:
    """The case is as it was, or goes on without the change."""
    opened = unit.open(case.row.case)
    made = undo_last(unit, opened)
    if isinstance(made, v.Refusal):
        return not_done(why_not(made))
    return done(gettext("Undone. The case goes its way as before."))
