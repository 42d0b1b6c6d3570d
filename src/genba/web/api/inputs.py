"""The input of an act as JSON: its schema, and what does not have the type it says.

Rules of this file: a form and a mail send text, and it is read; a program sends JSON, and a value
of another type is a mistake of the program, which is told and not guessed away. The fields of a
step's form are left to the schema of the offer.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext
from msgspec import Struct, inspect

from genba.acts.card import JsonSchema
from genba.acts.registry import Declaration
from genba.acts.schemas import is_free, schema_of

Test = Callable[[Any], bool]

# A type of JSON Schema -> whether a value is of it (a whole number may be written 5.0).
TYPES: dict[str, Test] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: (
        (isinstance(value, int) and not isinstance(value, bool))
        or (isinstance(value, float) and value.is_integer())
    ),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def input_schema(declaration: Declaration) -> JsonSchema:
    """The input of an act as JSON; the form of a step adds its own fields to it."""
    schema = schema_of(declaration.input)
    several = _several(declaration.input)
    properties = {
        name: _plain(rule, name in several) for name, rule in schema["properties"].items()
    }
    found = {**schema, "properties": properties}
    if is_free(declaration.input):
        found["additionalProperties"] = True
        found["description"] = "And the fields of the form: the offer on the card says which."
    return found


def mistyped(declaration: Declaration, given: dict[str, Any]) -> dict[str, str]:
    """What is wrong with the types of declared fields, by field."""
    errors = {}
    for name, rule in input_schema(declaration)["properties"].items():
        types = rule["type"] if isinstance(rule["type"], list) else [rule["type"]]
        if name in given and not any(TYPES[type](given[name]) for type in types):
            errors[name] = gettext("In JSON this must be: %(types)s.") % {"types": ", ".join(types)}
    return errors


def _plain(rule: JsonSchema, several: bool) -> JsonSchema:
    """A file is text in base64, a third longer than it is; an object may be one, not its text."""
    if several:
        return {**rule, "type": ["string", "array"], "items": {"type": "string"}}
    if rule.get("format") == "json-object":
        return {**rule, "type": ["string", "object"]}
    if rule.get("contentEncoding") != "base64":
        return rule
    kept = {name: value for name, value in rule.items() if name not in ("format", "minLength")}
    if "maxLength" in kept:
        kept["maxLength"] = -(-kept["maxLength"] // 3) * 4
    return kept


def _several(input: type[Struct]) -> frozenset[str]:
    """The fields that take one or several."""
    info = inspect.type_info(input)
    fields = info.fields if isinstance(info, inspect.StructType) else ()
    return frozenset(field.encode_name for field in fields if _takes_list(field.type))


def _takes_list(type: inspect.Type) -> bool:
    if isinstance(type, inspect.Metadata):
        return _takes_list(type.type)
    if isinstance(type, inspect.UnionType):
        return any(isinstance(part, inspect.ListType) for part in type.types)
    return False
