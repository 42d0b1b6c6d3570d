"""Checks and converts what somebody gave, against a flat JSON Schema, with words per field.

Rules of this file: a table of types, each a function from what came to a value. A form, a mail
and a terminal send text; REST sends JSON: both are read. What cannot be read unambiguously is
asked back, never guessed. Values are JSON values: a date is its ISO text, a number an int, or a
Decimal when it has a fraction.
"""

import base64
import binascii
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec
from django.utils.translation import get_language, gettext, ngettext
from msgspec import Struct

from genba.acts.card import JsonSchema

YES = frozenset(
    {"true", "yes", "on", "1", "oui", "vrai", "ja", "sí", "si", "sì", "sim", "はい"},
)
NO = frozenset({"false", "no", "off", "0", "non", "faux", "nein", "nee", "não", "いいえ"})
_SPACES = re.compile(r"[\s\u00a0\u202f']")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+")
_DAY_FIRST = re.compile(r"(\d{1,2})([./])(\d{1,2})\2(\d{4})")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Checked(Struct, frozen=True):
    """The values that are right, and what is wrong with the others, by field."""

    values: dict[str, Any]
    errors: dict[str, str]


class Wrong(Exception):
    """A value that does not fit; the message is for the person who gave it."""


def check(schema: JsonSchema, given: dict[str, Any]) -> Checked:
    """Every property of the schema, read from what was given; unknown fields are errors."""
    values: dict[str, Any] = {}
    errors = {
        name: gettext("There is no such field here.")
        for name in given
        if name not in schema["properties"]
    }
    required = set(schema.get("required", ()))
    for name, rule in schema["properties"].items():
        raw = given.get(name)
        if _is_empty(raw):
            if "default" in rule and name not in given:
                values[name] = rule["default"]
            elif name in required:
                errors[name] = gettext("This is needed.")
            elif "default" in rule:
                values[name] = None  # what was there has been emptied
            continue
        try:
            values[name] = read_value(rule, raw)
        except Wrong as wrong:
            errors[name] = str(wrong)
    return Checked(values, errors)


def read_value(rule: JsonSchema, raw: Any) -> Any:
    """One value by its rule; raises Wrong in words."""
    options = choices_of(rule)
    if rule.get("type") == "array":
        return _read_several(rule, raw)
    if options:
        return _read_option(options, raw)
    value = _READERS[rule.get("type", "string")](rule, raw)
    _within(rule, value)
    return value


def choices_of(rule: JsonSchema) -> tuple[tuple[Any, str], ...]:
    """The (value, title) pairs of a property answered by picking; empty for any other."""
    if "oneOf" in rule:
        return tuple((one["const"], str(one.get("title", one["const"]))) for one in rule["oneOf"])
    return tuple((value, str(value)) for value in rule.get("enum", ()))


def _is_empty(raw: Any) -> bool:
    return raw is None or raw == [] or (isinstance(raw, str) and not raw.strip())


def _read_option(options: tuple[tuple[Any, str], ...], raw: Any) -> Any:
    """By value, or by title in any capitalisation where only one has it."""
    for value, _title in options:
        if raw == value and isinstance(raw, bool) == isinstance(value, bool):
            return value
    text = str(raw).strip().casefold()
    fits = [value for value, title in options if text in (str(value).casefold(), title.casefold())]
    if len(fits) == 1:
        return fits[0]
    names = ", ".join(title for _value, title in options)
    raise Wrong(gettext("Choose one of: %(names)s.") % {"names": names})


def _read_several(rule: JsonSchema, raw: Any) -> list[Any]:
    if not isinstance(raw, list | str):
        raise Wrong(gettext("This must be a list."))
    parts = raw if isinstance(raw, list) else [part.strip() for part in re.split(r"[,;\n]", raw)]
    chosen = [read_value(rule["items"], part) for part in parts if not _is_empty(part)]
    unique = list(dict.fromkeys(chosen))
    if len(unique) < rule.get("minItems", 0):
        raise Wrong(gettext("Choose at least one."))
    return unique


def _read_text(rule: JsonSchema, raw: Any) -> Any:
    if rule.get("contentEncoding") == "base64":
        return _read_bytes(raw)
    if isinstance(raw, dict) and rule.get("format") == "json-object":
        raw = msgspec.json.encode(raw).decode()
    if isinstance(raw, bool | list | dict | bytes):
        raise Wrong(gettext("This must be text."))
    text = str(raw).replace("\r\n", "\n").strip()
    if "\0" in text:
        raise Wrong(gettext("This must be text."))
    reader = _FORMATS.get(rule.get("format", ""))
    return reader(text) if reader else text


