"""A change of one case in words: what will still be asked, which rules it touches, who notices.

Rules of this file: tables of message ids, one row per rule of `changes` and per kind of change.
A change is information, never an offence: no word here says that something went wrong.
"""

from collections.abc import Iterable

from django.utils.translation import gettext, gettext_noop

from genba.changes.foresight import Foreseen, Notice
from genba.changes.vocabulary import Refusal
from genba.engine.commands import Suspend
from genba.engine.graph import Graph
from genba.engine.values import NodeId
from genba.journal.records import CaseRow
from genba.runtime.installation import Installation
from genba.runtime.paths import graph_of
from genba.runtime.unit import read_state

MOST = 6  # steps named in one line

RULES: dict[str, str] = {
    "“%(step)s” is no step that can be left out.": gettext_noop(
        "“%(step)s” is no step that can be left out."
    ),
    "“%(step)s” is one of several events that are waited for.": gettext_noop(
        "“%(step)s” is one of several events that are waited for."
    ),
    "“%(step)s” has been added already.": gettext_noop("“%(step)s” has been added already."),
    "There is no process “%(process)s” to take steps from.": gettext_noop(
        "There is no process “%(process)s” to take steps from."
    ),
    "“%(step)s” is no step that can be repeated.": gettext_noop(
        "“%(step)s” is no step that can be repeated."
    ),
    "“%(step)s” is no step that can be moved.": gettext_noop(
        "“%(step)s” is no step that can be moved."
    ),
    "“%(step)s” is no step that can be taken.": gettext_noop(
        "“%(step)s” is no step that can be taken."
    ),
    "“%(step)s” is no step that somebody does.": gettext_noop(
        "“%(step)s” is no step that somebody does."
    ),
    "“%(step)s” is no step to go on at.": gettext_noop("“%(step)s” is no step to go on at."),
    "“%(step)s” belongs to another part of the way.": gettext_noop(
        "“%(step)s” belongs to another part of the way."
    ),
    "“%(step)s” belongs to another part.": gettext_noop("“%(step)s” belongs to another part."),
    "The steps do not belong together: the way leaves them at “%(step)s”.": gettext_noop(
        "The steps do not belong together: the way leaves them at “%(step)s”."
    ),
    "There is no step “%(step)s” to take.": gettext_noop("There is no step “%(step)s” to take."),
    "There is no step “%(step)s” in this case.": gettext_noop(
        "There is no step “%(step)s” in this case."
    ),
    "Nothing can be put at “%(step)s”.": gettext_noop("Nothing can be put at “%(step)s”."),
    "Nothing comes before “%(step)s”.": gettext_noop("Nothing comes before “%(step)s”."),
    "Nothing comes after “%(step)s”.": gettext_noop("Nothing comes after “%(step)s”."),
    "“%(step)s” waits for several others.": gettext_noop("“%(step)s” waits for several others."),
    "It could not be run that way: %(why)s": gettext_noop("It could not be run that way: %(why)s"),
    "The way does not come to “%(step)s” any more.": gettext_noop(
        "The way does not come to “%(step)s” any more."
    ),
    "Nothing else is open: stopping “%(step)s” would end the case. Withdraw it then.": gettext_noop(
        "Nothing else is open: stopping “%(step)s” would end the case. Withdraw it then."
    ),
    "It is not open any more.": gettext_noop("It is not open any more."),
    "“%(step)s” must be done in every case.": gettext_noop(
        "“%(step)s” must be done in every case."
    ),
    "“%(step)s” is decided by somebody else than you.": gettext_noop(
        "“%(step)s” is decided by somebody else than you."
    ),
    "“%(step)s” would wait for something that cannot come.": gettext_noop(
        "“%(step)s” would wait for something that cannot come."
    ),
    "No way would lead to the end any more.": gettext_noop(
        "No way would lead to the end any more."
    ),
    "It could not be shown that the case still comes to its end.": gettext_noop(
        "It could not be shown that the case still comes to its end."
    ),
    "There would be a way that does not lead to the end.": gettext_noop(
        "There would be a way that does not lead to the end."
    ),
    "There is no change to undo.": gettext_noop("There is no change to undo."),
    "The case has gone on since “%(step)s” was changed.": gettext_noop(
        "The case has gone on since “%(step)s” was changed."
    ),
}

