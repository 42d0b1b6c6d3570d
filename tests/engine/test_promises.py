"""Until when a work is, when it is reminded of: computed once, from texts and expressions."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from genba.engine.almanac import Almanac, Place
from genba.engine.calendars import Calendar, Holidays, Hours
from genba.engine.commands import Nudge, Postpone, Promise, Rejected, Remind, Start
from genba.engine.compilation import compile_process
from genba.engine.decision import decide
from genba.engine.graph import Graph
from genba.engine.promises import due_at, reminder
from genba.engine.state import Case, Work, new_case
from genba.engine.values import WorkId
from genba.notation import read_bpmn

AT = datetime(2026, 3, 27, 14, tzinfo=UTC)  # Friday, 15:00 in Paris; Sunday the clock is changed
SHOP = Calendar(
    zone="Europe/Paris",
    week=((Hours(540, 720), Hours(780, 1020)),) * 5 + ((),) * 2,
    holidays=(Holidays("2026-03-30"), Holidays("easter+1")),
)
ALMANAC = Almanac(zones=ZoneInfo, calendars={"Shop": SHOP}.get, team=lambda team: "Shop")
PLACE: Place = ALMANAC.at(team="Buying", zone="Europe/Paris")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("2026-04-01", "04-01T15:00"),  # the end of work
        ("2026-03-30", "03-30T22:00"),  # a day off: its end
        ("2026-04-01T10:00", "04-01T08:00"),
        ("2026-03-01", "03-01T23:00"),  # long over: then it is overdue
        ("PT4H working", "03-31T09:00"),
        ("1 working day", "03-31T13:00"),
        ("P1D", "03-28T14:00"),
        ("P2D", "03-29T13:00"),
    ],
)
def test_due(text: str, due: str) -> None:
    assert due_at(text, AT, PLACE) == utc(due)


@pytest.mark.parametrize("text", ["", "soon", "2026-02-30"])
def test_what_is_no_time_is_no_promise(text: str) -> None:
    assert due_at(text, AT, PLACE) is None
    assert reminder(text, AT, None, PLACE) is None


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("PT4H working", "03-31T09:00"),
        ("-PT4H working", "04-01T12:00"),  # one hour on Thursday, three the day before
        ("-P1D working", "04-01T08:00"),
        ("-PT4H", "04-02T04:00"),
        ("-P4D", "03-29T08:00"),  # ten o'clock, in summer time already
        ("-P1M", None),
        ("-P30D", None),  # before it was asked
        ("R/P1D working", "03-31T13:00"),
    ],
)
def test_reminded_after_a_time_or_before_it_is_due(text: str, at: str | None) -> None:
    due = utc("04-02T08:00")
    assert reminder(text, AT, due, PLACE) == (None if at is None else utc(at))


def test_a_cycle_reminds_again_and_a_span_does_not() -> None:
    first, now = utc("03-31T13:00"), utc("04-04T20:00")
    assert reminder("R/P1D working", now, None, PLACE, before=first) == utc("04-07T13:00")
    assert reminder("PT4H working", now, None, PLACE, before=first) is None
    assert reminder("-PT4H", now, utc("04-09T08:00"), PLACE, before=first) is None


def begun(task: str, data: dict[str, Any] | None = None, process: str = "") -> tuple[Graph, Case]:
    """A case that waits at one task."""
    drawn = read_bpmn(
        f"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
        xmlns:genba="https://genba.dev/bpmn/1" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
        xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="urn:t">
        <process id="p" name="Buying" isExecutable="true" genba:zone="Europe/Paris" {process}>
        <startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="t"/>{task}</process>
        </definitions>""".encode()
    )
    graph = compile_process(drawn, "p")
    assert isinstance(graph, Graph), graph
    case = new_case("c")
    assert not isinstance(decide(graph, case, Start(at=AT, data=data or {}), ALMANAC), Rejected)
    return graph, case


def work_of(case: Case) -> Work:
    (work,) = case.works.values()
    return work


@pytest.mark.parametrize(
    ("task", "data", "due", "later", "priority"),
    [
        ('<userTask id="t" camunda:dueDate="${day}"/>', {"day": "2026-04-01"}, "04-01T15:00",
         None, 50),
        ('<userTask id="t" camunda:dueDate="2026-04-01" camunda:followUpDate="2026-03-28"'
         ' camunda:priority="${10 * 7}"/>', {}, "04-01T15:00", "03-31T07:00", 70),
        ('<userTask id="t"><extensionElements><zeebe:taskSchedule'
         ' dueDate="=date and time(&quot;2026-04-01T09:00:00@Europe/Paris&quot;)"'
         ' followUpDate="=duration(&quot;P1D&quot;)"/>'
         '<zeebe:priorityDefinition priority="=1000"/></extensionElements></userTask>', {},
         "04-01T07:00", "03-28T14:00", 100),
        ('<userTask id="t" genba:due="2 working days"/>', {}, "04-01T13:00", None, 50),
        ('<userTask id="t" genba:calendar="Shop" genba:due="PT4H"/>', {}, "03-31T09:00", None, 50),
        ('<userTask id="t" genba:followUp="2026-03-20"/>', {}, None, None, 50),  # past: now
    ],
)  # fmt: skip
def test_what_vendors_and_we_write(
    task: str, data: dict[str, Any], due: str | None, later: str | None, priority: int
) -> None:
    _graph, case = begun(task, data)
    work = work_of(case)
    assert work.due == (utc(due) if due else None)
    assert work.later == (utc(later) if later else None)
    assert work.priority == priority


def test_what_the_process_says_for_its_steps() -> None:
    process = 'genba:due="P5D" genba:remind="PT2H" genba:escalate="PT4H" genba:escalateTo="Chief"'
    _graph, case = begun('<userTask id="t"/>', process=process)
    work = work_of(case)
    assert (work.due, work.remind, work.escalate, work.escalate_to) == (
        utc("04-01T13:00"), utc("03-27T16:00"), utc("03-27T18:00"), "Chief",
    )  # fmt: skip
    _graph, case = begun('<userTask id="t" genba:remind="PT3H"/>', process=process)
    assert work_of(case).remind == utc("03-27T17:00")


def test_without_somebody_to_turn_to_nothing_is_escalated() -> None:
    _graph, case = begun('<userTask id="t" genba:escalate="PT4H"/>')
    assert work_of(case).escalate is None


def test_what_is_not_meant_any_more_does_nothing() -> None:
    graph, case = begun(
        '<userTask id="t" genba:remind="PT2H" genba:escalate="PT4H" genba:escalateTo="Chief"/>'
    )
    (id,) = case.works
    meant = work_of(case)
    before = repr(case)
    assert meant.remind is not None
    for what, time in (("remind", utc("03-27T15:00")), ("return", meant.remind)):
        answer = decide(graph, case, Nudge(at=AT, work=id, what=what, time=time), ALMANAC)
        assert isinstance(answer, Rejected)
    for command in (
        Remind(at=AT, work=WorkId("w9"), by="7"),
        Postpone(at=AT, work=id, until=AT),
        Promise(at=AT, work=id, due=None, priority=101),
    ):
        assert isinstance(decide(graph, case, command, ALMANAC), Rejected)
    assert repr(case) == before
