"""`genba token`: the tokens of somebody's programs, made and revoked by whoever runs the machine.

Rules of this file: acts like those of a page, as the person of the address; the secret is printed
once and kept nowhere.
"""

import uuid
from pathlib import Path

from genba.cli.answers import Impossible, print_rows
from genba.cli.home import open_home
from genba.cli.verbs import person_called

HEAD = ("token", "name", "scopes", "made", "ends")


def make(
    address: str,
    *,
    name: str,
    scope: list[str],
    days: int | None = None,
    home: Path | None = None,
) -> int:
    """Make a token for a program of somebody, and print its secret, once.

    Parameters
    ----------
    address
        The person the program speaks for, by mail address or handle.
    name
        What the program is.
    scope
        What it may: read, act, calendar, todo, feed, scim, work:TOPIC or work:*; may be given
        several times.
    days
        After how many days it ends (default: when it is revoked).
    home
        Folder of the installation (default: GENBA_HOME, else `var`).
    """
    open_home(home)
    from genba.acts.bearers import hash_of, make_secret

    secret = make_secret()
    scopes = ",".join(scope)
    given: dict[str, object] = {"name": name, "scopes": scopes, "hash": hash_of(secret)}
    _do("account.make-token", address, {**given, **({"days": days} if days else {})})
    print(f"Token: {secret}")
    print("It is shown this once.")
    return 0


def show(address: str, *, home: Path | None = None) -> int:
    """Print the tokens of somebody's programs that are good now.

    Parameters
    ----------
    address
        The person, by mail address or handle.
    home
        Folder of the installation (default: GENBA_HOME, else `var`).
    """
    open_home(home)
    from genba.machines.accounts import SHORT, load_account
    from genba.runtime.installation import current

    with current().journal.reading() as reading:
        account = load_account(reading, person_called(address))
    print_rows(
        HEAD,
        [
            (
                hash[:SHORT],
                one.name,
                " ".join(one.scopes),
                f"{one.made:%Y-%m-%d}",
                f"{one.expires:%Y-%m-%d}" if one.expires else "-",
            )
            for hash, one in (account.tokens if account else ())
        ],
    )
    return 0


def revoke(address: str, token: str, *, home: Path | None = None) -> int:
    """End a token at once.

    Parameters
    ----------
    address
        The person, by mail address or handle.
    token
        The name of the token, or the beginning of its hash that `genba token list` prints.
    home
        Folder of the installation (default: GENBA_HOME, else `var`).
    """
    open_home(home)
    print(_do("account.revoke-token", address, {"token": token}))
    return 0


def _do(act: str, address: str, given: dict[str, object]) -> str:
    """Do it as the person. Raises Impossible with what was wrong."""
    from genba.acts.card import Assurance
    from genba.acts.inbound import Inbound
    from genba.acts.performance import perform

    person = person_called(address)
    outcome = perform(
        Inbound(
            channel="cli",
            assurance=Assurance.SESSION,
            act=act,
            given=given,
            key=uuid.uuid4().hex,
            person=person,
            object="account",
            object_id=person,
        )
    )
    if not outcome.ok:
        wrong = "; ".join(f"{name}: {what}" for name, what in outcome.errors.items())
        raise Impossible(" ".join(filter(None, (outcome.message, wrong))))
    return outcome.message
