"""What goes out: who gets which card, and handing a mail to the relay.

Rules of this file: two steps, both once by key. First a notice becomes one outbox row per reader
("mail"), with the card as that reader may see it; then a row is handed to the relay. A notice for
a card nobody may see, or one that is gone by now, sends nothing. A refusal for good (5xx) is
noted, not tried for ever; everything else is left to the runtime, which tries again later.
"""

import smtplib
from collections.abc import Iterable
from contextlib import closing
from urllib.parse import unquote, urlsplit

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override
from msgspec.structs import replace

from genba.acts.card import Assurance, Card
from genba.acts.inbound import Inbound
from genba.acts.objects import card_for
from genba.acts.performance import perform
from genba.acts.tokens import issue
from genba.cases.attention_acts import DIGEST
from genba.channels.chat.reach import reached
from genba.channels.mail.addresses import plain_address, read_recipient, reply_address, start_slugs
from genba.channels.mail.confirming import FORGET, forget
from genba.channels.mail.digests import send_digest
from genba.channels.mail.mailbox import keep
from genba.channels.mail.patience import hears_at_once, waits
from genba.channels.mail.posting import (
    LINK_DAYS,
    REPLY_DAYS,
    Parcel,
    card_key,
    post,
    remember,
    remembered,
)
from genba.channels.mail.rendering import Envelope, card_mail, plain_mail
from genba.channels.mail.reports import of_refusal
from genba.channels.mail.returned import failed, is_gone, tell
from genba.channels.mail.sent import Sent, sent_back
from genba.channels.mail.site import Site, site
from genba.channels.mail.threads import card_thread
from genba.journal.contract import Reading
from genba.journal.records import Attempt, CaseId, Content, OutboxRow, WorkRow, whole_of
from genba.people.deputies import serving
from genba.people.directory import Known, invite, known, members
from genba.runtime.installation import Installation
from genba.runtime.notices import CardNotice, InvitationNotice, PartyNotice, WordsNotice

# What happened to a work -> what the mail says that brings its card once more.
AGAIN = {
    "handed": gettext_noop("This is with you now:"),
    "held": gettext_noop("This is on hold: nothing is asked of you until it goes on."),
    "continued": gettext_noop("This goes on, and is with you again:"),
    "reminded": gettext_noop("A reminder: this still waits for you."),
    "returned": gettext_noop("This was put off until now, and is back:"),
    "ticked": gettext_noop("You ticked this off, but it asks for an answer:"),
    "escalated": gettext_noop("Nobody took this in time, so you are asked:"),
}
QUOTED = 200  # letters of what somebody answers
_TIMEOUT = 30.0  # seconds for the relay to answer


def connect(inst: Installation) -> None:
    """Let this installation send mail: registers what handles its outbox rows."""
    inst.on("card", send_card, "mail")
    inst.on("words", send_words, "mail")
    inst.on("party", send_to_party, "mail")
    inst.on("invite", send_invitation, "mail")
    inst.on("mail", hand_over, "mail")
    inst.on(DIGEST, send_digest, "mail")
    inst.on(FORGET, forget, "mail")


def send_card(inst: Installation, row: OutboxRow) -> None:
    """A work was opened, assigned, is back or reminded of: its card to whoever is asked, once each.

    A reminder goes once a day at most to each, whoever reminds.
    """
    notice = msgspec.json.decode(row.body, type=CardNotice)
    again = AGAIN.get(notice.what)
    if notice.what not in ("opened", "assigned") and again is None:
        return
    with inst.journal.reading() as reading:
        work = reading.work(CaseId(notice.case), notice.work)
        people = with_deputies(asked(work), reading) if work else ()
    if notice.what == "ticked":  # in somebody's list: nobody else has to hear of it
        people = tuple(person for person in people if person.id == notice.by)
    if work is None or work.closed_at is not None or work.later is not None:
        return
    for person in people:
        key = card_key(f"{work.case}:{work.work}", person.id)
        if again is not None:
            key = f"{notice.what}:{work.case}:{work.work}:{person.id}:{notice.day or row.key}"
        card = card_for("task", f"{work.case}:{work.work}", person)
        if card is None or card.quiet or _elsewhere(inst, person):
            continue
        if notice.to not in ("", person.id):
            continue
        asks = notice.what == "held" or any(offer.primary for offer in card.offers)
        if asks and not waits(inst, row, notice, person, card.due):
            _send(inst, person, card, key, opening=_urging(notice, person))


def _elsewhere(inst: Installation, person: Known) -> bool:
    """Whether somebody gets their cards in a chat; it hands them to us when it fails."""
    with inst.journal.reading() as reading:
        return bool(reached(reading, person.id))


def send_to(inst: Installation, person: Known, card: Card, key: str) -> None:
    """A card by mail after all, once per key."""
    _send(inst, person, card, key)


