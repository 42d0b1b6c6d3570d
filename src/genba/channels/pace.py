"""How often each caller may ask: one measure for everything programs ask of this process.

Rules of this file: counts and forgets; who a caller is and what they are told, the channel knows.
"""

import threading
import time
from collections import OrderedDict

from django.conf import settings

CALLERS = 10_000  # of whom is remembered how often they asked


class Pace:
    """A bucket for each caller that fills by the second and holds what is let through at once."""

    def __init__(self) -> None:
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, caller: str, most: int, now: float, seconds: float = 60) -> int:
        """Seconds until the caller may ask again, `most` times in so many `seconds`; 0 when they
        may now, which counts."""
        with self._lock:
            left, then = self._left.pop(caller, (float(most), now))
            left = min(float(most), left + (now - then) * most / seconds)
            fine = left >= 1
            self._left[caller] = (left - fine, now)
            while len(self._left) > CALLERS:
                self._left.popitem(last=False)
        return 0 if fine else max(1, int((1 - left) * seconds / most) + 1)


pace = Pace()


def seconds_to_wait(caller: str) -> int:
    """Seconds until somebody may ask again (`GENBA_API_RATE`); 0 when they may now."""
    return pace.wait(caller, settings.GENBA_API_RATE, time.monotonic())
