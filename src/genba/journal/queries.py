"""The named queries of `sql/queries.sql`, and the schema files beside it.

Rules of this file: reads package data and splits it by name. It knows two dialects and no
database.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from operator import itemgetter
from typing import Any

from msgspec import Struct

_NAME = re.compile(r"^-- name: (\w+)(?: for (\w+))?$", re.MULTILINE)
_LIST = re.compile(r":(\w+)\.\.\.")
_PARAMETER = re.compile(r"(?<![:\w]):([a-z]\w*)\b(?!\.\.\.)")
_VALUES = re.compile(r"VALUES (\([^()]*\))")
_PLACE = {"sqlite": ":{}", "postgres": "%({})s"}


class Placed(Struct, frozen=True):
    """A query whose parameters are given by place: a database is quicker with these."""

    text: str
    names: tuple[str, ...]
    pick: Callable[[Mapping[str, Any]], tuple[Any, ...]]  # the parameters, out of more by name


@cache
def sql_file(name: str) -> str:
    """The text of a file of `genba/journal/sql`."""
    return (files("genba.journal") / "sql" / name).read_text("utf-8")


@cache
def queries(dialect: str) -> dict[str, str]:
    """Every query by name, without comments, for "sqlite" or "postgres".

    For PostgreSQL the parameters are spelled `%(word)s`, as psycopg wants them.
    """
    common: dict[str, str] = {}
    special: dict[str, str] = {}
    parts = _NAME.split(sql_file("queries.sql"))
    for name, only, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        target = special if only == dialect else common if only is None else {}
        if name in target:
            raise ValueError(f"the query {name} is there twice")
        lines = (line for line in text.splitlines() if not line.startswith("--"))
        target[name] = "\n".join(lines).strip().removesuffix(";")
    place = _PLACE[dialect]
    return {
        name: _PARAMETER.sub(lambda found: place.format(found[1]), text)
        for name, text in (common | special).items()
    }


@cache
def placed() -> dict[str, Placed]:
    """Every query for SQLite that has no list, by name, with numbered parameters."""
    made: dict[str, Placed] = {}
    for name, text in queries("sqlite").items():
        if not _LIST.search(text):
            names = tuple(dict.fromkeys(_PARAMETER.findall(text)))
            places = {word: f"?{number}" for number, word in enumerate(names, start=1)}
            made[name] = Placed(_numbered(text, places), names, _picking(names))
    return made


def _numbered(text: str, places: Mapping[str, str]) -> str:
    return _PARAMETER.sub(lambda found: places[found[1]], text)


def _picking(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    if len(names) > 1:
        return itemgetter(*names)

    def pick(given: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(given[name] for name in names)

    return pick


@cache
def several(name: str, dialect: str, rows: int) -> str:
    """An insert of so many rows in one statement; parameters by place, row after row."""
    text = queries("sqlite")[name]
    found = _VALUES.search(text)
    if found is None:
        raise ValueError(f"{name} does not insert a row of values")
    row = _PARAMETER.sub("?" if dialect == "sqlite" else "%s", found[1])
    return text[: found.start(1)] + ", ".join([row] * rows) + text[found.end(1) :]


def spell_out(query: str, counts: dict[str, int], dialect: str) -> str:
    """The query with its list parameters `(:word...)` as `:word_0, :word_1` and so on."""
    place = _PLACE[dialect]
    return _LIST.sub(
        lambda found: ", ".join(
            place.format(f"{found[1]}_{index}") for index in range(counts[found[1]])
        ),
        query,
    )


def listed(word: str, values: list[str]) -> dict[str, str]:
    """The parameters that fill a list parameter."""
    return {f"{word}_{index}": value for index, value in enumerate(values)}
