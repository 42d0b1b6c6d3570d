"""How help works is counted for the process: nobody is named, one's own number is one's own."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from genba.acts.inbound import Outcome
from genba.help import questions
from genba.help.measures import FEWEST, Month, measures_of
from genba.people.accounts import enrol
from genba.people.directory import Known
from genba.runtime.installation import Installation

People = dict[str, Known]
Do = Callable[..., Outcome]


@pytest.fixture
def ask(inst: Installation, people: People, do: Do) -> Callable[..., str]:
    """Ask on a case; gives the id of the question."""

    def asked(case: str, to: str, **more: Any) -> str:
        given = {"to": to, "question": "May we?", **more}
        assert do(people["staff"], "case.ask", case, **given).ok
        with inst.journal.reading() as reading:
            return questions.marked(reading, questions.case_mark(case))[-1][0]

    return asked


def measured(inst: Installation, who: Known) -> Any:
    with inst.journal.reading() as reading:
        return measures_of(reading, "purchase", who, inst.clock.now())


def test_waiting_and_solved_at_first_ask(
    inst: Installation,
    people: People,
    do: Do,
    clock: Any,
    started: Callable[..., str],
    ask: Callable[..., str],
) -> None:
    assert measured(inst, people["buyer"]).asked == 0
    case, staff = started(), people["staff"]
    first = ask(case, "buyer")
    clock.advance(timedelta(hours=2))
    assert do(people["buyer"], "ask.comment", first, text="Yes").ok
    assert do(staff, "ask.helped", first).ok
    second = ask(case, "buyer")
    clock.advance(timedelta(minutes=1))
    assert do(people["buyer"], "ask.pass", second, to="team-lead").ok
    clock.advance(timedelta(hours=6))
    assert do(people["lead"], "ask.comment", second, text="No").ok
    assert do(staff, "ask.helped", second).ok
    third = ask(case, "buyer")
    clock.advance(timedelta(hours=4))
    assert do(people["buyer"], "ask.comment", third, text="Perhaps").ok
    assert do(staff, "ask.no-help", third).ok
    ask(case, "buyer")
    found = measured(inst, people["buyer"])
    assert (found.asked, found.answered, found.wait) == (4, 3, 4.0)
    assert found.slow == pytest.approx(5.6, abs=0.05)
    assert (found.judged, found.at_first) == (3, 1)
    assert found.months == (Month("2026-03", 4, 0),)
    assert found.own == 1.0  # four times in four weeks
    assert measured(inst, people["lead"]).own == 0.25
    assert measured(inst, people["other"]).own == 0.0
    clock.advance(timedelta(days=200))
    assert measured(inst, people["buyer"]).asked == 0


def test_interruptions_are_a_distribution_of_enough_people(
    inst: Installation, people: People, do: Do, started: Callable[..., str], ask: Any
) -> None:
    case = started()
    names = [f"expert{number}" for number in range(FEWEST)]
    for name in names:
        enrol(f"{name}@example.org", None, name=name, groups=["Buying"], locale="en")
    for name in names[:-1]:
        ask(case, name)
    assert measured(inst, people["buyer"]).people == ()
    for _again in range(9):
        ask(case, names[-1])
    assert measured(inst, people["buyer"]).people == (4, 0, 1, 0)


def test_the_page_names_nobody(
    inst: Installation,
    people: People,
    do: Do,
    started: Callable[..., str],
    ask: Any,
    browse: Callable[..., Client],
) -> None:
    case = started()
    assert "Nobody asked for help here yet." in page(browse("buyer"))
    first = ask(case, "buyer")
    assert do(people["buyer"], "ask.comment", first, text="Yes").ok
    ask(case, "buyer")
    shown = page(browse("lead"))
    assert "2 questions" in shown
    assert "Too few people were asked" in shown
    main = shown[shown.index("<h1>") :]
    assert not any(person.name in main for role, person in people.items() if role != "lead")
    assert "You were asked 0.0 times a week" in shown
    assert "You were asked 0.5 times a week" in page(browse("buyer"))
    assert "Comment l’aide fonctionne" in page(browse("helper"))
    assert 'href="/processes/purchase/help"' in text(browse("buyer"), "/processes/purchase")
    assert browse("buyer").get("/processes/nothing/help").status_code == 404


def page(client: Client) -> str:
    return text(client, "/processes/purchase/help")


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())