# In the story, after a name: what somebody did, by the tag of the change.
TOLD: dict[str, str] = {
    "skip-step": gettext_noop("left out “%(step)s”"),
    "add-step": gettext_noop("added “%(new)s” at “%(step)s”"),
    "take-fragment": gettext_noop("took “%(new)s” into the case at “%(step)s”"),
    "repeat-step": gettext_noop("asked once more for “%(new)s” at “%(step)s”"),
    "move-step": gettext_noop("moved “%(step)s”"),
    "replace-who": gettext_noop("asked others to do “%(step)s”"),
    "replace-what": gettext_noop("asked something else at “%(step)s”"),
    "go-back": gettext_noop("sent “%(step)s” back to “%(new)s”"),
    "go-to": gettext_noop("went from “%(step)s” to “%(new)s”"),
    "stop-branch": gettext_noop("stopped at “%(step)s”"),
    "set-variables": gettext_noop("corrected what the case knows: %(step)s"),
    "suspend": gettext_noop("put the case on hold"),
    "continue": gettext_noop("let the case go on"),
}


def why_not(refusal: Refusal) -> str:
    """The reason, who may waive the rule, and the rule itself."""
    words = RULES.get(refusal.words)
    reason = gettext(words) % refusal.values if words else refusal.message
    if not refusal.may_waive:
        return gettext("%(reason)s Nobody can waive that (%(rule)s). The case is as it was.") % {
            "reason": reason,
            "rule": refusal.rule,
        }
    who = refusal.waiver or gettext("an administrator")
    words = gettext("%(reason)s %(who)s can waive that: ask with “Ask for a waiver” (%(rule)s).")
    return words % {"reason": reason, "who": who, "rule": refusal.rule}


def effects_of(found: Foreseen, before: Graph, names: dict[str, str]) -> tuple[str, ...]:
    """What a change does, a line each."""
    now = found.planned.graph
    lines = [_steps(gettext("Still to come: %(steps)s."), now, found.still)]
    if not found.still:
        lines = [gettext("Nothing more would be asked: the case comes to its end.")]
    if found.gone:
        lines.append(_steps(gettext("Left out: %(steps)s."), before, found.gone))
    if found.come:
        lines.append(_steps(gettext("New: %(steps)s."), now, found.come))
    if found.waived:
        lines.append(_steps(gettext("By a waiver: %(steps)s."), before, found.waived))
    else:
        lines.append(gettext("No rule stands against it."))
    lines += [_noticed(now, before, one, names) for one in found.notices]
    if isinstance(found.planned.command, Suspend):
        lines.append(
            gettext("Nobody is asked anything until it goes on; what comes meanwhile waits.")
        )
    return tuple(dict.fromkeys(lines))


def _steps(words: str, graph: Graph, nodes: Iterable[NodeId]) -> str:
    labels = list(dict.fromkeys(f"“{graph.label(node)}”" for node in nodes))
    rest = ["…"] if len(labels) > MOST else []
    return words % {"steps": ", ".join([*labels[:MOST], *rest])}


def _noticed(now: Graph, before: Graph, one: Notice, names: dict[str, str]) -> str:
    graph = now if one.node in now.nodes else before
    who = names.get(one.person) or one.role or gettext("everybody")
    words = {"who": who, "step": graph.label(one.node)}
    if one.what == "asked":
        return gettext("%(who)s will be asked: “%(step)s”.") % words
    return gettext("%(who)s will not be asked for “%(step)s” any more.") % words


def own_path(inst: Installation, row: CaseRow) -> tuple[str, ...]:
    """How a case's own path differs from the drawing, a line each; () where it is the same."""
    state = read_state(row)
    if not state.path:
        return ()
    graph = graph_of(inst, row, state)
    lines = []
    for edit in state.path:
        words = {
            "step": graph.label(edit.get("at") or edit.get("node", "")),
            "new": graph.label(edit.get("id", "")),
        }
        lines.append(gettext(TOLD[edit["type"]]) % words)
    return tuple(lines)
