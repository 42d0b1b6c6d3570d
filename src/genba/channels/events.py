"""An entry of the log as an event in the CloudEvents 1.0 envelope.

Rules of this file: pure. An event says what happened, to what, by whom and where it is read; no
words and no data of a case, which would stay with the receiver when they are erased here. The id
is the position in the log: unique for its source, and in the order in which things happened.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from django.conf import settings

from genba.journal.records import CaseRow, Entry

MEDIA = "application/cloudevents+json"
PREFIX = "genba."
TEST = "genba.test"


def type_of(entry: Entry) -> str:
    """What happened, without the format it is kept in."""
    return entry.type.partition("@")[0]


def wants(patterns: Sequence[str], entry: Entry) -> bool:
    """Whether somebody asks for events of this type; no patterns: of any."""
    return not patterns or any(_names(pattern, type_of(entry)) for pattern in patterns)


def _names(pattern: str, type: str) -> bool:
    plain = pattern.removeprefix(PREFIX)
    return type.startswith(plain[:-1]) if plain.endswith("*") else type == plain


def event_of(entry: Entry, case: CaseRow) -> dict[str, Any]:
    """The event of an entry of a case."""
    return {
        "specversion": "1.0",
        "id": str(entry.position),
        "source": settings.GENBA_URL,
        "type": PREFIX + type_of(entry),
        "subject": f"case/{case.case}",
        "time": entry.envelope.at,
        "datacontenttype": "application/json",
        "data": {
            "case": case.case,
            "number": case.number,
            "process": case.process,
            "version": case.version,
            "status": case.status,
            "seq": entry.seq,
            "position": entry.position,
            **_places(entry.body),
            "act": entry.envelope.act,
            "actor": entry.envelope.actor,
            "behalf": entry.envelope.behalf,
            "channel": entry.envelope.channel,
            "machine": entry.envelope.machine,
            "page": f"{settings.GENBA_URL}/cases/{case.number}",
            "card": f"{settings.GENBA_URL}/api/case/{case.case}",
        },
    }


def _places(body: bytes) -> dict[str, str]:
    """Where in the case: its work and its step, where the entry names them."""
    said = msgspec.json.decode(body) if body else {}
    named = said if isinstance(said, dict) else {}
    return {name: named[name] for name in ("work", "node") if isinstance(named.get(name), str)}


def test_event(seq: int, at: Any) -> dict[str, Any]:
    """An event that means nothing."""
    return {
        "specversion": "1.0",
        "id": f"test-{seq}",
        "source": settings.GENBA_URL,
        "type": TEST,
        "time": at,
        "datacontenttype": "application/json",
        "data": {},
    }
