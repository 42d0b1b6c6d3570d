"""Process, case and task: what they are, how they look, and what one can do with them."""

from genba.cases import (
    calendar_acts,
    case_acts,
    consulting_acts,
    decision_acts,
    deputy_acts,
    handing_acts,
    leaving_acts,
    migration_acts,
    openings,
    path_acts,
    process_acts,
    promise_acts,
    question_acts,
    sharing_acts,
    waiver_acts,
    work_acts,
)

__all__ = [
    "calendar_acts",
    "case_acts",
    "consulting_acts",
    "decision_acts",
    "deputy_acts",
    "handing_acts",
    "leaving_acts",
    "migration_acts",
    "openings",
    "path_acts",
    "process_acts",
    "promise_acts",
    "question_acts",
    "sharing_acts",
    "waiver_acts",
    "work_acts",
]
