"""Who gets their cards in a chat, and so not by mail.

Rules of this file: a question only. Somebody who has linked a system that we can post to reads
there; when it fails, mail takes over (`delivery`).
"""

from genba.channels.chat.systems import System, systems
from genba.journal.contract import Reading
from genba.people.identities import identities_of


def reached(reading: Reading, person: str) -> tuple[tuple[System, str], ...]:
    """The systems and identities under which somebody gets cards."""
    known = systems()
    if not any(system.sends for system in known.values()):
        return ()
    found = []
    for identity in identities_of(reading, person):
        name, _, who = identity.partition(":")
        if name in known and known[name].sends:
            found.append((known[name], who))
    return tuple(found)
