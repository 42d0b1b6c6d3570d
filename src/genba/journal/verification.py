"""Whether the log in a database is what was written.

Rules of this file: reads page by page and judges by `chain`; the same for every SQL store. What a
store can promise beyond that (numberings without gaps) it checks itself.
"""

from genba.journal.chain import faults, named
from genba.journal.records import CaseId
from genba.journal.sql_reading import SqlReading

_PAGE = 1_000


def faults_of(reading: SqlReading, case: CaseId) -> list[str]:
    """What is wrong with the log of one case or stream, in words."""
    head = reading.head(case)
    if head is None:
        return [f"There is no case or stream {case}."]
    return _faults(reading, case, *head)


def faults_of_all(reading: SqlReading) -> list[str]:
    """What is wrong with the logs of all cases and streams, in words; reads every entry."""
    found: list[str] = []
    for query in ("heads", "stream_heads"):
        after = ""
        while page := reading.heads(query, after, _PAGE):
            for case, revision, head in page:
                found += _faults(reading, case, revision, head)
            after = page[-1][0]
    lost = reading.orphans()
    return found + [f"{named(id)}: there are entries but nothing else." for id in lost]


def _faults(reading: SqlReading, case: CaseId, revision: int, head: bytes) -> list[str]:
    try:
        return faults(case, reading.whole_log(case), revision=revision, head=head)
    except (OverflowError, ValueError) as error:
        return [f"{named(case)}: an entry cannot be read ({error})."]
