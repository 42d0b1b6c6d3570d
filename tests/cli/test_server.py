"""`genba serve`: what makes it impossible is one sentence, and it stops when asked."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

Genba = Callable[..., Any]
PROGRAM = Path(sys.executable).with_name("genba")


@pytest.fixture
def taken() -> Iterator[int]:
    """A port of this machine somebody listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_taken_port_is_one_sentence(genba: Genba, taken: int, tmp_path: Path) -> None:
    answer = genba("serve", "--port", taken, "--home", tmp_path / "var")
    assert answer.code == 2
    assert len(answer.err.splitlines()) == 1
    assert str(taken) in answer.err
    assert "--port" in answer.err
    assert not (tmp_path / "var").exists()


def test_a_port_there_cannot_be_is_one_sentence(genba: Genba) -> None:
    answer = genba("serve", "--port", 99999)
    assert answer.code == 2
    assert len(answer.err.splitlines()) == 1


def test_a_folder_that_cannot_be_made_is_one_sentence(installed: Genba, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    answer = installed("serve", "--port", 0, "--home", tmp_path / "file" / "var")
    assert answer.code == 2
    assert len(answer.err.splitlines()) == 1
    assert str(tmp_path / "file" / "var") in answer.err


@pytest.fixture
def free() -> int:
    """A port nobody listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        return int(other.getsockname()[1])


def test_a_taken_mail_port_is_one_sentence(installed: Genba, taken: int, tmp_path: Path) -> None:
    answer = installed("serve", "--port", 0, GENBA_MAIL_PORT=str(taken))
    assert answer.code == 2
    assert len(answer.err.splitlines()) == 1
    assert "GENBA_MAIL_PORT" in answer.err


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_says_where_and_stops_when_told(
    tmp_path: Path, free: int, stop: signal.Signals
) -> None:
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    more = {"HOME": str(tmp_path), "GENBA_MAIL_PORT": str(free)}
    server = subprocess.Popen(
        [str(PROGRAM), "serve", "--port", "0", "--home", str(tmp_path / "var")],
        env={**kept, **more},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    try:
        first = server.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", first)
        assert address, first + (server.stderr.read() if server.stderr else "")
        said = server.stdout.readline()
        assert "genba person add" in said
        with urllib.request.urlopen(address.group(), timeout=30) as page:
            assert page.status == 200
            assert "<html" in page.read().decode()
    finally:
        server.send_signal(stop)
        out, err = server.communicate(timeout=30)
    assert server.returncode == 0, err
    assert "kept" in out
    assert "Traceback" not in err
