"""Jobs of topics on every store: one has the lock, loses it by time or gives it back, is fenced."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any

import pytest

from genba.channels.workers.polling import locked_soon
from genba.journal.contract import Stale
from genba.runtime.installation import install
from genba.runtime.jobs import finish
from genba.runtime.leases import Locked, Wanted, fetch, give_back, keep
from genba.runtime.machines import serve

PAY = (Wanted(topic="pay", seconds=60),)
CAMUNDA = 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'


@pytest.fixture
def paying(world: Any, draw: Any) -> Iterator[Any]:
    """An installation whose cases wait for the topic pay."""
    serve(world.inst, ("pay",), "7")
    step = f'<serviceTask id="pay" {CAMUNDA} camunda:type="external" camunda:topic="pay"/>'
    world.deploy(
        draw.file(
            draw.process(
                "p",
                draw.node("startEvent", "s"),
                step,
                draw.node("userTask", "after"),
                flows="s>pay pay>after",
            )
        )
    )
    install(world.inst)
    yield world
    install(None)


def take(world: Any, holder: str, limit: int = 10) -> list[Locked]:
    return fetch(world.inst, PAY, holder, limit, "7")


def test_each_job_is_one_workers_however_many_ask(paying: Any) -> None:
    cases = {paying.start("p") for _ in range(12)}
    with ThreadPoolExecutor(6) as pool:
        got = list(pool.map(lambda number: take(paying, f"w{number}", 3), range(6)))
    taken = [locked.row.case for some in got for locked in some]
    assert len(taken) == len(set(taken))
    taken += [locked.row.case for locked in take(paying, "last", 12)]
    assert sorted(taken) == sorted(cases)


def test_a_lock_that_ran_out_is_anothers_and_whoever_lost_it_is_not_heard(paying: Any) -> None:
    case = paying.start("p")
    (first,) = take(paying, "w1")
    assert take(paying, "w2") == []
    paying.clock.advance(timedelta(seconds=61))
    (second,) = take(paying, "w2")
    assert second.lock != first.lock
    with pytest.raises(Stale):
        finish(paying.inst, first.row, {"by": "late"})
    assert [work.kind for work in paying.works(case)] == ["job"]
    finish(paying.inst, second.row, {})
    assert paying.nodes(case) == ["after"]


def test_a_lock_that_is_kept_and_one_that_is_given_back(paying: Any) -> None:
    paying.start("p")
    (held,) = take(paying, "w1")
    paying.clock.advance(timedelta(seconds=50))
    keep(paying.inst, held.row, 60)
    paying.clock.advance(timedelta(seconds=50))
    assert take(paying, "w2") == []
    give_back(paying.inst, [held.row])
    (again,) = take(paying, "w2")
    assert again.row.deaths == 0, "nobody died of it"


def test_three_who_are_never_heard_of_again_are_an_incident(paying: Any) -> None:
    case = paying.start("p")
    for number in range(3):
        assert take(paying, f"w{number}")
        paying.clock.advance(timedelta(seconds=61))
    assert take(paying, "w4") == []
    assert sorted(work.kind for work in paying.works(case)) == ["incident", "job"]


def test_who_hangs_up_while_the_server_locks_loses_no_job(paying: Any) -> None:
    """The client of a long poll goes away just while its job is being locked."""
    case = paying.start("p")
    locking, go_on = Event(), Event()

    def ask() -> list[Locked]:
        locked = take(paying, "gone")
        locking.set()
        assert go_on.wait(30)
        return locked

    async def cut() -> None:
        poll = asyncio.ensure_future(locked_soon(ask, 0))
        while not locking.is_set():  # the thread has begun
            await asyncio.sleep(0)
        poll.cancel()
        await asyncio.gather(poll, return_exceptions=True)
        assert poll.cancelled()
        assert take(paying, "early") == [], "it is locked for whoever has gone"
        go_on.set()
        while not (free := await asyncio.to_thread(take, paying, "next")):
            await asyncio.sleep(0)
        found.extend(free)

    found: list[Locked] = []
    asyncio.run(asyncio.wait_for(cut(), 60))
    (locked,) = found
    assert (locked.row.case, locked.row.holder, locked.row.deaths) == (case, "next", 0)
    finish(paying.inst, locked.row, {})
    assert paying.nodes(case) == ["after"]
