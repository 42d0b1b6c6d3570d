"""Stop the line: a defect seen in the work of an earlier step is sent to where it was made.

Rules of this file: one act. It is a question to the team of that step, with the case, and it
blocks; what was seen is counted against the step, never against a person: nobody is looked up by
who did it.
"""

from typing import Annotated

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct

from genba.acts.card import Choice
from genba.acts.declaring import Terms, act, choice_schema
from genba.acts.inbound import Outcome
from genba.acts.outcomes import done, invalid
from genba.acts.schemas import with_form
from genba.acts.words import LONGEST
from genba.cases.objects import TaskObject
from genba.help.ask_acts import open_question
from genba.help.choosing import Chosen, choose, lane_of
from genba.help.questions import Question
from genba.people.access import may_see_case
from genba.people.directory import Known, members
from genba.runtime.unit import Unit

KIND = "step"


class Defect(Struct, frozen=True, kw_only=True):
    """What was seen, and in the work of which step."""

    step: Annotated[str, Meta(title=gettext_noop("Made at"))]
    what: Annotated[
        str, Meta(title=gettext_noop("What is wrong"), min_length=1, max_length=LONGEST)
    ]


class Seen(Struct, frozen=True, kw_only=True):
    """A defect made at `node` was seen at `here`."""

    case: str
    node: str
    here: str
    ask: str


class Defects(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many defects made at a step were seen, and where."""

    count: int = 0
    seen_at: dict[str, int] = {}


def stream_of(process: str, node: str) -> str:
    """The stream that counts the defects of a step."""
    return f"{KIND}:{process}#{node}"


def stoppable(task: TaskObject, by: Known) -> Terms | None:
    """Open, and some step was done before."""
    if not task.asked or by.is_guest:
        return None
    graph = task.case.graph
    steps = [node for node in task.case.state.done if node in graph.nodes]
    choices = tuple(Choice(node, graph.label(node)) for node in steps if node != task.row.node)
    if not choices:
        return None
    schema = choice_schema("step", gettext("Made at"), choices)
    return Terms(schema=with_form(Defect, schema))


@act(
    "task",
    "stop-line",
    when=stoppable,
    label=gettext_noop("Stop the line"),
    summary=gettext_noop(
        "Send a defect in the work of an earlier step to where it was made, with the case."
    ),
    input=Defect,
    rank=80,
    intent="back",
)
def stop_line(unit: Unit, task: TaskObject, by: Known, given: Defect) -> Outcome:
    """The team of that step is asked, and its steps are counted."""
    case, here = task.case, task.row.node
    question = Question(
        case=case.row.case,
        process=case.row.process,
        node=given.step,
        by=by.id,
        at=unit.now,
        content="",
        blocking=True,
        defect_at=here,
    )
    team = lane_of(case, given.step)
    chosen = tuple(
        Chosen(one)
        for one in members(team)
        if one.id != by.id and may_see_case(one, case.row, unit.tx)
    ) or choose(unit.tx, case, question, given.what)
    if not chosen:
        return invalid("step", gettext("Nobody of that step was found. Ask somebody by name."))
    id = open_question(unit, case, question, by, given.what, chosen, team)
    body = Seen(case=case.row.case, node=given.step, here=here, ask=id)
    unit.open(case.row.case).record("defect.seen", body)
    stream = unit.stream(stream_of(case.row.process, given.step))
    kept = stream.state(Defects) or Defects()
    stream.record("defect.seen", body)
    seen_at = {**kept.seen_at, here: kept.seen_at.get(here, 0) + 1}
    stream.keep(Defects(count=kept.count + 1, seen_at=seen_at), marks=(f"in:{case.row.process}",))
    names = team or ", ".join(one.known.name for one in chosen)
    return done(gettext("Sent to %(names)s, with the case.") % {"names": names})
