"""The loop: what is due is done, again and again, without anybody asking.

Rules of this file:

1. Everything it needs is in the journal: a restart loses nothing.
2. Nothing is done twice: a row is settled after its effect, and the effect knows the row's key.
3. One that fails waits longer each time, with its error beside it, and keeps nobody else waiting.
4. What is done is claimed first, for a time, so that any number of processes may do it; a claim
   that ran out while it was done does not count (fencing).
5. What killed its worker three times, or failed too often, is asked of a person: `giving_up`.
6. What cases do to each other never waits for a channel: a slow mail server delays mail only.
"""

import logging
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from threading import Event, Thread

from msgspec.structs import replace

from genba.journal.contract import Claim, Claimed, Conflict, JournalBroken, Stale
from genba.journal.records import Envelope, NewOutbox, OutboxRow, TimerRow
from genba.runtime.deliveries import EFFECTS, deliver, fire_timer, start_by_timetable
from genba.runtime.giving_up import DEATHS, DIED, give_up, park_timer
from genba.runtime.installation import Installation
from genba.runtime.jobs import work_off
from genba.runtime.notices import Firing
from genba.runtime.projections import JOB
from genba.runtime.recording import WrittenByNewer, write
from genba.runtime.unit import open_unit
from genba.runtime.unserved import ask_about_unserved

BATCH = 50
FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(hours=1)
PATIENCE = 2.0  # seconds between looks when nothing in this process wakes us
TRIES = 5  # how often a delivery is done again at once when somebody else was faster
ERROR_LENGTH = 500
LEASE = timedelta(seconds=60)  # how long a claim holds when nothing is heard of its worker
BEAT = 15.0  # seconds between signs of life
ATTEMPTS = 12  # failures, about five hours, after which a person is asked

# The kinds the runtime does itself; all others are for channels.
INSIDE = (*EFFECTS, "timetable")
# Done one at a time by hands of their own: what waits for a server must keep nobody waiting.
APART = (JOB, "hook")
LOOK = timedelta(minutes=1)  # between looks for jobs no worker takes
HANDS = 4  # jobs done at the same time by one process

_log = logging.getLogger("genba.runtime")
_starts = count(os.getpid() * 7)


def delay(attempts: int) -> timedelta:
    """How long a row waits that has failed `attempts` times before: doubled each time."""
    return min(FIRST_DELAY * (1 << min(attempts, 20)), LONGEST_DELAY)


