"""Talk on parts of a case: a task, a step of the drawing, a file; quoting, and what is settled."""

from collections.abc import Callable
from typing import Any

import pytest

from genba.acts.card import Card, Moment
from genba.acts.inbound import Outcome, Verdict
from genba.acts.objects import card_for
from genba.cases.deployment import deploy_file
from genba.people.directory import Known, invite
from genba.runtime.installation import Installation
from tests.talk.test_threads import NEW, TABLE

People = dict[str, Known]
Do = Callable[..., Outcome]


def words(card: Card) -> list[tuple[str, str]]:
    return [(one.text, one.about) for one in card.story if one.kind in ("words", "file")]


def said(card: Callable[..., Any], who: Known, case: str) -> Moment:
    """The last that was said on a case."""
    found: Moment = [one for one in card(who, "case", case).story if one.content][-1]
    return found


def test_what_is_said_on_a_task_stands_on_the_case_and_names_it(
    started: Callable[..., str],
    people: People,
    do: Do,
    card: Callable[..., Any],
    task_of: Callable[[str, str], str],
) -> None:
    case, buyer = started(), people["buyer"]
    task = task_of(case, "check")
    assert do(buyer, "task.comment", task, text="Twice a week, @staff-member").ok
    assert do(buyer, "case.comment", case, text="All of it").ok
    moments = [one for one in card(buyer, "case", case).story if one.kind == "words"]
    assert [(one.text, one.about, one.part) for one in moments] == [
        ("Twice a week, @staff-member", "Check the request", f"task/{task.partition(':')[2]}"),
        ("All of it", "", ""),
    ]
    assert moments[0].about_url == card(buyer, "task", task).url
    assert words(card(buyer, "step", f"{case}:check"))[-1][0] == "Twice a week, @staff-member"


def test_a_step_shows_what_happened_and_was_said_at_it(
    inst: Installation,
    started: Callable[..., str],
    people: People,
    do: Do,
    card: Callable[..., Any],
    task_of: Callable[[str, str], str],
) -> None:
    case, buyer = started(), people["buyer"]
    assert do(buyer, "step.comment", f"{case}:approve", text="Who will?").ok
    assert do(buyer, "step.attach", f"{case}:approve", file=b"x", name="rule.txt").ok
    step = card(people["staff"], "step", f"{case}:approve")
    assert (step.title, step.status) == ("Approve the purchase", "not reached yet")
    assert words(step) == [
        ("Who will?", "Approve the purchase"),
        ("attached “rule.txt”", "Approve the purchase"),
    ]
    assert card(buyer, "step", f"{case}:check").status == "waiting for Buying"
    done = do(buyer, "task.complete", task_of(case, "check"))
    assert done.ok
    shown = card(buyer, "step", f"{case}:check")
    assert shown.status == "done"
    assert any(one.kind == "event" and one.who == "Buyer" for one in shown.story)
    for wrong in ("nowhere", "f1", ""):
        answer = do(buyer, "step.comment", f"{case}:{wrong}", text="x")
        assert answer.verdict is Verdict.UNKNOWN_OBJECT, wrong
    assert inst.journal.verify() == []


def test_a_file_is_talked_about_where_it_was_put(
    inst: Installation, started: Callable[..., str], people: People, do: Do, card: Any
) -> None:
    case, buyer = started(), people["buyer"]
    assert do(buyer, "case.attach", case, file=b"an offer", name="offer.txt").ok
    file = said(card, buyer, case).content
    assert do(people["staff"], "file.comment", f"{case}:{file}", text="Old prices").ok
    shown = card(buyer, "file", f"{case}:{file}")
    assert (shown.title, words(shown)) == ("offer.txt", [("Old prices", "offer.txt")])
    assert [(one.label, one.value) for one in shown.facts] == [("By", "Buyer")]
    assert said(card, buyer, case).about_url == f"/cases/1/files/{file}/page"
    assert do(buyer, "case.erase-words", case, said=file).ok
    assert card_for("file", f"{case}:{file}", buyer) is None
    assert said(card, buyer, case).about == "a file"

    made = deploy_file(inst, TABLE, "purchase-limit.dmn", "")
    assert not isinstance(made, tuple)
    assert do(buyer, "rule.attach", NEW, file=b"why", name="why.txt").ok
    why = card(buyer, "rule", NEW).story[-1].content
    log = f"decision:{NEW}"
    assert do(buyer, "file.comment", f"{log}:{why}", text="Says the board").ok
    assert words(card(buyer, "rule", NEW))[-1] == ("Says the board", "why.txt")
    assert card(buyer, "file", f"{log}:{why}").url.startswith("/files/rule/purchase-limit%23new/")


