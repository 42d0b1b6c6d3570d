"""The page behind the link in a mail: GET shows the card, only its button acts.

Rules of this file: GET and HEAD never act, whatever follows links in mails. No script runs here
and the policy forbids it. The link shows what the mail showed; acting needs the person the link
was made for to be signed in, unless the act asks for less. Repeating a press shows the outcome.
"""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import override

from genba.acts.card import Assurance, Card, Offer
from genba.acts.inbound import Inbound, Outcome, Verdict, fingerprint
from genba.acts.objects import card_for
from genba.acts.performance import perform
from genba.acts.tokens import resolve
from genba.channels.mail.templating import shown
from genba.journal.records import TokenRow
from genba.people.directory import Known, known

POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
STATUS: dict[Verdict, int] = {
    Verdict.FORBIDDEN: 403,
    Verdict.UNKNOWN_PERSON: 404,
    Verdict.UNKNOWN_OBJECT: 404,
    Verdict.GONE: 409,
    Verdict.CHANGED: 412,
    Verdict.CONFLICT: 409,
    Verdict.INVALID: 422,
    Verdict.REFUSED: 422,
}


@login_not_required
def landing(request: HttpRequest, token: str) -> HttpResponse:
    """The card a link was made for; 404 for a link that opens nothing."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    row = resolve(token, "link")
    person = known(row.person) if row else None
    if row is None or person is None:
        return _private(_said(request, _("This link is not valid any more."), 404))
    signed = str(request.user.pk) if request.user.is_authenticated else ""
    with override(person.locale):
        if signed and signed != person.id:
            text = _("This link was made for somebody else. Open the case in your own account.")
            return _private(_said(request, text, 403))
        if request.method == "POST":
            return _private(_post(request, token, row, person, signed))
        card = card_for(row.object, row.object_id, person)
        return _private(_page(request, card, None, signed))


def _post(
    request: HttpRequest, token: str, row: TokenRow, person: Known, signed: str
) -> HttpResponse:
    card = card_for(row.object, row.object_id, person)
    name = request.POST.get("act", "")
    offer = next((one for one in card.offers if one.act == name), None) if card else None
    outcome = perform(
        Inbound(
            channel="web" if signed else "mail",
            assurance=Assurance.SESSION if signed else Assurance.POSSESSION,
            act=name,
            given=given(request, offer) if offer else {},
            key=f"link:{request.POST.get('key') or uuid.uuid4().hex}",
            person=signed,
            token=token,
            purpose="link",
            locale=person.locale,
            sent=fingerprint(
                (name, values)
                for name, values in request.POST.lists()
                if name not in ("csrfmiddlewaretoken", "key")
            ),
        )
    )
    if outcome.verdict is Verdict.STEP_UP and not signed:
        return redirect_to_login(request.path, resolve_url(settings.LOGIN_URL))
    return _page(request, outcome.card or card, outcome, signed)


def given(request: HttpRequest, offer: Offer) -> dict[str, Any]:
    """The input of an offer from a posted form: the fields of its schema, nothing else."""
    found: dict[str, Any] = {}
    for name, rule in offer.schema.get("properties", {}).items():
        if rule.get("type") == "boolean":
            found[name] = name in request.POST
        elif rule.get("type") == "array":
            found[name] = request.POST.getlist(name)
        elif request.POST.get(name, "") != "":
            found[name] = request.POST[name]
    return found


def _page(
    request: HttpRequest, card: Card | None, outcome: Outcome | None, signed: str
) -> HttpResponse:
    if card is None:
        return _said(request, _("There is nothing here for you."), 404)
    offers = [offer for offer in card.offers if offer.primary] or list(card.offers)
    context = {
        "card": card,
        "offers": offers if card.open else [],
        "outcome": outcome,
        "signed": signed,
        "key": uuid.uuid4().hex,
    }
    status = STATUS.get(outcome.verdict, 200) if outcome else 200
    return shown(request, "landing.html", context, status=status)


def _said(request: HttpRequest, text: str, status: int) -> HttpResponse:
    context: dict[str, Any] = {
        "card": None,
        "offers": [],
        "outcome": None,
        "signed": "",
        "key": "",
        "text": text,
    }
    return shown(request, "landing.html", context, status=status)


def _private(response: HttpResponse) -> HttpResponse:
    response["Content-Security-Policy"] = POLICY
    response["Cache-Control"] = "no-store"
    # Not "no-referrer": browsers then say "Origin: null", which the check of forms refuses.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
