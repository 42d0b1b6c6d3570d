"""A decision and a row of its table as objects people talk about: loaded, and as cards.

Rules of this file: reads only. A row goes by its id in the file, or by its number where it has
none, so that the talk on it stays with it through every version; a row that was removed is still
there to be read, and says since when it decides nothing.
"""

from collections.abc import Iterator

from django.utils.translation import gettext
from msgspec import Struct

from genba.acts.card import Card, Fact, Moment
from genba.acts.objects import Thread
from genba.cases.places import decision_path, row_path
from genba.cases.rows import row_in_words
from genba.cases.rulings import Ruling, load_ruling
from genba.cases.stories import thread_story
from genba.decisions.difference import RowChange, compare_tables, row_ids, table_of
from genba.decisions.wording import label
from genba.journal.contract import Reading
from genba.journal.records import CaseId, DecisionVersion
from genba.notation.dmn import DecisionTable
from genba.people.access import may_see_decisions
from genba.people.attention import muting
from genba.people.directory import Known
from genba.runtime.decisions import UnknownDecision, decision_file
from genba.runtime.installation import current

MOST_ROWS = 10_000  # rows of a table whose talk is counted
LAST = 3  # words a card shows
RECENT = 100  # entries of a thread in which a card looks for them


class DecisionObject(Struct, frozen=True):
    """A decision in its latest version."""

    ruling: Ruling
    followers: tuple[str, ...] = ()
    muted: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Its key."""
        return self.ruling.version.key


class RowObject(Struct, frozen=True, kw_only=True):
    """A row as it is in the latest version that has it.

    `number` counts from 1, `first` in the version that brought it. `removed` is the version that
    has it no more, or None; `changes` what versions did to it, oldest first.
    """

    key: str
    row: str
    name: str
    version: DecisionVersion
    table: DecisionTable
    number: int
    first: int
    removed: DecisionVersion | None
    changes: tuple[tuple[DecisionVersion, RowChange], ...]
    followers: tuple[str, ...] = ()
    muted: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The id of the object: "KEY#ROW"."""
        return f"{self.key}#{self.row}"

    @property
    def conditions(self) -> tuple[tuple[str, str], ...]:
        """What each of its inputs says, under the name people give the column."""
        rule = self.table.rules[self.number - 1]
        pairs = zip(self.table.inputs, rule.inputs, strict=False)
        return tuple((label(column), cell.text) for column, cell in pairs)

    @property
    def results(self) -> tuple[tuple[str, str], ...]:
        """What it decides, by column."""
        rule = self.table.rules[self.number - 1]
        pairs = zip(self.table.outputs, rule.outputs, strict=False)
        return tuple((one.label or one.name or self.name, cell.text) for one, cell in pairs)


def stream_of(key: str, row: str = "") -> CaseId:
    """The stream people talk on: of a decision, or of a row of it."""
    return CaseId(f"decision:{key}#{row}" if row else f"decision:{key}")


def thread_of_decision(decision: DecisionObject) -> Thread:
    """Where a decision is talked about."""
    log = stream_of(decision.key)
    return Thread(
        log=log,
        object="decision",
        id=decision.key,
        followers=decision.followers,
        muted=decision.muted,
    )


def thread_of_row(row: RowObject) -> Thread:
    """Where a row is talked about; its stream is found by the decision."""
    return Thread(
        log=stream_of(row.key, row.row),
        object="rule",
        id=row.id,
        followers=row.followers,
        muted=row.muted,
        mark=f"of:{row.key}",
    )


def talk_counts(reading: Reading, key: str) -> dict[str, int]:
    """How often something was said on each row of a decision, also on removed ones."""
    threads = reading.streams("decision", mark=f"of:{key}", limit=MOST_ROWS)
    return {one.id.partition("#")[2]: one.revision for one in threads}


def load_decision(reading: Reading, key: str) -> DecisionObject | None:
    """The latest version of a decision."""
    ruling = load_ruling(reading, key)
    if ruling is None:
        return None
    stream = stream_of(key)
    return DecisionObject(ruling, tuple(reading.followers(stream)), muting(stream, reading))


def load_row(reading: Reading, id: str) -> RowObject | None:
    """A row by "KEY#ROW", as it is in the latest version that has it."""
    key, _hash, wanted = id.partition("#")
    versions = reading.decision_versions(key)
    read = [(row, _table(reading, row)) for row in versions]
    places = [_place(table, wanted) for _row, table in read]
    had = next((index for index, place in enumerate(places) if place), None)
    if had is None:
        return None
    version, table = read[had]
    assert table is not None
    oldest = max(index for index, place in enumerate(places) if place)
    return RowObject(
        key=key,
        row=wanted,
        name=versions[0].name,
        version=version,
        table=table,
        number=places[had],
        first=places[oldest],
        removed=read[had - 1][0] if had else None,
        changes=tuple(_changes(read, places))[::-1],
        followers=tuple(reading.followers(stream_of(key, wanted))),
        muted=muting(stream_of(key, wanted), reading),
    )


