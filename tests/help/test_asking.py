"""Help that ends in the case: asked, answered, kept, found again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from genba.acts.card import Card
from genba.acts.inbound import Outcome, Verdict
from genba.acts.objects import card_for
from genba.help import clocks, questions
from genba.people.directory import Known, invite
from genba.recall.routing import USUAL
from genba.runtime.installation import Installation
from genba.runtime.loop import Loop

People = dict[str, Known]
Do = Callable[..., Outcome]
TaskOf = Callable[[str, str], str]
PREPAID = "The supplier wants a prepayment. May we?"


@pytest.fixture
def loop(inst: Installation) -> Loop:
    clocks.connect(inst)
    for kind in ("words", "card", "party"):
        inst.on(kind, lambda _inst, _row: None, "nobody")
    return Loop(inst)


def asks_of(case: str, who: Known) -> list[Card]:
    card = card_for("case", case, who)
    return [one for one in (card.cards if card else ()) if one.object == "ask"]


def waiting(inst: Installation, id: str) -> tuple[str, ...]:
    with inst.journal.reading() as reading:
        found = questions.question_of(reading.stream(questions.stream_of(id)))
    assert found is not None
    return found.waiting()


def ask(do: Do, who: Known, task: str, text: str = PREPAID, **more: Any) -> str:
    assert do(who, "task.ask", task, question=text, **more).ok
    (card,) = asks_of(task.partition(":")[0], who)
    return card.id


def helped_once(
    started: Callable[..., str], people: People, do: Do, task_of: TaskOf, **more: Any
) -> str:
    """A question on the first step, answered by the buyer, and it helped; gives the case."""
    case = started(**more)
    id = ask(do, people["helper"], task_of(case, "check"), to="buyer")
    assert do(people["buyer"], "ask.comment", id, text="Yes, below 6,000 with a guarantee.").ok
    assert do(people["helper"], "ask.helped", id).ok
    return case


def test_a_question_without_a_name_goes_to_one_of_the_team_and_then_widens(
    inst: Installation,
    started: Callable[..., str],
    people: People,
    do: Do,
    task_of: TaskOf,
    loop: Loop,
    clock: Any,
) -> None:
    case = started()
    id = ask(do, people["staff"], task_of(case, "check"), blocking=True)
    first = waiting(inst, id)
    assert len(first) == 1
    assert set(first) <= {people["buyer"].id, people["helper"].id}
    loop.drain()
    assert waiting(inst, id) == first
    clock.advance(timedelta(hours=2, minutes=1))
    loop.drain()
    assert set(waiting(inst, id)) == {people["buyer"].id, people["helper"].id}
    said = [one.text for one in card_for("case", case, people["staff"]).story]  # type: ignore[union-attr]
    assert any("too" in text for text in said)


def test_an_answer_in_time_stops_the_clock(
    inst: Installation,
    started: Callable[..., str],
    people: People,
    do: Do,
    task_of: TaskOf,
    loop: Loop,
    clock: Any,
) -> None:
    case = started()
    id = ask(do, people["staff"], task_of(case, "check"))
    (first,) = waiting(inst, id)
    answering = next(one for one in people.values() if one.id == first)
    assert do(answering, "ask.comment", id, text="Yes.").ok
    clock.advance(timedelta(days=3))
    loop.drain()
    assert waiting(inst, id) == ()
    card = card_for("ask", id, people["staff"])
    assert card is not None
    assert {one.act for one in card.offers if one.primary} == {"ask.helped", "ask.no-help"}


def test_whoever_says_not_me_is_left_alone_and_the_next_one_is_asked(
    inst: Installation, started: Callable[..., str], people: People, do: Do, task_of: TaskOf
) -> None:
    case = started()
    id = ask(do, people["staff"], task_of(case, "check"))
    (first,) = waiting(inst, id)
    declining = next(one for one in people.values() if one.id == first)
    assert do(declining, "ask.not-me", id).ok
    (second,) = waiting(inst, id)
    assert second != first
    assert do(declining, "ask.not-me", id).verdict is Verdict.FORBIDDEN
    # Asked less of this kind: the next question goes to the other one first.
    other = ask(do, people["staff"], task_of(started(), "check"))
    assert waiting(inst, other) == (second,)


def test_passing_on_asks_whom_it_was_passed_to(
    inst: Installation, started: Callable[..., str], people: People, do: Do, task_of: TaskOf
) -> None:
    case = started()
    id = ask(do, people["staff"], task_of(case, "check"), to="buyer")
    assert do(people["buyer"], "ask.pass", id, to="team-lead").ok
    assert waiting(inst, id) == (people["lead"].id,)
    assert do(people["lead"], "ask.pass", id, to="nobody-here").verdict is Verdict.INVALID
    assert do(people["lead"], "ask.join", id).ok
    assert card_for("case", case, people["lead"]).followed  # type: ignore[union-attr]


def test_nobody_found_by_likeness_holds_more_than_the_limit(
    inst: Installation, started: Callable[..., str], people: People, do: Do, task_of: TaskOf
) -> None:
    held: dict[str, int] = {}
    for _number in range(2 * USUAL.limit):
        id = ask(do, people["staff"], task_of(started(), "check"))
        for person in waiting(inst, id):
            held[person] = held.get(person, 0) + 1
    assert held == {people["buyer"].id: USUAL.limit, people["helper"].id: USUAL.limit}


def test_a_helpful_answer_is_a_note_that_the_next_one_reads_before_anybody_is_asked(
    started: Callable[..., str], people: People, do: Do, task_of: TaskOf
) -> None:
    helped_once(started, people, do, task_of)
    task = task_of(started(), "check")
    card = card_for("task", task, people["buyer"])
    assert card is not None
    (note,) = card.hints
    assert (note.kind, note.title) == ("note", PREPAID)
    assert note.text == "Yes, below 6,000 with a guarantee."
    assert "3 laptops" in note.why
    assert note.evidence.startswith("helped in 1 case")
    assert do(people["buyer"], "task.helped", task, note=note.id).ok
    again = card_for("task", task, people["buyer"])
    assert again is not None
    assert again.hints[0].evidence.startswith("helped in 2 cases")
    assert card_for("note", note.id, people["other"]) is not None
    guest = invite("guest@example.org", "Guest")
    assert card_for("note", note.id, guest) is None
    assert do(guest, "note.retire", note.id).verdict is Verdict.UNKNOWN_OBJECT


def test_a_note_belongs_to_its_team(
    started: Callable[..., str], people: People, do: Do, task_of: TaskOf
) -> None:
    helped_once(started, people, do, task_of)
    task = task_of(started(), "check")
    id = card_for("task", task, people["buyer"]).hints[0].id  # type: ignore[union-attr]
    assert do(people["other"], "note.edit", id, text="No.").verdict is Verdict.FORBIDDEN
    assert do(people["helper"], "note.edit", id, text="Only below 5,000.").ok
    assert card_for("task", task, people["buyer"]).hints[0].text == "Only below 5,000."  # type: ignore[union-attr]
    assert do(people["helper"], "note.retire", id).ok
    assert card_for("task", task, people["buyer"]).hints == ()  # type: ignore[union-attr]


def test_a_note_that_did_not_help_for_long_is_asked_about(
    inst: Installation,
    started: Callable[..., str],
    people: People,
    do: Do,
    task_of: TaskOf,
    loop: Loop,
    clock: Any,
) -> None:
    helped_once(started, people, do, task_of)
    loop.drain()
    clock.advance(timedelta(days=91))
    loop.drain()
    task = task_of(started(), "check")
    (note, *_) = card_for("task", task, people["buyer"]).hints  # type: ignore[union-attr]
    assert note.stale
    with inst.journal.reading() as reading:
        types = [entry.type for entry in reading.log(f"note:{note.id}")]  # type: ignore[arg-type]
    assert types == ["note.made", "note.asked"]
    assert do(people["buyer"], "note.confirm", note.id).ok
    assert not card_for("task", task, people["buyer"]).hints[0].stale  # type: ignore[union-attr]


def test_an_answer_on_a_closed_case_is_no_note_for_everybody(
    started: Callable[..., str], people: People, do: Do, task_of: TaskOf
) -> None:
    case = started()
    id = ask(do, people["staff"], task_of(case, "check"), to="buyer")
    assert do(people["staff"], "case.restrict", case).ok
    assert do(people["buyer"], "ask.comment", id, text="Secret.").ok
    assert do(people["staff"], "ask.helped", id).ok
    assert card_for("task", task_of(started(), "check"), people["buyer"]).hints == ()  # type: ignore[union-attr]


def test_whoever_may_not_see_the_case_does_not_learn_of_the_question(
    started: Callable[..., str], people: People, do: Do, task_of: TaskOf
) -> None:
    case = started()
    id = ask(do, people["staff"], task_of(case, "check"), to="buyer")
    assert card_for("ask", id, people["other"]) is not None
    assert do(people["staff"], "case.restrict", case).ok
    assert card_for("ask", id, people["other"]) is None
    assert do(people["other"], "ask.comment", id, text="?").verdict is Verdict.UNKNOWN_OBJECT


def test_a_defect_goes_to_where_it_was_made_and_counts_against_the_step(
    inst: Installation, started: Callable[..., str], people: People, do: Do, task_of: TaskOf
) -> None:
    from genba.help.line_acts import Defects, stream_of
    from genba.runtime.streams import read_state

    case = started()
    assert do(people["buyer"], "task.complete", task_of(case, "check")).ok
    with inst.journal.reading() as reading:
        (work,) = reading.works(case)  # type: ignore[arg-type]
    task = f"{case}:{work.work}"
    given = {"step": "check", "what": "The amount is wrong."}
    assert do(people["helper"], "task.stop-line", task, **given).ok
    (card,) = asks_of(case, people["buyer"])
    assert waiting(inst, card.id) == (people["buyer"].id,)
    with inst.journal.reading() as reading:
        kept = read_state(reading.stream(stream_of("purchase", "check")), Defects)
        log = reading.log(stream_of("purchase", "check"))  # type: ignore[arg-type]
    assert kept == Defects(count=1, seen_at={work.node: 1})
    assert set(msgspec.json.decode(log[0].body)) == {"case", "node", "here", "ask"}
