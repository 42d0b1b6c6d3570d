"""Parts of a case as objects people talk about: a step of its drawing, a file.

Rules of this file: reads only. A part has no log of its own: what is said of it stands in the
conversation of the case (or of the decision, for a file there), and names the part. Whoever sees
the whole sees its parts.
"""

from collections.abc import Iterator

from django.utils.translation import gettext
from msgspec import Struct
from msgspec.structs import replace

from genba.acts.card import Card, Fact
from genba.acts.objects import Thread, card_in, find
from genba.cases.cards import subject_of
from genba.cases.objects import CaseObject, TaskObject, load_case
from genba.cases.places import file_page, step_path
from genba.cases.stories import part_story, step_story, story
from genba.cases.wording import work_title
from genba.journal.contract import Reading
from genba.journal.records import CaseId, Content, stream_kind
from genba.people.access import may_see_case
from genba.people.directory import Known, names_of

LAST = 3  # words a card shows


class StepObject(Struct, frozen=True):
    """A step of the drawing of a case."""

    case: CaseObject
    node: str

    @property
    def id(self) -> str:
        """The id of the object: "CASE:NODE"."""
        return f"{self.case.row.case}:{self.node}"


class FileObject(Struct, frozen=True):
    """A file of a conversation; `whole` is the object it was put on."""

    log: str
    content: Content
    whole: tuple[str, str]
    followers: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The id of the object: "LOG:CONTENT"."""
        return f"{self.log}:{self.content.id}"


def thread_of_task(task: TaskObject) -> Thread:
    """A task is talked about on the log of its case."""
    case = task.case
    return Thread(
        log=case.row.case,
        object="task",
        id=task.id,
        followers=case.followers,
        part=f"task/{task.row.work}",
        node=task.row.node,
    )


def load_step(reading: Reading, id: str) -> StepObject | None:
    """A step by "CASE:NODE", of the drawing as it is for this case."""
    case_id, _colon, node = id.partition(":")
    case = load_case(reading, case_id)
    if case is None or node not in case.graph.nodes or not case.graph.label(node):
        return None
    return StepObject(case, node)


def thread_of_step(step: StepObject) -> Thread:
    """A step is talked about on the log of its case."""
    case = step.case
    return Thread(
        log=case.row.case,
        object="step",
        id=step.id,
        followers=case.followers,
        part=f"step/{step.node}",
        node=step.node,
    )


def whole_of_step(id: str) -> tuple[str, str]:
    """The case a step is part of."""
    return "case", id.partition(":")[0]


def sees_step(step: StepObject, known: Known, reading: Reading) -> bool:
    """Whoever may know of the case."""
    return may_see_case(known, step.case.row, reading)


def step_card(step: StepObject, known: Known, full: bool, reading: Reading) -> Card:
    """A step: what happened at it and what was said of it, in this case."""
    case = step.case
    row = case.row
    told = step_story(story(reading, row, case.graph), step.node)
    return Card(
        object="step",
        id=step.id,
        version=row.revision,
        title=case.graph.label(step.node),
        subject=subject_of(case),
        url=step_path(row.number, step.node),
        case=row.case,
        number=row.number,
        process=row.process,
        process_name=case.graph.name,
        status=_status(step, reading),
        node=step.node,
        said=tuple(one for one in told if one.kind == "words")[-LAST:],
        story=told if full else (),
        followers=len(case.followers),
        followed=known.id in case.followers,
    )


def _status(step: StepObject, reading: Reading) -> str:
    """Whether it is here, was here, or was not reached."""
    here = [one for one in reading.works(step.case.row.case) if one.node == step.node]
    if here:
        names = names_of([one.assignee for one in here])
        asked = names.get(here[0].assignee) or here[0].role or work_title(here[0])
        return gettext("waiting for %(names)s") % {"names": asked}
    if step.node in step.case.state.done:
        return gettext("done")
    return gettext("not reached yet")


def load_file(reading: Reading, id: str) -> FileObject | None:
    """A file by "LOG:CONTENT", unless it was taken back."""
    log, _colon, name = id.rpartition(":")
    if stream_kind(log) not in ("", "decision") or not log:
        return None
    content = reading.content(CaseId(log), name)
    if content is None or content.kind != "file" or content.erased:
        return None
    followers = tuple(reading.followers(CaseId(log)))
    return FileObject(log, content, whole_of_log(log), followers)


def whole_of_log(log: str) -> tuple[str, str]:
    """The object a conversation is about."""
    if not stream_kind(log):
        return "case", log
    key = log.partition(":")[2]
    return ("rule" if "#" in key else "decision"), key


def whole_of_file(id: str) -> tuple[str, str]:
    """What the file was put on."""
    return whole_of_log(id.rpartition(":")[0])


def thread_of_file(file: FileObject) -> Thread:
    """A file is talked about where it was put."""
    return Thread(
        log=file.log,
        object="file",
        id=file.id,
        followers=file.followers,
        part=f"file/{file.content.id}",
    )


def sees_file(file: FileObject, known: Known, reading: Reading) -> bool:
    """Whoever may know of what it was put on."""
    return find(*file.whole, known, reading) is not None


def file_card(file: FileObject, known: Known, full: bool, reading: Reading) -> Card:
    """A file: its name, its size, and what was said of it."""
    whole = card_in(*file.whole, known, reading)
    assert whole is not None  # `sees_file`
    told = part_story(whole.story, f"file/{file.content.id}")
    return replace(
        whole,
        object="file",
        id=file.id,
        title=file.content.name,
        url=file_page(whole.number, file.log, file.content.id),
        status=file.content.media_type,
        why="",
        note="",
        node="",
        facts=tuple(_facts(whole, file)),
        said=tuple(one for one in told if one.kind == "words")[-LAST:],
        story=told if full else (),
        hints=(),
        offers=(),
        cards=(),
    )


def _facts(whole: Card, file: FileObject) -> Iterator[Fact]:
    """Who put it there."""
    came = next((one for one in whole.story if one.content == file.content.id), None)
    if came is not None:
        yield Fact(gettext("By"), came.who)


def gone(_part: StepObject | FileObject, _known: Known) -> str:
    """Talk is welcome after the end of a case too."""
    return ""
