"""The hash chain finds every flipped, deleted, reordered or exchanged entry."""

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from genba.journal.contract import Journal
from genba.journal.memory import MemoryJournal
from genba.journal.records import CaseId, Entry
from genba.journal.sqlite import SqliteJournal

COLUMNS = "seq position type body at actor behalf channel machine act key reason hash".split()  # noqa: SIM905


def fill(journal: Journal, make: Any) -> None:
    for case in ("c1", "c2"):
        make.put(journal, case, entries=3)
    with journal.writing() as tx:
        row = tx.case(CaseId("c1"))
        assert row is not None
        told = make.envelope(2, behalf="8", act="task.approve", key="k", reason="yes")
        tx.append(row, expected=3, entries=make.entries(2), envelope=told)


def test_an_honest_log_is_clean(journal: Journal, make: Any) -> None:
    assert journal.verify() == []
    fill(journal, make)
    assert journal.verify() == []
    assert journal.verify(CaseId("c1")) == []
    assert journal.verify(CaseId("nobody")) != []


def flipped(value: Any) -> Any:
    """The value with one bit changed."""
    if isinstance(value, int):
        return value ^ 1
    if isinstance(value, bytes):
        return bytes([value[0] ^ 1]) + value[1:] if value else b"\x00"
    return chr(ord(value[0]) ^ 1) + value[1:] if value else "\x01"


@pytest.fixture
def tamper(tmp_path: Path, make: Any) -> Callable[..., list[str]]:
    """Run SQL behind the journal's back on a filled file and say what verify finds."""

    def run(*steps: tuple[str, tuple[Any, ...]] | Callable[..., None]) -> list[str]:
        path = tmp_path / f"{random.randrange(10**12)}.sqlite3"
        journal = SqliteJournal(path)
        fill(journal, make)
        journal.close()
        with sqlite3.connect(path) as raw:
            raw.execute("DROP TRIGGER log_never_changes")
            raw.execute("DROP TRIGGER log_never_shrinks")
            before = raw.total_changes
            for step in steps:
                if callable(step):
                    step(raw)
                else:
                    raw.execute(*step)
            assert raw.total_changes > before
        raw.close()
        journal = SqliteJournal(path)
        try:
            return journal.verify()
        finally:
            journal.close()

    return run


def test_the_database_itself_refuses_to_change_the_log(tmp_path: Path, make: Any) -> None:
    journal = SqliteJournal(tmp_path / "g.sqlite3")
    fill(journal, make)
    journal.close()
    raw = sqlite3.connect(tmp_path / "g.sqlite3")
    for statement in ("UPDATE log SET actor = 'x'", "DELETE FROM log"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw.execute(statement)
    raw.close()


@pytest.mark.security("S16")
@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("position", [1, 3, 8])
def test_one_flipped_bit_is_found(tamper: Any, column: str, position: int) -> None:
    def flip(raw: sqlite3.Connection) -> None:
        query = f"SELECT {column} FROM log WHERE position = ?"
        value = raw.execute(query, (position,)).fetchone()[0]
        changed = value + 100 if column in ("seq", "position") else flipped(value)
        raw.execute(f"UPDATE log SET {column} = ? WHERE position = ?", (changed, position))

    assert tamper(flip)


@pytest.mark.security("S16")
@pytest.mark.parametrize("position", range(1, 9))
def test_one_deleted_entry_is_found(tamper: Any, position: int) -> None:
    assert tamper(("DELETE FROM log WHERE position = ?", (position,)))


@pytest.mark.security("S16")
def test_a_log_cut_short_is_found_even_with_the_case_set_back(tamper: Any) -> None:
    assert tamper(("DELETE FROM log WHERE position >= ?", (7,)))
    assert tamper(
        ("DELETE FROM log WHERE case_id = 'c1' AND seq > ?", (3,)),
        ("UPDATE cases SET revision = ? WHERE case_id = 'c1'", (3,)),
    )


def test_a_deleted_case_is_found(tamper: Any) -> None:
    assert tamper(("DELETE FROM cases WHERE case_id = 'c1'", ()))
    assert tamper(
        ("DELETE FROM log WHERE case_id = 'c1'", ()),
        ("DELETE FROM cases WHERE case_id = 'c1'", ()),
    )


@pytest.mark.security("S16")
@pytest.mark.parametrize(("one", "other"), [(1, 2), (2, 3), (1, 8), (1, 4), (3, 5)])
def test_exchanged_entries_are_found(tamper: Any, one: int, other: int) -> None:
    """Within a case and between cases, by their places or by what they say."""
    move = "UPDATE log SET position = ? WHERE position = ?"
    assert tamper((move, (-1, one)), (move, (one, other)), (move, (other, -1)))

    def exchange(raw: sqlite3.Connection) -> None:
        query = "SELECT type, body, hash FROM log WHERE position = ?"
        said = {at: raw.execute(query, (at,)).fetchone() for at in (one, other)}
        write = "UPDATE log SET type = ?, body = ?, hash = ? WHERE position = ?"
        raw.execute(write, (*said[one], other))
        raw.execute(write, (*said[other], one))

    assert tamper(exchange)


def test_seqs_exchanged_within_a_case_are_found(tamper: Any) -> None:
    assert tamper(
        ("UPDATE log SET seq = -1 WHERE case_id = 'c1' AND seq = 1", ()),
        ("UPDATE log SET seq = 1 WHERE case_id = 'c1' AND seq = 2", ()),
        ("UPDATE log SET seq = 2 WHERE case_id = 'c1' AND seq = -1", ()),
    )


def test_random_changes_are_found_in_memory(make: Any) -> None:
    chance = random.Random(7)
    for _ in range(300):
        journal = MemoryJournal()
        fill(journal, make)
        log = journal._tables.log
        rows: dict[int, Entry] = log._rows["c1"]
        how = chance.choice(["flip", "delete", "swap", "foreign"])
        seq, other = chance.sample(sorted(rows), 2)
        if how == "flip":
            rows[seq] = _one_field_changed(rows[seq], chance)
        elif how == "delete":
            del rows[seq]
        elif how == "swap":
            rows[seq], rows[other] = (
                replace(rows[other], seq=seq),
                replace(rows[seq], seq=other),
            )
        else:
            foreign = chance.choice(list(log._rows["c2"].values()))
            rows[seq] = replace(foreign, case=CaseId("c1"), seq=seq)
        assert journal.verify(), (how, seq, other)
        assert journal.verify(CaseId("c1")), (how, seq, other)


def _one_field_changed(entry: Entry, chance: random.Random) -> Entry:
    field = chance.choice(["seq", "position", "type", "body", "hash", "actor", "reason", "machine"])
    if field in ("actor", "reason"):
        changed = replace(entry.envelope, **{field: flipped(getattr(entry.envelope, field))})
        return replace(entry, envelope=changed)
    if field == "machine":
        return replace(entry, envelope=replace(entry.envelope, machine=not entry.envelope.machine))
    return replace(entry, **{field: flipped(getattr(entry, field))})
