"""Registers the objects of this folder, what it puts on cards, and how its entries are told."""

from django.utils.translation import gettext

from genba.acts.objects import ObjectType, add_to_card, register_object
from genba.cases.finding import find_in
from genba.cases.stories import tell
from genba.cases.telling import Body, Line, Telling
from genba.cases.wording import listed
from genba.help import cards, notes
from genba.help.contributing_acts import helping_on_person
from genba.journal.records import Entry

register_object(
    ObjectType(
        name="ask",
        load=cards.load_ask,
        visible=cards.sees_ask,
        card=cards.ask_card,
        gone=cards.ask_gone,
    )
)
register_object(
    ObjectType(
        name="note",
        load=cards.load_note,
        visible=cards.sees_note,
        card=cards.note_card,
        gone=cards.note_gone,
    )
)
add_to_card("task", cards.help_on_task)
add_to_card("case", cards.help_on_case)
add_to_card("person", helping_on_person)
find_in(notes.KIND, cards.find_note)


def _widened(telling: Telling, _entry: Entry, body: Body) -> Line:
    names = listed(map(telling.name, body.get("asked", ())))
    text = gettext("The question was put to %(names)s too.") % {"names": names}
    return Line(text=text, node=body["node"], anonymous=True)


def _passed(telling: Telling, _entry: Entry, body: Body) -> Line:
    text = gettext("passed the question on to %(name)s") % {"name": telling.name(body["to"])}
    return Line(text=text, node=body["node"])


def _joined(_telling: Telling, _entry: Entry, body: Body) -> Line:
    return Line(text=gettext("joined the case"), node=body["node"])


def _helped(telling: Telling, _entry: Entry, body: Body) -> Line:
    text = gettext("said that the answer of %(name)s helped") % {"name": telling.name(body["to"])}
    return Line(text=text, node=body["node"])


def _dropped(_telling: Telling, _entry: Entry, body: Body) -> Line:
    return Line(text=gettext("needs no answer any more"), node=body["node"])


def _used(_telling: Telling, _entry: Entry, body: Body) -> Line:
    text = gettext("found a note that helped")
    if not body["helped"]:
        text = gettext("found that a note did not help")
    return Line(text=text, node=body["node"], url=f"/notes/{body['note']}")


def _defect(telling: Telling, _entry: Entry, body: Body) -> Line:
    words = {"step": telling.step(body["node"]), "here": telling.step(body["here"])}
    text = gettext("stopped the line: at “%(here)s” a defect of “%(step)s” was seen") % words
    return Line(text=text, node=body["node"])


tell(
    {
        "ask.widened": _widened,
        "ask.passed": _passed,
        "ask.joined": _joined,
        "ask.helped": _helped,
        "ask.dropped": _dropped,
        "note.used": _used,
        "defect.seen": _defect,
    }
)
