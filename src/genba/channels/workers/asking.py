"""What a worker of Camunda 7 asks for: the body of `fetchAndLock`, read.

Rules of this file: a filter that is not known is refused, because a worker that asked for less must
not get more. The business key of a case is its number.
"""

from collections.abc import Callable
from typing import Any, TypeGuard

from msgspec import Struct

from genba.runtime.jobs import Asked
from genba.runtime.leases import Wanted

LONGEST = 1_800_000  # milliseconds: what Camunda allows
LONGEST_LOCK = 30 * 86_400_000


class Malformed(Exception):
    """What is wrong with a request, in words."""


class Topic(Struct, frozen=True, kw_only=True):
    """A topic, which variables are told with its tasks, and how it is asked for."""

    name: str
    variables: tuple[str, ...] | None
    local: bool
    wanted: Wanted


class Asking(Struct, frozen=True, kw_only=True):
    """What is asked for; `wait` in seconds."""

    worker: str
    most: int
    wait: float
    topics: tuple[Topic, ...]


def definition_id(asked: Asked) -> str:
    """What Camunda would call the version of a process."""
    return f"{asked.case.process}:{asked.case.version}"


Test = Callable[[Asked, Any], bool]

# A filter -> whether a job fits what was given.
FILTERS: dict[str, Test] = {
    "businessKey": lambda asked, key: str(asked.case.number) == str(key),
    "processDefinitionId": lambda asked, named: definition_id(asked) == named,
    "processDefinitionIdIn": lambda asked, ids: definition_id(asked) in ids,
    "processDefinitionKey": lambda asked, key: asked.case.process == key,
    "processDefinitionKeyIn": lambda asked, keys: asked.case.process in keys,
    "processVariables": lambda asked, wanted: all(
        name in asked.known and asked.known[name] == value for name, value in wanted.items()
    ),
    "tenantIdIn": lambda _asked, _tenants: False,  # nobody here is of a tenant
}
SHAPES = {"processVariables": dict, "processDefinitionIdIn": list, "processDefinitionKeyIn": list}
# What changes nothing here: values are told as they are, and nobody is of a tenant.
HARMLESS = frozenset({"deserializeValues", "includeExtensionProperties", "withoutTenantId"})
OURS = frozenset({"topicName", "lockDuration", "variables", "localVariables"})
WHOLE = frozenset(
    {"workerId", "maxTasks", "usePriority", "asyncResponseTimeout", "topics", "sorting"}
)


def read_asking(body: dict[str, Any]) -> Asking:
    """The request a body means. Raises Malformed."""
    _only(body, WHOLE)
    worker, most = body.get("workerId"), body.get("maxTasks")
    if worker is None or worker == "":
        raise Malformed("workerId is null")
    if not isinstance(worker, str):
        raise Malformed("workerId must be text")
    if not _is_whole(most) or most < 1:
        raise Malformed("maxTasks must be a number greater than 0")
    wait = body.get("asyncResponseTimeout")
    wait = 0 if wait is None else wait
    if not _is_whole(wait) or not 0 <= wait <= LONGEST:
        raise Malformed(
            "The asynchronous response timeout cannot be set to a value greater than"
            f" {LONGEST} milliseconds"
        )
    topics = [] if body.get("topics") is None else body["topics"]
    if not isinstance(topics, list):
        raise Malformed("topics must be a list")
    read = tuple(_topic(one) for one in topics)
    return Asking(worker=worker, most=int(most), wait=wait / 1000, topics=read)


def _topic(given: Any) -> Topic:
    if not isinstance(given, dict):
        raise Malformed("a topic must be an object")
    _only(given, OURS | HARMLESS | set(FILTERS))
    name, lock = given.get("topicName"), given.get("lockDuration")
    if not isinstance(name, str) or not name:
        raise Malformed("topicName is null")
    if not _is_whole(lock) or not 0 < lock <= LONGEST_LOCK:
        raise Malformed(f"lockDuration of the topic {name} must be greater than 0")
    variables = given.get("variables")
    if variables is not None and not isinstance(variables, list):
        raise Malformed("variables must be a list of names")
    return Topic(
        name=name,
        variables=None if variables is None else tuple(map(str, variables)),
        local=given.get("localVariables") is True,
        wanted=Wanted(topic=name, seconds=lock / 1000, fits=_fits(given)),
    )


def _fits(given: dict[str, Any]) -> Callable[[Asked], bool]:
    tests = []
    for name, test in FILTERS.items():
        value = given.get(name)
        if value is None:
            continue
        if not isinstance(value, SHAPES.get(name, object)):
            raise Malformed(f"{name} is of another type")
        if value in ({}, []):
            continue
        tests.append((test, value))
    return lambda asked: all(test(asked, value) for test, value in tests)


def _only(given: dict[str, Any], known: frozenset[str] | set[str]) -> None:
    odd = [name for name, value in given.items() if name not in known and value is not None]
    if odd:
        raise Malformed(f'Unrecognized field "{odd[0]}": it is not known here')


def _is_whole(value: Any) -> TypeGuard[int | float]:
    """A whole number, however it is written: 5, 5.0."""
    if isinstance(value, float):
        return value.is_integer()
    return isinstance(value, int) and not isinstance(value, bool)
