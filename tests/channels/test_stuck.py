"""Wherever a case gets stuck a card comes by mail, in the page and by REST, and each mends it."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from genba.cases.deployment import deploy_drawing, deploy_file
from genba.engine.incidents import PLACES
from genba.engine.values import WorkKind
from genba.journal.records import Envelope
from genba.people.directory import Known
from genba.people.models import Person
from genba.runtime.clock import FixedClock
from genba.runtime.installation import Installation
from genba.runtime.unit import open_unit, read_state
from tests.engine.drawing import compiled, file_of, process, tasks
from tests.engine.stuck import STUCK, TABLE, Stuck

from .company import Post, text_of

pytestmark = pytest.mark.django_db(transaction=True)

FORM = re.compile(r'<form[^>]*action="(/acts/[^"]*mend)"[^>]*>(.*?)</form>', re.S)
FIELD = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')


@pytest.fixture(autouse=True)
def small_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("genba.engine.step.BUDGET", 60)


def deploy(inst: Installation, stuck: Stuck) -> None:
    """Deploy a drawing whose steps are all the buyers'."""
    nodes = compiled(*stuck.body, head=stuck.head).nodes.values()
    named = "".join(f"<flowNodeRef>{n.id}</flowNodeRef>" for n in nodes if n.scope == "p")
    lanes = f'<laneSet id="ls"><lane id="l" name="Buying">{named}</lane></laneSet>'
    drawn = file_of(process(lanes, *stuck.body), process(tasks("called"), id="q"), head=stuck.head)
    if stuck.rules:
        assert not isinstance(deploy_file(inst, TABLE, "m.dmn", ""), tuple)
    made = deploy_drawing(inst, drawn, "p.bpmn", "")
    assert not isinstance(made, tuple), made


def begin(inst: Installation, clock: FixedClock, stuck: Stuck) -> tuple[str, Any]:
    """A case that is stuck; its id and the work that asks about it."""
    with open_unit(inst, Envelope(at=inst.clock.now())) as unit:
        started = unit.start_case("p", data=dict(stuck.bad))
        case = started.row.case
    for prod in stuck.prods:
        with inst.journal.reading() as reading:
            command = prod(read_state(reading.case(case)), clock.now())
        clock.advance(command.at - clock.now())
        with open_unit(inst, Envelope(at=clock.now())) as unit:
            assert isinstance(unit.open(case).command(command), tuple)
    with inst.journal.reading() as reading:
        (work,) = [one for one in reading.works(case) if one.kind == WorkKind.INCIDENT]
    return str(case), work


def left(inst: Installation, case: str) -> list[str]:
    with inst.journal.reading() as reading:
        works = reading.works(case)
    return sorted(_said(w.kind, w.node) for w in works)


def _said(kind: str, node: str) -> str:
    if kind == WorkKind.INCIDENT:
        return "incident:"
    return node if kind == WorkKind.TASK else f"{kind}:{node}"


def expected(stuck: Stuck, answer: str) -> list[str]:
    return sorted(
        "incident:" if one.startswith("incident:") else one for one in stuck.after[answer]
    )


@pytest.fixture
def client(people: dict[str, Known]) -> Client:
    browser = Client()
    person = Person.objects.get(pk=int(people["buyer"].id))
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return browser


@pytest.mark.parametrize("rule", PLACES)
def test_its_card_comes_by_every_channel_and_mends_it(
    rule: str,
    inst: Installation,
    clock: FixedClock,
    post: Post,
    people: dict[str, Known],
    client: Client,
) -> None:
    stuck, buyer = STUCK[rule], people["buyer"]
    deploy(inst, stuck)
    retry, by_hand, other = (*stuck.after,)[:3]

    case, work = begin(inst, clock, stuck)  # REST, with other data
    id = f"{case}:{work.work}"
    assert id in [card["id"] for card in client.get("/api/cards").json()]
    card = client.get(f"/api/task/{id}").json()
    (mend,) = [offer for offer in card["offers"] if offer["act"] == "task.mend"]
    labels = {choice["value"]: choice["label"] for choice in mend["choices"]}
    assert set(labels) == set(stuck.after)
    assert card["note"]
    given = {"chosen": retry, "data": json.dumps(stuck.mends)}
    told = client.post(f"/api/task/{id}/mend", json.dumps(given), "application/json")
    assert told.status_code == 200, told.content
    assert left(inst, case) == expected(stuck, retry)

    case, work = begin(inst, clock, stuck)  # a mail
    letter = next(one for one in post.box(buyer) if "Something is stuck" in text_of(one))
    assert work.title in text_of(letter)
    assert all(label in text_of(letter) for label in labels.values())
    post.reply(buyer, letter, labels[other])
    assert left(inst, case) == expected(stuck, other)

    case, work = begin(inst, clock, stuck)  # the page
    with inst.journal.reading() as reading:
        number = reading.case(case).number
    page = client.get(f"/cases/{number}/{work.work}").content.decode()
    found = FORM.search(page)
    assert found is not None, page
    fields = dict(FIELD.findall(found.group(2)))
    assert 'name="data"' in found.group(2)
    answer = client.post(
        found.group(1), {**fields, "chosen": by_hand, "data": json.dumps(stuck.mends)}
    )
    assert answer.status_code == 303, answer.content
    assert left(inst, case) == expected(stuck, by_hand)
