"""Words somebody says on a case or a stream, whichever act they come with.

Rules of this file: free text is personal data, so it is kept as a `Content` that can be erased;
the log only refers to it. Whoever is mentioned follows and is told. No verb is known
here: a comment, a condition on an approval and the reason of a rejection are all words.
"""

from collections.abc import Iterable
from uuid import uuid4

import msgspec
from msgspec import Struct

from genba.acts.objects import Thread
from genba.journal.records import CaseId, Content, stream_kind
from genba.people.access import may_reach
from genba.people.directory import Known, known
from genba.people.mentions import ASSIGNEE, FOLLOWERS, REQUESTER, Mentions, mentions
from genba.runtime.notices import WordsNotice
from genba.runtime.streams import OpenLog
from genba.runtime.unit import Unit

SAID = "talk.said"
LONGEST = 20_000  # characters somebody can say at once


class Said(Struct, frozen=True, kw_only=True):
    """Words were said: `content` holds them; `node` is the step they are about.

    `part` is what of the case they are about (`Thread.part`), `quote` the content they answer.
    """

    content: str
    node: str = ""
    part: str = ""
    quote: str = ""
    mentioned: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


def say(
    unit: Unit,
    log: OpenLog,
    by: Known,
    text: str,
    *,
    node: str = "",
    thread: Thread | None = None,
    quote: str = "",
) -> tuple[Known, ...]:
    """Add words to a conversation; gives the people who were mentioned.

    `thread` says whose card carries the words, where it is not that of a case; `quote` is the
    content they answer.
    """
    return utter(unit, log, by, text, node=node, thread=thread, quote=quote)[1]


def utter(
    unit: Unit,
    log: OpenLog,
    by: Known,
    text: str,
    *,
    node: str = "",
    thread: Thread | None = None,
    quote: str = "",
) -> tuple[str, tuple[Known, ...]]:
    """As `say`; gives the id of the content too."""
    words = text.strip()
    meant = mentions(words)
    told = reached(unit, log.id, by, everybody_meant(unit, log.id, meant))
    content = keep(unit, log, Content(case=log.id, id="", kind="words", body=words.encode()))
    for person in (by, *told):
        unit.tx.follow(log.id, person.id)
    ids = tuple(person.id for person in told)
    groups = meant.groups if told else ()
    said = Said(
        content=content,
        node=node or (thread.node if thread else ""),
        part=thread.part if thread else "",
        quote=quote,
        mentioned=ids,
        groups=groups,
    )
    log.record(SAID, said)
    announce(log, by, content, ids, thread, quote=quote)
    return content, told


def everybody_meant(unit: Unit, log: CaseId, meant: Mentions) -> tuple[Known, ...]:
    """The people, the members of the teams, and whoever has a role in the case."""
    found = {person.id: person for person in meant.everybody()}
    ids = _having(unit, log, meant.roles) if meant.roles else []
    found |= {id: person for id in dict.fromkeys(ids) if (person := known(id)) is not None}
    return tuple(found.values())


def _having(unit: Unit, log: CaseId, roles: tuple[str, ...]) -> list[str]:
    """Who has these roles in a case; on a stream there are followers only."""
    having = {FOLLOWERS: unit.tx.followers(log)}
    row = None if stream_kind(log) else unit.tx.case(log)
    if row is not None:
        having[REQUESTER] = [row.started_by]
        having[ASSIGNEE] = [work.assignee for work in unit.tx.works(log)]
    return [id for role in roles for id in having.get(role, ())]


def reached(unit: Unit, log: CaseId, by: Known, people: Iterable[Known]) -> tuple[Known, ...]:
    """Of the people somebody names, those they may reach there, without themselves."""
    row = None if stream_kind(log) else unit.tx.case(log)
    return tuple(
        person
        for person in people
        if person.id != by.id and (row is None or may_reach(by, person, row, unit.tx))
    )


def open_thread(unit: Unit, thread: Thread) -> OpenLog:
    """The log people talk on, inside a unit of work; a stream is marked as the thread says."""
    if not stream_kind(thread.log):
        return unit.open(thread.log)
    stream = unit.stream(thread.log)
    if thread.mark:
        stream.mark(thread.mark)
    return stream


def keep(unit: Unit, log: OpenLog, content: Content) -> str:
    """Store words or a file under a new id, and give the id."""
    id = uuid4().hex
    unit.tx.put_content(
        msgspec.structs.replace(
            content,
            case=log.id,
            id=id,
            media_type=content.media_type,
            size=len(content.body),
        )
    )
    return id


def announce(
    log: OpenLog,
    by: Known,
    content: str,
    mentioned: tuple[str, ...],
    thread: Thread | None = None,
    *,
    quote: str = "",
    only: bool = False,
) -> None:
    """Tell the channels that something was said; `only` those mentioned, if the others know."""
    notice = WordsNotice(
        case=log.id,
        seq=log.seq,
        content=content,
        mentioned=mentioned,
        author=by.id,
        object=thread.object if thread else "case",
        object_id=thread.id if thread else log.id,
        quote=quote,
        only=only,
    )
    log.post("words", notice, key=f"words:{content}")
