"""A question somebody asked on a case: who was asked, who answered, whether it helped.

Rules of this file: plain data and look-ups; kept in the stream "ask:ID", written by the acts of
`ask_acts` and `answer_acts`. The words themselves are contents of the case, where they can be
erased. A question stands at a step ("process#node") and is found by its case, by whoever it waits
for, by who asked it and by who said it is not for them.
"""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from genba.cases.objects import CaseObject
from genba.journal.contract import Reading
from genba.journal.records import StreamRow
from genba.runtime.streams import OpenStream, read_state

KIND = "ask"
OPEN, ANSWERED, HELPED, OVER = "open", "answered", "helped", "over"
WAITS, SAID, NOT_ME, PASSED = "", "answered", "not-me", "passed"  # of one who was asked
PAGE = 200


class Person(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who was asked, and what they said to it; `solved` alike things made us ask them."""

    id: str
    at: datetime
    said: str = WAITS
    said_at: datetime | None = None
    solved: int = 0


class Reply(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An answer; `content` of the case holds it."""

    by: str
    at: datetime
    content: str
    helped: bool | None = None


class Question(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a question comes to now."""

    case: str
    process: str
    node: str = ""
    by: str
    at: datetime
    content: str
    blocking: bool = False
    due: datetime | None = None
    status: str = OPEN
    routed: bool = True  # whom to ask was found, not named
    circle: int = 0  # how often it was widened
    asked: tuple[Person, ...] = ()
    replies: tuple[Reply, ...] = ()
    note: str = ""
    defect_at: str = ""  # the step where a defect was seen, of a stopped line

    def waiting(self) -> tuple[str, ...]:
        """Whom it waits for."""
        if self.status not in (OPEN, ANSWERED):
            return ()
        return tuple(one.id for one in self.asked if one.said == WAITS)

    def waits_for(self, person: str) -> bool:
        """Whether it waits for somebody."""
        return person in self.waiting()

    def said(self, person: str, what: str, at: datetime) -> "Question":
        """With what somebody who was asked said to it."""
        return replace(
            self,
            asked=tuple(
                replace(one, said=what, said_at=at)
                if one.id == person and one.said == WAITS
                else one
                for one in self.asked
            ),
        )

    def marks(self) -> tuple[str, ...]:
        """What its stream is found by."""
        found = [case_mark(self.case)]
        if self.status in (OPEN, ANSWERED):
            found += [f"by:{self.by}", *map(waiting_mark, self.waiting())]
        found += [declined_mark(one.id) for one in self.asked if one.said == NOT_ME]
        found += [held_mark(one.id, one.at) for one in self.asked if one.said in (WAITS, SAID)]
        return tuple(dict.fromkeys(found))


class AskObject(Struct, frozen=True):
    """A question with the case it was asked on."""

    id: str
    question: Question
    case: CaseObject
    words: str  # "" once they are erased
    revision: int = 0


def stream_of(id: str) -> str:
    """The stream that keeps a question."""
    return f"{KIND}:{id}"


def case_mark(case: str) -> str:
    """The mark under which the questions of a case are found."""
    return f"case:{case}"


def waiting_mark(person: str) -> str:
    """The mark under which the questions are found that wait for somebody."""
    return f"with:{person}"


def declined_mark(person: str) -> str:
    """The mark of those somebody said are not for them."""
    return f"declined:{person}"


def held_mark(person: str, at: datetime) -> str:
    """The mark of those that were put to somebody in the week of an instant, and stayed theirs."""
    year, week, _day = at.isocalendar()
    return f"held:{person}:{year}-{week:02d}"


def keep(stream: OpenStream, question: Question) -> None:
    """What it comes to now; goes with a `record`."""
    stream.keep(question, marks=question.marks())


def question_of(row: StreamRow | None) -> Question | None:
    """The question a stream keeps."""
    return read_state(row, Question)


def marked(reading: Reading, mark: str, most: int = PAGE) -> list[tuple[str, Question]]:
    """The questions with a mark, by id: oldest first."""
    rows = reading.streams(KIND, mark=mark, limit=most)
    return [(row.id.partition(":")[2], found) for row in rows if (found := question_of(row))]
