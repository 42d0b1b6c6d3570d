"""`GET` and `POST /external-task`: lists, counts and single tasks, as in Camunda 7.

Rules of this file: reads only; only the topics of the token. A filter that is not known is refused.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse

from genba.channels.workers.answers import answered
from genba.channels.workers.facade import Refusal, body_of, entered, the_task
from genba.channels.workers.renderings import task
from genba.journal.contract import Reading
from genba.people.access import WORK
from genba.people.directory import Known
from genba.runtime.installation import current
from genba.runtime.jobs import asked_of
from genba.runtime.leases import topics_drawn, waiting

MOST = 10_000  # tasks looked at
Task = dict[str, Any]


def _is(field: str) -> Callable[[Task, str], bool]:
    return lambda task, given: str(task[field]) == given


def _in(field: str) -> Callable[[Task, str], bool]:
    return lambda task, given: str(task[field]) in given.split(",")


def _when(test: Callable[[Task], bool]) -> Callable[[Task, str], bool]:
    return lambda task, given: given != "true" or test(task)


FILTERS: dict[str, Callable[[Task, str], bool]] = {
    "externalTaskId": _is("id"),
    "externalTaskIdIn": _in("id"),
    "topicName": _is("topicName"),
    "workerId": _is("workerId"),
    "activityId": _is("activityId"),
    "activityIdIn": _in("activityId"),
    "executionId": _is("executionId"),
    "processInstanceId": _is("processInstanceId"),
    "processInstanceIdIn": _in("processInstanceId"),
    "processDefinitionId": _is("processDefinitionId"),
    "processDefinitionKey": _is("processDefinitionKey"),
    "locked": _when(lambda task: task["workerId"] is not None),
    "notLocked": _when(lambda task: task["workerId"] is None),
    "withRetriesLeft": _when(lambda task: task["retries"] != 0),
    "noRetriesLeft": _when(lambda task: task["retries"] == 0),
    "active": _when(lambda _task: True),
    "suspended": _when(lambda _task: False),
}
SORTS = {
    "id": "id",
    "lockExpirationTime": "lockExpirationTime",
    "processInstanceId": "processInstanceId",
    "processDefinitionId": "processDefinitionId",
    "processDefinitionKey": "processDefinitionKey",
    "taskPriority": "priority",
}
FLAGS = ("locked", "notLocked", "withRetriesLeft", "noRetriesLeft", "active", "suspended")
# Where only some words can be given.
WORDS = {
    **dict.fromkeys(FLAGS, ("true", "false")),
    "sortOrder": ("asc", "desc"),
    "sortBy": tuple(SORTS),
}
PLACES = ("firstResult", "maxResults")
PAGING = (*PLACES, "sortBy", "sortOrder")


@entered("GET", "POST")
def tasks(request: HttpRequest, who: Known) -> HttpResponse:
    """The tasks that fit, in pages."""
    asked = _asked(request)
    found = list(_found(who, asked))
    field = asked.get("sortBy")
    if field is not None:
        down = asked.get("sortOrder", "asc") == "desc"
        found.sort(key=lambda one: str(one[SORTS[field]] or ""), reverse=down)
    first = _number(asked, "firstResult", 0)
    return answered(found[first : first + _number(asked, "maxResults", MOST)])


@entered("GET", "POST")
def count(request: HttpRequest, who: Known) -> HttpResponse:
    """How many fit, however many are asked for."""
    asked = _asked(request)
    for name in PLACES:
        _number(asked, name, 0)
    return answered({"count": sum(1 for _one in _found(who, asked))})


@entered("GET")
def topic_names(_request: HttpRequest, who: Known) -> HttpResponse:
    """The topics that have tasks."""
    return answered(sorted({one["topicName"] for one in _found(who, {})}))


@entered("GET")
def one(_request: HttpRequest, who: Known, id: str) -> HttpResponse:
    """A single task."""
    job = the_task(id, who)
    return answered(task(job.row, job.asked))


@entered("GET")
def error_details(_request: HttpRequest, who: Known, id: str) -> HttpResponse:
    """What its worker wrote when it failed last."""
    details = the_task(id, who).asked.notice.details
    if not details:
        return HttpResponse(status=204)
    return HttpResponse(details, content_type="text/plain; charset=utf-8")


def _asked(request: HttpRequest) -> dict[str, str]:
    """The filters of a request, those of its address and of its body. Raises Refusal."""
    asked: dict[str, Any] = dict(request.GET.items())
    if request.method == "POST":
        body = body_of(request)
        if any(isinstance(body.get(name), str) for name in PLACES):
            raise Refusal(400, "Numbers must be numbers", "InvalidRequestException")
        asked.update(body)
    asked = {name: value for name, value in asked.items() if value is not None}
    for name, value in asked.items():
        if name not in FILTERS and name not in PAGING:
            raise Refusal(400, f"Unrecognized filter {name}", "InvalidRequestException")
        if name in PLACES and isinstance(value, float) and value.is_integer():
            value = int(value)
        if name in PLACES and not isinstance(value, str | int):
            raise Refusal(400, f"{name} must be a number", "InvalidRequestException")
        if isinstance(value, bool):
            asked[name] = "true" if value else "false"
        elif isinstance(value, list):
            asked[name] = ",".join(map(str, value))
        elif isinstance(value, dict):
            raise Refusal(400, f"{name} must be text", "InvalidRequestException")
        else:
            asked[name] = str(value)
        allowed = WORDS.get(name)
        if allowed and asked[name] not in allowed:
            raise Refusal(400, f"{name} cannot be {asked[name]}", "InvalidRequestException")
    return asked


def _number(asked: dict[str, str], name: str, otherwise: int) -> int:
    text = asked.get(name, str(otherwise))
    if not text.isdecimal() or len(text) > 9:
        raise Refusal(400, f"{name} must be a number", "InvalidRequestException")
    return int(text)


def _found(who: Known, asked: dict[str, str]) -> Iterator[Task]:
    tests = [(FILTERS[name], given) for name, given in asked.items() if name in FILTERS]
    with current().journal.reading() as reading:
        for row in waiting(reading, _topics(who, asked, reading), MOST):
            job = asked_of(current(), row, reading)
            if job is not None:
                made = task(row, job)
                if all(test(made, given) for test, given in tests):
                    yield made


def _topics(who: Known, asked: dict[str, str], reading: Reading) -> tuple[str, ...]:
    """The topics a token is for; those of all drawings for one that is for all."""
    own = [scope.removeprefix(WORK) for scope in who.scopes or () if scope.startswith(WORK)]
    named = asked.get("topicName")
    if named is not None:
        return (named,) if named in own or "*" in own else ()
    return tuple(topics_drawn(current(), reading)) if "*" in own else tuple(own)
