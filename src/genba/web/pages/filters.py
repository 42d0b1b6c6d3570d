"""Filters over a list: what the address asks for, and what is saved beside it.

Rules of this file: reads the address, nothing else; saving and dropping are acts like any other.
"""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from msgspec import Struct

from genba.cases.filters import (
    CASE_LIST,
    VIEWS,
    Counted,
    Filter,
    counted,
    filter_named,
)
from genba.journal.contract import Reading
from genba.people.directory import Known

LONGEST = 200  # characters of a word in an address


class Filtering(Struct, frozen=True):
    """What a page shows of filters: the one in use, those that are saved, what can be picked."""

    wanted: Filter
    saved: list[Counted]
    processes: list[tuple[str, str]]
    teams: tuple[str, ...]
    carried: str  # what links of the page carry on
    place: str

    @property
    def used(self) -> Counted | None:
        """The saved one in use."""
        return next((one for one in self.saved if one.filter.id == self.wanted.id), None)


def wanted(request: HttpRequest, reader: Known, place: str, reading: Reading) -> Filter:
    """What the address asks for: a saved filter, or its parts."""
    saved = filter_named(reader, request.GET.get("filter", ""), reading)
    if saved is not None and saved.place == place:
        return saved
    view = request.GET.get("view", "") or ("all" if request.GET.get("all") else "")
    words = request.GET.get("words", "") or request.GET.get("q", "")
    return Filter(
        place=place,
        view=view if view in VIEWS[place] else VIEWS[place][0],
        process=request.GET.get("process", "")[:LONGEST],
        team=request.GET.get("team", "")[:LONGEST] if place != CASE_LIST else "",
        words=words[:LONGEST].strip(),
    )


def filtering(reader: Known, wanted: Filter, reading: Reading) -> Filtering:
    """What the page shows beside the list."""
    processes = [] if reader.is_guest else [(one.key, one.name) for one in reading.processes()]
    return Filtering(
        wanted,
        counted(reader, reading, wanted.place),
        sorted(processes, key=lambda one: one[1].casefold()),
        () if reader.is_guest else reader.groups,
        carried(wanted),
        wanted.place,
    )


def carried(wanted: Filter) -> str:
    """What a link to another page of the same list says beside the view."""
    if wanted.id:
        return urlencode({"filter": wanted.id})
    parts: dict[str, Any] = {
        "process": wanted.process,
        "team": wanted.team,
        "words": wanted.words,
    }
    return urlencode({"view": wanted.view, **{name: said for name, said in parts.items() if said}})


def address(found: Counted) -> str:
    """Where a saved filter is used."""
    page = "cases" if found.filter.place == CASE_LIST else "inbox"
    return f"{reverse(page)}?{urlencode({'filter': found.filter.id})}"
