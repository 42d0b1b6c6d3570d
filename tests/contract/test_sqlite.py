"""What only a file can do: be opened again, be broken, be full, be of another release."""

import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from genba import journal as journal_folder
from genba.journal.contract import JournalBroken
from genba.journal.queries import placed, queries, several, sql_file
from genba.journal.records import CaseId
from genba.journal.rows import bucket
from genba.journal.sqlite import MIGRATIONS, SqliteJournal
from genba.journal.sqlite_errors import SENTENCES

C1 = CaseId("c1")
LAST = MIGRATIONS[-1][0]


def test_what_was_committed_is_there_after_reopening(tmp_path: Path, make: Any) -> None:
    path = tmp_path / "deep" / "var" / "g.sqlite3"
    journal = SqliteJournal(path)
    row = make.put(journal, entries=3)
    journal.close()
    for _ in range(2):
        journal = SqliteJournal(path)
        with journal.reading() as read:
            assert read.case(C1) == row
            assert read.position() == 3
        assert journal.verify() == []
        journal.close()


def test_a_reader_may_outlive_the_closing(tmp_path: Path, make: Any) -> None:
    journal = SqliteJournal(tmp_path / "g.sqlite3")
    make.put(journal)
    with journal.reading() as read:
        journal.close()
        assert read.position() == 1
    assert journal._idle == []


def test_every_commit_is_flushed(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / "g.sqlite3")
    with journal.writing() as tx, journal.reading() as read:
        for door in (tx, read):
            ask = door._connection.execute  # type: ignore[attr-defined]
            assert ask("PRAGMA journal_mode").fetchone() == ("wal",)
            assert ask("PRAGMA synchronous").fetchone() == (2,)
            assert ask("PRAGMA foreign_keys").fetchone() == (1,)
            assert ask("PRAGMA busy_timeout").fetchone()[0] >= 5_000
    journal.close()


def test_a_folder_that_cannot_be_made_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(JournalBroken, match=r"The folder .* cannot be made"):
        SqliteJournal(tmp_path / "file" / "var" / "g.sqlite3")


def test_a_path_that_cannot_be_opened_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "g.sqlite3").mkdir()
    with pytest.raises(JournalBroken, match="cannot be opened"):
        SqliteJournal(tmp_path / "g.sqlite3")


def test_another_file_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "g.sqlite3").write_bytes(b"This is a letter, not a database." * 100)
    with pytest.raises(JournalBroken, match="not a database of Genba, or it is damaged"):
        SqliteJournal(tmp_path / "g.sqlite3")


def test_a_damaged_file_is_said_plainly(tmp_path: Path, make: Any) -> None:
    path = tmp_path / "g.sqlite3"
    journal = SqliteJournal(path)
    make.put(journal, entries=400)
    journal.close()
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(JournalBroken, match="damaged"):
        _open_and_verify(path)


def _open_and_verify(path: Path) -> list[str]:
    journal = SqliteJournal(path)
    try:
        return journal.verify()
    finally:
        journal.close()


def test_a_full_disk_changes_nothing_and_passes(tmp_path: Path, make: Any) -> None:
    journal = SqliteJournal(tmp_path / "g.sqlite3")
    make.put(journal)
    pages = journal._writer.execute("PRAGMA page_count").fetchone()[0]
    journal._writer.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(JournalBroken, match="is full"):
        make.put(journal, "c2", entries=2_000)
    with journal.reading() as read:
        assert read.position() == 1
        assert read.case(CaseId("c2")) is None
    journal._writer.execute("PRAGMA max_page_count = 100000")
    make.put(journal, "c2", entries=2_000)
    assert journal.verify() == []
    journal.close()


def test_a_file_that_may_not_be_written_is_said_plainly(tmp_path: Path, make: Any) -> None:
    journal = SqliteJournal(tmp_path / "g.sqlite3")
    journal._writer.execute("PRAGMA query_only = ON")
    with pytest.raises(JournalBroken, match="cannot be written"):
        make.put(journal)
    journal.close()


def test_a_bug_of_ours_is_not_called_a_broken_journal(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / "g.sqlite3")
    with pytest.raises(sqlite3.OperationalError, match="no such table"), journal.writing() as tx:
        tx._connection.execute("SELECT 1 FROM nowhere")  # type: ignore[attr-defined]
    journal.close()


def test_a_newer_release_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "g.sqlite3"
    SqliteJournal(path).close()
    raw = sqlite3.connect(path)
    raw.execute("UPDATE journal_shape SET version = 99, compatible_from = 99")
    raw.commit()
    raw.close()
    with pytest.raises(JournalBroken, match="newer release"):
        SqliteJournal(path)


