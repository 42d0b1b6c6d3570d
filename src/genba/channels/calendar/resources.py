"""What a to-do program finds over CalDAV: resources, their properties, and the answer's XML.

Rules of this file: pure; data in, XML out. The properties are a table. The tree is the same for
everybody, because whose it is depends on who asks: the root, oneself, the home of one's lists, the
list, and its to-dos.
"""

import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterable, Sequence
from urllib.parse import quote

from msgspec import Struct

from genba.channels.calendar.asking import CALDAV, DAV, SERVER, Name

ROOT, PRINCIPAL, HOME, LIST = "/dav/", "/dav/me/", "/dav/lists/", "/dav/lists/tasks/"
REPORTS = ((CALDAV, "calendar-multiget"), (CALDAV, "calendar-query"), (DAV, "sync-collection"))
MEDIA = "text/calendar; charset=utf-8; component=VTODO"
GONE = "HTTP/1.1 404 Not Found"
FINE = "HTTP/1.1 200 OK"
KEPT = "HTTP/1.1 403 Forbidden"

for prefix, namespace in (("D", DAV), ("C", CALDAV), ("CS", SERVER)):
    ElementTree.register_namespace(prefix, namespace)

Node = ElementTree.Element


class Resource(Struct, frozen=True, kw_only=True):
    """Something with an address. `kind`: root, principal, home, list or item."""

    kind: str
    href: str
    name: str = ""
    address: str = ""  # of whose it is
    tag: str = ""  # the version of an item
    token: str = ""  # the version of a list
    file: bytes = b""


class Answer(Struct, frozen=True, kw_only=True):
    """What is said of one resource: the properties that are there, and those that are not.

    Without either it is a resource that is gone. `refused`: what may not be changed.
    """

    href: str
    found: tuple[Node, ...] = ()
    missing: tuple[Name, ...] = ()
    refused: tuple[Name, ...] = ()


def node(name: Name, *inside: "Node | str") -> Node:
    """An element with what is in it."""
    made = Node(f"{{{name[0]}}}{name[1]}")
    for one in inside:
        if isinstance(one, str):
            made.text = one
        else:
            made.append(one)
    return made


def link(name: Name, href: str) -> Node:
    """An element that names an address."""
    return node(name, node((DAV, "href"), href))


def item_href(uid: str) -> str:
    """The address of a to-do, by its UID."""
    return f"{LIST}{quote(uid, safe='')}.ics"


def _resource_type(one: Resource) -> Node:
    kinds: dict[str, tuple[Name, ...]] = {
        "root": ((DAV, "collection"),),
        "principal": ((DAV, "collection"), (DAV, "principal")),
        "home": ((DAV, "collection"),),
        "list": ((DAV, "collection"), (CALDAV, "calendar")),
        "item": (),
    }
    return node((DAV, "resourcetype"), *(node(kind) for kind in kinds[one.kind]))


def _components(_one: Resource) -> Node:
    todo = node((CALDAV, "comp"))
    todo.set("name", "VTODO")
    return node((CALDAV, "supported-calendar-component-set"), todo)


def _reports(_one: Resource) -> Node:
    each = (node((DAV, "supported-report"), node((DAV, "report"), node(name))) for name in REPORTS)
    return node((DAV, "supported-report-set"), *each)


def _privileges(_one: Resource) -> Node:
    """Reading, and changing what is there: to-dos are neither made nor deleted here."""
    names = ("read", "read-current-user-privilege-set", "write-content")
    each = (node((DAV, "privilege"), node((DAV, name))) for name in names)
    return node((DAV, "current-user-privilege-set"), *each)


EVERYWHERE = ("root", "principal", "home", "list", "item")
ABOVE = ("root", "principal", "home", "list")

# Property -> the kinds of resource that have it, and its value.
PROPERTIES: dict[Name, tuple[tuple[str, ...], Callable[[Resource], Node]]] = {
    (DAV, "resourcetype"): (EVERYWHERE, _resource_type),
    (DAV, "displayname"): (ABOVE, lambda one: node((DAV, "displayname"), one.name)),
    (DAV, "current-user-principal"): (
        EVERYWHERE,
        lambda _one: link((DAV, "current-user-principal"), PRINCIPAL),
    ),
    (DAV, "principal-URL"): (("principal",), lambda _one: link((DAV, "principal-URL"), PRINCIPAL)),
    (DAV, "owner"): (("home", "list", "item"), lambda _one: link((DAV, "owner"), PRINCIPAL)),
    (DAV, "current-user-privilege-set"): (EVERYWHERE, _privileges),
    (DAV, "supported-report-set"): (("list",), _reports),
    (DAV, "getetag"): (("item",), lambda one: node((DAV, "getetag"), f'"{one.tag}"')),
    (DAV, "getcontenttype"): (("item",), lambda _one: node((DAV, "getcontenttype"), MEDIA)),
    (DAV, "getcontentlength"): (
        ("item",),
        lambda one: node((DAV, "getcontentlength"), str(len(one.file))),
    ),
    (DAV, "sync-token"): (("list",), lambda one: node((DAV, "sync-token"), one.token)),
    (SERVER, "getctag"): (("list",), lambda one: node((SERVER, "getctag"), one.token)),
    (CALDAV, "calendar-home-set"): (
        ("root", "principal"),
        lambda _one: link((CALDAV, "calendar-home-set"), HOME),
    ),
    (CALDAV, "calendar-user-address-set"): (
        ("principal",),
        lambda one: link((CALDAV, "calendar-user-address-set"), f"mailto:{one.address}"),
    ),
    (CALDAV, "supported-calendar-component-set"): (("list",), _components),
}
# Only told to who asks for it by name (RFC 4791, 5.2.5 and 9.6).
DATA: Name = (CALDAV, "calendar-data")


def answer_of(one: Resource, names: Sequence[Name] | None) -> Answer:
    """A resource with the properties that were asked for; None means all."""
    wanted = list(PROPERTIES) if names is None else list(names)
    found: list[Node] = []
    missing: list[Name] = []
    for name in wanted:
        kinds, value = PROPERTIES.get(name, ((), None))
        if name == DATA and one.kind == "item":
            found.append(node(DATA, one.file.decode()))
        elif value is not None and one.kind in kinds:
            found.append(value(one))
        elif names is not None:
            missing.append(name)
    return Answer(href=one.href, found=tuple(found), missing=tuple(missing))


def multistatus(answers: Iterable[Answer], token: str = "") -> bytes:
    """The body of a 207 (RFC 4918, 13); `token` is the new one of a synchronisation."""
    root = node((DAV, "multistatus"), *(_response(one) for one in answers))
    if token:
        root.append(node((DAV, "sync-token"), token))
    return _written(root)


def refusal(condition: Name) -> bytes:
    """The body of a refusal that names the condition that is not met (RFC 4918, 16)."""
    return _written(node((DAV, "error"), node(condition)))


def _written(root: Node) -> bytes:
    body: bytes = ElementTree.tostring(root, "utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body


def _response(one: Answer) -> Node:
    made = node((DAV, "response"), node((DAV, "href"), one.href))
    missing, refused = (tuple(map(node, names)) for names in (one.missing, one.refused))
    for inside, status in ((one.found, FINE), (missing, GONE), (refused, KEPT)):
        if inside:
            said = node((DAV, "status"), status)
            made.append(node((DAV, "propstat"), node((DAV, "prop"), *inside), said))
    if not (one.found or one.missing or one.refused):
        made.append(node((DAV, "status"), GONE))
    return made
