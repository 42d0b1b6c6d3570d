"""What the drawing and the engine say, in the reader's words.

Rules of this file: tables of message ids, one row per kind of work or way to act; texts of the
drawing are never translated. No store is read here.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_noop

from genba.acts.card import JsonSchema
from genba.acts.validation import choices_of
from genba.engine.values import WorkKind
from genba.journal.records import WorkRow
from genba.people.access import is_assigned, names_for
from genba.people.directory import Known

TITLES: dict[str, str] = {
    WorkKind.TASK: "%(step)s",
    WorkKind.CHOICE: gettext_noop("Decide the path: “%(step)s”"),
    WorkKind.HAPPENED: gettext_noop("Has this happened? “%(step)s”"),
    WorkKind.TIME_UP: gettext_noop("Is it time? “%(step)s”"),
    WorkKind.REPEAT: gettext_noop("Once more? “%(step)s”"),
    WorkKind.COUNT: gettext_noop("How many times? “%(step)s”"),
    WorkKind.PICK: gettext_noop("What next? “%(step)s”"),
    WorkKind.JOB: gettext_noop("A machine does this: “%(step)s”"),
    WorkKind.INCIDENT: gettext_noop("Something is stuck: “%(step)s”"),
}

SILENCES: dict[str, str] = {
    WorkKind.TASK: gettext_noop("the drawing does not say how this is done: you do"),
    WorkKind.CHOICE: gettext_noop("the drawing does not say how this is decided: you do"),
    WorkKind.HAPPENED: gettext_noop(
        "the drawing does not say how this is noticed: you say when it has happened"
    ),
    WorkKind.TIME_UP: gettext_noop("the drawing gives the time in words: you say when it is up"),
    WorkKind.REPEAT: gettext_noop("the drawing does not say how often: you do"),
    WorkKind.COUNT: gettext_noop("the drawing does not say how many: you do"),
    WorkKind.PICK: gettext_noop("the drawing does not say in which order: you do"),
    WorkKind.JOB: "",
    WorkKind.INCIDENT: "",
}

CHANNELS: dict[str, str] = {
    "web": gettext_noop("in the page"),
    "mail": gettext_noop("by mail"),
    "api": gettext_noop("through the API"),
    "cli": gettext_noop("from the command line"),
    "form": gettext_noop("by the public form"),
    "todo": gettext_noop("from a to-do list"),
    "assistant": gettext_noop("through an assistant"),
    "slack": gettext_noop("in Slack"),
    "mattermost": gettext_noop("in Mattermost"),
    "teams": gettext_noop("in Microsoft Teams"),
    "zulip": gettext_noop("in Zulip"),
    "matrix": gettext_noop("in Matrix"),
}

# Answers the engine offers by itself, by kind of work; all others are words of the drawing.
AGAIN, ENOUGH = "again", "enough"
OPTIONS: dict[tuple[str, str], str] = {
    (WorkKind.REPEAT, AGAIN): gettext_noop("once more"),
    (WorkKind.REPEAT, ENOUGH): gettext_noop("enough"),
    (WorkKind.PICK, ENOUGH): gettext_noop("enough"),
    (WorkKind.INCIDENT, "retry"): gettext_noop("try again"),
    (WorkKind.INCIDENT, "by-hand"): gettext_noop("it was done by hand"),
    (WorkKind.INCIDENT, "go-on"): gettext_noop("go on without it"),
}

VALUES: dict[str, str] = {
    "approved": gettext_noop("approved"),
    "rejected": gettext_noop("rejected"),
    "done": gettext_noop("done"),
}

# How votes count, by rule of the ballot.
VOTING: dict[str, str] = {
    "count": gettext_noop("Decided together: %(need)s of %(of)s must approve."),
    "all": gettext_noop("Decided together: all %(of)s are heard, and all must approve."),
    "veto": gettext_noop("Decided together: %(of)s are asked; one “no” is enough."),
    "first": gettext_noop("Decided together: %(of)s are asked; the first answer counts."),
}

_GROUPED_FROM = 10_000  # numbers below are written in one piece: years, case numbers


def work_title(work: WorkRow) -> str:
    """What a work asks, in one line, in the active language."""
    frame = TITLES.get(work.kind, TITLES[WorkKind.TASK])
    if work.kind == WorkKind.TASK:
        return work.title
    return gettext(frame) % {"step": work.title}


def option_label(kind: str, id: str, drawn: str) -> str:
    """What an option of a work is called: as drawn, unless it is the engine's own."""
    own = OPTIONS.get((kind, id))
    return gettext(own) if own else drawn


def silence(work: WorkRow) -> str:
    """What the drawing does not say about a work; "" where it says all."""
    words = SILENCES.get(work.kind, "") if work.silent else ""
    return gettext(words) if words else ""


def why_you(work: WorkRow, known: Known) -> str:
    """Why this person is asked, or who is asked when it is not this person."""
    if is_assigned(known, work):
        return gettext("It is assigned to you.")
    if names_for(known).intersection(user.lower() for user in work.users):
        return gettext("You are asked because the drawing names you.")
    for group in (work.role, *work.groups):
        if group and group in known.groups:
            return gettext("You are in %(group)s.") % {"group": group}
    asked = work.role or ", ".join(work.groups)
    return gettext("%(group)s is asked.") % {"group": asked} if asked else ""


def through(channel: str) -> str:
    """The way something was done: "by mail"; "" where that says nothing."""
    words = CHANNELS.get(channel, "")
    return gettext(words) if words else ""


def moment_of(at: datetime, now: datetime) -> str:
    """The time of day for today, the date before it otherwise."""
    local = localtime(at)
    time = date_format(local, "H:i")
    if local.date() == localtime(now).date():
        return time
    day = "MONTH_DAY_FORMAT" if local.year == localtime(now).year else "DATE_FORMAT"
    return f"{date_format(local, day)} {time}"


def value_in_words(value: Any, rule: JsonSchema | None = None) -> str:
    """A value of a case as people write it; "" for what has no words (nested data)."""
    rule = rule or {}
    titles = dict(choices_of(rule) or choices_of(rule.get("items", {})))
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        words = [value_in_words(one, rule.get("items")) for one in value]
        return ", ".join(word for word in words if word)
    if isinstance(value, int | float | Decimal):
        return _number(Decimal(str(value)))
    if not isinstance(value, str):
        return ""
    if value in titles:
        return str(titles[value])
    if rule.get("format") in ("date", "date-time"):
        return _date(value)
    if rule.get("type") == "number":
        return _number_text(value)
    return value


def _number(value: Decimal) -> str:
    return number_format(value, use_l10n=True, force_grouping=abs(value) >= _GROUPED_FROM)


def _number_text(text: str) -> str:
    """A number that was stored as text because it has a fraction."""
    try:
        return _number(Decimal(text))
    except InvalidOperation:
        return text


def _date(text: str) -> str:
    try:
        if len(text) == len("2026-03-31"):
            return date_format(date.fromisoformat(text), "DATE_FORMAT")
        return date_format(datetime.fromisoformat(text), "DATETIME_FORMAT")
    except ValueError:
        return text


def listed(names: Iterable[str]) -> str:
    """Names in one line."""
    return ", ".join(name for name in names if name)
