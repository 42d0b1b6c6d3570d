"""From SQLite to PostgreSQL by one command, checked; and the same behaviour on both."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from genba.journal import moving
from genba.journal.contract import JournalBroken
from genba.journal.postgres import PostgresJournal, connect
from genba.journal.sqlite import SqliteJournal
from tests.postgres import new_database
from tests.serving import PROGRAM, surroundings

DRAWING = Path(__file__).parents[1] / "drawings" / "purchase.bpmn"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def url() -> Iterator[str]:
    """An empty database."""
    with new_database() as made:
        yield made


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A command on an installation of the test's own; settings by name."""

    def command(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(PROGRAM), *arguments],
            env={**surroundings(tmp_path / "var"), **settings},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return command


def test_an_installation_moves_and_goes_on(run: Run, url: str) -> None:
    assert run("person", "add", "buyer@example.org", "--group", "Staff").returncode == 0
    assert run("deploy", str(DRAWING)).returncode == 0
    done = run(
        "act",
        "process",
        "purchase",
        "start",
        "--as",
        "buyer@example.org",
        "title=Chairs",
        "amount=90",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = run("verify")
    moved = run("move", "--to", url)
    assert moved.returncode == 0, moved.stderr
    assert "1 account" in moved.stdout
    assert "password" not in moved.stdout
    again = run("verify", GENBA_DATABASE_URL=url)
    assert (again.returncode, again.stdout) == (0, told.stdout)
    second = run("move", "--to", url)
    assert second.returncode == 2
    assert "is not empty" in second.stderr
    assert run("verify").stdout == told.stdout
    more = run("person", "add", "other@example.org", "--group", "Buying", GENBA_DATABASE_URL=url)
    assert more.returncode == 0, more.stderr
    deployed = run("deploy", str(DRAWING), GENBA_DATABASE_URL=url)
    assert deployed.returncode == 0, deployed.stderr


@pytest.mark.parametrize(
    ("settings", "to", "said"),
    [
        ({}, "sqlite:///x.sqlite3", "--to names a PostgreSQL database"),
        ({}, "mysql://x", "cannot be read"),
        ({}, "postgresql://me:secret@127.0.0.1:1/x", "x at 127.0.0.1:1 cannot be opened"),
    ],
)
def test_what_cannot_be_moved_is_said(
    run: Run, settings: dict[str, str], to: str, said: str
) -> None:
    assert run("person", "add", "buyer@example.org").returncode == 0
    answer = run("move", "--to", to, **settings)
    assert answer.returncode == 2
    assert said in answer.stderr
    assert "secret" not in answer.stderr


def test_an_address_nobody_can_read_is_said(run: Run) -> None:
    answer = run("verify", GENBA_DATABASE_URL="mysql://me:secret@h/x")
    assert answer.returncode == 2
    assert answer.stderr.startswith("genba: GENBA_DATABASE_URL cannot be read")
    assert "secret" not in answer.stderr


def test_a_row_that_arrives_changed_moves_nothing(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "g.sqlite3"
    journal = SqliteJournal(path)
    from genba.journal.records import Answer
    from tests.conftest import AT

    with journal.writing() as tx:
        tx.remember(Answer(key="k", actor="7", digest="d", body=b"\x00\xff", at=AT))
    journal.close()
    PostgresJournal(url).close()
    with connect(url) as raw:
        raw.execute(
            "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN NEW.actor := 'x'; RETURN NEW; END $$"
        )
        raw.execute("CREATE TRIGGER lose BEFORE INSERT ON answers FOR EACH ROW EXECUTE"
                    " FUNCTION lose()")  # fmt: skip
    broken = pytest.raises(JournalBroken, match="answers did not arrive")
    with moving.held_still(path) as source, broken:
        moving.copy_journal(source, url)
    with connect(url) as raw:
        assert raw.execute("SELECT count(*) FROM answers").fetchone() == (0,)
        raw.execute("DROP TRIGGER lose ON answers")
    with moving.held_still(path) as source:
        assert moving.copy_journal(source, url)["answers"] == 1


def test_nobody_writes_meanwhile(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "g.sqlite3"
    with moving.held_still(path):
        other = sqlite3.connect(path, timeout=0.1, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()


def test_every_table_of_the_journal_is_moved(tmp_path: Path) -> None:
    path = tmp_path / "g.sqlite3"
    with moving.held_still(path) as source:
        found = source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        tables = {name for (name,) in found} - {"journal_shape"}
    # What is found by words is made of the contents, where they arrive.
    made = {name for name in tables if name == "findable" or name.startswith("found_words")}
    assert tables - made == set(moving.TABLES)
