"""Which releases can work on which shape of the tables.

Rules of this file: numbers and one refusal; the steps themselves are `MIGRATIONS` of each store,
with the same numbers. A step adds (tables, indexes, columns with a default) and takes nothing away,
so that servers of the release before go on working while a newer one brings the tables on. A step
that cannot be so is named in `BREAKING`; the database then says since which shape a release must
know it, and older ones refuse to start.
"""

from genba.journal.contract import JournalBroken

RULED = 5  # the step that lets a database say this; releases before it refuse every newer shape
BREAKING: frozenset[int] = frozenset()


def compatible_from(step: int) -> int:
    """The shape a release must know to work on the tables after this step."""
    return max([RULED, *(number for number in BREAKING if number <= step)])


def refuse_newer(version: int, since: int, newest: int) -> None:
    """Raise JournalBroken for tables that a release which knows `newest` cannot work on."""
    if newest < since:
        raise JournalBroken(
            f"The database was written by a newer release of Genba (shape {version}, this one"
            f" knows {newest}, {since} is needed). Nothing was changed. Start that release, or a"
            " later one."
        )
