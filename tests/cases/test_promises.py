"""Due dates, reminders, escalation and putting off: in working time, over Easter and DST."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from genba.acts.card import Card
from genba.acts.inbound import Outcome, Verdict
from genba.journal.contract import InboxQuery
from genba.people.directory import Known
from genba.runtime.folding import unlike_their_logs
from genba.runtime.loop import Loop

People = dict[str, Known]
Do = Callable[..., Outcome]
CardOf = Callable[..., Card]
TaskOf = Callable[[str, str], str]
DRAWINGS = Path(__file__).parents[1] / "drawings"
FRIDAY = datetime(2026, 3, 27, 14, tzinfo=UTC)  # 15:00 in Paris; on Sunday the clock is changed


@pytest.fixture
def begun(inst: Any, clock: Any, people: People, do: Do, deploy: Callable[[str], None]) -> str:
    """A case whose step is to be done in three working days; Monday is a day off."""
    clock.set(FRIDAY)
    assert do(people["buyer"], "calendar.close", "Shop", day="2026-03-30").ok
    assert do(people["buyer"], "calendar.join", "Shop", team="Buying").ok
    deploy("promises")
    started = do(people["staff"], "process.start", "promises", title="x")
    assert started.ok, started
    return str(started.object_id)


@pytest.fixture
def at(inst: Any, clock: Any) -> Callable[[str], None]:
    """Let it be that time, UTC, and do what is due."""

    def set_to(text: str) -> None:
        clock.set(datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC))
        Loop(inst).drain()

    return set_to


def told(card: Card) -> list[str]:
    return [f"{one.who} {one.text}".strip() for one in card.story if not one.quiet]


def inbox(inst: Any, who: Known, view: str) -> list[str]:
    query = InboxQuery(person=who.id, groups=who.groups, view=view, now=inst.clock.now())
    with inst.journal.reading() as reading:
        return [row.work.node for row in reading.inbox(query)]


def test_due_in_working_days_of_the_team(
    begun: str, people: People, card: CardOf, task_of: TaskOf, inst: Any
) -> None:
    task = card(people["buyer"], "task", task_of(begun, "check"))
    assert task.due == datetime(2026, 4, 2, 13, tzinfo=UTC)  # Thursday 15:00 in summer time
    assert not task.overdue


def test_reminded_each_working_day_until_done(
    begun: str, people: People, do: Do, card: CardOf, task_of: TaskOf, inst: Any,
    at: Callable[[str], None],
) -> None:  # fmt: skip
    buyer, task = people["buyer"], task_of(begun, "check")
    assert do(buyer, "task.claim", task).ok
    at("03-31T12:59")
    assert "reminder" not in " ".join(told(card(buyer, "case", begun)))
    at("03-31T13:00")  # Tuesday, 15:00: Monday is a day off
    assert told(card(buyer, "case", begun))[-1] == "A reminder was sent: “Check” still waits."
    assert "A reminder was sent at 13:00." in card(buyer, "task", task).note
    at("04-03T20:00")  # Wednesday and Thursday were missed, and Friday: one reminder
    assert sum("reminder" in line for line in told(card(buyer, "case", begun))) == 2
    assert card(buyer, "task", task).overdue
    assert inbox(inst, buyer, "overdue") == ["check"]
    assert do(buyer, "task.complete", task).ok
    at("04-10T20:00")
    assert told(card(buyer, "case", begun))[-1] == "The case is complete."
    assert not list(unlike_their_logs(inst))


def test_what_nobody_takes_is_offered_to_others(
    begun: str, people: People, do: Do, card: CardOf, task_of: TaskOf, inst: Any,
    at: Callable[[str], None],
) -> None:  # fmt: skip
    lead, task = people["lead"], task_of(begun, "check")
    assert inbox(inst, lead, "all") == []
    at("03-31T12:59")
    assert inbox(inst, lead, "all") == []
    at("03-31T13:00")  # two hours on Friday, none on Monday, six on Tuesday
    assert inbox(inst, lead, "all") == ["check"]
    assert "Nobody took “Check” in time: now Team lead is asked." in told(card(lead, "case", begun))
    assert do(lead, "task.claim", task).ok
    assert not list(unlike_their_logs(inst))


def test_what_somebody_took_stays_theirs(
    begun: str, people: People, do: Do, card: CardOf, task_of: TaskOf, inst: Any,
    at: Callable[[str], None],
) -> None:  # fmt: skip
    assert do(people["buyer"], "task.claim", task_of(begun, "check")).ok
    at("03-31T13:00")
    assert inbox(inst, people["lead"], "all") == []


def test_put_off_until_a_day_off_it_is_back_when_work_begins(
    begun: str, people: People, do: Do, card: CardOf, task_of: TaskOf, inst: Any,
    at: Callable[[str], None],
) -> None:  # fmt: skip
    buyer, task = people["buyer"], task_of(begun, "check")
    assert do(people["other"], "task.postpone", task, until="2026-03-30").verdict is (
        Verdict.FORBIDDEN
    )
    for wrong in ("soon", "2026-03-20", "2026-02-30"):
        answer = do(buyer, "task.postpone", task, until=wrong)
        assert (answer.verdict, list(answer.errors)) == (Verdict.INVALID, ["until"])
    answer = do(buyer, "task.postpone", task, until="2026-03-29", comment="they are closed")
    assert answer.message == "Put off until March 31 07:00."
    assert answer.undo == "task.resume"
    assert inbox(inst, buyer, "all") == []
    assert inbox(inst, buyer, "later") == ["check"]
    assert card(buyer, "task", task).status == "put off until March 31 07:00"
    at("03-31T06:59")
    assert inbox(inst, buyer, "all") == []
    at("03-31T07:00")  # 9:00 in summer time on the first working day
    assert inbox(inst, buyer, "all") == ["check"]
    assert inbox(inst, buyer, "later") == []
    lines = told(card(buyer, "case", begun))
    at("03-31T14:59")  # the clocks rested, and begin when it is back
    assert told(card(buyer, "case", begun)) == lines
    assert told(card(buyer, "case", begun))[-3:] == [
        "Buyer they are closed",
        "Buyer put off “Check” until March 31 07:00",
        "“Check” is back: it was put off until now.",
    ]
    at("04-01T15:00")
    assert told(card(buyer, "case", begun))[-2:] == [
        "Nobody took “Check” in time: now Team lead is asked.",
        "A reminder was sent: “Check” still waits.",
    ]
    assert not list(unlike_their_logs(inst))


def test_it_is_told_in_french(
    begun: str, people: People, do: Do, card: CardOf, task_of: TaskOf, at: Callable[[str], None]
) -> None:
    assert do(people["buyer"], "task.postpone", task_of(begun, "check"), until="2026-03-31").ok
    at("03-31T07:00")
    french = card(people["helper"], "case", begun)
    assert told(french)[-1] == "« Check » est de retour : remis jusqu’à maintenant."


def test_taken_up_before_and_put_off_anew(
    begun: str, people: People, do: Do, card: CardOf, task_of: TaskOf, inst: Any,
    at: Callable[[str], None],
) -> None:  # fmt: skip
    buyer, task = people["buyer"], task_of(begun, "check")
    assert do(buyer, "task.postpone", task, until="2 working days").ok
    assert do(buyer, "task.postpone", task, until="2026-04-09").verdict is Verdict.FORBIDDEN
    assert do(buyer, "task.resume", task).ok
    assert inbox(inst, buyer, "all") == ["check"]
    assert do(buyer, "task.postpone", task, until="2026-04-09 10:00").ok
    at("04-02T12:00")  # the first time is not meant any more
    assert inbox(inst, buyer, "all") == []
    at("04-09T08:00")
    assert inbox(inst, buyer, "all") == ["check"]


def test_a_person_reminds_once_a_day(
    begun: str, people: People, do: Do, card: CardOf, task_of: TaskOf, inst: Any, clock: Any
) -> None:
    staff, buyer, task = people["staff"], people["buyer"], task_of(begun, "check")
    assert do(buyer, "task.claim", task).ok
    assert do(buyer, "task.remind", task).verdict is Verdict.FORBIDDEN
    assert do(staff, "task.remind", task).ok
    again = do(staff, "task.remind", task)
    assert again.verdict is Verdict.REFUSED
    assert again.message == "You reminded of this already within a day."
    assert do(people["lead"], "task.remind", task).ok
    assert told(card(buyer, "case", begun))[-2:] == [
        "Staff member reminded of “Check”",
        "Team lead reminded of “Check”",
    ]
    assert "Team lead reminded of it at 14:00." in card(buyer, "task", task).note
    clock.advance(timedelta(days=1))
    assert do(staff, "task.remind", task).ok


def test_due_date_and_priority_are_changed(
    begun: str, people: People, do: Do, card: CardOf, task_of: TaskOf, inst: Any
) -> None:
    buyer, task = people["buyer"], task_of(begun, "check")
    assert do(people["other"], "task.due", task, due="2026-04-01").verdict is Verdict.FORBIDDEN
    for text, due in (
        ("2026-04-01", datetime(2026, 4, 1, 15, tzinfo=UTC)),  # the end of work in Paris
        ("2026-03-30", datetime(2026, 3, 30, 22, tzinfo=UTC)),  # a day off: the end of the day
        ("2026-04-01 10:30", datetime(2026, 4, 1, 8, 30, tzinfo=UTC)),
        ("4 heures ouvrées", datetime(2026, 3, 31, 9, tzinfo=UTC)),
        ("", None),
    ):
        assert do(buyer, "task.due", task, due=text).ok
        assert card(buyer, "task", task).due == due
    assert do(buyer, "task.due", task, due="whenever").verdict is Verdict.INVALID
    assert do(buyer, "task.priority", task, priority=101).verdict is Verdict.INVALID
    assert do(buyer, "task.priority", task, priority=80).ok
    assert "Priority 80." in card(buyer, "task", task).note
    assert told(card(buyer, "case", begun))[-2:] == [
        "Buyer said that “Check” is due by no time",
        "Buyer gave “Check” the priority 80",
    ]
    assert not list(unlike_their_logs(inst))


def test_the_habits_of_the_installation_where_no_drawing_says(
    started: Callable[..., str], people: People, card: CardOf, inst: Any, clock: Any
) -> None:
    from genba.engine.almanac import Habits

    inst.habits = Habits(remind="PT4H", escalate="PT2H", escalate_to="lead@example.org")
    case = started()
    clock.advance(timedelta(hours=2))
    Loop(inst).drain()
    assert inbox(inst, people["lead"], "mine") == ["check"]
    clock.advance(timedelta(hours=2))
    Loop(inst).drain()
    assert told(card(people["lead"], "case", case))[-2:] == [
        "Nobody took “Check the request” in time: now Team lead is asked.",
        "A reminder was sent: “Check the request” still waits.",
    ]


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ('genba:remind="R/P1D working"', 'genba:remind="often"', "genba.remind"),
        ('genba:escalate="PT8H working"', 'genba:escalate="-"', "genba.escalate"),
        ('genba:zone="Europe/Paris"', 'genba:zone="Paris"', "genba.zone"),
    ],
)
def test_times_that_are_none_are_refused(inst: Any, before: str, after: str, rule: str) -> None:
    from genba.cases.deployment import deploy_drawing

    data = (DRAWINGS / "promises.bpmn").read_text()
    assert before in data
    made = deploy_drawing(inst, data.replace(before, after).encode(), "promises.bpmn", "")
    assert isinstance(made, tuple)
    assert [problem.rule for problem in made] == [rule]
    assert made[0].position is not None