def test_an_older_file_takes_the_missing_steps(
    tmp_path: Path, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "g.sqlite3"
    journal = SqliteJournal(path)
    make.put(journal)
    journal.close()
    from genba.journal import sqlite

    next_step = "CREATE TABLE extra (id INTEGER PRIMARY KEY) STRICT;\n"
    files = {"extra.sql": next_step}
    monkeypatch.setattr(sqlite, "sql_file", lambda name: files.get(name) or sql_file(name))
    monkeypatch.setattr(sqlite, "MIGRATIONS", (*MIGRATIONS, (LAST + 1, "extra.sql")))
    for _ in range(2):
        journal = SqliteJournal(path)
        with journal.reading() as read:
            assert read.position() == 1
            assert read._rows  # type: ignore[attr-defined]
        raw = sqlite3.connect(path)
        assert raw.execute("SELECT version FROM journal_shape").fetchall() == [(LAST + 1,)]
        assert raw.execute("SELECT count(*) FROM extra").fetchone() == (0,)
        raw.close()
        journal.close()


def test_a_failed_step_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "g.sqlite3"
    SqliteJournal(path).close()
    from genba.journal import sqlite

    broken = "CREATE TABLE extra (id INTEGER PRIMARY KEY) STRICT;\nCREATE TABLE extra (id TEXT);\n"
    monkeypatch.setattr(
        sqlite, "sql_file", lambda name: broken if name == "extra.sql" else sql_file(name)
    )
    monkeypatch.setattr(sqlite, "MIGRATIONS", (*MIGRATIONS, (LAST + 1, "extra.sql")))
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        SqliteJournal(path)
    raw = sqlite3.connect(path)
    assert raw.execute("SELECT version FROM journal_shape").fetchall() == [(LAST,)]
    assert raw.execute("SELECT 1 FROM sqlite_master WHERE name = 'extra'").fetchone() is None
    raw.close()


def test_every_query_is_spelled_for_both_databases() -> None:
    lite, postgres = queries("sqlite"), queries("postgres")
    assert lite.keys() - postgres.keys() == set()
    assert postgres.keys() - lite.keys() == {"advance_epoch"}
    assert all(":" not in re.sub(r":\w+\.\.\.|::", "", text) for text in postgres.values())
    assert "nextval" in postgres["next_number"]
    assert "nextval" not in lite["next_number"]


def test_queries_by_place_take_what_they_take_by_name() -> None:
    query = placed()["drop_candidates"]
    assert query.text == "DELETE FROM candidates WHERE case_id = ?1 AND work = ?2"
    assert query.pick({"work": "w1", "more": 0, "case": "c1"}) == ("c1", "w1")
    assert placed()["case_by_number"].pick({"number": 3}) == (3,)
    assert placed()["next_number"].pick({}) == ()
    assert "inbox_mine" not in placed()  # it has a list


def test_an_insert_of_several_rows_keeps_its_end() -> None:
    two = several("post", "postgres", 2)
    row = "(%s, %s, %s, %s, %s, %s, 0, '')"
    assert two.endswith(f"VALUES {row}, {row}\nON CONFLICT (case_id, key) DO NOTHING")
    assert several("append_entry", "sqlite", 3).count("?") == 3 * 14
    with pytest.raises(ValueError, match="does not insert"):
        several("settle", "sqlite", 1)


def test_every_query_is_used() -> None:
    folder = Path(journal_folder.__file__).parent
    source = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    named = queries("sqlite") | queries("postgres")
    unused = [name for name in named if f'"{name}"' not in source]
    assert unused == []


def test_both_schemas_have_the_same_tables_and_columns() -> None:
    lite, postgres = (_columns(sql_file(f"schema_{name}.sql")) for name in ("sqlite", "postgres"))
    assert postgres.keys() - lite.keys() == {"log_epoch"}
    assert {table: postgres[table] for table in lite} == lite


def _columns(schema: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    table = ""
    for line in schema.splitlines():
        if line.startswith("CREATE TABLE"):
            table = line.split()[2]
            found[table] = set()
        elif line.startswith(")"):
            table = ""
        elif table and line.strip() and line.split()[0].islower():
            found[table].add(line.split()[0])
    return found


def test_buckets_are_stable() -> None:
    assert [bucket(case) for case in ("", "c1", "c2")] == [0, 33, 27]


def test_every_sentence_says_whose_fault_and_what_to_do() -> None:
    for text in SENTENCES.values():
        assert "{path}" in text or "{folder}" in text
        assert text.count(". ") >= 1
