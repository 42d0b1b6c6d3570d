"""A journal in memory: for rehearsals and tests. It forgets everything when it is dropped.

Rules of this file: the doors only. One lock: readers see what is committed, because they wait
while somebody writes.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import RLock

from genba.journal.chain import NOTHING, faults, gaps, named
from genba.journal.contract import Claim, Claimed, Reading, Transaction
from genba.journal.memory_reading import MemoryReading
from genba.journal.memory_tables import Tables
from genba.journal.memory_writing import MemoryTransaction
from genba.journal.records import CaseId


class MemoryJournal:
    """See `contract.Journal`."""

    def __init__(self) -> None:
        self._tables = Tables()
        self._lock = RLock()
        self._writing = False

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """A consistent view of what is committed."""
        with self._lock:
            yield MemoryReading(self._tables)

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """A transaction: kept when the block ends, taken back when it raises."""
        with self._lock:
            if self._writing:
                raise RuntimeError("a writing transaction is already open in this thread")
            self._writing = True
            try:
                yield MemoryTransaction(self._tables)
                self._tables.keep()
            except BaseException:
                self._tables.take_back()
                raise
            finally:
                self._writing = False

    def claim(self, asked: Claim) -> Claimed:
        """Take what is due and nobody has; it is ours until the lease ends."""
        with self.writing() as tx:
            assert isinstance(tx, MemoryTransaction)
            return tx.claim(asked)

    def lease(self, claimed: Claimed, until: datetime | None) -> None:
        """Keep claimed rows longer, or give them back."""
        with self.writing() as tx:
            assert isinstance(tx, MemoryTransaction)
            tx.lease(claimed, until)

    def announce(self) -> None:
        """There is no other process."""

    def listen(self, ring: Callable[[], None]) -> Callable[[], None]:
        """There is no other process."""
        return lambda: None

    def verify(self, case: CaseId | None = None) -> list[str]:
        """What is wrong with the hash chain, in words."""
        with self._lock:
            tables = self._tables
            found: list[str] = []
            known = {row.case: row.revision for row in tables.cases}
            known |= {row.id: row.revision for row in tables.streams}
            for id, revision in known.items():
                if case in (None, id):
                    head = tables.heads.get(id, "") or NOTHING
                    found += faults(id, tables.log.of(id), revision=revision, head=head)
            if case is None:
                lost = sorted({entry.case for entry in tables.log} - set(known))
                found += [f"{named(id)}: there are entries but nothing else." for id in lost]
                last = max((entry.position for entry in tables.log), default=0)
                found += gaps("entries of the log", sum(1 for _ in tables.log), last)
            elif case not in known:
                found.append(f"There is no case or stream {case}.")
            return found

    def close(self) -> None:
        """Nothing to do: there is nothing outside this object."""
