"""A private note is there for who wrote it and whom they named, and for nobody else, anywhere."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from genba.acts.inbound import Outcome, Verdict
from genba.acts.objects import card_for
from genba.cases.finding import find_words
from genba.journal.records import CaseId
from genba.people.directory import Known

People = dict[str, Known]
Do = Callable[..., Outcome]
SECRET = "xylophone"


@pytest.fixture
def noted(started: Callable[..., str], people: People, do: Do) -> tuple[str, str]:
    """A case with a private note of the buyer, and the id of the note."""
    case = started()
    assert do(people["buyer"], "case.keep-private", case, text=f"The {SECRET} is cracked.").ok
    card = card_for("case", case, people["buyer"])
    assert card is not None
    (note,) = card.private
    return case, note.id


def everything_kept(inst: Any) -> Iterator[bytes]:
    """What logs, answers and attempts hold."""
    with inst.journal.reading() as reading:
        entries = reading.log_since(0, 10_000)
        yield from (entry.body for entry in entries)
        yield from (msgspec.json.encode(one) for one in reading.attempts(1_000))
        for entry in entries:
            if (row := reading.stream(entry.case)) is not None:
                yield row.state


def test_its_author_reads_it_on_the_full_card(noted: tuple[str, str], people: People) -> None:
    case, _id = noted
    card = card_for("case", case, people["buyer"])
    assert card is not None
    (note,) = card.private
    assert SECRET in note.facts[0].value
    assert {offer.act for offer in note.offers} == {
        "private-note.change", "private-note.let-read", "private-note.erase",
    }  # fmt: skip
    brief = card_for("case", case, people["buyer"], full=False)
    assert brief is not None
    assert brief.private == (), "a mail is made of the brief card"


@pytest.mark.security("S15")
def test_nobody_else_finds_a_trace_of_it(
    inst: Any, noted: tuple[str, str], people: People, do: Do
) -> None:
    from genba.people.models import Person

    case, id = noted
    Person.objects.filter(pk=int(people["lead"].id)).update(is_administrator=True)
    assert do(people["buyer"], "person.name-deputy", people["buyer"].id, to="second-buyer").ok
    for role in ("staff", "lead", "helper", "other"):
        card = card_for("case", case, people[role])
        assert card is not None
        assert SECRET.encode() not in msgspec.json.encode(card)
        assert card_for("private-note", id, people[role]) is None
        for act in ("change", "let-read", "erase"):
            given = {"change": {"text": "x"}, "let-read": {"to": "buyer"}}.get(act, {})
            outcome = do(people[role], f"private-note.{act}", id, **given)
            assert outcome.verdict is Verdict.UNKNOWN_OBJECT
    with inst.journal.reading() as reading:
        for who in people.values():
            assert find_words(who, SECRET, reading) == ()
        assert reading.found([SECRET]) == [], "the index does not know the words at all"
        log = b"".join(entry.body for entry in reading.log(CaseId(case)))
        assert id.encode() not in log
        assert reading.outbox(CaseId(case)) == [] or all(
            SECRET.encode() not in row.body for row in reading.outbox(CaseId(case))
        )
    assert all(SECRET.encode() not in body for body in everything_kept(inst))


def test_whom_one_names_reads_it_until_one_ends_it(
    noted: tuple[str, str], people: People, do: Do
) -> None:
    _case, id = noted
    assert do(people["buyer"], "private-note.let-read", id, to="staff-member").ok
    card = card_for("private-note", id, people["staff"])
    assert card is not None
    assert SECRET in card.facts[0].value
    assert card.offers == (), "reading is all they may"
    assert card_for("private-note", id, people["other"]) is None
    staff = people["staff"].id
    assert do(people["buyer"], "private-note.stop-reading", id, whom=staff).ok
    assert card_for("private-note", id, people["staff"]) is None


def test_who_does_not_see_the_case_does_not_read_it(
    noted: tuple[str, str], people: People, do: Do
) -> None:
    case, id = noted
    assert do(people["buyer"], "private-note.let-read", id, to="somebody-else").ok
    assert do(people["staff"], "case.restrict", case).ok
    assert card_for("private-note", id, people["other"]) is None
    assert do(people["staff"], "case.keep-private", case, text="mine").ok
    mine = card_for("case", case, people["staff"])
    assert mine is not None
    (own,) = mine.private
    refused = do(people["staff"], "private-note.let-read", own.id, to="somebody-else")
    assert refused.verdict is Verdict.INVALID


def test_what_is_changed_or_erased_is_gone(
    inst: Any, noted: tuple[str, str], people: People, do: Do
) -> None:
    _case, id = noted
    assert do(people["buyer"], "private-note.change", id, text="It is a drum.").ok
    card = card_for("private-note", id, people["buyer"])
    assert card is not None
    assert card.facts[0].value == "It is a drum."
    with inst.journal.reading() as reading:
        old, new = reading.contents(CaseId(f"private:{id}"))
        assert (old.erased, old.body, new.erased) == (True, b"", False)
    assert do(people["buyer"], "private-note.erase", id).ok
    assert card_for("private-note", id, people["buyer"]) is None
    with inst.journal.reading() as reading:
        assert all(one.erased for one in reading.contents(CaseId(f"private:{id}")))
        assert inst.journal.verify() == []
