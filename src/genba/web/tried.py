"""An act that did not take effect, as the page shows it again: with what was filled in."""

from typing import Any

from msgspec import Struct

from genba.acts.inbound import Verdict

# What became of the act -> HTTP status (RFC 9110).
STATUS = {
    Verdict.DONE: 200,
    Verdict.REPLAYED: 200,
    Verdict.UNKNOWN_PERSON: 401,
    Verdict.UNKNOWN_OBJECT: 404,
    Verdict.FORBIDDEN: 403,
    Verdict.GONE: 409,
    Verdict.STEP_UP: 403,
    Verdict.INVALID: 422,
    Verdict.REFUSED: 409,
    Verdict.CHANGED: 412,
    Verdict.CONFLICT: 409,
}


class Tried(Struct, frozen=True, kw_only=True):
    """The act, what was given, and what was wrong with it."""

    act: str
    id: str
    given: dict[str, Any]
    errors: dict[str, str]
    message: str
    verdict: Verdict

    @property
    def status(self) -> int:
        """The HTTP status that says the same."""
        return STATUS[self.verdict]

    def about(self, act: str, id: str) -> bool:
        """Whether it was this act on this object."""
        return self.act == act and self.id == id
