"""What was heard in a chat: whose it is, what it means on its card, and what is answered.

Rules of this file: decides only what words mean, never what is allowed; every act goes through
`perform`, with rights as they are now. Nothing somebody wrote about a card is lost: what is no act
is a comment. Who is not linked does nothing, and hears how to link.
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from msgspec.structs import replace

from genba.acts.card import Card, Effect, Offer
from genba.acts.inbound import Inbound, Outcome, Verdict, fingerprint
from genba.acts.objects import card_for
from genba.acts.performance import perform
from genba.cases.needed import asked_of, task_id
from genba.channels.chat.commands import Command, Wish, read_command
from genba.channels.chat.contract import Chat, Form, Reply
from genba.channels.chat.linking import link_by
from genba.channels.chat.posts import cards_in_message
from genba.channels.contract import Heard
from genba.channels.mail.blocks import labelled
from genba.channels.mail.replies import COMMENT, ask_back, talk_act, understand
from genba.channels.mail.site import site
from genba.channels.mail.verbs import Act, Doubt
from genba.channels.telling import link
from genba.journal.records import Attempt
from genba.people.directory import Known
from genba.people.identities import linked
from genba.runtime.installation import current

LISTED = 20
# A reaction -> the words it stands for. It does only what can be taken back and needs no input.
REACTIONS = {"👀": "take", "🙋": "take", "✅": "done", "✔": "done"}


def hear(chat: Chat, heard: Heard) -> Reply | None:
    """Deal with what was heard; None where nothing is to be said."""
    inst = current()
    with inst.journal.reading() as reading:
        person = linked(reading, heard.inbound.identity)
    command = read_command(heard.words) if heard.wants == "command" else None
    if command is not None and command.wish is Wish.LINK:
        with override(person.locale if person else "en"):
            return Reply(text=link_by(command.words, heard.inbound.identity))
    if person is None:
        return _stranger(heard)
    with override(person.locale):
        inbound = replace(heard.inbound, person=person.id, locale=person.locale)
        heard = replace(heard, inbound=inbound)
        if command is not None:
            return _obey(heard, command, person)
        if heard.wants in ("words", "reaction"):
            return _about(chat, heard, person)
        return _press(chat, heard, person)


def _stranger(heard: Heard) -> Reply | None:
    """Somebody nobody knows here: noted, and told how to be known."""
    inst = current()
    with inst.journal.writing() as tx:
        tx.note_attempt(
            Attempt(
                at=inst.clock.now(),
                channel=heard.inbound.channel,
                identity=heard.inbound.identity,
                person="",
                object=heard.inbound.object,
                object_id=heard.inbound.object_id,
                act=heard.inbound.act,
                outcome=Verdict.UNKNOWN_PERSON,
                detail="",
            )
        )
    if heard.wants in ("words", "reaction"):
        return None  # words of others in a room are not our business
    return Reply(
        text=_(
            "You are not known here yet. Write “link” and the mail address of your account, or "
            "“link” and the code from your page: %(page)s"
        )
        % {"page": f"{site().url}/me/chats"}
    )


def _obey(heard: Heard, command: Command, person: Known) -> Reply:
    """A line to our name."""
    if command.wish is Wish.LIST:
        cards = needed(person)
        text = _("This needs you:") if cards else _("Nothing needs you now.")
        return Reply(text=text, cards=cards)
    if command.wish is Wish.HELP:
        return Reply(
            text=_(
                "Write nothing for what needs you, “88” for the card of case 88, or “88” and what "
                "you say about it: one of the words its card offers, or any others."
            )
        )
    found = named(person, command)
    if not found:
        return Reply(text=_("There is nothing here for you."))
    if len(found) > 1 and command.wish is Wish.SAY:
        return Reply(text=_("Several steps of it are yours: say which."), cards=found)
    card = found[0]
    if command.wish is Wish.SHOW or not command.words:
        return Reply(text="", card=card)
    return say(heard.inbound, command.words, card, person)


def needed(person: Known) -> tuple[Card, ...]:
    """The cards that need somebody."""
    with current().journal.reading() as reading:
        rows = reading.inbox(asked_of(person, "all", reading, limit=LISTED, after=0))
    cards = (card_for("task", task_id(row), person, full=False) for row in rows)
    return tuple(card for card in cards if card is not None)


def named(person: Known, command: Command) -> tuple[Card, ...]:
    """The cards a number means: the step that is named, else those that ask something of this
    person, else the case itself."""
    with current().journal.reading() as reading:
        row = reading.case_by_number(command.number)
    case = card_for("case", row.case, person) if row else None  # with its steps
    if case is None:
        return ()
    if command.step:
        card = card_for("task", f"{case.id}:{command.step}", person, full=False)
        return (card,) if card else ()
    tasks = tuple(one for one in case.cards if asks(one))
    return tasks or (case,)


def say(inbound: Inbound, words: str, card: Card, person: Known) -> Reply:
    """Words about a card: an act where they are exactly one, else a comment."""
    first, _newline, rest = words.strip().partition("\n")
    found = understand(first, card, person)
    about = replace(inbound, object=card.object, object_id=card.id)
    sent = fingerprint([("words", [words])])
    if isinstance(found, Act):
        fields, more = labelled(rest, found.offer.schema)
        given: dict[str, Any] = {**fields, **found.given}
        field = found.offer.text_field
        if field and not given.get(field) and more.strip():
            given, more = {**given, field: more.strip()}, ""
        outcome = perform(replace(about, act=found.offer.act, given=given, sent=sent))
        if outcome.ok and more.strip():
            _comment(about, more, card, person)
        return reply_to(outcome, card, found.offer)
    outcome = _comment(about, words, card, person)
    if not outcome.ok:
        return reply_to(outcome, card)
    return Reply(text=ask_back(found) if isinstance(found, Doubt) else _("It was added."))


def _comment(about: Inbound, words: str, card: Card, person: Known) -> Outcome:
    shown = card_for(card.object, card.id, person, full=False) or card
    act = talk_act(shown, COMMENT)
    return perform(replace(about, act=act, given={"text": words}, key=f"{about.key}:words"))


def _about(chat: Chat, heard: Heard, person: Known) -> Reply | None:
    """Words or a reaction in answer to a message of ours."""
    card = _meant(chat, heard, person)
    if card is None:
        return None  # it is not about a card, or about one that is none of theirs
    if heard.wants == "words":
        return say(heard.inbound, heard.words, card, person)
    return _react(heard, card)


def _meant(chat: Chat, heard: Heard, person: Known) -> Card | None:
    """The card an answer is about: what it answers while that asks something of them, else the one
    step of its case that does, else the case."""
    with current().journal.reading() as reading:
        found = cards_in_message(reading, chat.channel.name, f"{heard.place} {heard.message}")
    shown = [card_for(*one, person) for one in found]
    cards = [card for card in shown if card is not None]
    asking = [card for card in cards if card.object == "task" and asks(card)]
    parts = [part for card in cards if card.object == "case" for part in card.cards if asks(part)]
    if not asking and len(parts) == 1:
        asking = [card for part in parts if (card := card_for(part.object, part.id, person))]
    return next(iter(asking or sorted(cards, key=lambda card: card.object != "task")), None)


def asks(card: Card) -> bool:
    """Whether a card asks something of its reader now."""
    return card.open and any(offer.primary for offer in card.offers)


def _react(heard: Heard, card: Card) -> Reply | None:
    """A reaction is no consent: it takes, or ticks off, what can be taken back."""
    word = REACTIONS.get(heard.words.replace("\ufe0f", ""))
    offers = [
        offer
        for offer in card.offers
        if word in offer.words and offer.effect is not Effect.FINAL and not offer.required
    ]
    if word is None or len(offers) != 1 or offers[0].choices:
        return None
    about = replace(heard.inbound, object=card.object, object_id=card.id, act=offers[0].act)
    return reply_to(perform(about), card, offers[0])


def _press(chat: Chat, heard: Heard, person: Known) -> Reply:
    """A button, or a form that was filled in."""
    inbound = heard.inbound
    card = card_for(inbound.object, inbound.object_id, person, full=False)
    offer = next((one for one in card.offers if one.act == inbound.act), None) if card else None
    if heard.wants == "form" and card is not None and offer is not None and chat.form is not None:
        return Reply(text="", form=Form(card=card, offer=offer, choice=heard.words))
    given = dict(inbound.given)
    if heard.words and offer is not None and offer.choice_field and not given:
        given[offer.choice_field] = [heard.words] if offer.many else heard.words
    sent = fingerprint(
        [("choice", [heard.words]), *((n, [str(v)]) for n, v in inbound.given.items())]
    )
    outcome = perform(replace(inbound, given=given, sent=sent))
    if outcome.verdict is Verdict.INVALID and heard.wants == "act" and card and offer and chat.form:
        return Reply(text=outcome.message, form=Form(card=card, offer=offer, given=given))
    return reply_to(outcome, card, offer)


def reply_to(outcome: Outcome, card: Card | None, offer: Offer | None = None) -> Reply:
    """What is said to an outcome, with the card as it is now."""
    lines = [outcome.message, *outcome.effects]
    now = outcome.card or card
    if outcome.verdict is Verdict.STEP_UP and now is not None:
        lines.append(link(now, site().url))
    rules = offer.schema.get("properties", {}) if offer else {}
    for name, wrong in outcome.errors.items():
        lines.append(f"{rules.get(name, {}).get('title', name)}: {wrong}")
    moved = outcome.ok or outcome.verdict is Verdict.GONE
    return Reply(
        text="\n".join(lines),
        card=outcome.card if moved else None,
        errors=outcome.errors,
        done=moved,
    )
