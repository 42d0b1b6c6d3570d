"""How the page says times, sizes and what people wrote.

Rules of this file: pure functions from a value to text; the reader's language and zone are those
active in Django at the moment.
"""

from datetime import UTC, datetime, timedelta

import nh3
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markdown_it import MarkdownIt
from markupsafe import Markup

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True}).enable(
    "strikethrough"
)
_TAGS = {
    "p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr",
    "h1", "h2", "h3", "h4",
}  # fmt: skip


def markdown(source: str) -> Markup:
    """Markdown as safe HTML: no images, no raw HTML, links only to the web and to mail."""
    html = nh3.clean(
        _markdown.render(source),
        tags=_TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return Markup(html)  # noqa: S704 - cleaned by nh3 just above


def first_line(source: str, limit: int = 140) -> str:
    """The first words somebody said, on one line."""
    line = " ".join(source.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def clock(at: datetime) -> str:
    """An instant as people of one office say it: "09:13", "Mon 09:13", "3 Mar 09:13"."""
    local, today = timezone.localtime(at), timezone.localdate()
    exact = date_format(local, "H:i")
    days = (today - local.date()).days
    if days == 0:
        return exact
    if 0 < days < 7:
        return f"{date_format(local, 'D')} {exact}"
    if local.year == today.year:
        return f"{date_format(local, 'j M')} {exact}"
    return f"{date_format(local, 'j M Y')} {exact}"


def due(at: datetime) -> str:
    """By when, as people say it: "today 16:00", "tomorrow", "Fri 4 Dec"."""
    local, today = timezone.localtime(at), timezone.localdate()
    days = (local.date() - today).days
    named = {"hour": date_format(local, "H:i")}
    if days == 0:
        return _("today %(hour)s") % named
    if days == 1:
        return _("tomorrow %(hour)s") % named
    if days == -1:
        return _("yesterday %(hour)s") % named
    if abs(days) < 180:
        return date_format(local, "D j M")
    return date_format(local, "j M Y")


def since(at: datetime) -> str:
    """How long ago, in one unit: "2 min", "3 h", "5 days"."""
    seconds = int(max(datetime.now(UTC) - at, timedelta()).total_seconds())
    if seconds < 60:
        return _("a moment")
    if seconds < 3600:
        return _("%(n)s min") % {"n": seconds // 60}
    if seconds < 86_400:
        return _("%(n)s h") % {"n": seconds // 3600}
    days = seconds // 86_400
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def day(at: datetime) -> str:
    """The day an instant falls on, as a heading of the story."""
    local, today = timezone.localtime(at).date(), timezone.localdate()
    if local == today:
        return _("Today")
    if local == today - timedelta(days=1):
        return _("Yesterday")
    return date_format(local, "l j F" if local.year == today.year else "l j F Y")


def instant(at: datetime) -> Markup:
    """A <time> element: the short form to read, the whole instant on hover."""
    return timed(at, clock(at))


def hour(at: datetime) -> Markup:
    """A <time> element that shows the hour only, for below the heading of a day."""
    return timed(at, date_format(timezone.localtime(at), "H:i"))


def timed(at: datetime, shown: str) -> Markup:
    """A <time> element."""
    whole = date_format(timezone.localtime(at), "l j F Y, H:i")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(at.isoformat(), whole, shown)


def span(hours: float) -> str:
    """So much time, given in hours: "40 minutes", "3 hours", "2 days"."""
    if hours < 1.5:
        minutes = round(hours * 60)
        return ngettext("%(num)s minute", "%(num)s minutes", minutes) % {"num": minutes}
    if hours < 36:
        return ngettext("%(num)s hour", "%(num)s hours", round(hours)) % {"num": round(hours)}
    days = round(hours / 24)
    return ngettext("%(num)s day", "%(num)s days", days) % {"num": days}


def ratio(number: float) -> str:
    """A number with one digit after the point, as the reader writes it."""
    return number_format(number, 1)


def size(count: int) -> str:
    """A number of bytes as people read it."""
    if count < 1000:
        return _("%(n)s bytes") % {"n": count}
    if count < 1_000_000:
        return f"{count / 1000:.0f} kB"
    return f"{count / 1_000_000:.1f} MB"
