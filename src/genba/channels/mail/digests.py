"""The digest: one mail a day of what was said and what happened in what somebody follows.

Rules of this file: made of the log at the moment it is sent, for who gets it: only what they may
see, without what they did themselves and without what they muted. Where nothing happened no mail
goes.
The next one is posted with it; a row of a time that was chosen anew meanwhile does nothing.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from msgspec import Struct
from msgspec.structs import replace

from genba.acts.card import Card, Moment
from genba.acts.objects import card_in
from genba.cases.attention_acts import DIGEST, Waiting
from genba.cases.part_objects import whole_of_log
from genba.channels.mail.posting import post, remember
from genba.channels.mail.rendering import Envelope, plain_mail
from genba.channels.mail.sent import Sent
from genba.channels.mail.site import site
from genba.channels.mail.threads import card_thread
from genba.journal.contract import InboxQuery, Reading
from genba.journal.records import CaseId, OutboxRow, stream_kind
from genba.journal.records import Envelope as Origin
from genba.people.attention import (
    MUTED,
    Attention,
    attention_of,
    muting,
    next_digest,
    stream_of,
)
from genba.people.directory import Known, known
from genba.runtime.installation import Installation
from genba.runtime.unit import open_unit

MOST = 30  # conversations in one mail
LINES = 12  # of one conversation
WORDS = 300  # letters of what somebody said


class Told(Struct, frozen=True, kw_only=True):
    """A digest was sent, of so many conversations."""

    conversations: int


def send_digest(inst: Installation, row: OutboxRow) -> None:
    """The time of somebody's digest has come."""
    waiting = msgspec.json.decode(row.body, type=Waiting)
    person, now = known(waiting.person), inst.clock.now()
    if person is None:
        return
    with inst.journal.reading() as reading:
        chosen = attention_of(person.id, reading)
        if (
            chosen.daily is None
            or chosen.next is None
            or f"{chosen.next.isoformat()}" not in row.key
        ):
            return
        since = chosen.told or now - timedelta(days=1)
        with override(person.locale):
            parts = list(_parts(person, since, now, reading))
            text = _text(person, parts, since, now, reading) if parts else ""
    if text:
        _post(inst, person, row.key, text)
    _go_on(inst, person, row, len(parts))


def _parts(
    person: Known, since: datetime, now: datetime, reading: Reading
) -> Iterator[tuple[Card, tuple[Moment, ...]]]:
    """What was said and happened, by conversation."""
    left = MOST
    for log in reading.followed(person.id):
        kind = stream_kind(log)
        if not left or kind == MUTED or (kind and kind != "decision"):
            continue
        if person.id in muting(log, reading) or not _is_new(log, since, reading):
            continue
        object, id = whole_of_log(log)
        card = card_in(object, id, person, reading)
        moments = (
            tuple(one for one in card.story if _counts(one, person, since, now)) if card else ()
        )
        if card is not None and moments:
            left -= 1
            yield card, moments


def _is_new(log: CaseId, since: datetime, reading: Reading) -> bool:
    """Whether anything was written there after an instant."""
    if stream_kind(log):
        stream = reading.stream(log)
        return stream is not None and stream.updated > since
    row = reading.case(log)
    last = reading.log(log, after=row.revision - 1) if row is not None else []
    return bool(last) and last[-1].envelope.at > since


def _counts(moment: Moment, person: Known, since: datetime, now: datetime) -> bool:
    fresh = since < moment.at <= now
    return fresh and not moment.quiet and moment.person != person.id


def _text(
    person: Known,
    parts: list[tuple[Card, tuple[Moment, ...]]],
    since: datetime,
    now: datetime,
    reading: Reading,
) -> str:
    """The words of the mail."""
    lines = [_("What was said and happened since %(when)s:") % {"when": _moment(since)}]
    for card, moments in parts:
        lines += ["", card.subject, f"{site().url}{card.url}"]
        for moment in moments[-LINES:]:
            lines.append(f"{_moment(moment.at)}  {_line(moment)}")
    mine = InboxQuery(
        person=person.id, groups=person.groups, names=(person.address, person.handle), now=now
    )
    waiting = reading.inbox_counts(mine).get("all", 0)
    if waiting:
        words = ngettext("%(num)s task waits for you:", "%(num)s tasks wait for you:", waiting)
        lines += ["", words % {"num": waiting}, f"{site().url}/"]
    lines += ["", _("You chose one mail a day; change that here:"), f"{site().url}/me"]
    return "\n".join(lines)


def _line(moment: Moment) -> str:
    """One line of it: who said what, about what; or what happened."""
    if moment.kind == "event":
        named = moment.who and not moment.text.startswith(moment.who)
        return f"{moment.who} {moment.text}" if named else moment.text
    text = " ".join((moment.text if moment.kind == "words" else moment.file).split())
    text = text if len(text) <= WORDS else f"{text[:WORDS].rstrip()} …"
    about = f" ({moment.about})" if moment.about else ""
    return f"{moment.who}{about}: “{text}”"


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j N, H:i")


def _post(inst: Installation, person: Known, key: str, text: str) -> None:
    place = site()
    with override(person.locale):
        day = date_format(timezone.localtime(inst.clock.now()), "DATE_FORMAT")
        subject = _("What happened, %(day)s") % {"day": day}
    envelope = Envelope(
        site=place,
        name=person.name,
        address=person.address,
        thread=card_thread(subject=subject, case=key, key=key, domain=place.domain),
        at=inst.clock.now(),
    )
    message = plain_mail(text, envelope).as_bytes()
    sent = Sent(
        address=person.address, subject=subject, person=person.id, case=stream_of(person.id)
    )
    with inst.journal.writing() as tx:
        if person.address and remember(tx, key):
            post(inst, tx, key, message, envelope, sent)
    inst.wake()


def _go_on(inst: Installation, person: Known, row: OutboxRow, conversations: int) -> None:
    """Told up to now; the next one waits for its time."""
    now = inst.clock.now()
    key = f"{row.case}:{row.key}"
    origin = Origin(at=now, channel="timer", machine=True, act=row.kind, key=key)
    with open_unit(inst, origin) as unit:
        stream = unit.stream(stream_of(person.id))
        chosen = stream.state(Attention)
        if chosen is None or chosen.next is None or chosen.next.isoformat() not in row.key:
            return
        later = next_digest(chosen, now)
        stream.record("attention.told", Told(conversations=conversations))
        stream.keep(replace(chosen, told=now, next=later))
        if later is not None:
            again = f"{DIGEST}:{person.id}:{later.isoformat()}"
            stream.post(DIGEST, Waiting(person=person.id), key=again, due=later)
