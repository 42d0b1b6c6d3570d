"""What deciding hands back, and the account it is made on.

Rules of this file: plain results only. A warning says in which decision, which part and which text
something became null; a hit says which rows matched. Nothing here evaluates.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from genba.expressions.outcome import FeelWarning, Run
from genba.expressions.values import Value

MOST_HITS = 10_000
"""Tables evaluated inside loops: more hits than this in one evaluation are counted, not kept."""


class Place(Struct, frozen=True):
    """Where a text stands: its decision, the part of it in words, and the text."""

    decision: str
    part: str
    text: str


NOWHERE = Place("", "", "")


class DecisionWarning(Struct, frozen=True):
    """Why something became null. The offset is a position in `text`."""

    message: str
    decision: str
    part: str
    text: str
    offset: int

    def in_words(self) -> str:
        """The warning with its place, for people."""
        where = ", ".join(word for word in (self.decision, self.part) if word)
        shown = " ".join(self.text.split())
        shown = f" ({shown[:80]})" if shown else ""
        return f"{where}: {self.message}{shown}" if where else f"{self.message}{shown}"


class MatchedRule(Struct, frozen=True):
    """A row that matched. `row` counts from 1; `words` is what a card says of it."""

    decision: str
    table: str
    row: int
    rule: str
    words: str
    conditions: tuple[str, ...]
    """The cells as written, "" for a cell that takes anything."""
    outputs: tuple[str, ...]
    annotations: tuple[str, ...]


class Decided(Struct, frozen=True):
    """The outcome of a decision or a service.

    `values` are the decisions made on the way, this one included; `inputs` what was read from
    outside, after conversion to its type. `version` is the digest of the model's bytes.
    `exhausted` says why when the budget ended the evaluation; the value is null then.
    """

    value: Value
    warnings: tuple[DecisionWarning, ...]
    matched: tuple[MatchedRule, ...]
    inputs: Mapping[str, Value]
    values: Mapping[str, Value]
    version: str
    exhausted: str | None = None


class Unknown(Struct, frozen=True):
    """The model has no decision or service of that name: a refusal, as a value."""

    name: str
    known: tuple[str, ...]

    def in_words(self) -> str:
        """The refusal with what there is instead."""
        return f"there is no decision {self.name!r}; there is {', '.join(self.known) or 'none'}"


class Account(Run, eq=False):
    """The running account of one decision: as FEEL's, and the rows that matched.

    `place` is a `Place`, set by whatever text is being evaluated.
    """

    place: Place = NOWHERE
    hits: list[tuple[Any, int]] = field(default_factory=list)
    """(compiled table, index of the rule) in the order they matched."""

    def hit(self, table: Any, rule: int) -> None:
        """Note that a row matched."""
        if len(self.hits) < MOST_HITS:
            self.hits.append((table, rule))


def located(warning: FeelWarning) -> DecisionWarning:
    """A warning of an account with its place spelled out."""
    place = warning.place or NOWHERE
    return DecisionWarning(warning.message, place.decision, place.part, place.text, warning.offset)
