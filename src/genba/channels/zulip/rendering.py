"""A card as a Zulip message, in its Markdown.

Rules of this file: pure. Zulip has no buttons for bots: what can be written is printed, with the
number of the case before it. Words people wrote are shown, not obeyed: they mention nobody.
"""

import re
from typing import Any

from django.utils.translation import gettext as _

from genba.acts.card import Card
from genba.channels.chat.contract import Reply
from genba.channels.contract import Carrying, Heard, Surroundings
from genba.channels.fields import Kind
from genba.channels.lines import written
from genba.channels.telling import link, reference, remaining, told, whole_lines

LONGEST, TOPIC = 10_000, 60
CARRIES = Carrying(
    context="all of the card",
    talk="`NUMBER words`",
    plain="a verb: `NUMBER verb`",
    filled="the verb and text behind it, or lines below it",
    step_up="a link to the page",
    elsewhere="the message is changed",
    inputs=frozenset(Kind) - {Kind.FILE},
    fields=4,
)
_MARKS = re.compile(r"([\\`*_~\[\]#>|$])")


def render(card: Card, surroundings: Surroundings) -> dict[str, Any]:
    """The message of a card: its topic and content."""
    content = _content(card, surroundings, LONGEST)
    return {"topic": card.subject[:TOPIC], "content": content}


def _content(card: Card, surroundings: Surroundings, room: int) -> str:
    words = told(card)
    lines = [f"**{escaped(words.head)}**", escaped(words.state)]
    lines += [f"*{escaped(note)}*" for note in words.notes]
    lines += [f"- {escaped(label)}: {escaped(value)}" for label, value in words.facts]
    lines += [f"> {escaped(line)}" for line in words.said]
    foot = f"[{_('All of it and the files')}]({link(card, surroundings.url)})"
    acts = _acts(card)
    left = room - len(acts) - len(foot) - 10
    return "\n\n".join(part for part in (whole_lines(lines, left), acts, foot) if part)


def answer(reply: Reply, _heard: Heard, surroundings: Surroundings) -> dict[str, Any]:
    """What the bot says where it was called."""
    parts = [escaped(reply.text)]
    for card in reply.cards:
        words = told(card)
        where = f"[{escaped(words.head)}]({link(card, surroundings.url)})"
        parts.append(f"- `{reference(card)}` {where} · {escaped(words.subject)}")
    if reply.card is not None:
        parts.append(_content(reply.card, surroundings, LONGEST - len(parts[0]) - 10))
    return {"content": whole_lines(parts, LONGEST)}


def _acts(card: Card) -> str:
    if not card.open or not card.offers:
        return ""
    found = written(card, CARRIES)
    number = reference(card)
    lines = [
        f"- `{number} {line.word.replace('`', '')}`".replace("` ", "`")
        + (f" ({escaped(line.remark)})" if line.remark else "")
        for line in found.lines
    ]
    head = [_("Write to me, for instance:")] if lines else []
    if found.linked:
        lines.append(_("With a form: %(what)s.") % {"what": escaped(remaining(found.linked))})
    return "\n".join([*head, *lines])


def escaped(text: str) -> str:
    """Text whose marks are shown, not obeyed; an @ is followed by what makes it no mention."""
    return _MARKS.sub(r"\\\1", text).replace("@", "@\u200b")
