"""With whom a case is shared, and how far.

Rules of this file: plain data and pure questions; kept in the stream "access:CASE", written by
the acts of `cases.sharing_acts`, asked by `access`. Somebody stands here by id, a team by name.

| level | may |
| --- | --- |
| see | read the case, and talk on it |
| act | also take and do what its teams are asked, and leave its path as they may |
| administer | also say who sees it |
"""

from msgspec import Struct

from genba.journal.contract import Reading
from genba.people.directory import Known
from genba.people.separation import both
from genba.runtime.streams import read_state

LEVELS = ("see", "act", "administer")  # each with all before it


class Sharing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who was let in ("person/7" or "group/Buying" -> level), and whether others are kept out."""

    restricted: bool = False
    grants: dict[str, str] = {}


def stream_of(case: str) -> str:
    """The stream that keeps the sharing of a case."""
    return f"access:{case}"


def sharing_of(case: str, reading: Reading) -> Sharing:
    """With whom a case is shared; nobody in particular where nobody said."""
    return read_state(reading.stream(stream_of(case)), Sharing) or Sharing()


def person_key(id: str) -> str:
    """How a person stands in the grants."""
    return f"person/{id}"


def group_key(name: str) -> str:
    """How a team stands in the grants."""
    return f"group/{name}"


def grants(sharing: Sharing, known: Known, level: str) -> bool:
    """Whether a case was shared with somebody, at least so far."""
    if not sharing.grants:
        return False
    keys = [*map(person_key, both(known)), *map(group_key, known.groups)]
    least = LEVELS.index(level)
    return any(LEVELS.index(sharing.grants.get(key, "see")) >= least and key in sharing.grants
               for key in keys)  # fmt: skip
