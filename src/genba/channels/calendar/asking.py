"""What a to-do program asks for: the XML of WebDAV and CalDAV, read (RFC 4918, 4791, 6578).

Rules of this file: pure; bytes in, data out. XML is read by the gate every drawing goes through, so
that no entity is expanded. What is not known is left out of the answer, as the standard says.
"""

from typing import Any
from urllib.parse import unquote, urlsplit

from icalendar import Component
from msgspec import Struct

from genba.notation.document import Document, Element
from genba.notation.parsing import Limits, parse_document

DAV, CALDAV, SERVER = "DAV:", "urn:ietf:params:xml:ns:caldav", "http://calendarserver.org/ns/"
LIMITS = Limits(size=500_000, nodes=5_000, depth=20)

Name = tuple[str, str]  # namespace, local name


class Malformed(Exception):
    """What is wrong with a request, in words."""


class Asked(Struct, frozen=True, kw_only=True):
    """A request: which kind, which properties (None: all there are), and what narrows it."""

    kind: Name = (DAV, "propfind")
    names: tuple[Name, ...] | None = None
    hrefs: tuple[str, ...] = ()
    token: str = ""
    filter: Element | None = None


def read_asked(body: bytes) -> Asked:
    """The request a body means; none means all properties (RFC 4918, 9.1). Raises Malformed."""
    if not body.strip():
        return Asked()
    document = parse_document(body, limits=LIMITS)
    if not isinstance(document, Document):
        raise Malformed(document.message)
    root = document.root
    names: tuple[Name, ...] | None = None
    hrefs, token, narrowed = [], "", None
    for child in root.elements():
        match (child.namespace, child.local):
            case (namespace, "prop") if namespace == DAV:
                names = tuple((one.namespace, one.local) for one in child.elements())
            case (namespace, "href") if namespace == DAV:
                hrefs.append(unquote(urlsplit(child.text.strip()).path))
            case (namespace, "sync-token") if namespace == DAV:
                token = child.text.strip()
            case (namespace, "filter") if namespace == CALDAV:
                narrowed = child
    return Asked(
        kind=(root.namespace, root.local),
        names=names,
        hrefs=tuple(hrefs),
        token=token,
        filter=narrowed,
    )


def fits(filter: Element | None, file: Component) -> bool:
    """Whether a calendar file is what a filter means (RFC 4791, 9.7)."""
    if filter is None:
        return True
    wanted = [one for one in filter.elements() if one.local == "comp-filter"]
    return all(one.get("name") == file.name and _component_fits(one, file) for one in wanted)


def _component_fits(filter: Element, component: Component) -> bool:
    for one in filter.elements():
        match one.local:
            case "comp-filter":
                inside = [sub for sub in component.subcomponents if sub.name == one.get("name")]
                none = any(part.local == "is-not-defined" for part in one.elements())
                if none == any(_component_fits(one, sub) for sub in inside):
                    return False
            case "prop-filter" if not _property_fits(one, component):
                return False
            case "time-range" if not _time_fits(one, component):
                return False
    return True


def _property_fits(filter: Element, component: Component) -> bool:
    value = component.get(filter.get("name", ""))
    for one in filter.elements():
        if one.local == "is-not-defined":
            return value is None
        if one.local == "text-match":
            said = "" if value is None else _text(value)
            found = one.text.casefold() in said.casefold()
            return found != (one.get("negate-condition") == "yes")
    return value is not None


def _text(value: Any) -> str:
    return value.to_ical().decode("utf-8", "replace") if hasattr(value, "to_ical") else str(value)


def _time_fits(filter: Element, component: Component) -> bool:
    """By due time; what has none fits every time (RFC 4791, 9.9)."""
    due = component.get("DUE") or component.get("DTSTART")
    if due is None:
        return True
    at: str = due.dt.strftime("%Y%m%dT%H%M%SZ")
    return (filter.get("start") or "") <= at < (filter.get("end") or "9")
