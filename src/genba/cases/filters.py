"""Saved filters: which of what needs somebody, or of the cases, under a name of their own.

Rules of this file: plain data and pure questions; kept in the stream "filters:person/ID" or
"filters:group/NAME", written by the acts of `filter_acts`. A filter narrows what its reader may see
anyway and gives no right. It is laid over the first `EXAMINED` of a list, and says so where there
were more.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from genba.cases.needed import VIEWS as NEEDED
from genba.cases.needed import asked_of
from genba.journal.contract import CaseQuery, InboxQuery, Reading
from genba.journal.records import CaseRow, InboxRow
from genba.people.access import may_see_case
from genba.people.directory import Known
from genba.runtime.streams import read_state

KIND = "filters"
EXAMINED = 1_000  # of a list; what stands behind is not looked at
CASES = 300  # of the list of cases: each is asked whether it may be seen
MOST = 30  # filters of a person, and of a team
INBOX, CASE_LIST = "inbox", "cases"
VIEWS = {
    INBOX: NEEDED,
    CASE_LIST: ("running", "all"),
}


class Filter(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked of a line: all of it. Empty asks nothing."""

    id: str = ""
    name: str = ""
    place: str = INBOX
    view: str = ""
    process: str = ""  # key
    team: str = ""  # whose queue it stands in
    words: str = ""  # each in the title of the case or of the step
    by: str = ""  # id of who saved it

    @property
    def narrows(self) -> bool:
        """Whether it asks for anything beside the view."""
        return bool(self.process or self.team or self.words)


class Filters(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All filters of a person or a team, by when they were saved."""

    all: tuple[Filter, ...] = ()


class Sieved(Struct, frozen=True):
    """What a filter left of a list; `more` where the list went on behind what was looked at."""

    rows: list[InboxRow]
    more: bool = False


def stream_of(owner: str) -> str:
    """The stream of "person/ID" or "group/NAME"."""
    return f"{KIND}:{owner}"


def kept_by(owner: str, reading: Reading) -> tuple[Filter, ...]:
    """The filters of one person or team."""
    kept = read_state(reading.stream(stream_of(owner)), Filters)
    return kept.all if kept else ()


def owners_for(known: Known) -> tuple[str, ...]:
    """Whose filters somebody has: their own, and those of their teams."""
    teams = () if known.is_guest else known.groups
    return (f"person/{known.id}", *(f"group/{team}" for team in teams))


def filters_for(known: Known, reading: Reading) -> list[tuple[str, Filter]]:
    """Every filter somebody has, with whose it is: their own first."""
    return [(owner, one) for owner in owners_for(known) for one in kept_by(owner, reading)]


def filter_named(known: Known, id: str, reading: Reading) -> Filter | None:
    """One of the filters somebody has."""
    return next((one for _owner, one in filters_for(known, reading) if one.id == id), None)


def fits(row: InboxRow, wanted: Filter) -> bool:
    """Whether a line of the inbox is one of those wanted."""
    work = row.work
    if wanted.process and row.process != wanted.process:
        return False
    if wanted.team and wanted.team not in (work.role, *work.groups):
        return False
    return _has(f"{row.title} {work.title}", wanted.words)


def _has(text: str, words: str) -> bool:
    folded = text.casefold()
    return all(word in folded for word in words.casefold().split())


def sieve(reading: Reading, query: InboxQuery, wanted: Filter) -> Sieved:
    """The lines of a view that a filter leaves, in their order, with the last words of each."""
    found = _page(_front(reading, query), wanted, query.after, query.limit)
    said = reading.last_words([row.work.case for row in found.rows])
    rows = [replace(row, last_words=said.get(row.work.case, "")) for row in found.rows]
    return replace(found, rows=rows)


def _front(reading: Reading, query: InboxQuery) -> list[InboxRow]:
    return reading.inbox(replace(query, bare=True, limit=EXAMINED, after=0))


def _page(front: list[InboxRow], wanted: Filter, after: int, limit: int) -> Sieved:
    rows = [row for row in front if fits(row, wanted)]
    return Sieved(rows[after : after + limit], len(front) == EXAMINED)


def cases_in(
    reading: Reading, query: CaseQuery, wanted: Filter, known: Known, most: int
) -> list[CaseRow]:
    """The cases of a list that a filter leaves and that somebody may see, newest first."""
    asked = replace(query, process=wanted.process or query.process, limit=CASES)
    found: list[CaseRow] = []
    for row in reading.cases(asked):
        if _has(row.title, wanted.words) and may_see_case(known, row, reading):
            found.append(row)
            if len(found) == most:
                break
    return found


class Counted(Struct, frozen=True, kw_only=True):
    """A filter, whose it is ("" for one's own, else the team), and how many it leaves now."""

    filter: Filter
    team: str = ""
    count: int = 0
    more: bool = False  # there are as many or more


def counted(known: Known, reading: Reading, place: str = "") -> list[Counted]:
    """The filters somebody has (of one place), each with its count; a list is read once a view."""
    fronts: dict[str, list[InboxRow]] = {}
    found = []
    for owner, one in filters_for(known, reading):
        if place and one.place != place:
            continue
        team = owner.removeprefix("group/") if owner.startswith("group/") else ""
        if one.place == CASE_LIST:
            rows: Sequence[object] = cases_in(reading, cases_query(known, one), one, known, CASES)
            found.append(Counted(filter=one, team=team, count=len(rows), more=len(rows) == CASES))
            continue
        if one.view not in fronts:
            query = asked_of(known, one.view, reading, limit=EXAMINED, after=0)
            fronts[one.view] = _front(reading, query)
        sieved = _page(fronts[one.view], one, 0, EXAMINED)
        found.append(Counted(filter=one, team=team, count=len(sieved.rows), more=sieved.more))
    return found


def cases_query(known: Known, wanted: Filter) -> CaseQuery:
    """The cases a filter is laid over."""
    status = None if wanted.view == "all" else "running"
    return CaseQuery(status=status, person=known.id if known.is_guest else None)


def without(all: Iterable[Filter], id: str) -> tuple[Filter, ...]:
    """All filters but one."""
    return tuple(one for one in all if one.id != id)
