"""Another way to read words, by entry point: a package beside this one, found and used."""

import subprocess
import sys
from pathlib import Path

MODEL = '''
from genba.recall.words import Word

TOPICS = {"prepayment": "money", "advance": "money", "printer": "machine"}


def read(text):
    """Words by what they are about: what is called differently is found all the same."""
    for word in text.lower().split():
        if word in TOPICS:
            yield Word(TOPICS[word], word)
'''
METADATA = "Metadata-Version: 2.1\nName: another-reader\nVersion: 1\n"
ENTRY = "[genba.words]\ntopics = another_reader:read\n"
ASKS = """
import django
django.setup()
from datetime import UTC, datetime
from genba.help.remembering import reader
from genba.recall.features import features
from genba.recall.shelf import Kept, Shelf

shelf = Shelf()
for id, text in (("a", "a printer"), ("b", "the advance they want")):
    shelf.keep(Kept(id=id, kind="note", at=datetime(2026, 3, 2, tzinfo=UTC)),
               features({}, [text], reader=reader()))
(match,) = shelf.find(features({}, ["a prepayment"], reader=reader()), most=1)
print(reader().__module__, match.kept.id)
"""


def answer(folder: Path | None) -> str:
    """What a process of its own says, with this folder among its packages."""
    code = f"import sys; sys.path.insert(0, {str(folder)!r})\n{ASKS}" if folder else ASKS
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


def test_a_reader_of_words_is_replaced_by_installing_a_package(tmp_path: Path) -> None:
    (tmp_path / "another_reader.py").write_text(MODEL)
    info = tmp_path / "another_reader-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(METADATA)
    (info / "entry_points.txt").write_text(ENTRY)
    assert answer(tmp_path) == "another_reader b"
    assert "not enough values" in answer(None)  # our own knows no topics: nothing is alike
