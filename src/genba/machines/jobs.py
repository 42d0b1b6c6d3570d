"""A job as a worker sees it: what is to be done, with which data, and who has it.

Rules of this file: reads only. A job is the task of a machine, "CASE:w3", as long as it waits for a
worker; a worker sees the jobs of its topics and nothing else of a case.
"""

import msgspec
from django.utils.translation import gettext
from msgspec import Struct

from genba.acts.card import Card, Fact
from genba.journal.contract import Reading
from genba.journal.records import CaseId, OutboxRow
from genba.people.access import may_serve
from genba.people.directory import Known
from genba.runtime.installation import current
from genba.runtime.jobs import Asked, asked_of
from genba.runtime.leases import is_locked, row_of, topic_of


class JobObject(Struct, frozen=True):
    """A job that waits for a worker, and its row of the outbox."""

    row: OutboxRow
    asked: Asked

    @property
    def topic(self) -> str:
        """Whose workers may do it."""
        return topic_of(self.row)

    @property
    def holder(self) -> str:
        """Who has it now; "" for nobody."""
        return self.row.holder if is_locked(self.row) else ""


def load_job(reading: Reading, id: str) -> JobObject | None:
    """A job by its id, while it waits."""
    case, _colon, work = id.partition(":")
    row = row_of(reading, CaseId(case), work) if work else None
    asked = asked_of(current(), row, reading) if row is not None else None
    return None if row is None or asked is None else JobObject(row, asked)


def sees_job(job: JobObject, known: Known, _reading: Reading) -> bool:
    """Whoever serves its topic, by a token, and nobody else."""
    return may_serve(known, job.topic)


def job_card(job: JobObject, known: Known, full: bool, _reading: Reading) -> Card:
    """What a worker is told."""
    asked = job.asked
    facts = [
        Fact(name, value if isinstance(value, str) else msgspec.json.encode(value).decode())
        for name, value in asked.input.items()
    ]
    return Card(
        object="job",
        id=asked.id,
        version=asked.case.revision,
        title=asked.node.label,
        subject=asked.case.title,
        url=f"/api/job/{asked.id}",
        case=asked.case.case,
        number=asked.case.number,
        process=asked.case.process,
        status=gettext("locked") if job.holder else gettext("waits for a worker"),
        node=asked.node.id,
        facts=tuple(facts),
    )


def job_gone(_job: JobObject, _known: Known) -> str:
    """A job that is done is not there any more."""
    return ""
