"""The people and teams an identity provider keeps here, as one object of acts: the directory.

Rules of this file: reads only. What a provider says of somebody is kept in a stream of its own
("scim-person:ID", "scim-team:ID"); the account itself is `people`'s. Whoever was here before any
provider has no stream yet: they are known by "person-ID" or "team-ID", and get one with the first
act.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from msgspec import Struct

from genba.acts.card import Card, Fact
from genba.journal.contract import Reading
from genba.journal.records import StreamRow
from genba.people.access import may_provision
from genba.people.directory import Known
from genba.people.keeping import all_crews, all_members, holder_of
from genba.runtime.streams import read_state

KIND = "directory"
EVERYBODY = "people"  # the id of the one directory there is
PERSON, TEAM = "scim-person", "scim-team"
HERE_PERSON, HERE_TEAM = "person-", "team-"
PAGE = 500


class Account(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a provider says of somebody. `person` is the account that came of it, once it has."""

    user: str
    address: str
    name: str
    locale: str = ""
    active: bool = True
    external: str = ""
    details: dict[str, Any] = {}  # parts of the name, more addresses: as it was said
    person: str = ""
    made: datetime
    removed: bool = False


class Crew(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a provider says of a team. `members` (accounts) are those that are still to be set."""

    name: str
    external: str = ""
    members: tuple[str, ...] | None = None
    team: str = ""
    made: datetime
    removed: bool = False


class Directory(Struct, frozen=True):
    """The one directory of an installation."""


def person_stream(id: str) -> str:
    """The stream of somebody whom a provider keeps."""
    return f"{PERSON}:{id}"


def team_stream(id: str) -> str:
    """The stream of a team that a provider keeps."""
    return f"{TEAM}:{id}"


def marks_of(account: Account) -> tuple[str, ...]:
    """What somebody is found by."""
    if account.removed:
        return ()
    linked = (f"person:{account.person}",) if account.person else ()
    return (user_mark(account.user), *linked)


def user_mark(user: str) -> str:
    """What somebody is found by who is called so."""
    return f"user:{user.casefold()}"


def crew_marks(crew: Crew) -> tuple[str, ...]:
    """What a team is found by."""
    return () if crew.removed or not crew.team else (f"team:{crew.team}",)


def rows_of(reading: Reading, kind: str) -> Iterator[StreamRow]:
    """All streams of a kind."""
    after = ""
    while rows := reading.streams(kind, limit=PAGE, after=after):
        yield from rows
        after = rows[-1].id


def account_taken(reading: Reading, id: str, user: str, address: str) -> str:
    """The field whose value somebody else has: "user", "address"; "" for none."""
    for row in reading.streams(PERSON, mark=user_mark(user), limit=5):
        if row.id != person_stream(id):
            return "user"
    person, active, guest = holder_of(address)
    if not person or guest or person == own_person(reading, id):
        return ""
    linked = reading.streams(PERSON, mark=f"person:{person}", limit=1)
    return "address" if active or linked else ""


def own_person(reading: Reading, id: str) -> str:
    """The account of somebody whom a provider keeps."""
    kept = read_state(reading.stream(person_stream(id)), Account)
    if kept is not None:
        return kept.person
    return id.removeprefix(HERE_PERSON) if id.startswith(HERE_PERSON) else ""


def load_directory(_reading: Reading, id: str) -> Directory | None:
    """The directory, by its only id."""
    return Directory() if id == EVERYBODY else None


def sees_directory(_directory: Directory, known: Known, _reading: Reading) -> bool:
    """Whoever may keep it."""
    return may_provision(known)


def directory_card(_directory: Directory, _known: Known, _full: bool, _reading: Reading) -> Card:
    """How many there are."""
    return Card(
        object=KIND,
        id=EVERYBODY,
        version=0,
        title=gettext("People and teams"),
        subject=gettext("Kept by an identity provider, at /scim/v2"),
        url="",  # it is kept by programs, and by `genba act directory people …`
        facts=(
            Fact(gettext("People"), str(len(all_members())), "number"),
            Fact(gettext("Teams"), str(len(all_crews())), "number"),
        ),
    )


def directory_gone(_directory: Directory, _known: Known) -> str:
    """It stays."""
    return ""
