"""A mail nobody vouches for: kept, and asked about at the registered address.

Rules of this file: what somebody wrote is kept for some days as it came, and done when the person
it claims to be from answers the mail we send to their registered address; whoever reads that
mailbox is that person as far as a mailbox can say. It proves level CHANNEL and no more. The
secret in that mail is good for one answer; a program that opens links cannot give one. One such
mail per person, card and day, whatever comes.
"""

from datetime import timedelta

from django.utils.translation import gettext as _
from msgspec import Struct
from msgspec.structs import replace

from genba.acts.declaring import mail_words
from genba.acts.tokens import issue, resolve
from genba.channels.mail.addresses import Purpose, Recipient
from genba.channels.mail.answering import Limit, Matter, answer, finish
from genba.channels.mail.languages import words_everywhere
from genba.channels.mail.letters import Letter
from genba.channels.mail.posting import remember
from genba.channels.mail.verbs import normal
from genba.journal.contract import Transaction
from genba.journal.records import CaseId, Content, Envelope, OutboxRow
from genba.people.directory import Known, known
from genba.runtime.installation import Installation, current
from genba.runtime.streams import read_state
from genba.runtime.unit import open_unit

CONFIRM = "confirm"  # the purpose of its secret, and the word one answers with
DAYS = 3  # a mail waits so long for its sender
KIND = "unproven"
FORGET = "mail-forget"
WORDS = ("confirm", "confirmed")  # mail words, in every language


class Waiting(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mail that waits for its sender: where it is kept, and where it came to."""

    person: str
    content: str
    purpose: str  # of the address it came to
    value: str
    sender: str  # of its envelope


class Held(Struct, frozen=True, kw_only=True):
    """The mail that was waiting, as it came."""

    raw: bytes
    recipient: Recipient
    sender: str


def hold(matter: Matter, recipient: Recipient) -> None:
    """Keep an unproven mail and ask its person, at their address, whether it is theirs."""
    inst = current()
    held = replace(matter, key=f"{matter.key}:held")
    stream = f"{KIND}:{matter.key}"
    with inst.journal.reading() as reading:
        known_before = reading.stream(stream) is not None
    if known_before:
        return
    _keep(inst, stream, matter, recipient)
    secret = issue(inst, matter.person.id, KIND, stream, CONFIRM, DAYS)
    line = " ".join(matter.letter.reading.first.split())[:200]
    text = _(
        "A mail in your name came by a way nobody vouches for, so nothing was done yet. It begins: "
        "“%(line)s”. If you wrote it, answer this mail with the word “%(word)s” alone. If you did "
        "not, do nothing."
    ) % {"line": line, "word": words_of_confirming()[0]}
    answer(replace(held, token=secret), text, Limit.HELD)


def words_of_confirming() -> tuple[str, ...]:
    """The word one confirms with: in the language that is active, then in the others."""
    return tuple(dict.fromkeys([*mail_words(WORDS), *words_everywhere(WORDS)]))


def waiting(secret: str) -> tuple[Known, str] | None:
    """Whom a secret of this kind was sent to, and the stream of the mail that waits."""
    row = resolve(secret, CONFIRM)
    person = known(row.person) if row else None
    return (person, row.object_id) if row and person else None


def release(letter: Letter, person: Known, stream: str) -> Held | None:
    """The mail that waited, when this answer confirms it; None when it does not, or did before."""
    inst = current()
    if letter.sender != person.address or not _confirms(letter):
        return None
    with inst.journal.writing() as tx:
        held = _held(tx, stream)
        if held is None or not remember(tx, f"{CONFIRM}:{stream}"):
            return None
    return held


def decline(letter: Letter, person: Known, secret: str, stream: str) -> None:
    """An answer that does not confirm: the person is told what would."""
    matter = Matter(letter=letter, person=person, key=f"{letter.key}:{stream[-16:]}")
    if letter.sender != person.address:
        finish(matter.key)
        return
    text = _("Nothing was done. To confirm, answer with the word “%(word)s” alone.")
    words = text % {"word": words_of_confirming()[0]}
    answer(replace(matter, token=secret), words, Limit.FAILED)


def forget(inst: Installation, row: OutboxRow) -> None:
    """A mail that nobody confirmed in time is erased; so is one that was done."""
    with inst.journal.writing() as tx:
        kept = read_state(tx.stream(str(row.case)), Waiting)
        if kept is not None:
            tx.erase_content(row.case, kept.content)


def _confirms(letter: Letter) -> bool:
    return normal(letter.reading.first) in {normal(word) for word in words_of_confirming()}


def _keep(inst: Installation, stream: str, matter: Matter, recipient: Recipient) -> None:
    now, letter = inst.clock.now(), matter.letter
    envelope = Envelope(at=now, actor="", channel="mail", act="", key=stream)
    kept = Waiting(
        person=matter.person.id,
        content="mail",
        purpose=recipient.purpose,
        value=recipient.value,
        sender=letter.returns_to,
    )
    with open_unit(inst, envelope) as unit:
        opened = unit.stream(stream)
        body = Content(
            case=CaseId(stream), id=kept.content, kind="file", name="mail.eml",
            media_type="message/rfc822", size=len(letter.raw), body=letter.raw,
        )  # fmt: skip
        unit.tx.put_content(body)
        opened.record("mail.held", {"person": kept.person})
        opened.keep(kept)
        opened.post(FORGET, {}, key=f"{FORGET}:{stream}", due=now + timedelta(days=DAYS))


def _held(tx: Transaction, stream: str) -> Held | None:
    kept = read_state(tx.stream(stream), Waiting)
    content = tx.content(CaseId(stream), kept.content) if kept else None
    if kept is None or content is None or content.erased:
        return None
    recipient = Recipient(Purpose(kept.purpose), kept.value)
    return Held(raw=content.body, recipient=recipient, sender=kept.sender)
