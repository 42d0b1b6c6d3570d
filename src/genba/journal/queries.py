"""The named queries of `sql/queries.sql`, and the schema files beside it.

Rules of this file: reads package data and splits it by name. It knows two dialects and no
database.
"""

import re
from functools import cache
from importlib.resources import files

_NAME = re.compile(r"^-- name: (\w+)(?: for (\w+))?$", re.MULTILINE)
_LIST = re.compile(r":(\w+)\.\.\.")
_PARAMETER = re.compile(r"(?<![:\w]):([a-z]\w*)\b(?!\.\.\.)")
_PLACE = {"sqlite": ":{}", "postgres": "%({})s"}


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