@pytest.mark.security("S15")
def test_parts_of_what_one_may_not_see_are_not_there(
    started: Callable[..., str], people: People, do: Do, card: Callable[..., Any]
) -> None:
    case, guest = started(), invite("guest@example.org", "Guest")
    assert do(people["buyer"], "case.attach", case, file=b"x", name="a.txt").ok
    file = said(card, people["buyer"], case).content
    for object, id in (("step", f"{case}:check"), ("file", f"{case}:{file}")):
        assert card_for(object, id, guest) is None
        assert do(guest, f"{object}.comment", id, text="x").verdict is Verdict.UNKNOWN_OBJECT


def test_quoting_names_what_is_answered_as_it_reads_now(
    started: Callable[..., str], people: People, do: Do, card: Callable[..., Any]
) -> None:
    case, buyer, lead = started(), people["buyer"], people["lead"]
    assert do(buyer, "case.comment", case, text="540 or 450?").ok
    first = said(card, buyer, case).content
    assert do(lead, "case.comment", case, text="450", quote=first).ok
    answer = said(card, buyer, case)
    assert (answer.quote, answer.quoted_who, answer.quoted) == (first, "Buyer", "540 or 450?")
    assert do(buyer, "case.edit", case, said=first, text="540 or 450 euros?").ok
    assert said(card, buyer, case).quoted == "540 or 450 euros?"
    assert do(buyer, "case.erase-words", case, said=first).ok
    (last,) = [one for one in card(buyer, "case", case).story if one.text == "450"]
    assert last.quoted == "(taken back)"
    wrong = do(lead, "case.comment", case, text="x", quote=first)
    assert (wrong.verdict, wrong.errors) == (Verdict.INVALID, {"quote": wrong.message})


def test_what_was_asked_is_settled_by_an_answer_and_can_be_opened_again(
    started: Callable[..., str], people: People, do: Do, card: Callable[..., Any]
) -> None:
    case, buyer, lead = started(), people["buyer"], people["lead"]
    assert do(buyer, "case.comment", case, text="Which model?").ok
    asked = said(card, buyer, case).content
    for text in ("The small one", "The large one"):
        assert do(lead, "case.comment", case, text=text, quote=asked).ok
    small, large = (one.content for one in card(buyer, "case", case).story[-2:])

    def settled() -> list[tuple[str, str, str]]:
        story = [one for one in card(buyer, "case", case).story if one.kind == "words"]
        return [(one.resolved, one.answer, one.answers) for one in story]

    assert do(buyer, "case.resolve", case, said=asked, answer=small).ok
    assert settled() == [("Buyer", small, ""), ("", "", asked), ("", "", "")]
    assert do(lead, "case.resolve", case, said=asked, answer=large).ok
    assert settled() == [("Team lead", large, ""), ("", "", ""), ("", "", asked)]
    assert do(buyer, "case.reopen", case, said=asked).message == "Open again."
    assert settled() == [("", "", "")] * 3
    assert do(buyer, "case.reopen", case, said=asked).verdict is Verdict.INVALID
    same = do(buyer, "case.resolve", case, said=asked, answer=asked)
    assert "answer" in same.errors
    other = do(buyer, "case.resolve", case, said=asked, answer="nothing")
    assert "answer" in other.errors
    assert do(buyer, "case.resolve", case, said=asked).ok
    assert settled()[0] == ("Buyer", "", "")


def test_an_answer_that_helped_settles_the_question(
    started: Callable[..., str],
    people: People,
    do: Do,
    card: Callable[..., Any],
    task_of: Callable[[str, str], str],
) -> None:
    case, buyer, lead = started(), people["buyer"], people["lead"]
    assert do(buyer, "task.ask", task_of(case, "check"), to="team-lead", question="May we?").ok
    (ask,) = [one.id for one in card(lead, "case", case).cards if one.object == "ask"]
    assert do(lead, "ask.comment", ask, text="Below 5,000").ok
    assert said(card, buyer, case).quoted == "May we?"
    assert do(buyer, "ask.helped", ask).ok
    question, answer = (one for one in card(buyer, "case", case).story if one.kind == "words")
    assert (question.resolved, question.answer) == ("Buyer", answer.content)
