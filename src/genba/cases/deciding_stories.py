"""Deciding together, handing on and sharing, in the words of a story.

Rules of this file: those of `stories`; `DECIDING` has one row per type of entry.
"""

from django.utils.translation import gettext

from genba.cases.telling import Body, Line, Teller, Telling
from genba.cases.wording import VALUES
from genba.journal.records import Entry


def _delegated(telling: Telling, _entry: Entry, body: Body) -> Line:
    words = {"step": telling.step(body["node"]), "to": telling.name(body["to"])}
    text = gettext("delegated “%(step)s” to %(to)s; it comes back") % words
    return Line(text=text, node=body["node"])


def _came_back(telling: Telling, _entry: Entry, body: Body) -> Line:
    words = {
        "step": telling.step(body["node"]),
        "to": telling.name(body["to"]),
        "verdict": _verdict(body.get("data", {}).get("decision", "")),
    }
    text = gettext("answered “%(step)s” (%(verdict)s); %(to)s has the final word") % words
    return Line(text=text, node=body["node"])


def _verdict(verdict: str) -> str:
    return gettext(VALUES.get(verdict, VALUES["done"]))


def _signer_added(telling: Telling, _entry: Entry, body: Body) -> Line:
    words = {"step": telling.step(body["node"]), "to": telling.name(body["to"])}
    text = gettext("asked %(to)s to decide “%(step)s” too") % words
    return Line(text=text, node=body["node"])


def _settled(telling: Telling, _entry: Entry, body: Body) -> Line | None:
    if body["seats"] == 1:
        return None
    words = {
        "step": telling.step(body["node"]),
        "verdict": _verdict(body["verdict"]),
        "yes": body["approved"],
        "no": body["rejected"],
        "of": body["seats"],
    }
    text = gettext("“%(step)s” is decided: %(verdict)s (%(yes)s for, %(no)s against, of %(of)s).")
    return Line(text=text % words, node=body["node"], anonymous=True)


def _voted_late(telling: Telling, _entry: Entry, body: Body) -> Line:
    words = {"step": telling.step(body["node"]), "verdict": _verdict(body["verdict"])}
    text = gettext("answered “%(step)s” late: %(verdict)s; it was decided already") % words
    return Line(text=text, node=body["node"])


def _shared(telling: Telling, _entry: Entry, body: Body) -> Line:
    return Line(text=gettext("shared the case with %(name)s") % {"name": _party(telling, body)})


def _unshared(telling: Telling, _entry: Entry, body: Body) -> Line:
    text = gettext("stopped sharing the case with %(name)s")
    return Line(text=text % {"name": _party(telling, body)})


def _party(telling: Telling, body: Body) -> str:
    kind, _slash, name = body["whom"].partition("/")
    return telling.name(name) if kind == "person" else name


def _invited(_telling: Telling, _entry: Entry, _body: Body) -> Line:
    return Line(text=gettext("invited somebody outside"), quiet=True)


def _restricted(_telling: Telling, _entry: Entry, body: Body) -> Line:
    if body["restricted"]:
        return Line(text=gettext("keeps the case from others"))
    return Line(text=gettext("opened the case to others again"))


DECIDING: dict[str, Teller] = {
    "work-delegated": _delegated,
    "work-returned": _came_back,
    "signer-added": _signer_added,
    "ballot-settled": _settled,
    "vote.late": _voted_late,
    "case.shared": _shared,
    "case.unshared": _unshared,
    "case.restricted": _restricted,
    "case.opened": _restricted,
    "case.invited": _invited,
}
