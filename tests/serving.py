"""A real server of its own, for tests that need sockets: started, asked, and stopped by a signal.

The installation is in a temporary folder, ports are free ones, nothing leaves the machine.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

PROGRAM = Path(sys.executable).with_name("genba")


class Served(Struct):
    """A running server."""

    address: str
    home: Path
    process: subprocess.Popen[str]

    def stop(self) -> tuple[int, float, str]:
        """Stop it as Ctrl-C does: the exit code, the seconds it took, and what it complained of."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        _out, err = self.process.communicate(timeout=30)
        return self.process.returncode, time.monotonic() - began, err


def surroundings(home: Path) -> dict[str, str]:
    """The environment of the commands: none of the tester's own settings."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {**kept, "HOME": str(home.parent), "GENBA_HOME": str(home), "GENBA_TIME_ZONE": "UTC"}


def genba(home: Path, *arguments: str) -> str:
    """Run a command on the installation in `home`; gives what it printed."""
    done = subprocess.run(
        [str(PROGRAM), *arguments],
        env=surroundings(home),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout


def add_person(home: Path, address: str, name: str, *groups: str) -> str:
    """Make an account; gives its password."""
    chosen = [part for group in groups for part in ("--group", group)]
    said = genba(home, "person", "add", address, "--name", name, *chosen)
    return said.partition("Password: ")[2].strip()


@contextmanager
def served(home: Path, port: int = 0, **more: str) -> Iterator[Served]:
    """Serve the installation in `home` while the block runs, with more in its environment."""
    process = subprocess.Popen(
        [str(PROGRAM), "serve", "--port", str(port)],
        env={**surroundings(home), "GENBA_MAIL_PORT": str(free_port()), **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        first = process.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", first)
        assert address, first + (process.stderr.read() if process.stderr else "")
        yield Served(address[0], home, process)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
