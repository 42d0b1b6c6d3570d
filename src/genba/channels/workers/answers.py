"""What workers are answered with, and the jobs they may see.

Rules of this file: a worker never sees more than the topics of its token.
"""

from typing import Any

import msgspec
from django.http import HttpResponse

from genba.machines.jobs import JobObject, load_job
from genba.people.access import may_serve
from genba.people.directory import Known
from genba.runtime.installation import current


def answered(value: Any, status: int = 200) -> HttpResponse:
    """JSON that nobody caches."""
    headers = {"Cache-Control": "no-store"}
    body = msgspec.json.encode(value)
    return HttpResponse(body, status=status, content_type="application/json", headers=headers)


def visible_job(id: str, who: Known) -> JobObject | None:
    """A job of the token's topics."""
    if "\0" in id:
        return None
    with current().journal.reading() as reading:
        job = load_job(reading, id)
    return job if job is not None and may_serve(who, job.topic) else None
