"""From the log to what is to be sent: each webhook looks at what was added, and keeps its place.

Rules of this file: nobody is called. What fits leaves as an outbox row whose key is the position,
in the unit that moves the place on: an event is posted once, however many processes look. Whoever
was slower lets it be. Only cases, and only those its person may see now.
"""

from msgspec.structs import replace

from genba.channels.events import wants
from genba.journal.contract import Conflict, Reading
from genba.journal.records import Entry, Envelope, StreamRow, stream_kind
from genba.machines.webhooks import KIND, ON, Webhook
from genba.people.access import may_see_case
from genba.people.directory import Known, known
from genba.runtime.installation import Installation
from genba.runtime.notices import HookNotice
from genba.runtime.streams import read_state
from genba.runtime.unit import open_unit

BATCH = 500
FAR = 20_000  # entries looked at in vain after which the place is kept all the same
MOST = 500  # webhooks of an installation


class Following:
    """Where each webhook of this process is, beyond what is kept: what did not fit is not kept."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def __call__(self, inst: Installation, position: int) -> int:
        """Look at what was added up to `position`; how many events are to be sent."""
        sent = 0
        with inst.journal.reading() as reading:
            rows = reading.streams(KIND, mark=ON, limit=MOST)
        for row in rows:
            try:
                sent += self._follow(inst, row, position)
            except Conflict:  # another process was faster, or the webhook was changed
                continue
        return sent

    def _follow(self, inst: Installation, row: StreamRow, position: int) -> int:
        hook = read_state(row, Webhook)
        owner = known(hook.person) if hook is not None else None
        if hook is None or owner is None or owner.is_guest:
            return 0
        sent = 0
        at = max(hook.position, self._seen.get(row.id, 0))
        while at < position:
            with inst.journal.reading() as reading:
                entries = reading.log_since(at, BATCH)
                fitting = [entry for entry in entries if _fits(hook, owner, entry, reading)]
            if not entries:
                break
            at = entries[-1].position
            if fitting or at - hook.position > FAR:
                _post(inst, row, hook.position, at, fitting)
                hook, sent = replace(hook, position=at), sent + len(fitting)
        self._seen[row.id] = at
        return sent


def _fits(hook: Webhook, owner: Known, entry: Entry, reading: Reading) -> bool:
    if stream_kind(entry.case) or not wants(hook.events, entry):
        return False
    case = reading.case(entry.case)
    if case is None or (hook.process and case.process != hook.process):
        return False
    return may_see_case(owner, case, reading)


def _post(inst: Installation, row: StreamRow, before: int, at: int, entries: list[Entry]) -> None:
    """Leave what fits, and keep the place. Raises Conflict where somebody else did."""
    envelope = Envelope(at=inst.clock.now(), machine=True, act="hook", key=f"{row.id}:{at}")
    with open_unit(inst, envelope) as unit:
        stream = unit.stream(row.id)
        hook = stream.state(Webhook)
        if hook is None or not hook.on or hook.position != before:
            raise Conflict
        for one in entries:
            notice = HookNotice(position=one.position, case=one.case, seq=one.seq)
            stream.post("hook", notice, key=f"event:{one.position}")
        stream.record("webhook.read", {"to": at, "events": len(entries)})
        stream.keep(replace(hook, position=at))
