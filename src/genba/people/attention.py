"""What somebody wants to be told, and when: muted conversations, a daily digest, quiet hours.

Rules of this file: plain data and pure questions; kept in the stream "attention:PERSON", written by
the acts of `cases.attention_acts`. Times are those of the installation's time zone. A conversation
is muted under an id of its own beside its followers, so that it is asked as fast as they are.
Channels ask here before they disturb anybody; what is urgent `is_urgent` says, for all of them.
"""

from datetime import datetime, time, timedelta

from django.utils.timezone import localtime
from msgspec import Struct

from genba.journal.contract import Reading
from genba.journal.records import CaseId
from genba.runtime.streams import read_state

KIND = "attention"
MUTED = "muted"  # before the id of a conversation: who does not want to hear of it
MIDNIGHT = time()
SATURDAY = 5


class Attention(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one person chose. `begins` and `ends` are the quiet hours, equal where there are none;
    `weekend`: quiet all of Saturday and Sunday too."""

    daily: time | None = None  # when the digest comes; None: what is said is told at once
    begins: time = MIDNIGHT
    ends: time = MIDNIGHT
    weekend: bool = False
    told: datetime | None = None  # up to when the last digest told
    next: datetime | None = None  # when the next one is due

    @property
    def has_quiet(self) -> bool:
        """Whether there are quiet hours at all."""
        return self.begins != self.ends or self.weekend


NOTHING_CHOSEN = Attention()


def stream_of(person: str) -> str:
    """The stream that keeps what a person chose."""
    return f"{KIND}:{person}"


def attention_of(person: str, reading: Reading) -> Attention:
    """What a person chose; everything at once where they chose nothing."""
    return read_state(reading.stream(stream_of(person)), Attention) or NOTHING_CHOSEN


def muted_id(log: str) -> CaseId:
    """Under which id those stand who muted a conversation."""
    return CaseId(f"{MUTED}:{log}")


def muting(log: str, reading: Reading) -> tuple[str, ...]:
    """Who muted a conversation."""
    return tuple(reading.followers(muted_id(log)))


def quiet_until(chosen: Attention, at: datetime) -> datetime | None:
    """The end of the quiet hours this instant is in; None where it is in none."""
    if not chosen.has_quiet:
        return None
    local = until = localtime(at)
    for _step in range(8):  # a night, a weekend and the night after it
        ended = _end(chosen, until)
        if ended is None:
            break
        until = ended
    return until.astimezone(at.tzinfo) if until > local else None


def _end(chosen: Attention, local: datetime) -> datetime | None:
    """The end of the one quiet time a moment is in."""
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if chosen.weekend and local.weekday() >= SATURDAY:
        return midnight + timedelta(days=7 - local.weekday())
    begins, ends, now = chosen.begins, chosen.ends, local.time()
    if begins == ends:
        return None
    if begins < ends:
        return _at(midnight, ends) if begins <= now < ends else None
    if now >= begins:
        return _at(midnight + timedelta(days=1), ends)
    return _at(midnight, ends) if now < ends else None


def _at(midnight: datetime, when: time) -> datetime:
    return midnight.replace(hour=when.hour, minute=when.minute)


def is_urgent(due: datetime | None, until: datetime) -> bool:
    """Whether something is told in quiet hours all the same: it is due before they end."""
    return due is not None and due <= until


def next_digest(chosen: Attention, at: datetime) -> datetime | None:
    """When the next digest is due, after an instant; not in quiet hours."""
    if chosen.daily is None:
        return None
    local = localtime(at)
    due = _at(local.replace(hour=0, minute=0, second=0, microsecond=0), chosen.daily)
    if due <= local:
        due += timedelta(days=1)
    return quiet_until(chosen, due.astimezone(at.tzinfo)) or due.astimezone(at.tzinfo)
