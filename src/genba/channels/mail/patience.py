"""Whom a mail finds when: quiet hours, muted conversations, a digest instead of single mails.

Rules of this file: what somebody chose is asked of `people.attention` each time. What waits is not
a mail but its notice, so that what is sent afterwards is true then; what was done meanwhile is not
sent at all. Only what is due before the quiet hours end does not wait for them.
"""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from genba.journal.contract import Reading
from genba.journal.records import CaseId, NewOutbox, OutboxRow, whole_of
from genba.people.attention import attention_of, is_urgent, muting, quiet_until
from genba.people.directory import Known
from genba.runtime.installation import Installation
from genba.runtime.notices import CardNotice, WordsNotice


def hears_at_once(person: str, log: CaseId, reading: Reading) -> bool:
    """Whether somebody who follows a conversation is told of each word in it."""
    if attention_of(person, reading).daily is not None or person in muting(log, reading):
        return False
    whole = whole_of(log)
    return not whole or person not in muting(whole, reading)


def waits(
    inst: Installation,
    row: OutboxRow,
    notice: CardNotice | WordsNotice,
    person: Known,
    due: datetime | None,
) -> bool:
    """Whether it is too early to tell somebody; the notice is then put off, for them alone."""
    now = inst.clock.now()
    with inst.journal.reading() as reading:
        until = quiet_until(attention_of(person.id, reading), now)
    if until is None or is_urgent(due, until):
        return False
    kind, _slash, _name = row.kind.partition("/")
    again = NewOutbox(
        kind=f"{kind}/mail",
        body=msgspec.json.encode(replace(notice, to=person.id)),
        key=f"{row.key.partition('/to:')[0]}/to:{person.id}:{until.isoformat()}",
        due=until,
    )
    with inst.journal.writing() as tx:
        tx.post(row.case, [again])
    return True
