"""Going on in another version, in words: why a case cannot, what it is asked, what changes.

Rules of this file: tables of message ids, one row per rule of `engine.hindrances`, per effect of
`changes.verdicts` and per reason of a pair. Names of steps are those of the drawing.
"""

from collections.abc import Iterable

from django.utils.translation import gettext, gettext_noop

from genba.changes.mapping import Why
from genba.changes.verdicts import Fate, Verdict
from genba.engine.graph import Graph

HINDRANCES: dict[str, str] = {
    "migrate.ended": gettext_noop("The case is over."),
    "migrate.gone": gettext_noop("“%(step)s” is not in that version."),
    "migrate.kind": gettext_noop("“%(step)s” is another kind of step there."),
    "migrate.scope": gettext_noop("“%(step)s” stands in another sub-process there."),
    "migrate.repeated": gettext_noop("“%(step)s” is repeated in another way there."),
    "migrate.called": gettext_noop("“%(step)s” calls another process there."),
    "migrate.token": gettext_noop("What waits before “%(step)s” would be lost."),
    "migrate.join": gettext_noop("“%(step)s” would wait there for something never begun."),
    "migrate.undo": gettext_noop("“%(step)s” could not be undone there."),
    "migrate.message": gettext_noop("A message for “%(step)s” would be lost."),
    "migrate.events": gettext_noop("“%(step)s” waits for other events there."),
    "migrate.path": gettext_noop("The changes made to this case do not fit that version."),
    "migrate.stuck": gettext_noop("The case would be stuck at “%(step)s”."),
}

EFFECTS: dict[str, str] = {
    "clock": gettext_noop("The clock of “%(step)s” starts anew."),
    "message": gettext_noop("“%(step)s” waits for a message it did not wait for."),
    "asked": gettext_noop("Somebody is asked: “%(step)s”."),
    "withdrawn": gettext_noop("“%(step)s” is no longer asked."),
    "role": gettext_noop("“%(step)s” is asked of another group."),
    "goes-on": gettext_noop("The case goes on to “%(step)s”."),
}

PAIRS: dict[Why, str] = {
    Why.SAME: gettext_noop("the same step"),
    Why.NAME: gettext_noop("the same name"),
    Why.PLACE: gettext_noop("the same place"),
    Why.CHOSEN: gettext_noop("somebody said so"),
}

FATES: dict[Fate, str] = {
    Fate.FINE: gettext_noop("fine"),
    Fate.CHOICE: gettext_noop("needs a choice"),
    Fate.CANNOT: gettext_noop("cannot"),
}


def why_not(reasons: Iterable[tuple[str, str]]) -> str:
    """The reasons in words: pairs of a rule and the name of a step."""
    found = (
        gettext(HINDRANCES[rule]) % {"step": step} for rule, step in reasons if rule in HINDRANCES
    )
    return " ".join(dict.fromkeys(found))


def reasons_of(verdict: Verdict, old: Graph, new: Graph) -> str:
    """Why a case is not simply fine."""
    return why_not(
        (reason.rule, (old if reason.node in old.nodes else new).label(reason.node))
        for reason in verdict.reasons
    )


def effects_of(verdict: Verdict, old: Graph, new: Graph) -> str:
    """What changes for a case that is fine, beside its version."""
    found = (
        gettext(EFFECTS[effect.kind])
        % {"step": (new if effect.node in new.nodes else old).label(effect.node)}
        for effect in verdict.effects
    )
    return " ".join(dict.fromkeys(found))
