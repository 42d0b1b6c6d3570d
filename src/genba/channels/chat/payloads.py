"""Reading what a vendor sent, whatever is in it: a place that is not there is empty.

Rules of this file: pure and total. Nothing is decided; what is missing is "".
"""

import hmac
from typing import Any

import msgspec

from genba.acts.card import Assurance
from genba.acts.inbound import Inbound
from genba.channels.pressing import Aim

LARGEST = 20_000  # characters of one text


def decoded(raw: bytes | str) -> dict[str, Any]:
    """A JSON object; empty for what is none."""
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return {}
    return found if isinstance(found, dict) else {}


def at(said: Any, *path: str | int) -> Any:
    """What stands at a place of an object; None where there is nothing."""
    for part in path:
        if isinstance(part, int):
            said = said[part] if isinstance(said, list) and len(said) > part else None
        else:
            said = said.get(part) if isinstance(said, dict) else None
    return said


def text(said: Any, *path: str | int) -> str:
    """A text or number at a place, as text; "" where there is none."""
    found = at(said, *path)
    plain = isinstance(found, str | int) and not isinstance(found, bool)
    return str(found)[:LARGEST] if plain else ""


def objects(said: Any, *path: str | int) -> list[dict[str, Any]]:
    """The objects of a list at a place."""
    found = at(said, *path)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def members(said: Any, *path: str | int) -> dict[str, Any]:
    """The object at a place."""
    found = at(said, *path)
    return found if isinstance(found, dict) else {}


def same(given: str, wanted: str) -> bool:
    """Whether a secret is the one that is wanted; none is never right."""
    return bool(wanted) and hmac.compare_digest(given.encode(), wanted.encode())


def inbound(
    channel: str,
    who: str,
    key: str,
    *,
    aim: Aim | None = None,
    act: str = "",
    given: dict[str, Any] | None = None,
) -> Inbound:
    """Who acts on what, as far as a vendor's request says; it has vouched for who."""
    return Inbound(
        channel=channel,
        assurance=Assurance.CHANNEL,
        act=act,
        given={name: value for name, value in (given or {}).items() if value not in (None, "", [])},
        key=key,
        identity=f"{channel}:{who}",
        object=aim.object if aim else "",
        object_id=aim.id if aim else "",
        version=aim.version if aim else None,
    )
