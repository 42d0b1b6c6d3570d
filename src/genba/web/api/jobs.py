"""Genba's own REST for workers: fetch, extend, unlock. What came of a job is an act: `/api/job/…`.

Rules of this file: thin; a worker never sees more than the topics of its token.
"""

from datetime import datetime
from typing import Annotated, Any, TypeVar

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from msgspec import Meta, Struct

from genba.channels.workers import polling
from genba.channels.workers.answers import answered, visible_job
from genba.machines.job_acts import not_held
from genba.machines.jobs import JobObject
from genba.people.access import may_serve
from genba.people.directory import Known
from genba.runtime.installation import current
from genba.runtime.leases import Locked, Wanted, fetch, give_back, keep
from genba.web.api.bodies import body_of
from genba.web.api.entrance import caller, entered, entered_waiting, seen
from genba.web.api.problems import Problem

LOCK = 60.0  # seconds, unless somebody says otherwise
LONGEST_LOCK = 86_400.0
LONGEST_WAIT = 60.0  # seconds a request stays open

Name = Annotated[str, Meta(min_length=1, max_length=200)]


class Topic(Struct, frozen=True, forbid_unknown_fields=True):
    """Jobs of a topic, to have for so long; `process` narrows it to one process."""

    topic: Name
    seconds: Annotated[float, Meta(gt=0, le=LONGEST_LOCK)] = LOCK
    process: str = ""


class Job(Struct, frozen=True):
    """A job, locked for whoever asked; `lock` says so when something is said of it."""

    id: str
    topic: str
    lock: str
    until: datetime
    key: str
    attempt: int
    error: str
    case: str
    number: int
    title: str
    process: str
    version: int
    node: str
    step: str
    input: Any


class Jobs(Struct, frozen=True):
    """What was locked."""

    jobs: list[Job]


class Kept(Struct, frozen=True):
    """When a lock ends by itself; None when it was given back."""

    until: datetime | None = None
    message: str = ""


class Fetch(Struct, frozen=True, forbid_unknown_fields=True):
    """What a worker asks for, and how long it waits for the first job."""

    worker: Name
    topics: Annotated[list[Topic], Meta(min_length=1, max_length=50)]
    most: Annotated[int, Meta(ge=1, le=100)] = 1
    wait: Annotated[float, Meta(ge=0, le=LONGEST_WAIT)] = 0.0


class Keep(Struct, frozen=True, forbid_unknown_fields=True):
    """Whose lock, and for how long from now on."""

    worker: Name
    seconds: Annotated[float, Meta(gt=0, le=LONGEST_LOCK)] = LOCK
    lock: str = ""


Asked = TypeVar("Asked", Fetch, Keep)


@entered_waiting("POST")
async def fetch_jobs(request: HttpRequest) -> HttpResponse:
    """`POST /api/jobs/fetch`: lock jobs of topics, waiting for the first one."""
    who = await polling.aside(lambda: caller(request))
    asked = _read(request, Fetch)
    for one in asked.topics:
        if not may_serve(who, one.topic):
            said = gettext("This token is not for the topic %(topic)s.") % {"topic": one.topic}
            raise Problem("forbidden", said)
    wanted = tuple(_wanted(one) for one in asked.topics)

    def ask() -> list[Locked]:
        now = seen(request)  # it may have been revoked while we wait
        if now is None or not all(may_serve(now, one.topic) for one in wanted):
            return []
        return fetch(current(), wanted, asked.worker, asked.most, now.id)

    found = await polling.locked_soon(ask, asked.wait)
    return answered(Jobs([_job(locked) for locked in found]))


def _read(request: HttpRequest, kind: type[Asked]) -> Asked:
    try:
        return msgspec.convert(body_of(request), kind)
    except msgspec.ValidationError as wrong:
        raise Problem("invalid", str(wrong)) from None


def _wanted(one: Topic) -> Wanted:
    if not one.process:
        return Wanted(topic=one.topic, seconds=one.seconds)
    return Wanted(
        topic=one.topic, seconds=one.seconds, fits=lambda asked: asked.case.process == one.process
    )


def _job(locked: Locked) -> Job:
    asked = locked.asked
    return Job(
        id=asked.id,
        topic=locked.wanted.topic,
        lock=locked.lock,
        until=locked.row.lease,
        key=asked.context.key,
        attempt=asked.context.attempt,
        error=asked.notice.error,
        case=asked.case.case,
        number=asked.case.number,
        title=asked.case.title,
        process=asked.case.process,
        version=asked.case.version,
        node=asked.node.id,
        step=asked.node.label,
        input=asked.input,
    )


@entered("POST")
def extend(request: HttpRequest, who: Known, id: str) -> HttpResponse:
    """`POST /api/jobs/ID/extend`: keep a lock longer."""
    job, asked = _held(request, who, id)
    return answered(Kept(until=keep(current(), job.row, asked.seconds)))


@entered("POST")
def unlock(request: HttpRequest, who: Known, id: str) -> HttpResponse:
    """`POST /api/jobs/ID/unlock`: give a job back; nothing is counted against it."""
    job, _asked = _held(request, who, id)
    give_back(current(), [job.row])
    return answered(Kept(message=gettext("Others can have it.")))


def _held(request: HttpRequest, who: Known, id: str) -> tuple[JobObject, Keep]:
    """The job of this id, and what is asked of its lock. Raises Problem."""
    asked = _read(request, Keep)
    job = visible_job(id, who)
    if job is None:
        raise Problem("nothing-here")
    wrong = not_held(job, asked.worker, asked.lock)
    if wrong is not None:
        raise Problem("refused", wrong.message)
    return job, asked
