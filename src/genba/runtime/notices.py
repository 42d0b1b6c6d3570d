"""What the outbox carries, by kind.

Rules of this file: frozen data and the table of kinds. Kinds above the line are done by the
runtime itself (`deliveries`, `schedules`); those below are for channels, which register a handler
for them with `Installation.on`.
"""

from datetime import datetime
from typing import Any

from msgspec import Struct

from genba.engine.events import CaseCalled, EscalationThrown, MessageSent, SignalThrown
from genba.engine.values import Data
from genba.journal.records import OutboxRow
from genba.runtime.recording import reader


class Heard(Struct, frozen=True, kw_only=True):
    """A signal reaches a case that waits for it, or starts one."""

    name: str
    data: Data = {}
    collaboration: str = ""  # of the case that threw it: what it starts belongs to the same
    process: str = ""  # start this process …
    node: str = ""  # … at this start event; both empty: the row's case hears it


class Ended(Struct, frozen=True, kw_only=True):
    """A called case has ended; the row's case called it."""

    case: str
    element: str
    error: str | None = None


class Withdrawal(Struct, frozen=True, kw_only=True):
    """The activity that called a case is gone: so is the called case."""

    element: str


class Firing(Struct, frozen=True, kw_only=True):
    """A timer whose firing failed; it is tried again like everything else."""

    timer: str


class Migration(Struct, frozen=True, kw_only=True):
    """A case is to go on in another version of its process, if it still runs in this one."""

    version: int
    to: int
    by: str = ""


class Nudging(Struct, frozen=True, kw_only=True):
    """The time of a work comes: "remind", "escalate" or "return"; see `commands.Nudge`."""

    work: str
    what: str
    time: datetime


class Timetable(Struct, frozen=True, kw_only=True):
    """The next start of a process by its timer start event."""

    process: str
    node: str
    definition: int
    digest: str  # of what the timer says: another drawing of the same time goes on
    due: datetime
    left: int
    base: datetime | None = None  # what the times of a cycle are counted from


class JobNotice(Struct, frozen=True, kw_only=True):
    """A machine is asked for what a work of the row's case says.

    What a worker said when it failed goes along: how often it may still be tried, and why.
    """

    work: str
    node: str
    element: str
    failures: int = 0
    retries: int | None = None  # None: no worker has said
    error: str = ""
    details: str = ""
    priority: int = 0


class CardNotice(Struct, frozen=True, kw_only=True):
    """A work was opened, assigned or closed: whoever shows its card shows it anew."""

    case: str
    work: str
    # "opened", "assigned", "handed", "closed"; "reminded", "returned", "escalated", "promised",
    # "ticked"
    what: str
    by: str = ""  # who reminded, or ticked it off in vain
    day: str = ""  # on which day
    to: str = ""  # only to this person: it waited for the end of their quiet hours


class WordsNotice(Struct, frozen=True, kw_only=True):
    """Somebody said something on a case or a stream (`case`); whose card carries it."""

    case: str
    seq: int
    content: str
    mentioned: tuple[str, ...] = ()
    author: str = ""
    object: str = "case"
    object_id: str = ""
    only: bool = False  # tell nobody but those mentioned: the others know it already
    quote: str = ""  # the content it answers
    to: str = ""  # only to this person: it waited for the end of their quiet hours


class PartyNotice(Struct, frozen=True, kw_only=True):
    """A message leaves for an outside party of the drawing."""

    case: str
    party: str
    address: str
    name: str
    data: Data = {}


class InvitationNotice(Struct, frozen=True, kw_only=True):
    """Somebody outside is to see a case: by mail address, with words of whoever asks them in."""

    case: str
    address: str
    by: str
    words: str = ""


class HookNotice(Struct, frozen=True, kw_only=True):
    """An event is to be sent to the webhook whose stream the row belongs to.

    It is the entry `seq` of the log of `case`, at `position` of all; `case` is "" for a trial.
    """

    position: int
    case: str
    seq: int


class ProvisionNotice(Struct, frozen=True, kw_only=True):
    """What a provider said of somebody, or of a team, is to be brought about."""

    stream: str


class MeetingNotice(Struct, frozen=True, kw_only=True):
    """A meeting of a case was arranged, moved or called off: its people are told."""

    case: str
    meeting: str
    sequence: int  # of its time: what was moved again meanwhile says nothing of this one


# Kind -> what its body is.
KINDS: dict[str, type[Struct]] = {
    "message": MessageSent,
    "signal": SignalThrown,
    "hear": Heard,
    "call": CaseCalled,
    "escalation": EscalationThrown,
    "finish": Ended,
    "withdraw": Withdrawal,
    "timer": Firing,
    "timetable": Timetable,
    "migrate": Migration,
    "nudge": Nudging,
    "job": JobNotice,
    "topic": JobNotice,
    # for channels:
    "card": CardNotice,
    "words": WordsNotice,
    "party": PartyNotice,
    "invite": InvitationNotice,
    "meeting": MeetingNotice,
    "hook": HookNotice,
    "provision": ProvisionNotice,
}

_READ = {kind: reader(body) for kind, body in KINDS.items()}


def read_notice(row: OutboxRow) -> Any:
    """The body of an outbox row as the Struct of its kind. Raises KeyError for an unknown one."""
    return _READ[row.kind.partition("/")[0]](row.body)
