"""What becomes of words after they were said."""

from collections.abc import Callable
from typing import Any

from genba.acts.card import Moment
from genba.acts.inbound import Outcome, Verdict
from genba.people.directory import Known
from genba.runtime.installation import Installation

People = dict[str, Known]
Do = Callable[..., Outcome]


def last(card: Callable[..., Any], person: Known, case: str) -> Moment:
    moment: Moment = card(person, "case", case).story[-1]
    return moment


def test_a_mark_is_seen_by_all_and_the_same_again_takes_it_off(
    started: Callable[..., str], people: People, do: Do, card: Callable[..., Any]
) -> None:
    case, buyer, lead = started(), people["buyer"], people["lead"]
    assert do(buyer, "case.comment", case, text="The cheaper one?").ok
    said = last(card, buyer, case).content
    assert do(lead, "case.mark", case, said=said, mark="agree").message == "Marked."
    assert do(people["staff"], "case.mark", case, said=said, mark="agree").ok
    assert do(lead, "case.mark", case, said=said, mark="concern").ok
    shown = {one.mark: one.who for one in last(card, buyer, case).marks}
    assert shown == {"agree": ("Team lead", "Staff member"), "concern": ("Team lead",)}
    assert do(lead, "case.mark", case, said=said, mark="agree").message == "Taken off."
    assert {one.mark: one.who for one in last(card, buyer, case).marks} == {
        "agree": ("Staff member",),
        "concern": ("Team lead",),
    }


def test_no_other_mark_and_nothing_that_was_not_said_here(
    started: Callable[..., str], people: People, do: Do, card: Callable[..., Any]
) -> None:
    case, other, buyer = started(), started(), people["buyer"]
    assert do(buyer, "case.comment", case, text="here").ok
    said = last(card, buyer, case).content
    assert do(buyer, "case.mark", case, said=said, mark="party").verdict is Verdict.INVALID
    wrong = do(buyer, "case.mark", other, said=said, mark="agree")
    assert (wrong.verdict, wrong.errors) == (Verdict.INVALID, {"said": wrong.message})


def test_edited_words_keep_what_they_were_and_tell_who_is_newly_mentioned(
    started: Callable[..., str], people: People, do: Do, card: Callable[..., Any]
) -> None:
    case, buyer, lead = started(), people["buyer"], people["lead"]
    assert do(buyer, "case.comment", case, text="540 euros").ok
    said = last(card, buyer, case).content
    assert do(lead, "case.edit", case, said=said, text="5 euros").verdict is Verdict.FORBIDDEN
    assert do(buyer, "case.edit", case, said=said, text="450 euros, @team-lead").ok
    assert do(buyer, "case.edit", case, said=said, text="450 euros net, @team-lead").ok
    shown = last(card, lead, case)
    assert shown.text == "450 euros net, @team-lead"
    assert shown.before == ("540 euros", "450 euros, @team-lead")
    assert shown.edited is not None
    assert card(lead, "case", case).followed


def test_what_is_taken_back_is_erased_with_all_it_was(
    inst: Installation,
    started: Callable[..., str],
    people: People,
    do: Do,
    card: Callable[..., Any],
) -> None:
    case, buyer, lead = started(), people["buyer"], people["lead"]
    assert do(buyer, "case.comment", case, text="my telephone number").ok
    said = last(card, buyer, case).content
    assert do(buyer, "case.edit", case, said=said, text="my other number").ok
    assert do(lead, "case.erase-words", case, said=said).verdict is Verdict.FORBIDDEN
    assert do(buyer, "case.erase-words", case, said=said).message == "Erased."
    story = card(lead, "case", case).story
    assert [one.text for one in story if one.kind == "words"] == []
    assert story[-1].text == "took back what they had said"
    with inst.journal.reading() as reading:
        assert all(b"number" not in one.body for one in reading.contents(case))  # type: ignore[arg-type]
    assert do(buyer, "case.mark", case, said=said, mark="seen").verdict is Verdict.INVALID


def test_a_file_is_taken_back_too(
    started: Callable[..., str], people: People, do: Do, card: Callable[..., Any]
) -> None:
    case, buyer = started(), people["buyer"]
    assert do(buyer, "case.attach", case, file=b"offer", name="offer.txt").ok
    said = last(card, buyer, case).content
    assert do(buyer, "case.edit", case, said=said, text="x").verdict is Verdict.INVALID
    assert do(buyer, "case.erase-words", case, said=said).message == "The file is erased."
    assert [one for one in card(buyer, "case", case).story if one.kind == "file"] == []
