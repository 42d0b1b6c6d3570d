"""The inputs of an offer as fields of a form, for channels that have forms of their own.

Rules of this file: pure; a table of kinds, first row that fits. What a value means, and whether it
will do, is decided by the act.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from msgspec import Struct

from genba.acts.card import Choice, JsonSchema, Offer

LONG = 200  # characters from which a text has several lines


class Kind(StrEnum):
    """What is filled in, from what any channel can carry to what few can."""

    TEXT = "text"
    LONG = "long text"
    CHOICE = "one of several"
    SEVERAL = "some of several"
    YES_NO = "yes or no"
    NUMBER = "number"
    DATE = "date"
    INSTANT = "date and time"
    PERSON = "person or team"
    FILE = "file"


class Field(Struct, frozen=True, kw_only=True):
    """One input of an act."""

    name: str
    title: str
    kind: Kind
    required: bool = False
    hint: str = ""
    default: Any = None
    options: tuple[Choice, ...] = ()
    shortest: int | None = None
    longest: int | None = None
    least: float | None = None
    most: float | None = None
    whole: bool = False  # a number without a fraction


_Test = Callable[[JsonSchema], bool]
_FORMATS = {
    "date": Kind.DATE,
    "date-time": Kind.INSTANT,
    "person": Kind.PERSON,
    "person-or-group": Kind.PERSON,
}
KINDS: tuple[tuple[Kind, _Test], ...] = (
    (Kind.SEVERAL, lambda rule: rule.get("type") == "array"),
    (Kind.CHOICE, lambda rule: "oneOf" in rule or "enum" in rule),
    (Kind.YES_NO, lambda rule: rule.get("type") == "boolean"),
    (Kind.NUMBER, lambda rule: rule.get("type") in ("integer", "number")),
    (Kind.FILE, lambda rule: rule.get("contentEncoding") == "base64"),
    (Kind.FILE, lambda rule: rule.get("format") in ("binary", "file")),
    (Kind.LONG, lambda rule: rule.get("format") == "json-object"),
)


def kind_of(rule: JsonSchema) -> Kind:
    """The kind of a property."""
    for kind, test in KINDS:
        if test(rule):
            return kind
    named = _FORMATS.get(str(rule.get("format", "")))
    return named or (Kind.LONG if rule.get("maxLength", 0) > LONG else Kind.TEXT)


def options_of(rule: JsonSchema) -> tuple[Choice, ...]:
    """The values of a property that is answered by picking, as they are shown."""
    inner = rule.get("items", rule)
    if "oneOf" in inner:
        rows = inner["oneOf"]
        return tuple(Choice(str(row["const"]), str(row.get("title", row["const"]))) for row in rows)
    return tuple(Choice(str(value), str(value)) for value in inner.get("enum", ()))


def fields_of(offer: Offer, *, but: tuple[str, ...] = ()) -> tuple[Field, ...]:
    """The fields of an offer, in the order of its schema, the needed ones first."""
    needed = offer.schema.get("required", ())
    found = [
        _field(name, rule, name in needed)
        for name, rule in offer.schema.get("properties", {}).items()
        if name not in but
    ]
    return tuple(sorted(found, key=lambda field: not field.required))


def _field(name: str, rule: JsonSchema, required: bool) -> Field:
    return Field(
        name=name,
        title=str(rule.get("title") or name),
        kind=kind_of(rule),
        required=required,
        hint=str(rule.get("description", "")),
        default=rule.get("default"),
        options=options_of(rule),
        shortest=rule.get("minLength"),
        longest=rule.get("maxLength"),
        least=rule.get("minimum"),
        most=rule.get("maximum"),
        whole=rule.get("type") == "integer",
    )
