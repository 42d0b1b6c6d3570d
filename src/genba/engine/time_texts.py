"""What texts say about time.

Rules of this file: `read` turns a text into a `When`: ISO 8601, cron, or plain words in English,
French and German. A text may name its zone ("2026-03-29T09:00[Europe/Paris]", "@Europe/Paris",
"TZID=Europe/Paris" before it) and may mean working time ("PT8H working", "2 working days"). Text
that is not certain is not read at all: then a person says that the time is up.
"""

import re
from datetime import datetime

from msgspec.structs import replace

from genba.engine.cron import read_cron
from genba.engine.timing import After, At, ByCron, Every, Span, When
from genba.expressions.iso import AREAS, ZONES

_ISO_SPAN = re.compile(
    r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+(?:\.\d+)?)D)?"
    r"(?:T(?:(?P<hours>\d+(?:\.\d+)?)H)?(?:(?P<minutes>\d+(?:\.\d+)?)M)?"
    r"(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?",
    re.IGNORECASE,
)
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?")

_SECOND, _MINUTE, _HOUR, _DAY = 1, 60, 3600, 86400

# Only names of zones: other words in brackets are words.
_NAMED = rf"(?:(?:{'|'.join(sorted(AREAS))})(?:/[\w+-]+)+|{'|'.join(sorted(ZONES))})"
_ZONE = re.compile(
    rf"\s*\[({_NAMED})\]|@({_NAMED})(?![\w/])|\b(?:TZID|CRON_TZ|TZ)=({_NAMED})[ :;]+"
)
_WORKING = re.compile(
    r"\s*\b(?:working|business|work|ouvrée?s?|ouvrables?)\b|\b(?:arbeits|werk)(?=tag|stund)",
    re.IGNORECASE,
)
_WEEKS = re.compile(r"\dW|week|semaine|woche", re.IGNORECASE)  # of how many working days?

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
    **dict.fromkeys(("d", "day", "days", "jour", "jours", "tag", "tage", "tagen"), Span(days=1)),
    **dict.fromkeys(
        ("week", "weeks", "semaine", "semaines", "woche", "wochen"), Span(days=7)
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
    **dict.fromkeys(("daily", "quotidien", "quotidiennement", "täglich"), Span(days=1)),
    **dict.fromkeys(("weekly", "hebdomadaire", "wöchentlich"), Span(days=7)),
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
    zone = ""
    if (named := _ZONE.search(text)) is not None:
        zone = next(filter(None, named.groups()))
        text = (text[: named.start()] + text[named.end() :]).strip()
    plain = _WORKING.sub("", text).strip()
    for reader in (_read_span, _read_date, _read_cycle, _read_cron, _read_words):
        when = reader(plain) if plain else None
        if when is not None:
            when = replace(when, zone=zone)
            return when if plain == text else working(when) if not _WEEKS.search(text) else None
    return None


def working(when: When) -> When | None:
    """The same in working time; None where that says nothing: dates, cron, months."""
    if isinstance(when, After | Every) and not when.span.months:
        return replace(when, span=replace(when.span, working=True))
    return None


def _span(text: str) -> Span | None:
    found = _ISO_SPAN.fullmatch(text)
    if found is None or text.upper().rstrip("T") == "P" or not any(found.groups()):
        return None
    part = {name: float(value or 0) for name, value in found.groupdict().items()}
    days = part["weeks"] * 7 + part["days"]
    return Span(
        int(part["years"]) * 12 + int(part["months"]),
        (days - int(days)) * _DAY
        + part["hours"] * _HOUR
        + part["minutes"] * _MINUTE
        + part["seconds"],
        int(days),
    )


def _instant(text: str) -> datetime | None:
    if not _ISO_DATE.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)  # without an offset: a time on the wall
    except ValueError:
        return None


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
        if (start.tzinfo is None) != (end.tzinfo is None):
            return None
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
    days = unit.days * number
    seconds = unit.seconds * number + (days - int(days)) * _DAY
    return Span(unit.months * int(number), seconds, int(days))
