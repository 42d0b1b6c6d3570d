"""A card renders in every format for every act there is, valid, and no act is ever dropped."""

import json
import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest
from django.utils.translation import override
from lxml import html
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from genba.acts.card import Card, Offer
from genba.acts.registry import acts
from genba.channels.chat.contract import Form
from genba.channels.contract import Surroundings, channel_named, channels
from genba.channels.fields import fields_of
from genba.channels.matrix import rendering as matrix
from genba.channels.mattermost import rendering as mattermost
from genba.channels.slack import rendering as slack
from genba.channels.teams import rendering as teams
from genba.channels.telling import remaining

from . import published
from .registered import card_with, offers_of_every_act

PLACE = Surroundings(url="https://genba.test", secret="s3cret")
EVERY = dict(offers_of_every_act())
PAGE = "https://genba.test/cases/88/w12"


@pytest.fixture(params=sorted(EVERY))
def offer(request: pytest.FixtureRequest) -> Offer:
    return EVERY[request.param]


def rendered(name: str, card: Card) -> Any:
    channel = channel_named(name)
    assert channel is not None
    assert channel.render is not None
    return channel.render(card, PLACE)


def told(offer: Offer, shown: str) -> bool:
    """Whether a text says that an act is done on the page, and where that is."""
    return remaining((offer,)) in shown and PAGE in shown


def values(made: Any, name: str) -> list[Any]:
    """Everything that stands under a name, anywhere."""
    found = []
    if isinstance(made, dict):
        found += [made[name]] if name in made else []
        found += [one for inner in made.values() for one in values(inner, name)]
    elif isinstance(made, list):
        found += [one for inner in made for one in values(inner, name)]
    return found


def test_the_formats_are_those_that_were_promised() -> None:
    names = {channel.name for channel in channels()}
    assert names >= {"web", "mail", "api", "slack", "mattermost", "teams", "zulip", "matrix"}
    assert len({act.act for act in acts()}) > 50


def test_page(offer: Offer) -> None:
    made = rendered("web", card_with(offer))
    (form,) = html.fragments_fromstring(f"<div>{made}</div>")[0].xpath(".//form")
    assert form.get("method") == "post"
    assert offer.act in form.get("action")
    named = {one.get("name") for one in form.xpath(".//input|.//select|.//textarea|.//button")}
    for field in fields_of(offer):
        assert not field.required or field.name in named, field.name
    assert len(form.xpath(".//button")) >= 1


def test_mail(offer: Offer) -> None:
    card = card_with(offer)
    made: EmailMessage = rendered("mail", card)
    again = message_from_bytes(made.as_bytes(), policy=SMTP)
    assert not [part.defects for part in again.walk() if part.defects]
    assert max(len(line) for line in made.as_bytes().splitlines()) <= 998
    body = again.get_body(("plain",))
    assert body is not None
    text = " ".join(str(body.get_content()).split())
    said = [*offer.words, *(one.label for one in offer.choices[:1])]
    assert any(" ".join(one.split())[:40] in text for one in said) or (
        offer.label in text if offer.primary else PAGE in text
    )


def test_rest(offer: Offer) -> None:
    _roots, parts = msgspec.json.schema_components((Card,), ref_template="#/$defs/{name}")
    made = json.loads(rendered("api", card_with(offer)))
    published.check({"$ref": "#/$defs/Card", "$defs": parts}, made)
    assert [one["act"] for one in made["offers"]] == [offer.act]


def test_slack(offer: Offer) -> None:
    card = card_with(offer)
    made = rendered("slack", card)
    published.check(published.SLACK_MESSAGE, made)
    for block in Block.parse_all(made["blocks"]):
        block.validate_json()
    ids = [one for block in made["blocks"] for one in values(block, "action_id")]
    assert len(ids) == len(set(ids))
    presses = [*ids, *values(made, "value")]
    assert any(offer.act in one for one in presses) or told(offer, json.dumps(made))
    if "form|" in json.dumps(made):
        view = slack.form_view(Form(card=card, offer=offer), PLACE)
        published.check(published.SLACK_VIEW, view)
        View(**view).validate_json()
        asked = {block["block_id"][1:] for block in view["blocks"] if block["type"] == "input"}
        assert {field.name for field in fields_of(offer) if field.required} <= asked


