"""A card as a mail.

Rules of this file: pure; a card, its reader and the addresses in, an `EmailMessage` out, the same
for the same input. It decides nothing: what is not on the card is not in the mail. Texts come
from the catalogue in the language that is active (the caller sets the reader's). Lines stay below
78 characters and never end in a space, so that format=flowed programs do not mend them. No
printed line is itself an act: a remark in parentheses stands behind every word (see `verbs`).
"""

import html
import textwrap
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from msgspec import Struct

from genba.acts.card import Card, Hint, Moment, Offer
from genba.channels.mail.addresses import desk_address
from genba.channels.mail.blocks import asked_for, at_once, fits_mail
from genba.channels.mail.languages import meaning_in_any
from genba.channels.mail.site import Site
from genba.channels.mail.threads import Thread, one_line
from genba.channels.mail.verbs import Act

WIDTH = 72
_WORDS_KEPT = 600  # of what somebody said, in characters
_FACTS = 12
_TALK = 3  # the last words
_HINTS = 2  # notes
_LONG_CHOICE = 40


class Envelope(Struct, frozen=True, kw_only=True):
    """Where one mail goes and how it comes back."""

    site: Site
    name: str
    address: str
    thread: Thread
    at: datetime
    reply_to: str = ""
    link: str = ""  # the page that shows this card and lets one act
    process: str = ""  # slug, for List-Id
    process_name: str = ""
    automatic: str = "auto-generated"  # or auto-replied, for an answer (RFC 3834, 5)


def card_mail(card: Card, envelope: Envelope, *, opening: str = "") -> EmailMessage:
    """The mail of a card. `opening` stands first, for instance what somebody just said."""
    said = [line for part in opening.split("\n") for line in (_wrap(part) or [""])]
    head = [*([*said, ""] if opening else []), *_head(card)]
    text = [*head, "", *_facts(card), *_said(card), *_hints(card)]
    text += [*_acts(card), *_foot(card, envelope)]
    body = "\n".join(_inert(_trimmed(text), card)) + "\n"
    return _message(envelope, body, _markup(card, envelope, opening))


def card_text(card: Card, envelope: Envelope) -> str:
    """The text part of a card's mail, to tell the reader's words from ours."""
    part = card_mail(card, envelope).get_body(("plain",))
    return str(part.get_content()) if part else ""


def plain_mail(text: str, envelope: Envelope) -> EmailMessage:
    """A mail of a few plain sentences: an answer, a question back, a refusal."""
    lines = [line for part in text.split("\n") for line in (_wrap(part) or [""])]
    return _message(envelope, "\n".join(_trimmed(lines)) + "\n", _paragraphs(text))


def offer_line(offer: Offer) -> list[tuple[str, str]]:
    """What one may write for an offer, with the remark that stands behind each word."""
    if offer.choices:
        remark = _("several: parted by commas") if offer.many else _("write just this")
        return [(" ".join(choice.label.split()), remark) for choice in offer.choices]
    if not offer.words:
        return []
    fields = asked_for(offer.schema, but=(offer.text_field, offer.choice_field))
    if fields and not at_once(offer.schema, but=(offer.text_field, offer.choice_field)):
        return [(offer.words[0], _("then one question after another is asked"))]
    if fields:
        below = [("", f"{field}: …") for field in fields]
        return [(offer.words[0], _("and below it, one line each")), *below]
    return [(offer.words[0], _remark(offer))]


def answerable(offer: Offer) -> bool:
    """Whether it can be done by mail; else the form behind the link is."""
    fits = fits_mail(offer.schema, but=(offer.text_field, offer.choice_field))
    return fits and bool(offer.choices or offer.words)


def moment_in_words(at: datetime) -> str:
    """An instant as people read it, in the active language and the site's time zone."""
    return date_format(timezone.localtime(at), "D j N Y, H:i")


