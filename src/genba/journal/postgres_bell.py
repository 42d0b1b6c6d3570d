"""Telling other processes that something was committed, and hearing it.

Rules of this file: a bell is only a hint, and the polling behind it is the truth. NOTIFY is sent
after the commit, on a connection of its own, one for all that happened meanwhile: inside the
transaction of an act it would make every commit wait for every other (PostgreSQL takes one lock
for all notifying commits).
"""

import logging
from collections.abc import Callable
from threading import Event, Thread

import psycopg

CHANNEL = "genba"
PAUSE = 0.02  # seconds at least between two notifications
AGAIN = 1.0  # seconds until a lost connection is made again

_log = logging.getLogger("genba.journal")


class Bell:
    """Two threads: one that tells, one that hears."""

    def __init__(self, url: str, ring: Callable[[], None]) -> None:
        self.url = url
        self._ring = ring
        self._news = Event()
        self._stopping = Event()
        self._threads = [
            Thread(target=self._keep, args=(work,), name=f"genba-{name}", daemon=True)
            for name, work in (("tells", self._tell), ("hears", self._hear))
        ]
        for thread in self._threads:
            thread.start()

    def announce(self) -> None:
        """Something was committed here."""
        self._news.set()

    def stop(self) -> None:
        """Tell and hear no more."""
        self._stopping.set()
        self._news.set()
        for thread in self._threads:
            thread.join(5)

    def _keep(self, work: Callable[[psycopg.Connection[tuple[object, ...]]], None]) -> None:
        """Do it, on a new connection whenever the old one is lost."""
        while not self._stopping.is_set():
            try:
                with psycopg.connect(self.url, autocommit=True) as connection:
                    work(connection)
            except psycopg.Error as error:
                _log.info("the bell is silent for a moment: %s", error)
                self._stopping.wait(AGAIN)

    def _tell(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        while not self._stopping.is_set():
            self._news.wait()
            self._news.clear()
            connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, str(id(self))))
            self._stopping.wait(PAUSE)

    def _hear(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        connection.execute(f"LISTEN {CHANNEL}".encode())
        self._ring()  # what was announced while nobody heard
        while not self._stopping.is_set():
            for _ in connection.notifies(timeout=0.5, stop_after=1):
                self._ring()
