"""A reply to a card: an act, a comment, or a question back.

Rules of this file: decides only what the words mean, never what is allowed; every act goes
through `perform`, with rights as they are now. Nothing somebody wrote is lost: what is not an act
is a comment, and what cannot be kept is said so. A mail that is not from the person the address
was made for does nothing at all.
"""

import base64
import hashlib
from typing import Any

import msgspec
from django.utils.translation import gettext as _
from msgspec.structs import replace

from genba.acts.card import Assurance, Card, Offer
from genba.acts.inbound import Inbound, Outcome, Verdict
from genba.acts.objects import card_for
from genba.acts.performance import perform
from genba.acts.registry import acts
from genba.acts.tokens import issue, resolve
from genba.channels.calendar.attendance import Answer as Coming
from genba.channels.calendar.attendance import answer_in
from genba.channels.calendar.invitations import overtaken
from genba.channels.mail.addresses import Purpose, Recipient
from genba.channels.mail.answering import (
    Limit,
    Matter,
    answer,
    cannot_send,
    dealt_with,
    finish,
    not_kept,
)
from genba.channels.mail.asking import (
    Question,
    ask,
    fill,
    in_words,
    question_of,
    settle,
    wanting,
)
from genba.channels.mail.blocks import labelled
from genba.channels.mail.channel import Part, read
from genba.channels.mail.confirming import hold
from genba.channels.mail.languages import meaning_in_any, words_everywhere
from genba.channels.mail.leaking import leaking
from genba.channels.mail.letters import Letter
from genba.channels.mail.posting import REPLY_DAYS, note
from genba.channels.mail.quoting import is_farewell
from genba.channels.mail.reading import Attachment
from genba.channels.mail.rendering import Envelope, card_text
from genba.channels.mail.sent import sent_before
from genba.channels.mail.site import site
from genba.channels.mail.threads import card_thread, identifiers
from genba.channels.mail.verbs import Act, Doubt, Meaning, Words, meaning
from genba.people.directory import Known, by_address, known
from genba.runtime.installation import current

ATTEND = "case.attend"  # what a calendar can say
COMMENT = "comment"
ATTACH = "attach"


def reply(letter: Letter, token: str, level: Assurance) -> None:
    """Deal with a mail to a reply address."""
    row = resolve(token, "reply")
    person = known(row.person) if row else None
    if row is None or person is None:
        _unknown(letter, token, level)
        return
    key = key_of(letter, row.person, row.object, row.object_id)
    matter = Matter(letter=letter, person=person, key=key, token=token)
    if dealt_with(key):
        return
    if letter.sender != person.address:
        note(
            letter,
            outcome="not-the-reader",
            person=person.id,
            about=(row.object, row.object_id),
        )
        answer(replace(matter, token=""), cannot_send(), Limit.FAILED)
        return
    _of_person(matter, row.object, row.object_id, level)


def reply_in_thread(letter: Letter, level: Assurance) -> bool:
    """Deal with an answer that lost its address: what it answers says which card is meant.

    Some programs answer From, and some servers cut what stands after the plus sign. Only the
    person the mail was for is heard; anybody may know a Message-ID. False: it answers none.
    """
    sent = sent_before(identifiers(f"{letter.references} {letter.in_reply_to}"))
    person = known(sent.person) if sent and sent.object else None
    if sent is None or person is None or letter.sender != person.address:
        return False
    key = key_of(letter, person.id, sent.object, sent.object_id)
    if not dealt_with(key):
        token = issue(current(), person.id, sent.object, sent.object_id, "reply", REPLY_DAYS)
        matter = Matter(letter=letter, person=person, key=key, token=token, to_desk=True)
        _of_person(matter, sent.object, sent.object_id, level)
    return True


def key_of(letter: Letter, person: str, object: str, object_id: str) -> str:
    """What makes an answer once: the same mail by two of our addresses is one answer."""
    about = hashlib.sha256(f"{person}:{object}:{object_id}".encode()).hexdigest()
    return f"{letter.key}:{about[:16]}"


def _of_person(matter: Matter, object: str, object_id: str, level: Assurance) -> None:
    letter, person = matter.letter, matter.person
    if letter.reading.reaction:
        note(letter, outcome="reaction", person=person.id)
        finish(matter.key)
        return
    card = card_for(object, object_id, person)
    matter = replace(matter, card=card)
    for outcome in leaking(letter, site().domain) if card and level >= Assurance.CHANNEL else ():
        note(letter, outcome=outcome, person=person.id, about=(object, object_id))
    if card is None:
        note(letter, outcome="unknown-object", person=person.id)
        answer(matter, _("There is nothing here for you."), Limit.FAILED)
    else:
        _with_card(matter, card, level)