def _remark(offer: Offer) -> str:
    if not offer.text_field:
        return offer.hint or _("write just this word")
    if offer.required or offer.text_field in offer.schema.get("required", ()):
        return offer.hint or _("and say why, or what, after it")
    return offer.hint or _("you may add words after it")


def _head(card: Card) -> list[str]:
    due = ""
    if card.due:
        said = _("By %(when)s.") if not card.overdue else _("It was due by %(when)s.")
        due = said % {"when": moment_in_words(card.due)}
    title = _sentence(card.title, small=True)
    if card.object == "task" and card.open:
        title = _("Asked of you: %(title)s") % {"title": title}
    state = _sentence(card.status) if card.object == "case" or not card.open else ""
    lines = _wrap(" ".join(part for part in (title, due, card.why, state) if part))
    notes = [line for note in card.note.splitlines() for line in _wrap(_sentence(note))]
    return lines + notes


def _sentence(text: str, *, small: bool = False) -> str:
    """A text as a sentence of its own: a capital and a full stop, unless it has them."""
    words = text.strip()
    first = words[:1] if small else words[:1].upper()
    ended = words.rstrip("”\"'»)").endswith(("?", ".", "!", "…"))
    return f"{first}{words[1:]}{'' if ended or not words else '.'}"


def _facts(card: Card) -> list[str]:
    lines = [
        line
        for fact in card.facts[:_FACTS]
        for line in _wrap(f"{fact.label}: {fact.value}", indent="  ")
    ]
    return [*lines, ""] if lines else []


def _said(card: Card) -> list[str]:
    lines = [line for moment in card.said[-_TALK:] for line in _wrap(_quote(moment), indent="  ")]
    return [*lines, ""] if lines else []


def _hints(card: Card) -> list[str]:
    """What helped before: the first notes; past cases are on the page."""
    notes = [one for one in card.hints if one.kind == "note"][:_HINTS]
    lines = [line for one in notes for line in _wrap(_hint(one), indent="  ")]
    return [*_wrap(_("What helped in like cases:")), *lines, ""] if lines else []


def _hint(hint: Hint) -> str:
    words = " ".join(hint.text.split())
    kept = words if len(words) <= _WORDS_KEPT else words[:_WORDS_KEPT].rstrip() + "…"
    return f"{hint.title}: {kept} ({hint.stale or hint.evidence})"


def _inert(lines: list[str], card: Card) -> list[str]:
    """Our lines, so that none is an act when somebody's program quotes it without a mark."""
    return [
        f"– {line.lstrip()}" if isinstance(meaning_in_any(line, card.offers), Act) else line
        for line in lines
    ]


def _quote(moment: Moment) -> str:
    words = moment.text.strip()
    if len(words) > _WORDS_KEPT:
        words = words[:_WORDS_KEPT].rstrip() + "…"
    flat = " ".join(words.split())
    who = moment.who or _("Somebody")
    return f"{who}, {moment_in_words(moment.at)}: “{flat}”"


def _acts(card: Card) -> list[str]:
    rows = [row for offer in _mailed(card) for row in offer_line(offer)]
    if not rows:
        return [*_wrap(_("Answer this mail to add to the conversation.")), ""]
    intro = (
        _("Answer this mail. If the first line begins with one of these words, it is done at once:")
        if _asks(card)
        else _(
            "Answer this mail to add to the conversation. One of these words alone as its "
            "first line does this instead:"
        )
    )
    width = min(max(len(word) for word, _remark in rows), 24)
    return [*_wrap(intro), *(_row(word, remark, width) for word, remark in rows), ""]


def _row(word: str, remark: str, width: int) -> str:
    """One printed verb. A long choice has its remark in front: a mail program that breaks the
    line must not leave the choice alone on one."""
    if len(word) > _LONG_CHOICE:
        return f"  ({remark}) {word}"
    return f"  {word.ljust(width)}   ({remark})"


