"""The log: append-only, in one order, written with the state it explains or not at all."""

from typing import Any

import pytest
from msgspec.structs import replace

from genba.journal.contract import Conflict, Journal
from genba.journal.postgres import PostgresJournal
from genba.journal.records import CaseId

C1 = CaseId("c1")


def test_entries_come_back_as_written(journal: Journal, make: Any) -> None:
    who = make.envelope(3, behalf="8", machine=True, act="task.approve", key="k", reason="für 3 €")
    with journal.writing() as tx:
        row = tx.create_case(make.case())
        written = tx.append(row, expected=0, entries=make.entries(3), envelope=who)
    with journal.reading() as read:
        assert read.log(C1) == written
        assert [entry.seq for entry in written] == [1, 2, 3]
        assert {entry.envelope for entry in written} == {who}
        assert read.log(C1, after=1, limit=1) == written[1:2]
        assert read.log(CaseId("nobody")) == []


def test_the_case_is_stored_with_its_log(journal: Journal, make: Any) -> None:
    row = make.put(journal, entries=2, parent="p", parent_element="e1")
    assert (row.revision, row.number) == (2, 1)
    changed = replace(row, title="New", status="completed", ended_at=make.at(5), state=b"{1}")
    with journal.writing() as tx:
        tx.append(changed, expected=2, entries=make.entries(1), envelope=make.envelope(5))
    with journal.reading() as read:
        assert read.case(C1) == replace(changed, revision=3)
        assert read.case_by_number(1) == read.case(C1)
        assert read.case(CaseId("nobody")) is None
        assert read.case_by_number(9) is None


def test_a_stale_revision_conflicts_and_leaves_nothing(journal: Journal, make: Any) -> None:
    row = make.put(journal, entries=2)
    for expected in (0, 1, 3):
        with pytest.raises(Conflict), journal.writing() as tx:
            tx.append(row, expected=expected, entries=make.entries(1), envelope=make.envelope())
    with pytest.raises(Conflict), journal.writing() as tx:
        tx.append(
            make.case("nobody"), expected=0, entries=make.entries(1), envelope=make.envelope()
        )
    with journal.reading() as read:
        assert [entry.position for entry in read.log(C1)][-1] == read.position()
        assert len(read.log(C1)) == 2


def test_a_case_is_created_once(journal: Journal, make: Any) -> None:
    make.put(journal)
    with pytest.raises(Conflict), journal.writing() as tx:
        tx.create_case(make.case())


def test_positions_grow_over_all_cases(journal: Journal, make: Any) -> None:
    for case in ("c1", "c2", "c1"):
        with journal.writing() as tx:
            row = tx.case(CaseId(case)) or tx.create_case(make.case(case))
            tx.append(row, expected=row.revision, entries=make.entries(2), envelope=make.envelope())
    with journal.reading() as read:
        entries = read.log_since(0)
        positions = [entry.position for entry in entries]
        assert positions == sorted(set(positions))
        assert [entry.case for entry in entries] == ["c1", "c1", "c2", "c2", "c1", "c1"]
        assert read.position() == positions[-1]
        assert read.length() == 6
        assert read.log_since(positions[1], limit=3) == entries[2:5]
        assert read.log_since(positions[-1]) == []


def test_positions_have_no_gaps_in_memory_and_on_sqlite(journal: Journal, make: Any) -> None:
    if isinstance(journal, PostgresJournal):
        pytest.skip("positions are those of transactions there")
    for case in ("c1", "c2"):
        make.put(journal, case, entries=2)
    with journal.reading() as read:
        assert [entry.position for entry in read.log_since(0)] == [1, 2, 3, 4]


def test_numbers_count_the_cases(journal: Journal, make: Any) -> None:
    assert [make.put(journal, case).number for case in ("b", "a", "c")] == [1, 2, 3]


def test_the_contract_cannot_change_or_delete_entries() -> None:
    from genba.journal.contract import Transaction

    doors = {name for name in dir(Transaction) if "log" in name or "entr" in name}
    assert doors == {"log", "log_since"}
