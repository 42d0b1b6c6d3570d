"""What is asked of the person before an act is done: what is missing, and whether they mean it.

Rules of this file: pure; an offer and what was given in, a question out. The words of the question
are ours and show what would be done, not how an assistant describes it. A question is a flat form,
which is what every program can show (elicitation); what does not fit one goes to the page.
"""

import hashlib
from typing import Any

import msgspec
from django.utils.translation import gettext as _
from msgspec import Struct

from genba.acts.card import Assurance, Card, Effect, JsonSchema, Offer

CONFIRM = "confirm"  # the field of a form that says "I mean it"
FORMATS = ("date", "date-time", "email", "uri")
KEPT = ("title", "description", "minLength", "maxLength", "minimum", "maximum", "enum", "oneOf")


class Question(Struct, frozen=True, kw_only=True):
    """What is asked: words, the form, what it was asked for (act, object, id, input so far), and
    the page where it can be done as well."""

    text: str
    schema: JsonSchema
    of: tuple[str, str, str]
    given: dict[str, Any]
    url: str


class Elsewhere(Struct, frozen=True, kw_only=True):
    """It cannot be asked here: why, and the page where it is done."""

    text: str


def question_of(
    card: Card, offer: Offer, given: dict[str, Any], confirmed: str
) -> Question | Elsewhere | None:
    """What is still to be asked; None when it can be done.

    `confirmed` is the mark of what the person has confirmed.
    """
    if offer.assurance > Assurance.CHANNEL:
        return Elsewhere(text=_("This needs you, signed in."))
    required = list(offer.schema.get("required", ()))
    missing = [name for name in required if given.get(name) in (None, "")]
    final = offer.effect is Effect.FINAL
    of = (offer.act, card.object, card.id)
    if not missing and (not final or confirmed == mark_of(of, given)):
        return None
    properties = {name: _field(offer.schema["properties"][name]) for name in missing}
    fields = {name: rule for name, rule in properties.items() if rule is not None}
    if len(fields) < len(missing):
        return Elsewhere(text=_("This asks for something that only the page can take."))
    if final:
        fields |= _own_words(offer, {**given, **fields})
        fields[CONFIRM] = {"type": "boolean", "title": _("Do it, in my name"), "default": False}
    needed = [*missing, *([CONFIRM] if final else ())]
    schema = {"type": "object", "properties": fields, "required": needed}
    text = _shown(card, offer, given, final=final)
    return Question(text=text, schema=schema, of=of, given=given, url=card.url)


def mark_of(of: tuple[str, str, str], given: dict[str, Any]) -> str:
    """What would be done, as a digest: another act, object or input is another."""
    return hashlib.sha256(msgspec.json.encode((of, given), order="sorted")).hexdigest()


def confirmed_by(question: Question, content: dict[str, Any]) -> str:
    """The mark of what the person confirmed by filling the form; "" when they did not."""
    if content.get(CONFIRM) is not True:
        return ""
    return mark_of(question.of, {**question.given, **filled(question, content)})


def filled(question: Question, content: dict[str, Any]) -> dict[str, Any]:
    """The input in a filled form: the fields that were asked for, and nothing else."""
    fields = question.schema["properties"]
    return {name: value for name, value in content.items() if name in fields and name != CONFIRM}


def _shown(card: Card, offer: Offer, given: dict[str, Any], *, final: bool) -> str:
    lines = [f"{offer.label}: {card.title}"]
    if card.subject != card.title:
        lines.append(card.subject)
    rules = offer.schema.get("properties", {})
    lines += [f"{rules.get(name, {}).get('title', name)}: {given[name]}" for name in given]
    if final:
        lines.append(_("This is final. An assistant wants to do it in your name."))
    else:
        lines.append(_("An assistant wants to do this in your name, and something is missing."))
    return "\n".join(lines)


def _own_words(offer: Offer, there: dict[str, Any]) -> dict[str, JsonSchema]:
    """Room for a condition or a reason, which whoever decides may want to add."""
    name = offer.text_field
    rule = offer.schema.get("properties", {}).get(name) if name not in there else None
    field = _field(rule) if rule is not None else None
    return {name: field} if field is not None else {}


def _field(rule: JsonSchema) -> JsonSchema | None:
    """A field as a program can ask for it; None where it cannot."""
    kind = rule.get("type")
    if kind not in ("string", "boolean", "integer", "number") or rule.get("format") == "binary":
        return None
    kept = {name: rule[name] for name in KEPT if name in rule}
    if rule.get("format") in FORMATS:
        kept["format"] = rule["format"]
    return {"type": kind, **kept}
