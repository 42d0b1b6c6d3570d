"""Linking an identity of a chat system to somebody's account, and ending that.

Rules of this file: two things are shown. Who one is in the chat is proved by the channel that heard
it: it signs the identity, so that nobody can claim another one's by any other way in. Whose the
account is is proved by the code that was made for it.
"""

from typing import Annotated

from django.core import signing
from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct

from genba.acts.declaring import act
from genba.acts.inbound import Outcome
from genba.acts.outcomes import done, invalid, not_done
from genba.machines.chat_links import Chats
from genba.people.directory import Known
from genba.people.identities import MOST, Linked, linked, mark_of, stream_of
from genba.runtime.unit import Unit

SALT = "genba.chat"
HOUR = 3600
CODE = "chat"  # the purpose of a code


class Proof(Struct, frozen=True):
    """Who one is in a chat, signed by the channel that heard it."""

    proof: Annotated[
        str,
        Meta(title=gettext_noop("Proof of the chat system"), min_length=1, max_length=2000),
    ]


class Named(Struct, frozen=True):
    """Which identity."""

    identity: Annotated[str, Meta(title=gettext_noop("Identity"), min_length=1, max_length=500)]


def proof_of(identity: str) -> str:
    """What a channel signs when it has heard somebody."""
    return signing.dumps(identity, salt=SALT)


def theirs(_chats: Chats, _by: Known) -> bool:
    """Whoever sees them may."""
    return True


@act(
    "chats",
    "link",
    when=theirs,
    label=gettext_noop("Link a chat"),
    summary=gettext_noop("Let what you write in a chat system count as yours, by a code."),
    input=Proof,
)
def link(unit: Unit, chats: Chats, by: Known, given: Proof) -> Outcome:
    """An identity is this person's from now on."""
    try:
        identity = str(signing.loads(given.proof, salt=SALT, max_age=HOUR))
    except signing.BadSignature:
        message = gettext("This does not come from a chat system. Nothing was changed.")
        return invalid("proof", message)
    if len(chats.identities) >= MOST:
        message = gettext("You have too many chats: end one first.")
        return not_done(message)
    owner = linked(unit.tx, identity)
    if owner is not None and owner.id != by.id:
        message = gettext("This identity is linked to another account: end that first.")
        return not_done(message)
    _keep(unit, identity, by.id, "chat.linked")
    message = gettext("You are %(who)s here from now on.") % {"who": by.name}
    return done(message)


@act(
    "chats",
    "unlink",
    when=theirs,
    label=gettext_noop("End the link"),
    summary=gettext_noop("What is written under an identity of a chat does not count as yours."),
    input=Named,
)
def unlink(unit: Unit, chats: Chats, by: Known, given: Named) -> Outcome:
    """An identity is nobody's."""
    if given.identity not in chats.identities:
        message = gettext("There is no such identity here.")
        return invalid("identity", message)
    _keep(unit, given.identity, "", "chat.unlinked")
    message = gettext("The link is ended: nothing written there counts as yours any more.")
    return done(message)


def _keep(unit: Unit, identity: str, person: str, what: str) -> None:
    stream = unit.stream(stream_of(identity))
    stream.record(what, {"person": person})
    marks = (mark_of(person),) if person else ()
    stream.keep(Linked(identity=identity, person=person), marks=marks)
