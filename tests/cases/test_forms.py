"""Three dialects of forms, one flat schema."""

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from genba.cases.facts import value_in_words
from genba.cases.forms import look_up, nest, step_form
from genba.notation.model import Form, FormField


def camunda(*components: dict[str, Any]) -> Form:
    return Form(body=json.dumps({"components": list(components), "type": "default"}))


def json_schema(properties: dict[str, Any], *required: str) -> Form:
    return Form(body=json.dumps({"type": "object", "properties": properties, "required": required}))


@pytest.mark.parametrize(
    ("component", "rule"),
    [
        ({"type": "textfield"}, {"type": "string", "maxLength": 200}),
        ({"type": "textarea"}, {"type": "string", "maxLength": 20000}),
        ({"type": "number"}, {"type": "number"}),
        ({"type": "number", "decimalDigits": 0}, {"type": "integer"}),
        ({"type": "checkbox"}, {"type": "boolean"}),
        (
            {"type": "select", "values": [{"value": "a", "label": "A"}]},
            {"type": "string", "oneOf": [{"const": "a", "title": "A"}]},
        ),
        (
            {"type": "radio", "values": [{"value": "a", "label": "A"}]},
            {"type": "string", "oneOf": [{"const": "a", "title": "A"}]},
        ),
        (
            {"type": "checklist", "values": [{"value": "a", "label": "A"}]},
            {"type": "array", "items": {"type": "string", "oneOf": [{"const": "a", "title": "A"}]}},
        ),
        ({"type": "date"}, {"type": "string", "format": "date"}),
        ({"type": "datetime", "subtype": "date"}, {"type": "string", "format": "date"}),
        ({"type": "datetime", "subtype": "datetime"}, {"type": "string", "format": "date-time"}),
        (
            {"type": "textfield", "validate": {"minLength": 2, "maxLength": 9}},
            {"type": "string", "minLength": 2, "maxLength": 9},
        ),
        (
            {"type": "textfield", "defaultValue": "x"},
            {"type": "string", "maxLength": 200, "default": "x"},
        ),
    ],
)
def test_components_of_camunda_forms(component: dict[str, Any], rule: dict[str, Any]) -> None:
    form = step_form(camunda({"key": "k", "label": "The label", **component}))
    assert form.schema["properties"] == {"k": {**rule, "title": "The label"}}
    assert form.notes == ()


def test_groups_are_flattened_and_answers_nested_again() -> None:
    inner = {
        "type": "textfield",
        "key": "street",
        "label": "Street",
        "validate": {"required": True},
    }
    form = step_form(camunda({"type": "group", "path": "address", "components": [inner]}))
    assert list(form.schema["properties"]) == ["address.street"]
    assert form.schema["required"] == ["address.street"]
    kept = {"address": {"town": "here"}, "other": 1}
    assert nest({"address.street": "Main"}, kept) == {"address": {"town": "here", "street": "Main"}}
    assert kept["address"] == {"town": "here"}


@pytest.mark.parametrize(
    "component",
    [
        {"type": "table", "key": "rows", "label": "Rows"},
        {"type": "dynamiclist", "key": "rows", "label": "Rows"},
        {"type": "select", "key": "rows", "label": "Rows", "valuesKey": "elsewhere"},
        {"type": "datetime", "subtype": "time", "key": "rows", "label": "Rows"},
        {"type": "textfield", "label": "Rows"},
    ],
)
def test_what_does_not_fit_says_so(component: dict[str, Any]) -> None:
    form = step_form(camunda(component))
    assert form.schema["properties"] == {}
    assert "“Rows”" in form.notes[0]


def test_words_of_a_form_are_kept_and_what_cannot_be_answered_is_not_asked() -> None:
    form = step_form(
        camunda(
            {"type": "text", "text": "<h2>Read</h2> <b>this</b>"},
            {"type": "button", "key": "go"},
            {"type": "textfield", "key": "shown", "disabled": True},
        )
    )
    assert form.schema["description"] == "Read this"
    assert form.schema["properties"] == {}
    assert form.notes == ()


