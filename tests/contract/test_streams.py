"""Logs that are no case, on every store."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from genba.journal import sqlite
from genba.journal.contract import CaseQuery, Conflict, InboxQuery, Journal, NewEntry
from genba.journal.records import CaseId, Content, Entry, StreamRow
from genba.journal.sqlite import SqliteJournal
from genba.journal.sqlite_writing import SqliteTransaction

LIMITS = "decision:limits"

Put = Callable[..., list[Entry]]


@pytest.fixture
def put(journal: Journal, make: Any) -> Put:
    """Write some entries to a stream of its own kind."""

    def written(
        id: str = LIMITS,
        expected: int = 0,
        count: int = 1,
        minutes: float = 0,
        state: bytes = b'{"n":1}',
        **more: Any,
    ) -> list[Entry]:
        row = StreamRow(id=CaseId(id), kind=id.partition(":")[0], updated=make.at(), state=state)
        with journal.writing() as tx:
            return tx.write_stream(
                row,
                expected=expected,
                entries=make.entries(count),
                envelope=make.envelope(minutes),
                **more,
            )

    return written


def ids(rows: list[StreamRow]) -> list[str]:
    return [row.id for row in rows]


def test_the_first_entry_makes_it(journal: Journal, make: Any, put: Put) -> None:
    with journal.reading() as reading:
        assert reading.stream(LIMITS) is None
        assert reading.log(CaseId(LIMITS)) == []
    made = put(count=2, minutes=3)
    with journal.reading() as reading:
        assert reading.log(CaseId(LIMITS)) == made
        assert reading.stream(LIMITS) == StreamRow(
            id=CaseId(LIMITS), kind="decision", revision=2, updated=make.at(3), state=b'{"n":1}'
        )
    put(expected=2, minutes=5, state=b"{}")
    with journal.reading() as reading:
        row = reading.stream(LIMITS)
        assert row is not None
        assert (row.revision, row.updated, row.state) == (3, make.at(5), b"{}")
        assert [entry.seq for entry in reading.log(row.id)] == [1, 2, 3]
    assert journal.verify() == []
    assert journal.verify(CaseId(LIMITS)) == []


def test_who_was_slower_gets_a_conflict(journal: Journal, put: Put) -> None:
    with pytest.raises(Conflict):
        put(expected=1)
    put()
    for stale in (0, 2):
        with pytest.raises(Conflict):
            put(expected=stale)
    with journal.reading() as reading:
        assert len(reading.log(CaseId(LIMITS))) == 1


def test_the_same_transaction_writes_twice(journal: Journal, make: Any) -> None:
    row = StreamRow(id=CaseId(LIMITS), kind="decision", updated=make.at())
    with journal.writing() as tx:
        for expected in (0, 1):
            tx.write_stream(
                row, expected=expected, entries=make.entries(1), envelope=make.envelope()
            )
        seen = tx.stream(LIMITS)
        assert seen is not None
        assert seen.revision == 2
    assert journal.verify() == []


def test_what_is_no_stream_is_refused(journal: Journal, make: Any, put: Put) -> None:
    with pytest.raises(ValueError, match="no stream of the kind"):
        put("limits")
    with pytest.raises(ValueError, match="without saying what happened"):
        put(count=0)
    with pytest.raises(ValueError, match="not a case"), journal.writing() as tx:
        tx.create_case(make.case(LIMITS))


def test_found_by_kind_and_mark_page_by_page(journal: Journal, put: Put) -> None:
    put("note:a", marks=("process:buy", "step:pay"))
    put("note:b", marks=["process:buy", "process:buy"])
    put("note:c")
    put("team:a", marks=("process:buy",))
    with journal.reading() as reading:
        assert ids(reading.streams("note")) == ["note:a", "note:b", "note:c"]
        assert ids(reading.streams("note", limit=1, after="note:a")) == ["note:b"]
        assert ids(reading.streams("note", mark="process:buy")) == ["note:a", "note:b"]
        assert ids(reading.streams("note", mark="process:buy", after="note:a")) == ["note:b"]
        assert ids(reading.streams("note", mark="step:pay")) == ["note:a"]
        assert reading.streams("note", mark="process:") == reading.streams("nothing") == []
        (row,) = reading.streams("team")
        assert row.state == b'{"n":1}'
    put("note:a", expected=1)
    put("note:b", expected=1, marks=("step:pay",))
    with journal.reading() as reading:
        assert ids(reading.streams("note", mark="process:buy")) == ["note:a"]
        assert ids(reading.streams("note", mark="step:pay")) == ["note:a", "note:b"]


def test_words_and_followers_belong_to_it(journal: Journal, make: Any, put: Put) -> None:
    stream = CaseId(LIMITS)
    with journal.writing() as tx:  # before its first entry, in the same transaction
        tx.put_content(make.words("t1", "Why 5,000?", LIMITS))
        tx.follow(stream, "7")
        row = StreamRow(id=stream, kind="decision", updated=make.at())
        tx.write_stream(row, expected=0, entries=make.entries(1), envelope=make.envelope())
    with journal.reading() as reading:
        assert [content.body for content in reading.contents(stream)] == [b"Why 5,000?"]
        assert reading.followers(stream) == ["7"]
    with journal.writing() as tx:
        tx.erase_content(stream, "t1")
        tx.unfollow(stream, "7")
        tx.post(stream, [make.outbox("k")])
    with journal.reading() as reading:
        erased = reading.content(stream, "t1")
        assert erased is not None
        assert (erased.body, erased.erased) == (b"", True)
        assert reading.followers(stream) == []
        assert [row.key for row in reading.outbox(stream)] == ["k"]
    assert journal.verify() == []


def test_a_case_that_is_not_there_takes_no_words(journal: Journal, make: Any) -> None:
    with pytest.raises(LookupError), journal.writing() as tx:
        tx.put_content(make.words("t1", "Hello", "nobody"))
    with pytest.raises(LookupError), journal.writing() as tx:
        tx.follow(CaseId("nobody"), "7")


def test_a_question_about_cases_never_meets_it(journal: Journal, make: Any, put: Put) -> None:
    before = make.put(journal)
    put()
    with journal.writing() as tx:
        tx.follow(CaseId(LIMITS), "9")
    with journal.reading() as reading:
        assert [row.case for row in reading.cases(CaseQuery())] == [before.case]
        assert reading.cases(CaseQuery(person="9")) == []
        assert reading.count_cases(CaseQuery()) == 1
        assert reading.case(CaseId(LIMITS)) is None
        assert reading.inbox(InboxQuery(person="9", now=make.at())) == []
        # but who follows the log of the installation does
        assert [entry.case for entry in reading.log_since(0)] == ["c1", LIMITS]
        assert reading.length() == 2


def test_what_was_taken_back_is_not_there(journal: Journal, make: Any, put: Put) -> None:
    put(marks=("a",))

    def fail() -> None:
        with journal.writing() as tx:
            row = StreamRow(id=CaseId(LIMITS), kind="decision", updated=make.at(), state=b"[]")
            tx.write_stream(
                row, expected=1, entries=make.entries(1), envelope=make.envelope(), marks=("b",)
            )
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with journal.reading() as reading:
        assert ids(reading.streams("decision", mark="a")) == [LIMITS]
        assert reading.streams("decision", mark="b") == []
        (row,) = reading.streams("decision")
        assert (row.revision, row.state) == (1, b'{"n":1}')
    assert journal.verify() == []


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE log SET body = x'00' WHERE case_id = 'decision:limits' AND seq = 2",
        "DELETE FROM log WHERE case_id = 'decision:limits' AND seq = 3",
        "UPDATE streams SET revision = 4",
        "DELETE FROM streams",
    ],
)
def test_verify_covers_it(tmp_path: Path, make: Any, tampering: str) -> None:
    journal = SqliteJournal(tmp_path / "g.sqlite3")
    with journal.writing() as tx:
        row = StreamRow(id=CaseId(LIMITS), kind="decision", updated=make.at())
        tx.write_stream(row, expected=0, entries=make.entries(3), envelope=make.envelope())
    assert journal.verify() == []
    journal.close()
    with sqlite3.connect(tmp_path / "g.sqlite3") as raw:
        raw.execute("DROP TRIGGER log_never_changes")
        raw.execute("DROP TRIGGER log_never_shrinks")
        raw.execute(tampering)
    raw.close()
    journal = SqliteJournal(tmp_path / "g.sqlite3")
    found = journal.verify()
    journal.close()
    assert any("decision:limits" in line for line in found)


def test_a_file_of_before_keeps_all_it_had(
    tmp_path: Path, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "g.sqlite3"
    with monkeypatch.context() as older:
        older.setattr(sqlite, "MIGRATIONS", sqlite.MIGRATIONS[:3])
        older.setattr(SqliteTransaction, "_find", lambda *given: None)  # it had no index
        journal = SqliteJournal(path)
        make.put(journal, entries=4)
        with journal.writing() as tx:
            tx.put_content(make.words("t1", "Hello"))
            tx.put_content(
                Content(case=CaseId("c1"), id="f", kind="file", name="a", size=1, body=b"\x00")
            )
            tx.follow(CaseId("c1"), "7")
        with journal.reading() as reading:
            before = reading.log_since(0), reading.contents(CaseId("c1"))
        journal.close()
    with sqlite3.connect(path) as raw:  # a work as that release wrote it
        raw.execute(
            "INSERT INTO works VALUES ('c1', 'w1', 'task', 'n1', 'Approve', 'Buyers', '', '[]',"
            " '[]', 1, 50, 1, NULL, '', '', '', 0)"
        )
    raw.close()
    journal = SqliteJournal(path)
    with journal.reading() as reading:
        assert (reading.log_since(0), reading.contents(CaseId("c1"))) == before
        assert reading.followers(CaseId("c1")) == ["7"]
        assert [one.part for one in reading.found(["hello"])] == ["content/t1"]
        (work,) = reading.works(CaseId("c1"))
        assert (work.role, work.later) == ("Buyers", None)
        file = reading.content(CaseId("c1"), "f")
        assert file is not None
        assert file.body == b"\x00"
    assert journal.verify() == []
    with journal.writing() as tx:
        row = tx.case(CaseId("c1"))
        assert row is not None
        more = [NewEntry("told", b"{}")]
        tx.append(row, expected=4, entries=more, envelope=make.envelope())
    assert journal.verify() == []
    journal.close()
    raw = sqlite3.connect(path)
    for statement in ("UPDATE log SET actor = 'x'", "DELETE FROM log"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw.execute(statement)
    raw.close()
