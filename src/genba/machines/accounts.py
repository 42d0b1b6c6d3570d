"""Somebody's account as an object of acts: the tokens of their programs.

Rules of this file: reads only. An account is its person's, and nobody else's; no token opens it.
"""

from django.utils.translation import gettext
from msgspec import Struct

from genba.acts.bearers import Bearer, bearers_of
from genba.acts.card import Card, Fact
from genba.journal.contract import Reading
from genba.people.directory import Known, known
from genba.runtime.installation import current

SHORT = 12  # signs of a hash that name a token


class Account(Struct, frozen=True):
    """A person with the tokens that are good now, by hash."""

    person: Known
    tokens: tuple[tuple[str, Bearer], ...]


def load_account(reading: Reading, id: str) -> Account | None:
    """The account of a person by id."""
    person = known(id)
    if person is None:
        return None
    now = current().clock.now()
    good = [(hash, one) for hash, one in bearers_of(reading, id) if one.is_good(now)]
    return Account(person, tuple(sorted(good, key=lambda pair: pair[1].made)))


def sees_account(account: Account, known: Known, _reading: Reading) -> bool:
    """Its person, themselves: no program on their behalf."""
    return account.person.id == known.id and known.scopes is None and not known.is_guest


def account_card(account: Account, _known: Known, _full: bool, _reading: Reading) -> Card:
    """The tokens of somebody's programs."""
    facts = [
        Fact(f"{one.name} ({hash[:SHORT]})", ", ".join(one.scopes)) for hash, one in account.tokens
    ]
    return Card(
        object="account",
        id=account.person.id,
        version=0,
        title=account.person.name,
        subject=gettext("Tokens of your programs"),
        url="",  # it is read where it is kept: `genba token list`
        facts=tuple(facts),
    )


def account_gone(_account: Account, _known: Known) -> str:
    """An account stays."""
    return ""