class Loop:
    """Does what is due: timers and outbox rows."""

    def __init__(self, inst: Installation) -> None:
        self.inst = inst
        self._threads: list[Thread] = []
        self._stopping = Event()
        self._deaf: Callable[[], None] = lambda: None
        self._held: list[Claimed] = []
        self._looked: datetime | None = None
        self._followed = -1  # the position of the log that followers have seen
        self._first = next(_starts)  # other loops begin at other buckets

    def run_once(self, now: datetime | None = None) -> int:
        """Do one batch of what is due (at `now`, else at the clock's time); how many there were."""
        at = now or self.inst.clock.now()
        return self._inside(at) + self._jobs(at) + self._outside(at)

    def _inside(self, at: datetime) -> int:
        """Timers, and what cases do to each other."""
        asked = Claim(now=at, until=at + LEASE, timers=True, only=INSIDE, first=self._first)
        with self.inst.inside:
            return self._unserved(at) + self._batch(replace(asked, limit=BATCH), at)

    def _unserved(self, at: datetime) -> int:
        """Ask about the jobs no worker takes, now and then."""
        if self._looked is not None and at - self._looked < LOOK:
            return 0
        self._looked = at
        return ask_about_unserved(self.inst, at)

    def _jobs(self, at: datetime) -> int:
        """What waits for machines and servers: one at a time in each thread, however long."""
        asked = Claim(now=at, until=at + LEASE, only=APART, first=self._first)
        return self._batch(replace(asked, limit=1), at)

    def _outside(self, at: datetime) -> int:
        """What channels do."""
        asked = Claim(now=at, until=at + LEASE, but=(*INSIDE, *APART), first=self._first)
        with self.inst.outside:
            return self._follow() + self._batch(replace(asked, limit=BATCH), at)

    def _follow(self) -> int:
        """Whoever follows the log looks at what was added to it; how much they left to do."""
        followers = self.inst.followers()
        if not followers:
            return 0
        with self.inst.journal.reading() as reading:
            position = reading.position()
        if position == self._followed:
            return 0
        left = sum(follower(self.inst, position) for follower in followers)
        self._followed = position
        return left

    def _batch(self, asked: Claim, at: datetime) -> int:
        """Claim a batch and do it; how many there were."""
        claimed = self._claimed(asked)
        if not claimed:
            return 0
        self._held.append(claimed)
        try:
            for timer in claimed.timers:
                self._fire(timer, at)
            for number, row in enumerate(claimed.rows):
                if self._stopping.is_set():
                    self.inst.journal.lease(Claimed(rows=claimed.rows[number:]), None)
                    break
                self._do(row, at)
        finally:
            self._held.remove(claimed)
        return len(claimed)

    def _claimed(self, asked: Claim) -> Claimed:
        """What is ours to do; without a claim, and so without a write, when nothing is due."""
        with self.inst.journal.reading() as reading:
            due = reading.due_outbox(asked.now, 1, only=asked.only, but=asked.but) or (
                asked.timers and reading.due_timers(asked.now, 1)
            )
        return self.inst.journal.claim(asked) if due else Claimed()

    def _beat(self) -> None:
        """Keep what is being done, however long it takes."""
        while not self._stopping.wait(BEAT):
            for claimed in list(self._held):
                try:
                    self.inst.journal.lease(claimed, self.inst.clock.now() + LEASE)
                except Exception:
                    _log.exception("a lease was not kept; it goes on")

    def drain(self, limit: int = 10_000) -> int:
        """Do what is due until it is quiet; how much was done. Stops after `limit`."""
        done = 0
        while done < limit:
            batch = self.run_once()
            if not batch:
                break
            done += batch
        return done

    def _fire(self, timer: TimerRow, at: datetime) -> None:
        """Fire a timer; when that fails it goes on as an outbox row, which can wait."""
        try:
            if timer.deaths >= DEATHS:
                park_timer(self.inst, timer, at)
                return
            self._again(lambda: self._fire_once(timer, at))
        except JournalBroken:
            raise
        except Exception as error:
            _log.warning("timer %s of case %s: %s", timer.timer, timer.case, error)
            row = NewOutbox(
                kind="timer",
                body=write(Firing(timer=timer.timer)),
                key=f"timer:{timer.timer}",
                due=at + delay(0),
            )
            with self.inst.journal.writing() as tx:
                tx.drop_timer(timer.case, timer.timer)
                tx.post(timer.case, [row])

    def _fire_once(self, timer: TimerRow, at: datetime) -> None:
        envelope = Envelope(
            at=at,
            channel="timer",
            machine=True,
            key=f"timer:{timer.case}:{timer.timer}",
        )
        with open_unit(self.inst, envelope) as unit:
            fire_timer(unit, timer.case, timer.timer)

    def _do(self, row: OutboxRow, at: datetime) -> None:
        try:
            if row.deaths >= DEATHS:
                self._again(lambda: give_up(self.inst, row, DIED, at))
            elif row.kind == JOB:
                work_off(self.inst, row, at)
            elif row.kind == "timetable":
                self._again(lambda: start_by_timetable(self.inst, row, at))
            elif row.kind in EFFECTS:
                self._again(lambda: deliver(self.inst, row, EFFECTS[row.kind], at))
            elif self._hand_over(row, at):
                with self.inst.journal.writing() as tx:
                    tx.settle(row)
        except JournalBroken:
            raise
        except WrittenByNewer as newer:  # a worker of that release does it
            _log.warning("outbox %s of case %s: %s", row.key, row.case, newer)
            self._postpone(row, str(newer), at)
        except Stale as lost:
            _log.warning("outbox %s: %s", row.key, lost)
        except Exception as error:
            _log.warning("outbox %s %s of case %s: %s", row.kind, row.key, row.case, error)
            words = f"{type(error).__name__}: {error}"[:ERROR_LENGTH]
            if row.attempts + 1 >= ATTEMPTS:
                self._again(lambda: give_up(self.inst, row, words, at))
            else:
                self._postpone(row, words, at)

    def _again(self, work: Callable[[], None]) -> None:
        """Do it; when somebody else was faster, do it again."""
        for left in reversed(range(TRIES)):
            try:
                work()
                return
            except Conflict:
                if not left:
                    raise

    def _hand_over(self, row: OutboxRow, at: datetime) -> bool:
        """Let the channels do a row; True when it is done.

        Several who take the same kind get a row each ("card/mail"), so that each fails alone.
        """
        kind, _, name = row.kind.partition("/")
        takers = self.inst.handlers(kind)
        if not name and len(takers) == 1:
            (name,) = takers
        if name in takers and (name or len(takers) == 1):
            takers[name](self.inst, row)
            return True
        if name or not takers:
            self._postpone(row, f"nobody takes {row.kind} here", at)
            return False
        copies = [
            NewOutbox(kind=f"{kind}/{taker}", body=row.body, key=f"{row.key}/{taker}", due=row.due)
            for taker in takers
        ]
        with self.inst.journal.writing() as tx:
            tx.post(row.case, copies)
            tx.settle(row)
        return False

    def _postpone(self, row: OutboxRow, error: str, at: datetime) -> None:
        due = at + delay(row.attempts)
        with self.inst.journal.writing() as tx:
            tx.postpone(row, due=due, error=error[:ERROR_LENGTH])

    def start(self) -> None:
        """Run until `stop`: a thread for the cases, one for the channels, some for jobs."""
        if self._threads:
            return
        self._stopping.clear()
        self._deaf = self.inst.journal.listen(self.inst.ring)
        heart = Thread(target=self._beat, name="genba-heartbeat", daemon=True)
        self._threads.append(heart)
        heart.start()
        hands = [(f"genba-job-{number}", self._jobs) for number in range(HANDS)]
        doing = [("genba-cases", self._inside), ("genba-channels", self._outside), *hands]
        for name, batch in doing:
            thread = Thread(target=self._run, args=(batch,), name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Finish what is being done, and end the threads."""
        self._stopping.set()
        self.inst.wake()
        while self._threads:
            self._threads.pop().join()
        self._deaf()

    def _run(self, batch: Callable[[datetime], int]) -> None:
        while not self._stopping.is_set():
            rings = self.inst.rings()
            try:
                quiet = not batch(self.inst.clock.now())
            except Exception:
                # A broken journal or a bug: others' work must not end with this one's.
                _log.exception("the loop failed; it goes on")
                quiet = True
            if quiet:
                self.inst.wait(PATIENCE, rings)
