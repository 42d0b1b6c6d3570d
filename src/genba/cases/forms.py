"""The form of a step, from whatever the drawing carries to the flat schema of a card.

Rules of this file: three dialects in (fields embedded in the drawing, JSON Schema, Camunda form
JSON), one flat JSON Schema out. Nested fields become one level with dots in their names; `nest`
puts the answers back. What does not fit is not dropped in silence: it is a note on the card.
Titles stay as drawn. Pure: no store, no person.
"""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import msgspec
from django.utils.translation import gettext
from msgspec import Struct

from genba.acts.card import JsonSchema
from genba.acts.schemas import flat_schema, one_of
from genba.notation.model import Form, FormField

LONG = 20_000  # characters of a long text
LINE = 200  # characters of a line


class Field(Struct, frozen=True):
    """One field: its name with dots, its rule, and whether it must be filled."""

    name: str
    rule: JsonSchema
    required: bool = False


class Misfit(Struct, frozen=True):
    """Something of a form that no card can carry, in words."""

    note: str


class Text(Struct, frozen=True):
    """Words between the fields of a form."""

    words: str


Part = Field | Misfit | Text


class StepForm(Struct, frozen=True):
    """A form ready for a card: the schema, and what did not fit."""

    schema: JsonSchema
    notes: tuple[str, ...] = ()

    @property
    def titles(self) -> dict[str, str]:
        """The title of each field by name."""
        properties = self.schema["properties"]
        return {name: str(rule.get("title", name)) for name, rule in properties.items()}


def step_form(form: Form | None, data: dict[str, Any] | None = None) -> StepForm:
    """The form of a step, filled with what the case already knows."""
    parts = tuple(_parts(form)) if form is not None else ()
    known = data or {}
    fields = {part.name: part for part in parts if isinstance(part, Field)}
    properties = {name: _prefilled(field, known) for name, field in fields.items()}
    schema = flat_schema(
        properties, tuple(name for name, field in fields.items() if field.required)
    )
    words = "\n".join(part.words for part in parts if isinstance(part, Text))
    if words:
        schema["description"] = words
    return StepForm(schema, tuple(part.note for part in parts if isinstance(part, Misfit)))


