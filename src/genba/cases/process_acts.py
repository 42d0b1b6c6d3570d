"""Starting a case.

Rules of this file: one act. The form is the start event's; several start events are a choice;
starter groups of the drawing are honoured. The title is computed here, once.
"""

from typing import Annotated, Any

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta

from genba.acts.card import Choice, JsonSchema
from genba.acts.declaring import Terms, act, choice_schema
from genba.acts.inbound import Outcome, Verdict
from genba.acts.outcomes import done
from genba.acts.schemas import Free, flat_schema
from genba.acts.validation import check
from genba.cases.answers import refused
from genba.cases.beginnings import Beginning, beginnings, rest_of, told
from genba.cases.forms import nest, step_form
from genba.cases.objects import ProcessObject
from genba.cases.titles import case_title
from genba.engine.commands import Rejected
from genba.engine.gathering import Arrived
from genba.people.access import may_start
from genba.people.directory import Known
from genba.runtime.gathering import Waiting, begin
from genba.runtime.unit import Unit

START = "start"  # the field that names the start event where there are several


class Starting(Free, frozen=True):
    """The form of the start event, and which one where there are several."""

    start: Annotated[str, Meta(title=gettext_noop("How it starts"))] = ""


def startable(process: ProcessObject, by: Known) -> Terms | None:
    """Open to whoever the drawing lets start it: everybody, if it does not say."""
    nodes = process.graph.start_nodes
    if not may_start(by, process.graph.process):
        return None
    ways = beginnings(process.graph)
    if nodes and not ways:
        return None  # only time begins it
    if len(ways) <= 1 and all(way.place is None for way in ways):
        return Terms(schema=start_form(process, nodes[0] if nodes else ""), primary=True)
    choices = tuple(Choice(way.value, way.label) for way in ways)
    schema = choice_schema(START, gettext("How it starts"), choices)
    for node in nodes:  # a field is only required once its start has been chosen
        for name, rule in start_form(process, node)["properties"].items():
            schema["properties"].setdefault(name, rule)
    return Terms(schema=schema, choices=choices, choice_field=START, primary=True)


def start_form(process: ProcessObject, node: str) -> JsonSchema:
    """The form of one start event; where the drawing has none, what the case is about."""
    form = step_form(process.graph.form(node)).schema if node else flat_schema({}, ())
    if form["properties"]:
        return form
    about = {"type": "string", "title": gettext("What it is about"), "maxLength": 80}
    return flat_schema({"title": about}, ())


@act(
    "process",
    "start",
    when=startable,
    label=gettext_noop("Start"),
    summary=gettext_noop("Start a case of a process, with the form of its start."),
    input=Starting,
    words=("start",),
    rank=10,
)
def start(unit: Unit, process: ProcessObject, by: Known, given: Starting) -> Outcome:
    """Start a case; whoever starts it follows it."""
    ways = {way.value: way for way in beginnings(process.graph)}
    first = next(iter(ways.values()), Beginning("", "", ""))
    way = ways.get(given.start, Beginning("", given.start, "")) if given.start else first
    node = way.node
    values, errors = _of_this_start(start_form(process, node), given.values)
    if errors:
        message = gettext("Something is missing or cannot be read. Nothing was changed.")
        return Outcome(verdict=Verdict.INVALID, message=message, errors=errors)
    data = nest({name: value for name, value in values.items() if value is not None}, {})
    arrived = told(process.graph, way, Arrived(kind=None, at=unit.now, data=data))
    version = process.version
    case = begin(unit, version.key, node or None, arrived, version=version.version)
    if isinstance(case, Rejected):
        return refused(case)
    if isinstance(case, Waiting):
        words = {"what": way.label, "rest": rest_of(process.graph, node, case.half)}
        return done(gettext("Noted: “%(what)s”. A case starts with %(rest)s.") % words)
    known = data if way.place is None else case.state.data
    title = case_title(process.graph.name, case.row.number, known)
    case.retitle(title)
    unit.tx.follow(case.row.case, by.id)
    message = gettext("Started: %(title)s.") % {"title": title}
    return done(message, object="case", object_id=case.row.case)


def _of_this_start(
    schema: JsonSchema, values: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The answers that belong to the chosen start, and what is missing of them."""
    own = {name: value for name, value in values.items() if name in schema["properties"]}
    checked = check(schema, own)
    return checked.values, checked.errors
