"""From an input Struct to a flat schema."""

from typing import Annotated, Any, Literal

import pytest
from msgspec import Meta, Struct

from genba.acts.schemas import Free, Nothing, filled, flat_schema, schema_of, with_form


class Wide(Struct, frozen=True):
    text: Annotated[str, Meta(title="Reason", min_length=1, max_length=300)]
    size: Literal["small", "large"] = "small"
    count: Annotated[int, Meta(ge=1)] | None = None
    file: bytes = b""
    sure: bool = False


class Reason(Free, frozen=True):
    reason: str = ""


class Deep(Struct):
    inner: dict[str, Any]


def test_a_struct_is_one_flat_object() -> None:
    schema = schema_of(Wide)
    assert sorted(schema["properties"]["size"].pop("enum")) == ["large", "small"]
    assert schema == {
        "type": "object",
        "additionalProperties": False,
        "required": ["text"],
        "properties": {
            "text": {"type": "string", "title": "Reason", "minLength": 1, "maxLength": 300},
            "size": {"type": "string", "title": "size", "default": "small"},
            "count": {"type": "integer", "minimum": 1, "title": "count"},
            "file": {
                "type": "string",
                "format": "binary",
                "contentEncoding": "base64",
                "title": "file",
            },
            "sure": {"type": "boolean", "title": "sure", "default": False},
        },
    }


def test_nothing_needs_nothing() -> None:
    assert schema_of(Nothing) == flat_schema({}, ())


def test_what_no_channel_can_carry_is_a_programming_error() -> None:
    with pytest.raises(TypeError, match="inner"):
        schema_of(Deep)


def test_a_form_goes_before_the_fields_of_the_act() -> None:
    form = flat_schema({"amount": {"type": "number"}, "reason": {"type": "boolean"}}, ("amount",))
    merged = with_form(Reason, form)
    assert list(merged["properties"]) == ["amount", "reason"]
    assert merged["properties"]["reason"] == {"type": "boolean"}
    assert merged["required"] == ["amount"]
    assert "reason" in form["properties"]


def test_a_free_input_keeps_what_is_not_declared() -> None:
    given = filled(Reason, {"reason": "late", "amount": 3, "gone": None})
    assert given == Reason({"amount": 3, "gone": None}, "late")
    assert filled(Wide, {"text": "x", "count": None}) == Wide("x")
