"""A deployed decision for those who work by it: its table, its versions, what it decided.

Rules of this file: reads only; trying a decision writes nothing. Counts are those of the latest
`COUNTED` decisions made in the installation, so that a long log does not slow a page down.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from genba.cases.rows import outcome_in_words, row_in_words
from genba.decisions import Decided, InputInfo, decide, inputs_of
from genba.decisions.difference import Difference, compare_tables, table_of
from genba.decisions.typed import read_typed
from genba.decisions.wording import label
from genba.engine.events import DecisionMade
from genba.engine.ruling import Rule
from genba.expressions import to_json
from genba.journal.contract import Reading
from genba.journal.records import CaseRow, DecisionVersion
from genba.notation.dmn import DecisionTable, Definitions
from genba.notation.dmn.model import BusinessKnowledge, LiteralExpression
from genba.people.access import may_see_case
from genba.people.directory import Known
from genba.runtime.decisions import UnknownDecision, decision_file, library, rule
from genba.runtime.definitions import graph
from genba.runtime.installation import current
from genba.runtime.recording import up_to_date

COUNTED = 10_000
RECENT = 20


class Ruling(Struct, frozen=True):
    """A decision in one of its versions; `table` is None when it is no decision table."""

    version: DecisionVersion
    rule: Rule
    table: DecisionTable | None
    inputs: tuple[InputInfo, ...]
    question: str = ""


class Knowledge(Struct, frozen=True):
    """A knowledge model: its name, what it is told, and its text; "" where it is no plain text."""

    name: str
    parameters: tuple[str, ...]
    text: str


class Library(Struct, frozen=True):
    """A file of knowledge models others import, in its latest version, and who imports it."""

    version: DecisionVersion
    knowledge: tuple[Knowledge, ...]
    users: tuple[DecisionVersion, ...]


class Made(Struct, frozen=True, kw_only=True):
    """A decision made in a case, in words."""

    at: datetime
    case: CaseRow
    version: int
    asks: bool
    outcome: str
    rows: tuple[str, ...]


class Practice(Struct, frozen=True):
    """What a decision did lately: how often, in each version, each row of a version how often."""

    times: int
    asked: int
    versions: Mapping[int, int]
    hits: Mapping[tuple[int, int], int]
    recent: tuple[Made, ...]


class VersionChange(Struct, frozen=True):
    """A version, and what it changed in the one before; None where that cannot be told."""

    version: DecisionVersion
    difference: Difference | None = None


class TriedRow(Struct, frozen=True):
    """A row that matched, for machines and for people."""

    decision: str
    row: int
    rule: str
    words: str


class TriedDecision(Struct, frozen=True, kw_only=True):
    """What a decision would be with these values; nothing was written."""

    decision: str
    version: int
    value: Any
    rows: tuple[TriedRow, ...]
    inputs: dict[str, Any]
    warnings: tuple[str, ...]
    exhausted: str | None = None


def load_ruling(reading: Reading, key: str) -> Ruling | None:
    """The latest version of a decision, None when there is none that runs."""
    versions = reading.decision_versions(key)
    if not versions:
        return None
    row = versions[0]
    try:
        made = rule(current(), reading, row)
        definitions = decision_file(current(), reading, row).definitions
    except UnknownDecision:
        return None
    question = next((one.question for one in definitions.decisions if one.id == key), "")
    inputs = inputs_of(made.model, made.name)
    return Ruling(row, made, table_of(definitions, key), inputs, question)


def load_library(reading: Reading, key: str) -> Library | None:
    """The latest version of a library, None when that is a decision or nothing."""
    versions = reading.decision_versions(key)
    drawn = _library(reading, versions[0]) if versions else None
    if drawn is None:
        return None
    users = [row for row in reading.decisions() if drawn.namespace in _imports(reading, row)]
    knowledge = tuple(_knowledge(one) for one in drawn.knowledge)
    return Library(versions[0], knowledge, tuple(users))


def decides(reading: Reading, row: DecisionVersion) -> bool:
    """Whether a version is one of a decision, no library."""
    return _library(reading, row) is None


def _library(reading: Reading, row: DecisionVersion) -> Definitions | None:
    try:
        return library(current(), reading, row)
    except UnknownDecision:
        return None


def _imports(reading: Reading, row: DecisionVersion) -> set[str]:
    try:
        drawn = decision_file(current(), reading, row).definitions
    except UnknownDecision:
        return set()
    return {one.namespace for one in drawn.imports}


def _knowledge(one: BusinessKnowledge) -> Knowledge:
    logic = one.logic
    if logic is None:
        return Knowledge(one.name, (), "")
    text = logic.body.text.text if isinstance(logic.body, LiteralExpression) else ""
    return Knowledge(one.name, tuple(given.name for given in logic.parameters), text)


def changes_of(reading: Reading, key: str) -> tuple[VersionChange, ...]:
    """Every version, latest first, with what it changed."""
    versions = reading.decision_versions(key)
    tables = [_table(reading, row) for row in versions]
    told = []
    for place, row in enumerate(versions):
        before = tables[place + 1] if place + 1 < len(versions) else None
        after = tables[place]
        difference = compare_tables(before, after) if before and after else None
        told.append(VersionChange(row, difference))
    return tuple(told)


def _table(reading: Reading, row: DecisionVersion) -> DecisionTable | None:
    try:
        return table_of(decision_file(current(), reading, row).definitions, row.key)
    except UnknownDecision:
        return None


def users_of(reading: Reading, key: str) -> list[tuple[str, str, str]]:
    """Where a decision is used: key and name of the process, and the step."""
    found = []
    for row in reading.processes():
        drawn = graph(current(), row.key, row.version)
        for node in drawn.nodes.values():
            if node.asks is not None and node.asks.key == key:
                found.append((row.key, row.name or row.key, node.label))
    return found


def practice_of(reading: Reading, key: str, reader: Known) -> Practice:
    """What a decision decided lately; cases the reader may not see count, and are not named."""
    hits: Counter[tuple[int, int]] = Counter()
    versions: Counter[int] = Counter()
    asked = 0
    recent: list[Made] = []
    for entry in reading.decisions_made(COUNTED):
        made = msgspec.json.decode(up_to_date(entry).body, type=DecisionMade)
        if made.key != key:
            continue
        versions[made.version] += 1
        asked += made.asks
        hits.update({(made.version, row.row) for row in made.rows if row.decision == made.name})
        if len(recent) < RECENT:
            case = reading.case(entry.case)
            if case is not None and may_see_case(reader, case, reading):
                recent.append(_made(case, made, entry.envelope.at))
    return Practice(versions.total(), asked, versions, hits, tuple(recent))


def _made(case: CaseRow, made: DecisionMade, at: datetime) -> Made:
    return Made(
        at=at,
        case=case,
        version=made.version,
        asks=made.asks,
        outcome=outcome_in_words(made.result, made.value),
        rows=tuple(row_in_words(row.row, row.conditions) for row in made.rows),
    )


def read_inputs(inputs: Sequence[InputInfo], typed: Mapping[str, str]) -> dict[str, Any]:
    """What somebody typed for the inputs; an empty field is not given."""
    return {
        one.name: read_typed(typed[one.name].strip(), one.shape)
        for one in inputs
        if typed.get(one.name, "").strip()
    }


def try_decision(ruling: Ruling, given: Mapping[str, Any]) -> TriedDecision:
    """Make a decision with values, without a case; nothing is written."""
    made = ruling.rule
    decided = decide(made.model, made.name, given, now=current().clock.now())
    assert isinstance(decided, Decided)  # a rule is made for a name of its model
    return TriedDecision(
        decision=ruling.version.key,
        version=ruling.version.version,
        value=to_json(decided.value),
        rows=tuple(
            TriedRow(one.decision, one.row, one.rule, row_in_words(one.row, made.conditions(one)))
            for one in decided.matched
        ),
        inputs=to_json(dict(decided.inputs)),
        warnings=tuple(warning.in_words() for warning in decided.warnings),
        exhausted=decided.exhausted,
    )


def columns_of(table: DecisionTable) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the inputs and the outputs of a table are called."""
    outputs = tuple(one.label or one.name for one in table.outputs)
    return tuple(label(one) for one in table.inputs), outputs
