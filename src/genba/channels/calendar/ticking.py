"""A to-do that was ticked off: done where that is enough, else open again with a note.

Rules of this file: what a program sends is read for one thing, whether it is ticked (`channel`);
whatever else was changed in it comes back as it is here. A tick is an act like any other, by the
one path. One that is not enough is never refused, for then the program would go on showing it as
done: it is noted, the to-do says so, and its card comes by mail.
"""

import msgspec
from django.utils.translation import override

from genba.acts.card import Card
from genba.acts.inbound import Verdict
from genba.acts.objects import card_for
from genba.acts.performance import perform
from genba.channels.calendar.channel import NAME, Sent, read
from genba.channels.calendar.lists import ticked_key
from genba.journal.records import Answer, Attempt, CaseId, NewOutbox
from genba.people.directory import Known
from genba.runtime.installation import Installation, current
from genba.runtime.notices import CardNotice


def take(id: str, file: bytes, reader: Known) -> None:
    """A program sent the to-do of a task."""
    with override(reader.locale):
        card = card_for("task", id, reader, full=False)
        if card is None or not card.open:
            return  # somebody was faster: it goes away with the next look
        heard = read(Sent(reader=reader, card=card, file=file))
    if heard is None:
        return
    outcome = perform(heard.inbound) if heard.wants == "act" else None
    if outcome is None or not (outcome.ok or outcome.verdict is Verdict.GONE):
        _come_back(current(), card, reader, noted=outcome is not None)


def _come_back(inst: Installation, card: Card, reader: Known, *, noted: bool) -> None:
    """Keep that it was ticked in vain, and ask for the answer by mail, once a day at most."""
    now = inst.clock.now()
    key = ticked_key(card.id, card.version, reader)
    case, _colon, work = card.id.partition(":")
    notice = CardNotice(case=case, work=work, what="ticked", by=reader.id, day=f"{now:%Y-%m-%d}")
    attempt = Attempt(
        at=now,
        channel=NAME,
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
