"""One act on several objects: each done by itself, each with its own result.

Rules of this file: nothing is done together. What one object refuses stops no other; a key that is
used again gives each the answer it had.
"""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from genba.acts.inbound import Inbound, Outcome
from genba.acts.performance import perform

MOST = 200  # objects at once


class Each(Struct, frozen=True):
    """What became of one of them."""

    id: str
    outcome: Outcome


def perform_each(inbound: Inbound, ids: Iterable[str]) -> tuple[Each, ...]:
    """Do the act of `inbound` on each of these objects, at most `MOST`, each once."""
    wanted = tuple(dict.fromkeys(ids))[:MOST]
    return tuple(
        Each(id, perform(replace(inbound, object_id=id, key=f"{inbound.key}:{id}")))
        for id in wanted
    )
