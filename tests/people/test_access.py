"""The single doors, denial first."""

from datetime import UTC, datetime

import pytest

from genba.journal.records import CaseId, WorkRow
from genba.notation.document import Position
from genba.notation.model import Process
from genba.people.access import is_candidate, may_act_on, may_deploy, may_give, may_start
from genba.people.directory import Known

AT = datetime(2026, 3, 2, tzinfo=UTC)
WHO = Known(id="7", name="Clerk", address="clerk@example.org", handle="clerk", groups=("Office",))
GUEST = Known(id="8", name="Guest", address="guest@example.org", handle="guest", is_guest=True)


def work(**more: object) -> WorkRow:
    row = {"case": CaseId("C"), "work": "w1", "kind": "task", "node": "n", "title": "T", "role": ""}
    return WorkRow(**{**row, "opened_at": AT, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "acts", "gives"),
    [
        (work(role="Elsewhere"), False, False),
        (work(users=("9",)), False, False),
        (work(groups=("Elsewhere",)), False, False),
        (work(assignee="9"), False, False),
        (work(assignee="9", role="Office"), False, True),
        (work(role="Office"), True, True),
        (work(groups=("Office", "Elsewhere")), True, True),
        (work(users=("7",)), True, True),
        (work(users=("clerk@example.org",)), True, True),
        (work(users=("Clerk",)), True, True),
        (work(assignee="7"), True, True),
        (work(assignee="7", role="Elsewhere"), True, True),
        (work(), True, True),
    ],
)
def test_who_acts_on_a_work(row: WorkRow, acts: bool, gives: bool) -> None:
    assert (may_act_on(WHO, row), may_give(WHO, row)) == (acts, gives)


def test_a_work_for_nobody_is_not_for_guests() -> None:
    assert not is_candidate(GUEST, work())
    assert is_candidate(GUEST, work(users=("8",)))


@pytest.mark.parametrize(
    ("process", "may"),
    [
        ({"starter_groups": ("Elsewhere",)}, False),
        ({"starter_users": ("other",)}, False),
        ({}, True),
        ({"starter_groups": ("Office",)}, True),
        ({"starter_users": ("clerk@example.org",)}, True),
        ({"starter_groups": ("Elsewhere",), "starter_users": ("clerk",)}, True),
    ],
)
def test_who_starts_a_process(process: dict[str, tuple[str, ...]], may: bool) -> None:
    drawn = Process(id="p", position=Position(1, 1), **process)  # type: ignore[arg-type]
    assert may_start(WHO, drawn) is may


def test_guests_deploy_nothing() -> None:
    assert not may_deploy(GUEST)
    assert may_deploy(WHO)
