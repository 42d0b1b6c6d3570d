"""The one inbound path: every act of every channel goes through `perform`.

Rules of this file:

1. No verb, no object and no channel is known here by name.
2. The order of the steps is the security of the system: authenticate, replay, resolve,
   authorise now, gone, assurance, validate, run once, remember, note. Rights are those of this
   moment, not of when the card was sent.
3. The act, its remembered answer and its attempt are one transaction. A refusal changes nothing
   but leaves an attempt.
4. An outsider learns nothing: an unknown person and an unknown object get the same words.
"""

import hashlib
from datetime import datetime
from typing import Any

import msgspec
from django.utils.translation import gettext, gettext_noop, override
from msgspec import Struct
from msgspec.structs import replace

from genba.acts.card import Card, Offer
from genba.acts.inbound import Inbound, Outcome, Verdict
from genba.acts.objects import Found, as_offers, card_for, find, open_to, target
from genba.acts.registry import Declaration, find_act
from genba.acts.schemas import filled
from genba.acts.tokens import resolve
from genba.acts.validation import check
from genba.journal.contract import Conflict, Stale
from genba.journal.records import Answer, Attempt, Envelope
from genba.people.access import may_use
from genba.people.deputies import standing
from genba.people.directory import Known, by_address, known
from genba.people.drafts import forget
from genba.runtime.installation import Installation, current
from genba.runtime.recording import WrittenByNewer
from genba.runtime.unit import Unit, open_unit

TRIES = 5  # how often an act is decided again when somebody else was faster
NEWER = gettext_noop(
    "A newer release of Genba has worked on this, and this server does not know all it wrote. "
    "Nothing was changed or lost: try again in a moment, or tell whoever runs Genba."
)
BUG = "error"  # the attempt that ended in an exception


class Withdrawn(Exception):
    """Takes back the unit of work of an act that was refused, and carries the answer out."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.message)
        self.outcome = outcome


class Aim(Struct, frozen=True):
    """Who acts and what the inbound points at, after token and identity."""

    actor: Known | None
    object: str
    id: str


def perform(inbound: Inbound) -> Outcome:
    """Do what an inbound asks, exactly once, and answer in the actor's language.

    The outcome carries the card as it is now, unless the actor may not see it. Raises only for
    bugs and for a broken journal; everything else is a verdict.
    """
    inst = current()
    aim = _scoped_to(inbound, _aim(inbound))
    locale = aim.actor.locale if aim.actor else inbound.locale or "en"
    with override(locale):
        try:
            outcome = _perform(inst, inbound, aim)
        except Withdrawn as withdrawn:
            outcome = withdrawn.outcome
            _note(inst, inbound, aim, outcome.verdict, outcome.errors)
        except WrittenByNewer:
            _note(inst, inbound, aim, Verdict.REFUSED, {})
            return _newer()  # there is no card: it cannot be read here
        except Exception:
            _note(inst, inbound, aim, BUG, {})
            raise
    return replace(outcome, card=_fresh_card(aim, outcome))


def foresee(inbound: Inbound) -> Outcome:
    """What an act would answer if it were done now: it is done and taken back.

    Nothing is kept of it: no answer under its key, no attempt, nothing told to anybody.
    """
    inst = current()
    aim = _scoped_to(inbound, _aim(inbound))
    with override(aim.actor.locale if aim.actor else inbound.locale or "en"):
        if aim.actor is None:
            return _nothing_here(Verdict.UNKNOWN_PERSON)
        try:
            with open_unit(inst, _envelope(inst, inbound, aim.actor)) as unit:
                raise Withdrawn(_done(unit, inbound, aim, aim.actor))
        except Withdrawn as withdrawn:
            return withdrawn.outcome
        except WrittenByNewer:
            return _newer()


def _newer() -> Outcome:
    """What a newer release has written is left to servers of that release."""
    return Outcome(verdict=Verdict.REFUSED, message=gettext(NEWER))


def _aim(inbound: Inbound) -> Aim:
    """Who and what: a token binds both; a claimed person must be the token's."""
    claimed = known(inbound.person) if inbound.person else None
    if inbound.identity and not inbound.person:
        claimed = by_address(inbound.identity)
    if not inbound.token:
        return Aim(claimed, inbound.object, inbound.object_id)
    row = resolve(inbound.token, inbound.purpose)
    if row is None:
        return Aim(claimed, "", "")
    if inbound.person or inbound.identity:
        same = claimed is not None and claimed.id == row.person
        return Aim(claimed, row.object if same else "", row.object_id if same else "")
    return Aim(known(row.person), row.object, row.object_id)


