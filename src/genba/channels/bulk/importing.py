"""A file of lines, each an act.

Rules of this file: every line by itself: one that is refused changes nothing and stops no other.
The same file with the same key again does nothing twice.
"""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from genba.acts.inbound import Inbound, Verdict
from genba.acts.performance import perform
from genba.channels.bulk.lines import Line


class Result(Struct, frozen=True, kw_only=True):
    """What became of a line."""

    line: int
    verdict: str
    message: str
    errors: dict[str, str] = {}
    object: str = ""
    object_id: str = ""

    @property
    def ok(self) -> bool:
        """Whether it took effect, now or the first time."""
        return self.verdict in (Verdict.DONE, Verdict.REPLAYED)


def import_lines(inbound: Inbound, lines: Iterable[Line]) -> list[Result]:
    """Do the act of `inbound` for every line; its key is the beginning of theirs."""
    return [_result(inbound, line) for line in lines]


def _result(inbound: Inbound, line: Line) -> Result:
    if line.wrong:
        return Result(line=line.number, verdict=Verdict.INVALID, message=line.wrong)
    outcome = perform(
        replace(
            inbound,
            given=line.given,
            object_id=line.id or inbound.object_id,
            key=f"{inbound.key}:{line.key or line.number}",
        )
    )
    return Result(
        line=line.number,
        verdict=outcome.verdict,
        message=outcome.message,
        errors=outcome.errors,
        object=outcome.object,
        object_id=outcome.object_id,
    )
