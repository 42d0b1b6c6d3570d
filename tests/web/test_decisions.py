"""The decision page: its table, its versions, trying it; and the same over REST."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from genba.cases.deployment import deploy_file
from genba.journal.contract import CaseQuery

DRAWINGS = Path(__file__).parents[1] / "drawings"
TABLE = (DRAWINGS / "purchase-limit.dmn").read_bytes()
Browse = Callable[..., Client]


@pytest.fixture
def limits(inst: Any, people: dict[str, Any]) -> None:
    """The rule, and a process that asks for it."""
    for name in ("purchase-limit.dmn", "buying.bpmn"):
        made = deploy_file(inst, (DRAWINGS / name).read_bytes(), name, "")
        assert not isinstance(made, tuple), made


def page(client: Client, **given: str) -> str:
    answer = client.get("/decisions/purchase-limit", {f"in.{k}": v for k, v in given.items()})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_page_shows_the_table_where_it_is_used_and_what_it_decided(
    limits: None, browse: Browse, people: dict[str, Any], do: Callable[..., Any]
) -> None:
    client = browse("buyer")
    before = page(client)
    assert "Nothing yet." in before
    assert '<a href="/processes/buying">Buying</a> · Look up the limit' in before
    assert do(people["buyer"], "process.start", "buying", amount=6000, supplier="new").ok
    shown = page(client)
    assert "way board — row 3: amount at least 5,000 and supplier is new" in shown
    assert shown.count("<td>1 time</td>") == 1
    assert shown.count(">never<") == 3
    assert "Purchase limit" in client.get("/decisions/").content.decode()


def test_trying_it_says_which_row_and_writes_nothing(
    limits: None, inst: Any, browse: Browse
) -> None:
    with inst.journal.reading() as reading:
        before = reading.position()
    shown = page(browse("buyer"), amount="7000", supplier="known")
    assert "It would be: nobody" in shown
    assert '<tr id="row-2" class="now">' in shown
    assert "It would decide nothing." in page(browse("buyer"), amount="7000", supplier="odd")
    assert "Ce serait : nobody" in page(browse("helper"), amount="1", supplier="x")
    with inst.journal.reading() as reading:
        assert reading.position() == before


def test_a_new_version_is_uploaded_and_its_difference_told(limits: None, browse: Browse) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = browse("buyer")
    changed = TABLE.replace(b"&lt; 5000", b"&lt; 4000")
    sent = {"file": SimpleUploadedFile("purchase-limit.dmn", changed)}
    answer = client.post("/processes/deploy", sent, follow=True)
    assert answer.redirect_chain == [("/decisions/purchase-limit", 302)]
    text = " ".join(answer.content.decode().split())
    assert "purchase-limit.dmn decides now: 1 decision." in text
    assert "row 1 changed: amount <del>&lt; 5000</del> <ins>&lt; 4000</ins>" in text
    assert ">never<" not in text  # this version has not decided yet
    assert client.get("/decisions/purchase-limit/1/file").content == TABLE
    assert client.get("/decisions/purchase-limit/2/file").content == changed


def test_a_row_is_talked_about_without_a_script(
    limits: None, browse: Browse, people: dict[str, Any]
) -> None:
    import re

    client = browse("buyer")
    assert 'href="/decisions/purchase-limit/rows/new#talk"' in page(client)
    shown = client.get("/decisions/purchase-limit/rows/new").content.decode()
    action = "/acts/rule/purchase-limit%23new/rule.comment"
    assert f'action="{action}"' in shown
    key = re.findall(r'name="_key" value="(\w+)"', shown)[0]
    sent = {"text": "Why 5,000?", "_key": key, "_next": "/decisions/purchase-limit/rows/new"}
    answer = client.post(action, sent, follow=True)
    assert answer.redirect_chain == [("/decisions/purchase-limit/rows/new", 303)]
    text = " ".join(answer.content.decode().split())
    assert "Why 5,000?" in text
    assert 'aria-current="true" aria-label="row 3: 1 word">1</a>' in text
    assert 'aria-label="ligne 3 : 1 parole"' in page(browse("helper"))
    empty = client.post(action, {"text": " ", "_key": "k2"})
    assert empty.status_code == 422
    assert 'aria-invalid="true"' in empty.content.decode()
    assert client.get("/decisions/purchase-limit/rows/odd").status_code == 404


def test_a_row_that_was_removed_is_still_read(
    limits: None, inst: Any, browse: Browse, people: dict[str, Any], do: Callable[..., Any]
) -> None:
    assert do(people["buyer"], "rule.comment", "purchase-limit#new", text="Keep it").ok
    start = TABLE.index(b'<rule id="new">')
    fewer = TABLE[:start] + TABLE[TABLE.index(b"</rule>", start) + 7 :]
    assert not isinstance(deploy_file(inst, fewer, "purchase-limit.dmn", ""), tuple)
    client = browse("buyer")
    assert "Removed, but talked about:" in page(client)
    shown = client.get("/decisions/purchase-limit/rows/new").content.decode()
    assert "This row was removed in version 2." in shown
    assert "Keep it" in shown


def test_a_file_on_a_row_is_handed_out(
    limits: None, inst: Any, browse: Browse, people: dict[str, Any], do: Callable[..., Any]
) -> None:
    given = {"file": "aGk=", "name": "why.txt"}
    assert do(people["buyer"], "rule.attach", "purchase-limit#new", **given).ok
    client = browse("buyer")
    shown = client.get("/decisions/purchase-limit/rows/new").content.decode()
    path = shown.partition('href="/files/')[2].partition('/page"')[0]
    answer = client.get(f"/files/{path}")
    assert (answer.status_code, answer.content) == (200, b"hi")
    assert client.get("/files/rule/purchase-limit%23new/nothing").status_code == 404
    assert client.get("/files/process/buying/nothing").status_code == 404


def test_a_table_that_cannot_run_is_refused(browse: Browse, inst: Any, people: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    broken = TABLE.replace(b"&lt; 5000", b"&lt; 5000 +")
    sent = {"file": SimpleUploadedFile("purchase-limit.dmn", broken)}
    answer = browse("buyer").post("/processes/deploy", sent)
    assert answer.status_code == 422
    assert "cannot run yet" in answer.content.decode()


def test_what_is_not_there_is_not_found(limits: None, browse: Browse) -> None:
    client = browse("buyer")
    for path in ("nothing", "nothing/1/file", "purchase-limit/9/file"):
        assert client.get(f"/decisions/{path}").status_code == 404


def test_rest_evaluates(limits: None, browse: Browse) -> None:
    client = browse("buyer")

    def ask(body: str, key: str = "purchase-limit") -> Any:
        path = f"/api/decisions/{key}/evaluate"
        return client.post(path, body, content_type="application/json")

    answer = ask(json.dumps({"amount": 6000, "supplier": "new"}))
    assert answer.status_code == 200
    found = answer.json()
    assert (found["value"], found["version"]) == ("board", 1)
    assert found["rows"][0]["words"] == "row 3: amount at least 5,000 and supplier is new"
    assert ask("[1]").status_code == 422
    assert ask("{}", "nothing").status_code == 404
    assert Client().post("/api/decisions/purchase-limit/evaluate").status_code == 401
    paths = client.get("/api/openapi.json").json()["paths"]
    assert "/api/decisions/{id}/evaluate" in paths


def test_a_process_names_the_rules_it_asks_for(
    inst: Any, people: dict[str, Any], browse: Browse
) -> None:
    def shown() -> str:
        return " ".join(browse("buyer").get("/processes/buying").content.decode().split())

    for name, words in (
        ("buying.bpmn", "<code>purchase-limit</code> is not there yet: a person decides"),
        ("purchase-limit.dmn", '<a href="/decisions/purchase-limit">Purchase limit</a> version 1'),
    ):
        assert not isinstance(deploy_file(inst, (DRAWINGS / name).read_bytes(), name, ""), tuple)
        assert words in shown()


def test_guests_see_no_rules(limits: None, people: dict[str, Any], browse: Browse) -> None:
    from genba.people.models import Person

    Person.objects.filter(pk=int(people["other"].id)).update(is_guest=True)
    guest = browse("other")
    for path in ("", "purchase-limit", "purchase-limit/1/file"):
        assert guest.get(f"/decisions/{path}").status_code == 404
    assert (
        guest.post(
            "/api/decisions/purchase-limit/evaluate", {}, content_type="application/json"
        ).status_code
        == 404
    )
    assert "/decisions/" not in guest.get("/processes/").content.decode()


def test_a_library_says_what_it_knows_and_is_no_rule_to_ask(
    limits: None,
    inst: Any,
    browse: Browse,
    people: dict[str, Any],
    do: Callable[..., Any],
    card: Callable[..., Any],
) -> None:
    source = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="rates"
      name="Rates" namespace="urn:rates"><businessKnowledgeModel id="rate" name="Rate">
      <variable name="Rate"/><encapsulatedLogic><formalParameter name="amount"/>
      <literalExpression><text>amount * 2</text></literalExpression></encapsulatedLogic>
      </businessKnowledgeModel></definitions>"""
    assert not isinstance(deploy_file(inst, source, "rates.dmn", ""), tuple)
    client = browse("buyer")
    assert "for other decisions" in client.get("/decisions/").content.decode()
    shown = client.get("/decisions/rates").content.decode()
    assert "<code>amount * 2</code>" in shown
    assert "No decision yet." in shown
    using = TABLE.replace(
        b'<decision id="purchase-limit"',
        b'<import name="r" namespace="urn:rates" locationURI="rates.dmn"'
        b' importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'
        b'<decision id="purchase-limit"',
    )
    assert not isinstance(deploy_file(inst, using, "purchase-limit.dmn", ""), tuple)
    shown = client.get("/decisions/rates").content.decode()
    assert '<a href="/decisions/purchase-limit">Purchase limit</a>' in shown
    started = do(people["buyer"], "process.start", "buying", amount=6000, supplier="odd")
    assert started.ok
    with inst.journal.reading() as reading:
        (case,) = reading.cases(CaseQuery(process="buying"))
    offers = {one.act: one for one in card(people["buyer"], "case", case.case).offers}
    rules = offers["case.consult"].schema["properties"]["decision"]["oneOf"]
    assert [one["const"] for one in rules] == ["purchase-limit"]
