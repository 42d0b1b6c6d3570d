"""What each kind of element does, by the names of BPMN.

Rules of this folder: one module per family; each behaviour answers the same life-cycle steps
(`step.Behaviour`). A behaviour emits events through `Step` and never touches the state. The table
below is the whole list: a name a graph uses and that is not here is a bug.
"""

from collections.abc import Mapping

from genba.engine.elements.activities import (
    resume_call,
    start_call,
    start_receive,
    start_script,
    start_task,
)
from genba.engine.elements.ad_hoc import after_child_of_ad_hoc, resume_ad_hoc, start_ad_hoc
from genba.engine.elements.business_rules import start_rule
from genba.engine.elements.events import after_child_of_throw_event, start_catch, start_throw_event
from genba.engine.elements.gateways import resume_event_gateway, start_event_gateway
from genba.engine.elements.jobs import start_job
from genba.engine.elements.passing import nothing_inside, resume_plain, start_passing
from genba.engine.elements.repetition import (
    after_child_of_repeated,
    resume_repeated,
    start_repeated,
)
from genba.engine.elements.sub_processes import after_child_of_sub_process, start_sub_process
from genba.engine.step import Behaviour

_PASSING = Behaviour(start_passing, resume_plain, nothing_inside)
_SUB_PROCESS = Behaviour(start_sub_process, resume_plain, after_child_of_sub_process)

BEHAVIOURS: Mapping[str, Behaviour] = {
    "task": Behaviour(start_task, resume_plain, nothing_inside),
    "job": Behaviour(start_job, resume_plain, nothing_inside),
    "script": Behaviour(start_script, resume_plain, nothing_inside),
    "rule": Behaviour(start_rule, resume_plain, nothing_inside),
    "receive": Behaviour(start_receive, resume_plain, nothing_inside),
    "call": Behaviour(start_call, resume_call, nothing_inside),
    "sub-process": _SUB_PROCESS,
    "event-sub-process": _SUB_PROCESS,
    "ad-hoc": Behaviour(start_ad_hoc, resume_ad_hoc, after_child_of_ad_hoc),
    "repetition": Behaviour(start_repeated, resume_repeated, after_child_of_repeated),
    "exclusive": _PASSING,
    "inclusive": _PASSING,
    "parallel": _PASSING,
    "complex": _PASSING,
    "event-gateway": Behaviour(start_event_gateway, resume_event_gateway, nothing_inside),
    "start": _PASSING,
    "skipped": _PASSING,
    "boundary": _PASSING,
    "throw": Behaviour(start_throw_event, resume_plain, after_child_of_throw_event),
    "catch": Behaviour(start_catch, resume_plain, nothing_inside),
}
