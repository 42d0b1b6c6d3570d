"""Jobs done here: a function or a call, outside of every transaction, and what came of it.

Rules of this file:

1. What is done may be done twice (a crash between the effect and its commit); its key is the same
   then, so that whoever is called can tell.
2. What came of it counts only while the claim is ours: it is settled with the row, in one unit.
3. What fails is tried again, later each time; then a person is asked, on the case.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from genba.engine.calling import Unfilled, fill
from genba.engine.commands import Command, CompleteWork, RaiseError
from genba.engine.graph import FUNCTION, HTTP, GraphNode
from genba.engine.values import CaseStatus, Data, WorkId
from genba.engine.variables import context
from genba.journal.contract import Conflict, Reading
from genba.journal.records import CaseRow, Envelope, OutboxRow
from genba.runtime.functions import (
    RETRIES,
    BpmnError,
    Context,
    Hopeless,
    TryLater,
    find_function,
)
from genba.runtime.giving_up import give_up
from genba.runtime.installation import Installation
from genba.runtime.notices import JobNotice, read_notice
from genba.runtime.paths import graph_of
from genba.runtime.unit import OpenCase, Unit, UnknownCase, open_unit, read_state
from genba.runtime.web_calls import call_web

FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(hours=1)
ERROR_LENGTH = 500
TRIES = 20  # how often what came of it is written again when somebody else was faster


class Asked(Struct, frozen=True, kw_only=True):
    """A job as whoever does it sees it."""

    id: str  # "CASE:w3", as the task of a person
    topic: str
    input: Data
    mapped: bool  # the drawing says what is the input; else it is all the case knows
    context: Context
    node: GraphNode
    case: CaseRow
    notice: JobNotice
    known: Data  # all the case knows there


Machine = Callable[[Asked], Any]


def effect_key(case: str, work: str) -> str:
    """The idempotency key of a job: the same for every attempt at the same thing."""
    return f"{case}:{work}"


def asked_of(inst: Installation, row: OutboxRow, reading: Reading | None = None) -> Asked | None:
    """The job a row is about, None when nobody waits for it any more."""
    if reading is None:
        with inst.journal.reading() as fresh:
            return asked_of(inst, row, fresh)
    notice = read_notice(row)
    assert isinstance(notice, JobNotice)
    case = reading.case(row.case)
    if case is None or case.status != CaseStatus.RUNNING:
        return None
    state = read_state(case)
    work = state.works.get(WorkId(notice.work))
    if work is None:
        return None
    node = graph_of(inst, case, state).node(work.node)
    known = context(state, work.element)
    given = {name: known.get(name) for name, _source in node.inputs}
    return Asked(
        id=effect_key(row.case, notice.work),
        topic=work.topic,
        case=case,
        notice=notice,
        known=dict(known),
        input=given or dict(known),
        mapped=bool(given),
        context=Context(
            case=row.case,
            process=case.process,
            node=work.node,
            key=effect_key(row.case, notice.work),
            attempt=row.attempts + notice.failures + 1,
        ),
        node=node,
    )


def work_off(inst: Installation, row: OutboxRow, at: datetime) -> None:
    """Do a job and say what came of it. Raises Stale when somebody else has it meanwhile."""
    asked = asked_of(inst, row)
    if asked is None:
        with inst.journal.writing() as tx:
            tx.settle(row)
        return
    way = asked.topic.partition(":")[0]
    try:
        found = _MACHINES[way](asked)
    except BpmnError as error:
        raise_error(inst, row, error.code, _plain(error.data))
    except Hopeless as problem:
        why = _words(problem)
        again(lambda: give_up(inst, row, why, at))
    except Exception as problem:
        try_later(inst, row, problem, _allowed(asked), at)
    else:
        finish(inst, row, answer_of(asked.node, found))


def _call_function(asked: Asked) -> Any:
    name = asked.topic.partition(":")[2]
    found = find_function(name)
    if found is None:
        raise Hopeless(f"there is no function “{name}” on this machine: install it, then try again")
    try:
        given = msgspec.convert(asked.input, found.input, strict=False)
    except msgspec.ValidationError as problem:
        raise Hopeless(f"the data does not fit what “{name}” takes: {problem}") from None
    return _plain(found.call(given, asked.context))


def _call_web(asked: Asked) -> Any:
    job = asked.node.job
    assert job is not None
    assert job.call is not None  # a job of this kind is made of one
    try:
        request = fill(job.call, asked.input, asked.input if asked.mapped else {})
    except Unfilled as problem:
        raise Hopeless(f"the call cannot be written: {problem}") from None
    answer = call_web(request, asked.context.key)
    if asked.node.result is not None or not asked.node.outputs:
        return answer.body
    return {"status": answer.status, "body": answer.body}


_MACHINES: dict[str, Machine] = {FUNCTION: _call_function, HTTP: _call_web}


def _plain(value: Any) -> Any:
    """What a function gives, as the JSON values a case keeps. Hopeless for what is none."""
    try:
        return msgspec.json.decode(msgspec.json.encode(value))
    except (TypeError, msgspec.MsgspecError) as problem:
        raise Hopeless(f"what it gave cannot be kept: {problem}") from None


def _allowed(asked: Asked) -> int:
    job = asked.node.job
    if job is not None and job.call is not None:
        return RETRIES if job.retries is None else job.retries
    found = find_function(asked.topic.partition(":")[2])
    return found.retries if found else 0


def answer_of(node: GraphNode, value: Any) -> Data:
    """What a machine gave as data: under the name the drawing gives, else what it names.

    What a web service answers is not ours: nothing of it enters a case that the drawing does not
    name or map.
    """
    if node.result is not None:
        return {node.result: value}
    taken = node.outputs or node.job is None or node.job.way != HTTP
    return value if taken and isinstance(value, dict) else {}


def finish(inst: Installation, row: OutboxRow, data: Data) -> None:
    """It is done: the case goes on with what it gave."""

    def command(work: WorkId, at: datetime) -> Command:
        return CompleteWork(at=at, work=work, data=data)

    _settle(inst, row, command)


def raise_error(inst: Installation, row: OutboxRow, code: str, data: Data) -> None:
    """It ended with an error the drawing may catch."""

    def command(work: WorkId, at: datetime) -> Command:
        return RaiseError(at=at, work=work, code=code, data=data)

    _settle(inst, row, command)


def _settle(
    inst: Installation, row: OutboxRow, command: Callable[[WorkId, datetime], Command]
) -> None:
    """Give up the row and tell the case, together; a case that waits no more is left alone."""
    at, work = inst.clock.now(), WorkId(read_notice(row).work)
    key = f"outbox:{row.case}:{row.key}"
    envelope = Envelope(at=at, channel="system", machine=True, act="job", key=key)

    def once() -> None:
        with open_unit(inst, envelope) as unit:
            unit.tx.settle(row, held=True)
            case = _open(unit, row)
            if case is not None:
                case.command(command(work, at))

    again(once)


def again(write: Callable[[], None]) -> None:
    """Write what came of it, never do it again: when somebody else was faster, decide again."""
    for left in reversed(range(TRIES)):
        try:
            write()
            return
        except Conflict:
            if not left:
                raise


def _open(unit: Unit, row: OutboxRow) -> OpenCase | None:
    try:
        return unit.open(row.case)
    except UnknownCase:
        return None


def try_later(
    inst: Installation, row: OutboxRow, problem: Exception, allowed: int, at: datetime
) -> None:
    """It failed: again after a while that doubles each time; then a person is asked."""
    words = _words(problem)
    if row.attempts >= allowed:
        again(lambda: give_up(inst, row, words, at))
        return
    wait = backoff(row.attempts)
    asked = getattr(problem, "seconds", None)
    if isinstance(problem, TryLater) and asked is not None:
        wait = min(max(timedelta(seconds=asked), timedelta(seconds=1)), LONGEST_DELAY)
    with inst.journal.writing() as tx:
        tx.postpone(row, due=inst.clock.now() + wait, error=words)


def backoff(attempts: int) -> timedelta:
    """How long something waits that has failed `attempts` times before."""
    return min(FIRST_DELAY * (1 << min(attempts, 20)), LONGEST_DELAY)


def _words(problem: Exception) -> str:
    said = str(problem)
    if not isinstance(problem, (Hopeless, TryLater)):
        said = f"{type(problem).__name__}: {said}"
    return said[:ERROR_LENGTH]
