"""`genba worker`: do what is due, without pages.

Rules of this file: starting and stopping in the right order, and nothing else. Any number of
workers run beside any number of servers; what each does, it has claimed before.
"""

import signal
from pathlib import Path
from threading import Event
from types import FrameType

from genba.cli.home import open_home


def worker(*, home: Path | None = None) -> int:
    """Do what is due: timers, messages between cases, mail that leaves.

    Runs until Ctrl-C or a stop signal; what it was doing is finished or given back.

    Parameters
    ----------
    home
        Folder of the installation (default: GENBA_HOME, else `var`).
    """
    installation = open_home(home)
    from genba.runtime.loop import Loop

    stop = Event()

    def hear(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, hear)
    loop = Loop(installation)
    loop.start()
    print("Working. Stop with Ctrl-C.", flush=True)
    stop.wait()
    loop.stop()
    installation.journal.close()
    print("Stopped. Everything is kept.")
    return 0
