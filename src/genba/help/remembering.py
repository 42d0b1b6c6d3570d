"""What an installation remembers: its shelves, filled by following the log.

Rules of this file: a view of the log in memory, one for the process; nothing is written. What was
committed since the last look is added, nothing is built anew. A case is put on the shelf when it
is complete, with its data, its words and who did which step; a note whenever it changes; a question
when the asker said whether the answer helped.
"""

from functools import cache
from importlib.metadata import entry_points
from threading import Lock
from weakref import WeakKeyDictionary

import msgspec

from genba.engine.values import CaseStatus
from genba.help import notes, questions
from genba.journal.contract import Reading
from genba.journal.records import CaseId, Entry, stream_kind
from genba.recall.features import Features, features
from genba.recall.shelf import Kept, Shelf
from genba.recall.words import Reader, words_of
from genba.runtime.installation import Installation
from genba.runtime.unit import read_state

BATCH = 1_000
ENDED = ("case-completed", "case-cancelled")
JUDGED = ("ask.helped", "ask.no-help")


class Memory:
    """What one installation remembers."""

    def __init__(self) -> None:
        self.shelves: dict[str, Shelf] = {}
        self.position = 0
        self._lock = Lock()
        self._sent_back: dict[str, set[str]] = {}  # case -> steps it was sent back to

    def shelf(self, process: str) -> Shelf:
        """The shelf of a process."""
        return self.shelves.setdefault(process, Shelf())

    def follow(self, reading: Reading, most: int | None = None) -> None:
        """Add what was committed since the last look, at most so many entries."""
        with self._lock:
            left = most
            while left is None or left > 0:
                batch = reading.log_since(self.position, BATCH)
                for entry in batch:
                    self._take(reading, entry)
                if batch:
                    self.position = batch[-1].position
                if len(batch) < BATCH:
                    return
                left = left - len(batch) if left is not None else None

    def _take(self, reading: Reading, entry: Entry) -> None:
        kind = stream_kind(entry.case)
        if kind == notes.KIND:
            self._take_note(reading, entry.case)
        elif kind == questions.KIND:
            if entry.type in JUDGED:
                self._take_answer(reading, entry)
        elif entry.type == "step-sent-back":
            body = msgspec.json.decode(entry.body)
            self._sent_back.setdefault(entry.case, set()).add(str(body["to"]))
        elif entry.type in ENDED:
            self._take_case(reading, entry)

    def _take_case(self, reading: Reading, entry: Entry) -> None:
        row = reading.case(entry.case)
        if row is None:
            return
        returned = self._sent_back.pop(row.case, set())
        good = row.status == CaseStatus.COMPLETED
        done = [one for one in reading.works(row.case, open_only=False) if one.closed_by]
        hands = tuple(
            dict.fromkeys(
                (one.node, one.closed_by, good and one.node not in returned)
                for one in done
                if one.outcome == "completed"
            )
        )
        state = read_state(row)
        self.shelf(row.process).keep(
            Kept(
                id=row.case,
                kind="case",
                steps=frozenset(one.node for one in done),
                hands=hands,
                at=entry.envelope.at,
                worth=1.0 if good else 0.2,
            ),
            case_features(reading, row.case, state.data, row.title),
        )

    def _take_note(self, reading: Reading, stream: CaseId) -> None:
        id = stream.partition(":")[2]
        note = notes.note_of(reading.stream(stream))
        if note is None:
            return
        if note.retired:
            self.shelf(note.process).drop(id)
            return
        texts = [notes.words(reading, stream, one) for one in (note.title, note.text)]
        kept = Kept(
            id=id,
            kind="note",
            steps=frozenset((note.node,)),
            at=note.touched(),
            worth=note.worth(),
        )
        self.shelf(note.process).keep(kept, features(note.data, texts, reader=reader()))

    def _take_answer(self, reading: Reading, entry: Entry) -> None:
        id = entry.case.partition(":")[2]
        question = questions.question_of(reading.stream(entry.case))
        row = reading.case(CaseId(question.case)) if question else None
        if question is None or row is None:
            return
        judged = [one for one in question.replies if one.helped is not None]
        texts = [notes.words(reading, row.case, question.content)]
        texts += [notes.words(reading, row.case, one.content) for one in judged]
        self.shelf(row.process).keep(
            Kept(
                id=id,
                kind="ask",
                steps=frozenset((question.node,)),
                hands=tuple((question.node, one.by, bool(one.helped)) for one in judged),
                at=entry.envelope.at,
            ),
            features(read_state(row).data, [row.title, *texts], reader=reader()),
        )


@cache
def reader() -> Reader:
    """What reads words: a plug-in of the entry point group `genba.words`, else our own."""
    found = sorted(entry_points(group="genba.words"), key=lambda one: one.name)
    loaded: Reader = found[0].load() if found else words_of
    return loaded


def case_features(
    reading: Reading, case: CaseId, data: dict[str, object], title: str, *more: str
) -> Features:
    """What a case is compared by: its data, its title, what was said on it."""
    said = [
        one.body.decode("utf-8", "replace")
        for one in reading.contents(case)
        if one.kind == "words" and not one.erased
    ]
    return features(data, [*more, title, *said], reader=reader())


_memories: WeakKeyDictionary[Installation, Memory] = WeakKeyDictionary()
_making = Lock()


def memory_of(inst: Installation) -> Memory:
    """What an installation remembers."""
    with _making:
        return _memories.setdefault(inst, Memory())
