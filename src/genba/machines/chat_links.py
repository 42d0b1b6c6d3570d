"""Somebody's chat systems as an object of acts: which identities there are theirs.

Rules of this file: reads only. They are their person's, and nobody else's; no token opens them.
Where cards come first is a preference of the one who reads them: in a linked chat, else by mail.
"""

from django.utils.translation import gettext
from msgspec import Struct

from genba.acts.card import Card, Fact
from genba.journal.contract import Reading
from genba.people.directory import Known, known
from genba.people.identities import identities_of

PATH = "/me/chats"


class Chats(Struct, frozen=True):
    """A person and their identities."""

    person: Known
    identities: tuple[str, ...]


def load_chats(reading: Reading, id: str) -> Chats | None:
    """The chats of a person by id."""
    person = known(id)
    return Chats(person, identities_of(reading, id)) if person else None


def sees_chats(chats: Chats, known: Known, _reading: Reading) -> bool:
    """Their person, themselves: no program on their behalf."""
    return chats.person.id == known.id and known.scopes is None and not known.is_guest


def chats_card(chats: Chats, _known: Known, _full: bool, _reading: Reading) -> Card:
    """The identities of a person."""
    facts = [Fact(*identity.split(":", 1)) for identity in chats.identities]
    return Card(
        object="chats",
        id=chats.person.id,
        version=0,
        title=gettext("Chat"),
        subject=gettext("Your chat systems"),
        url=PATH,
        facts=tuple(facts),
    )


def chats_gone(_chats: Chats, _known: Known) -> str:
    """They stay."""
    return ""
