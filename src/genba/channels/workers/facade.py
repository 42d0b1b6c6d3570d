"""`/engine-rest/external-task/…`: what workers of Camunda 7 ask and say, in its words and numbers.

Rules of this file: an unmodified client cannot tell the difference as far as it goes; what is asked
for and not known here is refused (400), never ignored. Everything a worker says of a task is an act
(`job.complete` …); only who may see its topic sees a task.
"""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

import msgspec
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from genba.acts.card import Assurance
from genba.acts.inbound import Inbound, Verdict
from genba.acts.performance import perform
from genba.channels.pace import seconds_to_wait
from genba.channels.workers import polling
from genba.channels.workers.answers import answered, visible_job
from genba.channels.workers.asking import Asking, Malformed, read_asking
from genba.channels.workers.entrance import secret_of, spoken_for
from genba.channels.workers.renderings import locked_task
from genba.channels.workers.typed import Untyped, from_typed
from genba.machines.jobs import JobObject
from genba.people.access import may_serve
from genba.people.directory import Known
from genba.runtime.installation import current
from genba.runtime.leases import Locked, fetch, give_back, keep

STATUS = {
    Verdict.UNKNOWN_OBJECT: 404,
    Verdict.UNKNOWN_PERSON: 401,
    Verdict.FORBIDDEN: 403,
    Verdict.STEP_UP: 403,
}