def _scoped_to(inbound: Inbound, aim: Aim) -> Aim:
    """Somebody who acts by a token may do what it allows."""
    if aim.actor is None or inbound.scopes is None:
        return aim
    return replace(aim, actor=replace(aim.actor, scopes=inbound.scopes))


def _perform(inst: Installation, inbound: Inbound, aim: Aim) -> Outcome:
    if aim.actor is None:
        raise Withdrawn(_nothing_here(Verdict.UNKNOWN_PERSON))
    for left in reversed(range(TRIES)):
        try:
            with open_unit(inst, _envelope(inst, inbound, aim.actor)) as unit:
                return _once(unit, inbound, aim, aim.actor)
        except (Conflict, Stale):
            if not left:
                raise
    raise AssertionError("unreachable: the last try returns or raises")


def _envelope(inst: Installation, inbound: Inbound, actor: Known) -> Envelope:
    return Envelope(
        at=inst.clock.now(),
        actor=actor.id,
        channel=inbound.channel,
        machine=inbound.machine,
        act=inbound.act,
        key=inbound.key,
    )


def _once(unit: Unit, inbound: Inbound, aim: Aim, actor: Known) -> Outcome:
    """One try, inside the unit of work; raises Withdrawn for every refusal."""
    digest = _digest(inbound, aim)
    earlier = unit.tx.answer(_scoped(inbound))
    if earlier is not None:
        return _replayed(unit, inbound, aim, earlier, digest)
    outcome = _done(unit, inbound, aim, actor)
    if not outcome.ok:
        raise Withdrawn(outcome)
    if inbound.draft:
        forget(unit, actor.id, inbound.draft)
    unit.tx.remember(
        Answer(
            key=_scoped(inbound),
            actor=actor.id,
            digest=digest,
            body=msgspec.json.encode(replace(outcome, card=None)),
            at=unit.now,
        )
    )
    unit.tx.note_attempt(_attempt(unit.now, inbound, aim, outcome.verdict, {}))
    return outcome


def _done(unit: Unit, inbound: Inbound, aim: Aim, actor: Known) -> Outcome:
    """What the verb answers, inside the unit of work."""
    declaration, found = _resolved(unit, inbound, aim, actor)
    offer, who = _open_offer(unit, declaration, found, actor, inbound)
    given = _valid(declaration, offer, inbound.given)
    _unchanged(unit, inbound, found, actor)
    unit.envelope = msgspec.structs.replace(unit.envelope, behalf=who.stands_for)
    outcome: Outcome = declaration.run(unit, found.value, who, given)
    return outcome


def _scoped(inbound: Inbound) -> str:
    """Keys of different channels never meet: each channel names its own."""
    if not inbound.key:
        raise ValueError("an inbound act needs an idempotency key")
    return f"{inbound.channel}:{inbound.key}"


def _replayed(unit: Unit, inbound: Inbound, aim: Aim, earlier: Answer, digest: str) -> Outcome:
    if earlier.digest != digest:
        message = gettext("This was already used for something else. Nothing was changed.")
        raise Withdrawn(Outcome(verdict=Verdict.CONFLICT, message=message))
    first = msgspec.json.decode(earlier.body, type=Outcome)
    outcome = replace(first, verdict=Verdict.REPLAYED)
    unit.tx.note_attempt(_attempt(unit.now, inbound, aim, outcome.verdict, {}))
    return outcome


def _resolved(unit: Unit, inbound: Inbound, aim: Aim, actor: Known) -> tuple[Declaration, Found]:
    declaration = find_act(inbound.act)
    goal = target(aim.object, aim.id, declaration.object) if declaration else None
    found = find(*goal, actor, unit.tx, to_act=True) if goal else None
    if declaration is None or found is None:
        raise Withdrawn(_nothing_here(Verdict.UNKNOWN_OBJECT))
    return declaration, found


