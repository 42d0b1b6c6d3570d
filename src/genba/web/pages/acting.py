"""Every act of the page comes through here, and goes to the one inbound path.

Rules of this file: no act is known by name. A form is read by the schema its offer has now;
whether it may be done, and whether the input is right, is decided by `perform` alone.
"""

import time
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from genba.acts.card import Assurance, Card, JsonSchema
from genba.acts.inbound import Inbound, Outcome, Verdict, fingerprint
from genba.acts.objects import card_for
from genba.acts.performance import foresee, perform
from genba.acts.registry import find_act
from genba.people.directory import Known
from genba.people.drafts import form_of
from genba.web import forms
from genba.web.channel import Pressed, read
from genba.web.pages.calendars import show_calendar
from genba.web.pages.cases import show_case
from genba.web.pages.decisions import show_decision
from genba.web.pages.helping import show_help
from genba.web.pages.people import show_person
from genba.web.pages.processes import show_process
from genba.web.pages.queues import show_queue, show_skills
from genba.web.pages.talked import show_part
from genba.web.pages.undone import show_undone
from genba.web.pages.webhooks import show_webhook
from genba.web.parts import whole
from genba.web.reader import for_reader
from genba.web.tried import Tried

UNSAID = "…"  # a word that is still to be written


@require_POST
@for_reader
def act(request: HttpRequest, reader: Known, object: str, id: str, act: str) -> HttpResponse:
    """Do an act on an object with what the form gave."""
    before = card_for(object, id, reader, full=False)
    if before is None or find_act(act) is None:
        raise Http404
    given = read_given(request, before, act)
    outcome = perform(inbound(request, reader, before, act, given))
    if outcome.ok:
        return done(request, before, outcome)
    if outcome.verdict is Verdict.STEP_UP:
        return step_up(request, before)
    if outcome.object_id and outcome.card is not None:  # not this one: that one
        messages.error(request, outcome.message)
        return go(request, outcome.card.url)
    tried = Tried(
        act=act,
        id=id,
        given=given,
        errors=outcome.errors,
        message=outcome.message,
        verdict=outcome.verdict,
    )
    return again(request, reader, outcome.card or before, tried)


@require_POST
@for_reader
def foreseen(request: HttpRequest, reader: Known, object: str, id: str, act: str) -> HttpResponse:
    """What an act would do with what the form says so far; nothing is changed."""
    before = card_for(object, id, reader, full=False)
    offer = next((one for one in before.offers if one.act == act), None) if before else None
    if before is None:
        raise Http404
    if offer is None or not offer.foreseen:  # done meanwhile, while the page still asked
        return render(request, "foreseen.html", {"told": (), "ok": True})
    given = read_given(request, before, act)
    for name in offer.schema.get("required", ()):
        if not forms.options_of(offer.schema["properties"][name]):
            given.setdefault(name, UNSAID)
    outcome = foresee(inbound(request, reader, before, act, given))
    told = outcome.effects if outcome.ok else (outcome.message,)
    if outcome.verdict is Verdict.INVALID:
        told = ()  # something is still to be picked
    return render(request, "foreseen.html", {"told": told, "ok": outcome.ok})


def read_given(request: HttpRequest, card: Card, act: str) -> dict[str, Any]:
    """What the form gave, by the schema of the offer as it is now; files as bytes."""
    offer = next((one for one in card.offers if one.act == act), None)
    if offer is None:  # no longer open: `perform` says why, whatever was given
        return {}
    given = forms.read(offer.schema, request.POST)
    for name, property in offer.schema.get("properties", {}).items():
        sent = request.FILES.get(name)
        if sent is not None and forms.control(property) == "file":
            given[name] = sent.read()
            given.update(described(offer.schema, sent.name or "", sent.content_type or ""))
    return given


def described(schema: JsonSchema, name: str, media_type: str) -> dict[str, str]:
    """What a browser says about a file, where the schema has room for it."""
    said = dict(zip(forms.BESIDE_A_FILE, (name, media_type), strict=True))
    return {key: value for key, value in said.items() if value and key in schema["properties"]}


