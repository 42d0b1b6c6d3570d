"""From an input Struct to the flat JSON Schema every channel can carry.

Rules of this file: derives, never decides. Titles and descriptions of an input are message ids
of the catalogue; the schema carries them in the language that is active. Checking what somebody
gave against a schema is `validation`.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec
from django.utils.translation import get_language, gettext
from msgspec import Struct, inspect

from genba.acts.card import JsonSchema


class Nothing(Struct, frozen=True):
    """The input of an act that needs none."""


class Free(Struct, frozen=True):
    """The input of an act whose fields are not the same every time: the form of a step.

    A subclass adds the fields that are the same; `values` holds the others.
    """

    values: dict[str, Any] = {}


OTHERS = "values"

_PLAIN: tuple[tuple[type[inspect.Type], JsonSchema], ...] = (
    (inspect.BoolType, {"type": "boolean"}),
    (inspect.IntType, {"type": "integer"}),
    (inspect.FloatType, {"type": "number"}),
    (inspect.DecimalType, {"type": "number"}),
    (inspect.DateType, {"type": "string", "format": "date"}),
    (inspect.DateTimeType, {"type": "string", "format": "date-time"}),
    (inspect.BytesType, {"type": "string", "format": "binary", "contentEncoding": "base64"}),
    (inspect.StrType, {"type": "string"}),
)

_LIMITS = (
    ("min_length", "minLength"),
    ("max_length", "maxLength"),
    ("ge", "minimum"),
    ("le", "maximum"),
    ("pattern", "pattern"),
)


def schema_of(input: type[Struct]) -> JsonSchema:
    """The flat JSON Schema (2020-12) of an input Struct, titles in the active language.

    It is the caller's own, to be filled in. Raises TypeError for a field no channel could carry: a
    programming error.
    """
    kept = _declared(input, get_language() or "")
    properties = {name: dict(rule) for name, rule in kept["properties"].items()}
    return {**kept, "properties": properties}


@cache
def _declared(input: type[Struct], _language: str) -> JsonSchema:
    """The schema of an input in the language that is active."""
    fields = _fields(input)
    properties = {field.encode_name: _property(field) for field in fields}
    required = tuple(field.encode_name for field in fields if field.required)
    return flat_schema(properties, required)


@cache
def _fields(input: type[Struct]) -> tuple[inspect.Field, ...]:
    """The declared fields of an input; those of a form are not among them."""
    info = inspect.type_info(input)
    if not isinstance(info, inspect.StructType):
        raise TypeError(f"{input} is not a Struct")
    return tuple(one for one in info.fields if not (one.name == OTHERS and is_free(input)))


def is_free(input: type[Struct]) -> bool:
    """Whether an input takes fields that are not declared."""
    return issubclass(input, Free)


def with_form(input: type[Struct], form: JsonSchema) -> JsonSchema:
    """The schema of a free input on a step with this form; a field of the form goes first."""
    own = schema_of(input)
    merged = {**form, "properties": {**form["properties"]}}
    for name, rule in own["properties"].items():
        merged["properties"].setdefault(name, rule)
    needed = dict.fromkeys([*form.get("required", ()), *own.get("required", ())])
    if needed:
        merged["required"] = list(needed)
    return merged


def filled(input: type[Struct], values: dict[str, Any]) -> Struct:
    """The input Struct from checked values; raises msgspec.ValidationError for a wrong schema."""
    given = {name: value for name, value in values.items() if value is not None}
    if not is_free(input):
        return msgspec.convert(given, input, strict=False)
    own = set(input.__struct_fields__) - {OTHERS}
    declared: dict[str, Any] = {name: value for name, value in given.items() if name in own}
    others = {name: value for name, value in values.items() if name not in own}
    return msgspec.convert({**declared, OTHERS: others}, input, strict=False)


def flat_schema(properties: JsonSchema, required: tuple[str, ...]) -> JsonSchema:
    """One object with these properties and no others."""
    schema: JsonSchema = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    if required:
        schema["required"] = list(required)
    return schema


def one_of(pairs: Iterable[tuple[str, str]]) -> JsonSchema:
    """The rule of a field that is picked: what is sent, and the words people read for it."""
    return {"oneOf": [{"const": value, "title": title} for value, title in pairs]}


def picked(input: type[Struct], field: str, pairs: Iterable[tuple[str, str]]) -> JsonSchema:
    """The schema of an input of which one field is picked from what there is now."""
    schema = schema_of(input)
    rule = {name: value for name, value in schema["properties"][field].items() if name != "enum"}
    schema["properties"][field] = {**rule, **one_of(pairs)}
    return schema


def _property(field: inspect.Field) -> JsonSchema:
    type, extra = _unwrapped(field.type)
    found = next((dict(schema) for kind, schema in _PLAIN if isinstance(type, kind)), None)
    if isinstance(type, inspect.LiteralType):
        found = {"type": "string", "enum": list(type.values)}
    if found is None:
        raise TypeError(f"the field {field.name} does not fit a flat schema")
    for ours, theirs in _LIMITS:
        limit = getattr(type, ours, None)
        if limit is not None:
            found[theirs] = limit
    for name, value in extra.items():
        found[name] = gettext(value) if name in ("title", "description") else value
    found.setdefault("title", field.name)
    if not field.required and field.default not in (None, "", b"", msgspec.NODEFAULT):
        found["default"] = field.default
    return found


def _unwrapped(type: inspect.Type) -> tuple[inspect.Type, JsonSchema]:
    """The type without its notes and without "or None", and the notes.

    Where one or several are taken, the schema of the declaration says one; that of the offer
    says which.
    """
    if isinstance(type, inspect.UnionType):
        parts = [part for part in type.types if not isinstance(part, inspect.NoneType)]
        type = next((part for part in parts if isinstance(part, inspect.StrType)), parts[0])
    if isinstance(type, inspect.Metadata):
        inner, extra = _unwrapped(type.type)
        return inner, {**extra, **(type.extra_json_schema or {})}
    return type, {}