def _with_card(matter: Matter, card: Card, level: Assurance) -> None:
    earlier = _earlier(matter)
    if earlier is not None:  # acted, but the answer got lost
        answer(matter, earlier.message)
        return
    coming = answer_in(matter.letter.raw)
    if coming is not None:
        _come(matter, card.case, coming, level)
        return
    found = understand(matter.letter.reading.first, card, matter.person)
    question = question_of(matter.token) if level >= Assurance.CHANNEL else None
    offer = next((one for one in card.offers if question and one.act == question.act), None)
    if question and offer and not isinstance(found, Act):
        _answered(matter, question, offer, level)
    elif isinstance(found, Act) and question and question.act == found.offer.act:
        _act(matter, replace(found, given={**question.given, **found.given}), level)
    elif isinstance(found, Act):
        _act(matter, found, level)
    else:
        _talk(matter, found, level)


def _come(matter: Matter, case: str, coming: Coming, level: Assurance) -> None:
    """A calendar answers an invitation: nobody waits for a mail about that."""
    late = overtaken(case, coming)
    if late:
        answer(matter, late, Limit.FAILED)
        return
    given = {"meeting": coming.meeting, "answer": coming.answer}
    outcome = perform(_inbound(matter, ATTEND, given, level, "attend"))
    if outcome.ok:
        finish(matter.key)
    else:
        _refused(matter, outcome, level)


def understand(line: str, card: Card, person: Known) -> Meaning:
    """What a first own line means on this card: what is open, then what was.

    Where nothing is asked of this person any more, a word of an act that is not open is still
    that act: the answer is then who did it, when and how, not a comment that says "approve".
    """
    talk = (talk_act(card, COMMENT), talk_act(card, ATTACH))
    offers = [offer for offer in card.offers if offer.act not in talk]
    found = meaning_in_any(line, offers, ours=_printed_text(card, person))
    asked = card.open and any(offer.primary for offer in card.offers)
    if not isinstance(found, Words) or asked:
        return found
    late = meaning(line, _closed_offers(card))
    return late if isinstance(late, Act) else found


def _closed_offers(card: Card) -> list[Offer]:
    open_now = {offer.act for offer in card.offers}
    return [
        Offer(
            act=known_act.act,
            label=known_act.label,
            schema={},
            words=words_everywhere(known_act.words),
            text_field=known_act.text_field,
        )
        for known_act in acts()
        if known_act.object == card.object and known_act.act not in open_now
    ]


def _act(matter: Matter, found: Act, level: Assurance) -> None:
    reading = matter.letter.reading
    fields, rest = labelled(reading.rest, found.offer.schema)
    given: dict[str, Any] = {**fields, **found.given}
    field = found.offer.text_field
    if field and not given.get(field) and field in found.offer.schema.get("required", ()):
        given, rest = {**given, field: rest.strip()}, ""
    _do(matter, found.offer, given, rest, level)


def _answered(matter: Matter, question: Question, offer: Offer, level: Assurance) -> None:
    """An answer to one question of a form: the next is asked, or the act is done."""
    filled = fill(question, matter.letter.reading, offer.schema)
    if filled.wrong:
        if filled.words.strip():
            _add(matter, filled.words, level)
        _ask(matter, offer, filled.given, {question.field: filled.wrong}, "")
    elif _do(matter, offer, filled.given, filled.words, level):
        settle(matter.token)


def _do(matter: Matter, offer: Offer, given: dict[str, Any], rest: str, level: Assurance) -> bool:
    """Do an act, and keep the words and files that came with it; whether it was done."""
    outcome = perform(_inbound(matter, offer.act, given, level, "act"))
    if not outcome.ok and outcome.verdict is not Verdict.GONE:
        _refused(matter, outcome, level, offer, given)
        return False
    said = "\n".join([outcome.message, *outcome.effects])
    if not is_farewell(rest) or matter.letter.reading.attachments:
        refused = _add(matter, "" if is_farewell(rest) else rest, level)
        said = f"{said}\n{not_kept(refused)}" if refused else said
    answer(replace(matter, card=outcome.card or matter.card), said)
    return True


def _ask(
    matter: Matter, offer: Offer, given: dict[str, Any], errors: dict[str, str], message: str
) -> None:
    """Ask for what is missing, one question a mail; all of it where the rest fits one mail."""
    rules = offer.schema.get("properties", {})
    known_wrong = [
        f"{rules.get(name, {}).get('title', name)}: {why}" for name, why in errors.items()
    ]
    lines = [*([message] if message else []), *known_wrong]
    fields, card = wanting(offer, errors), matter.card
    if not fields or card is None:
        lines.append(_("Nothing is lost: answer again, with what is missing."))
        answer(matter, "\n".join(lines), Limit.ASKED, again=True)
        return
    kept = {name: value for name, value in given.items() if name not in errors}
    token = issue(current(), matter.person.id, card.object, card.id, "reply", REPLY_DAYS)
    ask(token, offer.act, fields[0], kept)
    lines.append(in_words(offer.schema, fields))
    answer(replace(matter, token=token), "\n".join(lines), Limit.ASKED, again=True)


