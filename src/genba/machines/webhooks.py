"""A webhook: where the events of one's cases are sent to, as an object of acts.

Rules of this file: reads only. A webhook is its person's; what is sent is what they may see, asked
again for every event. It is kept in a stream of its own ("webhook:ID"); the address stands in its
state only, because it may hold a secret. The secret that signs is derived from the installation's
own (`channels.webhooks.signing`) and kept nowhere.
"""

from datetime import datetime

from django.utils.translation import gettext, ngettext
from msgspec import Struct

from genba.acts.card import Card, Fact
from genba.journal.contract import Reading
from genba.people.directory import Known
from genba.runtime.streams import read_state

KIND = "webhook"
NEW = "new"  # what one writes to begin another
ON = "on"  # the mark of those that are sent to
MOST_LETTERS = 500  # dead letters kept of one webhook; then the oldest go


class Letter(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An event that could not be handed over. `case` and `seq` name it on the log."""

    position: int
    case: str
    seq: int
    type: str
    at: datetime  # when it was given up
    error: str


class Webhook(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A webhook, as it is kept. `position` is the last entry of the log that was looked at."""

    person: str
    name: str
    url: str
    events: tuple[str, ...] = ()  # types, a "*" at the end of one stands for any; empty: all
    process: str = ""
    made: datetime
    position: int
    generation: int = 1  # of its secret
    older_until: datetime | None = None  # until when the secret before signs as well
    on: bool = True
    why: str = ""  # why it was stopped, where nobody did
    dead: tuple[Letter, ...] = ()
    removed: bool = False


class WebhookObject(Struct, frozen=True):
    """A webhook with its id; none for the one that is to be begun."""

    id: str
    hook: Webhook | None = None
    revision: int = 0


def stream_of(id: str) -> str:
    """The stream a webhook is kept in."""
    return f"{KIND}:{id}"


def marks_of(hook: Webhook) -> tuple[str, ...]:
    """What it is found by."""
    if hook.removed:
        return ()
    return (mark_of(hook.person), *((ON,) if hook.on else ()))


def mark_of(person: str) -> str:
    """What the webhooks of a person are found by."""
    return f"person:{person}"


def load_webhook(reading: Reading, id: str) -> WebhookObject | None:
    """The webhook of an id; "new" is one that is not there yet."""
    if id == NEW:
        return WebhookObject(NEW)
    row = reading.stream(stream_of(id))
    hook = read_state(row, Webhook)
    if row is None or hook is None or hook.removed:
        return None
    return WebhookObject(id, hook, row.revision)


def webhooks_of(reading: Reading, person: str) -> list[WebhookObject]:
    """Those of a person, oldest first."""
    rows = reading.streams(KIND, mark=mark_of(person), limit=100)
    found = [(row, read_state(row, Webhook)) for row in rows]
    return [
        WebhookObject(row.id.partition(":")[2], hook, row.revision)
        for row, hook in found
        if hook is not None and not hook.removed
    ]


def sees_webhook(one: WebhookObject, known: Known, _reading: Reading) -> bool:
    """Its person, themselves: no program on their behalf, and no guest."""
    if known.is_guest or known.scopes is not None:
        return False
    return one.hook is None or one.hook.person == known.id


def webhook_card(one: WebhookObject, _known: Known, _full: bool, _reading: Reading) -> Card:
    """Where it sends, what, and what it could not hand over."""
    hook = one.hook
    if hook is None:
        return Card(
            object=KIND,
            id=NEW,
            version=0,
            title=gettext("A new webhook"),
            subject="",
            url="/me/webhooks",
        )
    return Card(
        object=KIND,
        id=one.id,
        version=one.revision,
        title=hook.name,
        subject=gettext("Events sent to an address"),
        url=f"/me/webhooks/{one.id}",
        status=status_of(hook),
        facts=(
            Fact(gettext("Address"), hook.url),
            Fact(gettext("Events"), ", ".join(hook.events) or gettext("all")),
            *((Fact(gettext("Process"), hook.process),) if hook.process else ()),
            Fact(gettext("Not handed over"), str(len(hook.dead)), "number"),
        ),
    )


def status_of(hook: Webhook) -> str:
    """How it stands, in words."""
    if not hook.on:
        return gettext(hook.why) if hook.why else gettext("stopped")
    if hook.dead:
        count = len(hook.dead)
        words = ngettext(
            "%(count)d event could not be handed over",
            "%(count)d events could not be handed over",
            count,
        )
        return words % {"count": count}
    return gettext("sending")


def webhook_gone(_one: WebhookObject, _known: Known) -> str:
    """One that was removed is not found at all."""
    return ""
