"""A card for every act of the registry, as hard to show as that act can be."""

from collections.abc import Iterator
from datetime import UTC, datetime

from msgspec.structs import replace

from genba.acts.card import Card, Choice, Fact, Moment, Offer
from genba.acts.declaring import Terms, choice_schema, offered
from genba.acts.registry import acts
from genba.acts.schemas import flat_schema, is_free, schema_of, with_form

NASTY = 'A & B <b>x</b> @channel @**all** <!here> [x](http://evil.test) `*_~|"\\ 日本 ' * 3
FORM = flat_schema(
    {
        "amount": {"type": "number", "title": "Amount in euros", "minimum": 0},
        "many": {"type": "integer", "title": "How many", "maximum": 9, "default": 1},
        "day": {"type": "string", "format": "date", "title": "By when"},
        "moment": {"type": "string", "format": "date-time", "title": "At"},
        "who": {"type": "string", "format": "person", "title": "Who"},
        "mail": {"type": "string", "format": "email", "title": "Mail address"},
        "urgent": {"type": "boolean", "title": "Urgent"},
        "size": {"type": "string", "enum": ["small", "large"], "title": "A title " * 6},
        "parts": {
            "type": "array",
            "title": "Parts",
            "items": {"type": "string", "oneOf": [{"const": "a", "title": "A"}]},
        },
        "story": {"type": "string", "maxLength": 20_000, "title": "The story"},
        "more": {"type": "string", "format": "json-object", "title": "More"},
    },
    ("amount", "day", "size"),
)


def offers_of_every_act() -> Iterator[tuple[str, Offer]]:
    """Each act as it is declared, and picking from few and from many."""
    for declaration in acts():
        plain = offered(declaration, Terms())
        schema = schema_of(declaration.input)
        if is_free(declaration.input):
            schema = with_form(declaration.input, FORM)
            plain = offered(declaration, Terms(schema=schema))
        yield declaration.act, plain
        yield f"{declaration.act} asked", replace(plain, primary=True)
    for many in (False, True):
        for count in (2, 7, 150):
            choices = tuple(Choice(f"Flow_{n}", f"Way {n}, {NASTY}"[:90]) for n in range(count))
            schema = choice_schema("flow", "Which", choices, many=many)
            found = Offer(
                act="task.choose", label="Choose", schema=schema, words=("choose",),
                choices=choices, choice_field="flow", many=many, primary=True,
            )  # fmt: skip
            yield f"{count} choices{' at once' if many else ''}", found


def card_with(*offers: Offer, id: str = "") -> Card:
    """A task, or what else the acts are about, with all a card can have."""
    object = offers[0].act.partition(".")[0] if offers else "task"
    at = datetime(2026, 3, 2, 9, 13, tzinfo=UTC)
    return Card(
        object=object,
        id=id or ("3f2c" * 8 + ":w12" if object == "task" else "3f2c" * 8),
        version=3,
        title=f"Approve {NASTY}",
        subject=f"Purchase 88: {NASTY}",
        url="/cases/88/w12",
        case="3f2c" * 8,
        number=88,
        why=NASTY,
        note=f"{NASTY}\n{NASTY}",
        due=at,
        facts=tuple(Fact(f"{n} {NASTY}", NASTY * 9) for n in range(15)),
        said=tuple(
            Moment(seq=n, position=n, at=at, kind="words", who=NASTY, text=NASTY * 9)
            for n in range(5)
        ),
        offers=offers,
    )
