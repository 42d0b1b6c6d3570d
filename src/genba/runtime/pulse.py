"""One thread that hears that something was committed and wakes whoever waits for it.

Rules of this file: it says that there is something, never what. It serves waiters of event loops
(open pages, workers that ask for jobs); threads wait on the installation's own bell.
"""

import asyncio
import logging
import threading

from genba.journal.contract import JournalBroken
from genba.runtime.installation import current

CHECK = 1.0  # seconds between looks when nothing in this process wakes us

_log = logging.getLogger("genba.runtime")

Waiter = tuple[asyncio.AbstractEventLoop, asyncio.Event]


class Pulse:
    """One thread that watches the log and wakes every open stream of this process."""

    def __init__(self) -> None:
        self.stopped = False
        self._waiters: set[Waiter] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def join(self) -> Waiter:
        """Be woken from now on; the first to join starts the watching."""
        waiter = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._waiters.add(waiter)
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="pulse", daemon=True)
                self._thread.start()
        return waiter

    def leave(self, waiter: Waiter) -> None:
        """Be woken no more."""
        with self._lock:
            self._waiters.discard(waiter)

    def stop(self) -> None:
        """End every stream; safe in a signal handler, so without the lock."""
        self.stopped = True
        self._wake(list(self._waiters))

    def _watch(self) -> None:
        seen = -1
        while not self.stopped:
            installation = current()
            rings = installation.rings()
            try:
                with installation.journal.reading() as reading:
                    position = reading.position()
            except JournalBroken as problem:  # a database that restarts: look again in a moment
                _log.warning("whoever waits for changes waits on: %s", problem)
                installation.wait(CHECK)
                continue
            if position != seen:
                seen = position
                with self._lock:
                    self._wake(list(self._waiters))
            installation.wait(CHECK, rings)

    @staticmethod
    def _wake(waiters: list[Waiter]) -> None:
        for loop, event in waiters:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)


pulse = Pulse()


async def woken(event: asyncio.Event, seconds: float) -> bool:
    """Wait for something to happen; False when the time is over first."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
