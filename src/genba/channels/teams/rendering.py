"""A card as an Adaptive Card (1.5) for Microsoft Teams.

Rules of this file: pure. A form is part of the card and opens in place (`Action.ShowCard`). Words
people wrote stand in text blocks, whose Markdown is escaped. A card of more than 28 kB is not
shown by Teams: what is too much is left to the page, acts before anything else is not.
"""

import re
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from genba.acts.card import Card, Effect, Offer
from genba.channels.chat.contract import Reply
from genba.channels.contract import Carrying, Heard, Surroundings
from genba.channels.fields import Field, Kind
from genba.channels.pressing import Press, aim_text, form_fields, plan, press_text
from genba.channels.telling import link, reference, remaining, told

SIZE = 26_000  # bytes, below the 28 kB of Teams
# How many buttons of what is asked and of the rest are tried, until the card is small enough.
FEWER = ((100, 40), (40, 20), (20, 5), (6, 0), (0, 0))
CARRIES = Carrying(
    context="all of the card",
    talk="`@Genba NUMBER words`",
    plain="a button, or `@Genba NUMBER verb`",
    filled="a form inside the card",
    step_up="a link to the page",
    elsewhere="the card is shown anew when one acts on it",
    inputs=frozenset(Kind) - {Kind.FILE},
    fields=20,
    options=100,
    longest=4000,
)
_MARKS = re.compile(r"([\\*_\[\]()#`~<>])")

Object = dict[str, Any]


def render(card: Card, surroundings: Surroundings) -> Object:
    """The Adaptive Card of a card."""
    found = plan(card, CARRIES)
    made: Object = {}
    for asked, other in FEWER:
        made = _card(card, (*found.asked[:asked], *found.other[:other]), surroundings)
        if len(msgspec.json.encode(made)) <= SIZE:
            break
    return made


def answer(reply: Reply, heard: Heard, surroundings: Surroundings) -> Object:
    """What is said where somebody wrote or pressed: a message, or the card as it is now."""
    if heard.wants in ("act", "filled", "form"):
        if reply.done and reply.card is not None:
            kind, value = (
                "application/vnd.microsoft.card.adaptive",
                render(reply.card, surroundings),
            )
            return {"statusCode": 200, "type": kind, "value": value}
        said_so = "application/vnd.microsoft.activity.message"
        return {"statusCode": 200, "type": said_so, "value": reply.text}
    lines = [escaped(reply.text)]
    for card in reply.cards:
        words = told(card)
        where = f"[{escaped(words.head)}]({link(card, surroundings.url)})"
        lines.append(f"- {reference(card)} {where} · {escaped(words.subject)}")
    said: Object = {"type": "message", "text": "\n\n".join(line for line in lines if line)}
    if reply.card is not None:
        said["attachments"] = [attachment(reply.card, surroundings)]
    return said


def attachment(card: Card, surroundings: Surroundings) -> Object:
    """A card as part of a message of Teams."""
    return {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "content": render(card, surroundings),
    }


def _card(card: Card, presses: tuple[Press, ...], surroundings: Surroundings) -> Object:
    words = told(card)
    body: list[Object] = [
        _text(words.head, size="Large", weight="Bolder"),
        _text(words.subject, weight="Bolder"),
    ]
    body += [_text(words.state)] if words.state else []
    body += [_text(note, isSubtle=True) for note in words.notes]
    if words.facts:
        facts = [{"title": escaped(a), "value": escaped(b) or "–"} for a, b in words.facts]
        body.append({"type": "FactSet", "facts": facts})
    body += [_text(line) for line in words.said]
    shown = presses if card.open else ()
    acts = {press.offer.act for press in shown}
    left = tuple(offer for offer in card.offers if offer.act not in acts)
    foot = [f"@{surroundings.name} {reference(card)}"] if reference(card) else []
    foot += [_("With a form: %(what)s.") % {"what": remaining(left)}] if left and card.open else []
    body += [_text(" · ".join(foot), isSubtle=True, size="Small")] if foot else []
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "fallbackText": f"{words.head} · {words.subject}",
        "body": body,
        "actions": [*(_action(press, card) for press in shown), _page(card, surroundings)],
    }


def _action(press: Press, card: Card) -> Object:
    if press.form:
        return {
            "type": "Action.ShowCard",
            "title": press.label,
            **_mode(press.offer),
            "card": {
                "type": "AdaptiveCard",
                "body": [_input(field) for field in form_fields(press.offer, CARRIES)],
                "actions": [_execute(press, card)],
            },
        }
    return {**_execute(press, card), **_mode(press.offer)}


def _execute(press: Press, card: Card) -> Object:
    action: Object = {
        "type": "Action.Execute",
        "title": press.offer.label if press.form else press.label,
        "verb": press.offer.act,
        "data": {"genba_card": aim_text(card), "genba_press": press_text(press)},
    }
    if press.offer.effect is Effect.FINAL and not press.offer.primary:
        action["style"] = "destructive"
    return action


def _mode(offer: Offer) -> Object:
    """What was not asked for stands behind the three dots."""
    return {"mode": "primary" if offer.primary else "secondary"}


def _page(card: Card, surroundings: Surroundings) -> Object:
    title = _("All of it and the files")
    return {"type": "Action.OpenUrl", "title": title, "url": link(card, surroundings.url)}


def _input(field: Field) -> Object:
    common: Object = {"id": field.name, "label": field.title, "isRequired": field.required}
    if field.required:
        common["errorMessage"] = _("This is needed.")
    if field.hint and field.kind not in (Kind.YES_NO, Kind.CHOICE, Kind.SEVERAL):
        common["placeholder"] = field.hint
    match field.kind:
        case Kind.CHOICE | Kind.SEVERAL:
            choices = [{"title": one.label, "value": one.value} for one in field.options]
            several = field.kind is Kind.SEVERAL
            return {**common, "type": "Input.ChoiceSet", "choices": choices,
                    "isMultiSelect": several, **_value(field)}  # fmt: skip
        case Kind.YES_NO:
            return {**common, "type": "Input.Toggle", "title": field.title,
                    "value": "true" if field.default else "false"}  # fmt: skip
        case Kind.NUMBER:
            bounds = (("min", field.least), ("max", field.most), ("value", field.default))
            given = {name: value for name, value in bounds if value is not None}
            return {**common, "type": "Input.Number", **given}
        case Kind.DATE:
            return {**common, "type": "Input.Date"}
        case _:
            return _written(field, common)


def _written(field: Field, common: Object) -> Object:
    if field.kind is Kind.INSTANT:
        common["placeholder"] = "2026-03-31 14:30"
    return {
        **common,
        "type": "Input.Text",
        "isMultiline": field.kind is Kind.LONG,
        "maxLength": min(field.longest or CARRIES.longest, CARRIES.longest),
        **_value(field),
    }


def _value(field: Field) -> Object:
    return {"value": str(field.default)} if field.default not in (None, "", []) else {}


def _text(text: str, **more: Any) -> Object:
    return {"type": "TextBlock", "text": escaped(text), "wrap": True, **more}


def escaped(text: str) -> str:
    """Text whose marks are shown, not obeyed."""
    return _MARKS.sub(r"\\\1", text)
