"""One installation: its journal, its clock, who takes what from the outbox, and the wake-up bell.

Rules of this file: what belongs together is held together; nothing is decided here. The current
installation of the process is set once by whoever starts it.
"""

from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, timedelta, tzinfo
from pathlib import Path
from threading import Condition, Lock

from genba.engine.almanac import Habits
from genba.engine.graph import Graph
from genba.journal.addresses import FILE, Address, SqliteFile
from genba.journal.contract import Journal
from genba.journal.opening import open_journal
from genba.journal.records import OutboxRow
from genba.notation.model import Definitions
from genba.runtime.clock import Clock, SystemClock

PATIENCE = timedelta(hours=1)

Handler = Callable[["Installation", OutboxRow], None]
Follower = Callable[["Installation", int], int]


class Installation:
    """What everything above the journal works on.

    `clock` may be replaced. `graphs`, `paths` and `drawings` are caches of what the journal holds.
    """

    def __init__(self, journal: Journal, clock: Clock | None = None) -> None:
        self.journal = journal
        self.clock: Clock = clock or SystemClock()
        self.zone: tzinfo = UTC  # of times that name none; whoever opens it may set another
        self.habits = Habits()  # what it does where neither step nor process says
        self.patience: timedelta | None = PATIENCE  # with a job no worker takes; None: for ever
        self.naming: Callable[[str], str] = str  # what a drawing calls somebody -> person id or ""
        self.graphs: OrderedDict[tuple[str, int], Graph] = OrderedDict()
        self.paths: OrderedDict[tuple[str, int, str], Graph] = OrderedDict()
        self.drawings: OrderedDict[str, Definitions] = OrderedDict()
        self.caching = Lock()
        self.inside = Lock()  # one loop at a time in this process does what cases do …
        self.outside = Lock()  # … and one what channels do, which may have to wait for servers
        self._handlers: dict[str, dict[str, Handler]] = {}
        self._followers: dict[str, Follower] = {}
        self._bell = Condition()
        self._rings = 0
        self._listening = 0

    def on(self, kind: str, handler: Handler, name: str = "") -> None:
        """Let `handler(installation, row)` do outbox rows of a kind.

        It may be called again for the same row (the row's key says so), must not run in a unit of
        work, and fails by raising: the row is then tried again later. Several channels may take the
        same kind, each under a `name` of its own; the same name again replaces.
        """
        self._handlers.setdefault(kind, {})[name] = handler

    def handlers(self, kind: str) -> dict[str, Handler]:
        """Who does rows of this kind, by name."""
        return self._handlers.get(kind, {})

    def follow(self, follower: Follower, name: str) -> None:
        """Let `follower(installation, position)` look at the log whenever it has grown.

        What it sends on leaves as outbox rows, of which it says how many: it keeps itself where it
        was, and calls nobody.
        """
        self._followers[name] = follower

    def followers(self) -> tuple[Follower, ...]:
        """Who looks at the log when it has grown."""
        return tuple(self._followers.values())

    def wake(self) -> None:
        """Something was committed: live pages and the loop look again."""
        self.ring()
        self.journal.announce()

    def ring(self) -> None:
        """Something was committed, here or by another process."""
        with self._bell:
            self._rings += 1
            if self._listening:
                self._bell.notify_all()

    def rings(self) -> int:
        """How often it was woken: give it to `wait` to miss nothing in between."""
        with self._bell:
            return self._rings

    def wait(self, seconds: float, since: int | None = None) -> bool:
        """Wait to be woken, at most so long; True when it was.

        With `since` (from `rings`) it returns at once when it was woken after that.
        """
        with self._bell:
            start = self._rings if since is None else since
            self._listening += 1
            try:
                return self._bell.wait_for(lambda: self._rings != start, timeout=max(seconds, 0))
            finally:
                self._listening -= 1


_current: Installation | None = None


def install(inst: Installation | None) -> None:
    """Make it the installation of this process; None takes it away."""
    global _current
    _current = inst


def installed() -> Installation | None:
    """The installation of this process, if it has one."""
    return _current


def current() -> Installation:
    """The installation of this process. Raises RuntimeError when there is none."""
    if _current is None:
        raise RuntimeError("no installation is open: call install(open_installation(home)) first")
    return _current


def open_installation(where: Path | Address) -> Installation:
    """The installation at an address, or in a file of a folder; made when missing.

    Raises JournalBroken in plain words.
    """
    address = SqliteFile(where / FILE) if isinstance(where, Path) else where
    return Installation(open_journal(address))
