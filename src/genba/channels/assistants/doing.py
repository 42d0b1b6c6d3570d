"""What an assistant asks for, done: reads and acts, for the person of its token.

Rules of this file: reads go through the doors of `acts.objects`, acts through `perform`, with the
scopes of the token and marked as a machine's. What is said back is said as data.
"""

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from mcp_types import Tool
from msgspec import Struct

from genba.acts.card import Card
from genba.acts.inbound import Outcome
from genba.acts.objects import card_in, offers, target
from genba.acts.performance import perform
from genba.acts.registry import Declaration, find_act
from genba.cases.finding import find_words
from genba.cases.needed import VIEWS, asked_of, task_id
from genba.channels.assistants import channel
from genba.channels.assistants.asking import (
    CONFIRM,
    Elsewhere,
    Question,
    confirmed_by,
    filled,
    question_of,
)
from genba.channels.assistants.tools import (
    act_named,
    brief,
    hints,
    open_acts,
    reading_tools,
    told,
    tool_of,
)
from genba.channels.contract import Surroundings
from genba.journal.contract import Reading
from genba.people.access import ACT, READ, may_use
from genba.people.directory import Known
from genba.runtime.installation import current

MOST = 50


class Said(Struct, frozen=True, kw_only=True):
    """What comes back: data, and whether it is an error."""

    data: dict[str, Any]
    failed: bool = False


class Answered(Struct, frozen=True, kw_only=True):
    """What the person has answered so far: values, and the mark of what they confirmed."""

    values: dict[str, Any] = {}
    confirmed: str = ""


def may_enter(reader: Known | None) -> bool:
    """Whether a token is for a program that reads or acts."""
    return reader is not None and (may_use(reader, READ) or may_use(reader, ACT))


def tools_for(reader: Known) -> list[Tool]:
    """What can be read, and the acts that are open on what needs the reader."""
    found = reading_tools() if may_use(reader, READ) else []
    if not may_use(reader, ACT):
        return found
    with current().journal.reading() as reading, override(reader.locale):
        cards = [*_needed(reader, "all", reading), *_processes(reader, reading)]
        whole = {("case", card.case) for card in cards if card.object == "task"}
        names = {offer.act for one in whole for offer in offers(*one, reader, reading)}
        acts = sorted({*open_acts(cards), *names})
        declared = [one for act in acts if (one := find_act(act)) is not None]
        return found + [tool_of(one) for one in declared if may_use(reader, one.scope)]


def read(reader: Known, name: str, given: dict[str, Any]) -> Said | None:
    """What a reading tool answers; None when there is no such tool."""
    if name not in READERS:
        return None
    if not may_use(reader, READ):
        return _failed(_("This token does not allow that."))
    with current().journal.reading() as reading, override(reader.locale):
        return READERS[name](reader, given, reading)


def do(
    reader: Known, name: str, given: dict[str, Any], answered: Answered
) -> Said | Question | Elsewhere | None:
    """What an act answers, or what is to be asked first; None when there is no such act."""
    declaration = act_named(name)
    if declaration is None:
        return None
    with override(reader.locale):
        id, values = str(given.get("id", "")), given.get("given") or {}
        if not isinstance(values, dict) or "\0" in id:
            return _failed(_("Something is missing or cannot be read. Nothing was changed."))
        return _do(reader, declaration, id, {**values, **answered.values}, given, answered)


def _do(
    reader: Known,
    declaration: Declaration,
    id: str,
    values: dict[str, Any],
    given: dict[str, Any],
    answered: Answered,
) -> Said | Question | Elsewhere:
    with current().journal.reading() as reading:
        card = card_in(declaration.object, id, reader, reading, full=False)
    offer = next((one for one in card.offers if one.act == declaration.act), None) if card else None
    if card is not None and offer is not None and may_use(reader, declaration.scope):
        ask = question_of(card, offer, values, answered.confirmed)
        if isinstance(ask, Elsewhere):
            return Elsewhere(text=f"{ask.text} {settings.GENBA_URL}{card.url}")
        if ask is not None:
            return ask
    heard = channel.read(
        channel.Call(
            reader=reader,
            declaration=declaration,
            id=id,
            given=values,
            key=str(given.get("key") or uuid.uuid4().hex),
            behalf=offer.behalf if offer else "",
        )
    )
    outcome = perform(heard.inbound)
    return _outcome(outcome)


