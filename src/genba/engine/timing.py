"""When a timer comes due.

Rules of this file: the moment is computed, never looked up: `at` is always given. Three steps,
each a table: `read` turns text into a `When` (ISO 8601, cron, or plain words in English, French
and German); `first` and `following` compute instants from it. Text that is not certain is not
read at all: then a person says that the time is up.
"""

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from genba.engine.cron import Cron, read_cron


class Span(Struct, frozen=True):
    """A duration: calendar months, and seconds."""

    months: int = 0
    seconds: float = 0.0


class After(Struct, frozen=True):
    """Once, a span after the timer was set."""

    span: Span


class At(Struct, frozen=True):
    """Once, at an instant."""

    instant: datetime


class Every(Struct, frozen=True):
    """Again and again: `times` in all (None: for ever), first one span after `start`."""

    span: Span
    times: int | None = None
    start: datetime | None = None
    end: datetime | None = None


class ByCron(Struct, frozen=True):
    """At the minutes a cron expression names."""

    cron: Cron


When = After | At | Every | ByCron

_ISO_SPAN = re.compile(
    r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+(?:\.\d+)?)D)?"
    r"(?:T(?:(?P<hours>\d+(?:\.\d+)?)H)?(?:(?P<minutes>\d+(?:\.\d+)?)M)?"
    r"(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?",
    re.IGNORECASE,
)
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?")

_SECOND, _MINUTE, _HOUR, _DAY, _WEEK = 1, 60, 3600, 86400, 604800

# Units in English, French and German. "m" and "min": only minutes are ever written so short, but
# "m" could mean months, so it is left out.
_UNITS: dict[str, Span] = {
    **dict.fromkeys(
        ("s", "sec", "secs", "second", "seconds", "seconde", "secondes", "sekunde", "sekunden"),
        Span(0, _SECOND),
    ),
    **dict.fromkeys(("min", "mins", "minute", "minutes", "minuten"), Span(0, _MINUTE)),
    **dict.fromkeys(
        ("h", "hr", "hrs", "hour", "hours", "heure", "heures", "std", "stunde", "stunden"),
        Span(0, _HOUR),
    ),
    **dict.fromkeys(("d", "day", "days", "jour", "jours", "tag", "tage", "tagen"), Span(0, _DAY)),
    **dict.fromkeys(
        ("week", "weeks", "semaine", "semaines", "woche", "wochen"), Span(0, _WEEK)
    ),
    **dict.fromkeys(("month", "months", "mois", "monat", "monate", "monaten"), Span(1)),
    **dict.fromkeys(("year", "years", "an", "ans", "année", "années", "jahr", "jahre", "jahren"),
                    Span(12)),
}  # fmt: skip

_NUMBERS: dict[str, int] = {
    word: number
    for number, words in enumerate(
        (
            ("a", "an", "one", "un", "une", "ein", "eine", "einem", "einer", "einen"),
            ("two", "deux", "zwei"),
            ("three", "trois", "drei"),
            ("four", "quatre", "vier"),
            ("five", "cinq", "fünf"),
            ("six", "sechs"),
            ("seven", "sept", "sieben"),
            ("eight", "huit", "acht"),
            ("nine", "neuf", "neun"),
            ("ten", "dix", "zehn"),
            ("eleven", "onze", "elf"),
            ("twelve", "douze", "zwölf"),
        ),
        start=1,
    )
    for word in words
}

_AFTER = ("after", "in", "wait", "wait for", "après", "dans", "attendre", "nach", "warten")
_EVERY = ("every", "each", "chaque", "tous les", "toutes les", "jede", "jeden", "jedes", "alle")
_LATER = ("later", "plus tard", "später", "warten", "have passed", "passed", "elapsed", "over")
_CYCLES: dict[str, Span] = {
    **dict.fromkeys(("hourly", "toutes les heures", "stündlich"), Span(0, _HOUR)),
    **dict.fromkeys(("daily", "quotidien", "quotidiennement", "täglich"), Span(0, _DAY)),
    **dict.fromkeys(("weekly", "hebdomadaire", "wöchentlich"), Span(0, _WEEK)),
    **dict.fromkeys(("monthly", "mensuel", "mensuellement", "monatlich"), Span(1)),
    **dict.fromkeys(("yearly", "annually", "annuel", "jährlich"), Span(12)),
}
_WEEKDAYS: dict[str, int] = {
    name: number
    for names in (
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
        ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"),
    )
    for number, name in enumerate(names, start=1)
}


def read(text: str) -> When | None:
    """What a text says about time, or None where that is not certain."""
    text = " ".join(text.split())
    if not text:
        return None
    for reader in (_read_span, _read_date, _read_cycle, _read_cron, _read_words):
        when = reader(text)
        if when is not None:
            return when
    return None


def _span(text: str) -> Span | None:
    found = _ISO_SPAN.fullmatch(text)
    if found is None or text.upper().rstrip("T") == "P" or not any(found.groups()):
        return None
    part = {name: float(value or 0) for name, value in found.groupdict().items()}
    return Span(
        int(part["years"]) * 12 + int(part["months"]),
        part["weeks"] * _WEEK
        + part["days"] * _DAY
        + part["hours"] * _HOUR
        + part["minutes"] * _MINUTE
        + part["seconds"],
    )


