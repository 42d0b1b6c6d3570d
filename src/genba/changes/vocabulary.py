"""The vocabulary of changes: what can be altered about how work goes.

Rules of this file:

1. Frozen, tagged data. The tag is the stored name: it never changes meaning.
2. An `Edit` alters the drawing: the same for one case (its path) and for all (a new version). Ids
   of what it adds are in the edit itself, so that making the graph again gives the same graph.
3. A `Move` alters where one case stands, once. It means nothing for all cases.
4. Nothing here says why, who, or when: that is the log's, and the act's.
"""

from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct

from genba.engine.values import Data, ElementId, NodeId, WorkId
from genba.notation.model import FormField


class Place(StrEnum):
    """Where something is put, seen from a step: in its way before it, after it, or beside it."""

    BEFORE = "before"
    AFTER = "after"
    BESIDE = "beside"


# --- edits of the drawing --------------------------------------------------------------------


class SkipStep(Struct, frozen=True, tag="skip-step", kw_only=True, omit_defaults=True):
    """A step is left out: whoever comes to it passes."""

    node: NodeId


class AddStep(Struct, frozen=True, tag="add-step", kw_only=True, omit_defaults=True):
    """A step in somebody's own words, done by a role, or by a person of it.

    `role` "" is the role of the step it is put at. `acts` are verbs as of `genba:acts`.
    """

    id: NodeId
    name: str
    at: NodeId
    place: Place
    role: str = ""
    person: str = ""
    words: str = ""  # what is asked, beyond the name
    acts: tuple[str, ...] = ()


class TakeFragment(Struct, frozen=True, tag="take-fragment", kw_only=True, omit_defaults=True):
    """Steps of another process (or of this one), from `first` to `last`, with all between.

    The ids of what is taken are those it has there, after `id` and a point.
    """

    id: NodeId
    process: str
    version: int
    first: NodeId
    last: NodeId
    at: NodeId
    place: Place


class RepeatStep(Struct, frozen=True, tag="repeat-step", kw_only=True, omit_defaults=True):
    """A step is done once more, at another place of the way, by the same people."""

    id: NodeId
    node: NodeId
    at: NodeId
    place: Place


class MoveStep(Struct, frozen=True, tag="move-step", kw_only=True, omit_defaults=True):
    """A step is done at another place of the way, and not where it was."""

    node: NodeId
    at: NodeId
    place: Place


class ReplaceWho(Struct, frozen=True, tag="replace-who", kw_only=True, omit_defaults=True):
    """Somebody else does a step: another role, or a person."""

    node: NodeId
    role: str = ""
    person: str = ""


class ReplaceWhat(Struct, frozen=True, tag="replace-what", kw_only=True, omit_defaults=True):
    """Something else is asked at a step; None stays as it is."""

    node: NodeId
    name: str | None = None
    words: str | None = None
    fields: tuple[FormField, ...] | None = None


Edit = SkipStep | AddStep | TakeFragment | RepeatStep | MoveStep | ReplaceWho | ReplaceWhat


# --- moves of one case -----------------------------------------------------------------------


class GoBack(Struct, frozen=True, tag="go-back", kw_only=True, omit_defaults=True):
    """What is asked is sent back: an earlier step is done again, and all after it."""

    work: WorkId
    to: NodeId | None = None


class GoTo(Struct, frozen=True, tag="go-to", kw_only=True, omit_defaults=True):
    """What is open at an element is left, and the way goes on at another step, wherever it is."""

    element: ElementId
    to: NodeId


class StopBranch(Struct, frozen=True, tag="stop-branch", kw_only=True, omit_defaults=True):
    """What is open at an element is ended, and its way with it; what waits for it waits no more."""

    element: ElementId


class SetVariables(Struct, frozen=True, tag="set-variables", kw_only=True, omit_defaults=True):
    """What the case knows is corrected."""

    values: Data


class Suspend(Struct, frozen=True, tag="suspend", kw_only=True, omit_defaults=True):
    """The case is put on hold: nothing of it moves until it goes on."""


class Continue(Struct, frozen=True, tag="continue", kw_only=True, omit_defaults=True):
    """The case goes on, and what came while it was on hold is worked off."""


Move = GoBack | GoTo | StopBranch | SetVariables | Suspend | Continue
Change = Edit | Move
EDITS: tuple[type[Any], ...] = (
    SkipStep,
    AddStep,
    TakeFragment,
    RepeatStep,
    MoveStep,
    ReplaceWho,
    ReplaceWhat,
)


class Refusal(Struct, frozen=True, kw_only=True):
    """A change that is not made: by which rule, why, in words, and who may waive the rule.

    `waiver` names a team; "" and `may_waive` False: nobody, since no waiver would make it work;
    "" and `may_waive` True: whoever administers the installation. `words` are a message id with
    `values` in it: those above translate.
    """

    rule: str
    words: str
    values: dict[str, str] = {}
    node: str = ""
    may_waive: bool = False
    waiver: str = ""

    @property
    def message(self) -> str:
        """The reason, in English."""
        return self.words % self.values


def read_changes(path: list[Data]) -> tuple[Edit, ...]:
    """The edits of a case's path. Raises msgspec.ValidationError when it is none."""
    return msgspec.convert(tuple(path), tuple[Edit, ...])


def write_changes(edits: tuple[Edit, ...]) -> list[Data]:
    """Edits as plain data, for a case's path."""
    built: list[Data] = msgspec.to_builtins(list(edits))
    return built
