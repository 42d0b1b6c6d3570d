"""The folder of an installation, and what of it the web layer keeps there.

Rules of this file: no Django (the settings import it). Reads the environment; writes nothing but
the secret key. A folder that cannot be written is the installer's fault, said in one sentence.
"""

import os
import secrets
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from genba.engine.almanac import Habits
from genba.engine.time_texts import read
from genba.engine.timing import After
from genba.journal.addresses import Address, read_address

TRUE = frozenset({"1", "true", "yes", "on"})


class HomeUnusable(Exception):
    """The folder of the installation cannot be written; the message says which and what to do."""


def home() -> Path:
    """The folder of this installation: GENBA_HOME, by default `var` below the working folder."""
    return Path(os.environ.get("GENBA_HOME") or "var").expanduser().absolute()


def database(home: Path) -> Address:
    """Where the data is: GENBA_DATABASE_URL, by default a file in the folder.

    Raises JournalBroken when the variable cannot be read.
    """
    return read_address(os.environ.get("GENBA_DATABASE_URL", ""), home)


def flag(name: str) -> bool:
    """True when the environment variable says so ("1", "true", "yes", "on")."""
    return os.environ.get(name, "").strip().lower() in TRUE


def ensure_secret(folder: Path) -> str:
    """The installation's secret key: read, or made once and kept readable by its owner only.

    Raises HomeUnusable when the folder cannot be written.
    """
    path = folder / "secret.key"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds what people wrote
        if not path.exists():
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(64))
        return path.read_text().strip()
    except FileExistsError:  # another process made it in between
        return path.read_text().strip()
    except OSError as error:
        raise HomeUnusable(
            f"The folder {folder} cannot be used ({error.strerror}). "
            "Choose another one with GENBA_HOME, or change who may write there."
        ) from error


def time_zone() -> str:
    """The zone in which times are shown: GENBA_TIME_ZONE, else the machine's, else UTC.

    Raises HomeUnusable when there is no such zone.
    """
    if named := os.environ.get("GENBA_TIME_ZONE"):
        if named not in available_timezones():
            raise HomeUnusable(
                f"GENBA_TIME_ZONE must name a time zone like Europe/Paris, not “{named}”."
            )
        return named
    localtime = Path("/etc/localtime")
    target = str(localtime.readlink()) if localtime.is_symlink() else ""
    return target.partition("zoneinfo/")[2] or "UTC"


def habits() -> Habits:
    """What is done where no drawing says: GENBA_REMIND, GENBA_ESCALATE, GENBA_ESCALATE_TO.

    Raises HomeUnusable for what is no time.
    """
    said = {name: os.environ.get(name, "").strip() for name in ("GENBA_REMIND", "GENBA_ESCALATE")}
    for name, text in said.items():
        if text and read(text.removeprefix("-")) is None:
            raise HomeUnusable(f"{name} must be a time like “2 working days”, not “{text}”.")
    return Habits(
        remind=said["GENBA_REMIND"],
        escalate=said["GENBA_ESCALATE"],
        escalate_to=os.environ.get("GENBA_ESCALATE_TO", "").strip(),
    )


def patience() -> timedelta | None:
    """How long a job waits for a worker: GENBA_WORKER_PATIENCE, an hour by default; None: for ever.

    Raises HomeUnusable for what is no such time.
    """
    said = os.environ.get("GENBA_WORKER_PATIENCE", "").strip() or "PT1H"
    if said == "never":
        return None
    when = read(said)
    span = when.span if isinstance(when, After) else None
    if span is None or span.months or span.working or span.days * 86_400 + span.seconds <= 0:
        raise HomeUnusable(
            f"GENBA_WORKER_PATIENCE must be a time like “PT1H”, or “never”, not “{said}”."
        )
    return timedelta(days=span.days, seconds=span.seconds)


def api_rate() -> int:
    """How many requests of one person `/api/` answers in a minute: GENBA_API_RATE, by default 1200.

    Raises HomeUnusable for what is no such number.
    """
    said = os.environ.get("GENBA_API_RATE", "").strip() or "1200"
    if not said.isdecimal() or not 1 <= int(said) <= 1_000_000:
        raise HomeUnusable(f"GENBA_API_RATE must be a number of requests, not “{said}”.")
    return int(said)


def origin() -> str:
    """The address people use: GENBA_URL, by default the loopback address, without a last slash."""
    return (os.environ.get("GENBA_URL") or "http://127.0.0.1:8000").rstrip("/")


def hosts() -> list[str]:
    """The host names that are answered: that of `origin`, GENBA_HOSTS, and the loopback."""
    named = [name.strip() for name in os.environ.get("GENBA_HOSTS", "").split(",")]
    own = urlsplit(origin()).hostname or ""
    return [name for name in (own, *named, "localhost", "127.0.0.1", "[::1]") if name]