def _instant(text: str) -> datetime | None:
    if not _ISO_DATE.fullmatch(text):
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)


def _read_span(text: str) -> When | None:
    span = _span(text)
    return After(span) if span is not None else None


def _read_date(text: str) -> When | None:
    instant = _instant(text)
    return At(instant) if instant is not None else None


def _read_cycle(text: str) -> When | None:
    """ISO 8601 repeating interval: R[n]/start/duration, R[n]/duration[/end]."""
    head, *rest = text.split("/")
    if not re.fullmatch(r"R\d*|R-1", head) or not 1 <= len(rest) <= 2:
        return None
    times = int(head[1:]) if head[1:] and head != "R-1" else None
    start = end = span = None
    for place, part in enumerate(rest):
        if (read_span := _span(part)) is not None and span is None:
            span = read_span
        elif (instant := _instant(part)) is not None:
            start, end = (instant, end) if place == 0 else (start, instant)
        else:
            return None
    if span is None and start is not None and end is not None:
        return Every(Span(0, (end - start).total_seconds()), times, start)
    return Every(span, times, start, end) if span is not None else None


def _read_cron(text: str) -> When | None:
    cron = read_cron(text)
    return ByCron(cron) if cron is not None else None


def _read_words(text: str) -> When | None:
    words = text.lower().strip(" .!()[]")
    if words in _CYCLES:
        return Every(_CYCLES[words])
    every = _without(words, _EVERY)
    if every is not None:
        if every in _WEEKDAYS:
            cron = read_cron(f"0 0 * * {_WEEKDAYS[every] % 7}")
            return ByCron(cron) if cron is not None else None
        span = _amount(every)
        return Every(span) if span is not None else None
    after = _without(words, _AFTER) or words
    for tail in _LATER:
        after = after.removesuffix(" " + tail)
    span = _amount(after)
    return After(span) if span is not None else None


def _without(words: str, heads: tuple[str, ...]) -> str | None:
    for head in sorted(heads, key=len, reverse=True):
        if words.startswith(head + " "):
            return words[len(head) + 1 :]
    return None


def _amount(words: str) -> Span | None:
    """A number and a unit: "3 weeks", "24h", "one month", "30 min."; a unit alone is one."""
    found = re.fullmatch(r"(?:(\d+(?:[.,]\d+)?)\s*|([a-zäöüßéè]+)\s+)?([a-zéäöü]+)\.?", words)
    if found is None or found[3] not in _UNITS:
        return None
    if found[1]:
        number = float(found[1].replace(",", "."))
    elif found[2]:
        if found[2] not in _NUMBERS:
            return None
        number = _NUMBERS[found[2]]
    elif len(found[3]) < 3:  # "an", "h", "d" alone say too little
        return None
    else:
        number = 1
    unit = _UNITS[found[3]]
    if unit.months and number != int(number):
        return None
    return Span(unit.months * int(number), unit.seconds * number)


def add(instant: datetime, span: Span, times: int = 1) -> datetime:
    """`instant` plus `times` spans; months are calendar months, days beyond their end are cut."""
    if span.months:
        month = instant.month - 1 + span.months * times
        year = instant.year + month // 12
        month = month % 12 + 1
        day = min(instant.day, monthrange(year, month)[1])
        instant = instant.replace(year=year, month=month, day=day)
    return instant + timedelta(seconds=span.seconds * times)


def first(when: When, at: datetime) -> tuple[datetime, int] | None:
    """When a timer set at `at` is due first, and how often it comes again (-1: for ever).

    None where it never comes (a cron expression without a date, zero repetitions).
    """
    try:
        match when:
            case After(span):
                return add(at, span), 0
            case At(instant):
                return max(instant, at), 0
            case ByCron(cron):
                due = cron.following(at)
                return (due, -1) if due is not None else None
            case Every(span, times, start):
                if times == 0:
                    return None
                left = -1 if times is None else times - 1
                return (start if start is not None else add(at, span)), left
    except (OverflowError, ValueError):  # beyond the year 9999
        return None


def following(when: When, due: datetime, left: int, at: datetime) -> tuple[datetime, int] | None:
    """The next due time after one that was due at `due` and fires at `at`.

    Counted from when it was due, not from when it was noticed, so that it does not drift. What
    was missed meanwhile (nobody was there) is skipped: it fires once and falls in step again.
    """
    if left == 0:
        return None
    if isinstance(when, ByCron):
        after = when.cron.following(max(due, at))
        return (after, left - 1 if left > 0 else -1) if after is not None else None
    if not isinstance(when, Every) or (not when.span.months and when.span.seconds <= 0):
        return None
    behind = 1
    if not when.span.months and at > due:
        behind = max(1, int((at - due).total_seconds() // when.span.seconds) + 1)
    while when.span.months and add(due, when.span, behind) <= at:
        behind += 1
    try:
        upcoming = add(due, when.span, behind)
    except (OverflowError, ValueError):
        return None
    if when.end is not None and upcoming > when.end:
        return None
    return upcoming, (left - 1 if left > 0 else -1)
