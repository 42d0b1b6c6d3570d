"""The tables of the channels are true: what they say fits is there, the rest is a link."""

import json
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from msgspec.structs import replace

from genba.acts.card import Card, Offer
from genba.acts.schemas import flat_schema
from genba.channels.contract import Channel, Surroundings, channels, fits
from genba.channels.documentation import describe
from genba.channels.fields import Kind, fields_of, kind_of
from genba.channels.telling import remaining

from .registered import card_with, offers_of_every_act

PLACE = Surroundings(url="https://genba.test", secret="s3cret")
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "channels.md"
RULES: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": "string"},
    Kind.LONG: {"type": "string", "maxLength": 5000},
    Kind.CHOICE: {"type": "string", "enum": ["a", "b"]},
    Kind.SEVERAL: {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}},
    Kind.YES_NO: {"type": "boolean"},
    Kind.NUMBER: {"type": "number"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.INSTANT: {"type": "string", "format": "date-time"},
    Kind.PERSON: {"type": "string", "format": "person"},
    Kind.FILE: {"type": "string", "format": "binary", "contentEncoding": "base64"},
}
TALKING = [one for one in channels() if one.name in
           ("slack", "mattermost", "teams", "zulip", "matrix")]  # fmt: skip


def asking(count: int, rule: dict[str, Any]) -> Card:
    names = [f"field{n}" for n in range(count)]
    schema = flat_schema({name: {"title": name, **rule} for name in names}, tuple(names))
    offer = Offer(
        act="task.complete", label="Hand in", schema=schema, words=("hand in",), primary=True,
        required=True,
    )  # fmt: skip
    return replace(card_with(offer), number=88, title="A task", subject="S", facts=(), said=())


def can_be_done(channel: Channel, card: Card) -> bool:
    """Whether a rendering lets one do the act there; else it must say that the page does."""
    assert channel.render is not None
    made = json.dumps(channel.render(card, PLACE), ensure_ascii=False)
    (offer,) = card.offers
    if offer.act in made or f"{offer.words[0]}" in made.replace(offer.label, ""):
        return True
    assert remaining((offer,)) in made
    assert "https://genba.test/cases/88" in made
    return False


def test_the_page_is_current() -> None:
    assert PAGE.read_text() == describe(), "write genba.channels.documentation.describe() there"


def test_every_kind_has_a_rule_and_every_act_has_kinds() -> None:
    assert {kind: kind_of(rule) for kind, rule in RULES.items()} == {kind: kind for kind in Kind}
    for _name, offer in offers_of_every_act():
        for field in fields_of(offer):
            assert field.kind in Kind


@pytest.mark.parametrize("channel", TALKING, ids=lambda one: one.name)
@pytest.mark.parametrize("kind", list(Kind))
def test_a_kind_fits_as_the_table_says(channel: Channel, kind: Kind) -> None:
    card = asking(1, RULES[kind])
    assert fits(card.offers[0], channel.carries) is (kind in channel.carries.inputs)
    assert can_be_done(channel, card) is (kind in channel.carries.inputs)


@pytest.mark.parametrize("channel", TALKING, ids=lambda one: one.name)
def test_as_many_fields_fit_as_the_table_says(channel: Channel) -> None:
    most = channel.carries.fields
    assert can_be_done(channel, asking(most, RULES[Kind.TEXT]))
    assert not can_be_done(channel, asking(most + 1, RULES[Kind.TEXT]))


@pytest.mark.parametrize("channel", TALKING, ids=lambda one: one.name)
def test_what_is_over_offers_nothing(channel: Channel) -> None:
    card = replace(asking(1, RULES[Kind.TEXT]), open=False, status="approved by Team lead")
    assert channel.render is not None
    made = json.dumps(channel.render(card, PLACE), ensure_ascii=False)
    assert "approved by Team lead" in made
    assert "task.complete" not in made
    assert "hand in" not in made


def test_calendar() -> None:
    (channel,) = [one for one in channels() if one.name == "calendar"]
    assert channel.render is not None
    for _name, offer in offers_of_every_act():
        card = card_with(offer)
        made = Calendar.from_ical(channel.render(replace(card, opened_at=card.due), PLACE))
        assert isinstance(made, Calendar)
        (entry,) = made.walk("VTODO")
        assert entry["url"] == PLACE.url + card.url
        assert entry["status"] == "NEEDS-ACTION"
        assert not [error for part in made.walk() for error in part.errors]
