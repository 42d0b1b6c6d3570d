"""The front of a queue, who has how much of it, and what somebody did; over every store."""

from typing import Any

from genba.journal.contract import Journal
from genba.journal.records import CaseId, Deed

C1 = CaseId("c1")
BUYERS = "group/Buyers"


def front(journal: Journal, who: str = BUYERS, **page: int) -> list[str]:
    with journal.reading() as read:
        return [row.work.work for row in read.queue(who, **page)]


def test_a_queue_is_in_the_order_of_its_ranks(journal: Journal, make: Any) -> None:
    make.put(journal)
    with journal.writing() as tx:
        tx.open_work(make.work(work="w1", rank=make.at(30)))
        tx.open_work(make.work(work="w2", due=make.at(20)))
        tx.open_work(make.work(work="w3", opened_at=make.at(40)))
        tx.open_work(make.work(work="w4", rank=make.at(10), role="Painters", users=("7",)))
        tx.open_work(make.work(work="w5", rank=make.at(1), assignee="7"))
        tx.open_work(make.work(work="w6", rank=make.at(1), later=make.at(90)))
    assert front(journal) == ["w2", "w1", "w3"]
    assert front(journal, limit=1, after=1) == ["w1"]
    assert front(journal, "person/7") == ["w4"]
    with journal.reading() as read:
        assert [row.work.rank for row in read.queue(BUYERS)] == [None, make.at(30), None]
        assert read.queue_length(BUYERS) == 3
        assert read.queue_length(BUYERS, 2) == 2
        assert read.in_hand(BUYERS) == {"7": 1}
        assert read.in_hand("group/Painters") == {}


def test_what_is_taken_given_back_put_off_or_done_moves(journal: Journal, make: Any) -> None:
    make.put(journal)
    with journal.writing() as tx:
        for number in (1, 2, 3):
            tx.open_work(make.work(work=f"w{number}", rank=make.at(number)))
    with journal.writing() as tx:
        assert tx.hold_work(C1, "w1")
        tx.assign_work(C1, "w1", "7")
        assert not tx.hold_work(C1, "w1")
        assert not tx.hold_work(C1, "w9")
    assert front(journal) == ["w2", "w3"]
    with journal.writing() as tx:
        tx.assign_work(C1, "w1", "")
        tx.revise_work(make.work(work="w2", rank=make.at(9)))
    assert front(journal) == ["w1", "w3", "w2"]
    with journal.writing() as tx:
        tx.revise_work(make.work(work="w1", rank=make.at(1), later=make.at(50)))
        tx.assign_work(C1, "w3", "8")
        tx.assign_work(C1, "w1", "8")
    assert front(journal) == ["w2"]
    with journal.writing() as tx:
        tx.assign_work(C1, "w1", "")
    assert front(journal) == ["w2"]  # still put off
    with journal.reading() as read:
        assert read.queue_length(BUYERS) == 1
        assert read.in_hand(BUYERS) == {"8": 1}


def test_what_somebody_did(journal: Journal, make: Any) -> None:
    make.put(journal)
    make.put(journal, "c2", process="other", version=2)
    with journal.writing() as tx:
        for number, (case, node, outcome) in enumerate(
            [("c1", "a", "completed"), ("c1", "a", "completed"), ("c2", "b", "completed"),
             ("c1", "a", "cancelled")]
        ):  # fmt: skip
            work = f"w{number}"
            tx.open_work(make.work(case=case, work=work, node=node, title=node.upper()))
            at = make.at(number)
            tx.close_work(CaseId(case), work, at=at, by="7", outcome=outcome, channel="web")
    with journal.reading() as read:
        (first, second) = read.deeds("7")
        assert (first.node, first.count, first.last) == ("a", 2, make.at(1))
        assert second == Deed(
            process="other", version=2, node="b", title="B", count=1, last=make.at(2)
        )
        assert read.deeds("7", 1) == [second]
        assert read.deeds("8") == []
