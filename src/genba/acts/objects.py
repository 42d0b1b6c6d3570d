"""The object doors: how an object is loaded, who may know of it, and how its card is made.

Rules of this file: no object type is known by name; `cases` registers process, case and task as
any plug-in would. An object somebody may not see does not exist for them: `find` answers None
for both, and nobody can tell the difference.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import override
from msgspec import Struct
from msgspec.structs import replace

from genba.acts.card import Card, Offer
from genba.acts.registry import Declaration, acts, find_act, load_acts
from genba.journal.contract import Reading
from genba.people.deputies import standing
from genba.people.directory import Known
from genba.runtime.installation import current


class Thread(Struct, frozen=True, kw_only=True):
    """Where people talk about an object: on the log of a case, or on a stream.

    `log` is the id of the case or stream; a stream "A#B" is a part of "A", whose followers hear it
    too. `object` and `id` say whose card carries the words; `mark` is what its stream is found by.
    `part` is what of the log's object is talked about: "task/w3", "step/NODE", "file/CONTENT";
    `node` the step of the drawing that is.
    """

    log: str
    object: str
    id: str
    followers: tuple[str, ...] = ()
    muted: tuple[str, ...] = ()  # who does not want to hear of it
    mark: str = ""
    part: str = ""
    node: str = ""


class ObjectType(Struct, frozen=True, kw_only=True):
    """One type of object.

    `load(reading, id)` gives the object or None. `visible(object, known, reading)` says whether
    somebody may know of it. `card(object, known, full, reading)` makes the card without its
    offers. `gone(object, known)` says in words who ended it, "" while it is open. `whole(id)`
    names the object this one is part of (the case of a task), for acts of the whole.
    `thread(object)` says where it is talked about: it can then be commented on, followed and so
    on; None for what is not talked about by itself.
    `reachable` is where one may act on what one may not look at (an outsider starts by mail).
    `routed`: a question asked on it finds somebody by itself, so its `ask` is declared elsewhere.
    `part`: it is talked about on the log of its whole, and followed and marked there.
    """

    name: str
    load: Callable[[Reading, str], Any | None]
    visible: Callable[[Any, Known, Reading], bool]
    card: Callable[[Any, Known, bool, Reading], Card]
    gone: Callable[[Any, Known], str]
    whole: Callable[[str], tuple[str, str]] | None = None
    thread: Callable[[Any], Thread] | None = None
    reachable: Callable[[Any, Known, Reading], bool] | None = None
    routed: bool = False
    part: bool = False


class Found(Struct, frozen=True):
    """An object somebody may see."""

    type: ObjectType
    id: str
    value: Any


# Puts more on the card of an object: what a layer above knows of it. (object, card, reader,
# full, reading) -> card
Addition = Callable[[Any, Card, Known, bool, Reading], Card]

_types: dict[str, ObjectType] = {}
_additions: dict[str, list[Addition]] = {}
_hooks: list[Callable[[ObjectType], None]] = []


def register_object(type: ObjectType) -> None:
    """Add an object type; the same name twice is a programming error (ValueError)."""
    if type.name in _types:
        raise ValueError(f"the object {type.name} is registered twice")
    _types[type.name] = type
    for hook in _hooks:
        hook(type)


def for_each_type(hook: Callable[[ObjectType], None]) -> None:
    """Call `hook` for every object type there is and every one that comes later."""
    _hooks.append(hook)
    for type in list(_types.values()):
        hook(type)


def add_to_card(object: str, addition: Addition) -> None:
    """Let `addition` put more on every card of a type of object."""
    _additions.setdefault(object, []).append(addition)


def object_type(name: str) -> ObjectType | None:
    """The object type of this name, if there is one."""
    load_acts()
    return _types.get(name)


def object_types() -> tuple[str, ...]:
    """The names of all object types, sorted."""
    load_acts()
    return tuple(sorted(_types))


def find(
    object: str, id: str, known: Known, reading: Reading, *, to_act: bool = False
) -> Found | None:
    """The object, if there is one and this person may know of it, or act on it (`to_act`)."""
    type = object_type(object)
    value = type.load(reading, id) if type else None
    if type is None or value is None:
        return None
    door = (type.reachable if to_act else None) or type.visible
    return Found(type, id, value) if door(value, known, reading) else None


def target(object: str, id: str, wanted: str) -> tuple[str, str] | None:
    """The object an act of type `wanted` is about: this one, or the whole it is part of."""
    while object != wanted:
        type = object_type(object)
        if type is None or type.whole is None:
            return None
        object, id = type.whole(id)
    return object, id


def wholes_of(object: str, id: str) -> dict[str, str]:
    """The object, and every whole it is part of: type -> id."""
    found = {object: id}
    type = object_type(object)
    while type is not None and type.whole is not None:
        object, id = type.whole(id)
        found[object] = id
        type = object_type(object)
    return found


def offers(
    object: str,
    id: str,
    known: Known,
    reading: Reading,
    *,
    leading: bool = False,
    had: Found | None = None,
) -> tuple[Offer, ...]:
    """Everything open to this person on this object now: what is asked of them first.

    Acts of the whole that are declared `on_parts` are offered on its parts too, unless the part
    has an act of the same name. With `leading`, only acts of the object itself that may be what is
    asked (those without an intent): a list shows no others, and each costs a question. `had` is
    the object where it is at hand.
    """
    found: list[Offer] = []
    others = standing(known, reading)
    wholes = {object: id} if leading else wholes_of(object, id)
    seen: dict[str, Found | None] = {object: had} if had else {}
    for declaration in acts():
        whole = declaration.object
        if whole not in wholes or (leading and declaration.intent):
            continue
        if whole != object and not _on_part(declaration, object):
            continue
        if whole not in seen:
            seen[whole] = find(whole, wholes[whole], known, reading)
        thing = seen[whole]
        if thing is not None:
            found += open_to(declaration, thing.value, known, others)[0]
    ranked = sorted(found, key=lambda offer: (not offer.primary, _rank(offer), offer.act))
    return tuple(ranked)


def _on_part(declaration: Declaration, part: str) -> bool:
    return declaration.on_parts and find_act(f"{part}.{declaration.name}") is None


def open_to(
    declaration: Declaration, value: Any, known: Known, others: tuple[Known, ...]
) -> tuple[tuple[Offer, ...], Known]:
    """The offers of an act, and as whom: themselves, else for one of those they stand for."""
    own = as_offers(declaration.offer(value, known))
    if own or not declaration.by_deputy:
        return own, known
    for one in others:
        found = as_offers(declaration.offer(value, one))
        if found:
            return tuple(replace(offer, behalf=one.stands_for) for offer in found), one
    return (), known


def offer_of(act: str, id: str, known: Known) -> Offer | None:
    """What one act asks for now; also where one may act on what one may not look at."""
    declaration = find_act(act)
    if declaration is None:
        return None
    with current().journal.reading() as reading:
        found = find(declaration.object, id, known, reading, to_act=True)
        if found is None:
            return None
        with override(known.locale):
            open_now = as_offers(declaration.offer(found.value, known))
    return open_now[0] if open_now else None


def as_offers(answer: Offer | tuple[Offer, ...] | None) -> tuple[Offer, ...]:
    """What a declaration's `offer` answered, always as a tuple."""
    if answer is None:
        return ()
    return answer if isinstance(answer, tuple) else (answer,)


def _rank(offer: Offer) -> int:
    declaration = find_act(offer.act)
    return declaration.rank if declaration else 0


def card_in(
    object: str,
    id: str,
    known: Known,
    reading: Reading,
    *,
    full: bool = True,
    leading: bool = False,
) -> Card | None:
    """The card in this person's language, from a journal already open; of its offers only those
    of `offers(leading)` where a list shows no others."""
    found = find(object, id, known, reading)
    if found is None:
        return None
    with override(known.locale):
        card = found.type.card(found.value, known, full, reading)
        for addition in _additions.get(object, ()):
            card = addition(found.value, card, known, full, reading)
        return Card(
            **{**_fields(card), "offers": offers(object, id, known, reading, leading=leading)}
        )


def card_for(object: str, id: str, known: Known, full: bool = True) -> Card | None:
    """The card of an object as this person may see it now; None for what they may not see."""
    with current().journal.reading() as reading:
        return card_in(object, id, known, reading, full=full)


def _fields(card: Card) -> dict[str, Any]:
    return {name: getattr(card, name) for name in card.__struct_fields__}
