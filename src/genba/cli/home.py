"""Opening an installation for a command.

Rules of this file: the one place of the command line where Django is set up and the journal is
opened. Whatever makes the folder unusable becomes one sentence.
"""

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from genba.cli.answers import Impossible

if TYPE_CHECKING:
    from genba.runtime.installation import Installation


def open_home(home: Path | None, *, existing: bool = True) -> "Installation":
    """The installation in `home` (default: GENBA_HOME, else `var`), ready to act on.

    With `existing` it must have been made before. Raises Impossible when it cannot be used.
    """
    from genba.channels.mail.site import SiteRefused, site
    from genba.journal.contract import JournalBroken
    from genba.journal.opening import is_there
    from genba.runtime.installation import current
    from genba.web.boot import prepare
    from genba.web.home import HomeUnusable, database
    from genba.web.home import home as named_home

    folder = (home or named_home()).absolute()
    try:
        if existing and not is_there(database(folder)):
            raise Impossible(
                f"There is no installation in {place(folder)}. Start one with `genba serve`, "
                "or name another folder with --home or GENBA_HOME."
            )
        prepare(folder)
        site()
    except Impossible:
        raise
    except (HomeUnusable, JournalBroken, SiteRefused) as problem:
        raise Impossible(str(problem)) from problem
    except Exception as problem:
        raise_unusable(folder, problem)
    # Channels need Django to be set up before they can be imported.
    from genba.channels.calendar import invitations
    from genba.channels.chat import delivery
    from genba.channels.mail import outbound
    from genba.channels.webhooks import sending
    from genba.help import clocks
    from genba.machines import provisioned

    outbound.connect(current())
    delivery.connect(current())
    invitations.connect(current())
    clocks.connect(current())
    sending.connect(current())
    provisioned.connect(current())
    return current()


def place(folder: Path) -> str:
    """Where the data of an installation is, for a sentence; never with a password."""
    from genba.journal.addresses import PostgresDatabase
    from genba.web.home import database

    where = database(folder)
    if isinstance(where, PostgresDatabase):
        return f"the database {where.name} at {where.host or 'the local socket'}"
    return str(folder)


def raise_unusable(folder: Path, problem: Exception) -> NoReturn:
    """Raise Impossible when the database below `folder` is the reason, else the problem itself."""
    from django.db.utils import DatabaseError

    if isinstance(problem, DatabaseError | OSError):
        raise Impossible(
            f"The database in {place(folder)} cannot be used ({problem}). "
            "Choose another folder with --home, or change who may write there."
        ) from problem
    raise problem


def configure_without_home() -> None:
    """Set Django up for a command that only needs texts: nothing is written anywhere."""
    from genba.web.boot import configure

    os.environ.setdefault("GENBA_SECRET_KEY", secrets.token_urlsafe())
    configure()
