"""Time for helping is declared and respected; clocks count working time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from genba.acts.inbound import Outcome, Verdict
from genba.cases.objects import load_case
from genba.engine.calendars import Calendar, Shift
from genba.help import questions
from genba.help.ask_acts import WIDEN
from genba.help.choosing import choose, next_time, room_of
from genba.help.contributing import hours_left, put_to
from genba.help.questions import Question
from genba.people.directory import Known
from genba.recall.routing import has_room
from genba.runtime.installation import Installation

People = dict[str, Known]
Do = Callable[..., Outcome]
OFFICE = Shift(Calendar(), UTC)
FRIDAY = datetime(2026, 3, 6, 15, tzinfo=UTC)


def question(case: str, by: Known, at: datetime, **more: Any) -> Question:
    given = {"case": case, "process": "purchase", "node": "check", "by": by.id, "at": at}
    return Question(**{**given, "content": "c", **more})


def test_who_has_no_time_left_is_not_asked_by_routing(
    inst: Installation, people: People, do: Do, started: Callable[..., str], card: Any
) -> None:
    case, buyer, helper = started(), people["buyer"], people["helper"]
    asked = question(case, people["staff"], inst.clock.now())

    def chosen() -> set[str]:
        with inst.journal.reading() as reading:
            found = load_case(reading, case)
            assert found is not None
            return {one.known.id for one in choose(reading, found, asked, "May we?")}

    both = {buyer.id, helper.id}  # the team of the step
    assert chosen() <= both
    assert do(buyer, "person.helping-time", buyer.id, hours="1", minutes=30).ok
    for number in range(2):
        given = {"to": "buyer", "question": f"May we? {number}"}
        assert do(people["staff"], "case.ask", case, **given).ok
    with inst.journal.reading() as reading:
        now = inst.clock.now()
        assert (put_to(buyer.id, now, reading), hours_left(buyer.id, now, reading)) == (2, 0.0)
        assert not has_room(room_of(reading, buyer, asked))
        later = now + timedelta(days=7)
        assert hours_left(buyer.id, later, reading) == 1.0
    assert chosen() == {helper.id}
    facts = {one.label: one.value for one in card(buyer, "person", buyer.id).facts}
    assert facts["Time for helping"] == "1 hours a week · 2 questions this week"
    assert do(buyer, "person.helping-no-limit", buyer.id).ok
    assert do(buyer, "person.helping-no-limit", buyer.id).verdict is Verdict.FORBIDDEN
    with inst.journal.reading() as reading:
        assert hours_left(buyer.id, now, reading) is None
    other = do(helper, "person.helping-time", buyer.id, hours="1")
    assert other.verdict is Verdict.UNKNOWN_OBJECT
    assert inst.journal.verify() == []


def test_a_question_passed_on_takes_none_of_ones_time(
    inst: Installation, people: People, do: Do, started: Callable[..., str]
) -> None:
    case, buyer = started(), people["buyer"]
    assert do(people["staff"], "case.ask", case, to="buyer", question="May we?").ok
    with inst.journal.reading() as reading:
        ((id, _question),) = questions.marked(reading, questions.case_mark(case))
    assert do(buyer, "ask.pass", id, to="team-lead").ok
    with inst.journal.reading() as reading:
        now = inst.clock.now()
        counts = [put_to(people[one].id, now, reading) for one in ("buyer", "lead")]
    assert counts == [0, 1]


@pytest.mark.parametrize(
    ("blocking", "due", "expected"),
    [
        (False, None, datetime(2026, 3, 9, 15, tzinfo=UTC)),  # eight hours of work: Monday
        (True, None, FRIDAY + timedelta(hours=2)),
        # Due on Monday at 11: four hours of work are left, a part of them each time.
        (False, datetime(2026, 3, 9, 11, tzinfo=UTC), FRIDAY + timedelta(hours=1)),
        # Due on Saturday evening, when nobody works: the clock on the wall.
        (True, datetime(2026, 3, 7, 19, tzinfo=UTC), None),
    ],
)
def test_more_are_asked_after_working_time(
    blocking: bool, due: datetime | None, expected: datetime | None
) -> None:
    now = FRIDAY if expected else datetime(2026, 3, 7, 11, tzinfo=UTC)
    asked = Question(case="c", process="p", by="1", at=now, content="x", blocking=blocking, due=due)
    assert next_time(asked, now, OFFICE) == (expected or now + timedelta(hours=2))


def test_the_clock_of_a_question_waits_for_the_next_day_of_work(
    inst: Installation, people: People, do: Do, started: Callable[..., str], clock: Any
) -> None:
    clock.set(FRIDAY + timedelta(hours=3))
    case = started()
    assert do(people["staff"], "case.ask", case, question="May we?", blocking=True).ok
    with inst.journal.reading() as reading:
        rows = reading.due_outbox(FRIDAY + timedelta(days=9), 1000)
    (due,) = [row.due for row in rows if row.kind == WIDEN]
    assert due == datetime(2026, 3, 9, 11, tzinfo=UTC)
