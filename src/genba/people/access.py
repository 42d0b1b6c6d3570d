"""The single doors: who may see and who may act. There are no other checks of rights.

Rules of this file: pure questions about a person and a row, asked at the moment of acting; no
act and no channel is known here, so that rights cannot depend on either.

| who | sees | acts on a work |
| --- | --- | --- |
| member | every case | that is theirs, names them, or is open to their team |
| guest | cases they started, follow, or are asked in | the same |
| closed account | nothing | nothing (it is not `Known`) |
"""

from collections.abc import Sequence

from genba.journal.contract import Reading
from genba.journal.records import CaseRow, WorkRow
from genba.notation.model import Process
from genba.people.directory import Known
from genba.runtime.installation import current


def may_see_case(known: Known, case: CaseRow, reading: Reading | None = None) -> bool:
    """Whether somebody may see a case; `reading` is the open journal when one is at hand."""
    if not known.is_guest or case.started_by == known.id:
        return True
    if reading is None:
        with current().journal.reading() as fresh:
            return may_see_case(known, case, fresh)
    if known.id in reading.followers(case.case):
        return True
    return any(
        is_assigned(known, work)
        or names_for(known).intersection(user.lower() for user in work.users)
        for work in reading.works(case.case, open_only=False)
    )


def names_for(known: Known) -> frozenset[str]:
    """What a drawing may call somebody: id, mail address or handle, in lower case."""
    return frozenset({known.id, known.address.lower(), known.handle.lower()} - {""})


def is_candidate(known: Known, work: WorkRow) -> bool:
    """Whether a work is open to somebody by name or by team.

    A work for nobody in particular is open to every member, so that no case stands still.
    """
    teams = {team for team in (work.role, *work.groups) if team}
    named = names_for(known).intersection(user.lower() for user in work.users)
    if named or teams.intersection(known.groups):
        return True
    return not (teams or work.users or work.assignee or known.is_guest)


def is_assigned(known: Known, work: WorkRow) -> bool:
    """Whether a work is somebody's own."""
    return bool(work.assignee) and work.assignee.lower() in names_for(known)


def may_act_on(known: Known, work: WorkRow) -> bool:
    """Whether somebody may do what a work asks: it is theirs, or nobody's and open to them."""
    return is_assigned(known, work) if work.assignee else is_candidate(known, work)


def may_give(known: Known, work: WorkRow) -> bool:
    """Whether somebody may give a work to another: whose it is, or who could take it."""
    return is_assigned(known, work) or is_candidate(known, work)


def may_start(known: Known, process: Process) -> bool:
    """Whether somebody may start a process: everybody, unless its drawing names who may."""
    if not process.starter_groups and not process.starter_users:
        return True
    return bool(
        names_for(known).intersection(user.lower() for user in process.starter_users)
        or set(known.groups).intersection(process.starter_groups)
    )


def may_follow_stream(known: Known, id: str) -> bool:
    """Whether somebody's page may hear that a stream changed: members, but not of other people."""
    kind, _colon, name = id.partition(":")
    return name == known.id if kind == "person" else not known.is_guest


def may_deploy(known: Known) -> bool:
    """Whether somebody may bring in a drawing: every member of the installation."""
    return not known.is_guest


def may_see_decisions(known: Known) -> bool:
    """Whether somebody may read and try the rules: every member of the installation."""
    return not known.is_guest


def may_see_calendars(known: Known) -> bool:
    """Whether somebody may read when teams work: every member of the installation."""
    return not known.is_guest


def may_change_calendar(known: Known, teams: Sequence[str], *, default: bool) -> bool:
    """Whether somebody may change when teams work: those who work by it, and administrators.

    One nobody works by yet is open to every member, but for the one everybody falls back on.
    """
    if known.is_administrator:
        return True
    if known.is_guest or (default and not teams):
        return False
    return not teams or bool(set(teams).intersection(known.groups))
