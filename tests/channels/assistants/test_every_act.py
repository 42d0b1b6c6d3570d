"""Every act there is, as a tool and as a question: valid, and nothing of it dropped."""

import re

import pytest
from jsonschema import Draft202012Validator
from mcp_types._v2025_11_25 import PrimitiveSchemaDefinition
from pydantic import TypeAdapter

from genba.acts.card import Effect
from genba.acts.registry import Declaration, acts
from genba.channels.assistants.asking import CONFIRM, Elsewhere, Question, question_of
from genba.channels.assistants.channel import CHANNEL
from genba.channels.assistants.tools import act_named, tool_name, tool_of
from genba.channels.contract import Surroundings
from genba.channels.fields import Kind, fields_of
from tests.channels.registered import card_with, offers_of_every_act

FIELD: TypeAdapter[object] = TypeAdapter(PrimitiveSchemaDefinition)
EVERY = dict(offers_of_every_act())


@pytest.mark.parametrize("declaration", acts(), ids=lambda one: one.act)
def test_as_a_tool(declaration: Declaration) -> None:
    tool = tool_of(declaration)
    assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", tool.name)
    assert act_named(tool.name) is declaration
    Draft202012Validator.check_schema(tool.input_schema)


@pytest.mark.parametrize("name", sorted(EVERY))
def test_on_a_card_and_as_a_question(name: str) -> None:
    offer = EVERY[name]
    card = card_with(offer)
    assert CHANNEL.render is not None
    (told,) = CHANNEL.render(card, Surroundings())["data"]["offers"]
    assert (told["tool"], told["input"]) == (tool_name(offer.act), offer.schema)
    ask = question_of(card, offer, {}, "")
    needed = [field for field in fields_of(offer) if field.required]
    if isinstance(ask, Question):
        for rule in ask.schema["properties"].values():
            FIELD.validate_python(rule)
        assert {field.name for field in needed} <= set(ask.schema["properties"])
        assert (CONFIRM in ask.schema["required"]) is (offer.effect is Effect.FINAL)
    elif ask is None:
        assert not needed
        assert offer.effect is not Effect.FINAL
    else:
        assert isinstance(ask, Elsewhere)
        kinds = {field.kind for field in needed}
        assert offer.assurance > 2 or kinds & {Kind.FILE, Kind.SEVERAL}
