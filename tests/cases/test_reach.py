"""What somebody must not get by guessing: people, processes, data that ought to be erasable."""

from collections.abc import Callable
from typing import Any

import pytest

from genba.acts.inbound import Outcome, Verdict
from genba.acts.objects import card_for
from genba.cases.deployment import deploy_drawing
from genba.journal.records import CaseId
from genba.people.directory import Known, invite
from genba.runtime.unit import read_state

People = dict[str, Known]
Do = Callable[..., Outcome]


@pytest.fixture
def guest_case(people: People, do: Do, deploy: Callable[[str], None]) -> tuple[Known, str]:
    """A guest, and the case they started."""
    deploy("purchase")
    guest = invite("guest@example.org", "Guest")
    outcome = do(guest, "process.start", "purchase", title="3 laptops", amount="5 940")
    assert outcome.ok, outcome
    return guest, outcome.object_id


def asks(inst: Any, case: str) -> tuple[str, ...]:
    with inst.journal.reading() as reading:
        return tuple(reading.followers(CaseId(case)))


def test_a_guest_reaches_nobody_by_guessing_names(
    inst: Any, guest_case: tuple[Known, str], people: People, do: Do
) -> None:
    guest, case = guest_case
    refused = [do(guest, "case.ask", case, to=to, question="?") for to in ("staff", "Buying")]
    unknown = do(guest, "case.ask", case, to="nobody", question="?")
    for one, to in zip(refused, ("staff", "Buying"), strict=True):
        assert one.verdict is Verdict.INVALID
        assert one.message.replace(to, "nobody") == unknown.message, "as if there were nobody"
    said = do(guest, "case.comment", case, text="@staff @team-lead @Buying")
    assert said.message == "Added."
    assert asks(inst, case) == (guest.id,)
    assert do(people["buyer"], "case.comment", case, text="hello").ok
    answered = do(guest, "case.comment", case, text="@buyer thank you")
    assert answered.message == "Added. Told: Buyer."


def test_a_guest_sees_the_drawing_of_their_own_case_only(
    guest_case: tuple[Known, str], deploy: Callable[[str], None]
) -> None:
    guest, _case = guest_case
    deploy("deciding")
    assert card_for("process", "purchase", guest) is not None
    assert card_for("process", "deciding", guest) is None


def test_a_drawing_that_asks_for_an_act_there_is_none_of_is_refused(inst: Any) -> None:
    drawing = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
      xmlns:genba="https://genba.dev/bpmn/1"><process id="p"><startEvent id="s"/>
      <userTask id="t" name="Sign" genba:acts="aprove reject"/>
      <sequenceFlow id="f" sourceRef="s" targetRef="t"/></process></definitions>"""
    (problem,) = deploy_drawing(inst, drawing, "p.bpmn", "")
    assert problem.severity == "refused"
    assert problem.message == "“Sign” asks for “aprove”, which is no act on a task here."


@pytest.mark.parametrize("read", [False, True])
def test_a_reason_is_kept_as_words_and_as_data_only_where_the_drawing_reads_it(
    read: bool, inst: Any, people: People, do: Do, task_of: Callable[[str, str], str]
) -> None:
    condition = (
        "contains(reason, &quot;dear&quot;)" if read else "a_decision = &quot;rejected&quot;"
    )
    drawing = f"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
      xmlns:genba="https://genba.dev/bpmn/1"><process id="p" name="Buying"><startEvent id="s"/>
      <userTask id="a" name="Sign" genba:acts="approve reject"/>
      <exclusiveGateway id="g" default="f3"/><userTask id="b"/><userTask id="c"/>
      <sequenceFlow id="f" sourceRef="s" targetRef="a"/>
      <sequenceFlow id="f1" sourceRef="a" targetRef="g"/>
      <sequenceFlow id="f2" sourceRef="g" targetRef="b"><conditionExpression>{condition}
      </conditionExpression></sequenceFlow>
      <sequenceFlow id="f3" sourceRef="g" targetRef="c"/></process></definitions>"""
    assert not isinstance(deploy_drawing(inst, drawing.encode(), "p.bpmn", ""), tuple)
    case = do(people["staff"], "process.start", "p").object_id
    assert do(people["buyer"], "task.reject", task_of(case, "a"), reason="too dear").ok
    assert task_of(case, "b")
    with inst.journal.reading() as reading:
        row = reading.case(CaseId(case))
        assert row is not None
        bodies = b"".join(entry.body for entry in reading.log(CaseId(case)))
        words = [one.body.decode() for one in reading.contents(CaseId(case))]
    assert words == ["too dear"]
    assert ("reason" in read_state(row).data) is read
    assert (b"too dear" in bodies) is read
