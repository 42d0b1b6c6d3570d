"""What can be written for each offer, for channels without buttons: one line an act.

Rules of this file: pure. What is printed is what `mail.verbs` reads: a word, or a choice, and what
may follow. What cannot be written in lines is named, and done on the form.
"""

from django.utils.translation import gettext as _
from msgspec import Struct

from genba.acts.card import Card, Offer
from genba.channels.contract import Carrying, fits
from genba.channels.fields import fields_of

PRINTED = 20  # choices of one act; the others may be written, and are all on the page


class Line(Struct, frozen=True):
    """What one may write, and what about it."""

    word: str
    remark: str = ""


class Written(Struct, frozen=True):
    """The lines of a card: for what is asked first, then others; and what is on the page only."""

    lines: tuple[Line, ...]
    linked: tuple[Offer, ...]


def written(card: Card, carries: Carrying) -> Written:
    """What can be written on a card."""
    lines: list[Line] = []
    linked: list[Offer] = []
    for offer in card.offers:
        found = _lines(offer) if fits(offer, carries) else []
        lines += found[:PRINTED]
        if not found or len(found) > PRINTED:
            linked.append(offer)
    return Written(tuple(lines), tuple(linked))


def _lines(offer: Offer) -> list[Line]:
    if offer.choices:
        remark = _("several: parted by commas") if offer.many else ""
        return [Line(" ".join(one.label.split()), remark) for one in offer.choices]
    if not offer.words:
        return []
    needed = [
        field.title
        for field in fields_of(offer)
        if field.required and field.name != offer.text_field
    ]
    if needed:
        below = ", ".join(f"{title}: …" for title in needed)
        return [Line(offer.words[0], _("and below it, one line each: %(what)s") % {"what": below})]
    if not offer.text_field:
        return [Line(offer.words[0], offer.hint)]
    must = offer.text_field in offer.schema.get("required", ())
    remark = _("and say why, or what, after it") if must else _("you may add words after it")
    return [Line(offer.words[0], offer.hint or remark)]
