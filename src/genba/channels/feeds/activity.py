"""A feed as a collection of activities (ActivityStreams 2.0).

Rules of this file: pure; the plain JSON of the standard, without extensions.
"""

from collections.abc import Sequence
from typing import Any

from genba.channels.feeds.items import Item

CONTEXT = "https://www.w3.org/ns/activitystreams"
MEDIA = "application/activity+json"
# What an item is -> the activity, and the object it is done to.
_TYPES = {
    "words": ("Create", "Note"),
    "file": ("Add", "Document"),
    "event": ("Update", "Object"),
    "task": ("Offer", "Object"),
}


def collection(title: str, items: Sequence[Item]) -> dict[str, Any]:
    """The latest first."""
    return {
        "@context": CONTEXT,
        "type": "OrderedCollection",
        "summary": title,
        "totalItems": len(items),
        "orderedItems": [_activity(one) for one in items],
    }


def _activity(one: Item) -> dict[str, Any]:
    activity, object = _TYPES.get(one.kind, _TYPES["event"])
    made: dict[str, Any] = {
        "type": activity,
        "id": f"{one.url}#{one.id}",
        "summary": one.title,
        "published": one.at.isoformat(),
        "object": {"type": object, "name": one.title, "content": one.text, "url": one.url},
        "target": {"type": "Object", "name": one.about, "url": one.url},
    }
    actor = {"type": "Person", "name": one.who} if one.who else {"type": "Service", "name": "Genba"}
    return {**made, "actor": actor}
