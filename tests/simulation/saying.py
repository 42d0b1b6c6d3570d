"""The same act in each channel's own form, read by that channel's own reader.

Each gives "said" when the act was asked for there, "linked" when it cannot be said there: then the
card has a link to the page instead. `do` is asked in place of `perform`.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch


def _web(company: Any, _channel: str, draw: Any, do: Callable[..., Any]) -> str:
    from genba.acts.card import Assurance, Card
    from genba.web.channel import Pressed, read

    card = Card(object=draw.object, id=draw.id, version=0, title="", subject="", url="")
    pressed = Pressed(
        person=draw.person.id, level=Assurance.FRESH, card=card, act=draw.act, given=draw.given,
        key=f"k{company.count}",
    )  # fmt: skip
    do(read(pressed).inbound)
    return "said"


def _api(company: Any, _channel: str, draw: Any, do: Callable[..., Any]) -> str:
    from msgspec.structs import replace

    from genba.web.api.channel import Asked, read

    asked = Asked(
        reader=draw.person, program=False, act=draw.act, object=draw.object, given=draw.given,
        key=f"k{company.count}",
    )  # fmt: skip
    do(replace(read(asked).inbound, object_id=draw.id))
    return "said"


def words_for(company: Any, channel: str, draw: Any) -> list[str] | None:
    """The act in words, as the card in that channel prints them; None when it does not."""
    from genba.acts.declaring import mail_words
    from genba.acts.objects import offer_of
    from genba.acts.registry import find_act
    from genba.channels.contract import fits

    found = company.channels[channel]
    assert found is not None
    declaration = find_act(draw.act)
    offer = offer_of(draw.act, draw.id, draw.person)
    if declaration is None or (offer is not None and not fits(offer, found.carries)):
        return None
    given = dict(draw.given)
    rules = offer.schema.get("properties", {}) if offer else {}
    if offer is not None and offer.choices:
        return _choosing(offer, given)
    if not declaration.words or any("\n" in str(v) or not str(v).strip() for v in given.values()):
        return None
    first = mail_words(declaration.words)[0]
    text = given.pop(declaration.text_field, "") if declaration.text_field else ""
    titles = {str(rule.get("title", name)) for name, rule in rules.items()}
    if offer is None or len(titles) < len(rules) or any(n not in rules for n in given):
        return [f"{first} {text}".strip()] if not given else None
    if any(kind_is_odd(rules[name], value) for name, value in given.items()):
        return None
    return [
        f"{first} {text}".strip(),
        *(f"{rules[n].get('title', n)}: {v}" for n, v in given.items()),
    ]


def kind_is_odd(rule: dict[str, Any], value: Any) -> bool:
    """What is not written on one line, or by another word than its value."""
    from genba.channels.fields import Kind, kind_of

    return isinstance(value, list) or kind_of(rule) in (Kind.FILE, Kind.LONG)


def _choosing(offer: Any, given: dict[str, Any]) -> list[str] | None:
    chosen = given.pop(offer.choice_field, None)
    wanted = chosen if isinstance(chosen, list) else [chosen]
    labels = [one.label for one in offer.choices if one.value in wanted]
    if given or len(labels) != len(wanted) or not labels:
        return None
    return [", ".join(labels)]


def _mail(company: Any, _channel: str, draw: Any, do: Callable[..., Any]) -> str:
    from genba.acts.card import Assurance
    from genba.channels.mail import replies
    from genba.channels.mail.letters import open_letter

    lines = words_for(company, "mail", draw)
    if lines is None:
        return "linked"
    raw = "\r\n".join(
        [
            f"From: {draw.person.address}", "To: act@genba.test", "Subject: Re: x",
            f"Message-ID: <{company.count}@example.org>",
            "Content-Type: text/plain; charset=utf-8", "", *lines, "",
        ]
    )  # fmt: skip
    with quiet(replies, do, "answer", "finish", "note", "hold"):
        replies.reply(
            open_letter(raw.encode(), "x@example.org"), company.token(draw), Assurance.CHANNEL
        )
    return "said"


@contextmanager
def quiet(module: Any, do: Callable[..., Any], *silent: str) -> Iterator[None]:
    """Let a channel ask `do` instead of doing it, and say nothing."""
    with ExitStack() as stack:
        stack.enter_context(patch.object(module, "perform", do))
        for name in silent:
            stack.enter_context(patch.object(module, name, lambda *_given, **_named: None))
        yield


def _pressing(company: Any, channel: str, draw: Any, do: Callable[..., Any]) -> str:
    """A button or a form of a card, by what the card's rendering has."""
    from genba.acts.card import Assurance
    from genba.acts.objects import offer_of
    from genba.channels.chat import hearing
    from genba.channels.chat.payloads import inbound
    from genba.channels.chat.systems import chats
    from genba.channels.contract import Heard, fits
    from genba.channels.pressing import Aim

    chat = chats()[channel]
    offer = offer_of(draw.act, draw.id, draw.person)
    if offer is not None and not fits(offer, chat.channel.carries):
        return "linked"
    who = company.identity(channel, draw.person)
    said = inbound(
        channel, who, f"k{company.count}", aim=Aim(draw.object, draw.id), act=draw.act,
        given=draw.given,
    )  # fmt: skip
    assert said.assurance is Assurance.CHANNEL
    with quiet(hearing, do):
        hearing.hear(chat, Heard(inbound=said, wants="filled"))
    return "said"


def _writing(company: Any, channel: str, draw: Any, do: Callable[..., Any]) -> str:
    """Words about a card, by its number."""
    from genba.acts.objects import card_for
    from genba.channels.chat import hearing
    from genba.channels.chat.payloads import inbound
    from genba.channels.chat.systems import chats
    from genba.channels.contract import Heard
    from genba.channels.telling import reference

    lines = words_for(company, channel, draw)
    card = card_for(draw.object, draw.id, draw.person, full=False)
    if lines is None or card is None or not reference(card):
        return "linked"
    who = company.identity(channel, draw.person)
    said = inbound(channel, who, f"k{company.count}")
    words = f"{reference(card)} " + "\n".join(lines)
    with quiet(hearing, do):
        hearing.hear(chats()[channel], Heard(inbound=said, wants="command", words=words))
    return "said"


WAYS: dict[str, Callable[..., str]] = {
    "web": _web, "api": _api, "mail": _mail, "slack": _pressing, "mattermost": _pressing,
    "teams": _pressing, "zulip": _writing, "matrix": _writing,
}  # fmt: skip
