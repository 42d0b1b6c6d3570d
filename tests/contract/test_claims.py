"""Claims: what is due is somebody's for a time; a claim that ran out does not count."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from msgspec.structs import replace

from genba.journal.contract import Claim, Claimed, Journal, Stale
from genba.journal.records import CaseId, TimerRow

C1 = CaseId("c1")


def ask(journal: Journal, make: Any, minutes: float = 0, **more: Any) -> Claimed:
    asked = {"now": make.at(minutes), "until": make.at(minutes + 1)} | more
    return journal.claim(Claim(**asked))


def keys(claimed: Claimed) -> list[str]:
    return [row.key for row in claimed.rows]


@pytest.fixture
def posted(journal: Journal, make: Any) -> Journal:
    """A journal with three rows and a timer due."""
    make.put(journal)
    with journal.writing() as tx:
        tx.post(C1, [make.outbox("b", -1), make.outbox("a", -2), make.outbox("later", 5)])
        tx.set_timer(TimerRow(case=C1, timer="t1", due=make.at(-1)))
    return journal


def test_what_is_claimed_is_nobody_elses(posted: Journal, make: Any) -> None:
    first = ask(posted, make, timers=True)
    assert keys(first) == ["a", "b"]
    assert [(timer.timer, timer.fence, timer.deaths) for timer in first.timers] == [("t1", 1, 0)]
    assert not ask(posted, make, 0.9, timers=True)
    assert not ask(posted, make, 0.9, only=("mail",))
    posted.lease(first, None)
    again = ask(posted, make, 0.9, timers=True, limit=2)
    assert len(again) == 2
    assert {row.deaths for row in (*again.timers, *again.rows)} == {0}


def test_a_claim_that_ran_out_is_a_death_and_does_not_count(posted: Journal, make: Any) -> None:
    late = ask(posted, make)
    new = ask(posted, make, 1)
    assert [(row.key, row.fence, row.deaths) for row in new.rows] == [("a", 2, 1), ("b", 2, 1)]

    def complete_too_late() -> None:
        with posted.writing() as tx:
            tx.follow(C1, "7")
            tx.settle(late.rows[0], held=True)

    with pytest.raises(Stale):
        complete_too_late()
    with posted.writing() as tx:
        assert tx.followers(C1) == []
        tx.settle(late.rows[0])
        tx.postpone(late.rows[1], due=make.at(9), error="no")
        posted_rows = {row.key: row.attempts for row in tx.outbox(C1)}
        assert posted_rows == {"a": 0, "b": 0, "later": 0}
    posted.lease(late, make.at(60))
    assert [row.deaths for row in ask(posted, make, 2).rows] == [2, 2]


def test_a_sign_of_life_keeps_it(posted: Journal, make: Any) -> None:
    held = ask(posted, make)
    posted.lease(held, make.at(10))
    assert not ask(posted, make, 4)
    with posted.writing() as tx:
        tx.settle(held.rows[0], held=True)
        tx.postpone(held.rows[1], due=make.at(11), error="no")
    (row,) = (row for row in ask(posted, make, 11).rows if row.key == "b")
    assert (row.attempts, row.deaths, row.error) == (1, 0, "no")


def test_what_is_parked_waits_for_a_word(posted: Journal, make: Any) -> None:
    for row, work in zip(ask(posted, make).rows, ("w1", "w2"), strict=True):
        with posted.writing() as tx:
            tx.park(row, incident=work, error="it never works")
    assert not ask(posted, make, 4)
    with posted.writing() as tx:
        tx.take_up(C1, "w1", due=make.at(4))
        tx.let_go(C1, "w2")
        tx.take_up(C1, "", due=make.at(4))
        tx.let_go(C1, "w9")
    assert keys(ask(posted, make, 4)) == ["a"]
    with posted.reading() as read:
        assert [row.key for row in read.outbox(C1)] == ["a", "later"]


def test_what_is_parked_and_asked_of_nobody_is_found(posted: Journal, make: Any) -> None:
    first, second = ask(posted, make).rows
    with posted.writing() as tx:
        tx.open_work(make.work(work="w1"))
        tx.park(first, incident="w1", error="it never works")
        tx.park(second, incident="", error="nor does this")
    with posted.reading() as read:
        assert [row.key for row in read.parked()] == [second.key]
    with posted.writing() as tx:
        tx.close_work(C1, "w1", at=make.at(5), by="", outcome="cancelled", channel="")
    with posted.reading() as read:
        assert {(row.key, row.error) for row in read.parked()} == {
            (first.key, "it never works"),
            (second.key, "nor does this"),
        }
        assert len(read.parked(1)) == 1


def test_what_waits_for_a_worker_nobody_has_is_found(journal: Journal, make: Any) -> None:
    make.put(journal)
    with journal.writing() as tx:
        early, late = (
            replace(make.outbox(key, minutes), kind="topic/pay")
            for key, minutes in (("early", -9), ("late", -1))
        )
        tx.post(C1, [late, early, make.outbox("other", -9)])
    with journal.reading() as read:
        assert [row.key for row in read.unserved(make.at(0), make.at(0))] == ["early", "late"]
        assert [row.key for row in read.unserved(make.at(-5), make.at(0))] == ["early"]
        assert [row.key for row in read.unserved(make.at(0), make.at(0), 1)] == ["early"]
    claim = Claim(now=make.at(0), until=make.at(5), only=("topic/pay",), limit=1)
    assert keys(journal.claim(claim)) == ["early"]
    with journal.reading() as read:
        assert [row.key for row in read.unserved(make.at(0), make.at(1))] == ["late"]
        assert len(read.unserved(make.at(0), make.at(6))) == 2, "the lock has run out"


def test_each_row_of_many_cases_is_claimed_once(journal: Journal, make: Any) -> None:
    for number in range(20):
        make.put(journal, f"c{number}")
        with journal.writing() as tx:
            tx.post(CaseId(f"c{number}"), [make.outbox("a", -1), make.outbox("b", -1)])

    def work(first: int) -> list[tuple[str, str]]:
        got: list[tuple[str, str]] = []
        while claimed := ask(journal, make, limit=3, first=first):
            got += [(row.case, row.key) for row in claimed.rows]
        return got

    with ThreadPoolExecutor(4) as pool:
        got = [row for rows in pool.map(work, (0, 16, 32, 48)) for row in rows]
    assert len(got) == len(set(got)) == 40
