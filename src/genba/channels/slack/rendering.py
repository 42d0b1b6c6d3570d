"""A card as a Slack message, a form as a modal (Block Kit).

Rules of this file: pure. Limits are those of the reference of Block Kit; what somebody wrote stands
in texts whose control signs are escaped (`&`, `<`, `>`), so that it mentions nobody and links to
nothing. A block names its card, an element its act: nothing in them is secret.
"""

from typing import Any

from django.utils.translation import gettext as _

from genba.acts.card import Card
from genba.channels.chat.contract import Form, Reply
from genba.channels.contract import Carrying, Heard, Surroundings
from genba.channels.fields import Field, Kind
from genba.channels.pressing import Plan, Press, aim_text, form_fields, plan, press_text
from genba.channels.telling import link, reference, remaining, told

TEXT, HEAD, LABEL, VALUE, ID = 2900, 150, 75, 150, 255
PER_BLOCK, BUTTONS = 25, 20
CARRIES = Carrying(
    context="all of the card",
    talk="in a thread of the card, or `/genba NUMBER words`",
    plain="a button",
    filled="a modal",
    step_up="a link to the page, seen by you only",
    elsewhere="the message is changed",
    inputs=frozenset(Kind) - {Kind.FILE},
    fields=40,
    options=100,
    longest=3000,
)

Block = dict[str, Any]


