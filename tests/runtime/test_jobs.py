"""What machines do for a case: done after commit, once by key, tried again, and never lost."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from msgspec import Struct

from genba.engine.commands import AssignWork, CompleteWork, Rejected
from genba.engine.values import WorkId
from genba.runtime import loop as loops
from genba.runtime.functions import BpmnError, Context, Function, Hopeless, declare, withdraw
from genba.runtime.projections import MACHINE
from genba.runtime.unit import open_unit, read_state

GENBA = 'xmlns:genba="https://genba.dev/bpmn/1"'
CAMUNDA = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'


class Question(Struct):
    amount: float
    country: str = "FR"


class Verdict(Struct):
    limit: float
    country: str


class Calls(list[tuple[Any, Context]]):
    """What a function was called with; `answer` is what it does next."""

    answer: Any = None

    def __call__(self, given: Question, context: Context) -> Any:
        self.append((given, context))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer or Verdict(given.amount * 2, given.country)


@pytest.fixture
def calls() -> Iterator[Calls]:
    """A function called "credit", and "com.acme.Credit" by others."""
    made = Calls()
    declare(
        Function(
            name="credit",
            call=made,
            input=Question,
            output=Verdict,
            also=("acme.Credit",),
            retries=2,
        )
    )
    yield made
    withdraw("credit")


def service(draw: Any, attributes: str = 'genba:function="credit"', inside: str = "") -> bytes:
    """Start, a service task, a task for a person, end; an error of the code POOR goes elsewhere."""
    made: bytes = draw.file(
        '<error id="poor" errorCode="POOR"/>',
        draw.process(
            "p",
            draw.node("startEvent", "start"),
            f'<serviceTask id="check" name="Check" {GENBA} {CAMUNDA} {attributes}>{inside}'
            "</serviceTask>",
            draw.node("userTask", "after"),
            '<boundaryEvent id="caught" attachedToRef="check">'
            '<errorEventDefinition errorRef="poor"/></boundaryEvent>',
            draw.node("userTask", "refuse"),
            draw.node("endEvent", "end"),
            flows="start>check check>after after>end caught>refuse",
        ),
    )
    return made


def data_of(world: Any, case: str) -> dict[str, Any]:
    with world.inst.journal.reading() as reading:
        return read_state(reading.case(case)).data


def nodes(world: Any, case: str) -> list[tuple[str, str]]:
    return [(work.node, work.kind) for work in world.works(case)]


def mend(world: Any, case: str, chosen: str, **data: Any) -> None:
    (incident,) = [work for work in world.works(case) if work.kind == "incident"]
    with open_unit(world.inst, world.envelope()) as unit:
        command = CompleteWork(
            at=unit.now, work=WorkId(incident.work), chosen=(chosen,), data=data, by="7"
        )
        answer = unit.open(case).command(command)
        assert not isinstance(answer, Rejected)


def test_a_function_does_the_step(world: Any, draw: Any, calls: Calls) -> None:
    world.deploy(service(draw))
    case = world.start("p", data={"amount": 5})
    assert nodes(world, case) == [("check", "job")]
    assert not calls  # never while a transaction is open
    world.loop.drain()
    assert nodes(world, case) == [("after", "task")]
    assert data_of(world, case) == {"amount": 5, "limit": 10.0, "country": "FR"}
    ((given, context),) = calls
    assert given == Question(5.0)
    assert (context.case, context.attempt, context.node) == (case, 1, "check")
    assert context.key.startswith(case)


@pytest.mark.parametrize(
    "attributes",
    [
        'camunda:delegateExpression="${credit}"',
        'camunda:class="acme.Credit"',
        'camunda:type="external" camunda:topic="credit"',
    ],
)
def test_what_vendors_write_names_a_function(
    world: Any, draw: Any, calls: Calls, attributes: str
) -> None:
    made = world.deploy(service(draw, attributes))
    assert made.silences[0].rule == "silent.not-connected"  # the file alone does not say
    case = world.start("p", data={"amount": 1})
    world.loop.drain()
    assert nodes(world, case) == [("after", "task")]
    assert len(calls) == 1


@pytest.mark.parametrize("attributes", ['camunda:class="acme.Nobody"', ""])
def test_what_nobody_does_is_a_task_for_a_person(
    world: Any, draw: Any, calls: Calls, attributes: str
) -> None:
    world.deploy(service(draw, attributes))
    case = world.start("p", data={"amount": 1})
    world.loop.drain()
    assert ("check", "task") in nodes(world, case)


def test_a_person_may_take_a_job_and_give_it_back(world: Any, draw: Any, calls: Calls) -> None:
    world.deploy(service(draw))
    case = world.start("p", data={"amount": 1})
    (work,) = world.works(case)
    assert work.assignee == MACHINE
    for to in ("7", None):
        with open_unit(world.inst, world.envelope()) as unit:
            unit.open(case).command(AssignWork(at=unit.now, work=WorkId(work.work), to=to))
        assert world.works(case)[0].assignee == (to or MACHINE)
        if to:
            world.loop.drain()
            assert not calls
    world.loop.drain()
    assert len(calls) == 1
    assert nodes(world, case) == [("after", "task")]


def test_mappings_say_what_goes_in_and_comes_out(world: Any, draw: Any, calls: Calls) -> None:
    mapped = (
        "<extensionElements><camunda:inputOutput>"
        '<camunda:inputParameter name="amount">${total}</camunda:inputParameter>'
        '<camunda:outputParameter name="allowed">${limit}</camunda:outputParameter>'
        "</camunda:inputOutput></extensionElements>"
    )
    world.deploy(service(draw, 'genba:function="credit"', mapped))
    case = world.start("p", data={"total": 7, "amount": 1})
    world.loop.drain()
    assert calls[0][0] == Question(7.0)
    assert data_of(world, case) == {"total": 7, "amount": 1, "allowed": 14.0}


def test_an_error_of_the_drawing_is_caught_there(world: Any, draw: Any, calls: Calls) -> None:
    world.deploy(service(draw))
    calls.answer = BpmnError("POOR", {"why": "no money"})
    case = world.start("p", data={"amount": 1})
    world.loop.drain()
    assert nodes(world, case) == [("refuse", "task")]
    assert data_of(world, case)["why"] == "no money"
    with world.inst.journal.reading() as reading:
        assert [row for row in reading.outbox(case) if row.kind == "job"] == []


def test_an_error_nobody_catches_is_asked_of_a_person(world: Any, draw: Any, calls: Calls) -> None:
    world.deploy(service(draw))
    calls.answer = BpmnError("ODD")
    case = world.start("p", data={"amount": 1})
    world.loop.drain()
    assert nodes(world, case) == [("check", "incident")]
    first = calls[0][1].key
    calls.answer = None
    mend(world, case, "retry", amount=3)
    world.loop.drain()
    assert nodes(world, case) == [("after", "task")]
    assert calls[-1][0].amount == 3.0
    assert calls[-1][1].key != first  # it had ended: this is another try at it


def test_what_fails_is_tried_again_and_then_asked(world: Any, draw: Any, calls: Calls) -> None:
    world.deploy(service(draw))
    calls.answer = OSError("the line is dead")
    case = world.start("p", data={"amount": 1})
    for _ in range(3):
        world.loop.drain()
        world.clock.advance(timedelta(hours=1))
    assert [context.attempt for _, context in calls] == [1, 2, 3]
    assert len({context.key for _, context in calls}) == 1
    world.loop.drain()
    assert nodes(world, case) == [("check", "job"), ("check", "incident")]
    with world.inst.journal.reading() as reading:
        state = read_state(reading.case(case))
    (asked,) = [work for work in state.works.values() if work.kind == "incident"]
    assert asked.note == "“Check” could not be done: OSError: the line is dead"
    assert [option.id for option in asked.options] == ["retry", "by-hand", "go-on"]


@pytest.mark.parametrize(
    ("chosen", "given", "known"),
    [
        ("retry", {"amount": 4}, {"amount": 4, "limit": 8.0, "country": "FR"}),
        ("by-hand", {"limit": 99}, {"amount": 1, "limit": 99}),
        ("go-on", {}, {"amount": 1}),
    ],
)
def test_an_incident_is_mended(
    world: Any, draw: Any, calls: Calls, chosen: str, given: Any, known: Any
) -> None:
    world.deploy(service(draw))
    calls.answer = Hopeless("the other side knows no such customer")
    case = world.start("p", data={"amount": 1})
    world.loop.drain()
    assert len(calls) == 1  # at once
    calls.answer = None
    mend(world, case, chosen, **given)
    world.loop.drain()
    assert nodes(world, case) == [("after", "task")]
    assert data_of(world, case) == known
    with world.inst.journal.reading() as reading:
        assert [row for row in reading.outbox(case) if row.kind == "job"] == []


def test_changed_data_goes_through_the_mapping_again(world: Any, draw: Any, calls: Calls) -> None:
    mapped = (
        "<extensionElements><camunda:inputOutput>"
        '<camunda:inputParameter name="amount">${total}</camunda:inputParameter>'
        "</camunda:inputOutput></extensionElements>"
    )
    world.deploy(service(draw, 'genba:function="credit"', mapped))
    case = world.start("p", data={"total": "much"})
    world.loop.drain()
    assert not calls
    assert nodes(world, case)[-1] == ("check", "incident")
    mend(world, case, "retry", total=6)
    world.loop.drain()
    assert calls[0][0].amount == 6.0


def test_what_cannot_be_kept_is_asked(world: Any, draw: Any, calls: Calls) -> None:
    world.deploy(service(draw))
    calls.answer = object()
    case = world.start("p", data={"amount": 1})
    world.loop.drain()
    assert nodes(world, case)[-1] == ("check", "incident")


def test_a_function_that_is_not_installed_is_asked_about(world: Any, draw: Any) -> None:
    world.deploy(service(draw, 'genba:function="nowhere"'))
    case = world.start("p", data={"amount": 1})
    world.loop.drain()
    assert nodes(world, case)[-1] == ("check", "incident")


def test_a_crash_between_effect_and_commit_repeats_the_key(
    world: Any, draw: Any, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    from genba.runtime import jobs

    world.deploy(service(draw))
    case = world.start("p", data={"amount": 1})

    class Crash(BaseException):
        pass

    def crash(*_: Any) -> None:
        raise Crash

    with monkeypatch.context() as broken:
        broken.setattr(jobs, "finish", crash)
        with pytest.raises(Crash):
            world.loop.drain()
    assert nodes(world, case) == [("check", "job")]
    world.clock.advance(loops.LEASE)
    world.loop.drain()
    assert nodes(world, case) == [("after", "task")]
    assert len({context.key for _, context in calls}) == 1
    assert len(calls) == 2


def test_a_late_answer_of_one_whose_lease_ran_out_does_not_count(
    world: Any, draw: Any, calls: Calls
) -> None:
    world.deploy(service(draw))
    case = world.start("p", data={"amount": 1})
    other = loops.Loop(world.inst)
    late: list[str] = []

    def slow(given: Question, context: Context) -> Verdict:
        late.append(context.key)
        if len(late) == 1:
            world.clock.advance(loops.LEASE)
            other.run_once()
            return Verdict(-1, "late")
        return Verdict(1, "first")

    withdraw("credit")
    declare(Function(name="credit", call=slow, input=Question))
    world.loop.drain()
    assert data_of(world, case)["country"] == "first"
    assert nodes(world, case) == [("after", "task")]
    assert len(late) == 2


def test_a_cancelled_case_asks_no_machine(world: Any, draw: Any, calls: Calls) -> None:
    from genba.engine.commands import Cancel

    world.deploy(service(draw))
    case = world.start("p", data={"amount": 1})
    with open_unit(world.inst, world.envelope()) as unit:
        unit.open(case).command(Cancel(at=unit.now))
    with world.inst.journal.reading() as reading:
        assert [row for row in reading.outbox(case) if row.kind == "job"] == []
    world.loop.drain()
    assert not calls
