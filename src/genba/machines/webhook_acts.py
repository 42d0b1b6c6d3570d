"""Making a webhook, stopping it, trying it, and sending again what could not be handed over.

Rules of this file: one function an act. Nothing is called here: what is to be sent leaves as an
outbox row, which `channels.webhooks` does after the commit.
"""

from datetime import timedelta
from typing import Annotated

from django.utils.translation import gettext, gettext_noop, ngettext
from msgspec import Meta, Struct
from msgspec.structs import replace

from genba.acts.card import Assurance, Effect
from genba.acts.declaring import Terms, act
from genba.acts.inbound import Outcome
from genba.acts.outcomes import done, invalid, not_done
from genba.acts.schemas import Nothing, picked
from genba.machines.webhooks import (
    KIND,
    Letter,
    Webhook,
    WebhookObject,
    marks_of,
    stream_of,
    webhooks_of,
)
from genba.people.directory import Known
from genba.runtime.identity import fresh_id
from genba.runtime.notices import HookNotice
from genba.runtime.outward import Refused, read_address
from genba.runtime.streams import OpenStream
from genba.runtime.unit import Unit

MOST = 20  # webhooks of one person
BOTH = timedelta(hours=24)  # how long a secret that was renewed still signs beside the new one
ALL = "all"

_Url = Annotated[
    str,
    Meta(
        title=gettext_noop("Address"),
        description=gettext_noop("Where events are sent by POST: https://…"),
        min_length=8,
        max_length=1000,
    ),
]
_Events = Annotated[
    str,
    Meta(
        title=gettext_noop("Events"),
        description=gettext_noop("With commas, for instance case-*, work-opened; empty: all."),
        max_length=1000,
    ),
]
_Process = Annotated[
    str,
    Meta(
        title=gettext_noop("Process"),
        description=gettext_noop("The key of a process, for its cases only."),
        max_length=255,
    ),
]


class NewWebhook(Struct, frozen=True):
    """Where to, and what."""

    name: Annotated[str, Meta(title=gettext_noop("Name"), min_length=1, max_length=100)]
    url: _Url
    events: _Events = ""
    process: _Process = ""


class Again(Struct, frozen=True):
    """Which event; "all" for every one."""

    event: Annotated[str, Meta(title=gettext_noop("Event"), min_length=1, max_length=20)]


def is_new(one: WebhookObject, _by: Known) -> bool:
    """It is to be begun."""
    return one.hook is None


def is_on(one: WebhookObject, _by: Known) -> bool:
    """It is sent to."""
    return one.hook is not None and one.hook.on


def is_off(one: WebhookObject, _by: Known) -> bool:
    """It was stopped."""
    return one.hook is not None and not one.hook.on


def is_there(one: WebhookObject, _by: Known) -> bool:
    """It was begun."""
    return one.hook is not None


def undelivered(one: WebhookObject, _by: Known) -> Terms | None:
    """The events that could not be handed over."""
    if one.hook is None or not one.hook.dead:
        return None
    letters = [(str(dead.position), f"{dead.position} {dead.type}") for dead in one.hook.dead]
    return Terms(schema=picked(Again, "event", [(ALL, gettext("All of them")), *letters]))


@act(
    KIND,
    "make",
    when=is_new,
    label=gettext_noop("Make a webhook"),
    summary=gettext_noop("Send the events of your cases to an address, signed."),
    input=NewWebhook,
    assurance=Assurance.SESSION,
)
def make(unit: Unit, _one: WebhookObject, by: Known, given: NewWebhook) -> Outcome:
    """Begin a webhook: from now on, events are sent."""
    try:
        read_address(given.url)
    except Refused as wrong:
        return invalid("url", gettext("This address cannot be called: %(why)s.") % {"why": wrong})
    if len(webhooks_of(unit.tx, by.id)) >= MOST:
        message = gettext("You have too many webhooks: remove one first.")
        return not_done(message)
    events = tuple(part.strip() for part in given.events.split(",") if part.strip())
    id = fresh_id(unit.now)
    hook = Webhook(
        person=by.id,
        name=given.name,
        url=given.url,
        events=events,
        process=given.process,
        made=unit.now,
        position=unit.tx.position(),
    )
    stream = unit.stream(stream_of(id))
    _keep(stream, "webhook.made", hook)
    message = gettext("Events are sent from now on.")
    return done(message, object=KIND, object_id=id)


