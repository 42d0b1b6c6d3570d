"""A card as a Matrix message: `m.room.message` with HTML, in the thread of its case.

Rules of this file: pure. Matrix has no buttons: what can be written is printed. Nobody is mentioned
by a card (`m.mentions` is empty), and what people wrote is escaped. An edit is a message of its own
that replaces the first one (MSC2676, in the specification since 1.4).
"""

from html import escape
from typing import Any

from django.utils.translation import gettext as _

from genba.acts.card import Card
from genba.channels.chat.contract import Reply
from genba.channels.chat.payloads import text
from genba.channels.contract import Carrying, Heard, Surroundings
from genba.channels.fields import Kind
from genba.channels.lines import written
from genba.channels.telling import link, reference, remaining, told

LONGEST = 20_000  # characters of one of the two texts; an event has 64 kB
CARRIES = Carrying(
    context="all of the card",
    talk="in the thread of the card",
    plain="a verb in reply to the card, or a reaction for what can be taken back",
    filled="the verb and text behind it, or lines below it",
    step_up="a link to the page",
    elsewhere="the message is changed",
    inputs=frozenset(Kind) - {Kind.FILE},
    fields=4,
)

Content = dict[str, Any]


def render(card: Card, surroundings: Surroundings) -> Content:
    """The content of the message of a card."""
    words = told(card)
    plain = [words.head, words.subject, words.state, *words.notes]
    rich = [f"<b>{escape(words.head)}</b><br>{escape(words.subject)}", escape(words.state)]
    rich += [f"<i>{escape(note)}</i>" for note in words.notes]
    plain += [f"  {label}: {value}" for label, value in words.facts]
    facts = [f"{escape(label)}: {escape(value)}" for label, value in words.facts]
    rich += [_list(facts)]
    plain += [f"  {line}" for line in words.said]
    rich += [f"<blockquote>{escape(line)}</blockquote>" for line in words.said]
    lines, marked = _acts(card)
    address = link(card, surroundings.url)
    page = _("All of it and the files:")
    foot = [*lines, f"{page} {address}"]
    shown = [*marked, f'<a href="{escape(address)}">{escape(page.rstrip(":"))}</a>']
    return message(_within(plain, foot, "\n"), _within(rich, shown, "<br>"))


def answer(reply: Reply, _heard: Heard, surroundings: Surroundings) -> Content:
    """What the bot says to whoever wrote."""
    plain, rich = [reply.text], [escape(reply.text).replace("\n", "<br>")]
    for card in reply.cards:
        words = told(card)
        address = link(card, surroundings.url)
        plain.append(f"{reference(card)} {words.head} · {words.subject} {address}")
        where = f'<a href="{escape(address)}">{escape(words.head)}</a>'
        rich.append(f"<code>{reference(card)}</code> {where} · {escape(words.subject)}")
    if reply.card is not None:
        shown = render(reply.card, surroundings)
        plain.append(str(shown["body"]))
        rich.append(str(shown["formatted_body"]))
    return message(_within([], plain, "\n"), _within([], rich, "<br>"))


def message(plain: str, rich: str) -> Content:
    """A message of text: a notice, so that no other bot answers it."""
    return {
        "msgtype": "m.notice",
        "body": plain,
        "format": "org.matrix.custom.html",
        "formatted_body": rich,
        "m.mentions": {},
    }


def in_thread(content: Content, root: str, *, to: str = "") -> Content:
    """A message in the thread of another one (`root`), in answer to one of them."""
    relation = {
        "rel_type": "m.thread",
        "event_id": root,
        "is_falling_back": not to,
        "m.in_reply_to": {"event_id": to or root},
    }
    return {**content, "m.relates_to": relation}


def answering(content: Content, event: dict[str, Any]) -> Content:
    """A message in answer to an event, in the thread it stands in."""
    own = text(event, "event_id")
    if text(event, "content", "m.relates_to", "rel_type") == "m.thread":
        return in_thread(content, text(event, "content", "m.relates_to", "event_id"), to=own)
    return {**content, "m.relates_to": {"m.in_reply_to": {"event_id": own}}}


def replacing(content: Content, event: str) -> Content:
    """A message that takes the place of one of ours."""
    return {
        **content,
        "body": f"* {content['body']}",
        "formatted_body": f"* {content['formatted_body']}",
        "m.new_content": content,
        "m.relates_to": {"rel_type": "m.replace", "event_id": event},
    }


def _acts(card: Card) -> tuple[list[str], list[str]]:
    if not card.open or not card.offers:
        return [], []
    found = written(card, CARRIES)
    plain = [f"  {one.word}" + (f" ({one.remark})" if one.remark else "") for one in found.lines]
    rich = [
        f"<code>{escape(one.word)}</code>" + (f" ({escape(one.remark)})" if one.remark else "")
        for one in found.lines
    ]
    head = _("Answer in this thread with one of these:")
    left = _("With a form: %(what)s.") % {"what": remaining(found.linked)}
    extra = [left] if found.linked else []
    if not plain:
        return extra, [escape(one) for one in extra]
    return [head, *plain, *extra], [f"{escape(head)}{_list(rich)}", *map(escape, extra)]


def _list(items: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>" if items else ""


def _within(body: list[str], foot: list[str], joint: str) -> str:
    """All of it; what is too long loses whole parts from its middle, never its acts or its link."""
    parts = [part for part in body if part]
    end = joint.join(part for part in foot if part)
    while parts and len(joint.join([*parts, end])) > LONGEST:
        parts.pop()
    return joint.join([*parts, end])