def inbound(
    request: HttpRequest, reader: Known, card: Card, act: str, given: dict[str, Any]
) -> Inbound:
    """What the page hands in."""
    pressed = Pressed(
        person=reader.id,
        level=assurance(request),
        card=card,
        act=act,
        given=given,
        key=request.POST.get("_key", ""),
        version=whole(request.POST.get("_version", "")),
        locale=reader.locale,
        sent=as_sent(request),
        draft=form_of(card.object, card.id, act, request.POST.get("_part", "")),
    )
    return read(pressed).inbound


def as_sent(request: HttpRequest) -> str:
    """The form as it came, so that a second press of its button is known to be the same."""
    fields = [
        (name, values)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and not name.startswith("_")
    ]
    files = [
        (name, [str(getattr(file, "name", "")), str(getattr(file, "size", ""))])
        for name, file in request.FILES.items()
    ]
    return fingerprint([*fields, *files])


def assurance(request: HttpRequest) -> Assurance:
    """How sure we are: signed in, or signed in within the last minutes."""
    records = get_authentication_records(request, request.user)
    latest = max((float(record.get("at", 0)) for record in records), default=0.0)
    fresh = time.time() - latest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return Assurance.FRESH if fresh else Assurance.SESSION


def done(request: HttpRequest, before: Card, outcome: Outcome) -> HttpResponse:
    """Say what happened, and go back to where the form was, or to what was made."""
    undo = f"{outcome.undo}|{before.object}|{before.id}" if outcome.undo else ""
    messages.success(request, outcome.message, extra_tags=undo)
    made = outcome.card if outcome.object_id else None
    return go(request, made.url if made else whence(request, before))


def whence(request: HttpRequest, card: Card) -> str:
    """The page of this site the form stood on."""
    place = request.POST.get("_next", "")
    if place.startswith("/") and url_has_allowed_host_and_scheme(place, allowed_hosts=None):
        return place
    return card.url


def go(request: HttpRequest, place: str) -> HttpResponse:
    """Redirect; a script on the page loads another page whole, but keeps the one it is on."""
    current = urlsplit(request.headers.get("HX-Current-URL", ""))
    if request.headers.get("HX-Request") and current.path != urlsplit(place).path:
        return HttpResponse(status=200, headers={"HX-Redirect": place})
    return HttpResponseRedirect(place, status=303)


def step_up(request: HttpRequest, card: Card) -> HttpResponse:
    """Ask to sign in again, then come back to the card."""
    back = urlencode({"next": whence(request, card)})
    return go(request, f"{reverse('account_reauthenticate')}?{back}")


def again(request: HttpRequest, reader: Known, card: Card, tried: Tried) -> HttpResponse:
    """Show the object as it is now, with what was filled in and what was wrong with it."""
    if card.object == "process":
        return show_process(request, reader, card.id, tried=tried)
    if card.object in ("step", "file"):
        return show_part(request, reader, card.object, card.id, tried=tried)
    if card.object in ("decision", "rule"):
        key, _hash, row = card.id.partition("#")
        return show_decision(request, reader, key, row=row, tried_act=tried)
    if card.object == "note":
        return show_help(request, reader, card.object, card.id, tried=tried)
    if card.object == "person":
        return show_person(request, reader, card.id, tried=tried)
    if card.object == "calendar":
        return show_calendar(request, reader, card.id, tried=tried)
    if card.object == "queue":
        return show_queue(request, reader, card.id, tried=tried)
    if card.object == "skills":
        return show_skills(request, reader, card.id, tried=tried)
    if card.object == "webhook":
        return show_webhook(request, reader, card.id, tried=tried)
    if card.object == "delivery":
        return show_undone(request, reader, tried=tried)
    if not card.number:
        messages.error(request, tried.message)
        return redirect("inbox")
    work = card.url.rpartition("/")[2] if card.object == "task" else ""
    return show_case(request, reader, card.number, work=work, tried=tried)