@act(
    KIND,
    "stop",
    when=is_on,
    label=gettext_noop("Stop"),
    summary=gettext_noop(
        "Send nothing until it is taken up again; then all that happened follows."
    ),
    assurance=Assurance.SESSION,
)
def stop(unit: Unit, one: WebhookObject, _by: Known, _given: Nothing) -> Outcome:
    """Nothing more is sent."""
    stream, hook = opened(unit, one)
    _keep(stream, "webhook.stopped", replace(hook, on=False, why=""))
    return done(gettext("Nothing more is sent."))


@act(
    KIND,
    "go-on",
    when=is_off,
    label=gettext_noop("Take up again"),
    summary=gettext_noop("Send again, from the event on where it was stopped."),
    assurance=Assurance.SESSION,
)
def go_on(unit: Unit, one: WebhookObject, _by: Known, _given: Nothing) -> Outcome:
    """It goes on where it was stopped."""
    stream, hook = opened(unit, one)
    _keep(stream, "webhook.taken-up", replace(hook, on=True, why=""))
    return done(gettext("Events are sent again, from where it was stopped."))


@act(
    KIND,
    "try",
    when=is_there,
    label=gettext_noop("Send a test event"),
    summary=gettext_noop("Send an event of the type genba.test, to see that it arrives."),
    assurance=Assurance.SESSION,
)
def send_test(unit: Unit, one: WebhookObject, _by: Known, _given: Nothing) -> Outcome:
    """An event that means nothing leaves."""
    stream, _hook = opened(unit, one)
    seq = stream.record("webhook.tried", {})
    stream.post("hook", HookNotice(position=0, case="", seq=seq), key=f"test:{seq}")
    return done(gettext("A test event is on its way."))


@act(
    KIND,
    "resend",
    when=undelivered,
    label=gettext_noop("Send again"),
    summary=gettext_noop("Send again what could not be handed over: one event, or all."),
    input=Again,
    assurance=Assurance.SESSION,
)
def resend(unit: Unit, one: WebhookObject, _by: Known, given: Again) -> Outcome:
    """Dead letters leave once more, with the same ids."""
    stream, hook = opened(unit, one)
    chosen = [dead for dead in hook.dead if given.event in (ALL, str(dead.position))]
    if not chosen:
        return invalid("event", gettext("There is no such event here any more."))
    kept = tuple(dead for dead in hook.dead if dead not in chosen)
    seq = stream.record("webhook.resent", {"positions": [dead.position for dead in chosen]})
    stream.keep(replace(hook, dead=kept))
    for dead in chosen:
        _post_again(stream, dead, seq)
    words = ngettext(
        "%(count)d event is on its way again.", "%(count)d events are on their way again.",
        len(chosen),
    )  # fmt: skip
    return done(words % {"count": len(chosen)})


@act(
    KIND,
    "renew-secret",
    when=is_there,
    label=gettext_noop("Renew the secret"),
    summary=gettext_noop("Sign with a new secret; for a day the one before signs as well."),
    assurance=Assurance.SESSION,
)
def renew_secret(unit: Unit, one: WebhookObject, _by: Known, _given: Nothing) -> Outcome:
    """Another secret signs from now on."""
    stream, hook = opened(unit, one)
    renewed = replace(hook, generation=hook.generation + 1, older_until=unit.now + BOTH)
    _keep(stream, "webhook.secret-renewed", renewed)
    return done(gettext("There is a new secret; the one before signs as well for a day."))


@act(
    KIND,
    "remove",
    when=is_there,
    label=gettext_noop("Remove the webhook"),
    summary=gettext_noop("Send nothing to this address any more, and forget it."),
    assurance=Assurance.SESSION,
    effect=Effect.FINAL,
)
def remove(unit: Unit, one: WebhookObject, _by: Known, _given: Nothing) -> Outcome:
    """It is gone; its log stays, its address does not."""
    stream, hook = opened(unit, one)
    _keep(stream, "webhook.removed", replace(hook, removed=True, on=False, url="", dead=()))
    return done(gettext("The webhook is gone."))


def opened(unit: Unit, one: WebhookObject) -> tuple[OpenStream, Webhook]:
    """The webhook inside the unit. Raises LookupError for one that is not there: a bug."""
    stream = unit.stream(stream_of(one.id))
    hook = stream.state(Webhook)
    if hook is None:
        raise LookupError(one.id)
    return stream, hook


def _keep(stream: OpenStream, said: str, hook: Webhook) -> None:
    stream.record(said, {"person": hook.person})
    stream.keep(hook, marks=marks_of(hook))


def _post_again(stream: OpenStream, dead: Letter, seq: int) -> None:
    notice = HookNotice(position=dead.position, case=dead.case, seq=dead.seq)
    stream.post("hook", notice, key=f"event:{dead.position}:{seq}")
