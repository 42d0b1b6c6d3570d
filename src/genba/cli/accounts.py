"""`genba person`: accounts, made by whoever runs the installation.

Rules of this file: `people` decides who may have an account; a password is never an argument,
because other users of the machine can read those.
"""

import secrets
from getpass import getpass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from genba.cli.answers import Impossible
from genba.cli.home import open_home

SHORTEST = 8


def add(
    address: str,
    *,
    name: str = "",
    group: list[str] | None = None,
    language: Literal["en", "fr"] = "en",
    administrator: Annotated[bool, Parameter(negative="")] = False,
    ask: Annotated[bool, Parameter(negative="")] = False,
    home: Path | None = None,
) -> int:
    """Make an account and put it into groups.

    Prints a password made for it, unless --ask is given.

    Parameters
    ----------
    address
        The mail address the person signs in with.
    name
        The name others see (default: from the address).
    group
        A group the person is in; may be given several times.
    language
        The language of pages and mails: en or fr.
    administrator
        The person may administer the installation.
    ask
        Ask for the password instead of making one.
    home
        Folder of the installation (default: GENBA_HOME, else `var`); made when missing.
    """
    password = ask_password() if ask else secrets.token_urlsafe(12)
    open_home(home, existing=False)
    from genba.people.accounts import enrol

    try:
        person = enrol(
            address,
            password,
            name=name,
            locale=language,
            groups=group or (),
            administrator=administrator,
        )
    except ValueError as problem:
        raise Impossible(f"No account was made: {problem}.") from problem
    groups = f" in {', '.join(person.groups)}" if person.groups else ""
    print(f"{person.name} <{person.address}>{groups}")
    if not ask:
        print(f"Password: {password}")
    return 0


def ask_password() -> str:
    """A password typed twice. Raises Impossible when it is too short or differs."""
    password = getpass("Password: ")
    if len(password) < SHORTEST:
        raise Impossible(f"A password has at least {SHORTEST} characters.")
    if getpass("Again: ") != password:
        raise Impossible("The two passwords differ.")
    return password
