"""The public form of a process that is open to the outside.

Rules of this file: nobody is signed in here, so nothing is kept of what an address did not prove.
First the address: a link is mailed there, and the page says the same whatever becomes of it. Behind
the link stands the form; it starts one case, as the guest of that address, by the one inbound path.
GET starts nothing. No files; what is large is refused before it is read; words that a stranger
writes are in no mail of ours to an address that is not proved. How often somebody may ask is
limited by network address, by mail address and by process, in each server.
"""

import time
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods
from msgspec import Struct
from msgspec.structs import replace

from genba.acts.card import Assurance, Offer
from genba.acts.inbound import Inbound, Outcome, Verdict, fingerprint
from genba.acts.objects import offer_of
from genba.acts.performance import perform
from genba.cases.outside import STRANGER, form_path, is_open
from genba.channels.mail.outbound import welcome
from genba.channels.mail.site import site
from genba.channels.pace import Pace
from genba.engine.graph import Graph
from genba.people.directory import Known, by_address, invite
from genba.runtime.definitions import graph
from genba.runtime.installation import current
from genba.web import forms
from genba.web.tried import STATUS

LARGEST = 300_000  # bytes of a form
PROVED = 24 * 3600  # seconds for which the link in the mail is good
SALT = "genba.web.pages.outside"
TRAP = "website"  # a field people do not see; whoever fills it in is a machine
# Who -> how often in so many seconds.
BY_NETWORK, BY_ADDRESS, BY_PROCESS = (30, 600.0), (3, 3600.0), (300, 3600.0)

pace = Pace()
View = Callable[..., HttpResponse]


class Proof(Struct, frozen=True):
    """What the link in the mail says: for which process, whose address, and which try."""

    process: str
    address: str
    nonce: str


