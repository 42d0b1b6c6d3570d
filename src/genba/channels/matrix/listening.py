"""Listening to a Matrix homeserver: what is said in our rooms is heard, in order, and answered.

Rules of this file: a thin adapter around `reading` and `chat.hearing`. Where we are in the stream
of events is kept once they were dealt with; what is heard again after a crash has the same key, and
is answered by the same event. We join where somebody of our own homeserver asks us in. Rooms are
not encrypted by us: an encrypted message is not read.
"""

import logging
from contextlib import suppress
from threading import Event, Thread
from typing import Any
from urllib.parse import quote, urlencode

from msgspec import Struct

from genba.channels.chat.calling import Busy, Declined, send_call
from genba.channels.chat.delivery import surroundings
from genba.channels.chat.hearing import hear
from genba.channels.chat.payloads import at, members, objects, text
from genba.channels.chat.systems import System
from genba.channels.matrix import channel, reading, rendering
from genba.journal.contract import Conflict, JournalBroken
from genba.journal.records import Envelope
from genba.runtime.installation import Installation
from genba.runtime.streams import read_state
from genba.runtime.unit import open_unit

WAIT = 5_000  # milliseconds the homeserver may take when there is nothing new
PAUSE = 10.0  # seconds after a homeserver that does not answer
STREAM = "shown:matrix"

_log = logging.getLogger("genba.channels.matrix")


class Reached(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far the stream of events was heard."""

    since: str


class Ear:
    """Hears one homeserver, as our user there."""

    def __init__(self, inst: Installation, system: System) -> None:
        self.inst, self.system = inst, system
        self._direct: dict[str, bool] = {}
        with inst.journal.reading() as journal:
            kept = read_state(journal.stream(STREAM), Reached)
        self._since = kept.since if kept else ""

    def once(self, wait: int = WAIT) -> int:
        """Hear what is new; how many events there were. Raises Busy or Declined."""
        given = {"timeout": str(wait), **({"since": self._since} if self._since else {})}
        said = self._call("GET", f"sync?{urlencode(given)}", seconds=wait / 1000 + 20)
        self._join(said)
        events = 0
        for room, joined in members(said, "rooms", "join").items():
            self._direct.pop(room, None)
            for event in objects(joined, "timeline", "events") if self._since else ():
                events += 1
                self._safely(room, event)
        first, self._since = not self._since, text(said, "next_batch")
        if events or first:
            self._keep(self._since)
        return events

    def _safely(self, room: str, event: dict[str, Any]) -> None:
        """One event; what cannot be dealt with is logged, and the next one is heard."""
        try:
            self._heard(room, event)
        except (Busy, JournalBroken):
            raise  # all of it is heard again
        except Exception:
            _log.exception("the event %s was not dealt with", text(event, "event_id"))

    def _heard(self, room: str, event: dict[str, Any]) -> None:
        """Hear one event of a room, and answer it."""
        own = self.system.account.name
        if text(event, "sender") == own:
            return
        direct = self._is_direct(room)
        heard = reading.read({**event, "room_id": room, "self": own, "direct": direct})
        reply = hear(self.system.chat, heard) if heard is not None else None
        if heard is None or reply is None:
            return
        content = rendering.answer(reply, heard, surroundings(self.system))
        content = rendering.answering(content, event)
        key = f"answer:{text(event, 'event_id')}"
        send_call(self.system, channel.send(room, content, key, self.system.account))

    def _join(self, said: dict[str, Any]) -> None:
        home = self.system.account.name.partition(":")[2]
        for room, invited in members(said, "rooms", "invite").items():
            invitations = [
                one
                for one in objects(invited, "invite_state", "events")
                if text(one, "type") == "m.room.member"
                and text(one, "state_key") == self.system.account.name
            ]
            if any(text(one, "sender").partition(":")[2] == home for one in invitations):
                self._call("POST", f"join/{quote(room, safe='')}", {})

    def _is_direct(self, room: str) -> bool:
        """Whether only one other is there: then all that is said is said to us."""
        if room not in self._direct:
            said = self._call("GET", f"rooms/{quote(room, safe='')}/joined_members")
            self._direct[room] = len(at(said, "joined") or ()) <= 2
        return self._direct[room]

    def _keep(self, since: str) -> None:
        envelope = Envelope(at=self.inst.clock.now(), channel="matrix", machine=True, act="listen")
        # Another process that hears the same was faster: it has kept as much.
        with suppress(Conflict), open_unit(self.inst, envelope) as unit:
            stream = unit.stream(STREAM)
            stream.record("matrix.heard", {})
            stream.keep(Reached(since=since))

    def _call(
        self, method: str, path: str, body: Any = None, seconds: float = 20.0
    ) -> dict[str, Any]:
        call = channel.call(method, path, self.system.account, body)
        return send_call(self.system, call, seconds=seconds)


class Listening:
    """Hears until it is stopped."""

    def __init__(self, ear: Ear) -> None:
        self._ear = ear
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="genba-matrix", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish what is being heard, and end."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._ear.once()
            except (Busy, Declined) as problem:
                _log.warning("Matrix: %s", problem)
                self._stopping.wait(PAUSE)
            except Exception:
                _log.exception("Matrix was not heard; it goes on")
                self._stopping.wait(PAUSE)


def listen(inst: Installation, systems: dict[str, System]) -> Listening | None:
    """Hear Matrix from now on, where it is set up."""
    system = systems.get(reading.NAME)
    return Listening(Ear(inst, system)) if system is not None and system.account.token else None
