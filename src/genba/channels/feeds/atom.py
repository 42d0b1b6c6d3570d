"""A feed as Atom (RFC 4287).

Rules of this file: pure. Ids are tag addresses (RFC 4151) of the installation, so that an item is
the same wherever it is read; what XML cannot carry is left out of texts.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from lxml import etree

from genba.channels.feeds.items import Item

SPACE = "http://www.w3.org/2005/Atom"
MEDIA = "application/atom+xml; charset=utf-8"
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom(title: str, place: str, id: str, items: Sequence[Item], now: datetime) -> bytes:
    """The feed; `place` is the address of the installation, `id` what the feed is called there."""
    feed = etree.Element(f"{{{SPACE}}}feed", nsmap={None: SPACE})
    _put(feed, "title", title)
    _put(feed, "id", tag_of(place, id))
    _put(feed, "updated", max((one.at for one in items), default=now).isoformat())
    _put(feed, "link", href=place, rel="alternate")
    _put(_put(feed, "author"), "name", title)
    for one in items:
        entry = _put(feed, "entry")
        _put(entry, "title", one.title)
        _put(entry, "id", tag_of(place, one.id))
        _put(entry, "updated", one.at.isoformat())
        _put(entry, "published", one.at.isoformat())
        _put(entry, "link", href=one.url, rel="alternate")
        if one.who:
            _put(_put(entry, "author"), "name", one.who)
        _put(entry, "content", one.text, type="text")
    return bytes(etree.tostring(feed, xml_declaration=True, encoding="utf-8"))


def tag_of(place: str, id: str) -> str:
    """What something is called for good (RFC 4151)."""
    host = urlsplit(place).hostname or "localhost"
    return f"tag:{host},2026:{id}"


def _put(parent: etree._Element, name: str, text: str = "", **more: str) -> etree._Element:
    made = etree.SubElement(parent, f"{{{SPACE}}}{name}", {**more})
    if text:
        made.text = _UNFIT.sub("", text)
    return made
