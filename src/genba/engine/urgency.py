"""Where a work stands among others that wait: by what was promised, and by what waiting costs.

Rules of this file: one instant a work, computed when it is asked or promised otherwise, never
later: what waits moves up by itself, as time passes, and a list in this order needs no sorting.
Everything that counts is a number of days sooner, so that it can be said in words and added up:

- the due date; without one, `PATIENCE` after it was asked;
- each point of priority above or below 50 is a fifth of a day;
- what a day of delay costs: one day for each doubling, as costs differ by orders of magnitude;
- "expedite" is before everything else, "intangible" a month behind (the classes of service of
  D. J. Anderson, "Kanban").
"""

from datetime import datetime, timedelta
from math import isfinite, log2
from typing import Any

from msgspec import Struct

PATIENCE = timedelta(days=10)  # until when is done what nobody said a time for
POINT = timedelta(days=1) / 5  # what a point of priority counts
USUAL = 50  # the priority of what nobody called more or less important
EXPEDITE, INTANGIBLE = "expedite", "intangible"
_CLASSES = {
    EXPEDITE: timedelta(days=3650),
    INTANGIBLE: timedelta(days=-30),
    "standard": timedelta(),
}


class Urgency(Struct, frozen=True, kw_only=True):
    """Why a work stands where it stands: `at` orders, the rest says what it is made of."""

    at: datetime
    due: datetime | None  # None: nobody said, so it is `PATIENCE` after it was asked
    by_priority: timedelta
    by_delay: timedelta
    delay: str


def urgency(opened: datetime, due: datetime | None, priority: int, delay: str) -> Urgency:
    """The place of a work that was asked at `opened`; `delay` as `cost_text` gives it."""
    by_priority = (priority - USUAL) * POINT
    by_delay = _by_delay(delay)
    base = due if due is not None else opened + PATIENCE
    return Urgency(
        at=_within(base, by_priority + by_delay),
        due=due,
        by_priority=by_priority,
        by_delay=by_delay,
        delay=delay,
    )


def cost_text(value: Any) -> str:
    """What a drawing says of the cost of a day of delay, as text; "" for what says nothing."""
    if isinstance(value, str):
        word = value.strip().lower()
        if word in _CLASSES:
            return word
        try:
            value = float(word)
        except ValueError:
            return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        try:
            value = float(value)
        except (TypeError, ValueError):
            return ""
    return f"{value:g}" if isfinite(value) and value > 0 else ""


def _by_delay(delay: str) -> timedelta:
    if delay in _CLASSES:
        return _CLASSES[delay]
    return timedelta(days=round(log2(1 + float(delay)), 1)) if delay else timedelta()


def _within(base: datetime, sooner: timedelta) -> datetime:
    try:
        return base - sooner
    except OverflowError:  # due in the year 1, or in 9999
        return base
