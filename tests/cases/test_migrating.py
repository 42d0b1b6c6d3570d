"""Moving open cases to another version: as acts, with the story, the page and the command line."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from genba.acts.inbound import Verdict
from genba.cases.deployment import deploy_drawing
from genba.journal.records import CaseId, Envelope
from genba.runtime.loop import Loop
from genba.runtime.unit import open_unit
from genba.web.drawing import trace

Do = Callable[..., Any]
People = dict[str, Any]


def drawing(*tasks: str) -> bytes:
    """Tasks in a row, each id its name."""
    chain = ["start", *tasks, "end"]
    nodes = "".join(f'<userTask id="{task}" name="{task.capitalize()}"/>' for task in tasks)
    flows = "".join(
        f'<sequenceFlow id="f_{one}_{other}" sourceRef="{one}" targetRef="{other}"/>'
        for one, other in pairwise(chain)
    )
    refs = "".join(f"<flowNodeRef>{task}</flowNodeRef>" for task in tasks)
    lanes = f'<laneSet id="l"><lane id="l1" name="Staff">{refs}</lane></laneSet>'
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"'
        ' targetNamespace="urn:t"><process id="order" name="Order">'
        f'{lanes}<startEvent id="start"/><endEvent id="end"/>{nodes}{flows}</process></definitions>'
    ).encode()


def version(inst: Any, *tasks: str) -> None:
    """Bring in a drawing."""
    assert not isinstance(deploy_drawing(inst, drawing(*tasks), "order.bpmn", ""), tuple)


@pytest.fixture
def orders(inst: Any, people: People, do: Do) -> list[str]:
    """Three open cases of version 1, one of them a step further; version 2 has no such step."""
    version(inst, "check", "pack")
    made = [do(people["staff"], "process.start", "order").object_id for _ in range(3)]
    with inst.journal.reading() as reading:
        (work,) = reading.works(made[2])
    assert do(people["staff"], "task.complete", f"{made[2]}:{work.work}").ok
    version(inst, "check", "ship")
    return made


def versions(inst: Any, cases: list[str]) -> list[int]:
    with inst.journal.reading() as reading:
        return [reading.case(case).version for case in cases]


def test_all_that_can_go_on_do_and_the_others_are_asked(
    inst: Any, people: People, do: Do, card: Any, orders: list[str]
) -> None:
    outcome = do(people["lead"], "process.migrate", "order", version="1", to="2")
    assert outcome.message == "Going on in version 2: 2. Need a choice: 1. Cannot: 0."
    assert versions(inst, orders) == [1, 1, 1], "each by itself, after the act"
    Loop(inst).drain()
    assert versions(inst, orders) == [2, 2, 1]
    told = card(people["staff"], "case", orders[0]).story
    assert [(one.who, one.text) for one in told if "version" in one.text] == [
        ("Team lead", "moved the case to version 2")
    ]


def test_who_must_choose_has_the_choice_on_the_card(
    inst: Any, people: People, do: Do, card: Any, orders: list[str]
) -> None:
    offer = next(o for o in card(people["lead"], "case", orders[2]).offers if "migrate" in o.act)
    assert offer.schema["properties"]["step-pack"]["oneOf"] == [
        {"const": "ship", "title": "Ship"},
        {"const": "check", "title": "Check"},
    ]
    refused = do(people["lead"], "case.migrate", orders[2], to="2")
    assert refused.verdict is Verdict.INVALID
    assert refused.message == "“Pack” is not in that version."
    assert list(refused.errors) == ["step-pack"]
    assert versions(inst, orders)[2] == 1
    assert do(people["lead"], "case.migrate", orders[2], **{"to": "2", "step-pack": "ship"}).ok
    with inst.journal.reading() as reading:
        assert [work.title for work in reading.works(orders[2])] == ["Ship"]


def test_the_story_still_knows_the_steps_of_the_version_before(
    inst: Any, people: People, do: Do, card: Any, orders: list[str]
) -> None:
    do(people["lead"], "case.migrate", orders[2], **{"to": "2", "step-pack": "ship"})
    do(people["lead"], "case.migrate", orders[2], to="1")
    story = [(one.who, one.text) for one in card(people["lead"], "case", orders[2]).story]
    assert story[-1] == ("Team lead", "took the case back to version 1")
    do(people["lead"], "case.migrate", orders[2], **{"to": "2", "step-pack": "ship"})
    assert any("“Pack”" in one.text for one in card(people["lead"], "case", orders[2]).story)


def test_the_drawing_marks_the_step_as_each_version_calls_it(
    inst: Any, people: People, do: Do, orders: list[str]
) -> None:
    def marks() -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        with inst.journal.reading() as reading:
            seen = trace(reading, CaseId(orders[2]))
        return seen.open, seen.done, seen.taken

    before = marks()
    assert before[0] == ("pack",)
    do(people["lead"], "case.migrate", orders[2], **{"to": "2", "step-pack": "ship"})
    assert marks()[:2] == (("ship",), before[1])
    assert "f_check_ship" in marks()[2], "the way it came, as the version calls it"
    do(people["lead"], "case.migrate", orders[2], to="1")
    assert marks() == before


def test_in_french(people: People, do: Do, card: Any, orders: list[str]) -> None:
    with override("fr"):
        refused = do(people["helper"], "case.migrate", orders[2], to="2")
        assert refused.message == "« Pack » n’est pas dans cette version."
    assert do(people["helper"], "case.migrate", orders[0], to="2").ok
    story = card(people["helper"], "case", orders[0]).story
    assert story[-1].text == "a fait passer le cas à la version 2"


def test_a_case_that_could_not_go_on_says_so_in_its_story(
    inst: Any, people: People, do: Do, card: Any, task_of: Any, orders: list[str]
) -> None:
    do(people["lead"], "process.migrate", "order", version="1", to="2")
    assert do(people["staff"], "task.complete", task_of(orders[0], "check")).ok, "meanwhile"
    Loop(inst).drain()
    assert versions(inst, orders) == [1, 2, 1]
    story = [one.text for one in card(people["staff"], "case", orders[0]).story]
    assert "The case could not go on in version 2. “Pack” is not in that version." in story


def test_the_story_reads_what_an_earlier_release_wrote(
    inst: Any, people: People, card: Any, orders: list[str]
) -> None:
    """Rules and steps in two lists: the first format of the entry."""
    old = {"version": 2, "fate": "choice", "rules": ["migrate.gone"], "nodes": ["pack"]}
    envelope = Envelope(at=inst.clock.now(), channel="system", machine=True)
    with open_unit(inst, envelope) as unit:
        unit.open(orders[2]).record("migration.stayed", old)
    story = [one.text for one in card(people["staff"], "case", orders[2]).story]
    assert "The case could not go on in version 2. “Pack” is not in that version." in story


def test_the_page_says_what_would_happen_and_changes_nothing(
    inst: Any, people: People, do: Do, orders: list[str]
) -> None:
    client = Client()
    client.force_login(_account(people["lead"]))
    page = " ".join(client.get("/processes/order").content.decode().split())
    assert "See what moving them would do" in page
    answer = client.get("/processes/order/migration", {"version": "1", "to": "2"})
    shown = " ".join(answer.content.decode().split())
    assert "fine: 2 · needs a choice: 1 · cannot: 0" in shown
    assert "“Pack” is not in that version." in shown
    assert "“Ship” is new" in shown
    assert 'action="/acts/process/order/process.migrate"' in shown
    assert versions(inst, orders) == [1, 1, 1]
    assert client.get("/processes/order/migration", {"version": "7", "to": "2"}).status_code == 404


def _account(known: Any) -> Any:
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(pk=known.id)