def nest(values: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """Answers with dots in their names as the nested data the process works with.

    What the case holds beside them is kept. Where one field is inside another that is a value
    itself ("a" and "a.b"), the name stays in one piece.
    """
    nested: dict[str, Any] = {}
    for name, value in sorted(values.items(), key=lambda item: item[0].count(".")):
        root, *path = name.split(".")
        if not path:
            nested[name] = value
            continue
        branch = nested.setdefault(root, deepcopy(data.get(root)) or {})
        if not _put(branch, path, value):
            nested[name] = value
    return nested


def _put(branch: Any, path: list[str], value: Any) -> bool:
    """Put a value into nested data; False where something else stands in the way."""
    *above, last = path
    for step in above:
        if not isinstance(branch, dict):
            return False
        branch = branch.setdefault(step, {})
    if not isinstance(branch, dict):
        return False
    branch[last] = value
    return True


def look_up(name: str, data: dict[str, Any]) -> Any:
    """What the case knows under a name with dots; None if nothing."""
    if name in data:
        return data[name]
    here: Any = data
    for step in name.split("."):
        here = here.get(step) if isinstance(here, dict) else None
    return here


def _prefilled(field: Field, known: dict[str, Any]) -> JsonSchema:
    value = look_up(field.name, known)
    if value is None or isinstance(value, dict):
        return field.rule
    if isinstance(value, list) != (field.rule.get("type") == "array"):
        return field.rule
    return {**field.rule, "default": value}


def _parts(form: Form) -> Iterator[Part]:
    yield from (_embedded(field) for field in form.fields)
    if form.body:
        yield from _body(form.body)
    elif form.key and not form.fields:
        yield Misfit(
            gettext("The form “%(key)s” is not in the file; write what matters as a comment.")
            % {"key": form.key}
        )


def _body(text: str) -> Iterator[Part]:
    try:
        body = msgspec.json.decode(text.encode())
    except msgspec.DecodeError:
        body = None
    if isinstance(body, dict) and isinstance(body.get("components"), list):
        yield from _components(body["components"], "")
    elif isinstance(body, dict) and isinstance(body.get("properties"), dict):
        yield from _properties(body, "", "", needed=True)
    else:
        yield Misfit(gettext("The form in the file cannot be read."))


# --- fields in the drawing -----------------------------------------------------------------

_EMBEDDED: dict[str, JsonSchema] = {
    "string": {"type": "string", "maxLength": LINE},
    "text": {"type": "string", "maxLength": LONG},
    "long": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "enum": {"type": "string"},
}


def _embedded(field: FormField) -> Field:
    rule = {**_EMBEDDED.get(field.type, _EMBEDDED["string"]), "title": field.label or field.id}
    if field.options:
        rule.pop("maxLength", None)
        rule |= _titled(field.options)
    if field.default is not None:
        rule["default"] = _default(rule, field.default)
    return Field(field.id, rule, field.required)


def _default(rule: JsonSchema, text: str) -> Any:
    """The default of a field, which the drawing writes as text."""
    if rule["type"] == "boolean":
        return text.strip().lower() == "true"
    if rule["type"] == "integer" and re.fullmatch(r"-?\d+", text.strip()):
        return int(text)
    return text


def _titled(options: tuple[tuple[str, str], ...]) -> JsonSchema:
    return one_of((value, title or value) for value, title in options)


# --- JSON Schema ---------------------------------------------------------------------------

_KEPT = ("format", "minimum", "maximum", "minLength", "maxLength", "description", "default")
_FORMATS = frozenset({"date", "date-time", "email", "uri"})
_SCALARS = frozenset({"string", "integer", "number", "boolean"})


def _properties(schema: JsonSchema, path: str, above: str, *, needed: bool) -> Iterator[Part]:
    required = schema.get("required", []) if needed else []
    for name, rule in schema["properties"].items():
        if not isinstance(rule, dict):
            continue
        title = f"{above}{rule.get('title') or name}"
        yield from _property(f"{path}{name}", title, rule, required=name in required)


def _property(name: str, title: str, rule: JsonSchema, *, required: bool) -> Iterator[Part]:
    type = _type(rule)
    if type == "object" and isinstance(rule.get("properties"), dict):
        yield from _properties(rule, f"{name}.", f"{title}: ", needed=required)
    elif type == "array" and _options(rule.get("items", {})):
        items = {"type": "string", **_titled(_options(rule["items"]))}
        yield Field(name, {"type": "array", "title": title, "items": items}, required)
    elif type in _SCALARS and not rule.get("readOnly"):
        yield Field(name, _scalar(title, type, rule), required)
    elif not rule.get("readOnly"):
        yield _misfit(title)


def _type(rule: JsonSchema) -> str:
    type = rule.get("type")
    if isinstance(type, list):
        type = next((one for one in type if one != "null"), None)
    if type is None and ("enum" in rule or "oneOf" in rule):
        return "string"
    return str(type)


def _scalar(title: str, type: str, rule: JsonSchema) -> JsonSchema:
    flat: JsonSchema = {"type": type, "title": title}
    flat |= {name: rule[name] for name in _KEPT if name in rule}
    if flat.get("format") not in _FORMATS:
        flat.pop("format", None)
    options = _options(rule)
    if options and type == "string":
        flat |= _titled(options)
    elif type == "string" and "format" not in flat:
        flat.setdefault("maxLength", LINE)
    pattern = rule.get("pattern")
    if isinstance(pattern, str) and len(pattern) <= LINE and _compiles(pattern):
        flat["pattern"] = pattern
    return flat


def _options(rule: Any) -> tuple[tuple[str, str], ...]:
    """The (value, title) pairs of an enum or of oneOf with constants."""
    if not isinstance(rule, dict):
        return ()
    if isinstance(rule.get("enum"), list):
        return tuple((str(value), str(value)) for value in rule["enum"] if value is not None)
    ones = rule.get("oneOf") or rule.get("anyOf") or []
    return tuple(
        (str(one["const"]), str(one.get("title", one["const"])))
        for one in ones
        if isinstance(one, dict) and "const" in one
    )


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _misfit(title: str) -> Misfit:
    return Misfit(
        gettext("The field “%(title)s” does not fit here; write it as a comment.")
        % {"title": title}
    )


# --- Camunda form JSON ---------------------------------------------------------------------

_GROUPS = frozenset({"default", "group", "columns"})
_SILENT = frozenset({"button", "separator", "spacer", "image", "html"})


def _components(components: list[Any], path: str) -> Iterator[Part]:
    for component in components:
        if not isinstance(component, dict):
            continue
        type = str(component.get("type", ""))
        if type in _GROUPS:
            inner = f"{path}{component['path']}." if component.get("path") else path
            yield from _components(component.get("components") or [], inner)
        elif type == "text":
            words = re.sub(r"<[^>]*>", " ", str(component.get("text", "")))
            yield Text(" ".join(words.split()))
        elif type not in _SILENT and not (component.get("disabled") or component.get("readonly")):
            yield _component(type, component, path)


def _component(type: str, component: JsonSchema, path: str) -> Part:
    key = str(component.get("key") or "")
    title = str(component.get("label") or key or type)
    reader = _COMPONENTS.get(type)
    rule = reader(component) if reader is not None and key else None
    if rule is None:
        return _misfit(title)
    checks = component.get("validate") or {}
    for theirs, ours in (("min", "minimum"), ("max", "maximum"), *_LENGTHS):
        if isinstance(checks.get(theirs), int | float):
            rule[ours] = checks[theirs]
    rule["title"] = title
    if component.get("description"):
        rule["description"] = str(component["description"])
    if component.get("defaultValue") not in (None, ""):
        rule["default"] = component["defaultValue"]
    return Field(f"{path}{key}", rule, bool(checks.get("required")))


_LENGTHS = (("minLength", "minLength"), ("maxLength", "maxLength"))


def _picked(component: JsonSchema) -> JsonSchema | None:
    """Select and radio; None when the options come from somewhere else."""
    values = component.get("values") or (component.get("data") or {}).get("values")
    if not isinstance(values, list) or not values:
        return None
    options = tuple((str(one.get("value")), str(one.get("label", ""))) for one in values)
    return {"type": "string", **_titled(options)}


def _ticked(component: JsonSchema) -> JsonSchema | None:
    items = _picked(component)
    return {"type": "array", "items": items} if items else None


def _counted(component: JsonSchema) -> JsonSchema:
    return {"type": "integer" if component.get("decimalDigits") == 0 else "number"}


def _dated(component: JsonSchema) -> JsonSchema | None:
    subtype = component.get("subtype", "date")
    formats = {"date": "date", "datetime": "date-time"}
    return {"type": "string", "format": formats[subtype]} if subtype in formats else None


_COMPONENTS: dict[str, Callable[[JsonSchema], JsonSchema | None]] = {
    "textfield": lambda _component: {"type": "string", "maxLength": LINE},
    "textarea": lambda _component: {"type": "string", "maxLength": LONG},
    "email": lambda _component: {"type": "string", "format": "email"},
    "number": _counted,
    "checkbox": lambda _component: {"type": "boolean"},
    "select": _picked,
    "radio": _picked,
    "checklist": _ticked,
    "taglist": _ticked,
    "date": lambda _component: {"type": "string", "format": "date"},
    "datetime": _dated,
}
