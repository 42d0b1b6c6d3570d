"""Servers and workers beside each other on one new database: they start at once, stop in order."""

import signal
import subprocess
from pathlib import Path

from tests.postgres import new_database
from tests.serving import PROGRAM, free_port, surroundings


def test_two_servers_and_two_workers_start_and_stop(tmp_path: Path) -> None:
    with new_database() as url:
        settings = {**surroundings(tmp_path / "var"), "GENBA_DATABASE_URL": url}
        made = subprocess.run(
            [str(PROGRAM), "person", "add", "a@example.org"], env=settings, capture_output=True
        )
        assert made.returncode == 0, made.stderr
        running = [
            subprocess.Popen(
                [str(PROGRAM), *arguments],
                env={**settings, "GENBA_MAIL_PORT": str(free_port())},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for arguments in (("serve", "--port", "0"), ("worker",)) * 2
        ]
        try:
            for process in running:
                assert process.stdout is not None
                assert process.stdout.readline().startswith(("Genba: http://", "Working."))
            for process in running:
                process.send_signal(signal.SIGTERM)
            for process in running:
                out, err = process.communicate(timeout=30)
                assert (process.returncode, err) == (0, "")
                assert "Everything is kept." in out
        finally:
            for process in running:
                if process.poll() is None:
                    process.kill()
                    process.communicate()
