"""What happens to a case that is put on hold; part of `events.Event`, by the rules of that file."""

from msgspec import Struct

from genba.engine.commands import Waiting


class CaseSuspended(Struct, frozen=True, tag="case-suspended", kw_only=True, gc=False):
    """The case is on hold: nothing of it moves."""


class CaseContinued(Struct, frozen=True, tag="case-continued", kw_only=True, gc=False):
    """The case goes on; what was kept back is done by the events after this one."""


class CommandKept(Struct, frozen=True, tag="command-kept", kw_only=True, gc=False):
    """Something came while the case is on hold; it waits until the case goes on."""

    command: Waiting