def render(card: Card, surroundings: Surroundings) -> Block:
    """The message of a card: `text` for notifications, and its blocks."""
    words = told(card)
    blocks: list[Block] = [{"type": "header", "text": plain(words.head, HEAD)}]
    blocks += _section(f"*{escaped(words.subject)}*\n{escaped(words.state)}".strip())
    blocks += _section("\n".join(f"_{escaped(note)}_" for note in words.notes))
    blocks += _section("\n".join(f"*{escaped(a)}:* {escaped(b)}" for a, b in words.facts))
    blocks += _section("\n".join(f"> {escaped(line)}" for line in words.said))
    blocks += _acts(card) if card.open else []
    blocks.append(_foot(card, surroundings))
    summary = escaped(clipped(f"{words.head} · {words.subject}", TEXT // 5))
    return {"text": summary, "blocks": blocks[:50]}


def form_view(form: Form, surroundings: Surroundings) -> Block:
    """The modal of a form."""
    fields = form_fields(form.offer, CARRIES)
    blocks = [_input(field, form) for field in fields]
    if form.offer.hint:
        blocks.insert(0, _section(escaped(form.offer.hint))[0])
    address = link(form.card, surroundings.url)
    blocks.append({"type": "context", "elements": [mrkdwn(f"<{address}|{_('The whole form')}>")]})
    return {
        "type": "modal",
        "callback_id": "act",
        "private_metadata": f"{aim_text(form.card)}\n{form.offer.act}",
        "title": plain(form.offer.label, 24),
        "submit": plain(form.offer.label, 24),
        "close": plain(_("Cancel"), 24),
        "blocks": blocks,
    }


def answer(reply: Reply, heard: Heard, surroundings: Surroundings) -> Block:
    """The body of our answer: to a command what is said, to a modal what is wrong in it."""
    if heard.wants == "filled":
        fields = {f"f{name}": clipped(wrong, TEXT) for name, wrong in reply.errors.items()}
        if fields:
            return {"response_action": "errors", "errors": fields}
        blocks = _section(escaped(reply.text)) or _section("–")
        title, close = plain(surroundings.name, 24), plain(_("Close"), 24)
        view = {"type": "modal", "title": title, "close": close, "blocks": blocks}
        return {"response_action": "update", "view": view}
    return said(reply, surroundings) if heard.wants == "command" else {}


def said(reply: Reply, surroundings: Surroundings) -> Block:
    """What is said to whoever acted, and to nobody else."""
    if reply.card is not None:
        shown = render(reply.card, surroundings)
        first = _section(escaped(reply.text)) if reply.text else []
        return {
            "response_type": "ephemeral",
            "text": escaped(reply.text) or shown["text"],
            "blocks": [*first, *shown["blocks"]][:50],
        }
    lines = [escaped(reply.text), *(_line(card, surroundings) for card in reply.cards)]
    return {"response_type": "ephemeral", "text": clipped("\n".join(filter(None, lines)), TEXT)}


def _line(card: Card, surroundings: Surroundings) -> str:
    words = told(card)
    where = f"<{link(card, surroundings.url)}|{escaped(words.head)}>"
    return (
        f"• `{reference(card)}` {where} · {escaped(words.subject)} {escaped(words.state)}".strip()
    )


def _acts(card: Card) -> list[Block]:
    found = plan(card, CARRIES)
    name = aim_text(card)
    if len(name) + 2 > ID:
        return []
    blocks: list[Block] = []
    elements = [_button(press, card) for press in found.asked[:BUTTONS] if _fits(press)]
    if elements:
        blocks.append({"type": "actions", "block_id": f"a{name}"[:ID], "elements": elements})
    rest = [p for p in (*found.asked[BUTTONS:], *found.other) if len(press_text(p)) <= VALUE]
    if rest:
        menu = {
            "type": "static_select",
            "action_id": "more",
            "placeholder": plain(_("More …"), LABEL),
            "options": [_option(press.label, press_text(press)) for press in rest[:100]],
        }
        blocks.append({"type": "actions", "block_id": f"b{name}"[:ID], "elements": [menu]})
    return blocks


def _fits(press: Press) -> bool:
    return len(press_text(press)) <= ID


def _button(press: Press, card: Card) -> Block:
    button: Block = {
        "type": "button",
        "text": plain(press.label, LABEL),
        "action_id": press_text(press),
        "value": aim_text(card),
    }
    if press.final:
        button["confirm"] = {
            "title": plain(press.offer.label, 100),
            "text": plain(_("This cannot be taken back."), 300),
            "confirm": plain(press.offer.label, 30),
            "deny": plain(_("Cancel"), 30),
        }
    return button


def _foot(card: Card, surroundings: Surroundings) -> Block:
    address = link(card, surroundings.url)
    text = f"<{address}|{_('All of it and the files')}>"
    if reference(card):
        text = f"`/genba {reference(card)}` · {text}"
    linked = unpressed(card, plan(card, CARRIES)) if card.open else ()
    if linked:
        text = f"{text} · {_('With a form: %(what)s.') % {'what': escaped(remaining(linked))}}"
    return {"type": "context", "elements": [mrkdwn(clipped(text, TEXT))]}


def unpressed(card: Card, found: Plan) -> tuple[Any, ...]:
    """The offers of a card that have no button."""
    if len(aim_text(card)) + 2 > ID:
        return card.offers
    shown = [
        *(p for p in found.asked[:BUTTONS] if _fits(p)),
        *[p for p in (*found.asked[BUTTONS:], *found.other) if len(press_text(p)) <= VALUE][:100],
    ]
    acts = {press.offer.act for press in shown}
    return tuple(offer for offer in card.offers if offer.act not in acts)


def _input(field: Field, form: Form) -> Block:
    block: Block = {
        "type": "input",
        "block_id": f"f{field.name}"[:ID],
        "label": plain(field.title, 2000),
        "optional": not field.required,
        "element": _element(field, _before(field, form)),
    }
    if field.hint:
        block["hint"] = plain(field.hint, 2000)
    return block


def _before(field: Field, form: Form) -> Any:
    if form.choice and field.name == form.offer.choice_field:
        return form.choice
    return form.given.get(field.name, field.default)


def _element(field: Field, before: Any) -> Block:
    options = [_option(one.label, one.value) for one in field.options]
    chosen = [option for option in options if option["value"] in _listed(before)]
    match field.kind:
        case Kind.CHOICE:
            return {"type": "static_select", **_with("initial_option", chosen[:1], first=True),
                    "action_id": "value", "options": options}  # fmt: skip
        case Kind.SEVERAL:
            return {"type": "multi_static_select", **_with("initial_options", chosen),
                    "action_id": "value", "options": options}  # fmt: skip
        case Kind.YES_NO:
            both = [_option(_("Yes"), "true"), _option(_("No"), "false")]
            first = both[:1] if before else both[1:]
            return {"type": "radio_buttons", "action_id": "value", "options": both,
                    "initial_option": first[0]}  # fmt: skip
        case Kind.NUMBER:
            return _number(field, before)
        case Kind.DATE:
            return {"type": "datepicker", "action_id": "value"}
        case _:
            return _text(field, before)


def _number(field: Field, before: Any) -> Block:
    element: Block = {"type": "number_input", "action_id": "value"}
    element["is_decimal_allowed"] = not field.whole
    bounds = (("min_value", field.least), ("max_value", field.most), ("initial_value", before))
    return {**element, **{name: str(value) for name, value in bounds if value is not None}}


def _text(field: Field, before: Any) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": "value",
        "multiline": field.kind is Kind.LONG,
        "max_length": min(field.longest or CARRIES.longest, CARRIES.longest),
    }
    if field.kind is Kind.INSTANT:
        element["placeholder"] = plain("2026-03-31 14:30", HEAD)
    return {**element, **({"initial_value": str(before)} if before else {})}


def _with(name: str, chosen: list[Block], *, first: bool = False) -> Block:
    return {name: chosen[0] if first else chosen} if chosen else {}


def _listed(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _option(label: str, value: str) -> Block:
    return {"text": plain(label, LABEL), "value": value[:VALUE]}


def _section(text: str) -> list[Block]:
    return [{"type": "section", "text": mrkdwn(clipped(text, TEXT))}] if text.strip() else []


def plain(text: str, most: int) -> Block:
    """A text object without formatting; never empty."""
    return {"type": "plain_text", "text": clipped(text, most) or "–"}


def mrkdwn(text: str) -> Block:
    """A text object with Slack's own marks."""
    return {"type": "mrkdwn", "text": text}


def escaped(text: str) -> str:
    """Text whose control signs are shown, not obeyed."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clipped(text: str, most: int) -> str:
    """Text of at most so many characters."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
