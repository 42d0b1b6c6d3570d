"""Entries of an earlier format are read in the one of today; what is newer is left alone."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from genba.engine.commands import Cancel
from genba.engine.events import CaseCancelled
from genba.journal.contract import NewEntry
from genba.journal.records import CaseId, Entry, Envelope
from genba.runtime import formats
from genba.runtime.folding import differs, fold
from genba.runtime.formats import UPCASTERS, following
from genba.runtime.loop import ATTEMPTS
from genba.runtime.recording import WrittenByNewer, read_event, read_snapshot, up_to_date
from genba.runtime.unit import open_unit
from tests.runtime.conftest import T0


def entry(type: str, body: bytes) -> Entry:
    return Entry(
        position=1,
        case=CaseId("c"),
        seq=1,
        type=type,
        body=body,
        envelope=Envelope(at=T0),
        hash=b"h",
    )


def test_a_format_follows_the_one_before() -> None:
    assert following("work-opened") == "work-opened@2"
    assert following("work-opened@2") == "work-opened@3"
    for type in UPCASTERS:
        name, _at, number = type.partition("@")
        earlier = (name, *(f"{name}@{one}" for one in range(2, int(number or 1))))
        assert set(earlier) <= UPCASTERS.keys(), "none between is left out"


def test_an_entry_of_today_is_read_as_it_is() -> None:
    new = entry("talk.said", b'{"content":"w1"}')
    assert up_to_date(new) is new


def test_an_engine_event_goes_through_all_its_formats(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cancelling as it might have been: a number for the reason, later a text in another member."""

    def in_words(body: dict[str, Any]) -> dict[str, Any]:
        return {"type": body["type"], "why": f"reason {body['code']}"}

    def renamed(body: dict[str, Any]) -> dict[str, Any]:
        return {"type": body["type"], "reason": body["why"]}

    third = msgspec.defstruct(
        "Third", [("reason", str)], tag="case-cancelled@3", frozen=True, kw_only=True
    )
    monkeypatch.setitem(formats.UPCASTERS, "case-cancelled", in_words)
    monkeypatch.setitem(formats.UPCASTERS, "case-cancelled@2", renamed)
    first = entry("case-cancelled", b'{"type":"case-cancelled","code":7}')
    now = up_to_date(first)
    assert now.type == "case-cancelled@3"
    assert msgspec.json.decode(now.body, type=third) == third(reason="reason 7")
    assert (now.hash, now.seq) == (first.hash, first.seq), "the chain is that of what was written"
    second = entry("case-cancelled@2", b'{"type":"case-cancelled@2","why":"late"}')
    assert msgspec.json.decode(up_to_date(second).body) == {
        "type": "case-cancelled@3",
        "reason": "late",
    }


def test_fractions_stay_exact_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(formats.UPCASTERS, "stock.counted", lambda body: body)
    exact = b'{"amount":1.10000000000000000000000001}'
    assert up_to_date(entry("stock.counted", exact)).body == exact


def test_an_event_of_a_newer_release_is_refused_in_words() -> None:
    assert read_event(entry("case-cancelled", b'{"type":"case-cancelled","reason":"r"}')) == (
        CaseCancelled(reason="r")
    )
    assert read_event(entry("talk.said@9", b"{}")) is None, "none of the engine's"
    for type in ("case-cancelled@2", "case-teleported"):
        with pytest.raises(WrittenByNewer, match=f"newer release of Genba .*{type}"):
            read_event(entry(type, b"{}"))


def test_a_state_of_a_newer_release_is_left_as_it_is(world: Any, draw: Any) -> None:
    """Read and written again it would lose what this release does not know."""
    world.deploy(draw.two_steps())
    case = world.start("steps")
    newer = world.row(case).state[:-1] + b',"mood":"good"}'
    with world.inst.journal.writing() as tx:
        row = msgspec.structs.replace(tx.case(case), state=newer)
        note = [NewEntry("case.noted", b"{}")]
        tx.append(row, expected=row.revision, entries=note, envelope=world.envelope())
    with (
        pytest.raises(WrittenByNewer, match="Nothing was changed or lost"),
        open_unit(world.inst, world.envelope()) as unit,
    ):
        unit.open(case).command(Cancel(at=unit.now))
    with pytest.raises(WrittenByNewer, match="mood"):
        read_snapshot(newer)
    assert world.row(case).state == newer


def test_what_is_due_for_such_a_case_waits_for_a_worker_of_that_release(
    world: Any, draw: Any
) -> None:
    world.deploy(
        draw.file(
            draw.process(
                "clock",
                draw.node("startEvent", "s"),
                draw.node(
                    "intermediateCatchEvent",
                    "later",
                    draw.timer("<timeDuration>PT1H</timeDuration>"),
                ),
                draw.node("userTask", "task"),
                flows="s>later later>task",
            )
        )
    )
    case = world.start("clock")
    known = world.row(case).state
    turn_to(world, case, known[:-1] + b',"mood":"good"}')
    for _ in range(ATTEMPTS + 2):
        world.clock.advance(timedelta(hours=2))
        world.loop.drain()
    ((kind, _key, attempts, error),) = world.outbox()
    assert (kind, attempts) == ("timer", ATTEMPTS + 1)
    assert "newer release" in error
    assert world.works(case) == [], "nobody was asked to mend what is not broken"
    turn_to(world, case, known)  # this process is upgraded
    world.clock.advance(timedelta(hours=2))
    world.loop.drain()
    assert world.nodes(case) == ["task"]
    with world.inst.journal.reading() as reading:
        assert not differs(world.inst, reading, case)
        assert fold(world.inst, reading, case).works


def turn_to(world: Any, case: CaseId, state: bytes) -> None:
    """Another release writes the state of a case."""
    with world.inst.journal.writing() as tx:
        row = msgspec.structs.replace(tx.case(case), state=state)
        note = [NewEntry("case.noted", b"{}")]
        tx.append(row, expected=row.revision, entries=note, envelope=world.envelope())
