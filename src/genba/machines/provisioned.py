"""Bringing about what was decided of people and teams: from the streams to accounts.

Rules of this file: done after the commit of the act, at once by whoever asked and once more by the
outbox, so that a crash in between loses nothing. It brings about what the stream says now; done
twice, it changes nothing.
"""

import msgspec
from msgspec.structs import replace

from genba.journal.contract import Conflict
from genba.journal.records import Envelope, OutboxRow, stream_kind
from genba.machines.provisioning import PERSON, Account, Crew, crew_marks, marks_of, own_person
from genba.people.keeping import drop_crew, keep_crew, keep_member, member_of
from genba.runtime.installation import Installation
from genba.runtime.notices import ProvisionNotice
from genba.runtime.streams import read_state
from genba.runtime.unit import open_unit

TRIES = 5


def connect(inst: Installation) -> None:
    """Let this installation bring about what was decided."""
    inst.on("provision", _provision, "directory")


def _provision(inst: Installation, row: OutboxRow) -> None:
    bring_about(inst, msgspec.json.decode(row.body, type=ProvisionNotice).stream)


def bring_about(inst: Installation, stream: str) -> None:
    """Make accounts and teams what the stream says."""
    if stream_kind(stream) == PERSON:
        _bring_person(inst, stream)
    else:
        _bring_team(inst, stream)


def _bring_person(inst: Installation, stream: str) -> None:
    with inst.journal.reading() as reading:
        said = read_state(reading.stream(stream), Account)
    if said is None:
        return
    if said.removed:
        there = member_of(said.person) if said.person else None
        if there is not None and there.active:
            keep_member(there.id, there.address, there.name, "", active=False)
        return
    person = keep_member(said.person, said.address, said.name, said.locale, said.active)
    if person == said.person:
        return

    def linked(now: Account) -> Account | None:
        return None if now.person or now.removed else replace(now, person=person)

    for _time in range(TRIES):
        try:
            with open_unit(inst, _envelope(inst, stream)) as unit:
                open = unit.stream(stream)
                now = open.state(Account)
                made = linked(now) if now is not None else None
                if made is not None:
                    open.record("scim.linked", {"person": person})
                    open.keep(made, marks=marks_of(made))
            return
        except Conflict:
            continue


def _bring_team(inst: Installation, stream: str) -> None:
    with inst.journal.reading() as reading:
        said = read_state(reading.stream(stream), Crew)
        ids = None
        if said is not None and said.members is not None:
            ids = [own_person(reading, one) for one in said.members]
    if said is None:
        return
    if said.removed:
        drop_crew(said.team)
        return
    if said.members is None:
        return
    team = keep_crew(said.team, said.name, [one for one in ids or () if one])
    for _time in range(TRIES):
        try:
            with open_unit(inst, _envelope(inst, stream)) as unit:
                open = unit.stream(stream)
                if open.state(Crew) == said:
                    made = replace(said, team=team, members=None)
                    open.record("scim.linked", {"team": team})
                    open.keep(made, marks=crew_marks(made))
            return
        except Conflict:
            continue


def _envelope(inst: Installation, stream: str) -> Envelope:
    return Envelope(at=inst.clock.now(), machine=True, act="provision", key=stream)
