"""How well help works in a process: never who helps best.

Rules of this file: counted from the questions themselves, over a time, for a process as a whole.
Nobody is named and nothing is ordered by people: how often people are interrupted is a
distribution, and not shown where so few were asked that it would name them; one's own number is
shown to oneself alone. Times are those on the clock, not of work: that is what the asker waits.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from statistics import quantiles

from msgspec import Struct

from genba.help import line_acts
from genba.help.questions import HELPED, KIND, Question, question_of
from genba.help.remembering import memory_of
from genba.journal.contract import Reading
from genba.journal.records import StreamRow
from genba.people.directory import Known
from genba.runtime.identity import fresh_id
from genba.runtime.installation import current
from genba.runtime.streams import read_state

OVER = timedelta(days=182)
LATELY = timedelta(days=28)  # over which interruptions are counted
PAGE = 500
FEWEST = 5  # people, below which no distribution is shown
# At most so many questions a week -> how many people.
BUCKETS = (1, 2, 5)


class Month(Struct, frozen=True):
    """A month: questions asked, and cases solved in it."""

    month: str  # "2026-03"
    asked: int
    solved: int

    @property
    def each(self) -> float | None:
        """Questions for each solved case; None where none was solved."""
        return self.asked / self.solved if self.solved else None


class Measures(Struct, frozen=True, kw_only=True):
    """How help worked. `wait` and `slow` are hours to the first answer: the median, and what one
    in ten waited longer than; None where nothing was answered."""

    asked: int = 0
    answered: int = 0
    wait: float | None = None
    slow: float | None = None
    judged: int = 0  # questions whose asker said whether an answer helped
    at_first: int = 0  # of them, those that whoever was asked first solved
    months: tuple[Month, ...] = ()
    people: tuple[int, ...] = ()  # asked so often a week: as `BUCKETS`, and more; () where too few
    own: float = 0.0  # how often a week the reader was asked
    defects: tuple[tuple[str, int], ...] = ()  # node of a step -> defects seen that were made there


def measures_of(reading: Reading, process: str, known: Known, now: datetime) -> Measures:
    """How help worked in a process lately, as this person may know it."""
    questions = [
        one for one in _questions(reading, now - OVER) if one.process == process and one.at <= now
    ]
    waits = sorted(_hours(questions))
    judged = [one for one in questions if _is_judged(one)]
    times = _interruptions(questions, now)
    return Measures(
        asked=len(questions),
        answered=len(waits),
        wait=_cut(waits, 50),
        slow=_cut(waits, 90),
        judged=len(judged),
        at_first=sum(map(_at_first, judged)),
        months=tuple(_months(questions, process, now)),
        people=_spread(times) if len(times) >= FEWEST else (),
        own=times[known.id] / _WEEKS,
        defects=tuple(_defects(reading, process)),
    )


_WEEKS = LATELY / timedelta(weeks=1)


def _questions(reading: Reading, since: datetime) -> Iterator[Question]:
    """The questions asked since an instant; their ids sort by time."""
    after = f"{KIND}:{fresh_id(since)}"
    while True:
        rows: list[StreamRow] = reading.streams(KIND, limit=PAGE, after=after)
        yield from (one for row in rows if (one := question_of(row)) is not None)
        if len(rows) < PAGE:
            return
        after = rows[-1].id


def _hours(questions: Iterable[Question]) -> Iterator[float]:
    for one in questions:
        if one.replies:
            yield (one.replies[0].at - one.at) / timedelta(hours=1)


def _is_judged(question: Question) -> bool:
    return any(reply.helped is not None for reply in question.replies)


def _at_first(question: Question) -> bool:
    """Whether the first answer helped, and came from the first who were asked."""
    first = question.replies[0]
    asked = [one.id for one in question.asked if one.at == question.at]
    return question.status == HELPED and bool(first.helped) and first.by in asked


def _interruptions(questions: Iterable[Question], now: datetime) -> Counter[str]:
    return Counter(
        person.id for one in questions for person in one.asked if person.at > now - LATELY
    )


def _spread(times: Counter[str]) -> tuple[int, ...]:
    """How many people were asked how often a week."""
    counts = [0] * (len(BUCKETS) + 1)
    for count in times.values():
        weekly = count / _WEEKS
        counts[next((at for at, most in enumerate(BUCKETS) if weekly <= most), -1)] += 1
    return tuple(counts)


def _months(questions: list[Question], process: str, now: datetime) -> Iterator[Month]:
    asked = Counter(f"{one.at:%Y-%m}" for one in questions)
    kept = memory_of(current()).shelf(process).everything()
    since = now - OVER
    solved = [one.at for one in kept if one.kind == "case" and one.worth >= 1 and one.at > since]
    ended = Counter(f"{at:%Y-%m}" for at in solved)
    for month in sorted({*asked, *ended}):
        yield Month(month, asked[month], ended[month])


def _defects(reading: Reading, process: str) -> Iterator[tuple[str, int]]:
    """Counted against the step, in the order of its name."""
    for row in reading.streams(line_acts.KIND, mark=f"in:{process}", limit=PAGE):
        found = read_state(row, line_acts.Defects)
        if found is not None:
            yield row.id.partition("#")[2], found.count


def _cut(hours: list[float], percent: int) -> float | None:
    """What so many percent waited at most."""
    if len(hours) < 2:
        return hours[0] if hours else None
    return quantiles(hours, n=100, method="inclusive")[percent - 1]
