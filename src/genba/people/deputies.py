"""Who stands for whom, and until when.

Rules of this file: plain data and pure questions; kept in the stream "deputies:PERSON" of whoever
is stood for, found by the mark of the deputy, written by the acts of `cases.deputy_acts`. Days are
those of the installation's time zone, the last one included. A deputy's deputy stands for nobody
but the deputy; a guest stands for nobody.
"""

from datetime import date

from django.utils.timezone import localtime
from msgspec import Struct
from msgspec.structs import replace

from genba.journal.contract import Reading
from genba.people.directory import Known, known
from genba.runtime.installation import current
from genba.runtime.streams import read_state

KIND = "deputies"


class Deputy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who stands for the person of the stream."""

    deputy: str
    begins: date
    ends: date | None = None  # the last day; None: until it is ended

    def serves(self, day: date) -> bool:
        """Whether this day is one of theirs."""
        return self.begins <= day and (self.ends is None or day <= self.ends)


class Deputies(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everybody who stands for one person, now or later."""

    all: tuple[Deputy, ...] = ()


def stream_of(person: str) -> str:
    """The stream that keeps the deputies of a person."""
    return f"{KIND}:{person}"


def mark_of(deputy: str) -> str:
    """The mark under which those somebody stands for are found."""
    return f"deputy:{deputy}"


def today() -> date:
    """The day it is, where the installation is."""
    return localtime(current().clock.now()).date()


def deputies_of(person: str, reading: Reading) -> tuple[Deputy, ...]:
    """Who stands for a person, now or later."""
    kept = read_state(reading.stream(stream_of(person)), Deputies)
    return kept.all if kept else ()


def standing_in(person: str, reading: Reading) -> tuple[str, ...]:
    """The ids of those who stand for a person today."""
    kept = deputies_of(person, reading)
    return tuple(one.deputy for one in kept if one.serves(today())) if kept else ()


def serving(person: str, reading: Reading) -> tuple[Known, ...]:
    """Who stands for a person today."""
    ids = dict.fromkeys(standing_in(person, reading))
    return tuple(one for id in ids if (one := known(id)) is not None)


def principals(deputy: Known, reading: Reading) -> tuple[Known, ...]:
    """Whom somebody stands for today."""
    if deputy.is_guest:
        return ()
    day = today()
    found = []
    for row in reading.streams(KIND, mark=mark_of(deputy.id)):
        kept = read_state(row, Deputies) or Deputies()
        if any(one.deputy == deputy.id and one.serves(day) for one in kept.all):
            found.append(known(row.id.partition(":")[2]))
    return tuple(one for one in found if one is not None and one.id != deputy.id)


def standing_for(deputy: Known, principal: Known) -> Known:
    """The deputy, with the rights of whom they stand for, and both names kept."""
    return replace(
        deputy,
        groups=tuple(sorted({*deputy.groups, *principal.groups})),
        stands_for=principal.id,
        stands_name=principal.name,
        also=(principal.id, principal.address, principal.handle),
    )


def standing(known: Known, reading: Reading) -> tuple[Known, ...]:
    """A person once for each they stand for today."""
    if known.stands_for:
        return ()
    return tuple(standing_for(known, one) for one in principals(known, reading))
