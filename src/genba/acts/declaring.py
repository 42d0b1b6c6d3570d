"""How an author writes an act: one function and its declaration.

Rules of this file: sugar over `registry.declare`, nothing else. What is the same for all acts
(label, words, schema in the reader's language) is derived here; `when` says only what is
particular to this object and this person now.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.utils.translation import gettext, pgettext
from msgspec import Struct

from genba.acts.card import Assurance, Choice, Effect, JsonSchema, Offer
from genba.acts.inbound import Outcome
from genba.acts.registry import Declaration, declare, find_act
from genba.acts.schemas import Nothing, flat_schema, one_of, schema_of

WORD = "mail word"  # message context of the words people write in a mail


class Terms(Struct, frozen=True, kw_only=True):
    """How an act is open here and now, where it differs from its declaration."""

    schema: JsonSchema | None = None
    label: str = ""
    choices: tuple[Choice, ...] = ()
    choice_field: str = ""
    many: bool = False
    primary: bool = False
    hint: str = ""


When = Callable[[Any, Any], "Terms | bool | None"]
Run = TypeVar("Run", bound=Callable[..., Outcome])


def act(
    object: str,
    name: str,
    *,
    when: When,
    label: str,
    summary: str,
    input: type[Struct] = Nothing,
    words: tuple[str, ...] = (),
    assurance: Assurance = Assurance.CHANNEL,
    effect: Effect = Effect.REVERSIBLE,
    tickable: bool = False,
    text_field: str = "",
    on_parts: bool = False,
    rank: int = 50,
    past: str = "",
    told: str = "",
    foreseen: bool = False,
    intent: str = "",
    by_deputy: bool = False,
    late: When | None = None,
    scope: str = "act",
) -> Callable[[Run], Run]:
    """Declare the decorated function as the act `object.name`.

    The function is `run(unit, object, by, given) -> Outcome`; `when(object, by)` answers None or
    False while the act is not open, True or `Terms` when it is; `late(object, by)` answers alike
    for what is over, but takes a late answer all the same. Label, summary and words are message
    ids.
    """

    def declared(run: Run) -> Run:
        declare(
            Declaration(
                object=object,
                name=name,
                input=input,
                run=run,
                offer=_offering(f"{object}.{name}", when),
                label=label,
                summary=summary,
                words=words,
                assurance=assurance,
                effect=effect,
                tickable=tickable,
                text_field=text_field,
                on_parts=on_parts,
                rank=rank,
                past=past,
                told=told,
                foreseen=foreseen,
                intent=intent,
                by_deputy=by_deputy,
                late=_offering(f"{object}.{name}", late) if late else None,
                scope=scope,
            )
        )
        return run

    return declared


def _offering(name: str, when: When) -> Callable[[Any, Any], Offer | None]:
    def offer(object: Any, by: Any) -> Offer | None:
        terms = when(object, by)
        declaration = find_act(name)
        if not terms or declaration is None:
            return None
        return offered(declaration, Terms() if terms is True else terms)

    return offer


def offered(declaration: Declaration, terms: Terms) -> Offer:
    """The offer of an act under these terms, in the language that is active.

    What has an intent stands beside what is asked and is never asked itself: lists rely on that.
    """
    assert not (terms.primary and declaration.intent), declaration.act
    schema = schema_of(declaration.input) if terms.schema is None else terms.schema
    needed = [name for name in schema.get("required", ()) if name != terms.choice_field]
    return Offer(
        act=declaration.act,
        label=terms.label or gettext(declaration.label),
        schema=schema,
        words=mail_words(declaration.words),
        choices=terms.choices,
        choice_field=terms.choice_field,
        many=terms.many,
        text_field=declaration.text_field,
        required=bool(needed),
        assurance=declaration.assurance,
        effect=declaration.effect,
        primary=terms.primary,
        tickable=declaration.tickable and not needed and not terms.choices,
        foreseen=declaration.foreseen,
        hint=terms.hint,
        intent=declaration.intent,
    )


def mail_words(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words in the active language, then in English; lower case, each once."""
    own = tuple(pgettext(WORD, word).lower() for word in words)
    return tuple(dict.fromkeys(own + words))


def choice_schema(
    field: str, title: str, choices: tuple[Choice, ...], *, many: bool = False
) -> JsonSchema:
    """The schema of an act that is answered by picking."""
    one = {"type": "string", **one_of((choice.value, choice.label) for choice in choices)}
    several = {"type": "array", "items": one, "minItems": 1, "uniqueItems": True}
    rule = several if many else one
    return flat_schema({field: {"title": title, **rule}}, (field,))