def test_mattermost(offer: Offer) -> None:
    card = card_with(offer)
    made = rendered("mattermost", card)
    published.check(published.MATTERMOST_POST, made)
    presses = [*values(made, "press"), *values(made, "value")]
    assert any(offer.act in one for one in presses) or told(offer, json.dumps(made))
    if any(one.startswith("form|") for one in presses):
        dialog = mattermost.form_dialog(Form(card=card, offer=offer), PLACE)
        published.check(published.MATTERMOST_DIALOG, dialog)
        asked = {element["name"] for element in dialog["elements"]}
        assert {field.name for field in fields_of(offer) if field.required} <= asked


def test_teams(offer: Offer) -> None:
    card = card_with(offer)
    made = rendered("teams", card)
    published.adaptive_card().validate(made)
    assert len(json.dumps(made, ensure_ascii=False).encode()) <= 28_000
    assert offer.act in values(made, "verb") or told(offer, json.dumps(made))
    forms = [action for action in made["actions"] if action["type"] == "Action.ShowCard"]
    for shown in forms:
        asked = {one["id"] for one in shown["card"]["body"]}
        assert {field.name for field in fields_of(offer) if field.required} <= asked


def test_zulip(offer: Offer) -> None:
    made = rendered("zulip", card_with(offer))
    published.check(published.ZULIP_MESSAGE, made)
    content = made["content"]
    words = [*offer.words, *(one.label.split()[0] for one in offer.choices)]
    assert any(f"88/w12 {word}" in content or f"88 {word}" in content for word in words) or told(
        offer, content
    )
    outside = re.sub(r"`[^`]*`", "", re.sub(r"\\.", "", content))  # in code it mentions nobody
    assert not re.search(r"@(?!\u200b)", outside)


class Tags(HTMLParser):
    """The tags of a text and what they point at."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.links: set[str | None] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.links |= {value for name, value in attrs if name == "href"}


def test_matrix(offer: Offer) -> None:
    made = rendered("matrix", card_with(offer))
    published.check(published.MATRIX_MESSAGE, made)
    edit = matrix.replacing(made, "$event")
    published.check(published.MATRIX_EDIT, edit)
    assert len(json.dumps(edit).encode()) < 65_000
    tags = Tags()
    tags.feed(made["formatted_body"])
    assert tags.found <= published.MATRIX_TAGS
    assert tags.links == {PAGE}
    words = [*offer.words, *(" ".join(one.label.split()) for one in offer.choices)]
    assert any(f"  {word}" in made["body"] for word in words) or told(offer, made["body"])


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_card_with_everything_fits_everywhere(language: str) -> None:
    card = card_with(*(offer for name, offer in EVERY.items() if name.endswith(" asked")))
    with override(language):
        published.check(published.SLACK_MESSAGE, rendered("slack", card))
        published.check(published.MATTERMOST_POST, rendered("mattermost", card))
        published.adaptive_card().validate(rendered("teams", card))
        published.check(published.ZULIP_MESSAGE, rendered("zulip", card))
        published.check(published.MATRIX_MESSAGE, rendered("matrix", card))
        for name in ("slack", "teams", "mattermost", "zulip", "matrix"):
            made = json.dumps(rendered(name, card), ensure_ascii=False)
            for offer in card.offers:
                words = offer.words[:1] or ("\0",)
                assert offer.act in made or offer.label in made or words[0] in made


def test_a_card_whose_id_is_too_long_for_a_button_is_linked() -> None:
    card = card_with(EVERY["decision.comment asked"], id="d" * 300)
    made = rendered("slack", card)
    published.check(published.SLACK_MESSAGE, made)
    assert told(card.offers[0], json.dumps(made))


def test_what_people_wrote_mentions_nobody_and_links_to_nothing() -> None:
    card = card_with(EVERY["task.approve asked"])
    message = rendered("slack", card)
    marked = [block["text"]["text"] for block in message["blocks"] if block["type"] == "section"]
    assert "<!here>" not in "".join([message["text"], *marked])
    post = rendered("mattermost", card)["props"]["attachments"][0]
    said = json.dumps([post["text"], post["fields"]], ensure_ascii=False)
    assert "@channel" not in said
    assert "](http://evil" not in said
    block = json.dumps(rendered("teams", card)["body"])
    assert not re.search(r"[^\\]\]\(http", block.replace("\\\\", "\\"))
    assert teams.escaped("[x](y)") == "\\[x\\]\\(y\\)"
