"""Deploying: versions, refusals, caches."""

from typing import Any

import pytest

from genba.runtime import definitions
from genba.runtime.definitions import UnknownVersion, deploy, file_definitions, graph
from genba.runtime.installation import Installation, current, install, installed


def test_the_same_bytes_are_the_same_deployment(world: Any, draw: Any) -> None:
    first = world.deploy(draw.two_steps())
    again = world.deploy(draw.two_steps())
    assert again.deployment == first.deployment
    assert again.versions == first.versions
    other = world.deploy(draw.two_steps("New name"))
    assert [(row.key, row.version, row.name) for row in other.versions] == [
        ("steps", 2, "New name")
    ]
    assert other.deployment.source == draw.two_steps("New name")


def test_running_cases_keep_their_version(world: Any, draw: Any) -> None:
    world.deploy(draw.two_steps("Old"))
    case = world.start("steps")
    world.deploy(draw.two_steps("New"))
    world.complete(case, "first")
    assert world.row(case).version == 1
    assert world.row(world.start("steps")).version == 2
    assert graph(world.inst, "steps", 1).name == "Old"
    assert world.row(world.start("steps", version=1)).title == "Old"


@pytest.mark.parametrize("data", [b"", b"a letter", b"<definitions/>", b"<a><b></a>"])
def test_what_cannot_be_read_is_refused_and_leaves_nothing(world: Any, data: bytes) -> None:
    refused = deploy(world.inst, data, "bad.bpmn", "7")
    assert isinstance(refused, tuple)
    assert refused[0].severity == "refused"
    with world.inst.journal.reading() as reading:
        assert reading.processes() == []


def test_a_flow_to_nowhere_is_refused(world: Any, draw: Any) -> None:
    bad = draw.file(
        draw.process("p", draw.node("startEvent", "s"), flows="s>nowhere"),
    )
    assert isinstance(deploy(world.inst, bad, "bad.bpmn", "7"), tuple)


def test_unknown_versions_are_said(world: Any, draw: Any) -> None:
    world.deploy(draw.two_steps())
    for look in (graph, file_definitions):
        with pytest.raises(UnknownVersion):
            look(world.inst, "steps", 2)
        with pytest.raises(UnknownVersion):
            look(world.inst, "nothing", 1)


def test_compiled_versions_are_kept_but_not_for_ever(
    world: Any, draw: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(definitions, "GRAPHS", 2)
    for name in ("a", "b", "c"):
        world.deploy(draw.two_steps(name))
    first = graph(world.inst, "steps", 1)
    assert graph(world.inst, "steps", 1) is first
    graph(world.inst, "steps", 2)
    graph(world.inst, "steps", 3)
    assert len(world.inst.graphs) == 2
    assert graph(world.inst, "steps", 1) is not first


def test_there_is_one_current_installation(world: Any) -> None:
    kept = installed()
    try:
        install(None)
        with pytest.raises(RuntimeError, match="no installation is open"):
            current()
        install(world.inst)
        assert current() is world.inst
        assert isinstance(installed(), Installation)
    finally:
        install(kept)
