"""Where work leaks: what could be done where people are, what was, and what left the system.

Rules of this file: counted from the attempts that are noted anyway, over a time, for a process as
a whole. Nobody is named, nothing is ordered by people, and a process in which few people act is
not shown at all: so few would be named by their numbers. One cannot ask for another time or for
some of the people, since the difference of two answers would tell of one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta

from msgspec import Struct

from genba.acts.card import Assurance
from genba.acts.inbound import Verdict
from genba.acts.registry import find_act
from genba.channels.mail.posting import mailed
from genba.journal.contract import Reading
from genba.journal.records import Attempt, CaseId
from genba.people.access import may_see_process
from genba.people.directory import Known
from genba.runtime.installation import current

OVER = timedelta(days=90)
MOST = 20_000  # attempts that are looked at, newest first
FEWEST = 5  # people who act in a process, below which nothing of it is shown

# What a channel notes when work leaves the system.
FORWARDED = "not-the-reader"  # somebody else answered what was sent to one
IN_A_FILE = "see-attachment"  # the words say that the work is in a file
TO_A_PERSON = "to-a-person"  # an answer that went to a person's mailbox too
LEAKS = (FORWARDED, IN_A_FILE, TO_A_PERSON)

# Channels that are nobody's own application: pages one has to come to, programs, the clock.
_OURS = frozenset({"web", "api", "cli", "system", "timer", "worker", "engine-rest"})


class Leak(Struct, frozen=True, kw_only=True):
    """One process: acts done in it, how many of them could be done in the application their
    person is in, how many were; and how often work left the system, by how."""

    process: str
    name: str
    acts: int
    reachable: int
    there: int
    forwarded: int
    in_a_file: int
    to_a_person: int


class Leaks(Struct, frozen=True, kw_only=True):
    """Every process with enough people, by name; and how many others there are."""

    days: int
    fewest: int
    processes: tuple[Leak, ...]
    too_few: int


def leaks(reader: Known, reading: Reading) -> Leaks:
    """Where work leaks, of the processes the reader may look at."""
    counts: dict[str, Counter[str]] = {}
    people: dict[str, set[str]] = {}
    for process, attempt in _lately(reading):
        kinds = counts.setdefault(process, Counter())
        kinds.update(_kinds(attempt, reading))
        if attempt.person:
            people.setdefault(process, set()).add(attempt.person)
    seen = {key for key in counts if may_see_process(reader, key, reading)}
    enough = {key for key in seen if len(people.get(key, ())) >= FEWEST}
    names = {version.key: version.name for version in reading.processes()}
    found = [_leak(key, names.get(key) or key, counts[key]) for key in enough]
    return Leaks(
        days=OVER.days,
        fewest=FEWEST,
        processes=tuple(sorted(found, key=lambda one: (one.name.casefold(), one.process))),
        too_few=len(seen) - len(enough),
    )


def _lately(reading: Reading) -> Iterator[tuple[str, Attempt]]:
    """The attempts of the time that are about a case, with its process."""
    since = current().clock.now() - OVER
    processes: dict[str, str] = {}
    for attempt in reading.attempts(MOST):
        if attempt.at < since:
            return
        case = _case_of(attempt)
        if not case:
            continue
        if case not in processes:
            row = reading.case(CaseId(case))
            processes[case] = row.process if row else ""
        if processes[case]:
            yield processes[case], attempt


def _case_of(attempt: Attempt) -> str:
    return attempt.object_id.partition(":")[0] if attempt.object in ("task", "case") else ""


def _kinds(attempt: Attempt, reading: Reading) -> Iterable[str]:
    """What an attempt counts as."""
    if attempt.outcome in LEAKS:
        yield attempt.outcome
    declaration = find_act(attempt.act)
    if attempt.outcome != Verdict.DONE or declaration is None or not declaration.past:
        return  # talk and handing on end no step
    yield "acts"
    if attempt.channel not in _OURS:
        yield "there"
        yield "reachable"
    elif declaration.assurance <= Assurance.CHANNEL and attempt.object == "task":
        # It could have been done by answering the mail that brought the card.
        yield from ["reachable"] if mailed(reading, attempt.object_id, attempt.person) else []


def _leak(key: str, name: str, counts: Counter[str]) -> Leak:
    return Leak(
        process=key,
        name=name,
        acts=counts["acts"],
        reachable=counts["reachable"],
        there=counts["there"],
        forwarded=counts[FORWARDED],
        in_a_file=counts[IN_A_FILE],
        to_a_person=counts[TO_A_PERSON],
    )
