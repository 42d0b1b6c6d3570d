"""A file of lines, each an act with a result of its own; cases out as a file."""

import csv
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.test import Client

from genba.acts.card import Card, Fact
from genba.channels.bulk.exporting import write_cards
from genba.channels.bulk.lines import CSV

Browse = Callable[..., Client]
PLACE = "/api/import?act=process.start&id=purchase"
LINES = 'title,amount\n"3 laptops, new",5940\n,12\n=SUM(A1),much\nA chair,80\n'


def bring(client: Client, body: str, media: str = "text/csv", **headers: str) -> Any:
    return client.post(PLACE, body, content_type=media, headers=headers)


def test_each_line_is_an_act_once(browse: Browse, deploy: Any, inst: Any) -> None:
    deploy("purchase")
    client = browse("staff")
    first = bring(client, LINES, **{"Idempotency-Key": "load-1"})
    assert first.status_code == 200, first.content
    results = first.json()
    assert [(one["line"], one["verdict"]) for one in results] == [
        (2, "done"),
        (3, "invalid"),
        (4, "invalid"),
        (5, "done"),
    ]
    assert list(results[1]["errors"]) == ["title"]
    again = bring(client, LINES, **{"Idempotency-Key": "load-1"}).json()
    assert [one["verdict"] for one in again] == ["replayed", "invalid", "invalid", "replayed"]
    with inst.journal.reading() as reading:
        from genba.journal.contract import CaseQuery

        assert reading.count_cases(CaseQuery()) == 2


def test_json_lines_and_what_is_none(browse: Browse, deploy: Any) -> None:
    deploy("purchase")
    client = browse("staff")
    body = '{"title": "A", "amount": 1}\nnot json\n\n[1]\n{"title": "B", "amount": 2}'
    results = bring(client, body, "application/x-ndjson").json()
    said = [(one["line"], one["verdict"]) for one in results]
    assert said == [(1, "done"), (2, "invalid"), (4, "invalid"), (5, "done")]


def test_what_is_no_such_file_is_refused(browse: Browse, deploy: Any) -> None:
    deploy("purchase")
    client = browse("staff")
    assert bring(client, "{}", "application/json").status_code == 415
    assert bring(client, "title\n" + "x\n" * 1001).status_code == 422
    assert client.post(PLACE, b"\xff\xfe", content_type="text/csv").status_code == 422
    odd = client.post("/api/import?act=no.act", "a\nb", content_type="text/csv")
    assert odd.status_code == 404
    assert Client().post(PLACE, LINES, content_type="text/csv").status_code == 401


def test_cases_as_a_file(browse: Browse, deploy: Any, people: Any, do: Any) -> None:
    deploy("purchase")
    for title in ("B", "3 laptops", "A chair"):
        assert do(people["staff"], "process.start", "purchase", title=title, amount="5").ok
    client = browse("staff")
    answer = client.get("/api/export?form=csv&limit=2")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [row["title"] for row in rows] == ["Purchase 3: A chair", "Purchase 2: 3 laptops"]
    following = answer.headers["Link"].partition("<")[2].partition(">")[0]
    (last,) = csv.DictReader(io.StringIO(client.get(following).content.decode()))
    assert last["number"] == "1"
    lines = client.get("/api/export").content.decode().splitlines()
    assert [json.loads(line)["number"] for line in lines] == [3, 2, 1]


def test_a_spreadsheet_computes_nothing() -> None:
    card = Card(
        object="case",
        id="c",
        version=1,
        title="=1+1",
        subject="",
        url="/",
        facts=(Fact("@SUM", "-2"),),
    )
    (row,) = csv.DictReader(io.StringIO(write_cards([card], CSV).decode()))
    assert (row["title"], row["'@SUM"]) == ("'=1+1", "'-2")


def test_a_file_from_the_command_line(tmp_path: Path) -> None:
    from tests.serving import PROGRAM, add_person, genba, served, surroundings

    home = tmp_path / "home"
    with served(home):
        pass
    add_person(home, "ana@example.org", "Ana", "Staff")
    genba(home, "deploy", str(Path(__file__).parent.parent / "drawings/purchase.bpmn"))
    file = tmp_path / "new.csv"
    file.write_text(LINES)
    said = ["import", str(file), "--act", "process.start", "--id", "purchase", "--as", "ana"]
    for verdict in ("done", "replayed"):
        done = subprocess.run(
            [str(PROGRAM), *said],
            env=surroundings(home),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 1, done.stderr  # two lines are refused
        assert done.stdout.count(verdict) == 2
        assert done.stdout.count("invalid") == 2
