"""The door to other servers: which addresses may be called, and the call itself.

Rules of this file:

1. A name is resolved once, every address it has is looked at, and the connection goes to an
   address that was looked at: what a name means later does not matter (DNS rebinding).
2. Only global unicast addresses are outside. Whatever carries another address inside it (mapped,
   6to4, Teredo, NAT64) is not. An internal address is called only where an `Allowed` says so.
3. Each redirect is a new address and passes the same door.
4. An answer has a size and a time; what does not keep to them is cut off.
"""

import contextlib
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from urllib.parse import urljoin, urlsplit

from msgspec import Struct
from typing_extensions import override

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], list[str]]

PORTS = {"http": 80, "https": 443}
LARGEST = 5_000_000  # bytes of an answer
HOPS = 3
CHUNK = 65_536

# What Python calls global and is not somebody's server: protocol assignments (RFC 6890), NAT64
# (RFC 6052, 8215), 6to4 (RFC 3056), its relays (RFC 7526), Teredo (RFC 4380), AS112 and others.
_NOT_OUTSIDE: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "192.0.0.0/24", "192.88.99.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.175.48.0/24",
        "168.63.129.16/32", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/23", "::/96",
        "::ffff:0:0/96", "::ffff:0:0:0/96", "100::/64", "fec0::/10", "5f00::/16", "3fff::/20",
    )
)  # fmt: skip
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
_NUMBERS = re.compile(r"(0x[0-9a-f]*|[0-9]+)", re.IGNORECASE)


class Refused(Exception):
    """An address that may not be called, in words."""


class Unreachable(Exception):
    """Nobody answered, or not in time: it may work later."""


class Oversized(Exception):
    """The answer is larger than what is read."""


class Allowed(Struct, frozen=True):
    """Where one may call: a host ("*.example.com", "*" for any), a port (0: the usual ones).

    Inside `network` internal addresses may be called too, under this name only.
    """

    host: str
    port: int = 0
    network: Network | None = None


class Target(Struct, frozen=True):
    """An address that was looked at: connect to `address`, speak to `host`."""

    scheme: str
    host: str
    port: int
    address: str
    path: str


class Answer(Struct, frozen=True, kw_only=True):
    """What a server answered; header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes
    url: str


def read_allowed(text: str) -> tuple[Allowed, ...]:
    """The hosts of a setting: "api.example.com, *.example.org:8443, erp.local=10.0.0.0/8".

    Raises ValueError in words.
    """
    found: list[Allowed] = []
    for entry in (part.strip() for part in text.split(",")):
        if not entry:
            continue
        where, _, net = entry.partition("=")
        host, port = where.strip().lower(), "0"
        if not host.startswith("[") and ":" in host:
            host, _, port = host.partition(":")
        elif "]:" in host:
            host, _, port = host.partition("]:")
        if not port.isdecimal() or not 0 <= int(port) < 65_536:
            raise ValueError(f"“{entry}” names no port: write host:8443")
        try:
            network = ipaddress.ip_network(net.strip()) if net else None
        except ValueError:
            raise ValueError(f"“{entry}” names no network: write host=10.0.0.0/8") from None
        found.append(Allowed(host.strip("[]"), int(port), network))
    return tuple(found)


def is_outside(address: Address) -> bool:
    """Whether an address is some server of the internet, and nothing nearer."""
    if isinstance(address, ipaddress.IPv6Address) and address.scope_id:
        return False
    inside = any(address.version == net.version and address in net for net in _NOT_OUTSIDE)
    return address.is_global and not inside and not address.is_multicast


def look_up(host: str, port: int) -> list[str]:
    """The addresses of a name. Raises Unreachable."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:
        raise Unreachable(f"{host} is not known ({problem})") from None
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def check(url: str, allowed: Iterable[Allowed], *, resolve: Resolve | None = None) -> Target:
    """The address a URL may be called at. Raises Refused or Unreachable."""
    resolve = resolve or look_up
    scheme, host, port, path = _parts(url)
    entries = [one for one in allowed if _fits(one, scheme, host, port)]
    if not entries:
        raise Refused(f"{host}:{port} is not among the hosts that may be called")
    found = [_address(text) for text in resolve(host, port)]
    if not found:
        raise Unreachable(f"{host} has no address")
    inner = [one.network for one in entries if one.network is not None]
    for address in found:
        within = any(address.version == net.version and address in net for net in inner)
        if not within and not is_outside(address):
            raise Refused(f"{host} is an address inside the network, which may not be called")
    return Target(scheme, host, port, str(found[0]), path)


def read_address(url: str) -> str:
    """The host of a URL that could be called, as far as its text says. Raises Refused."""
    return _parts(url)[1]


def may_be_called(url: str, allowed: Iterable[Allowed]) -> bool:
    """Whether an address is one of those that may be called, by its text. Raises Refused."""
    scheme, host, port, _path = _parts(url)
    return any(_fits(one, scheme, host, port) for one in allowed)


