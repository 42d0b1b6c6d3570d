"""Streams in a unit of work: what is kept, what it takes to keep it, and who was faster."""

from typing import Any

import pytest
from msgspec import Struct

from genba.journal.contract import Conflict
from genba.runtime.recording import WrittenByNewer
from genba.runtime.streams import read_state
from genba.runtime.unit import open_unit


class Queue(Struct, frozen=True, forbid_unknown_fields=True):
    """What the tests keep."""

    waiting: tuple[str, ...] = ()


def test_read_and_write(world: Any) -> None:
    with open_unit(world.inst, world.envelope()) as unit:
        stream = unit.stream("queue:buying")
        assert (stream.row.revision, stream.state(Queue)) == (0, None)
        assert stream.record("queue.joined", {"who": "8"}) == 1
        stream.keep(Queue(("8",)), marks=("team:Buying",))
        assert stream.state(Queue) == Queue(("8",))
        stream.post("words", {}, key="k")
        assert unit.stream("queue:buying") is stream
    with world.inst.journal.reading() as reading:
        (row,) = reading.streams("queue", mark="team:Buying")
        assert (row.id, row.revision, row.updated) == ("queue:buying", 1, world.clock.now())
        assert read_state(row, Queue) == Queue(("8",))
        (entry,) = reading.log(row.id)
        assert (entry.type, entry.body, entry.envelope.actor) == (
            "queue.joined",
            b'{"who":"8"}',
            "7",
        )
        assert [due.key for due in reading.outbox(row.id)] == ["k"]
        assert read_state(reading.stream("queue:selling"), Queue) is None


def test_what_is_only_read_is_not_made(world: Any) -> None:
    with open_unit(world.inst, world.envelope()) as unit:
        assert unit.stream("queue:buying").state(Queue) is None
    with world.inst.journal.reading() as reading:
        assert reading.stream("queue:buying") is None


class Loose(Struct, frozen=True):
    """What forgets members it does not know."""


class Around(Struct, frozen=True, forbid_unknown_fields=True):
    """Something strict around it."""

    inside: dict[str, tuple[Loose | None, ...]] = {}


def test_what_a_newer_release_kept_is_left_as_it_is(world: Any) -> None:
    with open_unit(world.inst, world.envelope()) as unit:
        stream = unit.stream("queue:buying")
        stream.record("queue.joined", {})
        stream.keep({"waiting": [], "mood": "good"})
    for _ in range(2):
        with (
            pytest.raises(WrittenByNewer, match="Nothing was changed or lost"),
            open_unit(world.inst, world.envelope()) as unit,
        ):
            unit.stream("queue:buying").state(Queue)
    with world.inst.journal.reading() as reading:
        assert reading.stream("queue:buying").state == b'{"waiting":[],"mood":"good"}'


@pytest.mark.parametrize("type", [Loose, Around])
def test_what_would_strip_a_newer_state_is_a_bug(world: Any, type: Any) -> None:
    with open_unit(world.inst, world.envelope()) as unit:
        stream = unit.stream("queue:buying")
        stream.record("queue.joined", {})
        stream.keep({})
        with pytest.raises(TypeError, match="forbid_unknown_fields"):
            stream.state(type)


def test_a_record_without_a_state_keeps_what_was_kept(world: Any) -> None:
    with open_unit(world.inst, world.envelope()) as unit:
        unit.stream("queue:a").record("queue.opened", {})
        unit.stream("queue:a").keep(Queue(("8",)), marks=("m",))
    with open_unit(world.inst, world.envelope()) as unit:
        unit.stream("queue:a").record("queue.seen", {})
    with world.inst.journal.reading() as reading:
        (row,) = reading.streams("queue", mark="m")
        assert (row.revision, read_state(row, Queue)) == (2, Queue(("8",)))


def test_nothing_is_kept_unexplained(world: Any) -> None:
    with (
        pytest.raises(ValueError, match="without saying"),
        open_unit(world.inst, world.envelope()) as unit,
    ):
        unit.stream("queue:a").keep(Queue())
    with (
        pytest.raises(ValueError, match="not the id"),
        open_unit(world.inst, world.envelope()) as unit,
    ):
        unit.stream("queue")


def test_who_read_before_somebody_wrote_decides_again(world: Any) -> None:
    def slow() -> None:
        with open_unit(world.inst, world.envelope()) as unit:
            mine = unit.stream("queue:a")
            mine.record("queue.joined", {})
            row = mine.row
            unit.tx.write_stream(row, expected=0, entries=mine._entries, envelope=unit.envelope)

    with pytest.raises(Conflict):
        slow()
    with world.inst.journal.reading() as reading:
        assert reading.stream("queue:a") is None


def test_a_case_and_a_stream_in_one_act(world: Any, draw: Any) -> None:
    world.deploy(draw.two_steps())
    case = world.start("steps")
    before = len(world.types(case))

    def act(*, fail: bool) -> None:
        with open_unit(world.inst, world.envelope()) as unit:
            unit.open(case).record("talk.said", {"content": "x"})
            unit.stream("queue:a").record("queue.joined", {"case": case})
            if fail:
                raise KeyError

    with pytest.raises(KeyError):
        act(fail=True)
    assert len(world.types(case)) == before
    act(fail=False)
    assert len(world.types(case)) == before + 1
    with world.inst.journal.reading() as reading:
        assert reading.stream("queue:a") is not None
    assert world.inst.journal.verify() == []
