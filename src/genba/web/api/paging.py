"""Pages by cursor: what comes after the last row that was sent, however the list has changed.

Rules of this file: a list is given by a reader (`fetch(limit, after)`) and the key it is sorted by.
A cursor holds the key of the last row and where it stood; it is a place, not a right.
"""

import base64
import binascii
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec
from django.http import HttpRequest, HttpResponse
from msgspec import Struct

from genba.web.api.bodies import NoPage

Key = list[Any]
Row = TypeVar("Row")


class Cursor(Struct, frozen=True, array_like=True):
    """The last row that was sent: how many rows went before and with it, and its key."""

    sent: int
    key: Key


def read_cursor(text: str) -> Cursor:
    """A cursor as it was written. Raises NoPage."""
    try:
        raw = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
        cursor = msgspec.json.decode(raw, type=Cursor)
    except (binascii.Error, UnicodeError, msgspec.MsgspecError, RecursionError) as problem:
        raise NoPage(text) from problem
    if not 0 < cursor.sent < 2**53:
        raise NoPage(text)
    return cursor


def write_cursor(cursor: Cursor) -> str:
    """A cursor as text that needs no escaping in an address."""
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode("ascii")


def page(
    fetch: Callable[[int, int], list[Row]],
    key: Callable[[Row], Key],
    limit: int,
    after: Cursor | None,
) -> tuple[list[Row], Cursor | None]:
    """The rows after a cursor, and the next cursor while there are more.

    Where nothing changed before it this is one look at the journal; else the place is searched.
    Raises NoPage for the cursor of another list.
    """
    start, rows = 0, []
    if after is not None:
        start, rows = after.sent, fetch(limit + 2, after.sent - 1)
        if rows and key(rows[0]) == after.key:
            rows = rows[1:]
        else:
            start = _behind(fetch, key, after.key)
            rows = fetch(limit + 1, start)
    else:
        rows = fetch(limit + 1, 0)
    shown = rows[:limit]
    more = len(rows) > limit
    return shown, Cursor(start + len(shown), key(shown[-1])) if more else None


def _behind(fetch: Callable[[int, int], list[Row]], key: Callable[[Row], Key], last: Key) -> int:
    """How many rows come before or at a key."""

    def stands_behind(at: int) -> bool:
        found = fetch(1, at)
        try:
            return not found or key(found[0]) > last
        except TypeError:
            raise NoPage("the cursor is of another list") from None

    low, high = 0, 1
    while not stands_behind(high):
        low, high = high, high * 2
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if stands_behind(middle) else (middle + 1, high)
    return low


def with_next(response: HttpResponse, request: HttpRequest, cursor: Cursor | None) -> HttpResponse:
    """Say where the next page is (RFC 8288)."""
    if cursor is not None:
        asked = {**request.GET.dict(), "cursor": write_cursor(cursor)}
        response.headers["Link"] = f'<{request.path}?{urlencode(asked)}>; rel="next"'
    return response