def _unchanged(unit: Unit, inbound: Inbound, found: Found, actor: Known) -> None:
    """Whoever says which versions they mean gets an answer when it is another one by now."""
    if inbound.versions is None:
        return
    now = found.type.card(found.value, actor, False, unit.tx).version
    if now not in inbound.versions:
        message = gettext("This has changed since you read it. Nothing was done: look again.")
        raise Withdrawn(Outcome(verdict=Verdict.CHANGED, message=message))


def _open_offer(
    unit: Unit, declaration: Declaration, found: Found, actor: Known, inbound: Inbound
) -> tuple[Offer, Known]:
    """The offer that is open now, and as whom; a card of an earlier version is no reason to
    refuse. A deputy acts for themselves where they may, else on behalf of whom they stand for."""
    if not may_use(actor, declaration.scope):
        message = gettext("This token does not allow that.")
        raise Withdrawn(Outcome(verdict=Verdict.FORBIDDEN, message=message))
    others = standing(actor, unit.tx) if declaration.by_deputy else ()
    if inbound.behalf not in ("", actor.id):
        others = tuple(one for one in others if one.stands_for == inbound.behalf)
        if not others:
            message = gettext("You cannot act for somebody else here.")
            raise Withdrawn(Outcome(verdict=Verdict.FORBIDDEN, message=message))
        actor = others[0]
    open_now, who = open_to(declaration, found.value, actor, others)
    if not open_now and declaration.late is not None:
        open_now = as_offers(declaration.late(found.value, actor))
    if not open_now:
        if not found.type.visible(found.value, actor, unit.tx):
            raise Withdrawn(_nothing_here(Verdict.UNKNOWN_OBJECT))
        raise Withdrawn(_not_open(found, actor))
    offer = open_now[0]
    if inbound.assurance < offer.assurance:
        message = gettext("Please confirm that it is you: sign in and do this again.")
        raise Withdrawn(Outcome(verdict=Verdict.STEP_UP, message=message))
    return offer, who


def _not_open(found: Found, actor: Known) -> Outcome:
    gone = found.type.gone(found.value, actor)
    if gone:
        return Outcome(verdict=Verdict.GONE, message=gone)
    return Outcome(verdict=Verdict.FORBIDDEN, message=gettext("This is not open to you now."))


def _valid(declaration: Declaration, offer: Offer, given: dict[str, Any]) -> Struct:
    checked = check(offer.schema, given)
    if checked.errors:
        message = gettext("Something is missing or cannot be read. Nothing was changed.")
        raise Withdrawn(Outcome(verdict=Verdict.INVALID, message=message, errors=checked.errors))
    return filled(declaration.input, checked.values)


def _nothing_here(verdict: Verdict) -> Outcome:
    return Outcome(verdict=verdict, message=gettext("There is nothing here for you."))


def _digest(inbound: Inbound, aim: Aim) -> str:
    """What was asked and by whom: the same key must mean the same."""
    actor = aim.actor.id if aim.actor else ""
    asked = (actor, inbound.act, aim.object, aim.id, inbound.sent or inbound.given)
    return hashlib.sha256(msgspec.json.encode(asked, order="sorted")).hexdigest()


def _attempt(
    at: datetime, inbound: Inbound, aim: Aim, outcome: str, errors: dict[str, str]
) -> Attempt:
    return Attempt(
        at=at,
        channel=inbound.channel,
        identity=inbound.identity,
        person=aim.actor.id if aim.actor else "",
        object=aim.object or inbound.object,
        object_id=aim.id or inbound.object_id,
        act=inbound.act,
        outcome=outcome,
        detail="; ".join(f"{name}: {wrong}" for name, wrong in errors.items()),
    )


def _note(
    inst: Installation, inbound: Inbound, aim: Aim, outcome: str, errors: dict[str, str]
) -> None:
    with inst.journal.writing() as tx:
        tx.note_attempt(_attempt(inst.clock.now(), inbound, aim, outcome, errors))


def _fresh_card(aim: Aim, outcome: Outcome) -> Card | None:
    """The card as it is after the act; of the new object when one was made.

    Without the story: what an act costs must not grow with the age of its case.
    """
    if aim.actor is None:
        return None
    if outcome.object_id:
        return card_for(outcome.object, outcome.object_id, aim.actor, full=False)
    return card_for(aim.object, aim.id, aim.actor, full=False) if aim.object else None
