"""A program hears what happens as it happens, and misses nothing where the line breaks."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests

from tests.serving import add_person, genba, served

DRAWINGS = Path(__file__).parent.parent / "drawings"


def lines(answer: requests.Response) -> Iterator[dict[str, Any]]:
    """The events of a stream, as they come; with the id they go on after."""
    id = ""
    for line in answer.iter_lines(chunk_size=1, decode_unicode=True):
        name, _colon, value = line.partition(": ")
        if name == "id":
            id = value
        if name == "data":
            yield {**json.loads(value), "at": id}


def until(stream: Iterator[dict[str, Any]], type: str) -> list[dict[str, Any]]:
    """The events up to the first of a type."""
    found = []
    for event in stream:
        found.append(event)
        if event["type"] == type:
            break
    return found


def test_events_are_streamed_and_taken_up_where_the_line_broke(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with served(home):
        pass
    add_person(home, "staff@example.org", "Staff", "Staff")
    genba(home, "deploy", str(DRAWINGS / "purchase.bpmn"))
    said = genba(home, "token", "make", "staff@example.org", "--name", "p", "--scope", "read,act")
    secret = said.partition("Token: ")[2].split()[0]
    with served(home) as server:
        shown = {"Authorization": f"Bearer {secret}"}

        def start(title: str) -> None:
            given = {"title": title, "amount": 12}
            url = f"{server.address}/api/process/purchase/start"
            done = requests.post(url, json=given, headers=shown, timeout=30)
            assert done.status_code == 200, done.text

        def listen(**headers: str) -> requests.Response:
            url = f"{server.address}/api/events"
            answer = requests.get(url, headers={**shown, **headers}, stream=True, timeout=30)
            assert answer.headers["Content-Type"] == "text/event-stream"
            return answer

        with listen() as answer:
            stream = lines(answer)
            start("one")
            first = until(stream, "genba.work-opened")
        assert first[0]["type"] == "genba.case-started"
        start("two")  # nobody listens
        with listen(**{"Last-Event-ID": first[-1]["at"]}) as answer:
            stream = lines(answer)
            missed = until(stream, "genba.case-started")
            start("three")
            later = until(stream, "genba.case-started")
        ids = [int(event["id"]) for event in [*first, *missed, *later]]
        assert ids == sorted(set(ids))
        assert [one["data"]["number"] for one in (first[0], missed[-1], later[-1])] == [1, 2, 3]

        url = f"{server.address}/api/events?since=0"
        assert requests.get(url, timeout=30).status_code == 401
        odd = requests.get(url, headers={**shown, "Last-Event-ID": "x"}, timeout=30)
        assert odd.status_code == 400
        with listen() as answer:  # a token that is revoked hears nothing more
            genba(home, "token", "revoke", "staff@example.org", "p")
            assert list(lines(answer)) == []
