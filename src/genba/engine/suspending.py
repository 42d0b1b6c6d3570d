"""A case on hold: nothing of it moves until it goes on; what comes meanwhile waits in it.

Rules of this file: whatever comes by itself (timers, messages, signals, ends of called cases, what
machines gave) is kept in order, as the command it is, and obeyed when the case goes on, at that
instant: a time that was missed comes once. What people ask of its works is refused. Changing the
case, ending it and saying what failed outside are obeyed at once.
"""

from typing import Any

from msgspec.structs import replace

from genba.engine import commands as c
from genba.engine.state import Case
from genba.engine.step import Step
from genba.engine.suspension_events import CaseSuspended, CommandKept
from genba.engine.values import WorkKind

ON_HOLD = "case.suspended"
_WAIT = (c.FireTimer, c.Deliver, c.Hear, c.Finish, c.Escalate, c.Nudge)
_OBEYED = (c.Continue, c.Redirect, c.SendBack, c.Cancel, c.Fail)


def suspend(step: Step, command: c.Suspend) -> None:
    """From here on nothing moves."""
    step.emit(CaseSuspended())


def refuse_on_hold(case: Case, command: c.Command) -> c.Rejected | None:
    """Why a case on hold, or one that is not, cannot obey; None when it can, or keeps it."""
    if not case.suspended:
        if isinstance(command, c.Continue):
            return c.Rejected(rule="case.not-suspended", message="The case is not on hold.")
        return None
    if isinstance(command, _OBEYED):
        return None
    if isinstance(command, c.FireTimer):
        gone = command.timer not in case.timers
        rung = any(
            isinstance(one, c.FireTimer) and one.timer == command.timer for one in case.kept_back
        )
        return c.Rejected(rule="timer.gone", message="It waits already.") if gone or rung else None
    if waits(case, command):
        return None
    return c.Rejected(rule=ON_HOLD, message="The case is on hold.")


def waits(case: Case, command: c.Command) -> bool:
    """Whether a case on hold keeps this until it goes on."""
    if not case.suspended:
        return False
    if isinstance(command, c.CompleteWork | c.RaiseError):
        work = case.works.get(command.work)
        return work is not None and work.kind is WorkKind.JOB
    return isinstance(command, _WAIT)


def keep_back(step: Step, command: Any) -> None:
    """Keep what came until the case goes on."""
    step.emit(CommandKept(command=command))


def kept_back(case: Case, command: c.Continue) -> tuple[c.Waiting, ...]:
    """What came meanwhile, in order, as if it came now."""
    return tuple(replace(one, at=command.at) for one in case.kept_back)
