"""A short form in a mail: one line a field, "Amount: 300".

Rules of this file: pure; a line counts when what stands before its colon is exactly the title or
the name of a field, so that no sentence is taken for a value. What a value means is checked by
the act.
"""

import re
from typing import Any

from genba.acts.card import JsonSchema
from genba.channels.mail.verbs import normal

_LINE = re.compile(r"^\s*[-*•]?\s*([^::=]{1,80}?)\s*[::=]\s*(\S.*)$")
_MOST = 4  # fields one mail asks for; of more, each is asked by a mail of its own
_PLAIN = ("string", "number", "integer", "boolean")


def labelled(text: str, schema: JsonSchema) -> tuple[dict[str, str], str]:
    """The fields a text gives by their titles, and the text without those lines."""
    names = _names(schema)
    found: dict[str, str] = {}
    rest: list[str] = []
    for line in text.splitlines():
        match = _LINE.match(line)
        name = names.get(normal(match.group(1))) if match else None
        if match and name and name not in found and match.group(2).strip(" ….") != "":
            found[name] = match.group(2).strip()
        else:
            rest.append(line)
    return found, "\n".join(rest).strip("\n")


def asked_for(schema: JsonSchema, *, but: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The titles of the fields that are needed, without those answered otherwise."""
    properties = schema.get("properties", {})
    needed = [name for name in schema.get("required", ()) if name not in but]
    return tuple(str(properties.get(name, {}).get("title", name)) for name in needed)


def fits_mail(schema: JsonSchema, *, but: tuple[str, ...] = ()) -> bool:
    """Whether the needed fields are plain enough to be written, at once or one after another."""
    properties = schema.get("properties", {})
    needed = [name for name in schema.get("required", ()) if name not in but]
    return all(_is_plain(properties.get(name, {})) for name in needed)


def at_once(schema: JsonSchema, *, but: tuple[str, ...] = ()) -> bool:
    """Whether the needed fields are few enough to be asked for in the mail of the card."""
    return len(asked_for(schema, but=but)) <= _MOST


def first_text(schema: JsonSchema, given: dict[str, Any]) -> str:
    """The first field for a short free text that is not given yet; "" when there is none."""
    for name, rule in schema.get("properties", {}).items():
        free = rule.get("type") == "string" and not (
            rule.get("format") or rule.get("enum") or rule.get("oneOf")
        )
        if free and name not in given:
            return str(name)
    return ""


def _is_plain(rule: JsonSchema) -> bool:
    return rule.get("type") in _PLAIN and rule.get("format") not in ("byte", "binary")


def _names(schema: JsonSchema) -> dict[str, str]:
    names: dict[str, str] = {}
    for name, rule in schema.get("properties", {}).items():
        names.setdefault(normal(name), name)
        names.setdefault(normal(str(rule.get("title", name))), name)
    return names
