"""Forms are made from schemas, and what they send is handed on as written."""

from typing import Any

import pytest
from django.http import QueryDict

from genba.acts.card import Choice, Offer
from genba.web.forms import control, fields, read

KINDS = [
    ({"type": "string"}, "text"),
    ({"type": "string", "maxLength": 200}, "text"),
    ({"type": "string", "maxLength": 201}, "textarea"),
    ({"type": "integer"}, "number"),
    ({"type": ["number", "null"]}, "number"),
    ({"type": "boolean"}, "checkbox"),
    ({"type": "string", "format": "date"}, "date"),
    ({"type": "string", "format": "date-time"}, "datetime-local"),
    ({"type": "string", "format": "email"}, "email"),
    ({"type": "string", "format": "binary", "contentEncoding": "base64"}, "file"),
    ({"type": "string", "enum": ["a", "b"]}, "radio"),
    ({"type": "string", "oneOf": [{"const": str(n), "title": "t"} for n in range(6)]}, "select"),
    ({"type": "array", "items": {"enum": ["a", "b"]}}, "checkboxes"),
    ({"type": "string", "format": "person"}, "person"),
]


def offer(properties: dict[str, Any], *required: str, **more: Any) -> Offer:
    schema = {"type": "object", "properties": properties, "required": list(required)}
    return Offer(act="thing.do", label="Do", schema=schema, **more)


@pytest.mark.parametrize(("schema", "shown"), KINDS)
def test_a_property_becomes_a_control(schema: dict[str, Any], shown: str) -> None:
    assert control(schema) == shown


def test_what_was_tried_comes_back_and_else_the_default() -> None:
    asked = offer({"a": {"type": "string", "default": "old"}, "b": {"type": "number"}}, "a")
    first, second = fields(asked)
    assert (first.value, first.required, second.value, second.required) == ("old", True, "", False)
    assert [field.value for field in fields(asked, {"a": "new", "b": "5,5"})] == ["new", "5,5"]


def test_a_choice_is_buttons_and_no_field() -> None:
    schema = {"way": {"type": "string", "enum": ["y", "n"]}, "why": {"type": "string"}}
    choices = (Choice("y", "Yes"), Choice("n", "No"))
    one = offer(schema, "way", choices=choices, choice_field="way")
    assert [field.name for field in fields(one)] == ["why"]
    many = offer(
        {"way": {"type": "array", "items": {"enum": ["y", "n"]}}},
        choices=choices,
        choice_field="way",
        many=True,
    )
    assert [field.control for field in fields(many)] == ["checkboxes"]


def test_a_file_says_its_name_itself() -> None:
    schema = {
        "file": {"type": "string", "contentEncoding": "base64"},
        "name": {"type": "string"},
        "media_type": {"type": "string"},
        "comment": {"type": "string"},
    }
    assert [field.name for field in fields(offer(schema))] == ["file", "comment"]
    del schema["file"]
    assert "name" in [field.name for field in fields(offer(schema))]


def test_what_is_sent_is_kept_as_written() -> None:
    schema = offer(
        {
            "n": {"type": "number"},
            "yes": {"type": "boolean"},
            "no": {"type": "boolean"},
            "empty": {"type": "string"},
            "several": {"type": "array", "items": {"enum": ["a", "b"]}},
        }
    ).schema
    sent = QueryDict("n=5+940,50&yes=true&empty=+&several=a&several=b&_key=k&other=x")
    assert read(schema, sent) == {"n": "5 940,50", "yes": True, "no": False, "several": ["a", "b"]}
