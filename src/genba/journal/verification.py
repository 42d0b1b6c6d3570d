"""Whether the log in a database is what was written.

Rules of this file: reads page by page and judges by `chain`; the same for every SQL store. What a
store can promise beyond that (numberings without gaps) it checks itself.
"""

from genba.journal.chain import faults
from genba.journal.records import CaseId
from genba.journal.sql_reading import SqlReading

_PAGE = 1_000


def faults_of(reading: SqlReading, case: CaseId) -> list[str]:
    """What is wrong with the log of one case, in words."""
    head = reading.head(case)
    if head is None:
        return [f"There is no case {case}."]
    return _faults(reading, case, *head)


def faults_of_all(reading: SqlReading) -> list[str]:
    """What is wrong with the logs of all cases, in words; reads every entry."""
    found: list[str] = []
    after = ""
    while page := reading.heads(after, _PAGE):
        for case, revision, head in page:
            found += _faults(reading, case, revision, head)
        after = page[-1][0]
    found += [f"Case {name}: there are entries but no case." for name in reading.orphans()]
    return found


def _faults(reading: SqlReading, case: CaseId, revision: int, head: bytes) -> list[str]:
    try:
        return faults(case, reading.whole_log(case), revision=revision, head=head)
    except (OverflowError, ValueError) as error:
        return [f"Case {case}: an entry cannot be read ({error})."]
