"""`genba serve`: pages, mail and timers in one process.

Rules of this file: starting and stopping in the right order, and nothing else. The port is taken
before anything is started, so that a taken one is a sentence and not a half-started server. One
SQLite file is served by one process; on PostgreSQL there may be many.
"""

import os
import signal
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from genba.cli.answers import Impossible
from genba.cli.home import open_home

if TYPE_CHECKING:
    from genba.channels.mail.fetching import Fetcher
    from genba.channels.mail.listener import Listener
    from genba.runtime.installation import Installation

PATIENCE = 5  # seconds that open pages and requests have when the server stops


def serve(
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    home: Path | None = None,
    demo: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Serve Genba: the pages, the mail and the timers.

    Ctrl-C stops it; everything is kept.

    Parameters
    ----------
    host
        The address to listen on; 0.0.0.0 for every network of the machine.
    port
        The port to listen on; 0 takes a free one.
    home
        Folder of the installation (default: GENBA_HOME, else `var`); made when missing.
    demo
        Load the demonstration the first time, and offer its roles for signing in.
    """
    listening = take_port(host, port)
    address = f"http://{host if ':' not in host else f'[{host}]'}:{listening.getsockname()[1]}"
    os.environ.setdefault("GENBA_URL", address)
    if demo:
        os.environ["GENBA_DEMO"] = "1"
    try:
        installation = open_home(home, existing=False)
        if demo:
            from genba.cli.demonstration import load_demonstration

            load_demonstration()
        run_until_stopped(installation, listening)
    finally:
        listening.close()
    return 0


def take_port(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises Impossible when it is taken or not this machine's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except (OSError, OverflowError) as error:
        listening.close()
        raise Impossible(
            f"Port {port} of {host} cannot be used ({getattr(error, 'strerror', error)}). "
            "Perhaps Genba runs already; otherwise choose another one with --port."
        ) from error
    return listening


def open_mail() -> "Listener":
    """Take mail in from now on. Raises Impossible when its port is taken."""
    from genba.channels.mail.listener import ListenerRefused, listen
    from genba.channels.mail.site import site

    try:
        return listen(site())
    except ListenerRefused as problem:
        raise Impossible(str(problem)) from problem


def read_mailbox() -> "Fetcher | None":
    """Read a provider's mailbox from now on, where one is named."""
    from genba.channels.mail.fetching import Fetcher
    from genba.channels.mail.site import site

    if not site().imap:
        return None
    fetcher = Fetcher(site())
    fetcher.start()
    return fetcher


def run_until_stopped(installation: "Installation", listening: socket.socket) -> None:
    """Run the loop, the mail and the web server until somebody stops it."""
    import uvicorn

    from genba.channels.chat.systems import systems
    from genba.channels.matrix.listening import listen
    from genba.runtime.loop import Loop

    loop, mail = Loop(installation), open_mail()
    mailbox = read_mailbox()
    config = uvicorn.Config(
        "genba.web.asgi:application",
        log_level="warning",
        timeout_graceful_shutdown=PATIENCE,
        server_header=False,
    )
    # A service manager's stop goes the same way as Ctrl-C: in order.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    loop.start()
    matrix = listen(installation, systems())
    try:
        greet()
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        pass  # the server has stopped in order; it only tells that a person asked for it
    finally:
        mail.stop()
        if mailbox is not None:
            mailbox.stop()
        if matrix is not None:
            matrix.stop()
        loop.stop()
        installation.journal.close()
    print("Stopped. Everything is kept.")


def greet() -> None:
    """Say where Genba is and how one gets in."""
    from django.conf import settings

    from genba.people.directory import everybody

    print(f"Genba: {settings.GENBA_URL}", flush=True)
    if settings.GENBA_DEMO:
        print("Sign in as one of the roles on the page. Stop with Ctrl-C.", flush=True)
    elif any(not person.is_guest for person in everybody()):
        print("Sign in with your address and password. Stop with Ctrl-C.", flush=True)
    else:
        print("Nobody has an account yet: `genba person add ADDRESS` makes one.", flush=True)
