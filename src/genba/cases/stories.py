"""The story of a case or a thread: its log in words, talk and events in one timeline.

Rules of this file: a view of the log; it keeps nothing. One row of `TELLERS` per type of entry;
a type without a row is engine detail that says nothing to a reader. Where a moment has a `who`,
its text reads on after the name ("Buying" + "approved “Order”"); without one it is a sentence.
What only helps to follow the engine is `quiet`. Words said are looked up where they are kept, and
are missing from the story once they are erased.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec
from django.utils.translation import gettext

from genba.acts.card import Moment
from genba.acts.marks import SPOKEN, TYPES, spoken_in
from genba.acts.registry import find_act
from genba.cases.changing_stories import CHANGES
from genba.cases.deciding_stories import DECIDING
from genba.cases.migration_wording import why_not
from genba.cases.places import row_path
from genba.cases.rows import outcome_in_words, row_in_words
from genba.cases.talk_stories import TALK, became
from genba.cases.telling import Body, Line, Teller, Telling
from genba.cases.wording import listed, moment_of, through
from genba.engine.graph import Graph
from genba.journal.contract import Reading
from genba.journal.records import CaseId, CaseRow, Entry
from genba.people.directory import names_of
from genba.runtime.definitions import graph as graph_of
from genba.runtime.installation import current
from genba.runtime.migrations import STAYED
from genba.runtime.recording import up_to_date

MOVED = ("case-migrated", "migration-reverted")
RECENT = 300  # entries of the log in which a card looks for the last words


def story(reading: Reading, row: CaseRow, graph: Graph) -> tuple[Moment, ...]:
    """Everything that happened in a case, oldest first."""
    return tuple(_moments(reading, row.case, reading.log(row.case), row, graph))


def thread_story(reading: Reading, stream: CaseId, after: int = 0) -> tuple[Moment, ...]:
    """Everything said on a stream, oldest first; `after` leaves out what is before that seq."""
    return tuple(_moments(reading, stream, reading.log(stream, after=after)))


def step_story(story: tuple[Moment, ...], node: str) -> tuple[Moment, ...]:
    """What of a story is about a step: what happened there and what was said of it."""
    return tuple(moment for moment in story if moment.node == node)


def part_story(story: tuple[Moment, ...], part: str) -> tuple[Moment, ...]:
    """What of a story was said about a part of its case."""
    return tuple(moment for moment in story if moment.part == part)


def last_words(reading: Reading, row: CaseRow, graph: Graph, most: int = 3) -> tuple[Moment, ...]:
    """The last words said on a case, newest last."""
    recent = reading.log(row.case, after=max(0, row.revision - RECENT))
    said = [one for one in recent if one.type in TYPES]
    if not said:
        return ()
    moments = _moments(reading, row.case, said, row, graph)
    return tuple(moment for moment in moments if moment.kind == "words")[-most:]


def _moments(
    reading: Reading,
    id: CaseId,
    log: list[Entry],
    row: CaseRow | None = None,
    graph: Graph | None = None,
) -> Iterator[Moment]:
    log = [up_to_date(entry) for entry in log]
    bodies = [msgspec.json.decode(entry.body) for entry in log]
    people = {id for entry in log for id in (entry.envelope.actor, entry.envelope.behalf)}
    people |= {id for body in bodies for id in _people_in(body)}
    telling = Telling(
        graph,
        names_of(people),
        {body["work"]: body for entry, body in zip(log, bodies, strict=True) if _opens(entry)},
        {content.id: content for content in reading.contents(id)},
        _earlier(row, log, bodies) if row else (),
    )
    spoken, number = spoken_in(log), row.number if row else 0
    for entry, body in zip(log, bodies, strict=True):
        teller = TELLERS.get(entry.type)
        line = teller(telling, entry, body) if teller else None
        if line is not None:
            moment = _moment(telling, entry, line)
            said = spoken.get(body["content"]) if entry.type in SPOKEN else None
            yield became(telling, moment, said, spoken, number) if said else moment


def _doer(entry: Entry) -> str:
    """Who did it, or who asked a machine for it."""
    return entry.envelope.actor or entry.envelope.behalf


def _earlier(row: CaseRow, log: list[Entry], bodies: list[Body]) -> tuple[Graph, ...]:
    """The drawings of the versions a case ran in before it went on in another."""
    moved = {
        int(body["before"])
        for entry, body in zip(log, bodies, strict=True)
        if entry.type in MOVED and body["before"] != row.version
    }
    return tuple(graph_of(current(), row.process, version) for version in sorted(moved))


def _opens(entry: Entry) -> bool:
    return entry.type == "work-opened"


def _people_in(body: Body) -> Iterator[str]:
    named = [body.get(name) for name in ("to", "by", "assignee")]
    named.append(str(body.get("whom", "")).removeprefix("person/"))
    yield from (name for name in named if name and isinstance(name, str))
    yield from body.get("asked", ())


def _moment(telling: Telling, entry: Entry, line: Line) -> Moment:
    content = telling.contents.get(line.content)
    by = "" if line.anonymous else _doer(entry)
    return Moment(
        seq=entry.seq,
        position=entry.position,
        at=entry.envelope.at,
        kind=line.kind,
        who=_who(telling, entry) if by else "",
        person=by,
        channel=entry.envelope.channel,
        text=line.text,
        node=line.node,
        content=line.content,
        file=content.name if content and line.kind == "file" else "",
        media_type=content.media_type if content and line.kind == "file" else "",
        size=content.size if content and line.kind == "file" else 0,
        quiet=line.quiet,
        url=line.url,
    )


def _who(telling: Telling, entry: Entry) -> str:
    """Who did it; of a deputy, both names."""
    name, behalf = telling.name(entry.envelope.actor), telling.name(entry.envelope.behalf)
    if not name or not behalf:
        return name or behalf
    return gettext("%(name)s for %(other)s") % {"name": name, "other": behalf}


# --- one teller per type of entry ------------------------------------------------------------


def _started(telling: Telling, entry: Entry, body: Body) -> Line:
    if not entry.envelope.actor:
        return Line(text=gettext("The case was started by a message or a timer."), anonymous=True)
    text = gettext("started the case %(way)s") % {"way": _way(entry)}
    return Line(text=text.strip(), node=body.get("node") or "")


def _completed(_telling: Telling, _entry: Entry, body: Body) -> Line:
    if body.get("error"):
        text = gettext("The case ended with “%(error)s”.") % {"error": body["error"]}
        return Line(text=text, anonymous=True)
    return Line(text=gettext("The case is complete."), anonymous=True)


def _withdrawn(_telling: Telling, _entry: Entry, _body: Body) -> Line:
    return Line(text=gettext("withdrew the case"))


def _moved(_telling: Telling, _entry: Entry, body: Body) -> Line:
    return Line(text=gettext("moved the case to version %(to)s") % {"to": body["version"]})


def _put_back(_telling: Telling, _entry: Entry, body: Body) -> Line:
    return Line(text=gettext("took the case back to version %(to)s") % {"to": body["version"]})


def _stayed(telling: Telling, _entry: Entry, body: Body) -> Line:
    why = why_not((rule, telling.step(node)) for rule, node in body["reasons"])
    text = gettext("The case could not go on in version %(to)s. %(why)s")
    return Line(text=text % {"to": body["version"], "why": why}, anonymous=True)


def _reached(telling: Telling, _entry: Entry, body: Body) -> Line | None:
    step = telling.step(body["node"])
    if not step or not telling.graph or body["node"] == telling.graph.process.id:
        return None
    text = gettext("“%(step)s” is reached.") % {"step": step}
    return Line(text=text, node=body["node"], quiet=True, anonymous=True)


def _asked(telling: Telling, _entry: Entry, body: Body) -> Line:
    asked = telling.name(body.get("assignee")) or body.get("role", "")
    words = {"step": telling.step(body["node"]), "asked": asked}
    text = gettext("%(asked)s is asked: “%(step)s”.") % words
    return Line(text=text, node=body["node"], quiet=True, anonymous=True)


def _given(telling: Telling, entry: Entry, body: Body) -> Line:
    opened = telling.opened.get(body["work"], {})
    words = {"step": telling.step(opened.get("node")), "to": telling.name(body.get("to"))}
    if not body.get("to"):
        text = gettext("gave “%(step)s” back") % words
    elif body["to"] == entry.envelope.actor:
        text = gettext("took “%(step)s”") % words
    else:
        text = gettext("gave “%(step)s” to %(to)s") % words
    return Line(text=text, node=opened.get("node", ""), quiet=not entry.envelope.actor)


def _done(telling: Telling, entry: Entry, body: Body) -> Line:
    """In the words of the act it was done with."""
    words = {
        "step": telling.step(body["node"]),
        "chosen": telling.options(body["work"], body.get("chosen", ())),
    }
    declaration = find_act(entry.envelope.act)
    told = declaration.told if declaration and declaration.object == "task" else ""
    if not told:
        text = gettext("“%(step)s” is done.") % words
        return Line(text=text, node=body["node"], anonymous=True)
    text = (gettext(told) % words).strip()
    return Line(text=f"{text} {_way(entry)}".strip(), node=body["node"])


def _way(entry: Entry) -> str:
    """The channel, where it is not the page: that is where most things are done."""
    return "" if entry.envelope.channel == "web" else through(entry.envelope.channel)


def _promised(telling: Telling, entry: Entry, body: Body) -> Line:
    words = {"step": telling.step(body["node"]), "number": body["priority"]}
    text = gettext("said that “%(step)s” is due by no time")
    if entry.envelope.act == "task.priority":
        text = gettext("gave “%(step)s” the priority %(number)s")
    elif body.get("due") is not None:
        words["time"] = moment_of(datetime.fromisoformat(body["due"]), entry.envelope.at)
        text = gettext("set “%(step)s” due: %(time)s")
    return Line(text=text % words, node=body["node"])


def _postponed(telling: Telling, entry: Entry, body: Body) -> Line:
    words = {"step": telling.step(body["node"])}
    text = gettext("“%(step)s” is back: it was put off until now.")
    if body.get("until"):
        words["time"] = moment_of(datetime.fromisoformat(body["until"]), entry.envelope.at)
        text = gettext("put off “%(step)s” until %(time)s")
    elif entry.envelope.actor:
        text = gettext("took up “%(step)s” again")
    return Line(text=text % words, node=body["node"], anonymous=not entry.envelope.actor)


def _reminded(telling: Telling, _entry: Entry, body: Body) -> Line:
    text = gettext("A reminder was sent: “%(step)s” still waits.")
    if body.get("by"):
        text = gettext("reminded of “%(step)s”")
    words = {"step": telling.step(body["node"])}
    return Line(text=text % words, node=body["node"], anonymous=not body.get("by"))


def _pushed(telling: Telling, _entry: Entry, body: Body) -> Line:
    to = telling.name(body.get("to")) or listed(body.get("groups", ())[-1:])
    words = {"step": telling.step(body["node"]), "to": to}
    text = gettext("Nobody took “%(step)s” in time: now %(to)s is asked.") % words
    return Line(text=text, node=body["node"], anonymous=True)


def _dropped(telling: Telling, _entry: Entry, body: Body) -> Line:
    text = gettext("“%(step)s” is no longer needed.") % {"step": telling.step(body["node"])}
    return Line(text=text, node=body["node"], quiet=True, anonymous=True)


def _sent_back(telling: Telling, entry: Entry, body: Body) -> Line | None:
    if entry.envelope.act == "task.send-back":
        return None  # it is told as the change it is
    words = {"step": telling.step(body["node"]), "to": telling.step(body["to"])}
    text = gettext("asked for changes at “%(step)s”: back to “%(to)s”") % words
    return Line(text=text, node=body["node"])


def _clock_set(telling: Telling, _entry: Entry, body: Body) -> Line:
    text = gettext("“%(step)s”: the clock is running.") % {"step": telling.step(body["node"])}
    return Line(text=text, node=body["node"], quiet=True, anonymous=True)


def _clock_rang(_telling: Telling, _entry: Entry, _body: Body) -> Line:
    return Line(text=gettext("The time has come."), quiet=True, anonymous=True)


def _sent(telling: Telling, _entry: Entry, body: Body) -> Line:
    words = {"name": _message(telling, body), "to": telling.party(body.get("target"))}
    text = gettext("The message “%(name)s” was sent to %(to)s.") % words
    if not words["to"]:
        text = gettext("The message “%(name)s” was sent.") % words
    return Line(text=text, node=body["node"], anonymous=True)


def _received(telling: Telling, _entry: Entry, body: Body) -> Line:
    text = gettext("The message “%(name)s” arrived.") % {"name": _message(telling, body)}
    return Line(text=text, node=body.get("node") or "", anonymous=True)


def _message(telling: Telling, body: Body) -> str:
    return str(body["name"] or telling.step(body.get("node")))


def _thrown(_telling: Telling, _entry: Entry, body: Body) -> Line:
    text = gettext("“%(name)s” was announced.") % {"name": body["name"]}
    return Line(text=text, anonymous=True)


def _escalated(_telling: Telling, _entry: Entry, body: Body) -> Line:
    text = gettext("“%(name)s” was escalated.") % {"name": body.get("name") or body.get("code")}
    return Line(text=text, anonymous=True)


def _failed(telling: Telling, _entry: Entry, body: Body) -> Line:
    words = {"step": telling.step(body["node"]), "code": body["code"]}
    text = gettext("said that “%(step)s” failed: %(code)s") % words
    return Line(text=text, node=body["node"])


def _stuck(telling: Telling, _entry: Entry, body: Body) -> Line:
    words = {"step": telling.step(body["node"]), "message": body["message"]}
    text = gettext("“%(step)s” is stuck: %(message)s") % words
    return Line(text=text, node=body["node"], anonymous=True)


def _decided(telling: Telling, _entry: Entry, body: Body) -> Line:
    """What a rule decided, and by which rows: "decided: discount 10 — row 4: amount over …"."""
    rows = "; ".join(row_in_words(row["row"], row.get("conditions", ())) for row in body["rows"])
    words = {
        "step": telling.step(body["node"]),
        "outcome": outcome_in_words(body["result"], body["value"]),
        "rows": rows,
    }
    if body["asks"]:
        text = gettext("“%(step)s”: the rule leaves it to a person") % words
    else:
        text = gettext("“%(step)s” decided: %(outcome)s") % words
    version = gettext("version %(number)s") % {"number": body["version"]}
    why = f"{text} — {rows}" if rows else text
    own = (
        row["rule"] or str(row["row"]) for row in body["rows"] if row["decision"] == body["name"]
    )
    url = row_path(body["key"], next(own, ""))
    return Line(text=f"{why} ({version})", node=body["node"], anonymous=True, url=url)


def tell(tellers: dict[str, Teller]) -> None:
    """Let a layer above say what its entries say."""
    TELLERS.update(tellers)


TELLERS: dict[str, Teller] = {
    **DECIDING,
    "case-started": _started,
    "case-completed": _completed,
    "case-cancelled": _withdrawn,
    "case-migrated": _moved,
    "migration-reverted": _put_back,
    STAYED: _stayed,
    **CHANGES,
    "element-started": _reached,
    "work-opened": _asked,
    "work-assigned": _given,
    "work-completed": _done,
    "work-cancelled": _dropped,
    "work-promised": _promised,
    "work-postponed": _postponed,
    "work-reminded": _reminded,
    "work-escalated": _pushed,
    "step-sent-back": _sent_back,
    "timer-set": _clock_set,
    "timer-fired": _clock_rang,
    "message-sent": _sent,
    "message-received": _received,
    "signal-thrown": _thrown,
    "escalation-thrown": _escalated,
    "error-raised": _failed,
    "incident-raised": _stuck,
    "decision-made": _decided,
    **TALK,
}
