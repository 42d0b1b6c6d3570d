"""The rows of the journal, as frozen data.

Rules of this file: what is stored and nothing about how. Instants are aware UTC. Bodies are
JSON text as bytes; the journal never looks inside them. Every record of a case carries its
case id first: it is the distribution key of a sharded database. What may belong to a case or to a
stream (an entry, a content, a follower, a token) calls either `case`; a stream's id has a colon, a
case's has none.
"""

from datetime import UTC, datetime
from typing import NewType

from msgspec import Struct

CaseId = NewType("CaseId", str)

NOTHING = b""  # the state of a stream that keeps none


def stream_kind(id: str) -> str:
    """The kind of the stream an id names ("decision:limits": "decision"), "" for a case."""
    kind, colon, _name = id.partition(":")
    return kind if colon else ""


def whole_of(id: str) -> str:
    """The stream that a stream is a part of ("decision:limits#new": "decision:limits"), or ""."""
    whole, part, _name = id.partition("#")
    return whole if part and stream_kind(id) else ""


class Envelope(Struct, frozen=True, kw_only=True):
    """Who did it, for whom, through what, and why: common to all entries of one act."""

    at: datetime
    actor: str = ""  # person id; "" for the system
    behalf: str = ""  # person id the actor stands for
    channel: str = "system"  # web, mail, api, cli, timer, system ...
    machine: bool = False
    act: str = ""  # "task.approve"
    key: str = ""  # idempotency key of the command
    reason: str = ""


class Entry(Struct, frozen=True, kw_only=True):
    """One line of the log. `seq` counts within its case or stream, `position` within all."""

    position: int
    case: CaseId
    seq: int
    type: str
    body: bytes
    envelope: Envelope
    hash: bytes  # SHA-256 over the previous entry's hash and this entry's canonical form


class Deployment(Struct, frozen=True, kw_only=True):
    """One file that was deployed, as it was."""

    id: str
    file: str
    digest: str  # SHA-256 of the source, hex
    source: bytes
    at: datetime
    by: str = ""


class ProcessVersion(Struct, frozen=True, kw_only=True):
    """One process of a deployment. `key` is the process id; versions count from 1 per key."""

    key: str
    version: int
    name: str
    deployment: str
    at: datetime


class DecisionVersion(Struct, frozen=True, kw_only=True):
    """One decision of a deployment. `key` is its id in the file; versions count from 1 per key."""

    key: str
    version: int
    name: str
    deployment: str
    at: datetime


class CaseRow(Struct, frozen=True, kw_only=True):
    """A case: what lists show of it, and the engine's state as an opaque snapshot."""

    case: CaseId
    number: int
    process: str
    version: int
    collaboration: str  # cases of one collaboration share it
    title: str
    status: str
    revision: int  # seq of its last entry; the optimistic version
    started_at: datetime
    started_by: str = ""
    ended_at: datetime | None = None
    parent: str = ""  # case id of the caller
    parent_element: str = ""
    state: bytes = b""


class StreamRow(Struct, frozen=True, kw_only=True):
    """A log that is no case, with what it comes to as JSON. `id` is "KIND:NAME"."""

    id: CaseId
    kind: str
    revision: int = 0  # seq of its last entry; the optimistic version
    updated: datetime  # instant of its last entry
    state: bytes = NOTHING  # JSON


class WorkRow(Struct, frozen=True, kw_only=True):
    """Something a person is asked, as the inbox sees it."""

    case: CaseId
    work: str
    kind: str
    node: str
    title: str
    role: str
    assignee: str = ""
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    due: datetime | None = None
    priority: int = 50
    opened_at: datetime
    closed_at: datetime | None = None
    closed_by: str = ""
    outcome: str = ""  # completed, cancelled
    channel: str = ""  # through which channel it was closed
    silent: bool = False
    later: datetime | None = None  # put off until then: nobody is bothered with it before
    delay: str = ""  # what a day of delay costs
    rank: datetime | None = None  # where it stands among others; None: by due date, else by age


class InboxRow(Struct, frozen=True, kw_only=True):
    """A work with what the list shows of its case."""

    work: WorkRow
    title: str
    number: int
    process: str
    version: int
    last_words: str = ""


class Finding(Struct, frozen=True, kw_only=True):
    """Where words were found: the title of a case ("case"), or a content of a case or stream
    ("content/ID"). `id` rises with what was written later."""

    id: int
    case: CaseId
    part: str


class Deed(Struct, frozen=True, kw_only=True):
    """How often somebody did a step lately, and when last."""

    process: str
    version: int
    node: str
    title: str
    count: int
    last: datetime


class TimerRow(Struct, frozen=True, kw_only=True):
    case: CaseId
    timer: str
    due: datetime
    fence: int = 0  # how often it was claimed
    deaths: int = 0  # how often who claimed it was never heard of again


class SubscriptionRow(Struct, frozen=True, kw_only=True):
    case: CaseId
    subscription: str
    kind: str
    name: str
    node: str
    key: str = ""


NOBODYS = datetime(1970, 1, 1, tzinfo=UTC)  # the lease of what nobody has claimed


class OutboxRow(Struct, frozen=True, kw_only=True):
    """Something to do after commit, at least once, by key: the key is what makes it once."""

    id: int
    case: CaseId
    kind: str
    body: bytes
    key: str
    due: datetime
    attempts: int = 0
    error: str = ""
    fence: int = 0  # how often it was claimed: the claim that this row belongs to
    deaths: int = 0  # how often who claimed it was never heard of again
    holder: str = ""  # who has claimed it last, where a claim has a name
    lease: datetime = NOBODYS  # until when the last claim holds


class NewOutbox(Struct, frozen=True, kw_only=True):
    kind: str
    body: bytes
    key: str
    due: datetime


class TokenRow(Struct, frozen=True, kw_only=True):
    """A secret that opens one thing to one person for one purpose; only its hash is stored."""

    hash: str
    case: CaseId
    object: str  # "task" or "case" or "process"
    object_id: str
    person: str
    purpose: str  # reply, link, feed ...
    expires: datetime
    revoked: bool = False


class Content(Struct, frozen=True, kw_only=True):
    """Words or a file. Free text is personal data: the log refers to it, it can be erased."""

    case: CaseId
    id: str
    kind: str  # words, file
    name: str = ""
    media_type: str = "text/plain"
    size: int = 0
    body: bytes = b""
    erased: bool = False


class Answer(Struct, frozen=True, kw_only=True):
    """The remembered outcome of a command, for whoever asks again with the same key."""

    key: str
    actor: str
    digest: str  # of what was asked: the same key with another question is refused
    body: bytes
    at: datetime


class Attempt(Struct, frozen=True, kw_only=True):
    """An inbound try, also a refused one."""

    at: datetime
    channel: str
    identity: str
    person: str
    object: str
    object_id: str
    act: str
    outcome: str
    detail: str = ""
