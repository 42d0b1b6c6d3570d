"""Waiting for jobs: asked again whenever something was committed, until the time is over.

Rules of this file: no thread waits. What was locked for somebody who has gone meanwhile is given
back at once, so that it neither waits for its lock to end nor counts as a death.
"""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from asgiref.sync import sync_to_async

from genba.runtime.installation import current
from genba.runtime.leases import Locked, give_back
from genba.runtime.pulse import pulse, woken

T = TypeVar("T")

LOOK = 2.0  # seconds between looks when nothing is heard: locks end without a word


async def aside(do: Callable[[], T]) -> T:
    """Do what may have to wait for the database, on the pool of threads."""
    done: T = await sync_to_async(do, thread_sensitive=False)()
    return done


async def locked_soon(ask: Callable[[], list[Locked]], seconds: float) -> list[Locked]:
    """What `ask` locks, at the latest after so long; nothing when the server stops."""
    end = time.monotonic() + seconds
    waiter = pulse.join() if seconds > 0 else None
    try:
        while True:
            if waiter is not None:
                waiter[1].clear()
            found = await _asked(ask)
            left = end - time.monotonic()
            if found or left <= 0 or waiter is None or pulse.stopped:
                return found
            await woken(waiter[1], min(left, LOOK))
    finally:
        if waiter is not None:
            pulse.leave(waiter)


async def _asked(ask: Callable[[], list[Locked]]) -> list[Locked]:
    asking = asyncio.ensure_future(aside(ask))
    try:
        return await asyncio.shield(asking)
    except asyncio.CancelledError:
        asking.add_done_callback(_nobody_there)
        raise


def _nobody_there(asking: "asyncio.Future[list[Locked]]") -> None:
    """Whoever asked hung up before the answer."""
    if asking.cancelled() or asking.exception() is not None:
        return
    rows = [locked.row for locked in asking.result()]
    if rows:
        asyncio.get_running_loop().run_in_executor(None, give_back, current(), rows)
