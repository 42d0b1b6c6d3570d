"""The lines of a file, as the input of acts.

Rules of this file: pure. CSV (RFC 4180, with a head) and JSON lines; what cannot be read is an
error of its line, and the others are read all the same. "_id" and "_key" name the object and the
key of a line where they are not the same for all; an empty cell says nothing.
"""

import csv
import io
from collections.abc import Iterator
from typing import Any

import msgspec
from django.utils.translation import gettext
from msgspec import Struct

CSV, JSONL = "csv", "jsonl"
MOST = 1_000  # lines of one file
ID, KEY = "_id", "_key"


class Line(Struct, frozen=True, kw_only=True):
    """A line: its number in the file, and what it gives, or why it cannot be read."""

    number: int
    given: dict[str, Any] = {}
    id: str = ""
    key: str = ""
    wrong: str = ""


class Unreadable(Exception):
    """A file that cannot be read at all, in words."""


def read_lines(raw: bytes, form: str) -> list[Line]:
    """The lines of a file. Raises Unreadable."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(gettext("The file is not text in UTF-8.")) from None
    if "\0" in text:
        raise Unreadable(gettext("The file is not text in UTF-8."))
    found = list(_csv(text) if form == CSV else _jsonl(text))
    if len(found) > MOST:
        said = gettext("The file has more than %(most)d lines: send it in parts.")
        raise Unreadable(said % {"most": MOST})
    return found


def _csv(text: str) -> Iterator[Line]:
    semicolons = text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",")
    rows = csv.reader(io.StringIO(text), delimiter=";" if semicolons else ",", strict=True)
    try:
        head = next(rows, [])
        for cells in rows:
            if not any(cells):
                continue
            if len(cells) > len(head):
                yield Line(
                    number=rows.line_num, wrong=gettext("There are more cells than columns.")
                )
                continue
            given = {name: cell for name, cell in zip(head, cells, strict=False) if cell != ""}
            yield _line(rows.line_num, given)
    except csv.Error as problem:
        yield Line(number=rows.line_num, wrong=str(problem))


def _jsonl(text: str) -> Iterator[Line]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            given = msgspec.json.decode(line, type=dict[str, Any])
        except (msgspec.MsgspecError, RecursionError):
            yield Line(number=number, wrong=gettext("The line is not a JSON object."))
            continue
        yield _line(number, given)


def _line(number: int, given: dict[str, Any]) -> Line:
    id, key = str(given.pop(ID, "")), str(given.pop(KEY, ""))
    return Line(number=number, given=given, id=id, key=key)
