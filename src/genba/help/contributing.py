"""How much time somebody gives to helping others, and how much of it this week is used.

Rules of this file: plain data and pure questions; kept in the stream "helping:PERSON". What
somebody declares is theirs: routing respects it, and nobody else is shown it. A question counts in
the week in which it was put to them, unless they passed it on or said it is not for them; how long
one takes is what they say, not what anybody measures.
"""

from datetime import datetime
from fractions import Fraction

from msgspec import Struct

from genba.help.questions import held_mark, marked
from genba.journal.contract import Reading
from genba.runtime.streams import read_state

KIND = "helping"
USUAL_MINUTES = 20  # of one question, where somebody does not say
COUNTED = 200  # questions of one week that are counted


class Helping(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody declared: hours a week (None: no limit), and minutes for one question."""

    hours: float | None = None
    minutes: int = USUAL_MINUTES


def stream_of(person: str) -> str:
    """The stream that keeps what somebody declared."""
    return f"{KIND}:{person}"


def helping_of(person: str, reading: Reading) -> Helping:
    """What somebody declared; no limit where they declared nothing."""
    return read_state(reading.stream(stream_of(person)), Helping) or Helping()


def put_to(person: str, now: datetime, reading: Reading) -> int:
    """How many questions were put to somebody this week and are or were theirs."""
    return len(marked(reading, held_mark(person, now), most=COUNTED))


def hours_left(person: str, now: datetime, reading: Reading) -> float | None:
    """What is left of somebody's time this week, in hours; None where there is no limit."""
    declared = helping_of(person, reading)
    if declared.hours is None:
        return None
    used = Fraction(put_to(person, now, reading) * declared.minutes, 60)
    return float(Fraction(declared.hours) - used)
