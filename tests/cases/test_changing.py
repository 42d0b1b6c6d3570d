"""Leaving the path from the card: acts with a reason, foreseen, refused by name, undone."""

from collections.abc import Callable
from typing import Any

import pytest

from genba.acts.card import Assurance
from genba.acts.inbound import Inbound, Verdict
from genba.acts.performance import foresee
from genba.cases.deployment import deploy_drawing
from genba.people.accounts import enrol
from genba.runtime.folding import fold
from genba.runtime.recording import read_snapshot

Do = Callable[..., Any]
People = dict[str, Any]

DRAWING = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:genba="https://genba.dev/bpmn/1" id="d" targetNamespace="urn:t">
<process id="order" name="Order">
<laneSet id="l"><lane id="l1" name="Staff"><flowNodeRef>check</flowNodeRef>
<flowNodeRef>audit</flowNodeRef><flowNodeRef>pack</flowNodeRef><flowNodeRef>bill</flowNodeRef>
</lane></laneSet>
<startEvent id="start"/><userTask id="check" name="Check"/>
<userTask id="audit" name="Audit" genba:mandatory="Controlling"/>
<parallelGateway id="f"/><parallelGateway id="j"/>
<userTask id="pack" name="Pack"/><userTask id="bill" name="Bill"/>
<userTask id="ship" name="Ship" genba:fourEyes="requester"/>
<endEvent id="end"/>
<sequenceFlow id="f1" sourceRef="start" targetRef="check"/>
<sequenceFlow id="f2" sourceRef="check" targetRef="audit"/>
<sequenceFlow id="f3" sourceRef="audit" targetRef="f"/>
<sequenceFlow id="f4" sourceRef="f" targetRef="pack"/>
<sequenceFlow id="f5" sourceRef="f" targetRef="bill"/>
<sequenceFlow id="f6" sourceRef="pack" targetRef="j"/>
<sequenceFlow id="f7" sourceRef="bill" targetRef="j"/>
<sequenceFlow id="f8" sourceRef="j" targetRef="ship"/>
<sequenceFlow id="f9" sourceRef="ship" targetRef="end"/>
</process></definitions>"""


@pytest.fixture
def order(inst: Any, people: People, do: Do) -> str:
    """An open case of the order."""
    people["controller"] = enrol(
        "controller@example.org", None, name="Controller", groups=["Controlling"]
    )
    people["mate"] = enrol("mate@example.org", None, name="Mate", groups=["Staff"])
    assert not isinstance(deploy_drawing(inst, DRAWING.encode(), "order.bpmn", ""), tuple)
    return str(do(people["staff"], "process.start", "order").object_id)


def opened(inst: Any, case: str) -> list[str]:
    """What is asked, by title; and the log still folds to the state."""
    with inst.journal.reading() as reading:
        row = reading.case(case)
        assert fold(inst, reading, case) == read_snapshot(row.state)
        return sorted(work.title for work in reading.works(case))


def texts(card: Any, who: Any, case: str) -> list[str]:
    return [moment.text for moment in card(who, "case", case).story]


def test_a_step_is_left_out_with_a_reason_that_is_the_next_ones_pick(
    inst: Any, people: People, do: Do, task_of: Any, card: Any, order: str
) -> None:
    task = task_of(order, "check")
    outcome = do(people["staff"], "task.skip", task, reason="one supplier")
    assert outcome.ok, outcome
    assert outcome.effects[0] == "Still to come: “Audit”, “Pack”, “Bill”, “Ship”."
    assert "Left out: “Check”." in outcome.effects
    assert "Staff will be asked: “Audit”." in outcome.effects
    assert opened(inst, order) == ["Audit"]
    assert "left out “Check”: one supplier" in texts(card, people["staff"], order)
    offer = next(o for o in card(people["staff"], "task", task_of(order, "audit")).offers
                 if o.act == "task.add-step")  # fmt: skip
    assert offer.schema["properties"]["reason"]["examples"] == ["one supplier"]


def test_nothing_is_kept_of_what_is_only_foreseen(
    inst: Any, people: People, do: Do, task_of: Any, card: Any, order: str
) -> None:
    before = texts(card, people["staff"], order)
    asked = Inbound(
        channel="web",
        assurance=Assurance.SESSION,
        act="task.skip",
        given={"reason": "because"},
        key="once",
        person=people["staff"].id,
        object="task",
        object_id=task_of(order, "check"),
    )
    assert "Left out: “Check”." in foresee(asked).effects
    assert opened(inst, order) == ["Check"]
    assert texts(card, people["staff"], order) == before


def test_a_mandatory_step_needs_a_waiver_which_is_asked_for_in_one_act(
    inst: Any, people: People, do: Do, task_of: Any, card: Any, order: str
) -> None:
    staff, controller = people["staff"], people["controller"]
    assert do(staff, "task.complete", task_of(order, "check")).ok
    refused = do(staff, "task.skip", task_of(order, "audit"), reason="known customer")
    assert refused.verdict is Verdict.REFUSED
    assert refused.message == (
        "“Audit” must be done in every case. Controlling can waive that:"
        " ask with “Ask for a waiver” (case.mandatory)."
    )
    assert not do(controller, "case.waive", order, step="audit").ok
    assert do(staff, "case.ask-waiver", order, step="audit", reason="known customer").ok
    assert not do(staff, "case.waive", order, step="audit").ok
    assert do(controller, "case.waive", order, step="audit", reason="fine").ok
    outcome = do(staff, "task.skip", task_of(order, "audit"), reason="known customer")
    assert outcome.ok, outcome
    assert "By a waiver: “Audit”." in outcome.effects
    assert opened(inst, order) == ["Bill", "Pack"]
    assert any("may be left out. fine" in text for text in texts(card, staff, order))


def test_a_waiver_that_is_denied_leaves_the_rule(
    people: People, do: Do, task_of: Any, order: str
) -> None:
    staff, controller = people["staff"], people["controller"]
    assert do(staff, "case.ask-waiver", order, step="audit", reason="hurry").ok
    assert do(controller, "case.deny-waiver", order, step="audit", reason="no").ok
    assert do(staff, "case.skip", order, step="audit", reason="hurry").verdict is Verdict.REFUSED


@pytest.mark.parametrize(
    ("place", "now", "then"),
    [("before", ["Call them"], ["Check"]), ("beside", ["Call them", "Check"], ["Check"])],
)
def test_a_step_is_added_in_ones_own_words(
    inst: Any, people: People, do: Do, task_of: Any, order: str,
    place: str, now: list[str], then: list[str],
) -> None:  # fmt: skip
    given = {"what": "Call them", "place": place, "to": "Buying"}
    assert do(people["staff"], "task.add-step", task_of(order, "check"), **given).ok
    assert opened(inst, order) == now
    assert do(people["buyer"], "task.complete", task_of(order, "own1")).ok
    assert opened(inst, order) == then


def test_a_step_is_done_again_elsewhere_by_others_and_otherwise(
    inst: Any, people: People, do: Do, task_of: Any, order: str
) -> None:
    staff = people["staff"]
    assert do(staff, "task.complete", task_of(order, "check")).ok
    assert do(staff, "task.repeat", task_of(order, "audit"), step="check", reason="new price").ok
    assert opened(inst, order) == ["Check"]
    given = {"to": "buyer@example.org", "reason": "away"}
    assert do(staff, "task.ask-others", task_of(order, "own1"), **given).ok
    with inst.journal.reading() as reading:
        (work,) = reading.works(order)
    assert work.assignee == people["buyer"].id
    given = {"what": "Check the price", "reason": "only that"}
    assert do(people["buyer"], "task.ask-otherwise", task_of(order, "own1"), **given).ok
    assert opened(inst, order) == ["Check the price"]
    assert do(people["buyer"], "task.go-on-at", task_of(order, "own1"), to="audit", reason="x").ok
    assert opened(inst, order) == ["Audit"]


def test_a_branch_is_stopped_and_the_case_comes_to_its_end(
    inst: Any, people: People, do: Do, task_of: Any, order: str
) -> None:
    staff = people["staff"]
    for node in ("check", "audit"):
        assert do(staff, "task.complete", task_of(order, node)).ok
    assert do(staff, "task.stop", task_of(order, "bill"), reason="paid").ok
    assert do(staff, "task.complete", task_of(order, "pack")).ok
    assert opened(inst, order) == ["Ship"]


def test_what_is_to_come_is_changed_from_the_case(
    inst: Any, people: People, do: Do, task_of: Any, card: Any, order: str, deploy: Any
) -> None:
    staff = people["staff"]
    deploy("purchase")
    assert do(staff, "case.skip", order, step="pack", reason="digital").ok
    given = {"first": "purchase 1 quote", "step": "ship", "reason": "expensive"}
    assert do(staff, "case.take-steps", order, **given).ok
    assert do(staff, "case.add-step", order, what="Thank", place="after", step="ship").ok
    given = {"step": "bill", "place": "after", "at": "ship", "reason": "law"}
    assert do(staff, "case.move-step", order, **given).ok
    for node in ("check", "audit"):
        assert do(staff, "task.complete", task_of(order, node)).ok
    assert opened(inst, order) == ["Get a second quote"]


def test_a_change_is_undone_while_nothing_depends_on_it(
    inst: Any, people: People, do: Do, task_of: Any, card: Any, order: str
) -> None:
    staff = people["staff"]
    outcome = do(staff, "task.skip", task_of(order, "check"), reason="hurry")
    assert outcome.undo == "case.undo-change"
    assert do(staff, "case.undo-change", order).ok
    assert opened(inst, order) == ["Check"]
    assert do(staff, "case.undo-change", order).verdict is Verdict.FORBIDDEN
    assert "undid the change at “Check”" in texts(card, staff, order)
    assert do(people["mate"], "case.skip", order, step="ship", reason="picked up").ok
    assert do(staff, "task.complete", task_of(order, "check")).ok
    assert do(staff, "case.undo-change", order).ok, "the way has not come there"
    assert do(staff, "task.go-on-at", task_of(order, "audit"), to="check", reason="x").ok
    assert do(staff, "task.complete", task_of(order, "check")).ok
    gone = do(staff, "case.undo-change", order)
    assert gone.verdict is Verdict.REFUSED
    assert "The case has gone on since “Audit” was changed." in gone.message


def test_what_a_case_knows_is_corrected(
    inst: Any, people: People, do: Do, card: Any, started: Any
) -> None:
    case = started()
    given = {"name": "amount", "value": "6000", "reason": "typo"}
    assert do(people["staff"], "case.correct", case, **given).ok
    with inst.journal.reading() as reading:
        assert read_snapshot(reading.case(case).state).data["amount"] == 6000
    given = {"name": "amount", "value": "many", "reason": "typo"}
    assert do(people["staff"], "case.correct", case, **given).verdict is Verdict.INVALID
    assert do(people["staff"], "case.undo-change", case).ok
    with inst.journal.reading() as reading:
        assert read_snapshot(reading.case(case).state).data["amount"] == 5940


def test_four_eyes_are_not_left_out_by_the_one_they_watch(
    people: People, do: Do, order: str
) -> None:
    refused = do(people["staff"], "case.skip", order, step="ship", reason="hurry")
    assert refused.verdict is Verdict.REFUSED
    assert "case.four-eyes" in refused.message
    assert "Order can waive that" in refused.message


def test_a_case_is_put_on_hold_and_goes_on(
    inst: Any, people: People, do: Do, task_of: Any, card: Any, order: str
) -> None:
    staff, task = people["staff"], task_of(order, "check")
    assert do(people["buyer"], "case.suspend", order, reason="x").verdict is Verdict.FORBIDDEN
    outcome = do(staff, "case.suspend", order, reason="the shop is closed")
    assert outcome.ok, outcome
    assert "Still to come: “Check”, “Audit”, “Pack”, “Bill”, “Ship”." in outcome.effects
    for act in ("task.complete", "task.claim", "task.remind", "task.assign"):
        refused = do(staff, act, task, **({"to": "mate"} if act == "task.assign" else {}))
        assert refused.verdict is Verdict.FORBIDDEN, act
    asked = card(staff, "task", task)
    assert asked.status == card(staff, "case", order).status == "on hold"
    assert "nothing is asked of you until it goes on" in asked.note
    offered = {offer.act for offer in asked.offers}
    assert {"task.skip", "task.comment"} <= offered | {"task.comment"}
    assert not any(offer.primary for offer in asked.offers)
    assert do(staff, "case.comment", order, text="until Monday").ok
    assert do(staff, "task.skip", task, reason="not needed").ok, "it is changed meanwhile"
    assert opened(inst, order) == ["Audit"]
    assert do(staff, "task.complete", task_of(order, "audit")).verdict is Verdict.FORBIDDEN
    assert do(staff, "case.continue", order, reason="open again").ok
    assert do(staff, "task.complete", task_of(order, "audit")).ok
    assert opened(inst, order) == ["Bill", "Pack"]
    told = texts(card, staff, order)
    assert "put the case on hold: the shop is closed" in told
    assert "let the case go on: open again" in told


def test_with_whom_a_case_is_shared_to_act_in_may_change_it(
    people: People, do: Do, order: str
) -> None:
    staff, buyer = people["staff"], people["buyer"]
    given = {"step": "pack", "reason": "digital"}
    assert do(staff, "case.share", order, to="buyer@example.org", level="see").ok
    assert do(buyer, "case.skip", order, **given).verdict is Verdict.FORBIDDEN
    assert do(staff, "case.share", order, to="buyer@example.org", level="act").ok
    assert do(buyer, "case.skip", order, **given).ok
    assert do(buyer, "case.suspend", order, reason="wait").ok


def test_holding_a_case_is_undone_like_other_changes(
    inst: Any, people: People, do: Do, task_of: Any, order: str
) -> None:
    staff = people["staff"]
    assert do(staff, "case.suspend", order, reason="wait").undo == "case.undo-change"
    assert do(staff, "case.undo-change", order).ok
    assert do(staff, "task.complete", task_of(order, "check")).ok
    assert opened(inst, order) == ["Audit"]


def test_sending_back_is_a_change_with_its_reason_and_is_undone(
    inst: Any, people: People, do: Do, task_of: Any, card: Any, order: str
) -> None:
    staff = people["staff"]
    assert do(staff, "task.complete", task_of(order, "check")).ok
    given = {"to": "check", "reason": "the price is wrong"}
    outcome = do(staff, "task.send-back", task_of(order, "audit"), **given)
    assert outcome.ok, outcome
    assert "Still to come: “Check”, “Audit”, “Pack”, “Bill”, “Ship”." in outcome.effects
    assert opened(inst, order) == ["Check"]
    told = texts(card, staff, order)
    assert "sent “Audit” back to “Check”" in told
    assert told.count("the price is wrong") == 1
    with inst.journal.reading() as reading:
        (made,) = [one for one in reading.log(order) if one.type == "change.made"]
    assert b'"go-back"' in made.body
    assert b'"reason":""' not in made.body
    assert do(staff, "case.undo-change", order).ok
    assert opened(inst, order) == ["Audit"]


def test_in_french(people: People, do: Do, started: Any, task_of: Any) -> None:
    case = started()
    outcome = do(people["helper"], "task.skip", task_of(case, "check"), reason="un seul")
    assert outcome.message == "« Check the request » est omis."
    assert outcome.effects[-1].startswith("On demandera")