def _asks(card: Card) -> bool:
    """Whether the card asks something of its reader that a mail can answer."""
    return any(offer.primary and answerable(offer) for offer in card.offers)


def _mailed(card: Card) -> list[Offer]:
    """What is printed: what is asked of the reader; everything where nothing is singled out."""
    fit = [offer for offer in card.offers if answerable(offer)]
    return [offer for offer in fit if offer.primary] or fit


def _foot(card: Card, envelope: Envelope) -> list[str]:
    rest = [o.label for o in card.offers if o.primary and not answerable(o)]
    lines: list[str] = []
    if rest:
        lines += _wrap(_("With a form: %(what)s.") % {"what": ", ".join(rest)})
    if _asks(card):
        lines += _wrap(_("Anything else you write is added to the conversation."))
    return [*lines, _("All of it and the files:"), *([envelope.link] if envelope.link else []),
            *([f"{envelope.site.url}{card.url}"] if not envelope.link else [])]  # fmt: skip


def _markup(card: Card, envelope: Envelope, opening: str) -> str:
    def paragraph(*lines: str) -> str:
        words = _inert([" ".join(line for line in lines if line)], card)[0]
        return f"<p>{html.escape(words)}</p>" if words else ""

    rows = [row for offer in _mailed(card) for row in offer_line(offer)]
    lead = [line for line in _acts(card) if line and not line.startswith("  ")]
    items = [f"<b>{html.escape(word)}</b> ({html.escape(note)})" for word, note in rows]
    link = html.escape(envelope.link or f"{envelope.site.url}{card.url}")
    foot = html.escape(" ".join(line for line in _foot(card, envelope)[:-1] if line))
    parts = [
        *(paragraph(part) for part in opening.split("\n")),
        paragraph(*_head(card)),
        _list([html.escape(f"{f.label}: {f.value}") for f in card.facts[:_FACTS]]),
        *(paragraph(_quote(moment)) for moment in card.said[-_TALK:]),
        paragraph(" ".join(_hints(card))),
        paragraph(*lead),
        _list(items),
        f'<p>{foot} <a href="{link}">{link}</a></p>',
    ]
    return _page([part for part in parts if part])


def _list(items: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>" if items else ""


def _paragraphs(text: str) -> str:
    return _page([f"<p>{html.escape(part)}</p>" for part in text.split("\n") if part.strip()])


def _page(parts: list[str]) -> str:
    return f"<!doctype html><html><body>{''.join(parts)}</body></html>\n"


def _wrap(text: str, *, indent: str = "") -> list[str]:
    """Lines of a paragraph. A line that a mail program would take for a quotation is indented."""
    lines = textwrap.wrap(
        " ".join(text.split()),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [f" {line}" if line.startswith((">", "From ")) else line for line in lines]


def _trimmed(lines: list[str]) -> list[str]:
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line.rstrip())
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _message(envelope: Envelope, text: str, markup: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    thread, site = envelope.thread, envelope.site
    message["From"] = Address(one_line(site.name, 60), addr_spec=desk_address(site.domain))
    message["To"] = Address(one_line(envelope.name, 60), addr_spec=envelope.address)
    if envelope.reply_to:
        message["Reply-To"] = Address(one_line(site.name, 60), addr_spec=envelope.reply_to)
    message["Subject"] = one_line(thread.subject)
    message["Date"] = format_datetime(envelope.at)
    message["Message-ID"] = thread.message_id
    if thread.in_reply_to:
        message["In-Reply-To"] = thread.in_reply_to
    if thread.references:
        message["References"] = " ".join(thread.references)
    message["Auto-Submitted"] = envelope.automatic
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    message["X-Genba-Card"] = thread.message_id
    if envelope.process:
        label = one_line(envelope.process_name, 60).replace('"', "'")
        message["List-Id"] = f'"{label}" <{envelope.process}.process.{site.domain}>'
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(markup, subtype="html", cte="quoted-printable")
    return message
