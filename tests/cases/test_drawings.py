"""Drawings nobody here made, moved along by people through the one path to their end."""

import os
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from genba.acts.card import Card, Offer
from genba.acts.inbound import Outcome
from genba.acts.objects import card_for
from genba.cases.deployment import deploy_drawing, roles_of
from genba.journal.contract import CaseQuery, InboxQuery
from genba.journal.records import InboxRow
from genba.people.directory import Known, join, known
from genba.runtime.clock import FixedClock
from genba.runtime.installation import Installation
from genba.runtime.loop import Loop

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("GENBA_SHARED_DATA", ROOT.parent / "shared" / "data"))
MIWG = SHARED / "bpmn" / "miwg-reference"
FILES = ("A.2.0", "A.4.1", "B.2.0", "C.1.0", "C.3.0", "C.8.0", "C.9.0")
MOST = 150  # acts; the largest needs about 80
PATIENCE = 40  # acts after which nothing is repeated any more

Do = Callable[..., Outcome]


@pytest.mark.parametrize("name", FILES)
def test_a_drawing_runs_as_drawn(
    name: str, inst: Installation, people: dict[str, Known], do: Do, clock: FixedClock
) -> None:
    if not MIWG.exists():
        pytest.skip(f"the drawings are not at {MIWG}: set GENBA_SHARED_DATA")
    chance = random.Random(name)
    who = worker(inst, people["buyer"], MIWG / f"{name}.bpmn")
    with inst.journal.reading() as reading:
        keys = [version.key for version in reading.processes()]
    for key in keys:
        start = card(who, "process", key).offers[0]
        assert do(who, start.act, key, **filled(start, chance)).ok
    for number in range(MOST):
        row = next_row(inst, who, clock)
        if row is None:
            break
        asked = card(who, "task", f"{row.work.case}:{row.work.work}")
        offer = chance.choice(primary(asked, tired=number > PATIENCE))
        outcome = do(who, offer.act, asked.id, **filled(offer, chance))
        assert outcome.ok, (asked.title, outcome)
        assert card(people["helper"], "case", row.work.case).story
    with inst.journal.reading() as reading:
        cases = reading.cases(CaseQuery())
        running = [case for case in cases if case.status == "running"]
        assert all(reading.works(case.case) for case in running)
    assert "completed" in {case.status for case in cases}
    assert not running or number == MOST - 1  # pools that start each other go on for ever


def worker(inst: Installation, person: Known, file: Path) -> Known:
    """Deploys a drawing and puts a person into all its roles."""
    made = deploy_drawing(inst, file.read_bytes(), file.name, "")
    assert not isinstance(made, tuple), made
    for version in made.versions:
        for role in roles_of(inst, version.key, version.version):
            join(person.id, role)
    found = known(person.id)
    assert found is not None
    return found


def next_row(inst: Installation, who: Known, clock: FixedClock) -> InboxRow | None:
    """The next thing asked, letting time pass where everybody waits; None when all is done."""
    for _wait in range(20):
        Loop(inst).drain(100)
        query = InboxQuery(person=who.id, groups=who.groups, now=clock.now())
        with inst.journal.reading() as reading:
            rows, due = reading.inbox(query), reading.next_due()
            running = reading.cases(CaseQuery(status="running"))
        if rows or not running:
            return rows[0] if rows else None
        assert due is not None, f"{running[0].title} waits for nothing"
        clock.set(max(due, clock.now()) + timedelta(seconds=1))
    return None


def card(who: Known, object: str, id: str) -> Card:
    found = card_for(object, id, who)
    assert found is not None
    return found


def primary(asked: Card, *, tired: bool) -> list[Offer]:
    """What is asked of the reader; somebody tired does nothing once more."""
    offers = [offer for offer in asked.offers if offer.primary]
    assert offers, asked
    return [offer for offer in offers if not (tired and offer.act == "task.once-more")]


def filled(offer: Offer, chance: random.Random) -> dict[str, Any]:
    """Something for every field the offer does not know already."""
    properties = offer.schema["properties"]
    return {
        name: sample(rule, chance) for name, rule in properties.items() if "default" not in rule
    }


def sample(rule: dict[str, Any], chance: random.Random) -> Any:
    if rule.get("type") == "array":
        return [sample(rule["items"], chance)]
    if "oneOf" in rule:
        return chance.choice(rule["oneOf"])["const"]
    by_format = {
        "date": "2026-03-31",
        "date-time": "2026-03-31T10:00",
        "email": "a@example.org",
        "json-object": "{}",
    }
    by_type = {"number": "2", "integer": "2", "boolean": "yes", "string": "some words"}
    return by_format.get(rule.get("format", ""), by_type[rule["type"]])
