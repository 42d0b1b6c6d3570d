"""The stores that the contract suite runs over, and records to fill them with."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from genba.journal.contract import Journal, NewEntry
from genba.journal.records import (
    Answer,
    CaseId,
    CaseRow,
    Content,
    Deployment,
    Envelope,
    NewOutbox,
    TokenRow,
    WorkRow,
)
from tests.stores import STORES, open_store

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(params=STORES)
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Journal]:
    """Every store there is."""
    with open_store(request.param, tmp_path) as made:
        yield made


class Records:
    """Records with plain contents, for what a test does not care about."""

    def at(self, minutes: float = 0) -> datetime:
        """Minutes after the beginning of the tests' time."""
        return T0 + timedelta(minutes=minutes)

    def case(self, case: str = "c1", **more: Any) -> CaseRow:
        """A case as it is created."""
        given: dict[str, Any] = {
            "case": CaseId(case),
            "number": 0,
            "process": "purchase",
            "version": 1,
            "collaboration": f"k-{case}",
            "title": f"Title of {case}",
            "status": "running",
            "revision": 0,
            "started_at": T0,
            "started_by": "7",
            "state": b"{}",
        }
        return CaseRow(**(given | more))

    def work(self, case: str = "c1", work: str = "w1", **more: Any) -> WorkRow:
        """An open work of the role Buyers."""
        given: dict[str, Any] = {
            "case": CaseId(case),
            "work": work,
            "kind": "task",
            "node": "n1",
            "title": "Approve",
            "role": "Buyers",
            "opened_at": T0,
        }
        return WorkRow(**(given | more))

    def envelope(self, minutes: float = 0, **more: Any) -> Envelope:
        """Who did it."""
        given: dict[str, Any] = {"at": self.at(minutes), "actor": "7", "channel": "web"}
        return Envelope(**(given | more))

    def entries(self, count: int) -> list[NewEntry]:
        """So many different entries."""
        return [NewEntry("told", b'{"n":%d}' % n) for n in range(count)]

    def outbox(self, key: str, minutes: float = 0) -> NewOutbox:
        """Something to do."""
        return NewOutbox(kind="card", body=b"{}", key=key, due=self.at(minutes))

    def token(self, hash: str, person: str = "7", **more: Any) -> TokenRow:
        """A secret of a person."""
        given: dict[str, Any] = {
            "hash": hash,
            "case": CaseId("c1"),
            "object": "task",
            "object_id": "c1:w1",
            "person": person,
            "purpose": "reply",
            "expires": self.at(60),
        }
        return TokenRow(**(given | more))

    def words(self, id: str, text: str, case: str = "c1") -> Content:
        """Something said."""
        body = text.encode()
        return Content(case=CaseId(case), id=id, kind="words", size=len(body), body=body)

    def answer(self, key: str) -> Answer:
        """An answer to a command."""
        return Answer(key=key, actor="7", digest="d", body=b"done", at=T0)

    def deployment(self, id: str) -> Deployment:
        """A file."""
        return Deployment(id=id, file="a.bpmn", digest=id * 2, source=b"<x/>", at=T0, by="7")

    def put(self, journal: Journal, case: str = "c1", entries: int = 1, **more: Any) -> CaseRow:
        """Create a case with some entries and read it back."""
        with journal.writing() as tx:
            row = tx.create_case(self.case(case, **more))
            news = self.entries(entries)
            tx.append(row, expected=0, entries=news, envelope=self.envelope())
            stored = tx.case(row.case)
            assert stored is not None
            return stored


@pytest.fixture
def make() -> Records:
    """Records with plain contents."""
    return Records()
