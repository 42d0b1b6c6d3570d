"""The pages of the built-in mailbox: read what was sent, and reply as the one who got it.

Rules of this file: only there in a demonstration whose mail stays on this machine, and only for
requests from this machine (else 404): it shows everybody's mail. A reply is a real mail,
handed by SMTP to our own listener: the page has no other way to act. The HTML part of a mail is
never shown, only its text.
"""

import smtplib
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from genba.channels.mail import mailbox
from genba.channels.mail.addresses import plain_address, start_address, start_slugs
from genba.channels.mail.site import Site, site
from genba.channels.mail.templating import shown
from genba.channels.mail.threads import one_line
from genba.people.directory import everybody
from genba.runtime.installation import current


@login_not_required
def overview(request: HttpRequest) -> HttpResponse:
    """The mails of a person (`?for=address`), newest first; POST writes a new mail."""
    place, folder = _open(request)
    address = plain_address(request.POST.get("for") or request.GET.get("for", ""))
    if request.method == "POST":
        message = _written(request, address, request.POST.get("to", ""))
        return _sent(request, place, message, f"{request.path}?for={address}")
    people = [person for person in everybody() if person.address]
    with current().journal.reading() as reading:
        slugs = sorted(start_slugs(version.key for version in reading.processes()).values())
    context = {
        "people": people,
        "address": address,
        "mails": mailbox.kept(folder, address),
        "starts": [start_address(slug, place.domain) for slug in slugs],
        "section": "mailbox",
    }
    return shown(request, "mailbox.html", context)


@login_not_required
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail; POST answers it."""
    place, folder = _open(request)
    message = mailbox.open_kept(folder, name)
    if message is None:
        raise Http404
    kept = mailbox.describe(name, message)
    if request.method == "POST":
        reader = kept.to[0] if kept.to else ""
        answer = _written(request, reader, kept.reply_to, message)
        return _sent(request, place, answer, f"../mailbox/?for={reader}")
    body = message.get_body(("plain",))
    context = {
        "mail": kept,
        "sender": str(message.get("From", "")),
        "text": str(body.get_content()) if body else "",
        "section": "mailbox",
    }
    return shown(request, "mailbox_mail.html", context)


def _open(request: HttpRequest) -> tuple[Site, Path]:
    place = site()
    if request.META.get("REMOTE_ADDR") not in ("127.0.0.1", "::1"):
        raise Http404
    if place.mailbox is None or not place.demo:
        raise Http404
    return place, place.mailbox


def _written(
    request: HttpRequest, sender: str, to: str, answered: EmailMessage | None = None
) -> EmailMessage:
    """The mail somebody wrote in the page, as a mail program would make it."""
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = plain_address(to)
    message["Date"] = format_datetime(timezone.now())
    message["Message-ID"] = make_msgid(domain="mailbox.localhost")
    text = request.POST.get("text", "").replace("\r\n", "\n")
    if answered is None:
        message["Subject"] = one_line(request.POST.get("subject", ""))
    else:
        message["Subject"] = f"Re: {one_line(str(answered.get('Subject', '')))}"
        message["In-Reply-To"] = one_line(str(answered.get("Message-ID", "")))
        before = str(answered.get("References", ""))
        message["References"] = one_line(f"{before} {answered.get('Message-ID', '')}", 900)
        text = f"{text.rstrip()}\n\n{_quotation(answered)}"
    message.set_content(text)
    for file in request.FILES.getlist("file"):
        major, _slash, minor = (file.content_type or "application/octet-stream").partition("/")
        message.add_attachment(
            file.read(), maintype=major, subtype=minor or "octet-stream", filename=file.name
        )
    return message


def _quotation(answered: EmailMessage) -> str:
    body = answered.get_body(("plain",))
    lines = str(body.get_content()).splitlines() if body else []
    head = _("On %(date)s, %(who)s wrote:") % {
        "date": answered.get("Date", ""),
        "who": answered.get("From", ""),
    }
    return "\n".join([head, "", *(f"> {line}".rstrip() for line in lines)])


def _sent(request: HttpRequest, place: Site, message: EmailMessage, back: str) -> HttpResponse:
    sender, to = str(message["From"]), str(message["To"])
    try:
        with smtplib.SMTP(place.host, place.port, timeout=30) as relay:
            relay.sendmail(sender, [to], message.as_bytes())
    except (OSError, smtplib.SMTPException):
        text = _("The mail could not be handed over. Check the address, or try again.")
        context = {"text": text, "section": "mailbox"}
        return shown(request, "mailbox_trouble.html", context, status=502)
    return redirect(back)
