"""What time it is: the only place of the runtime where the machine is asked.

Rules of this file: instants are aware and UTC. Whoever needs the time is given a clock.
"""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Something that knows the time."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is set: for tests, demonstrations and rehearsals."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        """The instant it was set to."""
        return self._at

    def set(self, at: datetime) -> None:
        """Set it to an instant, also an earlier one."""
        self._at = at

    def advance(self, by: timedelta) -> datetime:
        """Let time pass; the new instant."""
        self._at += by
        return self._at
