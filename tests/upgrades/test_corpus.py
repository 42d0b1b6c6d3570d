"""What earlier releases wrote on logs is read today, and nothing of it is lost."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from genba.journal.records import CaseId, Entry, Envelope
from genba.runtime.formats import UPCASTERS
from genba.runtime.migrations import STAYED, Stayed
from genba.runtime.recording import ENGINE_TYPES, read_event, up_to_date, write
from tests.upgrades.player import T0

FILES = sorted(Path(__file__).with_name("corpus").glob("*.jsonl"))
LINES = [
    pytest.param(json.loads(line), id=f"{file.stem}-{json.loads(line)['type']}")
    for file in FILES
    for line in file.read_text().splitlines()
]


def entry(line: dict[str, Any]) -> Entry:
    """A line of the corpus, as it is on a log."""
    return Entry(
        position=1,
        case=CaseId("c"),
        seq=1,
        type=line["type"],
        body=json.dumps(line["body"]).encode(),
        envelope=Envelope(at=T0),
        hash=b"",
    )


def test_there_is_a_file_of_each_earlier_format() -> None:
    kept = {line.values[0]["type"] for line in LINES}  # type: ignore[index, call-overload]
    assert UPCASTERS.keys() <= kept
    assert [file.stem for file in FILES] == ["677a048", "e725466"]


@pytest.mark.parametrize("line", LINES)
def test_an_entry_is_read_with_all_it_says(line: dict[str, Any]) -> None:
    now = up_to_date(entry(line))
    assert now.type not in UPCASTERS
    if now.type not in ENGINE_TYPES:
        assert "." in now.type
        return
    event = read_event(entry(line))
    assert event is not None
    told = json.loads(write(event))
    was = json.loads(now.body)
    assert {name: told[name] for name in was} == was


def test_why_a_case_stayed_is_read_from_the_two_lists_it_once_was() -> None:
    (line,) = [one.values[0] for one in LINES if one.id == "e725466-migration.stayed"]
    old = entry(line)  # type: ignore[arg-type]
    assert json.loads(old.body).keys() == {"version", "fate", "rules", "nodes"}
    now = up_to_date(old)
    assert now.type == STAYED
    assert msgspec.json.decode(now.body, type=Stayed) == Stayed(
        version=2, fate="choice", reasons=(("migrate.gone", "pack"),)
    )
