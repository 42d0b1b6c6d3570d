"""Tells the story of the demonstration: deploys, enrols, and acts as the roles did.

Rules of this file: it only does what a person could do; it looks for the offer on the card, as a
reader would, and acts through the one path. A second call changes nothing.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from importlib.resources import files

from genba.acts.card import Assurance, Card, Offer
from genba.acts.inbound import Inbound
from genba.acts.objects import card_for
from genba.acts.performance import perform
from genba.cases.deployment import deploy_file
from genba.demo.roles import ROLES
from genba.demo.story import TALES, Step, Tale
from genba.journal.contract import CaseQuery
from genba.journal.records import NewOutbox, OutboxRow
from genba.people.accounts import enrol
from genba.people.directory import Known, by_address
from genba.runtime.clock import FixedClock
from genba.runtime.installation import Installation, current, install
from genba.runtime.loop import Loop

FILES = ("purchase-limit.dmn", "purchase.bpmn", "conge.bpmn")
NEWS = timedelta(days=1.5)


class DemoBroken(Exception):
    """The demonstration cannot be told as it is written: the product's fault, not the user's."""


def load() -> bool:
    """Tell the demonstration into the open installation; False when it is there already.

    Raises DemoBroken when a step of the script is not possible.
    """
    inst = current()
    with inst.journal.reading() as reading:
        if reading.versions("purchase") and reading.count_cases(CaseQuery(process="purchase")):
            return False
    people = {role.key: _account(role.address) or _enrol(role.key) for role in ROLES}
    now = inst.clock.now()
    with _turned_back(inst, now) as past:
        _set(past, now, 30)
        for name in FILES:
            _deploy(past, name)
        for days, tale, index in _in_order():
            _set(past, now, days)
            Loop(past).drain()
            _act(past, people, tale, index)
        _set(past, now, 0)
        Loop(past).drain()
    return True


def _account(address: str) -> Known | None:
    return by_address(address)


def _enrol(key: str) -> Known:
    """An account nobody can guess the password of: roles sign in from the page of the demo."""
    role = next(role for role in ROLES if role.key == key)
    return enrol(
        role.address,
        secrets.token_urlsafe(24),
        name=role.name,
        locale=role.locale,
        groups=role.groups,
    )


@contextmanager
def _turned_back(inst: Installation, now: datetime) -> Iterator[Installation]:
    """The same journal with a clock of its own, where no mail leaves before the end.

    What the channels would have been told is kept, and handed to them afterwards as far as it is
    still news: somebody who signs in finds the mails of what is open now, not of a whole month.
    """
    past = Installation(inst.journal, FixedClock(now))
    kept: list[OutboxRow] = []
    for kind in ("card", "words", "party"):
        past.on(kind, lambda _past, row: kept.append(row), "demo")
    install(past)
    try:
        yield past
    finally:
        install(inst)
    with inst.journal.writing() as tx:
        for row in kept:
            kind = row.kind.partition("/")[0]
            if kind == "card" or row.due > now - NEWS:
                news = NewOutbox(kind=kind, body=row.body, key=f"{row.key}:news", due=now)
                tx.post(row.case, [news])
    inst.wake()


def _set(past: Installation, now: datetime, days: float) -> None:
    past.clock = FixedClock(now - timedelta(days=days))


def _deploy(inst: Installation, name: str) -> None:
    data = files("genba.demo").joinpath(name).read_bytes()
    deployed = deploy_file(inst, data, name, "")
    if isinstance(deployed, tuple):
        raise DemoBroken("; ".join(problem.message for problem in deployed))


def _in_order() -> Iterator[tuple[float, Tale, int]]:
    """All steps of all tales by their time, each tale's own order kept."""
    steps = [(step.days, tale, index) for tale in TALES for index, step in enumerate(tale.steps)]
    yield from sorted(steps, key=lambda row: -row[0])


def _act(inst: Installation, people: dict[str, Known], tale: Tale, index: int) -> None:
    step = tale.steps[index]
    person = people[step.role]
    object, id, offer = _open_to(inst, person, tale, step)
    given = dict(step.given)
    if step.pick:
        value = next((one.value for one in offer.choices if one.label == step.pick), None)
        if value is None:
            raise DemoBroken(f"{tale.key}: {step.pick!r} is not offered to {step.role}")
        given[offer.choice_field] = value
    outcome = perform(
        Inbound(
            channel="web",
            assurance=Assurance.SESSION,
            act=step.act,
            given=given,
            key=f"demo:{tale.key}:{index}",
            person=person.id,
            object=object,
            object_id=id,
        )
    )
    if not outcome.ok:
        raise DemoBroken(f"{tale.key}, {step.act}: {outcome.message} {outcome.errors}")


def _open_to(inst: Installation, person: Known, tale: Tale, step: Step) -> tuple[str, str, Offer]:
    """The object and the offer of a step: the process, the case, or the open task that has it."""
    if step.act.startswith("process."):
        found = _offer(card_for("process", tale.process, person), step.act)
        if found:
            return "process", tale.process, found
    case = _case(inst, tale)
    card = card_for("case", case, person)
    found = _offer(card, step.act)
    if found:
        return "case", case, found
    for task in card.cards if card else ():
        found = _offer(task, step.act)
        if found and step.node in ("", task.node):
            return "task", task.id, found
    raise DemoBroken(f"{tale.key}: {step.act} is not open to {step.role} {step.node}")


def _offer(card: Card | None, act: str) -> Offer | None:
    return next((offer for offer in card.offers if offer.act == act), None) if card else None


def _case(inst: Installation, tale: Tale) -> str:
    """The case a tale started, found by the key of the act that did."""
    with inst.journal.reading() as reading:
        title = tale.steps[0].given["title"]
        for row in reading.cases(CaseQuery(process=tale.process, limit=100)):
            if title in row.title:
                return row.case
    raise DemoBroken(f"{tale.key}: no case was started")