def _table(reading: Reading, row: DecisionVersion) -> DecisionTable | None:
    try:
        return table_of(decision_file(current(), reading, row).definitions, row.key)
    except UnknownDecision:
        return None


def _place(table: DecisionTable | None, wanted: str) -> int:
    """The number of a row in a table, 0 where it is not there."""
    ids = row_ids(table) if table else ()
    return ids.index(wanted) + 1 if wanted in ids else 0


def _changes(
    read: list[tuple[DecisionVersion, DecisionTable | None]], places: list[int]
) -> Iterator[tuple[DecisionVersion, RowChange]]:
    """What versions did to a row, newest first."""
    for newer, older in zip(range(len(read)), range(1, len(read)), strict=False):
        version, after = read[newer]
        before = read[older][1]
        if after is None or before is None or not (places[newer] or places[older]):
            continue
        for change in compare_tables(before, after).rows:
            where = places[older] if change.kind == "removed" else places[newer]
            if change.row == where and (change.kind != "removed" or not places[newer]):
                yield version, change


def whole_of_row(id: str) -> tuple[str, str]:
    """The decision a row is part of."""
    return "decision", id.partition("#")[0]


def sees(_thing: DecisionObject | RowObject, known: Known, _reading: Reading) -> bool:
    """Whether somebody may read the rules."""
    return may_see_decisions(known)


def gone(_thing: DecisionObject | RowObject, _known: Known) -> str:
    """Talk is welcome for ever, also on a row that was removed."""
    return ""


def decision_card(decision: DecisionObject, known: Known, full: bool, reading: Reading) -> Card:
    """A decision: its version and what was said of it."""
    version = decision.ruling.version
    stream = stream_of(decision.key)
    said = _said(reading, stream)
    return Card(
        object="decision",
        id=decision.key,
        version=version.version,
        title=version.name,
        subject=version.name,
        url=decision_path(decision.key),
        case=stream,
        status=gettext("version %(number)d") % {"number": version.version},
        note=decision.ruling.question,
        said=said[-LAST:],
        story=thread_story(reading, stream) if full else (),
        followers=len(decision.followers),
        followed=known.id in decision.followers,
    )


def row_card(row: RowObject, known: Known, full: bool, reading: Reading) -> Card:
    """A row: what it says, what versions did to it, what was said of it."""
    stream = stream_of(row.key, row.row)
    facts = tuple(Fact(name, text) for name, text in row.results)
    words = row_in_words(row.number, row.conditions)
    note = ""
    if row.removed is not None:
        note = gettext("This row was removed in version %(number)d.")
        note %= {"number": row.removed.version}
    name = {"name": row.name, "number": row.first}
    return Card(
        object="rule",
        id=row.id,
        version=row.version.version,
        title=gettext("%(decision)s: %(row)s") % {"decision": row.name, "row": words},
        subject=gettext("%(name)s, row %(number)d") % name,
        url=row_path(row.key, row.row),
        case=stream,
        status=gettext("version %(number)d") % {"number": row.version.version},
        note=note,
        facts=facts,
        said=_said(reading, stream)[-LAST:],
        story=_with_changes(row, thread_story(reading, stream)) if full else (),
        followers=len(row.followers),
        followed=known.id in row.followers,
    )


def _said(reading: Reading, stream: CaseId) -> tuple[Moment, ...]:
    row = reading.stream(stream)
    after = max(0, row.revision - RECENT) if row else 0
    return tuple(one for one in thread_story(reading, stream, after) if one.kind == "words")


def _with_changes(row: RowObject, said: tuple[Moment, ...]) -> tuple[Moment, ...]:
    """What was said of a row, and between it what versions did to it."""
    changes = [
        Moment(
            seq=0,
            position=0,
            at=version.at,
            kind="event",
            who="",
            text=change_in_words(version.version, change),
        )
        for version, change in row.changes
    ]
    return tuple(sorted((*said, *changes), key=lambda moment: moment.at))


def change_in_words(version: int, change: RowChange) -> str:
    """What a version did to a row: "Version 2: amount < 5000 → < 4000"."""
    if change.kind == "added":
        text = gettext("Version %(version)d brought this row.")
    elif change.kind == "removed":
        text = gettext("Version %(version)d removed this row.")
    elif change.kind == "moved":
        text = gettext("Version %(version)d made it row %(row)d; it was row %(before)d.")
    else:
        text = gettext("Version %(version)d changed this row: %(cells)s.")
    cells = ", ".join(
        f"{one.column} {one.before or '–'} → {one.after or '–'}" for one in change.cells
    )
    words = {"version": version, "row": change.row, "before": change.before, "cells": cells}
    return text % words
