"""`genba verify`: is the log what it was?

Rules of this file: the journal judges; this prints.
"""

from pathlib import Path

from genba.cli.answers import Impossible, count
from genba.cli.home import open_home
from genba.journal.contract import CaseQuery

MOST = 10**18  # no case has such a number


def verify(*, case: int | None = None, home: Path | None = None) -> int:
    """Check the log against its chain of hashes.

    Exit code 1 when an entry was changed, removed or added outside of Genba.

    Parameters
    ----------
    case
        Only the case with this number.
    home
        Folder of the installation (default: GENBA_HOME, else `var`).
    """
    journal = open_home(home).journal
    with journal.reading() as reading:
        row = reading.case_by_number(case) if case is not None and case < MOST else None
        cases = 1 if row else reading.count_cases(CaseQuery())
        entries = reading.length()
    if case is not None and row is None:
        raise Impossible(f"There is no case number {case}.")
    broken = journal.verify(row.case if row else None)
    for line in broken:
        print(line)
    if broken:
        print(f"The log is not what was written: {count(len(broken), 'place')}.")
        return 1
    kept = f"{count(cases, 'case')}" + ("" if row else f", {count(entries, 'entry', 'entries')}")
    print(f"The log is whole: {kept}.")
    return 0