def _urging(notice: CardNotice, person: Known) -> str:
    """Why the same card comes once more; "" for the first time."""
    words = AGAIN.get(notice.what)
    if words is None:
        return ""
    reminder = known(notice.by) if notice.by and notice.what == "reminded" else None
    with override(person.locale):
        if reminder is not None:
            return _("%(who)s reminds you:") % {"who": reminder.name}
        return _(words)


def asked(work: WorkRow) -> tuple[Known, ...]:
    """Who is asked to do a work: the one it is assigned to, else everybody it is open to."""
    if work.assignee:
        one = known(work.assignee)
        return (one,) if one else ()
    named = [person for id in work.users if (person := known(id))]
    teams = dict.fromkeys(team for team in (work.role, *work.groups) if team)
    return _each(named, *(members(team) for team in teams))


def with_deputies(people: tuple[Known, ...], reading: Reading) -> tuple[Known, ...]:
    """Those who are asked, and whoever stands for one of them today."""
    return _each(people, *(serving(person.id, reading) for person in people))


def send_words(inst: Installation, row: OutboxRow) -> None:
    """Somebody said something: to those who were mentioned and those who follow.

    Who muted it, or gets what is said once a day, is told only when they were mentioned.
    """
    notice = msgspec.json.decode(row.body, type=WordsNotice)
    case = CaseId(notice.case)
    with inst.journal.reading() as reading:
        content = reading.content(case, notice.content)
        followers = reading.followers(case)
        if whole := whole_of(case):  # who follows a table hears what is said on its rows
            followers += reading.followers(CaseId(whole))
        followers = [id for id in followers if hears_at_once(id, case, reading)]
        quoted = reading.content(case, notice.quote) if notice.quote else None
    if content is None or content.erased:
        return
    author = known(notice.author)
    words = _in_words(content).strip()
    wanted = dict.fromkeys([*notice.mentioned, *(() if notice.only else followers)])
    for id in wanted if not notice.to else [notice.to]:
        person = known(id) if id != notice.author else None
        card = _talk_card(notice, person) if person else None
        if person is None or card is None or waits(inst, row, notice, person, card.due):
            continue
        with override(person.locale):
            opening = _opening(author, words, quoted, mentioned=id in notice.mentioned)
        if words and words in card.title:  # a question: its card says who asks what
            opening = ""
        key = f"words:{case}:{notice.seq}:{person.id}"
        _send(inst, person, replace(card, said=()), key, opening=opening)


def _opening(author: Known | None, words: str, quoted: Content | None, *, mentioned: bool) -> str:
    """Who said what, to what."""
    frame = _("%(who)s asks for your attention:") if mentioned else _("%(who)s wrote:")
    lines = [frame % {"who": author.name if author else _("Somebody")}]
    if quoted is not None and not quoted.erased:
        said = " ".join(_in_words(quoted).split())
        lines.append(f"“{said[:QUOTED]}{' …' if len(said) > QUOTED else ''}”")
    return "\n".join([*lines, words])


def send_invitation(inst: Installation, row: OutboxRow) -> None:
    """Somebody outside is asked into a case: as a guest, with a link that is theirs."""
    notice = msgspec.json.decode(row.body, type=InvitationNotice)
    try:
        guest = invite(notice.address)
    except ValueError:
        return  # the account is closed: whoever closed it knows why
    inviter = known(notice.by)
    shared = perform(
        Inbound(
            channel="mail",
            assurance=Assurance.CHANNEL,
            act="case.share",
            given={"to": guest.address, "level": "see"},
            key=f"{row.key}:share",
            person=notice.by,
            object="case",
            object_id=notice.case,
        )
    )
    card = card_for("case", notice.case, guest) if shared.ok and inviter is not None else None
    if card is None or inviter is None:
        return
    with override(guest.locale):
        opening = _("%(who)s shares this with you:") % {"who": inviter.name}
    words = f"{opening}\n{notice.words}".strip()
    _send(inst, guest, card, f"invite:{notice.case}:{row.key}", opening=words)


def welcome(inst: Installation, person: Known, case: str, opening: str) -> None:
    """To who started a case without an account here: its card, with a link that is theirs."""
    card = card_for("case", case, person)
    if card is not None:
        _send(inst, person, card, f"started:{case}:{person.id}", opening=opening)


def _in_words(content: Content) -> str:
    """What was said; of a file, its name."""
    return content.name if content.kind == "file" else content.body.decode("utf-8", "replace")


def send_to_party(inst: Installation, row: OutboxRow) -> None:
    """A case sent a message to an outside party that has an address: in plain words."""
    notice = msgspec.json.decode(row.body, type=PartyNotice)
    address = plain_address(notice.address)
    if not address:
        return
    place = site()
    with inst.journal.reading() as reading:
        case = reading.case(CaseId(notice.case))
    subject = case.title if case and case.title else notice.name
    lines = [notice.name, *(f"{name}: {value}" for name, value in notice.data.items())]
    envelope = Envelope(
        site=place,
        name=notice.party,
        address=address,
        thread=card_thread(subject=subject, case=notice.case, key=row.key, domain=place.domain),
        at=inst.clock.now(),
    )
    message = plain_mail("\n".join(lines), envelope)
    sent = Sent(address=address, subject=subject, case=notice.case)
    _post(inst, row.key, message.as_bytes(), envelope, sent)


