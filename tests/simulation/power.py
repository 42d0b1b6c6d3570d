"""A disk whose power goes: what was flushed is there, of what was only written some sectors are.

Rules of this file: bytes of files, nothing of journals. A flush is what SQLite promises with
`synchronous=FULL`: when a statement has ended a transaction, its log is on the disk. Between two
flushes each sector of each file is the old one or the new one, in any combination.
"""

from pathlib import Path
from random import Random

SECTOR = 512
_FILES = ("", "-wal")
_SHARED = "-shm"  # memory, which no power cut survives


class Disk:
    """The files of one SQLite database, and what of them is certain."""

    def __init__(self, path: Path, chance: Random) -> None:
        self._path, self._chance = path, chance
        self._safe: dict[str, bytes] = {}
        self.cuts = 0

    def flushed(self) -> None:
        """Everything written so far is on the disk."""
        self._safe = self._written()

    def _written(self) -> dict[str, bytes]:
        places = {name: self._place(name) for name in _FILES}
        return {name: place.read_bytes() for name, place in places.items() if place.exists()}

    def _place(self, name: str) -> Path:
        return self._path.with_name(self._path.name + name)

    def left(self) -> dict[str, bytes]:
        """What is found when the power is back, of what is written now."""
        self.cuts += 1
        written = self._written()
        # Before there is a log beside the file, SQLite changes it as a whole (rollback journal).
        if "-wal" not in self._safe and written.get("") != self._safe.get(""):
            return self._chance.choice((self._safe, written))
        return {
            name: self._torn(self._safe.get(name, b""), written.get(name, b""))
            for name in {**self._safe, **written}
        }

    def _torn(self, old: bytes, new: bytes) -> bytes:
        share = self._chance.choice((0.0, 0.5, 0.9, 1.0))
        torn = bytearray(old)
        for at in range(0, len(new), SECTOR):
            sector = new[at : at + SECTOR]
            if sector == old[at : at + SECTOR] or self._chance.random() >= share:
                continue
            if len(torn) < at:
                torn.extend(bytes(at - len(torn)))
            torn[at : at + len(sector)] = sector
        return bytes(torn)

    def restore(self, found: dict[str, bytes]) -> None:
        """The power is back."""
        self._place(_SHARED).unlink(missing_ok=True)
        for name in _FILES:
            self._place(name).unlink(missing_ok=True)
            if found.get(name):
                self._place(name).write_bytes(found[name])
        self.flushed()
