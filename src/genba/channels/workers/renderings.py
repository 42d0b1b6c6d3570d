"""A job as Camunda 7 writes an external task.

Rules of this file: names and formats only. An id of ours is a text like any other there; what we do
not have (a tenant, a version tag) is null, as there.
"""

from datetime import datetime
from typing import Any

from genba.channels.workers.asking import Topic, definition_id
from genba.channels.workers.typed import typed
from genba.journal.records import NOBODYS, OutboxRow
from genba.journal.rows import PARKED
from genba.runtime.jobs import Asked
from genba.runtime.leases import Locked, topic_of


def instant(at: datetime | None) -> str | None:
    """`2026-01-31T12:00:00.000+0000`, as Camunda writes instants."""
    return None if at is None else f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}+0000"


def retries_of(row: OutboxRow, asked: Asked) -> int | None:
    """How often it may still be tried: 0 while a person is asked, null while nobody has said."""
    if row.due >= PARKED:
        return 0
    return asked.notice.retries or None


def task(row: OutboxRow, asked: Asked, opened: datetime | None = None) -> dict[str, Any]:
    """An external task as the queries show it."""
    held = row.lease > NOBODYS
    return {
        "activityId": asked.node.id,
        "activityInstanceId": f"{asked.node.id}:{asked.notice.element}",
        "errorMessage": asked.notice.error or None,
        "executionId": f"{asked.case.case}:{asked.notice.element}",
        "id": asked.id,
        "lockExpirationTime": instant(row.lease) if held else None,
        "createTime": instant(opened),
        "processDefinitionId": definition_id(asked),
        "processDefinitionKey": asked.case.process,
        "processDefinitionVersionTag": None,
        "processInstanceId": asked.case.case,
        "retries": retries_of(row, asked),
        "suspended": False,
        "workerId": row.holder if held else None,
        "tenantId": None,
        "topicName": topic_of(row),
        "priority": asked.notice.priority,
        "businessKey": str(asked.case.number),
    }


def locked_task(locked: Locked, topic: Topic) -> dict[str, Any]:
    """The same for who has just locked it, with its variables."""
    asked = locked.asked
    local = dict(asked.input) if asked.mapped else {}
    data = local if topic.local else {**asked.known, **local}
    names = None if topic.variables is None else list(topic.variables)
    return {
        **task(locked.row, asked),
        "errorDetails": asked.notice.details or None,
        "variables": typed(data, names),
        "extensionProperties": {},
    }