def hand_over(inst: Installation, row: OutboxRow) -> None:
    """Give one mail to the relay, or to the built-in mailbox through our own listener.

    Where no listener runs (the command line, loading a demonstration) the mail is put into the
    mailbox at once. Raises OSError or SMTPException when it should be tried again.
    """
    parcel = msgspec.json.decode(row.body, type=Parcel)
    place = site()
    try:
        with closing(_relay(place)) as relay:
            relay.sendmail(parcel.sender, [parcel.recipient], parcel.message)
    except ConnectionRefusedError:
        if place.mailbox is None:
            raise
        keep(place.mailbox, parcel.message, [parcel.recipient])
    except smtplib.SMTPRecipientsRefused as refused:
        code, said = refused.recipients[parcel.recipient]
        _give_up(inst, parcel, code, said)
    except smtplib.SMTPResponseException as refused:
        _give_up(inst, parcel, refused.smtp_code, refused.smtp_error)


def _relay(place: Site) -> smtplib.SMTP:
    if not place.relay:
        if place.protocol == "lmtp":
            return smtplib.LMTP(place.host, place.port)
        return smtplib.SMTP(place.host, place.port, timeout=_TIMEOUT)
    target = urlsplit(place.relay)
    host = target.hostname or "localhost"
    if target.scheme == "smtps":
        relay: smtplib.SMTP = smtplib.SMTP_SSL(host, target.port or 465, timeout=_TIMEOUT)
    else:
        relay = smtplib.SMTP(host, target.port or 25, timeout=_TIMEOUT)
        relay.ehlo()
        if relay.has_extn("starttls"):
            relay.starttls()
    if target.username:
        relay.login(unquote(target.username), unquote(target.password or ""))
    return relay


def _give_up(inst: Installation, parcel: Parcel, code: int, said: bytes | str) -> None:
    """Note a refusal for good; raise again what may pass (4xx)."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    if code < 500:
        raise OSError(f"the mail server says {code} {text}")
    sent = sent_back(read_recipient(parcel.sender, site().domain).value)
    with inst.journal.writing() as tx:
        tx.note_attempt(
            Attempt(
                at=inst.clock.now(),
                channel="mail",
                identity=f"mailto:{parcel.recipient}",
                person=sent.person if sent else "",
                object="",
                object_id="",
                act="",
                outcome="undeliverable",
                detail=f"{code} {text}"[:500],
            )
        )
    if sent is not None:
        failed(sent, of_refusal(code, text))


def _send(inst: Installation, person: Known, card: Card, key: str, *, opening: str = "") -> None:
    """Render a card for one reader and put it into the outbox, once per key."""
    if not person.address or remembered(inst, key):
        return
    place = site()
    sent = Sent(
        address=person.address,
        subject=card.subject,
        person=person.id,
        object=card.object,
        object_id=card.id,
        case=card.case,
    )
    with inst.journal.reading() as reading:
        gone = is_gone(person.address, reading)
    if gone:
        tell(inst, sent)
        return
    reply = issue(inst, person.id, card.object, card.id, "reply", REPLY_DAYS)
    link = issue(inst, person.id, card.object, card.id, "link", LINK_DAYS)
    envelope = Envelope(
        site=place,
        name=person.name,
        address=person.address,
        thread=card_thread(subject=card.subject, case=card.case, key=key, domain=place.domain),
        at=inst.clock.now(),
        reply_to=reply_address(reply, place.domain),
        link=f"{place.url}/m/{link}",
        process=_slug(inst, card.process),
        process_name=card.process_name,
    )
    with override(person.locale):
        message = card_mail(card, envelope, opening=opening)
    _post(inst, key, message.as_bytes(), envelope, sent)


def _post(inst: Installation, key: str, message: bytes, envelope: Envelope, sent: Sent) -> None:
    with inst.journal.writing() as tx:
        if remember(tx, key):
            post(inst, tx, key, message, envelope, sent)
    inst.wake()


def _talk_card(notice: WordsNotice, person: Known) -> Card | None:
    """The card to talk on: the one part that asks something of this person, else the whole."""
    whole = card_for(notice.object, notice.object_id or notice.case, person)
    if whole is None:
        return None
    tasks = [card for card in whole.cards if any(offer.primary for offer in card.offers)]
    return card_for(tasks[0].object, tasks[0].id, person) if len(tasks) == 1 else whole


def _slug(inst: Installation, process: str) -> str:
    with inst.journal.reading() as reading:
        slugs = start_slugs(version.key for version in reading.processes())
    return slugs.get(process, "")


def _each(*groups: Iterable[Known]) -> tuple[Known, ...]:
    """Everybody, each once."""
    return tuple({person.id: person for group in groups for person in group}.values())
