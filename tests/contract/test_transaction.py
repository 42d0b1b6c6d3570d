"""One act is one transaction: everything of it, or nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from genba.journal.contract import CaseQuery, InboxQuery, Journal, Transaction
from genba.journal.memory import MemoryJournal
from genba.journal.records import Attempt, CaseId, SubscriptionRow, TimerRow

C1, C2 = CaseId("c1"), CaseId("c2")


def everything(journal: Journal, make: Any) -> list[Any]:
    """All that can be read of the journal."""
    mine = InboxQuery(person="7", groups=("Buyers", "Clerks"), now=make.at(600))
    done = replace(mine, view="done")
    with journal.reading() as read:
        return [
            read.cases(CaseQuery()),
            read.log_since(0),
            [read.works(case, open_only=False) for case in (C1, C2)],
            [read.inbox(query) for query in (mine, done)],
            [read.timers(case) for case in (C1, C2)],
            read.subscribers("message", "Offer"),
            read.due_outbox(make.at(600)),
            [read.token(hash) for hash in ("h1", "h2")],
            [read.contents(case) for case in (C1, C2)],
            [read.followers(case) for case in (C1, C2)],
            [read.answer(key) for key in ("k1", "k2")],
            read.attempts(),
            read.processes(),
            [read.deployment(id) for id in ("d1", "d2")],
            [read.case(case) for case in (C1, C2)],
        ]


def fill(tx: Transaction, make: Any, case: CaseId) -> None:
    """Write to every table."""
    number = case[1:]
    row = tx.create_case(make.case(case))
    tx.append(row, expected=0, entries=make.entries(2), envelope=make.envelope())
    tx.open_work(make.work(case, "w1"))
    tx.open_work(make.work(case, "w2"))
    tx.set_timer(TimerRow(case=case, timer="t1", due=make.at(5)))
    tx.subscribe(
        SubscriptionRow(case=case, subscription="s1", kind="message", name="Offer", node="n")
    )
    tx.post(case, [make.outbox("a"), make.outbox("b")])
    tx.put_token(make.token(f"h{number}"))
    tx.put_content(make.words("m1", "Hello", case))
    tx.follow(case, "7")
    tx.remember(make.answer(f"k{number}"))
    tx.note_attempt(attempt(make))
    tx.deploy(make.deployment(f"d{number}"), [("purchase", "Purchase")])


def change(tx: Transaction, make: Any) -> None:
    """Change and remove what `fill` wrote for the first case."""
    row = tx.case(C1)
    assert row is not None
    tx.append(
        replace(row, title="X"), expected=2, entries=make.entries(1), envelope=make.envelope()
    )
    tx.assign_work(C1, "w1", "7")
    tx.close_work(C1, "w2", at=make.at(1), by="7", outcome="completed", channel="web")
    tx.set_timer(TimerRow(case=C1, timer="t1", due=make.at(9)))
    tx.set_timer(TimerRow(case=C1, timer="t2", due=make.at(9)))
    tx.drop_timer(C1, "t1")
    tx.unsubscribe(C1, "s1")
    first, second = tx.due_outbox(make.at(1))
    tx.settle(first)
    tx.postpone(second, due=make.at(3), error="no")
    tx.revoke_tokens("7")
    tx.erase_content(C1, "m1")
    tx.unfollow(C1, "7")
    tx.follow(C1, "8")


def attempt(make: Any) -> Attempt:
    return Attempt(
        at=make.at(),
        channel="mail",
        identity="mailto:a@example.org",
        person="",
        object="task",
        object_id="c1:w1",
        act="task.approve",
        outcome="forbidden",
    )


class Crash(BaseException):
    """The process is going down: not an Exception."""


def crash(journal: Journal, *steps: Callable[[Transaction], None]) -> None:
    """Write, and crash before the end."""
    with journal.writing() as tx:
        for step in steps:
            step(tx)
        raise Crash


def test_an_error_leaves_nothing_in_any_table(journal: Journal, make: Any) -> None:
    empty = everything(journal, make)
    with pytest.raises(Crash):
        crash(journal, lambda tx: fill(tx, make, C1))
    assert everything(journal, make) == empty
    with journal.writing() as tx:
        fill(tx, make, C1)
    filled = everything(journal, make)
    assert all(before != after for before, after in zip(empty, filled, strict=True))
    with pytest.raises(Crash):
        crash(journal, lambda tx: change(tx, make), lambda tx: fill(tx, make, C2))
    assert everything(journal, make) == filled
    assert journal.verify() == []


def test_a_failure_at_every_call_leaves_nothing(journal: Journal, make: Any) -> None:
    """Fail at the 1st, 2nd, 3rd … call of the transaction."""
    with journal.writing() as tx:
        fill(tx, make, C1)
    before = everything(journal, make)
    calls = 0
    while True:
        calls += 1
        try:
            with journal.writing() as tx:
                failing = FailAt(tx, calls)
                change(failing, make)
                fill(failing, make, C2)
                break
        except Crash:
            assert everything(journal, make) == before
    assert calls > 20
    assert everything(journal, make) != before


class FailAt:
    """A transaction whose n-th call fails after it was made."""

    def __init__(self, tx: Transaction, calls: int) -> None:
        self._tx = tx
        self._left = calls

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._tx, name)

        def call(*given: Any, **named: Any) -> Any:
            result = method(*given, **named)
            self._left -= 1
            if self._left == 0:
                raise Crash
            return result

        return call


def test_a_transaction_reads_its_own_writes(journal: Journal, make: Any) -> None:
    with journal.writing() as tx:
        fill(tx, make, C1)
        assert tx.position() == tx.log(C1)[-1].position
        assert [work.work for work in tx.works(C1)] == ["w1", "w2"]
        assert tx.answer("k1") is not None
        change(tx, make)
        assert [work.work for work in tx.works(C1)] == ["w1"]
        assert tx.followers(C1) == ["8"]


def test_readers_see_only_what_is_committed(journal: Journal, make: Any) -> None:
    make.put(journal)
    with journal.reading() as read:
        before = read.position()
        assert before == read.log(C1)[-1].position
    with journal.writing() as tx:
        fill(tx, make, C2)
        with journal.reading() as read:
            assert isinstance(journal, MemoryJournal) or read.position() == before
    with journal.reading() as read:
        assert read.position() == read.log(C2)[-1].position > before


def test_a_second_transaction_inside_is_a_bug(journal: Journal, make: Any) -> None:
    def write_twice() -> None:
        with journal.writing() as tx:
            tx.create_case(make.case())
            with journal.writing():
                raise AssertionError("two transactions at once")

    with pytest.raises(RuntimeError, match="already open"):
        write_twice()
    with journal.writing() as tx:
        assert tx.case(C1) is None


def test_rows_of_no_case_are_refused(journal: Journal, make: Any) -> None:
    writes: list[Callable[[Transaction], None]] = [
        lambda tx: tx.open_work(make.work()),
        lambda tx: tx.set_timer(TimerRow(case=C1, timer="t", due=make.at())),
        lambda tx: tx.put_content(make.words("m", "x")),
        lambda tx: tx.follow(C1, "7"),
    ]
    for write in writes:
        with pytest.raises(LookupError), journal.writing() as tx:
            write(tx)


def test_next_due_is_the_earliest_of_timers_and_outbox(journal: Journal, make: Any) -> None:
    make.put(journal)
    with journal.reading() as read:
        assert read.next_due() is None
    with journal.writing() as tx:
        tx.set_timer(TimerRow(case=C1, timer="t1", due=make.at(5)))
        assert tx.next_due() == make.at(5)
        tx.post(C1, [make.outbox("a", 2)])
        assert tx.next_due() == make.at(2)
        assert tx.due_timers(make.at(5)) == tx.timers(C1)
        assert tx.due_timers(make.at(5) - timedelta(microseconds=1)) == []
