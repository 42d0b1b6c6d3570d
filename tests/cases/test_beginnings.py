"""What people say has happened at a start that waits for several things, and what waits there."""

from collections.abc import Callable
from typing import Any

import pytest

from genba.acts.inbound import Verdict
from genba.cases.deployment import deploy_drawing
from genba.journal.contract import CaseQuery

Do = Callable[..., Any]
DRAWING = (
    b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"'
    b' targetNamespace="urn:t">'
    b'<message id="om" name="order"/><signal id="g" name="go"/>'
    b'<process id="sale" name="Sale"><startEvent id="both" name="Both" parallelMultiple="true">'
    b'<messageEventDefinition messageRef="om"/><signalEventDefinition signalRef="g"/></startEvent>'
    b'<userTask id="pack" name="Pack"/>'
    b'<sequenceFlow id="f" sourceRef="both" targetRef="pack"/></process></definitions>'
)


@pytest.fixture
def sale(inst: Any) -> str:
    """A process that begins when both have happened."""
    assert not isinstance(deploy_drawing(inst, DRAWING, "sale.bpmn", ""), tuple)
    return "sale"


def test_a_person_says_what_has_happened(
    inst: Any, people: dict[str, Any], do: Do, card: Any, sale: str
) -> None:
    def offered() -> dict[str, Any]:
        return {offer.act: offer for offer in card(people["staff"], "process", sale).offers}

    choices = offered()["process.start"].choices
    assert [(one.value, one.label) for one in choices] == [("both:0", "order"), ("both:1", "go")]
    assert "process.drop" not in offered()
    noted = do(people["staff"], "process.start", sale, start="both:0", title="Laptop")
    assert noted.message == "Noted: “order”. A case starts with “go”."
    assert "“go”" in card(people["staff"], "process", sale).note
    started = do(people["lead"], "process.start", sale, start="both:1")
    assert started.object == "case"
    with inst.journal.reading() as reading:
        (row,) = reading.cases(CaseQuery(process=sale))
    assert "Laptop" in row.title
    assert card(people["staff"], "process", sale).note == ""


def test_what_waits_can_be_given_up(
    inst: Any, people: dict[str, Any], do: Do, card: Any, sale: str
) -> None:
    do(people["staff"], "process.start", sale, start="both:1")
    (offer,) = (o for o in card(people["staff"], "process", sale).offers if "drop" in o.act)
    (choice,) = offer.choices
    assert do(people["staff"], "process.drop", sale, waiting=choice.value).ok
    assert card(people["staff"], "process", sale).note == ""
    again = do(people["staff"], "process.drop", sale, waiting=choice.value)
    assert again.verdict is not Verdict.DONE
    with inst.journal.reading() as reading:
        types = [entry.type for entry in reading.log("start:sale:both")]
        assert reading.cases(CaseQuery(process=sale)) == []
    assert types == ["start.arrived", "start.dropped"]
