"""A card as a Mattermost post with interactive attachments, a form as a dialog.

Rules of this file: pure. A button carries its act in `context`, signed by us: Mattermost keeps it
from readers, and whoever does not know our secret cannot make one. Words people wrote are shown,
not obeyed: they mention nobody and link to nothing.
"""

import hashlib
import hmac
import re
from typing import Any

from django.utils.translation import gettext as _

from genba.acts.card import Card
from genba.channels.chat.contract import Form, Reply
from genba.channels.contract import Carrying, Heard, Surroundings
from genba.channels.fields import Field, Kind
from genba.channels.pressing import Press, aim_text, form_fields, plan, press_text
from genba.channels.telling import link, reference, remaining, told, whole_lines

LONGEST, BUTTONS, TITLE, LABEL, HELP = 15_000, 20, 24, 24, 150
CARRIES = Carrying(
    context="all of the card",
    talk="`/genba NUMBER words`",
    plain="a button",
    filled="a dialog",
    step_up="a link to the page, seen by you only",
    elsewhere="the post is changed",
    inputs=frozenset(Kind) - {Kind.FILE, Kind.SEVERAL},
    fields=5,
    options=100,
    longest=3000,
)
_MARKS = re.compile(r"([\\`*_{}\[\]()#+!|~<>:])")
_NOT_ID = re.compile(r"[^A-Za-z0-9]")

Object = dict[str, Any]


def render(card: Card, surroundings: Surroundings) -> Object:
    """The post of a card: `message` and `props.attachments`."""
    words = told(card)
    lines = [f"**{escaped(words.subject)}**", escaped(words.state)]
    lines += [f"*{escaped(note)}*" for note in words.notes]
    lines += [f"> {escaped(line)}" for line in words.said]
    attachment: Object = {
        "fallback": f"{words.head} · {words.subject}",
        "title": words.head,
        "title_link": link(card, surroundings.url),
        "text": whole_lines(lines, LONGEST),
        "fields": [
            {"title": escaped(label), "value": escaped(value), "short": len(value) < 40}
            for label, value in words.facts
        ],
        "footer": _foot(card),
    }
    actions = _actions(card, surroundings) if card.open else []
    if actions:
        attachment["actions"] = actions
    return {"message": "", "props": {"attachments": [attachment]}}


def form_dialog(form: Form, surroundings: Surroundings) -> Object:
    """The dialog of a form."""
    fields = form_fields(form.offer, CARRIES)
    state = f"{aim_text(form.card)}\n{form.offer.act}"
    return {
        "callback_id": "act",
        "title": form.offer.label[:TITLE],
        "introduction_text": f"[{_('The whole form')}]({link(form.card, surroundings.url)})",
        "submit_label": form.offer.label[:TITLE],
        "notify_on_cancel": False,
        "state": f"{sign(surroundings.secret, state)}\n{state}",
        "elements": [_element(field, form) for field in fields],
    }


def answer(reply: Reply, heard: Heard, surroundings: Surroundings) -> Object:
    """The body of our answer: to a command or a press what is said, to a dialog what is wrong."""
    if heard.wants == "filled":
        if reply.errors:
            return {"errors": {name: wrong[:300] for name, wrong in reply.errors.items()}}
        return {} if reply.done else {"error": reply.text[:300]}
    if heard.wants in ("act", "form"):
        shown: Object = {"ephemeral_text": escaped(reply.text)}
        if reply.done and reply.card is not None:
            shown["update"] = render(reply.card, surroundings)
        return shown
    return said(reply, surroundings)


def said(reply: Reply, surroundings: Surroundings) -> Object:
    """What is said to whoever asked, and to nobody else."""
    lines = [escaped(reply.text)]
    for card in reply.cards:
        words = told(card)
        where = f"[{escaped(words.head)}]({link(card, surroundings.url)})"
        lines.append(f"- {reference(card)} {where} · {escaped(words.subject)} {words.state}")
    shown: Object = {"response_type": "ephemeral", "text": whole_lines(lines, LONGEST)}
    if reply.card is not None:
        shown["props"] = render(reply.card, surroundings)["props"]
    return shown


def sign(secret: str, text: str) -> str:
    """What shows that a button or a dialog is ours."""
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def _actions(card: Card, surroundings: Surroundings) -> list[Object]:
    found = plan(card, CARRIES)
    shown = [_button(press, card, surroundings, n) for n, press in enumerate(found.asked[:BUTTONS])]
    rest = (*found.asked[BUTTONS:], *found.other)
    if rest:
        menu: Object = {
            "id": "more",
            "name": _("More …"),
            "type": "select",
            "options": [{"text": press.label, "value": press_text(press)} for press in rest],
            "integration": _integration(card, surroundings, ""),
        }
        shown.append(menu)
    return shown


def _button(press: Press, card: Card, surroundings: Surroundings, number: int) -> Object:
    return {
        "id": f"{_NOT_ID.sub('', press.offer.act)}{number}",
        "name": press.label,
        "type": "button",
        "style": "primary" if press.offer.primary else "default",
        "integration": _integration(card, surroundings, press_text(press)),
    }


def _integration(card: Card, surroundings: Surroundings, press: str) -> Object:
    aim = aim_text(card)
    return {
        "url": f"{surroundings.url}/chat/mattermost",
        "context": {
            "card": aim,
            "press": press,
            "signature": sign(surroundings.secret, f"{aim}\n{press}"),
        },
    }


def _foot(card: Card) -> str:
    linked = plan(card, CARRIES).linked if card.open else ()
    foot = [f"/genba {reference(card)}"] if reference(card) else []
    if linked:
        foot.append(_("With a form: %(what)s.") % {"what": remaining(linked)})
    return " · ".join(foot)[:300]


def _element(field: Field, form: Form) -> Object:
    before = form.given.get(field.name, field.default)
    if form.choice and field.name == form.offer.choice_field:
        before = form.choice
    element: Object = {
        "display_name": field.title[:LABEL],
        "name": field.name[:300],
        "optional": not field.required,
        "help_text": (field.hint or (field.title if len(field.title) > LABEL else ""))[:HELP],
        "default": "" if before is None else str(before),
    }
    match field.kind:
        case Kind.CHOICE:
            options = [{"text": one.label, "value": one.value} for one in field.options]
            return {**element, "type": "select", "options": options}
        case Kind.YES_NO:
            return {**element, "type": "bool", "default": "true" if before else "false"}
        case Kind.LONG:
            most = min(field.longest or CARRIES.longest, CARRIES.longest)
            return {**element, "type": "textarea", "max_length": most}
        case _:
            kind = {Kind.NUMBER: "number"}.get(field.kind, "text")
            placeholder = {Kind.DATE: "2026-03-31", Kind.INSTANT: "2026-03-31 14:30"}
            element["placeholder"] = placeholder.get(field.kind, "")
            return {**element, "type": "text", "subtype": kind, "max_length": 150}


def escaped(text: str) -> str:
    """Text whose marks are shown, not obeyed; an @ is followed by what makes it no mention."""
    return _MARKS.sub(r"\\\1", text).replace("@", "@\u200b")
