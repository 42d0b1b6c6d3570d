"""Finding cases, tasks, what was said and what is in files, by words; and only what one may see.

Rules of this file: reads only. The journal finds, `people.access` says what of it may be shown:
nothing, not even how much there is, is told of what somebody may not see.
"""

from collections.abc import Callable, Iterator

from msgspec import Struct

from genba.cases.places import file_page, row_path
from genba.cases.wording import work_title
from genba.journal.contract import LAST, Reading
from genba.journal.records import CaseId, CaseRow, Content, Finding, stream_kind
from genba.journal.wording import asked_words, has_all, words_in
from genba.people.access import may_see_case, may_see_decisions
from genba.people.directory import Known

MOST = 50  # hits of one question
EXAMINED = 500  # of what the journal finds, for those one may see
TASKS = 10  # of them, before what was said
AROUND = 12  # words shown around the first one found

KINDS = ("task", "case", "words", "file", "note")


class Hit(Struct, frozen=True, kw_only=True):
    """Something found: what it is, where it is, and the words around."""

    kind: str  # one of `KINDS`
    title: str  # of the task, the case or the file; of words, the case they were said on
    subject: str = ""  # the case it belongs to
    text: str = ""  # the words around, of words and text files
    url: str
    number: int = 0
    case: str = ""


# What finds words in a kind of stream: (where, what was found, the words, the reader) -> hit.
Finder = Callable[[Finding, Content, list[str], "Sight"], Hit | None]
_finders: dict[str, Finder] = {}


def find_in(kind: str, finder: Finder) -> None:
    """Let a layer above find words in its streams."""
    _finders[kind] = finder


def find_words(known: Known, text: str, reading: Reading, limit: int = MOST) -> tuple[Hit, ...]:
    """What has words that begin with all those asked for, what was written last first."""
    asked = asked_words(text)
    if not asked:
        return ()
    sight = Sight(known, reading)
    hits = [*_tasks(asked, sight, min(limit, TASKS))]
    for hit in _contents(asked, sight):
        if len(hits) >= limit:
            break
        hits.append(hit)
    return tuple(hits)


class Sight:
    """Which cases somebody may see, each asked once."""

    def __init__(self, known: Known, reading: Reading) -> None:
        self.known = known
        self.reading = reading
        self._seen: dict[str, CaseRow | None] = {}

    def case(self, id: CaseId) -> CaseRow | None:
        """The case, if it may be seen."""
        if id not in self._seen:
            row = self.reading.case(id)
            may = row is not None and may_see_case(self.known, row, self.reading)
            self._seen[id] = row if may else None
        return self._seen[id]


def _tasks(asked: list[str], sight: Sight, limit: int) -> Iterator[Hit]:
    """Open tasks by what they are called, what was asked last first."""
    titles = [one for one in sight.reading.open_titles() if has_all(one, asked)]
    found = [work for title in titles for work in sight.reading.titled(title, limit * 5)]
    left = limit
    for work in sorted(found, key=lambda one: one.opened_at, reverse=True):
        row = sight.case(work.case)
        if row is None:
            continue
        yield Hit(
            kind="task",
            title=work_title(work),
            subject=row.title,
            url=f"/cases/{row.number}/{work.work}",
            number=row.number,
            case=row.case,
        )
        left -= 1
        if not left:
            return


def _contents(asked: list[str], sight: Sight) -> Iterator[Hit]:
    """Cases, words and files, page by page."""
    before, left = LAST, EXAMINED
    while left > 0:
        found = sight.reading.found(asked, min(MOST, left), before)
        for one in found:
            hit = _hit(one, asked, sight)
            if hit is not None:
                yield hit
        if len(found) < min(MOST, left):
            return
        before, left = found[-1].id, left - len(found)


def _hit(one: Finding, asked: list[str], sight: Sight) -> Hit | None:
    content = _content(one, sight.reading)
    if kind := stream_kind(one.case):
        finder = _finders.get(kind)
        return finder(one, content, asked, sight) if finder and content is not None else None
    row = sight.case(one.case)
    if row is None:
        return None
    url = f"/cases/{row.number}"
    if content is None:
        return Hit(kind="case", title=row.title, url=url, number=row.number, case=row.case)
    is_file = content.kind == "file"
    return Hit(
        kind="file" if is_file else "words",
        title=content.name if is_file else row.title,
        subject=row.title if is_file else "",
        text=around(content, asked),
        url=f"{url}/files/{content.id}/page" if is_file else f"{url}#m-{content.id}",
        number=row.number,
        case=row.case,
    )


def _content(one: Finding, reading: Reading) -> Content | None:
    kind, _slash, id = one.part.partition("/")
    return reading.content(one.case, id) if kind == "content" else None


def _on_decision(one: Finding, content: Content, asked: list[str], sight: Sight) -> Hit | None:
    """What was said on a decision or a row of its table."""
    if not may_see_decisions(sight.known):
        return None
    key, _hash, row = one.case.partition(":")[2].partition("#")
    is_file = content.kind == "file"
    return Hit(
        kind="file" if is_file else "words",
        title=content.name if is_file else key,
        subject=key if is_file else "",
        text=around(content, asked),
        url=file_page(0, one.case, content.id) if is_file else row_path(key, row),
    )


find_in("decision", _on_decision)


def around(content: Content, asked: list[str]) -> str:
    """Some words around the first that was asked for; "" where only the name has it."""
    said = content.body.decode("utf-8", "replace").split()
    if content.kind == "file" and not content.media_type.startswith("text/"):
        return ""
    for at, word in enumerate(said):
        if any(part.startswith(tuple(asked)) for part in words_in(word)):
            begin, end = max(0, at - AROUND), at + AROUND
            text = " ".join(said[begin:end])
            return f"{'… ' if begin else ''}{text}{' …' if end < len(said) else ''}"
    return ""
