"""Forms from flat JSON Schema, and what was filled in back into values.

Rules of this file: no act is known here. A property becomes one `Field`; what a browser sends is
handed on as written. Reading and judging it is the inbound path's business.
"""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from msgspec import Struct

from genba.acts.card import JsonSchema, Offer

LONG = 200  # characters from which a text gets several lines


class Field(Struct, frozen=True, kw_only=True):
    """One input of a form. `control` is how it is shown, by the table below."""

    name: str
    label: str
    control: str
    required: bool = False
    hint: str = ""
    value: str = ""
    chosen: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    maximum: float | None = None
    minimum: float | None = None
    longest: int | None = None
    step: str = ""
    picks: tuple[str, ...] = ()  # what others wrote here: one press takes it and does the act


# What the schema says -> control; the first row that fits.
_FORMATS = {
    "date": "date",
    "date-time": "datetime-local",
    "time": "time",
    "email": "email",
    "uri": "url",
    "binary": "file",
    "file": "file",
    "person": "person",
    "person-or-group": "group",
    "said": "hidden",  # a place in the conversation: what stands beside the words says which
}
BESIDE_A_FILE = ("name", "media_type")  # what a browser says about a file by itself


def control(schema: JsonSchema) -> str:
    """How a property is shown."""
    kind = kind_of(schema)
    if kind == "array":
        return "checkboxes"
    if options_of(schema):
        return "radio" if len(options_of(schema)) <= 5 else "select"
    if kind == "boolean":
        return "checkbox"
    if kind in ("integer", "number"):
        return "number"
    if schema.get("contentEncoding") == "base64":
        return "file"
    if named := _FORMATS.get(str(schema.get("format", ""))):
        return named
    return "textarea" if schema.get("maxLength", 0) > LONG else "text"


def kind_of(schema: JsonSchema) -> str:
    """The type of a property; of several, the one that is not null."""
    kind = schema.get("type", "string")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), "string")
    return str(kind)


def options_of(schema: JsonSchema) -> tuple[tuple[str, str], ...]:
    """The values of an enumeration with their labels."""
    inner = schema.get("items", schema)
    if "enum" in inner:
        return tuple((str(one), str(one)) for one in inner["enum"] if one is not None)
    rows = inner.get("oneOf") or inner.get("anyOf") or ()
    return tuple((str(row["const"]), str(row.get("title", row["const"]))) for row in rows)


def fields(offer: Offer, given: Mapping[str, Any] | None = None) -> tuple[Field, ...]:
    """The inputs of an offer, without the one its choices answer; `given` was tried before."""
    properties: dict[str, JsonSchema] = offer.schema.get("properties", {})
    required = offer.schema.get("required", ())
    hidden = {offer.choice_field} if offer.choices and not offer.many else set()
    if any(control(schema) == "file" for schema in properties.values()):
        hidden.update(BESIDE_A_FILE)
    hidden |= {name for name, schema in properties.items() if control(schema) == "hidden"}
    return tuple(
        field(name, schema, name in required, (given or {}).get(name, schema.get("default")))
        for name, schema in properties.items()
        if name not in hidden
    )


def field(name: str, schema: JsonSchema, required: bool, value: Any) -> Field:
    """One input."""
    kind = kind_of(schema)
    return Field(
        name=name,
        label=str(schema.get("title") or name.replace("_", " ")),
        control=control(schema),
        required=required,
        hint=str(schema.get("description", "")),
        value=shown(value),
        chosen=tuple(map(str, value)) if isinstance(value, list) else (shown(value),),
        options=options_of(schema),
        minimum=schema.get("minimum"),
        maximum=schema.get("maximum"),
        longest=schema.get("maxLength"),
        picks=tuple(map(str, schema.get("examples", ()))),
        step="1" if kind == "integer" else "any" if kind == "number" else "",
    )


def shown(value: Any) -> str:
    """A value as an input shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else ""
    return str(value)


def read(schema: JsonSchema, sent: QueryDict) -> dict[str, Any]:
    """What a form sent, as written; empty inputs and files are left out.

    Text stays text: the inbound path reads numbers and dates in the reader's language. Only what
    a browser does not send at all needs the schema: an unticked box is "no".
    """
    given: dict[str, Any] = {}
    for name, property in schema.get("properties", {}).items():
        kind = kind_of(property)
        if kind == "array":
            given[name] = sent.getlist(name)
        elif control(property) == "checkbox":
            given[name] = name in sent
        elif text := sent.get(name, "").strip():
            given[name] = text
    return given
