"""Words somebody says on a case, whichever act they come with.

Rules of this file: free text is personal data, so it is kept as a `Content` that can be erased;
the log only refers to it. Whoever is mentioned follows the case and is told. No verb is known
here: a comment, a condition on an approval and the reason of a rejection are all words.
"""

from uuid import uuid4

import msgspec
from msgspec import Struct

from genba.journal.records import Content
from genba.people.directory import Known
from genba.people.mentions import mentions
from genba.runtime.notices import WordsNotice
from genba.runtime.unit import OpenCase, Unit

SAID = "talk.said"
LONGEST = 20_000  # characters somebody can say at once


class Said(Struct, frozen=True, kw_only=True):
    """Words were said: `content` holds them; `node` is the step they are about."""

    content: str
    node: str = ""
    mentioned: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


def say(unit: Unit, case: OpenCase, by: Known, text: str, *, node: str = "") -> tuple[Known, ...]:
    """Add words to the conversation of a case; gives the people who were mentioned."""
    words = text.strip()
    meant = mentions(words)
    told = tuple(person for person in meant.everybody() if person.id != by.id)
    content = keep(
        unit, case, Content(case=case.row.case, id="", kind="words", body=words.encode())
    )
    for person in (by, *told):
        unit.tx.follow(case.row.case, person.id)
    ids = tuple(person.id for person in told)
    case.record(SAID, Said(content=content, node=node, mentioned=ids, groups=meant.groups))
    announce(case, by, content, ids)
    return told


def keep(unit: Unit, case: OpenCase, content: Content) -> str:
    """Store words or a file under a new id, and give the id."""
    id = uuid4().hex
    unit.tx.put_content(
        msgspec.structs.replace(
            content,
            case=case.row.case,
            id=id,
            media_type=content.media_type,
            size=len(content.body),
        )
    )
    return id


def announce(case: OpenCase, by: Known, content: str, mentioned: tuple[str, ...]) -> None:
    """Tell the channels that something was said."""
    notice = WordsNotice(
        case=case.row.case, seq=case.seq, content=content, mentioned=mentioned, author=by.id
    )
    case.post("words", notice, key=f"words:{content}")