def _refused(
    matter: Matter,
    outcome: Outcome,
    level: Assurance,
    offer: Offer | None = None,
    given: dict[str, Any] | None = None,
) -> None:
    if outcome.verdict is Verdict.STEP_UP and level < Assurance.CHANNEL:
        desk = Recipient(Purpose.DESK)
        hold(matter, desk if matter.to_desk else Recipient(Purpose.ACT, matter.token))
        return
    matter = replace(matter, card=outcome.card or matter.card)
    if outcome.verdict is Verdict.INVALID and offer is not None:
        _ask(matter, offer, given or {}, outcome.errors, outcome.message)
        return
    wrong = [f"{name}: {why}" for name, why in outcome.errors.items()]
    answer(matter, "\n".join([outcome.message, *wrong]), Limit.FAILED)


def _talk(matter: Matter, found: Doubt | Words, level: Assurance) -> None:
    reading = matter.letter.reading
    card = matter.card
    assert card is not None
    if not reading.own.strip() and not reading.attachments:
        text = _("Your mail has no words of your own, so nothing was done.")
        answer(matter, text, Limit.FAILED, again=True)
        return
    refused = _add(matter, reading.own, level)
    doubt = found if isinstance(found, Doubt) else _later_doubt(matter, card)
    if refused is not None:
        _refused(matter, refused, level)
    elif doubt is not None:
        answer(matter, ask_back(doubt), Limit.DOUBT, again=True)
    elif card.object == "task" and not card.open:
        text = _("Your words were added to the conversation. This is no longer open: %(how)s")
        answer(matter, text % {"how": card.status})
    else:
        finish(matter.key)


def ask_back(doubt: Doubt) -> str:
    """What somebody is told whose words were not certain to be an act."""
    words = ", ".join(
        f"“{offer.words[0] if offer.words else offer.label}”" for offer in doubt.offers
    )
    return _(
        "Your words were added to the conversation and nothing else was done, because it was not "
        "certain what you meant. If you meant %(words)s, write just that as the first line."
    ) % {"words": words}


def _later_doubt(matter: Matter, card: Card) -> Doubt | None:
    """An offered word alone on a line further down: kept as words, but asked about."""
    offers = [offer for offer in card.offers if offer.primary]
    for line in matter.letter.reading.own.splitlines()[:40]:
        found = meaning_in_any(line, offers)
        if isinstance(found, Act) and not found.text:
            return Doubt((found.offer,))
    return None


def _add(matter: Matter, text: str, level: Assurance) -> Outcome | None:
    """Add words and files to the conversation; gives the first refusal, if any."""
    reading = matter.letter.reading
    outcomes = []
    comment, attach = (talk_act(matter.card, name) for name in (COMMENT, ATTACH))
    if text.strip():
        outcomes.append(perform(_inbound(matter, comment, {"text": text}, level, "words")))
    for number, file in enumerate(reading.attachments):
        given = attached(file)
        outcomes.append(perform(_inbound(matter, attach, given, level, f"file{number}")))
    return next((outcome for outcome in outcomes if not outcome.ok), None)


def talk_act(card: Card | None, name: str) -> str:
    """The act of talking of this name on a card: of the object itself, or of its whole."""
    offered = [offer.act for offer in card.offers] if card else []
    return next((act for act in offered if act.partition(".")[2] == name), f"case.{name}")


def attached(file: Attachment) -> dict[str, str]:
    """The input of the act that attaches a file."""
    body = base64.b64encode(file.body).decode("ascii")
    return {"file": body, "name": file.name, "media_type": file.media_type}


def _inbound(
    matter: Matter, act: str, given: dict[str, Any], level: Assurance, part: str
) -> Inbound:
    part_of_it = Part(
        sender=matter.letter.sender,
        level=level,
        key=f"{matter.key}:{part}",
        act=act,
        given=given,
        token=matter.token,
    )
    return read(part_of_it).inbound


def _earlier(matter: Matter) -> Outcome | None:
    with current().journal.reading() as reading:
        kept = reading.answer(f"mail:{matter.key}:act")
    return msgspec.json.decode(kept.body, type=Outcome) if kept else None


def _printed_text(card: Card, person: Known) -> str:
    place = site()
    thread = card_thread(subject=card.subject, case=card.case, key=card.id, domain=place.domain)
    now = current().clock.now()
    return card_text(
        card,
        Envelope(site=place, name=person.name, address=person.address, thread=thread, at=now),
    )


def _unknown(letter: Letter, token: str, level: Assurance) -> None:
    """An address that opens nothing. Only a known person hears of it, at their own address."""
    note(letter, outcome="unknown-object", detail="no such reply address")
    if reply_in_thread(letter, level):
        return
    person = by_address(letter.sender) if letter.sender else None
    key = f"{letter.key}:{token[:8]}"
    if person is None or dealt_with(key):
        return
    text = _("The address you answered to is not valid any more. Nothing was done.")
    answer(Matter(letter=letter, person=person, key=key), text, Limit.FAILED)
