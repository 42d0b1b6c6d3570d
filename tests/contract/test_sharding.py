"""The shape a sharded database asks for, looked up in the database itself."""

from collections.abc import Iterator

import pytest

from genba.journal.postgres import PostgresJournal, connect
from genba.journal.sharding import (
    BY_OWN_KEY,
    CASE_TABLES,
    EVERYWHERE,
    STREAM_TABLES,
    statements,
)
from tests.postgres import new_database

Rows = list[tuple[str, ...]]

# Every primary key and unique constraint: table, columns in order.
KEYS = """
SELECT c.conrelid::regclass::text, array_to_string(ARRAY(
    SELECT attname FROM unnest(c.conkey) WITH ORDINALITY k(n, place)
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n ORDER BY place), ',')
FROM pg_constraint c WHERE c.contype IN ('p', 'u') AND connamespace = 'public'::regnamespace
"""
# Every foreign key: table, its columns, the other table, the columns there.
FOREIGN = """
SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text, f.attname
FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
JOIN pg_attribute f ON f.attrelid = c.confrelid AND f.attnum = c.confkey[1]
WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
"""
UNIQUE = """
SELECT i.indrelid::regclass::text, a.attname FROM pg_index i
JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
JOIN pg_class t ON t.oid = i.indrelid AND t.relnamespace = 'public'::regnamespace
WHERE i.indisunique
"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


@pytest.fixture(scope="module")
def shape() -> Iterator[dict[str, Rows]]:
    """What the database says of its tables."""
    with new_database() as url:
        PostgresJournal(url).close()
        with connect(url) as raw:
            asked = {"keys": KEYS, "foreign": FOREIGN, "unique": UNIQUE, "tables": TABLES}
            yield {name: raw.execute(text.encode()).fetchall() for name, text in asked.items()}


def test_every_table_has_its_place(shape: dict[str, Rows]) -> None:
    placed = [*CASE_TABLES, *STREAM_TABLES, *EVERYWHERE, *BY_OWN_KEY]
    assert sorted(name for (name,) in shape["tables"]) == sorted(placed)
    printed = "\n".join(statements())
    assert all(f"('{table}'" in printed for table in placed)


def test_every_key_of_a_case_begins_with_the_case(shape: dict[str, Rows]) -> None:
    keys = [(table, columns.split(",")) for table, columns in shape["keys"]]
    assert {table for table, _ in keys} >= set(CASE_TABLES)
    assert all(columns[0] == "case_id" for table, columns in keys if table in CASE_TABLES)
    assert all(first == "case_id" for table, first in shape["unique"] if table in CASE_TABLES)
    assert {table for table, _ in keys} >= set(STREAM_TABLES)
    assert all(columns[0] == "stream_id" for table, columns in keys if table in STREAM_TABLES)
    assert all(columns == [BY_OWN_KEY[t]] for t, columns in keys if t in BY_OWN_KEY)


def test_no_reference_crosses_cases(shape: dict[str, Rows]) -> None:
    crossing = [
        row
        for row in shape["foreign"]
        if not (row[0] in CASE_TABLES and row[2] in CASE_TABLES and row[1] == row[3] == "case_id")
        and not (
            row[0] in STREAM_TABLES and row[2] in STREAM_TABLES and row[1] == row[3] == "stream_id"
        )
        and not (row[0] in EVERYWHERE and row[2] in EVERYWHERE)
    ]
    assert shape["foreign"]
    assert crossing == []
