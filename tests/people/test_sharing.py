"""Who sees a case: denial first."""

from collections.abc import Callable
from typing import Any

import pytest

from genba.acts.inbound import Outcome, Verdict
from genba.acts.objects import card_for
from genba.cases.deployment import deploy_drawing
from genba.people.directory import Known, invite

People = dict[str, Known]
Do = Callable[..., Outcome]


def sees(who: Known, case: str) -> bool:
    return card_for("case", case, who) is not None


def test_who_does_not_administer_a_case_says_nothing_about_who_sees_it(
    started: Callable[..., str], people: People, do: Do
) -> None:
    case = started()
    for act, given in (
        ("share", {"to": "other"}),
        ("invite", {"address": "x@example.com"}),
        ("restrict", {}),
    ):
        for who in ("other", "buyer"):
            assert do(people[who], f"case.{act}", case, **given).verdict is Verdict.FORBIDDEN


def test_a_case_kept_from_others_is_seen_by_who_is_asked_and_whom_it_is_shared_with(
    started: Callable[..., str], people: People, do: Do
) -> None:
    case, staff, other = started(), people["staff"], people["other"]
    assert do(other, "case.follow", case).ok
    assert do(staff, "case.restrict", case).ok
    assert not sees(other, case)
    assert do(other, "case.comment", case, text="x").verdict is Verdict.UNKNOWN_OBJECT
    assert sees(people["buyer"], case), "is asked to check it"
    assert not sees(people["lead"], case), "is not asked yet"
    asked = do(staff, "case.ask", case, to="team-lead", question="?")
    assert asked.message == "team-lead does not see this case: share it with them first."
    assert do(staff, "case.share", case, to="Team lead", level="see").ok
    assert sees(people["lead"], case)
    assert do(people["lead"], "case.share", case, to="somebody-else").verdict is Verdict.FORBIDDEN
    assert do(staff, "case.share", case, to="somebody-else", level="administer").ok
    assert do(other, "case.unshare", case, whom="group/Team lead").ok
    assert not sees(people["lead"], case)
    assert do(staff, "case.open", case).ok
    assert sees(people["lead"], case)
    told = card_for("case", case, staff)
    assert told is not None
    assert "shared the case with Team lead" in [one.text for one in told.story]


def test_who_a_case_is_shared_with_to_act_does_what_its_teams_are_asked(
    started: Callable[..., str], people: People, do: Do, task_of: Callable[[str, str], str]
) -> None:
    case, other = started(), people["other"]
    task = task_of(case, "check")
    assert do(other, "task.complete", task).verdict is Verdict.FORBIDDEN
    assert do(people["staff"], "case.share", case, to="somebody-else", level="act").ok
    assert do(other, "task.complete", task).ok


def test_a_guest_sees_the_one_case_shared_with_them(
    started: Callable[..., str], people: People, do: Do
) -> None:
    guest = invite("guest@example.org", "Guest")
    case, second = started(), started()
    assert not sees(guest, case)
    shared = do(people["staff"], "case.share", case, to="guest@example.org", level="act")
    assert "level" in shared.errors
    assert do(people["staff"], "case.share", case, to="guest@example.org").ok
    assert sees(guest, case)
    assert not sees(guest, second)
    assert do(people["staff"], "case.unshare", case, whom=f"person/{guest.id}").ok
    assert not sees(guest, case)


@pytest.mark.parametrize("who", ["staff", "other", "lead", "buyer"])
def test_a_drawing_says_who_sees_its_cases(inst: Any, who: str, people: People, do: Do) -> None:
    drawing = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
      xmlns:genba="https://genba.dev/bpmn/1">
      <process id="p" name="Buying" genba:see="Team lead" genba:administer="Team lead">
      <startEvent id="s"/><userTask id="t"/>
      <sequenceFlow id="f" sourceRef="s" targetRef="t"/></process></definitions>"""
    assert not isinstance(deploy_drawing(inst, drawing, "p.bpmn", ""), tuple)
    case = do(people["staff"], "process.start", "p").object_id
    assert sees(people[who], case) is (who != "other")
    card = card_for("case", case, people[who])
    may = {"case.share", "case.restrict"} <= {one.act for one in (card.offers if card else ())}
    assert may is (who in ("staff", "lead"))