class Refusal(Exception):
    """What Camunda answers with a status and a message."""

    def __init__(
        self,
        status: int,
        message: str,
        type: str = "RestException",
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.type = status, message, type
        self.headers = headers or {}

    def answer(self) -> HttpResponse:
        """As Camunda writes it."""
        response = answered({"type": self.type, "message": self.message, "code": None}, self.status)
        if self.status == 401:
            response.headers["WWW-Authenticate"] = 'Basic realm="default"'
        for name, value in self.headers.items():
            response.headers[name] = value
        return response


View = Callable[..., HttpResponse]


def entered(*methods: str) -> Callable[[View], View]:
    """Hand a view who asks; a refusal is an answer."""

    def door(view: View) -> View:
        @csrf_exempt
        @login_not_required
        @wraps(view)
        def handed(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
            try:
                return view(request, known_by(request, methods), *given, **named)
            except Refusal as refusal:
                return refusal.answer()

        return handed

    return door


def known_by(request: HttpRequest, methods: tuple[str, ...]) -> Known:
    """Who asks, which counts. Raises Refusal."""
    if request.method not in methods:
        allowed = {"Allow": ", ".join(methods)}
        raise Refusal(405, "HTTP 405 Method Not Allowed", "NotAllowedException", allowed)
    who = spoken_for(secret_of(request))
    if who is None:
        raise Refusal(401, "Unauthorized")
    seconds = seconds_to_wait(who.id)
    if seconds:
        raise Refusal(429, "Too Many Requests", headers={"Retry-After": str(seconds)})
    return who


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON object a request carries. Raises Refusal."""
    try:
        return msgspec.json.decode(request.body or b"{}", type=dict[str, Any])
    except (msgspec.MsgspecError, RecursionError) as problem:
        raise Refusal(400, str(problem), "InvalidRequestException") from None


@csrf_exempt
@login_not_required
async def fetch_and_lock(request: HttpRequest) -> HttpResponse:
    """`POST /external-task/fetchAndLock`, with `asyncResponseTimeout` a long poll."""
    secret = secret_of(request)
    try:
        who = await polling.aside(lambda: known_by(request, ("POST",)))
        asking = _read(body_of(request))
        for topic in asking.topics:
            if not may_serve(who, topic.name):
                raise Refusal(403, f"This token is not for the topic {topic.name}.")
    except Refusal as refusal:
        return refusal.answer()
    wait = asking.wait if asking.topics else 0.0
    found = await polling.locked_soon(lambda: _locked(secret, asking), wait)
    return answered([_rendered(one, asking) for one in found])


def _read(body: dict[str, Any]) -> Asking:
    try:
        return read_asking(body)
    except Malformed as wrong:
        raise Refusal(400, str(wrong), "InvalidRequestException") from None


def _locked(secret: str, asking: Asking) -> list[Locked]:
    who = spoken_for(secret)  # it may have been revoked while we wait
    if who is None or not all(may_serve(who, topic.name) for topic in asking.topics):
        return []
    wanted = tuple(topic.wanted for topic in asking.topics)
    return fetch(current(), wanted, asking.worker, asking.most, who.id)


def _rendered(locked: Locked, asking: Asking) -> dict[str, Any]:
    topic = next(one for one in asking.topics if one.wanted is locked.wanted)
    return locked_task(locked, topic)


@entered("POST")
def complete(request: HttpRequest, who: Known, id: str) -> HttpResponse:
    """`POST /external-task/ID/complete`: variables go to the case, local ones to the mapping."""
    body = body_of(request)
    given = {
        "data": _data(body.get("variables")),
        "local": _data(body.get("localVariables")),
        "past": True,
    }
    return _said(who, id, "complete", body, given)


@entered("POST")
def failure(request: HttpRequest, who: Known, id: str) -> HttpResponse:
    """`POST /external-task/ID/failure`: `retries` left and `retryTimeout` in milliseconds."""
    body = body_of(request)
    retries, wait = body.get("retries"), body.get("retryTimeout")
    given = {
        "message": str(body.get("errorMessage") or "")[:20_000],
        "details": str(body.get("errorDetails") or "")[:20_000],
        "retries": 0 if retries is None else retries,
        "wait": 0 if wait is None else _seconds("retryTimeout", wait),
    }
    return _said(who, id, "fail", body, given)


@entered("POST")
def bpmn_error(request: HttpRequest, who: Known, id: str) -> HttpResponse:
    """`POST /external-task/ID/bpmnError`."""
    body = body_of(request)
    given = {
        "code": str(body.get("errorCode") or ""),
        "message": str(body.get("errorMessage") or "")[:20_000],
        "data": _data(body.get("variables")),
    }
    return _said(who, id, "raise-error", body, given)


@entered("POST")
def extend_lock(request: HttpRequest, who: Known, id: str) -> HttpResponse:
    """`POST /external-task/ID/extendLock`: `newDuration` in milliseconds from now on."""
    body = body_of(request)
    seconds = _seconds("newDuration", body.get("newDuration"))
    job = the_task(id, who)
    _must_hold(job, _worker(body), "extended")
    if seconds <= 0:
        raise Refusal(400, "Cannot extend a lock by a duration that is not positive")
    if job.row.lease <= current().clock.now():
        raise Refusal(400, "Cannot extend a lock that expired")
    keep(current(), job.row, seconds)
    return HttpResponse(status=204)


@entered("POST")
def unlock(request: HttpRequest, who: Known, id: str) -> HttpResponse:
    """`POST /external-task/ID/unlock`: whoever had it has it no more."""
    give_back(current(), [the_task(id, who).row])
    return HttpResponse(status=204)


def the_task(id: str, who: Known) -> JobObject:
    """The task of this id. Raises Refusal."""
    job = visible_job(id, who)
    if job is None:
        raise Refusal(404, f"External task with id {id} does not exist")
    return job


def _must_hold(job: JobObject, worker: str, what: str) -> None:
    if job.holder != worker:
        raise Refusal(
            400,
            f"External Task {job.asked.id} cannot be {what} by worker '{worker}'."
            f" It is locked by worker '{job.holder or 'null'}'.",
        )


def _worker(body: dict[str, Any]) -> str:
    worker = body.get("workerId")
    if worker is None or worker == "":
        raise Refusal(400, "workerId is null")
    return str(worker)


DONE = {"complete": "completed", "fail": "failed", "raise-error": "ended with an error"}


def _said(
    who: Known, id: str, act: str, body: dict[str, Any], given: dict[str, Any]
) -> HttpResponse:
    """What a worker says of a task, as an act."""
    worker = _worker(body)
    _must_hold(the_task(id, who), worker, DONE[act])
    outcome = perform(
        Inbound(
            channel="worker",
            assurance=Assurance.CHANNEL,
            act=f"job.{act}",
            given={**given, "worker": worker},
            key=uuid.uuid4().hex,
            person=who.id,
            object="job",
            object_id=id,
            machine=True,
            scopes=who.scopes,
        )
    )
    if outcome.ok:
        return HttpResponse(status=204)
    wrong = "; ".join(f"{name}: {what}" for name, what in outcome.errors.items())
    message = wrong or outcome.message
    if outcome.verdict is Verdict.UNKNOWN_OBJECT:
        message = f"External task with id {id} does not exist"
    raise Refusal(STATUS.get(outcome.verdict, 400), message)


def _data(given: Any) -> dict[str, Any]:
    try:
        return from_typed(given)
    except Untyped as wrong:
        raise Refusal(400, str(wrong), "InvalidRequestException") from None


def _seconds(name: str, given: Any) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise Refusal(400, f"{name} must be a number of milliseconds", "InvalidRequestException")
    return given / 1000
