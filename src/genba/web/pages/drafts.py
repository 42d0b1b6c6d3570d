"""What one began to write: kept while one types, offered again, forgotten.

Rules of this file: keeping and forgetting are acts like any other. A form is read by the schema its
offer has now; files are not kept. Without a script nothing is kept, and nothing else changes.
"""

from datetime import datetime
from typing import Any
from uuid import uuid4

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from msgspec import Struct

from genba.acts.card import Assurance, Card
from genba.acts.inbound import Inbound, Outcome
from genba.acts.objects import card_for, card_in
from genba.acts.performance import perform
from genba.acts.registry import find_act
from genba.journal.contract import Reading
from genba.people.directory import Known
from genba.people.drafts import Draft, drafts_of, form_of, given_in
from genba.runtime.installation import current
from genba.web import forms
from genba.web.reader import for_reader


class Found(Struct, frozen=True):
    """What somebody began in a form, and when it was last saved."""

    given: dict[str, Any]
    at: datetime


class Begun(Struct, frozen=True):
    """A line of the list of what one began."""

    about: str
    label: str
    card: Card | None
    at: datetime


@require_POST
@for_reader
def keep(request: HttpRequest, reader: Known, object: str, id: str, act: str) -> HttpResponse:
    """Keep what a form says so far; an empty answer, as nobody waits for it."""
    card = card_for(object, id, reader, full=False)
    offer = next((one for one in card.offers if one.act == act), None) if card else None
    if card is None or offer is None:
        raise Http404
    given = {
        name: value
        for name, value in forms.read(offer.schema, request.POST).items()
        if isinstance(value, str | bool | list) and name != "said"
    }
    about = form_of(object, id, act, request.POST.get("_part", ""))
    sent = f"web:{reader.id}:{request.POST.get('_key', '')}"
    text = msgspec.json.encode(given).decode()
    outcome = _done(reader, "person.keep-draft", {"about": about, "text": text, "sent": sent})
    return HttpResponse(status=204 if outcome.ok else 422)


@require_POST
@for_reader
def forget(request: HttpRequest, reader: Known) -> HttpResponse:
    """Forget what one began in a form, and go back."""
    _done(reader, "person.forget-draft", {"about": request.POST.get("about", "")})
    place = request.POST.get("_next", "")
    safe = place.startswith("/") and url_has_allowed_host_and_scheme(place, allowed_hosts=None)
    return HttpResponse(status=303, headers={"Location": place if safe else "/"})


def _done(reader: Known, act: str, given: dict[str, Any]) -> Outcome:
    return perform(
        Inbound(
            channel="web",
            assurance=Assurance.SESSION,
            act=act,
            given=given,
            key=f"draft:{uuid4().hex}",
            person=reader.id,
            object="person",
            object_id=reader.id,
            locale=reader.locale,
        )
    )


def begun(request: HttpRequest | None, card: Card, act: str, part: str = "") -> Found | None:
    """What the reader began in this form, looked up once a page."""
    about = form_of(card.object, card.id, act, part)
    person, all = _all(request)
    draft = all.get(about)
    if draft is None:
        return None
    with current().journal.reading() as reading:
        given = given_in(person, draft, reading)
    return Found(given, draft.saved) if given else None


def is_begun(request: HttpRequest | None, card: Card, acts: list[str]) -> bool:
    """Whether the reader began one of these acts."""
    _person, all = _all(request)
    return any(form_of(card.object, card.id, act) in all for act in acts)


def _all(request: HttpRequest | None) -> tuple[str, dict[str, Draft]]:
    """The reader and what they began; nobody and nothing where no page is made (`channel`)."""
    if request is None:
        return "", {}
    kept: tuple[str, dict[str, Draft]] | None = getattr(request, "_drafts", None)
    if kept is None:
        person = str(request.user.pk) if request.user.is_authenticated else ""
        all: dict[str, Draft] = {}
        if person:
            with current().journal.reading() as reading:
                all = {one.about: one for one in drafts_of(person, reading)}
        kept = (person, all)
        request._drafts = kept  # type: ignore[attr-defined]
    return kept


def listed(reader: Known, reading: Reading) -> list[Begun]:
    """Everything somebody began, latest first, with what it is about as it is now."""
    found = []
    for draft in reversed(drafts_of(reader.id, reading)):
        object, _slash, rest = draft.about.partition("/")
        id, _slash, act = rest.partition("/")
        declaration = find_act(act.partition("/")[0])
        card = card_in(object, id, reader, reading, full=False)
        label = declaration.label if declaration else ""
        found.append(Begun(draft.about, label, card, draft.saved))
    return found
