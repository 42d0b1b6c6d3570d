"""A form by mail, one question a mail: what is missing is asked for, and the answer is its value.

Rules of this file: only who is sure to have written is asked, and only in answer to what they
began. What was given so far is kept beside the question (it is their words: it can be erased) and
belongs to the reply address of that one mail; answers to other mails mean what they always mean.
A question put to us, or a value that cannot be read, is conversation and is never filled in.
"""

from typing import Any
from uuid import uuid4

import msgspec
from django.utils.translation import gettext as _
from msgspec import Struct

from genba.acts.card import JsonSchema, Offer
from genba.acts.tokens import hash_of
from genba.acts.validation import Wrong, choices_of, read_value
from genba.channels.mail.blocks import labelled
from genba.channels.mail.reading import Reading
from genba.journal.records import CaseId, Content, Envelope
from genba.runtime.installation import current
from genba.runtime.streams import read_state
from genba.runtime.unit import open_unit

KIND = "mail-form"
_LONG = 200  # a text longer than this is more than a line


class Asking(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question that was mailed: of which act, for which field, and where the rest is kept."""

    act: str
    field: str
    content: str


class Question(Struct, frozen=True, kw_only=True):
    """The question an answer came to, with what was given before it."""

    act: str
    field: str
    given: dict[str, Any]


class Filled(Struct, frozen=True, kw_only=True):
    """What an answer gives the form; `words` are what is left of it, `wrong` why it is no value."""

    given: dict[str, Any]
    words: str = ""
    wrong: str = ""


def ask(token: str, act: str, field: str, given: dict[str, Any]) -> None:
    """Keep a question, under the secret of the mail that puts it."""
    inst, stream = current(), f"{KIND}:{hash_of(token)}"
    asking = Asking(act=act, field=field, content=uuid4().hex)
    envelope = Envelope(at=inst.clock.now(), channel="mail", key=stream)
    with open_unit(inst, envelope) as unit:
        body = msgspec.json.encode(given)
        content = Content(case=CaseId(stream), id=asking.content, kind="words", body=body)
        unit.tx.put_content(content)
        opened = unit.stream(stream)
        opened.record("mail.asked", {"act": act, "field": field})
        opened.keep(asking)


def question_of(token: str) -> Question | None:
    """The question a mail with this secret put; None for a card like any other."""
    stream = f"{KIND}:{hash_of(token)}"
    with current().journal.reading() as reading:
        asking = read_state(reading.stream(stream), Asking)
        content = reading.content(CaseId(stream), asking.content) if asking else None
    if asking is None or content is None or content.erased:
        return None
    given = msgspec.json.decode(content.body)
    return Question(act=asking.act, field=asking.field, given=given)


def settle(token: str) -> None:
    """The form is done with: what was given on the way is erased."""
    stream = f"{KIND}:{hash_of(token)}"
    with current().journal.writing() as tx:
        asking = read_state(tx.stream(stream), Asking)
        if asking is not None:
            tx.erase_content(CaseId(stream), asking.content)


def fill(question: Question, reading: Reading, schema: JsonSchema) -> Filled:
    """What an answer gives the form: lines "Amount: 300" if there are any, else the one value."""
    fields, rest = labelled(reading.own, schema)
    if fields:
        return Filled(given={**question.given, **fields}, words=rest)
    rule = schema.get("properties", {}).get(question.field, {})
    long = rule.get("type") == "string" and rule.get("maxLength", 0) > _LONG
    value, rest = (reading.own, "") if long else (reading.first, reading.rest)
    if not value or value.rstrip().endswith(("?", "？")):
        return Filled(given=question.given, words=reading.own, wrong=_("This is needed."))
    try:
        read_value(rule, value)
    except Wrong as wrong:
        return Filled(given=question.given, words=reading.own, wrong=str(wrong))
    return Filled(given={**question.given, question.field: value}, words=rest)


def wanting(offer: Offer, errors: dict[str, str]) -> tuple[str, ...]:
    """The fields to ask for, in the order of the form; none where a mail cannot carry one."""
    properties = offer.schema.get("properties", {})
    needed = tuple(name for name in properties if name in errors)
    plain = all(_is_plain(properties[name]) for name in needed)
    return needed if plain and len(needed) == len(errors) else ()


def in_words(schema: JsonSchema, fields: tuple[str, ...]) -> str:
    """The question of one mail: for the first field, and how to give the others at once."""
    rules = schema.get("properties", {})
    titles = [str(rules[name].get("title", name)) for name in fields]
    text = _("Answer this mail with %(field)s alone in the first line: %(kind)s.")
    lines = [text % {"field": f"“{titles[0]}”", "kind": _kind(rules[fields[0]])}]
    if len(titles) > 1:
        lines.append(_("The rest is asked after it. Or write all of it now, one line each:"))
        lines += [f"  {title}: …" for title in titles]
    return "\n".join(lines)


def _kind(rule: JsonSchema) -> str:
    options = choices_of(rule)
    if options:
        return _("one of %(names)s") % {"names": ", ".join(title for _value, title in options)}
    named = {
        "number": _("a number"),
        "integer": _("a whole number"),
        "boolean": _("yes or no"),
        "date": _("a day, like 2027-03-31"),
        "date-time": _("a day and a time, like 2027-03-31 14:00"),
        "email": _("a mail address"),
    }
    kind = str(rule.get("format", "")) or str(rule.get("type", ""))
    return named.get(kind, _("a few words"))


def _is_plain(rule: JsonSchema) -> bool:
    simple = rule.get("type") in ("string", "number", "integer", "boolean")
    return simple and rule.get("contentEncoding") != "base64" and rule.get("format") != "byte"
