"""`genba acts` and `genba act`."""

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from genba.cli.answers import Impossible
from genba.cli.verbs import read_values

Genba = Callable[..., Any]


def test_input_is_read_from_words() -> None:
    assert read_values(["a=1", "b=x=y", "c=", "d=1", "d=2", "d=3"]) == {
        "a": "1",
        "b": "x=y",
        "c": "",
        "d": ["1", "2", "3"],
    }


@pytest.mark.parametrize("word", ["approve", "=x"])
def test_a_word_that_is_no_input_is_said(word: str) -> None:
    with pytest.raises(Impossible, match="name=value"):
        read_values([word])


def test_acts_prints_the_registry_in_either_language(installed: Genba) -> None:
    english, french = installed("acts"), installed("acts", "--language", "fr")
    assert english.code == french.code == 0
    rows = {line.split("  ")[0]: line for line in english.out.splitlines()}
    assert {"process.start", "task.approve", "case.comment"} <= set(rows)
    assert "approve" in rows["task.approve"]
    assert "approuver" in french.out


def test_acting_without_an_installation_is_one_sentence(installed: Genba) -> None:
    answer = installed("act", "case", "x", "comment", "--as", "a@example.org")
    assert answer.code == 2
    assert len(answer.err.splitlines()) == 1
    assert "genba serve" in answer.err


def test_deploy_start_and_verify(installed: Genba, drawing: Path) -> None:
    assert installed("deploy", drawing).out.startswith("choice version 1: A choice")
    assert installed("deploy", drawing).out.startswith("choice version 1: A choice")
    made = installed("person", "add", "lead@example.org", "--name", "Lead", "--group", "A choice")
    assert "Lead <lead@example.org> in A choice" in made.out
    assert "Password: " in made.out
    again = installed("person", "add", "lead@example.org")
    assert (again.code, len(again.err.splitlines())) == (2, 1)

    started = installed("act", "process", "choice", "start", "--as", "lead@example.org")
    assert started.code == 0, started.out + started.err
    assert re.fullmatch(r"The log is whole: 1 case, \d+ entries\.\n", installed("verify").out)
    refused = installed("act", "process", "choice", "start", "--as", "nobody@example.org")
    assert (refused.code, refused.err) == (
        2,
        "genba: Nobody here is called “nobody@example.org”.\n",
    )


def test_acting_on_a_case_by_its_number_as_somebody_by_handle(
    installed: Genba, drawing: Path
) -> None:
    installed("deploy", drawing)
    installed("person", "add", "lead@example.org", "--name", "Lead", "--group", "A choice")
    assert installed("act", "process", "choice", "start", "--as", "lead").code == 0
    said = installed("act", "case", "1", "comment", "text=hello", "--as", "lead")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("Added.")
    assert installed("act", "case", "9" * 30, "comment", "text=hello", "--as", "lead").code == 1


def test_acts_and_objects_that_do_not_exist_are_named(installed: Genba, drawing: Path) -> None:
    installed("deploy", drawing)
    fly = installed("act", "case", "1", "fly", "--as", "lead")
    assert fly.code == 2
    assert "no act “fly”" in fly.err
    assert "comment" in fly.err
    bird = installed("act", "bird", "1", "fly", "--as", "lead")
    assert bird.code == 2
    assert "write one of account, ask, calendar, case" in bird.err


def test_an_entry_changed_behind_the_back_is_found(
    installed: Genba, drawing: Path, tmp_path: Path
) -> None:
    installed("deploy", drawing)
    installed("person", "add", "lead@example.org", "--group", "A choice")
    assert installed("act", "process", "choice", "start", "--as", "lead@example.org").code == 0
    database = sqlite3.connect(tmp_path / "var" / "genba.sqlite3")
    with database:
        database.execute("DROP TRIGGER log_never_changes")
        database.execute("UPDATE log SET body = x'7b7d' WHERE seq = 1")
    database.close()
    answer = installed("verify")
    assert answer.code == 1
    assert "not what was written" in answer.out


def test_a_table_is_deployed_and_refused_like_a_drawing(installed: Genba, tmp_path: Path) -> None:
    table = Path(__file__).parents[1] / "drawings" / "purchase-limit.dmn"
    for _ in range(2):
        said = installed("deploy", table)
        assert (said.code, said.out) == (0, "purchase-limit version 1: Purchase limit\n")
    broken = tmp_path / "broken.dmn"
    broken.write_bytes(table.read_bytes().replace(b"&lt; 5000", b"&lt; 5000 +"))
    said = installed("deploy", broken)
    assert said.code == 1
    assert "broken.dmn" in said.out
