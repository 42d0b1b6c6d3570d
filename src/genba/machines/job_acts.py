"""What a worker says of a job it has: done, failed, or an error the drawing knows.

Rules of this file: only who holds the lock is heard. What came of a job and the job's row are
settled in one unit, so that it counts once; whoever lost the lock is refused, with nothing changed.
"""

from datetime import timedelta
from typing import Annotated, Any

import msgspec
from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct
from msgspec.structs import replace

from genba.acts.declaring import act
from genba.acts.inbound import Outcome
from genba.acts.outcomes import done, not_done
from genba.engine.commands import Command, CompleteWork, RaiseError, Rejected, SetData
from genba.engine.values import WorkId
from genba.journal.records import NewOutbox
from genba.machines.jobs import JobObject
from genba.people.directory import Known
from genba.runtime.functions import RETRIES
from genba.runtime.giving_up import give_up_in
from genba.runtime.jobs import ERROR_LENGTH, answer_of, backoff
from genba.runtime.leases import lock_of, row_of
from genba.runtime.recording import write
from genba.runtime.unit import Unit

LONGEST_WAIT = 30 * 86_400  # seconds a worker may ask to be left alone with a job

Worker = Annotated[str, Meta(title=gettext_noop("Worker"), min_length=1, max_length=200)]
Lock = Annotated[
    str,
    Meta(
        title=gettext_noop("Lock"),
        description=gettext_noop("The lock it was given: refused when it is another's now."),
        max_length=60,
    ),
]
Json = Annotated[str, Meta(max_length=1_000_000, extra_json_schema={"format": "json-object"})]
Retries = Annotated[
    int,
    Meta(title=gettext_noop("How often it may still be tried; 0 asks a person"), ge=0, le=1000),
]
Wait = Annotated[float, Meta(title=gettext_noop("Seconds until then"), ge=0, le=LONGEST_WAIT)]
Words = Annotated[str, Meta(title=gettext_noop("What went wrong"), max_length=20_000)]


class Done(Struct, frozen=True):
    """What a worker gives back."""

    worker: Worker
    data: Annotated[Json, Meta(title=gettext_noop("What came of it, as JSON"))] = ""
    local: Annotated[Json, Meta(title=gettext_noop("Data for the output mapping only"))] = ""
    past: Annotated[
        bool, Meta(title=gettext_noop("The case keeps the data also past an output mapping"))
    ] = False
    lock: Lock = ""


class Failed(Struct, frozen=True):
    """Why it could not be done, and whether it may be tried again."""

    worker: Worker
    message: Words = ""
    details: Annotated[str, Meta(title=gettext_noop("Details"), max_length=20_000)] = ""
    retries: Retries | None = None
    wait: Wait | None = None
    lock: Lock = ""


class Mistake(Struct, frozen=True):
    """An error of the drawing."""

    worker: Worker
    code: Annotated[str, Meta(title=gettext_noop("Error code"), min_length=1, max_length=200)]
    message: Words = ""
    data: Annotated[Json, Meta(title=gettext_noop("What came of it, as JSON"))] = ""
    lock: Lock = ""


def open_job(job: JobObject, _by: Known) -> bool:
    """Whoever may see a job may try: `held` says whether the lock is theirs."""
    return True


def not_held(job: JobObject, worker: str, lock: str) -> Outcome | None:
    """Why somebody is not heard, None when they hold the lock."""
    if job.holder == worker and lock in ("", lock_of(job.row)):
        return None
    message = gettext("This job is not yours: another worker has it, or nobody. Fetch again.")
    return not_done(message)


@act(
    "job",
    "complete",
    when=open_job,
    label=gettext_noop("Done"),
    summary=gettext_noop("Say that a job is done, with what came of it."),
    input=Done,
    scope="",
)
def complete(unit: Unit, job: JobObject, _by: Known, given: Done) -> Outcome:
    """A worker has done it: the case goes on."""
    wrong = not_held(job, given.worker, given.lock)
    if wrong is not None:
        return wrong
    data, mapped = _read(given.data), bool(job.asked.node.outputs)
    kept = [SetData(at=unit.now, data=data)] if given.past and mapped and data else []
    given_back = {**_read(given.local), **data} if mapped else answer_of(job.asked.node, data)
    work = WorkId(job.asked.notice.work)
    return _settle(unit, job, *kept, CompleteWork(at=unit.now, work=work, data=given_back))


@act(
    "job",
    "raise-error",
    when=open_job,
    label=gettext_noop("An error the drawing knows"),
    summary=gettext_noop("End a job with an error that the drawing may catch."),
    input=Mistake,
    scope="",
)
def raise_error(unit: Unit, job: JobObject, _by: Known, given: Mistake) -> Outcome:
    """It ended with an error of BPMN; one that nothing catches is asked of a person."""
    wrong = not_held(job, given.worker, given.lock)
    if wrong is not None:
        return wrong
    work = WorkId(job.asked.notice.work)
    command = RaiseError(at=unit.now, work=work, code=given.code, data=_read(given.data))
    return _settle(unit, job, command)


@act(
    "job",
    "fail",
    when=open_job,
    label=gettext_noop("It failed"),
    summary=gettext_noop("Say that a job failed: it is tried again later, or a person is asked."),
    input=Failed,
    scope="",
)
def fail(unit: Unit, job: JobObject, _by: Known, given: Failed) -> Outcome:
    """It failed: again after a while, or the case asks a person."""
    wrong = not_held(job, given.worker, given.lock)
    if wrong is not None:
        return wrong
    row, before = job.row, job.asked.notice
    left = RETRIES - before.failures if given.retries is None else given.retries
    words = (given.message or gettext("the worker did not say why"))[:ERROR_LENGTH]
    notice = replace(
        before,
        failures=before.failures + 1,
        retries=max(left, 0),
        error=words,
        details=given.details,
    )
    wait = backoff(before.failures) if given.wait is None else timedelta(seconds=given.wait)
    due = unit.now + wait if left > 0 else unit.now
    unit.tx.settle(row, held=True)
    unit.tx.post(row.case, [NewOutbox(kind=row.kind, body=write(notice), key=row.key, due=due)])
    if left > 0:
        return done(gettext("It is tried again later."))
    posted = row_of(unit.tx, row.case, before.work)
    assert posted is not None  # just posted
    give_up_in(unit, posted, words)
    return done(gettext("A person is asked."))


def _settle(unit: Unit, job: JobObject, *commands: Command) -> Outcome:
    """Give up the row and tell the case, together."""
    unit.tx.settle(job.row, held=True)
    case = unit.open(job.row.case)
    for command in commands:
        answer = case.command(command)
        if isinstance(answer, Rejected):
            return not_done(answer.message)
    return done(gettext("Noted."))


def _read(text: str) -> dict[str, Any]:
    return msgspec.json.decode(text or "{}", type=dict[str, Any])
