"""What other packages bring, found by entry point and imported once.

Rules of this file: it imports and waits, it knows nothing of what is brought: importing a module
declares what is in it. Whoever asks while another thread imports waits until all is there; what is
being imported may ask itself.
"""

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points
from threading import RLock


class Extensions:
    """The modules under one entry point group.

    `failed(point, problem)` is told of a module that cannot be imported, and the others go on;
    without it the exception is raised, and the next who asks tries again.
    """

    def __init__(
        self, group: str, failed: Callable[[EntryPoint, Exception], None] | None = None
    ) -> None:
        self.group = group
        self._failed = failed
        self._lock = RLock()
        self._begun = self._loaded = False

    def load(self) -> None:
        """Import them all, by name, once."""
        if self._loaded:
            return
        with self._lock:
            if self._loaded or self._begun:  # while this one waited; asked by what is imported
                return
            self._begun = True
            try:
                for point in sorted(entry_points(group=self.group), key=lambda one: one.name):
                    self._import(point)
                self._loaded = True
            finally:
                self._begun = False

    def _import(self, point: EntryPoint) -> None:
        try:
            point.load()
        except Exception as problem:
            if self._failed is None:
                raise
            self._failed(point, problem)
