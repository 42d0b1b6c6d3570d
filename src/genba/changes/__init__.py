"""Changes: everything that alters how work goes, in one vocabulary at every scope.

Pure: no I/O, clock, randomness or threads; the standard library and msgspec only. A change to the
drawing (`Edit`) is kept in a case's path and makes the case's own graph, or, for all cases, a new
version; a change to where a case stands (`Move`) happens once. `foresight` says what a change of
one case would do, on the way `exploration` tells whether it can still finish; a `Refusal` names
the rule, the reason and who may waive it. What becomes of running cases in another version is
`mapping` and `verdicts`.
"""

from genba.changes.structure import amend, own_graph
from genba.changes.vocabulary import (
    AddStep,
    Change,
    Continue,
    Edit,
    GoBack,
    GoTo,
    Move,
    MoveStep,
    Place,
    Refusal,
    RepeatStep,
    ReplaceWhat,
    ReplaceWho,
    SetVariables,
    SkipStep,
    StopBranch,
    Suspend,
    TakeFragment,
    read_changes,
    write_changes,
)

__all__ = [
    "AddStep",
    "Change",
    "Continue",
    "Edit",
    "GoBack",
    "GoTo",
    "Move",
    "MoveStep",
    "Place",
    "Refusal",
    "RepeatStep",
    "ReplaceWhat",
    "ReplaceWho",
    "SetVariables",
    "SkipStep",
    "StopBranch",
    "Suspend",
    "TakeFragment",
    "amend",
    "own_graph",
    "read_changes",
    "write_changes",
]