def public(view: View) -> View:
    """Let anybody in, but nothing large and no files, which would be read before they are checked;
    then the page must be one of ours, and its sender not too hasty."""
    protected = csrf_protect(view)

    @login_not_required
    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def entered(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        if request.method == "POST":
            if "CONTENT_LENGTH" not in request.META or length(request) > LARGEST:
                return said(request, _("This is too large. Nothing was sent."), 413)
            if request.content_type != "application/x-www-form-urlencoded":
                return said(request, _("Files cannot be sent here."), 415)
            most, seconds = BY_NETWORK
            if pace.wait(f"from {sender(request)}", most, time.monotonic(), seconds):
                return said(request, _("So much was sent from here that you have to wait."), 429)
        return protected(request, *given, **named)

    return entered


@public
def ask(request: HttpRequest, key: str) -> HttpResponse:
    """What the process is, and a field for one's mail address."""
    drawn = opened(key)
    context: dict[str, Any] = {"drawn": drawn, "wrong": "", "address": "", "trap": TRAP}
    if request.method != "POST":
        return shown(request, "outside.html", context)
    address = request.POST.get("address", "").strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        wrong = _("This is no mail address.")
        return shown(request, "outside.html", {**context, "wrong": wrong, "address": address}, 422)
    if not request.POST.get(TRAP) and is_welcome(address, key):
        mail_link(request, key, drawn.name, address)
    words = _("If this address can be reached, a link is on its way there. It is good for a day.")
    return said(request, words, 200, drawn.name)


@public
def begin(request: HttpRequest, key: str, proof: str) -> HttpResponse:
    """The form, for whoever has the link; sent, it starts one case."""
    drawn, proved = opened(key), read_proof(proof)
    if proved is None or proved.process != key:
        again = _("This link is not valid any more. Ask for another one.")
        return said(request, again, 404, drawn.name)
    offer = form_of(key, by_address(proved.address))
    if offer is None:
        raise Http404
    given: dict[str, Any] = {}
    outcome = None
    if request.method == "POST":
        given = forms.read(offer.schema, request.POST)
        outcome = start(request, proved, given)
        if outcome is None:  # the account is closed: whoever closed it knows why
            return said(request, _("There is nothing here for you."), 404, drawn.name)
        if outcome.ok:
            words = _("%(message)s A mail is on its way: by its link you can follow the case.")
            return said(request, words % {"message": outcome.message}, 200, drawn.name)
        if outcome.verdict is Verdict.CONFLICT:
            used = _("This link has started a case already. Ask for another one to start one more.")
            return said(request, used, 409, drawn.name)
    context = {
        "drawn": drawn,
        "offer": offer,
        "address": proved.address,
        "name": request.POST.get("_name", ""),
        "fields": forms.fields(offer, given),
        "errors": outcome.errors if outcome else {},
        "wrong": outcome.message if outcome else "",
        "trap": TRAP,
    }
    return shown(request, "outside_form.html", context, STATUS[outcome.verdict] if outcome else 200)


def opened(key: str) -> Graph:
    """The drawing of a process that is open to the outside; else there is no such page."""
    with current().journal.reading() as reading:
        latest = next((one for one in reading.processes() if one.key == key), None)
        drawn = graph(current(), key, latest.version) if latest else None
        if drawn is None or not is_open(drawn, key, reading):
            raise Http404
    return drawn


def form_of(key: str, person: Known | None) -> Offer | None:
    """What the start asks, without files, which a stranger cannot send."""
    offer = offer_of(
        "process.start", key, replace(person or STRANGER, locale=get_language() or "en")
    )
    if offer is None:
        return None
    plain = {
        name: rule
        for name, rule in offer.schema.get("properties", {}).items()
        if forms.control(rule) != "file"
    }
    return replace(offer, schema={**offer.schema, "properties": plain})


def is_welcome(address: str, key: str) -> bool:
    """Whether a link is mailed there: not to ourselves, and not too often."""
    now = time.monotonic()
    if address.endswith(f"@{site().domain}"):
        return False
    return not any(
        pace.wait(who, most, now, seconds)
        for who, (most, seconds) in ((f"to {address}", BY_ADDRESS), (f"for {key}", BY_PROCESS))
    )


def mail_link(request: HttpRequest, key: str, name: str, address: str) -> None:
    """Mail the link; no word of a stranger is in it."""
    proof = signing.dumps([key, address, uuid.uuid4().hex], salt=SALT)
    lines = (
        _("Somebody gave this address to begin: %(name)s.") % {"name": name},
        _("If it was you, open this page and fill in the form; the link is good for a day:"),
        f"{settings.GENBA_URL}{form_path(key)}/{proof}",
        _("If it was not you, do nothing: nothing was begun and nothing is kept."),
    )
    EmailMessage(
        subject=name.replace("\n", " ")[:200],
        body="\n\n".join(lines),
        to=[address],
        headers={"Auto-Submitted": "auto-generated"},
    ).send()


def read_proof(proof: str) -> Proof | None:
    """What a link says, as long as it is good."""
    try:
        process, address, nonce = signing.loads(proof, salt=SALT, max_age=PROVED)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Proof(process, address, nonce)


def start(request: HttpRequest, proved: Proof, given: dict[str, Any]) -> Outcome | None:
    """Start the case as the guest of this address, once a link; None for a closed account."""
    name = request.POST.get("_name", "").strip()[:150] or proved.address.partition("@")[0]
    try:
        person = invite(proved.address, name, get_language() or "en")
    except ValueError:
        return None
    outcome = perform(
        Inbound(
            channel="form",
            assurance=Assurance.CHANNEL,
            act="process.start",
            given=given,
            key=f"open:{proved.nonce}",
            person=person.id,
            object="process",
            object_id=proved.process,
            locale=person.locale,
            sent=fingerprint(
                (name, values)
                for name, values in request.POST.lists()
                if name != "csrfmiddlewaretoken"
            ),
        )
    )
    if outcome.ok and outcome.object == "case":
        with override(person.locale):
            opening = outcome.message
        welcome(current(), person, outcome.object_id, opening)
    return outcome


def length(request: HttpRequest) -> int:
    """How long the request says it is; a wrong length is too long."""
    said = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(said) if said.isdecimal() and len(said) < 12 else LARGEST + 1


def sender(request: HttpRequest) -> str:
    """The network address it came from: what the proxy says, where there is one."""
    if settings.GENBA_BEHIND_PROXY:
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def said(request: HttpRequest, words: str, status: int, name: str = "") -> HttpResponse:
    """A page of one sentence."""
    return shown(request, "outside_said.html", {"words": words, "name": name}, status)


def shown(
    request: HttpRequest, page: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A public page: kept by nobody, found by no search engine, named to no other site."""
    answer = render(request, page, context, status=status)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
