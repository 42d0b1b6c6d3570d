"""Which buttons a card has, for channels that have buttons: what each does, in plain text.

Rules of this file: pure, and the same for every channel. What needs no more input is done by the
press; what does opens a form; what does not fit is linked. A button says which act of which card it
is and nothing secret: who presses it is known by the channel, and rights are asked then.
"""

from msgspec import Struct

from genba.acts.card import Card, Choice, Effect, Offer
from genba.channels.contract import Carrying, fits
from genba.channels.fields import Field, fields_of

SEPARATOR = "|"
DO, FORM = "do", "form"


class Aim(Struct, frozen=True):
    """The card a button stands on, and the revision it was shown with."""

    object: str
    id: str
    version: int = 0


class Press(Struct, frozen=True, kw_only=True):
    """One button. `form` when it opens one; `choice` when it stands for a choice."""

    offer: Offer
    label: str
    form: bool = False
    choice: Choice | None = None

    @property
    def final(self) -> bool:
        """Whether it cannot be taken back, and was not asked for: it is asked once more."""
        return self.offer.effect is Effect.FINAL and not self.offer.primary


class Plan(Struct, frozen=True):
    """The buttons of a card, what is asked of its reader first, and what is on the page only."""

    asked: tuple[Press, ...]
    other: tuple[Press, ...]
    linked: tuple[Offer, ...]


def plan(card: Card, carries: Carrying) -> Plan:
    """The buttons of a card in a channel."""
    asked: list[Press] = []
    other: list[Press] = []
    linked: list[Offer] = []
    for offer in card.offers:
        found = _presses(offer, carries) if fits(offer, carries) else []
        if not found:
            linked.append(offer)
        direct = [one for one in found if offer.primary and not (one.form and len(found) > 1)]
        asked += direct
        other += [one for one in found if one not in direct]
    return Plan(tuple(asked), tuple(other), tuple(linked))


def _presses(offer: Offer, carries: Carrying) -> list[Press]:
    rest = [field for field in fields_of(offer) if field.name != offer.choice_field]
    needed = any(field.required for field in rest) or (offer.choices and offer.many)
    form = Press(offer=offer, label=f"{offer.label} …", form=True)
    if needed or (offer.choices and len(offer.choices) > carries.options):
        return [form]
    if offer.choices:
        return [Press(offer=offer, label=one.label, choice=one) for one in offer.choices]
    optional = form_fields(offer, carries)
    return [Press(offer=offer, label=offer.label), *([form] if optional else [])]


def form_fields(offer: Offer, carries: Carrying) -> tuple[Field, ...]:
    """The fields of the form of an offer in a channel: all that are needed, and what else fits."""
    fit = [
        field
        for field in fields_of(offer)
        if field.kind in carries.inputs and len(field.options) <= carries.options
    ]
    return tuple(fit[: carries.fields])


def aim_text(card: Card) -> str:
    """The card as a button carries it."""
    return SEPARATOR.join((card.object, card.id, str(card.version)))


def read_aim(text: str) -> Aim | None:
    """The card a button stands on; None for what we did not write."""
    object, found, rest = text.partition(SEPARATOR)
    id, _, version = rest.rpartition(SEPARATOR)
    if not found or not id or not version.isdecimal():
        return None
    return Aim(object, id, int(version))


def press_text(press: Press) -> str:
    """What a button does, as it carries it."""
    choice = press.choice.value if press.choice else ""
    return SEPARATOR.join((FORM if press.form else DO, press.offer.act, choice))


class Pressed(Struct, frozen=True):
    """What a button carried: an act, or its form; with the choice it stands for."""

    act: str
    form: bool = False
    choice: str = ""


def read_press(text: str) -> Pressed | None:
    """What a button does; None for what we did not write."""
    way, _, rest = text.partition(SEPARATOR)
    act, found, choice = rest.partition(SEPARATOR)
    if way not in (DO, FORM) or not found or "." not in act:
        return None
    return Pressed(act, way == FORM, choice)
