"""Machines a drawing names and that are not there are told when it is checked and deployed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from genba.engine.graph import Graph
from genba.runtime.automation import missing_machines
from genba.runtime.functions import Function, declare, withdraw
from tests.engine.drawing import compiled, flows

GENBA = 'xmlns:genba="https://genba.dev/bpmn/1"'


def drawn(step: str) -> Graph:
    return compiled('<startEvent id="s"/>', step, flows("s > a"))


def function(name: str) -> Graph:
    return drawn(f'<serviceTask {GENBA} id="a" name="Pay" genba:function="{name}"/>')


def call(url: str) -> Graph:
    http = f'<extensionElements><genba:http method="GET" url="{url}"/></extensionElements>'
    return drawn(f'<serviceTask {GENBA} id="a" name="Ask">{http}</serviceTask>')


@pytest.fixture(autouse=True)
def installed() -> Iterator[None]:
    declare(Function(name="credit-check", call=lambda given, context: {}))
    yield
    withdraw("credit-check")


def test_an_unknown_function_is_named_with_what_may_be_meant() -> None:
    assert missing_machines(function("credit-check")) == ()
    (problem,) = missing_machines(function("credit-chek"))
    assert (problem.severity, problem.rule, problem.element) == ("warning", "machine.function", "a")
    assert "“credit-chek”" in problem.message
    assert "did you mean “credit-check”?" in problem.message
    (other,) = missing_machines(function("zzz"))
    assert "genba functions" in other.message


def test_a_host_that_may_not_be_called_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GENBA_HTTP_HOSTS", raising=False)
    (problem,) = missing_machines(call("https://shop.example.com/orders/{n}"))
    assert problem.rule == "machine.host"
    assert "shop.example.com" in problem.message
    monkeypatch.setenv("GENBA_HTTP_HOSTS", "*.example.com")
    assert missing_machines(call("https://shop.example.com/orders/{n}")) == ()
    assert missing_machines(call("https://elsewhere.example.org/"))


def test_an_external_task_without_a_topic_is_said() -> None:
    graph = drawn('<serviceTask id="a" name="Pay" camunda:type="external"/>')
    assert [one.rule for one in graph.silences] == ["silent.no-topic"]
    nothing = drawn('<serviceTask id="a" name="Pay"/>')
    assert "genba:function" in nothing.silences[0].advice


def test_check_and_deployment_say_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from genba.cli.findings import check
    from genba.journal.memory import MemoryJournal
    from genba.runtime.definitions import Deployed, deploy
    from genba.runtime.installation import Installation
    from tests.engine.drawing import file_of, process

    step = f'<serviceTask {GENBA} id="a" name="Pay" genba:function="credit-chek"/>'
    data = file_of(process('<startEvent id="s"/>', step, flows("s > a")))
    (tmp_path / "p.bpmn").write_bytes(data)
    assert check([tmp_path / "p.bpmn"]) == 0
    assert "did you mean “credit-check”?" in capsys.readouterr().out
    made = deploy(Installation(MemoryJournal()), data, "p.bpmn", "")
    assert isinstance(made, Deployed)
    assert [one.rule for one in made.missing] == ["machine.function"]
