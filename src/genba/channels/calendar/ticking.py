"""A to-do that was ticked off: done where that is enough, else open again with a note.

Rules of this file: what a program sends is read for one thing, whether it is ticked; whatever else
was changed in it comes back as it is here. A tick is an act like any other, by the one path. One
that is not enough is never refused, for then the program would go on showing it as done: it is
noted, the to-do says so, and its card comes by mail.
"""

import msgspec
from django.utils.translation import override
from icalendar import Calendar

from genba.acts.card import Assurance, Card, Offer
from genba.acts.inbound import Inbound, Outcome, Verdict
from genba.acts.objects import card_for
from genba.acts.performance import perform
from genba.channels.calendar.entries import tick_of
from genba.channels.calendar.lists import ticked_key
from genba.journal.records import Answer, Attempt, CaseId, NewOutbox
from genba.people.access import ACT
from genba.people.directory import Known
from genba.runtime.installation import Installation, current
from genba.runtime.notices import CardNotice

CHANNEL = "todo"


def is_ticked(file: bytes) -> bool | None:
    """Whether a to-do says that it is done; None for what is no to-do."""
    try:
        todos = Calendar.from_ical(file).walk("VTODO")
    except (ValueError, IndexError, KeyError, TypeError):
        return None
    if len(todos) != 1:
        return None
    (one,) = todos
    done = str(one.get("STATUS", "")).upper() == "COMPLETED"
    return done or "COMPLETED" in one or str(one.get("PERCENT-COMPLETE", "")) == "100"


def tick(id: str, reader: Known) -> None:
    """The reader ticked a task off."""
    with override(reader.locale):
        card = card_for("task", id, reader, full=False)
        if card is None or not card.open:
            return  # somebody was faster: it goes away with the next look
        offer = tick_of(card)
        outcome = _done(card, offer, reader) if offer else None
    if outcome is None or not (outcome.ok or outcome.verdict is Verdict.GONE):
        _come_back(current(), card, reader, noted=outcome is not None)


def _done(card: Card, offer: Offer, reader: Known) -> Outcome:
    return perform(
        Inbound(
            channel=CHANNEL,
            assurance=Assurance.CHANNEL,
            act=offer.act,
            key=f"{reader.id}:{card.id}:{card.version}",
            person=reader.id,
            behalf=offer.behalf,
            object=card.object,
            object_id=card.id,
            locale=reader.locale,
            scopes=(ACT,),  # a tick is the one act the password of a list is for
        )
    )


def _come_back(inst: Installation, card: Card, reader: Known, *, noted: bool) -> None:
    """Keep that it was ticked in vain, and ask for the answer by mail, once a day at most."""
    now = inst.clock.now()
    key = ticked_key(card.id, card.version, reader)
    case, _colon, work = card.id.partition(":")
    notice = CardNotice(case=case, work=work, what="ticked", by=reader.id, day=f"{now:%Y-%m-%d}")
    attempt = Attempt(
        at=now,
        channel=CHANNEL,
        identity="",
        person=reader.id,
        object=card.object,
        object_id=card.id,
        act="",
        outcome=Verdict.INVALID,
        detail="ticked off, but it asks for an answer",
    )
    with inst.journal.writing() as tx:
        if not noted:
            tx.note_attempt(attempt)
        if tx.answer(key) is None:
            tx.remember(Answer(key=key, actor=reader.id, digest="", body=b"", at=now))
            body = msgspec.json.encode(notice)
            tx.post(CaseId(case), [NewOutbox(kind="card", body=body, key=key, due=now)])
    inst.wake()
