"""What goes out to chat systems: cards to who reads there, and messages kept true.

Rules of this file: two steps, as for mail. A notice becomes one outbox row per reader ("chat"), or
per message that shows its card ("chat-edit"); then a row is sent. When a system declines, or does
not answer several times, the card goes by mail: nobody misses what is asked of them.
"""

from datetime import datetime

import msgspec
from django.conf import settings
from django.utils.translation import override
from msgspec import Struct
from msgspec.structs import replace

from genba.acts.card import Card
from genba.acts.objects import card_for
from genba.channels.chat.calling import Busy, Declined, send_call
from genba.channels.chat.posts import Shown, keep_post, showing
from genba.channels.chat.reach import reached
from genba.channels.chat.systems import System, systems
from genba.channels.contract import Surroundings
from genba.channels.mail.outbound import AGAIN, asked, send_to, with_deputies
from genba.channels.mail.site import site
from genba.journal.contract import Reading
from genba.journal.records import Answer, CaseId, NewOutbox, OutboxRow
from genba.people.attention import attention_of, is_urgent, quiet_until
from genba.people.directory import Known, known
from genba.runtime.installation import Installation
from genba.runtime.notices import CardNotice

TRIES = 3  # how often a system is asked before mail takes over
FIRST = ("opened", "assigned")
SEND, EDIT = "chat", "chat-edit"


class Sending(Struct, frozen=True, kw_only=True):
    """A card for somebody, under one of their identities."""

    channel: str
    who: str
    person: str
    object: str
    id: str
    key: str  # of the mail that takes over


class Editing(Struct, frozen=True, kw_only=True):
    """A message that is to show its card as it is now."""

    channel: str
    person: str
    message: str
    object: str
    id: str


def connect(inst: Installation) -> None:
    """Let this installation talk to its chat systems."""
    inst.on("card", show_card, "chat")
    inst.on(SEND, post_card, "chat")
    inst.on(EDIT, edit_card, "chat")


def surroundings(system: System) -> Surroundings:
    """What a rendering for a system needs."""
    return Surroundings(url=settings.GENBA_URL.rstrip("/"), name=site().name, secret=system.secret)


def show_card(inst: Installation, row: OutboxRow) -> None:
    """Something happened to a work: who is asked gets its card, and messages of it change."""
    notice = msgspec.json.decode(row.body, type=CardNotice)
    id = f"{notice.case}:{notice.work}"
    with inst.journal.reading() as reading:
        work = reading.work(CaseId(notice.case), notice.work)
        shown = showing(reading, "task", id)
        rows = [_editing(row, one, id) for one in shown]
        if work and work.closed_at is None and work.later is None and _asks_again(notice):
            people = with_deputies(asked(work), reading)
            if notice.what == "ticked":  # in somebody's list: nobody else has to hear of it
                people = tuple(one for one in people if one.id == notice.by)
            people = tuple(one for one in people if notice.to in ("", one.id))
            for person in people:
                due = _time_for(inst, person, work.due, reading) or row.due
                for system, who in reached(reading, person.id)[:1]:
                    sending = _sending(row, notice, system, who, person)
                    rows.append(replace(sending, due=due))
    if rows:
        with inst.journal.writing() as tx:
            tx.post(CaseId(notice.case), rows)
        inst.wake()


def _time_for(
    inst: Installation, person: Known, due: datetime | None, reading: Reading
) -> datetime | None:
    """The end of somebody's quiet hours; None where they have none now, or it cannot wait."""
    until = quiet_until(attention_of(person.id, reading), inst.clock.now())
    return None if until is None or is_urgent(due, until) else until


def _asks_again(notice: CardNotice) -> bool:
    return notice.what in FIRST or notice.what in AGAIN


def _editing(row: OutboxRow, one: Shown, id: str) -> NewOutbox:
    body = Editing(
        channel=one.channel, person=one.person, message=one.message, object="task", id=id
    )
    key = f"{EDIT}:{row.key}:{one.channel}:{one.message}"
    return NewOutbox(kind=EDIT, body=msgspec.json.encode(body), key=key, due=row.due)


def _sending(
    row: OutboxRow, notice: CardNotice, system: System, who: str, person: Known
) -> NewOutbox:
    name, id = system.chat.channel.name, f"{notice.case}:{notice.work}"
    key = f"card:{id}:{person.id}"
    if notice.what not in FIRST:
        key = f"{notice.what}:{id}:{person.id}:{notice.day or row.key}"
    body = Sending(channel=name, who=who, person=person.id, object="task", id=id, key=key)
    key = f"{SEND}:{name}:{key}"
    return NewOutbox(kind=SEND, body=msgspec.json.encode(body), key=key, due=row.due)


def post_card(inst: Installation, row: OutboxRow) -> None:
    """Post a card; by mail when it cannot be. Raises Busy when it should be tried again."""
    sending = msgspec.json.decode(row.body, type=Sending)
    person, system = known(sending.person), systems().get(sending.channel)
    card = card_for(sending.object, sending.id, person) if person else None
    if person is None or card is None or card.quiet or not any(o.primary for o in card.offers):
        return
    try:
        if system is None:
            raise Declined("it is not set up any more")
        _post(inst, system, sending, card, person)
    except Declined:
        send_to(inst, person, card, sending.key)
    except Busy:
        if row.attempts + 1 < TRIES:
            raise
        send_to(inst, person, card, sending.key)


def _post(inst: Installation, system: System, sending: Sending, card: Card, person: Known) -> None:
    chat, around = system.chat, surroundings(system)
    assert chat.post is not None
    assert chat.posted is not None
    place = _place(inst, system, sending.who)
    with inst.journal.reading() as reading:
        before = showing(reading, "case", card.case)
    mine = [one for one in before if (one.channel, one.person) == (sending.channel, person.id)]
    root = mine[0].message if mine else ""
    with override(person.locale):
        call = chat.post(place, card, system.account, around, root)
    message = chat.posted(send_call(system, call), place)
    if not message:
        raise Declined("the answer names no message")
    shown = Shown(channel=sending.channel, person=person.id, message=message)
    keep_post(inst, sending.object, sending.id, shown)
    if not mine:
        keep_post(inst, "case", card.case, shown)


def _place(inst: Installation, system: System, who: str) -> str:
    """Where somebody is talked to; made once."""
    chat = system.chat
    if chat.open is None or chat.opened is None:
        return who
    key = f"chat-place:{chat.channel.name}:{who}"
    with inst.journal.reading() as reading:
        kept = reading.answer(key)
    if kept is not None:
        return kept.body.decode()
    place = chat.opened(send_call(system, chat.open(who, system.account)))
    if not place:
        raise Declined("no place to talk was made")
    with inst.journal.writing() as tx:
        if tx.answer(key) is None:
            now = inst.clock.now()
            tx.remember(Answer(key=key, actor="", digest="", body=place.encode(), at=now))
    return place


def edit_card(inst: Installation, row: OutboxRow) -> None:
    """Make a message show its card as it is now, as whom it was posted for may see it."""
    editing = msgspec.json.decode(row.body, type=Editing)
    person, system = known(editing.person), systems().get(editing.channel)
    card = card_for(editing.object, editing.id, person) if person else None
    if person is None or card is None or system is None or system.chat.edit is None:
        return
    with override(person.locale):
        call = system.chat.edit(editing.message, card, system.account, surroundings(system))
    try:
        send_call(system, call)
    except Declined:
        return  # somebody deleted it, or it is too old to be changed: it asks nothing by itself
