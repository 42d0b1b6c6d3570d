"""Somebody acts for somebody else: for some days, both names kept, four eyes kept."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from genba.acts.inbound import Outcome, Verdict
from genba.acts.objects import card_for
from genba.cases.needed import asked_of, task_id
from genba.people.directory import Known, invite

People = dict[str, Known]
Do = Callable[..., Outcome]
TaskOf = Callable[[str, str], str]


def waiting(inst: Any, who: Known) -> list[str]:
    with inst.journal.reading() as reading:
        query = asked_of(who, "all", reading, limit=50, after=0)
        return [task_id(row) for row in reading.inbox(query)]


@pytest.fixture
def to_approval(
    started: Callable[..., str], people: People, do: Do, task_of: TaskOf
) -> Callable[..., str]:
    def go(**more: Any) -> str:
        case = started(**more)
        assert do(people["buyer"], "task.complete", task_of(case, "check")).ok
        assert do(people["buyer"], "task.choose", task_of(case, "known"), chosen="yes").ok
        return task_of(case, "approve")

    return go


def test_nobody_names_deputies_for_somebody_else_nor_a_guest_nor_oneself(
    inst: Any, people: People, do: Do
) -> None:
    lead, other = people["lead"], people["other"]
    guest = invite("guest@example.org", "Guest")
    assert do(other, "person.name-deputy", lead.id, to="other").verdict is Verdict.UNKNOWN_OBJECT
    assert card_for("person", lead.id, other) is None
    assert do(guest, "person.name-deputy", guest.id, to="other").verdict is Verdict.FORBIDDEN
    assert do(lead, "person.name-deputy", "9999", to="lead").verdict is Verdict.UNKNOWN_OBJECT
    for to in ("guest@example.org", "nobody", "team-lead"):
        assert "to" in do(lead, "person.name-deputy", lead.id, to=to).errors
    late = do(lead, "person.name-deputy", lead.id, to="somebody-else", ends="2026-03-01")
    assert "ends" in late.errors


def test_a_deputy_acts_on_the_days_on_behalf_and_both_names_are_kept(
    inst: Any, clock: Any, to_approval: Callable[..., str], people: People, do: Do
) -> None:
    lead, other = people["lead"], people["other"]
    task = to_approval()
    assert do(other, "task.approve", task).verdict is Verdict.FORBIDDEN
    named = do(
        lead, "person.name-deputy", lead.id, to="somebody-else", begins="2026-03-03",
        ends="2026-03-04",
    )  # fmt: skip
    assert named.message == "Somebody else stands for you from March 3, 2026 to March 4, 2026."
    assert do(other, "task.approve", task).verdict is Verdict.FORBIDDEN, "not yet"
    assert waiting(inst, other) == []
    clock.set(clock.now() + timedelta(days=1))
    assert waiting(inst, other) == [task]
    card = card_for("task", task, other)
    assert card is not None
    assert card.why == "You stand for Team lead."
    assert {one.behalf for one in card.offers if one.primary} == {lead.id}
    assert do(other, "task.approve", task, comment="fine").ok
    story = card_for("case", task.partition(":")[0], people["staff"])
    assert story is not None
    assert "Somebody else for Team lead" in {one.who for one in story.story}
    second = to_approval()
    clock.set(clock.now() + timedelta(days=2))
    assert do(other, "task.approve", second).verdict is Verdict.FORBIDDEN, "not any more"


def test_a_deputy_never_approves_what_one_of_the_two_asked_for(
    inst: Any, to_approval: Callable[..., str], people: People, do: Do
) -> None:
    lead, staff = people["lead"], people["staff"]
    assert do(lead, "person.name-deputy", lead.id, to="staff-member").ok
    task = to_approval()
    assert do(staff, "task.approve", task).verdict is Verdict.FORBIDDEN
    assert do(staff, "task.claim", task).verdict is Verdict.FORBIDDEN
    ended = do(lead, "person.end-deputy", lead.id, deputy=staff.id)
    assert ended.message == "Staff member does not stand for you any more."


def test_a_deputys_deputy_stands_for_nobody_else(
    inst: Any, to_approval: Callable[..., str], people: People, do: Do
) -> None:
    lead, other, helper = people["lead"], people["other"], people["helper"]
    assert do(lead, "person.name-deputy", lead.id, to="somebody-else").ok
    assert do(other, "person.name-deputy", other.id, to="second-buyer").ok
    assert do(helper, "task.approve", to_approval()).verdict is Verdict.FORBIDDEN