def _read_bytes(raw: Any) -> bytes:
    if isinstance(raw, bytes):
        return raw
    try:
        return base64.b64decode(str(raw), validate=True)
    except (binascii.Error, ValueError):
        raise Wrong(gettext("The file did not arrive whole.")) from None


def _read_day(text: str) -> str:
    """ISO, or day first with dots; with slashes only where the reader writes day first."""
    match = _DAY_FIRST.fullmatch(text)
    if match and (match[2] == "." or (get_language() or "").startswith("fr")):
        text = f"{match[4]}-{int(match[3]):02}-{int(match[1]):02}"
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Wrong(gettext("Write the date like 2026-03-31.")) from None


def _read_instant(text: str) -> str:
    try:
        return datetime.fromisoformat(text).isoformat()
    except ValueError:
        raise Wrong(gettext("Write the date and time like 2026-03-31 14:30.")) from None


def _read_address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise Wrong(gettext("This is not a mail address."))
    return text


def _read_bool(_rule: JsonSchema, raw: Any) -> bool:
    text = str(raw).strip().lower()
    if text in YES or text in NO:
        return text in YES
    raise Wrong(gettext("Answer yes or no."))


def _read_number(_rule: JsonSchema, raw: Any) -> int | Decimal:
    """A number as people write it; "1,234" is a thousand in English, a fraction in French."""
    if isinstance(raw, bool | list | dict):
        raise Wrong(gettext("This must be a number."))
    text = _SPACES.sub("", str(raw))
    french = (get_language() or "").startswith("fr")
    if "," in text and "." in text:
        text = text.replace("." if text.rindex(",") > text.rindex(".") else ",", "")
    elif not french and _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    text = text.replace(",", ".") if text.count(",") == 1 else text
    if not _NUMBER.fullmatch(text):
        raise Wrong(gettext("This must be a number."))
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise Wrong(gettext("This must be a number.")) from None
    whole = value == value.to_integral_value() and abs(value) < Decimal("1e18")
    return int(value) if whole else value


def _read_integer(rule: JsonSchema, raw: Any) -> int:
    value = _read_number(rule, raw)
    if not isinstance(value, int):
        raise Wrong(gettext("This must be a whole number."))
    return value


_READERS: dict[str, Callable[[JsonSchema, Any], Any]] = {
    "string": _read_text,
    "boolean": _read_bool,
    "number": _read_number,
    "integer": _read_integer,
}


def _read_object(text: str) -> str:
    """A JSON object as text: what several named values are where only text can be carried."""
    try:
        msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.MsgspecError, RecursionError):
        raise Wrong(gettext('Write a JSON object, for instance {"amount": 12}.')) from None
    return text


_FORMATS: dict[str, Callable[[str], str]] = {
    "date": _read_day,
    "date-time": _read_instant,
    "email": _read_address,
    "json-object": _read_object,
}


def _within(rule: JsonSchema, value: Any) -> None:
    """The limits of a property; raises Wrong."""
    if isinstance(value, str | bytes):
        _within_length(rule, value)
    elif not isinstance(value, bool):
        if "minimum" in rule and value < rule["minimum"]:
            raise Wrong(gettext("At least %(limit)s.") % {"limit": rule["minimum"]})
        if "maximum" in rule and value > rule["maximum"]:
            raise Wrong(gettext("At most %(limit)s.") % {"limit": rule["maximum"]})


def _within_length(rule: JsonSchema, value: str | bytes) -> None:
    most, least = rule.get("maxLength"), rule.get("minLength", 0)
    if most is not None and len(value) > most:
        if isinstance(value, bytes):
            raise Wrong(gettext("The file is larger than %(size)d MB.") % {"size": most >> 20})
        words = ngettext("At most %(count)d character.", "At most %(count)d characters.", most)
        raise Wrong(words % {"count": most})
    if len(value) < least:
        if isinstance(value, bytes):
            raise Wrong(gettext("The file is empty."))
        words = ngettext("At least %(count)d character.", "At least %(count)d characters.", least)
        raise Wrong(words % {"count": least})
    pattern = rule.get("pattern")
    if pattern and isinstance(value, str) and not re.search(pattern, value):
        raise Wrong(gettext("This does not have the form that is asked for."))
