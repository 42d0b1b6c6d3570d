"""The single doors: who may see and who may act. There are no other checks of rights.

Rules of this file: pure questions about a person and a row, asked at the moment of acting; no
act and no channel is known here, so that rights cannot depend on either.

| who | sees | acts on a work |
| --- | --- | --- |
| member | every case, unless others are kept out | that is theirs, names them, or is their team's |
| guest | cases they started, follow, are asked in, or that were shared with them | the same |
| deputy | what those see for whom they stand | the same, as themselves on behalf of them |
| closed account | nothing | nothing (it is not `Known`) |
| token | what its scopes and its person may | the same; jobs of its topics |
"""

from collections.abc import Sequence

from genba.journal.contract import CaseQuery, Reading
from genba.journal.records import CaseRow, WorkRow
from genba.notation.model import Process
from genba.people.deputies import standing
from genba.people.directory import Known
from genba.people.separation import both
from genba.people.sharing import grants, sharing_of
from genba.runtime.definitions import graph
from genba.runtime.installation import current

READ, ACT, WORK = "read", "act", "work:"  # scopes of tokens; WORK is followed by a topic or "*"
CALENDAR, TODO = "calendar", "todo"  # the address of due dates; the list of a device, with ticking

FEED = "feed"  # the address of what needs somebody and what happened
PROVISION = "scim"  # to keep people and teams, for an identity provider


def may_use(known: Known, scope: str) -> bool:
    """Whether somebody may do what needs a scope: a person, or a token that has it."""
    return not scope or known.scopes is None or scope in known.scopes


def may_serve(known: Known, topic: str) -> bool:
    """Whether somebody may do the jobs of a topic: only a token that names it."""
    return bool(topic) and not {WORK + topic, WORK + "*"}.isdisjoint(known.scopes or ())


def may_see_case(known: Known, case: CaseRow, reading: Reading | None = None) -> bool:
    """Whether somebody may see a case; `reading` is the open journal when one is at hand.

    A deputy sees what those see for whom they stand today.
    """
    if reading is None:
        with current().journal.reading() as fresh:
            return may_see_case(known, case, fresh)
    if _sees(known, case, reading):
        return True
    return any(_sees(one, case, reading) for one in standing(known, reading))


def _sees(known: Known, case: CaseRow, reading: Reading) -> bool:
    if known.is_administrator or case.started_by in both(known):
        return True
    sharing = sharing_of(case.case, reading)
    if grants(sharing, known, "see"):
        return True
    if not sharing.restricted:
        if known.is_guest and known.id in reading.followers(case.case):
            return True
        if not known.is_guest and _is_open_to(known, case):
            return True
    return any(_is_asked(known, work) for work in reading.works(case.case, open_only=False))


def _is_open_to(known: Known, case: CaseRow) -> bool:
    """Whether the drawing lets a member see its cases: everybody, unless it names who may."""
    process = graph(current(), case.process, case.version).process
    groups = {*process.see, *process.administer}
    return not process.see or bool(groups.intersection(known.groups))


def _is_asked(known: Known, work: WorkRow) -> bool:
    """Whether a work is or was for somebody: by name, or by team while it is open."""
    if is_assigned(known, work) or names_for(known).intersection(map(str.lower, work.users)):
        return True
    teams = {work.role, *work.groups} - {""}
    return work.closed_by == known.id or (
        work.closed_at is None and bool(teams.intersection(known.groups))
    )


def may_administer(known: Known, case: CaseRow, reading: Reading) -> bool:
    """Whether somebody may say who sees a case: who started it, whom it was shared with for
    that, the groups its drawing names, and administrators."""
    if known.is_guest:
        return False
    if known.is_administrator or case.started_by == known.id:
        return True
    drawn = graph(current(), case.process, case.version).process.administer
    if set(drawn).intersection(known.groups):
        return True
    return grants(sharing_of(case.case, reading), known, "administer")