def test_json_schema_is_flattened() -> None:
    form = step_form(
        json_schema(
            {
                "title": {"type": "string", "title": "What", "maxLength": 120},
                "when": {"type": ["string", "null"], "format": "date"},
                "size": {"enum": ["s", "l"]},
                "address": {
                    "type": "object",
                    "title": "Address",
                    "properties": {"town": {"type": "string", "title": "Town"}},
                    "required": ["town"],
                },
                "tags": {"type": "array", "title": "Tags", "items": {"enum": ["a", "b"]}},
                "rows": {"type": "array", "title": "Rows", "items": {"type": "object"}},
                "ref": {"$ref": "#/x", "title": "Elsewhere"},
                "code": {"type": "string", "pattern": "("},
            },
            "title",
            "address",
        )
    )
    properties = form.schema["properties"]
    assert list(properties) == ["title", "when", "size", "address.town", "tags", "code"]
    assert form.schema["required"] == ["title", "address.town"]
    assert properties["title"] == {"type": "string", "title": "What", "maxLength": 120}
    assert properties["when"] == {"type": "string", "title": "when", "format": "date"}
    assert properties["address.town"]["title"] == "Address: Town"
    assert "pattern" not in properties["code"]
    assert [("“Rows”" in note or "“Elsewhere”" in note) for note in form.notes] == [True, True]


def test_fields_in_the_drawing() -> None:
    fields = (
        FormField(id="n", label="Number", type="long", required=True, default="3"),
        FormField(id="b", label="Sure", type="boolean", default="true"),
        FormField(id="e", label="Which", type="enum", options=(("a", "A"), ("b", ""))),
        FormField(id="d", label="", type="date"),
    )
    schema = step_form(Form(fields=fields)).schema
    assert schema["required"] == ["n"]
    assert schema["properties"] == {
        "n": {"type": "integer", "title": "Number", "default": 3},
        "b": {"type": "boolean", "title": "Sure", "default": True},
        "e": {
            "type": "string",
            "title": "Which",
            "oneOf": [{"const": "a", "title": "A"}, {"const": "b", "title": "b"}],
        },
        "d": {"type": "string", "format": "date", "title": "d"},
    }


def test_a_form_shows_what_the_case_knows() -> None:
    form = json_schema(
        {"a": {"type": "string"}, "b": {"type": "object", "properties": {"c": {"type": "number"}}}}
    )
    properties = step_form(form, {"a": "x", "b": {"c": 5}}).schema["properties"]
    assert (properties["a"]["default"], properties["b.c"]["default"]) == ("x", 5)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (Form(key="embedded:app:form.html"), "embedded:app:form.html"),
        (Form(body="{not json"), "cannot be read"),
        (Form(body="[1]"), "cannot be read"),
    ],
)
def test_forms_that_are_not_there_say_so(form: Form, words: str) -> None:
    assert words in step_form(form).notes[0]
    assert step_form(form).schema["properties"] == {}


NAMES = st.from_regex(r"[a-c](\.[a-c]){0,2}", fullmatch=True)


@for_any(st.dictionaries(NAMES, st.integers(), max_size=4), st.dictionaries(NAMES, st.integers()))
def test_answers_are_found_under_their_names(values: dict[str, int], more: dict[str, int]) -> None:
    known = nest(more, {})
    before = deepcopy(known)
    nested = nest(values, known)
    assert known == before
    for name, value in values.items():
        inside = [other for other in values if other.startswith(f"{name}.")]
        assert inside or look_up(name, nested) == value
    assert {name.split(".")[0] for name in nested} == {name.split(".")[0] for name in values}


def test_no_form_is_an_empty_form() -> None:
    assert step_form(None).schema["properties"] == {}
    assert step_form(None).notes == ()


@pytest.mark.parametrize(
    ("value", "rule", "words"),
    [
        (2026, None, "2026"),
        (59400, None, "59,400"),
        (True, None, "yes"),
        ("2026-03-31", {"format": "date"}, "March 31, 2026"),
        ("a", {"oneOf": [{"const": "a", "title": "A thing"}]}, "A thing"),
        (["a", "b"], {"items": {"oneOf": [{"const": "a", "title": "A thing"}]}}, "A thing, b"),
        ({"x": 1}, None, ""),
        ("nonsense", {"format": "date"}, "nonsense"),
    ],
)
def test_values_in_words(value: Any, rule: dict[str, Any] | None, words: str) -> None:
    assert value_in_words(value, rule) == words
