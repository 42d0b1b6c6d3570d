"""Making and revoking the tokens of somebody's programs.

Rules of this file: the secret is made by the channel that shows it, once; what is done here knows
its hash only, so that neither the log nor a remembered answer ever holds one.
"""

from datetime import timedelta
from typing import Annotated

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct
from msgspec.structs import replace

from genba.acts.bearers import SCOPE, Bearer, mark_of, stream_of
from genba.acts.card import Assurance
from genba.acts.declaring import act
from genba.acts.inbound import Outcome
from genba.acts.outcomes import done, invalid, not_done
from genba.machines.accounts import SHORT, Account
from genba.people.directory import Known
from genba.runtime.unit import Unit

MOST = 50  # good tokens of one person


Days = Annotated[int, Meta(title=gettext_noop("Days until it ends"), ge=1, le=3650)]


class NewToken(Struct, frozen=True):
    """What a token is for, and the hash of its secret."""

    name: Annotated[str, Meta(title=gettext_noop("Name"), min_length=1, max_length=100)]
    scopes: Annotated[
        str,
        Meta(
            title=gettext_noop("Scopes"),
            description=gettext_noop(
                "With commas: read, act, work:TOPIC for the jobs of a topic, work:* for all, "
                "calendar for the address of due dates, todo for a to-do list, feed for the "
                "addresses of feeds, scim to keep people and teams."
            ),
            min_length=1,
            max_length=2000,
        ),
    ]
    hash: Annotated[
        str,
        Meta(
            title=gettext_noop("SHA-256 of the secret, in hexadecimal"),
            pattern="^[0-9a-f]{64}$",
        ),
    ]
    days: Days | None = None


class OldToken(Struct, frozen=True):
    """Which token."""

    token: Annotated[
        str,
        Meta(
            title=gettext_noop("Token"),
            description=gettext_noop("Its name, or the beginning of its hash."),
            min_length=1,
            max_length=100,
        ),
    ]


def mine(_account: Account, _by: Known) -> bool:
    """Whoever sees an account may."""
    return True


@act(
    "account",
    "make-token",
    when=mine,
    label=gettext_noop("Make a token"),
    summary=gettext_noop("Let a program of yours read, act or do jobs, by a token."),
    input=NewToken,
    assurance=Assurance.SESSION,
)
def make_token(unit: Unit, account: Account, by: Known, given: NewToken) -> Outcome:
    """Keep the hash of a new secret with its scopes."""
    scopes = tuple(dict.fromkeys(part.strip() for part in given.scopes.split(",") if part.strip()))
    odd = [scope for scope in scopes if not SCOPE.fullmatch(scope)]
    if odd or not scopes:
        return invalid("scopes", gettext("There is no scope “%(scope)s”.") % {"scope": odd[:1]})
    if len(account.tokens) >= MOST:
        return not_done(gettext("You have too many tokens: revoke one first."))
    stream = unit.stream(stream_of(given.hash))
    if stream.row.revision:
        return invalid("hash", gettext("This secret was used before."))
    expires = unit.now + timedelta(days=given.days) if given.days else None
    bearer = Bearer(person=by.id, name=given.name, scopes=scopes, made=unit.now, expires=expires)
    stream.record("token.made", {"person": by.id, "scopes": scopes, "expires": expires})
    stream.keep(bearer, marks=(mark_of(by.id),))
    return done(gettext("The token is good now."))


@act(
    "account",
    "revoke-token",
    when=mine,
    label=gettext_noop("Revoke a token"),
    summary=gettext_noop("End a token of one of your programs, at once."),
    input=OldToken,
    assurance=Assurance.SESSION,
)
def revoke_token(unit: Unit, account: Account, _by: Known, given: OldToken) -> Outcome:
    """A token opens nothing any more."""
    found = [
        (hash, one)
        for hash, one in account.tokens
        if one.name == given.token or (len(given.token) >= SHORT and hash.startswith(given.token))
    ]
    if len(found) != 1:
        return invalid("token", gettext("Say which token: none or several are called so."))
    hash, bearer = found[0]
    stream = unit.stream(stream_of(hash))
    stream.record("token.revoked", {"person": bearer.person})
    stream.keep(replace(bearer, revoked=unit.now))
    return done(gettext("The token opens nothing any more."))
