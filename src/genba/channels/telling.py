"""A card in words, for channels that show text: what every one of them says, in the same order.

Rules of this file: pure; a card in, plain texts out, in the language that is active. Nothing is
escaped here: each channel knows what its own marks are. In order of importance: what is asked, why
you, by when, the facts that decide it, the last words said.
"""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from msgspec import Struct

from genba.acts.card import Card, Moment, Offer

FACTS = 10
TALK = 3
HINTS = 2
WORDS = 400  # characters of what somebody said, and of a fact


class Told(Struct, frozen=True):
    """A card as texts: `head` one line, `state` why and by when, the others a line each."""

    head: str
    state: str
    notes: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    said: tuple[str, ...]
    subject: str


def told(card: Card) -> Told:
    """What a card says."""
    return Told(
        head=_("Asked of you: %(title)s") % {"title": card.title}
        if card.open and any(offer.primary for offer in card.offers)
        else card.title,
        state=" ".join(_state(card)),
        notes=tuple(line for line in card.note.splitlines() if line.strip()),
        facts=tuple((_kept(one.label), _kept(one.value)) for one in card.facts[:FACTS]),
        said=(*(_quoted(one) for one in card.said[-TALK:]), *_hints(card)),
        subject=card.subject,
    )


def reference(card: Card) -> str:
    """How people name a card where they write: the number of the case, and the step."""
    if not card.number:
        return ""
    step = card.id.rpartition(":")[2] if card.object == "task" else ""
    return f"{card.number}/{step}" if step else str(card.number)


def link(card: Card, url: str) -> str:
    """The address of the page of a card."""
    return f"{url}{card.url}" if card.url else url


def remaining(offers: tuple[Offer, ...]) -> str:
    """The names of acts that are done on the page."""
    return ", ".join(dict.fromkeys(offer.label for offer in offers))


def whole_lines(lines: list[str], room: int) -> str:
    """As many of the lines as there is room for; none is cut, so that no mark is."""
    kept = [line for line in lines if line]
    while kept and sum(len(line) + 1 for line in kept) > room:
        kept.pop()
    return "\n".join(kept)


def _state(card: Card) -> list[str]:
    parts = [] if card.object == "task" and card.open else [card.status]
    parts.append(card.why)
    if card.due:
        when = {"when": date_format(timezone.localtime(card.due), "D j N Y, H:i")}
        parts.append(
            _("It was due by %(when)s.") % when if card.overdue else _("By %(when)s.") % when
        )
    return [part.strip() for part in parts if part.strip()]


def _quoted(moment: Moment) -> str:
    return f"{moment.who or _('Somebody')}: “{_kept(' '.join(moment.text.split()))}”"


def _kept(words: str) -> str:
    return words if len(words) <= WORDS else f"{words[:WORDS].rstrip()}…"


def _hints(card: Card) -> list[str]:
    notes = [one for one in card.hints if one.kind == "note"][:HINTS]
    return [f"{one.title}: {_kept(' '.join(one.text.split()))}" for one in notes]