def answer(question: Question, before: Answered, content: dict[str, Any]) -> Answered | None:
    """What is known after the person filled a form; None when they did not mean it."""
    confirmed = confirmed_by(question, content)
    if CONFIRM in question.schema["properties"] and not confirmed:
        return None
    return Answered(values={**before.values, **filled(question, content)}, confirmed=confirmed)


def _outcome(outcome: Outcome) -> Said:
    data = {
        "verdict": outcome.verdict.value,
        "message": outcome.message,
        "errors": outcome.errors,
        "effects": outcome.effects,
        "card": brief(outcome.card, settings.GENBA_URL) if outcome.card else None,
    }
    kept = {name: value for name, value in data.items() if value}
    return Said(data=told(kept), failed=not outcome.ok)


def _failed(message: str) -> Said:
    return Said(data=told({"verdict": "refused", "message": message}), failed=True)


def _needed(reader: Known, view: str, reading: Reading) -> list[Card]:
    rows = reading.inbox(asked_of(reader, view, reading, limit=MOST, after=0))
    cards = (card_in("task", task_id(row), reader, reading, full=False) for row in rows)
    return [card for card in cards if card is not None and not card.quiet]


def _processes(reader: Known, reading: Reading) -> list[Card]:
    rows = reading.processes()
    found = (card_in("process", row.key, reader, reading, full=False) for row in rows)
    return [card for card in found if card is not None]


def _my_cards(reader: Known, given: dict[str, Any], reading: Reading) -> Said:
    view = given.get("view", "all")
    cards = _needed(reader, view if view in VIEWS else "all", reading)
    return Said(data=told([brief(card, settings.GENBA_URL) for card in cards]))


def _read(reader: Known, given: dict[str, Any], reading: Reading) -> Said:
    object, id = str(given.get("object", "")), str(given.get("id", ""))
    card = card_in(object, id, reader, reading) if "\0" not in object + id else None
    if card is None:
        return _failed(_("There is nothing here for you."))
    targets = {}
    for offer in card.offers:
        declaration = find_act(offer.act)
        goal = target(object, id, declaration.object) if declaration else None
        targets[offer.act] = goal[1] if goal else id
    place = Surroundings(url=settings.GENBA_URL, more={"targets": targets})
    return Said(data=channel.render(card, place))


def _notes(reader: Known, given: dict[str, Any], reading: Reading) -> Said:
    id = str(given.get("id", ""))
    card = card_in("task", id, reader, reading) if "\0" not in id else None
    if card is None:
        return _failed(_("There is nothing here for you."))
    return Said(data=told(hints(card)))


def _find(reader: Known, given: dict[str, Any], reading: Reading) -> Said:
    words = str(given.get("words", ""))[:200].replace("\0", " ")
    hits = find_words(reader, words, reading)
    return Said(data=told([{name: getattr(one, name) for name in FOUND} for one in hits]))


def _startable(reader: Known, _given: dict[str, Any], reading: Reading) -> Said:
    cards = _processes(reader, reading)
    return Said(data=told([brief(card, settings.GENBA_URL) for card in cards]))


FOUND = ("kind", "title", "subject", "text", "url", "case")
READERS: dict[str, Callable[[Known, dict[str, Any], Reading], Said]] = {
    "my_cards": _my_cards,
    "read": _read,
    "notes": _notes,
    "find": _find,
    "processes": _startable,
}
