"""A mail that starts a case: the subject is its title, the text its first words.

Rules of this file: every act goes through `perform`. An unknown sender becomes a guest only when
somebody vouches for the mail and the process is open to guests; otherwise nothing is said, so
that nobody learns what is here and nobody is sent mail in another's name.
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from msgspec import Struct
from msgspec.structs import replace

from genba.acts.card import Assurance
from genba.acts.inbound import Inbound, Outcome, Verdict
from genba.acts.objects import card_for, offer_of
from genba.acts.performance import perform
from genba.acts.tokens import issue
from genba.cases.places import process_path
from genba.channels.mail.addresses import Purpose, Recipient, process_of, start_address, start_slugs
from genba.channels.mail.answering import (
    Limit,
    Matter,
    answer,
    dealt_with,
    not_kept,
)
from genba.channels.mail.blocks import first_text, labelled
from genba.channels.mail.channel import Part, read
from genba.channels.mail.confirming import hold
from genba.channels.mail.letters import Letter
from genba.channels.mail.posting import REPLY_DAYS, note
from genba.channels.mail.replies import ATTACH, COMMENT, attached
from genba.channels.mail.site import site
from genba.channels.mail.verbs import Act, meaning
from genba.people.access import may_start
from genba.people.directory import Known, by_address, invite
from genba.runtime import definitions
from genba.runtime.installation import current

START = "process.start"
TITLE = "title"  # the field of the start that names the case, where there is one


def start(letter: Letter, slug: str, level: Assurance) -> None:
    """Deal with a mail to the start address of a process."""
    keys = _keys()
    named = process_of(slug, keys)
    person = by_address(letter.sender) if letter.sender else None
    if person is None and len(named) == 1 and level >= Assurance.CHANNEL:
        person = _guest(letter, named[0])
    if person is None:
        note(letter, outcome="unknown-person", detail=f"start {slug}")
        return
    key = f"{letter.key}:start:{slug}"
    if dealt_with(key):
        return
    matter = Matter(letter=letter, person=person, key=key)
    with override(person.locale):
        if len(named) != 1:
            note(letter, outcome="unknown-object", detail=f"start {slug}", person=person.id)
            answer(matter, where_to_start(), Limit.FAILED)
        else:
            _start(matter, named[0], level)


def where_to_start() -> str:
    """The addresses that start something, for who wrote to one that does not."""
    domain = site().domain
    addresses = [start_address(slug, domain) for slug in sorted(start_slugs(_keys()).values())]
    known = "\n".join(f"  {address}" for address in addresses[:40])
    return _(
        "Nothing was started: the address names no process. To answer to a card, reply to its "
        "mail. These addresses start something:"
    ) + (f"\n{known}" if known else "")


def _start(matter: Matter, process: str, level: Assurance) -> None:
    first = _first(matter, process)
    outcome = perform(_starting(matter, process, level, first.given))
    if not outcome.ok:
        sure = level >= Assurance.CHANNEL
        if outcome.verdict is Verdict.STEP_UP and not sure:
            hold(matter, Recipient(Purpose.START, start_slugs(_keys())[process]))
        else:
            limit = Limit.ASKED if sure else Limit.FAILED
            answer(matter, _words(outcome, process), limit)
        return
    said = [outcome.message]
    for part, act, given in _parts(matter, first.words):
        part_of_it = Part(
            sender=matter.letter.sender,
            level=level,
            key=f"{matter.key}:{part}",
            act=act,
            given=given,
            object="case",
            object_id=outcome.object_id,
        )
        added = perform(read(part_of_it).inbound)
        said += [] if added.ok else [not_kept(added)]
    card = card_for("case", outcome.object_id, matter.person)
    token = issue(current(), matter.person.id, "case", outcome.object_id, "reply", REPLY_DAYS)
    answer(replace(matter, card=card, token=token), "\n".join(said), again=True)


class First(Struct, frozen=True):
    """What a mail gives the start: the input of its form, and the first words of the case."""

    given: dict[str, Any]
    words: str


def _first(matter: Matter, process: str) -> First:
    """The subject fills the field that names the case; lines "Amount: 300" fill the others."""
    offer = offer_of(START, process, matter.person)
    schema = offer.schema if offer else {}
    reading, subject = matter.letter.reading, matter.letter.subject
    chosen = meaning(reading.first, [offer]) if offer and offer.choices else None
    own = reading.rest if isinstance(chosen, Act) else reading.own
    fields, words = labelled(own, schema)
    given = {**fields, **(chosen.given if isinstance(chosen, Act) else {})}
    name = TITLE if TITLE in schema.get("properties", {}) else first_text(schema, given)
    if subject and name and name not in given:
        short = _clipped(subject, schema["properties"][name].get("maxLength"))
        rest = words if short == subject else f"{subject}\n\n{words}".strip()
        return First({**given, name: short}, rest)
    return First(given, f"{subject}\n\n{words}".strip() if subject else words)


def _clipped(subject: str, most: int | None) -> str:
    """A subject as long as the field takes; the whole of it then stands in the words."""
    return subject if most is None or len(subject) <= most else f"{subject[: most - 1].rstrip()}…"


def _starting(matter: Matter, process: str, level: Assurance, given: dict[str, Any]) -> Inbound:
    part = Part(
        sender=matter.letter.sender,
        level=level,
        key=f"{matter.key}:act",
        act=START,
        given=given,
        object="process",
        object_id=process,
    )
    return read(part).inbound


def _parts(matter: Matter, text: str) -> list[tuple[str, str, dict[str, str]]]:
    reading = matter.letter.reading
    words = [("words", f"case.{COMMENT}", {"text": text})] if text.strip() else []
    files = [
        (f"file{n}", f"case.{ATTACH}", attached(file)) for n, file in enumerate(reading.attachments)
    ]
    return words + files


def _words(outcome: Outcome, process: str) -> str:
    lines = [outcome.message, *(f"{name}: {text}" for name, text in outcome.errors.items())]
    if outcome.verdict in (Verdict.INVALID, Verdict.STEP_UP):
        lines.append(_("Start it here instead:"))
        lines.append(f"{site().url}{process_path(process)}")
    return "\n".join(lines)


def _guest(letter: Letter, process: str) -> Known | None:
    """An unknown sender as a guest, when the process is open to guests."""
    inst = current()
    with inst.journal.reading() as reading:
        versions = reading.versions(process)
    if not versions:
        return None
    latest = max(versions, key=lambda version: version.version)
    graph = definitions.graph(inst, process, latest.version)
    stranger = Known(id="0", name=letter.name, address=letter.sender, is_guest=True)
    if not may_start(stranger, graph.process):
        return None
    return invite(letter.sender, letter.name or letter.sender.partition("@")[0])


def _keys() -> tuple[str, ...]:
    with current().journal.reading() as reading:
        return tuple(version.key for version in reading.processes())