def _parts(url: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and path of a URL that can be read in one way only. Raises Refused."""
    if any(ord(sign) <= 32 or ord(sign) > 126 or sign == "\\" for sign in url):
        raise Refused("the address holds signs that do not belong into one")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise Refused("the address cannot be read") from None
    scheme = parts.scheme.lower()
    if scheme not in PORTS:
        raise Refused("only https and http can be called")
    if "@" in parts.netloc:
        raise Refused("the address holds a name or password before its host")
    if not _is_plain(host):
        raise Refused("the host of the address cannot be read in one way only")
    path = parts.path or "/"
    return scheme, host, port or PORTS[scheme], f"{path}?{parts.query}" if parts.query else path


def _is_plain(host: str) -> bool:
    """A name, or an address as it is usually written: not 127.1, 0x7f000001, 017700000001."""
    try:
        return str(ipaddress.ip_address(host)) == host or ":" in host
    except ValueError:
        numbers = _NUMBERS.fullmatch(host.rpartition(".")[2])
        return bool(_NAME.fullmatch(host)) and numbers is None and len(host) <= 253


def _fits(one: Allowed, scheme: str, host: str, port: int) -> bool:
    usual = port == PORTS[scheme]
    if one.port != port and (one.port or not usual):
        return False
    if one.host == "*" or one.host == host:
        return True
    return one.host.startswith("*.") and host.endswith(one.host[1:])


def _address(text: str) -> Address:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        raise Refused("a name was resolved to something that is no address") from None


class _Straight(http.client.HTTPConnection):
    """A connection to the address that was looked at, whatever the name means by now."""

    def __init__(self, target: Target, timeout: float, context: ssl.SSLContext | None) -> None:
        super().__init__(target.host, target.port, timeout=timeout)
        self.target = target
        self.context = context
        self.line: socket.socket | None = None
        self.late = False

    @override
    def connect(self) -> None:
        self.line = socket.create_connection((self.target.address, self.port), self.timeout)
        self.sock = self.line
        if self.context is not None:
            self.line = self.context.wrap_socket(self.line, server_hostname=self.target.host)
            self.sock = self.line

    def cut(self) -> None:
        """The time is over: whatever waits for the other side waits no more."""
        self.late = True
        if self.line is not None:
            with contextlib.suppress(OSError):
                self.line.shutdown(socket.SHUT_RDWR)


def send(
    method: str,
    url: str,
    *,
    allowed: Iterable[Allowed],
    headers: Iterable[tuple[str, str]] = (),
    body: bytes = b"",
    seconds: float = 10.0,
    largest: int = LARGEST,
    resolve: Resolve | None = None,
) -> Answer:
    """Send a request and read the answer. Raises Refused, Unreachable or Oversized.

    Redirects are followed for GET and HEAD only, each through the same door; headers are not
    handed to another host. `seconds` is for all of it together.
    """
    end, hosts = time.monotonic() + seconds, tuple(allowed)
    given = list(headers)
    for _hop in range(HOPS + 1):
        target = check(url, hosts, resolve=resolve)
        answer = _ask(method, target, given, body, end, largest, url)
        onward = answer.headers.get("location")
        if answer.status not in (301, 302, 303, 307, 308) or onward is None:
            return answer
        if method not in ("GET", "HEAD"):
            raise Refused("the server sends this call elsewhere, which is not followed")
        url = urljoin(url, onward)
        parts = urlsplit(url)
        there = (parts.scheme, (parts.hostname or "").rstrip("."), parts.port)
        if there[:2] != (target.scheme, target.host) or there[2] not in (None, target.port):
            given = []
    raise Refused("the server sends this call elsewhere too often")


def _ask(
    method: str,
    target: Target,
    headers: list[tuple[str, str]],
    body: bytes,
    end: float,
    largest: int,
    url: str,
) -> Answer:
    context = ssl.create_default_context() if target.scheme == "https" else None
    left = max(end - time.monotonic(), 0.01)
    connection = _Straight(target, left, context)
    clock = threading.Timer(left, connection.cut)
    clock.daemon = True
    clock.start()
    try:
        connection.putrequest(method, target.path, skip_accept_encoding=True)
        for name, value in headers:
            connection.putheader(name, value)
        if body or method in ("POST", "PUT", "PATCH"):
            connection.putheader("Content-Length", str(len(body)))
        connection.putheader("Connection", "close")
        connection.endheaders(body or None)
        response = connection.getresponse()
        read = _read(response, target, largest)
        if connection.late:
            raise Unreachable(f"{target.host} did not answer in time")
        said = {name.lower(): value for name, value in response.getheaders()}
        return Answer(status=response.status, headers=said, body=read, url=url)
    except ssl.SSLCertVerificationError as problem:
        raise Refused(f"{target.host} does not prove who it is ({problem.reason})") from None
    except (OSError, http.client.HTTPException) as problem:
        words = str(problem) or type(problem).__name__
        raise Unreachable(f"{target.host} did not answer ({words})") from None
    finally:
        clock.cancel()
        connection.close()


def _read(response: http.client.HTTPResponse, target: Target, largest: int) -> bytes:
    """The body, as long as it keeps to its size."""
    read = bytearray()
    while piece := response.read1(CHUNK):
        read += piece
        if len(read) > largest:
            raise Oversized(f"the answer of {target.host} is larger than {largest} bytes")
    return bytes(read)
