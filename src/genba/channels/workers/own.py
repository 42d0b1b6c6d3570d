"""Genba's own REST for workers: fetch, extend, unlock. What came of a job is an act: `/api/job/…`.

Rules of this file: thin; a worker never sees more than the topics of its token.
"""

from typing import Annotated, Any

import msgspec
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from msgspec import Meta, Struct

from genba.channels.workers import polling
from genba.channels.workers.entrance import secret_of, spoken_for
from genba.machines.job_acts import not_held
from genba.machines.jobs import JobObject, load_job
from genba.people.access import may_serve
from genba.people.directory import Known
from genba.runtime.installation import current
from genba.runtime.leases import Locked, Wanted, fetch, give_back, keep

LOCK = 60.0  # seconds, unless somebody says otherwise
LONGEST_LOCK = 86_400.0
LONGEST_WAIT = 60.0  # seconds a request stays open

Name = Annotated[str, Meta(min_length=1, max_length=200)]


class Topic(Struct, frozen=True, forbid_unknown_fields=True):
    """Jobs of a topic, to have for so long; `process` narrows it to one process."""

    topic: Name
    seconds: Annotated[float, Meta(gt=0, le=LONGEST_LOCK)] = LOCK
    process: str = ""


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


def answered(value: Any, status: int = 200) -> HttpResponse:
    """JSON that nobody caches."""
    headers = {"Cache-Control": "no-store"}
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="Genba"'
    body = msgspec.json.encode(value)
    return HttpResponse(body, status=status, content_type="application/json", headers=headers)


def told(message: str, status: int) -> HttpResponse:
    """Why not."""
    return answered({"message": message}, status)


@csrf_exempt
@login_not_required
@require_POST
async def fetch_jobs(request: HttpRequest) -> HttpResponse:
    """`POST /api/jobs/fetch`: lock jobs of topics, waiting for the first one."""
    secret = secret_of(request)
    who = await polling.aside(lambda: spoken_for(secret))
    if who is None:
        return told("Show a token: Authorization: Bearer …", 401)
    try:
        asked = msgspec.json.decode(request.body or b"{}", type=Fetch)
    except (msgspec.MsgspecError, RecursionError) as problem:
        return told(str(problem), 422)
    for one in asked.topics:
        if not may_serve(who, one.topic):
            return told(f"This token is not for the topic {one.topic}.", 403)
    wanted = tuple(_wanted(one) for one in asked.topics)

    def ask() -> list[Locked]:
        now = spoken_for(secret)  # it may have been revoked while we wait
        if now is None or not all(may_serve(now, one.topic) for one in wanted):
            return []
        return fetch(current(), wanted, asked.worker, asked.most, now.id)

    found = await polling.locked_soon(ask, asked.wait)
    return answered({"jobs": [_job(locked) for locked in found]})


def _wanted(one: Topic) -> Wanted:
    if not one.process:
        return Wanted(topic=one.topic, seconds=one.seconds)
    return Wanted(
        topic=one.topic, seconds=one.seconds, fits=lambda asked: asked.case.process == one.process
    )


def _job(locked: Locked) -> dict[str, Any]:
    asked = locked.asked
    return {
        "id": asked.id,
        "topic": locked.wanted.topic,
        "lock": locked.lock,
        "until": locked.row.lease,
        "key": asked.context.key,
        "attempt": asked.context.attempt,
        "error": asked.notice.error,
        "case": asked.case.case,
        "number": asked.case.number,
        "title": asked.case.title,
        "process": asked.case.process,
        "version": asked.case.version,
        "node": asked.node.id,
        "step": asked.node.label,
        "input": asked.input,
    }


@csrf_exempt
@login_not_required
@require_POST
def extend(request: HttpRequest, id: str) -> HttpResponse:
    """`POST /api/jobs/ID/extend`: keep a lock longer."""
    return _held(request, id, lambda job, asked: _extended(job, asked.seconds))


@csrf_exempt
@login_not_required
@require_POST
def unlock(request: HttpRequest, id: str) -> HttpResponse:
    """`POST /api/jobs/ID/unlock`: give a job back; nothing is counted against it."""

    def given_back(job: JobObject, _asked: Keep) -> dict[str, Any]:
        give_back(current(), [job.row])
        return {"message": "Others can have it."}

    return _held(request, id, given_back)


def _extended(job: JobObject, seconds: float) -> dict[str, Any]:
    return {"until": keep(current(), job.row, seconds)}


def _held(request: HttpRequest, id: str, do: Any) -> HttpResponse:
    who = spoken_for(secret_of(request))
    if who is None:
        return told("Show a token: Authorization: Bearer …", 401)
    try:
        asked = msgspec.json.decode(request.body or b"{}", type=Keep)
    except (msgspec.MsgspecError, RecursionError) as problem:
        return told(str(problem), 422)
    job = visible_job(id, who)
    if job is None:
        return told("There is no such job.", 404)
    wrong = not_held(job, asked.worker, asked.lock)
    return told(wrong.message, 409) if wrong is not None else answered(do(job, asked))


def visible_job(id: str, who: Known) -> JobObject | None:
    """A job of the token's topics."""
    with current().journal.reading() as reading:
        job = load_job(reading, id)
    return job if job is not None and may_serve(who, job.topic) else None
