"""What may be committed, and which addresses a committed file may name.

Rules of this file: the lists are data. An address is allowed because it is a name space, an
identifier or an example, never a place that something is fetched from: packages come by name,
from wherever the reader's tools are told to look.
"""

import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

LARGEST = 1_000_000  # bytes
NEVER = re.compile(
    r"(^|/)(node_modules|var|__pycache__|\.venv|\.bench-venv|\.bench-node|\.bench-java)/"
    r"|\.(mo|pyc|sqlite3|db|pem|key|whl|log)$"
    r"|(^|/)(uv\.lock|pylock\.toml|\.env|\.npmrc\.local)$"
    r"|^src/genba/web/static/built/"
)
ADDRESS = re.compile(r"\bhttps?://([^\s/\"'<>)\]}`,;:]+)")
NAMED_BY = frozenset(
    # name spaces and identifiers of standards, licences and modelling tools
    [
        "www.omg.org",
        "www.w3.org",
        "calendarserver.org",
        "w3.org",
        "schema.org",
        "json-schema.org",
        "www.apache.org",
        "activitystrea.ms",
        "www.xes-standard.org",
        "bpmn.io",
        "camunda.org",
        "zeebe.io",
        "activiti.org",
        "flowable.org",
        "www.signavio.com",
        "signavio.com",
        "www.trisotech.com",
        "www.modeliosoft.com",
        "modelio.org",
        "www.jboss.org",
        "drools.org",
        "www.bizagi.com",
        "genba.dev",
        "schema.omg.org",
        "operaton.org",
        "adaptivecards.io",
    ]
)
EXAMPLE = re.compile(
    # a name without a dot is nobody's on the Internet
    r"^([^.]*|127.*|0\.0\.0\.0|\[.*|\{.*|\$.*|%.*|"
    r"(.*\.)?(example|test|invalid|localhost)|(.*\.)?example\.(com|org|net))$"
)
PRIVATE = re.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----")
TEXT = re.compile(
    r"\.(py|md|toml|txt|lock|json|js|ts|css|html|jinja|bpmn|po|sql|ini|cfg|yml|yaml|npmrc)$|/[^.]+$"
)


def list_files(root: Path) -> list[str]:
    """The files git knows or would add, as paths from the root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    answer = subprocess.run(command, cwd=root, capture_output=True, check=True)  # noqa: S603
    names = answer.stdout.decode("utf-8").split("\0")
    return sorted(name for name in names if name and (root / name).is_file())


def examine(root: Path, files: list[str]) -> Iterator[str]:
    """Every finding over the committed files."""
    for name in files:
        path = root / name
        if NEVER.search(name):
            yield f"{name}:1: is made, not written: it does not belong in the repository"
        if path.stat().st_size > LARGEST:
            yield f"{name}:1: is larger than {LARGEST} bytes"
        if path.is_symlink():
            yield f"{name}:1: is a symbolic link"
        if TEXT.search(name) or "/" not in name:
            text = path.read_text(encoding="utf-8", errors="replace")
            yield from examine_lock(name, text) if is_lock(name) else examine_text(name, text)
    if "pyproject.toml" in files and "requirements.lock" in files:
        texts = [(root / name).read_text() for name in ("pyproject.toml", "requirements.lock")]
        yield from examine_dependencies(*texts)


def examine_dependencies(project: str, lock: str) -> Iterator[str]:
    """Every package that pyproject.toml asks for is in the lock."""
    asked = tomllib.loads(project)
    groups = asked.get("dependency-groups", {}).values()
    wanted = [*asked["project"]["dependencies"], *(name for group in groups for name in group)]
    pinned = set(re.findall(r"^([A-Za-z0-9._-]+)==", lock, flags=re.MULTILINE))
    for package in wanted:
        name = re.split(r"[^A-Za-z0-9._-]", package)[0].lower().replace("_", "-")
        if name not in pinned:
            yield f"requirements.lock:1: {name} is missing; run make lock"


def is_lock(name: str) -> bool:
    """True for the files that pin packages."""
    return Path(name).name in ("requirements.lock", "package-lock.json", ".npmrc")


def examine_text(name: str, text: str) -> Iterator[str]:
    """Addresses and private keys in a file somebody wrote."""
    for number, line in enumerate(text.splitlines(), 1):
        if PRIVATE.search(line):
            yield f"{name}:{number}: holds a private key"
        for host in ADDRESS.findall(line):
            if host not in NAMED_BY and not EXAMPLE.match(host):
                yield f"{name}:{number}: names the address {host} (see checks/tracked.py)"


def examine_lock(name: str, text: str) -> Iterator[str]:
    """A lock pins by name, version and hash, and names no place, but for funding pages."""
    if name.endswith("package-lock.json"):
        yield from examine_npm(name, text)
        return
    for number, line in enumerate(text.splitlines(), 1):
        if "://" in line:
            yield f"{name}:{number}: a lock names no address"
    if name.endswith(".npmrc") and "omit-lockfile-registry-resolved=true" not in text:
        yield f"{name}:1: must say omit-lockfile-registry-resolved=true"
    if name.endswith("requirements.lock"):
        for package in re.split(r"\n(?=\S)", text.strip()):
            if "--hash=sha256:" not in package:
                yield f"{name}:1: {package.split()[0]} has no hash"


def examine_npm(name: str, text: str) -> Iterator[str]:
    """Every package of an npm lock has its integrity hash and no address to fetch it from."""
    for package, entry in json.loads(text).get("packages", {}).items():
        if "resolved" in entry:
            yield f"{name}:1: {package} names the place it is fetched from"
        if package and not entry.get("link") and "integrity" not in entry:
            yield f"{name}:1: {package} has no hash"
