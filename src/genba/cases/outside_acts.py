"""Opening a process to the outside, and closing it again.

Rules of this file: those do it who administer the cases of the process by its drawing, else the
administrators: what is open here, anybody on the network can start, once their address is proved.
"""

from django.utils.translation import gettext, gettext_noop
from msgspec import Struct

from genba.acts.card import Card, Fact
from genba.acts.declaring import act
from genba.acts.inbound import Outcome
from genba.acts.objects import add_to_card
from genba.acts.outcomes import done
from genba.acts.schemas import Nothing
from genba.cases.objects import ProcessObject
from genba.cases.outside import Outside, form_path, may_be_open, stream_of
from genba.journal.contract import Reading
from genba.people.access import may_open_outside
from genba.people.directory import Known
from genba.runtime.unit import Unit


class Said(Struct, frozen=True, kw_only=True):
    """Somebody opened or closed it."""

    open: bool


def openable(process: ProcessObject, by: Known) -> bool:
    """Closed, startable by a stranger, and this person's to open."""
    may = may_open_outside(by, process.graph.process)
    return may and not process.outside and may_be_open(process.graph)


def closable(process: ProcessObject, by: Known) -> bool:
    """Open, and this person's to close."""
    return may_open_outside(by, process.graph.process) and process.outside


@act(
    "process",
    "open",
    when=openable,
    label=gettext_noop("Open it to the outside"),
    summary=gettext_noop(
        "Let anybody who proves a mail address start a process, by a public form."
    ),
    rank=80,
)
def open_outside(unit: Unit, process: ProcessObject, _by: Known, _given: Nothing) -> Outcome:
    """From now on its form is public."""
    _say(unit, process, open=True)
    place = form_path(process.version.key)
    message = gettext("The public form is at %(place)s.") % {"place": place}
    return done(message, undo="process.close")


@act(
    "process",
    "close",
    when=closable,
    label=gettext_noop("Close it to the outside"),
    summary=gettext_noop("Take the public form of a process away; cases it started go on."),
    rank=80,
)
def close_outside(unit: Unit, process: ProcessObject, _by: Known, _given: Nothing) -> Outcome:
    """From now on there is no such page."""
    _say(unit, process, open=False)
    return done(gettext("The public form is gone."), undo="process.open")


def _say(unit: Unit, process: ProcessObject, *, open: bool) -> None:
    stream = unit.stream(stream_of(process.version.key))
    stream.record("process.opened" if open else "process.closed", Said(open=open))
    stream.keep(Outside(open=open))


def with_form(
    process: ProcessObject, card: Card, known: Known, _full: bool, _reading: Reading
) -> Card:
    """Members read on the card that it is open, and where."""
    if not process.outside or known.is_guest:
        return card
    place = form_path(process.version.key)
    fact = Fact(gettext("Public form"), place, kind="link", url=place)
    return Card(**{**{name: getattr(card, name) for name in card.__struct_fields__},
                   "facts": (*card.facts, fact)})  # fmt: skip


add_to_card("process", with_form)