def may_reach(known: Known, other: Known, case: CaseRow, reading: Reading) -> bool:
    """Whether somebody may name another person on a case, to ask or to tell them something.

    A guest reaches those who are in the case and nobody else, and cannot tell who there is. In
    a case that others are kept out of, nobody reaches whom it was not shared with.
    """
    if known.is_guest:
        works = reading.works(case.case, open_only=False)
        inside = {case.started_by, *reading.followers(case.case)}
        inside |= {id for work in works for id in (work.assignee, work.closed_by)}
        return other.id in inside and may_see_case(other, case, reading)
    if is_closed(case, reading):
        return may_see_case(other, case, reading)
    return True


def is_closed(case: CaseRow, reading: Reading) -> bool:
    """Whether a case is not for every member: by its drawing, or because somebody said so."""
    drawn = graph(current(), case.process, case.version).process
    return bool(drawn.see) or sharing_of(case.case, reading).restricted


def may_see_process(known: Known, key: str, reading: Reading) -> bool:
    """Whether somebody may look at a process: members; guests those they have a case of."""
    if not known.is_guest:
        return True
    mine = reading.cases(CaseQuery(process=key, person=known.id))
    return any(may_see_case(known, case, reading) for case in mine)


def names_for(known: Known) -> frozenset[str]:
    """What a drawing may call somebody: id, mail address or handle, in lower case."""
    own = {known.id, known.address.lower(), known.handle.lower(), *map(str.lower, known.also)}
    return frozenset(own - {""})


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


def may_read_private(known: Known, author: str, readers: Sequence[str]) -> bool:
    """Whether somebody may read a private note: who wrote it and whom they named, as themselves."""
    return not known.stands_for and known.id in (author, *readers)


def may_draft(known: Known, person: str) -> bool:
    """Whether somebody may read and write what a person began to write: that person only."""
    return not known.stands_for and known.id == person


def may_filter(known: Known, person: str) -> bool:
    """Whether somebody may save and drop the filters of a person: that person only."""
    return not known.stands_for and known.id == person


# Streams nobody's page is told of.
HIDDEN = frozenset(
    {
        "access",
        "address",
        "chat",
        "filters",
        "mail-form",
        "private",
        "scim-person",
        "scim-team",
        "shown",
        "unproven",
        "webhook",
    }
)


def may_follow_stream(known: Known, id: str) -> bool:
    """Whether somebody's page may hear that a stream changed: members, but not of other people,
    nor who was let into a case."""
    kind, _colon, name = id.partition(":")
    if kind in ("person", "deputies", "draft", "skills", "hand", "attention", "helping"):
        return name == known.id
    return not known.is_guest and kind not in HIDDEN


def may_see_person(known: Known, other: Known) -> bool:
    """Whether somebody may look at who stands for a person: the person, and administrators."""
    return known.id == other.id or known.is_administrator


def may_provision(known: Known) -> bool:
    """Whether somebody may say who has an account and who is in which team: administrators, by
    tokens that name it only."""
    return known.is_administrator and may_use(known, PROVISION)


def may_name_deputies(known: Known, other: Known) -> bool:
    """Whether somebody may say who stands for a person; nobody stands for a guest."""
    return may_see_person(known, other) and not other.is_guest and not known.stands_for


def may_deploy(known: Known) -> bool:
    """Whether somebody may bring in a drawing: every member of the installation."""
    return not known.is_guest


def may_open_outside(known: Known, process: Process) -> bool:
    """Whether somebody may let the outside start a process: who administers its cases by the
    drawing, and administrators."""
    groups = set(process.administer).intersection(known.groups)
    return not known.is_guest and (known.is_administrator or bool(groups))


def may_see_decisions(known: Known) -> bool:
    """Whether somebody may read and try the rules: every member of the installation."""
    return not known.is_guest


def may_see_queue(known: Known) -> bool:
    """Whether somebody may look at queues, and there at what they may see: every member."""
    return not known.is_guest


def may_change_queue(known: Known, team: str) -> bool:
    """Whether somebody takes from a queue and says how much may be in hand: its team."""
    return not known.is_guest and team in known.groups


def may_operate(known: Known) -> bool:
    """Whether somebody mends what belongs to the installation: administrators, themselves."""
    return known.is_administrator and not known.is_guest


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
