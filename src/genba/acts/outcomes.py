"""The answers most acts give.

Rules of this file: what an answer is stands in `inbound`; here are those that need no more than
their words. What a rule of the engine refuses is said by whoever knows those rules.
"""

from typing import Any

from genba.acts.inbound import Outcome, Verdict


def done(message: str, **more: Any) -> Outcome:
    """It took effect."""
    return Outcome(verdict=Verdict.DONE, message=message, **more)


def not_done(message: str) -> Outcome:
    """A rule does not let it; nothing changed."""
    return Outcome(verdict=Verdict.REFUSED, message=message)


def invalid(field: str, message: str) -> Outcome:
    """One field is wrong in a way its schema cannot say."""
    return Outcome(verdict=Verdict.INVALID, message=message, errors={field: message})
