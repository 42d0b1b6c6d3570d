"""Make an installation ready to serve.

Rules of this file: whoever starts Genba (the command line, a test, an ASGI server) comes through
`prepare`; it is safe to call again. Nothing here listens on a port or starts a thread.
"""

import os
from datetime import UTC
from pathlib import Path

from genba.journal.opening import alone
from genba.web.home import database, ensure_secret, habits, patience, time_zone


def configure(home: Path | None = None) -> None:
    """Set Django up for the installation in `home` (default: GENBA_HOME)."""
    if home is not None:
        os.environ["GENBA_HOME"] = str(home.absolute())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "genba.web.settings")
    import django

    django.setup()


def prepare(home: Path | None = None) -> None:
    """Make the folder, the secret, the tables and the journal of `home`, and open it.

    Raises HomeUnusable or JournalBroken (a plain sentence) when the folder cannot be written or
    the database cannot be used.
    """
    from genba.web.home import home as named_home

    folder = (home or named_home()).absolute()
    ensure_secret(folder)
    configure(folder)
    from django.core.management import call_command

    with alone(database(folder)):
        call_command("migrate", interactive=False, verbosity=0)
        open_journal(folder)


def open_journal(folder: Path) -> None:
    """Open the journal of `folder` and make it the current installation, once."""
    from genba.acts.registry import load_acts
    from genba.people.directory import id_called
    from genba.runtime.almanacs import zone_of
    from genba.runtime.installation import install, installed, open_installation

    load_acts()
    if installed() is None:
        opened = open_installation(database(folder))
        opened.naming = id_called
        opened.zone = zone_of(time_zone()) or UTC
        opened.habits = habits()
        opened.patience = patience()
        install(opened)
