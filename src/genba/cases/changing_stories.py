"""The story of a case that left its path, in words.

Rules of this file: one teller per type of entry. The reason is looked up where it is kept, and is
missing once it is erased.
"""

from django.utils.translation import gettext

from genba.cases.changing_wording import TOLD
from genba.cases.telling import Body, Line, Teller, Telling
from genba.journal.records import Entry


def _changed(telling: Telling, _entry: Entry, body: Body) -> Line:
    """Somebody left the path: what, and why in their words."""
    change = body["change"]
    words = {"step": body["step"], "new": telling.step(change.get("id") or change.get("to"))}
    text = gettext(TOLD[change["type"]]) % words
    if change["type"] == "go-back":  # whose reason was said in the conversation
        return Line(text=text, node=change.get("to") or "")
    content = telling.contents.get(body.get("reason", ""))
    if content is not None and not content.erased:
        text = f"{text}: {content.body.decode('utf-8', 'replace')}"
    return Line(text=text, node=change.get("at") or change.get("node") or "")


def _undone(_telling: Telling, _entry: Entry, body: Body) -> Line:
    return Line(text=gettext("undid the change at “%(step)s”") % {"step": body["step"]})


CHANGES: dict[str, Teller] = {"change.made": _changed, "change.undone": _undone}
