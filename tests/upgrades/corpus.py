"""Entries as earlier releases wrote them: `python -m tests.upgrades.corpus COMMIT`.

Rules of this file: a file of the corpus is made once, by the release itself, and never changed. It
has the entry of every type that says most, one JSON object a line.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.upgrades.capsule import fill
from tests.upgrades.releases import ROOT, code_of, running
from tests.upgrades.waits import order, rest

CORPUS = Path(__file__).with_name("corpus")
TABLES = ROOT / "tests" / "drawings"


def write(commit: str) -> None:
    """Let the release of a commit write its file."""
    with tempfile.TemporaryDirectory() as folder:
        code = code_of(commit, Path(folder) / "release")
        with running(code, str(Path(folder) / "g.sqlite3")) as release:
            live(release)
            if (code / "genba" / "runtime" / "migrations.py").exists():
                move(release)
            lines = [json.dumps(entry, ensure_ascii=False) for entry in release.entries()]
    CORPUS.mkdir(exist_ok=True)
    (CORPUS / f"{commit}.jsonl").write_text("\n".join(lines) + "\n")


def live(release: Any) -> None:
    """As much as a release can do."""
    fill(release)
    release.deploy(rest().decode())
    for process in ("failing", "shouting"):
        release.start(process)
    release.decide((TABLES / "purchase-limit.dmn").read_text())
    release.deploy((TABLES / "buying.bpmn").read_text())
    release.start("buying", {"amount": 4500, "supplier": "new"})
    release.finish()
    failing = release.start("failing")
    release.tell(failing, "RaiseError", {"work": release.newest(failing), "code": "full"})


def move(release: Any) -> None:
    """Cases that go on in another version, go back, and cannot."""
    release.deploy(order("check", "pack").decode())
    there, back, stays = (release.start("order") for _ in range(3))
    release.do(stays, "check")
    release.deploy(order("check", "ship").decode())
    for case in (there, back, stays):
        release.move(case, 2)
    release.move(back, 1)


if __name__ == "__main__":
    write(sys.argv[1])
