"""Deployed decisions in running cases: bindings, versions, refusals, the log."""

from datetime import timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from genba.decisions import Decided, decide
from genba.runtime.decisions import DecisionsDeployed, decision_file, deploy_decisions, library
from genba.runtime.definitions import graph
from genba.runtime.folding import differs
from genba.runtime.unit import read_state
from tests.decisions.models import column, decision, literal, model_text, output, row, table

ZEEBE = 'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'


def limits(*rows: tuple[str, str], name: str = "Limits") -> bytes:
    """A decision "Limits" from the amount to a way."""
    lines = [row([test], [way]) for test, way in rows]
    return model_text(decision(name, table([column("amount", "number")], [output("way")], lines)))


def drawn(draw: Any, called: str = 'decisionId="Limits" resultVariable="way"') -> bytes:
    inside = f"<extensionElements><zeebe:calledDecision {ZEEBE} {called}/></extensionElements>"
    data: bytes = draw.file(
        draw.process(
            "buying",
            draw.node("startEvent", "s"),
            draw.node("businessRuleTask", "rule", inside),
            draw.node("userTask", "buy"),
            draw.node("endEvent", "e"),
            flows="s>rule rule>buy buy>e",
        )
    )
    return data


def put(world: Any, data: bytes) -> DecisionsDeployed:
    made = deploy_decisions(world.inst, data, "limits.dmn", "7")
    assert isinstance(made, DecisionsDeployed), made
    return made


def way(world: Any, case: str) -> Any:
    return read_state(world.row(case)).data["way"]


def decided(world: Any, case: str) -> list[dict[str, Any]]:
    with world.inst.journal.reading() as reading:
        return [
            msgspec.json.decode(entry.body)
            for entry in reading.decisions_made()
            if entry.case == case
        ]


def test_the_latest_version_decides_also_cases_that_run(world: Any, draw: Any) -> None:
    put(world, limits(("< 100", '"free"'), (">= 100", '"board"')))
    world.deploy(drawn(draw))
    first = world.start("buying", data={"amount": 60})
    assert way(world, first) == "free"
    put(world, limits(("< 50", '"free"'), (">= 50", '"board"')))
    second = world.start("buying", data={"amount": 60})
    assert way(world, second) == "board"
    made = [*decided(world, first), *decided(world, second)]
    assert [(one["version"], one["rows"][0]["words"]) for one in made] == [
        (1, "row 1: amount under 100"),
        (2, "row 2: amount at least 50"),
    ]
    with world.inst.journal.reading() as reading:
        assert not differs(world.inst, reading, first)
        assert not differs(world.inst, reading, second)


def test_bound_to_the_deployment_a_new_version_changes_nothing(world: Any, draw: Any) -> None:
    called = 'decisionId="Limits" resultVariable="way" bindingType="deployment"'
    put(world, limits(("-", '"old"')))
    world.deploy(drawn(draw, called))
    world.clock.advance(timedelta(minutes=5))
    put(world, limits(("-", '"new"')))
    assert way(world, world.start("buying", data={"amount": 1})) == "old"


def test_a_decision_deployed_later_takes_over_from_people(world: Any, draw: Any) -> None:
    world.deploy(drawn(draw))
    assert [one.rule for one in graph(world.inst, "buying", 1).silent("rule")] == [
        "silent.not-connected"
    ]
    asked = world.start("buying", data={"amount": 1})
    assert [work.node for work in world.works(asked)] == ["rule"]
    put(world, limits(("-", '"free"')))
    assert graph(world.inst, "buying", 1).silent("rule") == ()
    assert way(world, world.start("buying", data={"amount": 1})) == "free"


def test_the_same_bytes_are_the_same_deployment(world: Any) -> None:
    first = put(world, limits(("-", '"free"')))
    assert put(world, limits(("-", '"free"'))) == first
    assert [one.version for one in put(world, limits(("-", '"x"'))).versions] == [2]


def test_what_cannot_be_run_is_refused_and_leaves_nothing(world: Any) -> None:
    for bad in (limits(("1 +", '"free"')), model_text(), b"no file"):
        refused = deploy_decisions(world.inst, bad, "bad.dmn", "7")
        assert isinstance(refused, tuple)
        assert refused[0].severity == "refused"
    with world.inst.journal.reading() as reading:
        assert reading.decisions() == []


def test_a_version_that_cannot_be_run_any_more_asks_a_person(world: Any, draw: Any) -> None:
    made = put(world, limits(("-", '"free"')))
    world.deploy(drawn(draw))
    broken = replace(made.deployment, id="broken", digest="0", source=limits(("1 +", '"free"')))
    with world.inst.journal.writing() as tx:
        tx.deploy_decisions(broken, [("Limits", "Limits")])
    assert [work.node for work in world.works(world.start("buying", data={"amount": 1}))] == [
        "rule"
    ]


def tariff(way: str) -> bytes:
    """A model "urn:tariff" with the decision "Base"."""
    return model_text(decision("Base", literal(way)), namespace="urn:tariff")


def importing(more: str = "") -> bytes:
    """A model that decides with what another one decides."""
    return model_text(
        '\n<import name="t" namespace="urn:tariff" locationURI="tariff.dmn"/>',
        decision("Limits", literal(f"t.Base + 1{more}"), decisions=["urn:tariff#Base"]),
    )


def test_an_imported_model_is_found_among_those_deployed(world: Any, draw: Any) -> None:
    refused = deploy_decisions(world.inst, importing(), "limits.dmn", "7")
    assert isinstance(refused, tuple)
    assert (refused[0].rule, refused[0].position.line) == ("dmn.import", 2)
    assert refused[0].advice == "put tariff.dmn beside this one, or deploy it first"
    put(world, tariff("10"))
    put(world, importing())
    world.deploy(drawn(draw))
    assert way(world, world.start("buying")) == 11
    world.clock.advance(timedelta(minutes=5))
    put(world, tariff("20"))
    assert way(world, world.start("buying")) == 11  # as it was when it was deployed
    put(world, importing(" + 1"))
    assert way(world, world.start("buying")) == 22


def test_a_version_imports_what_there_was_when_it_was_deployed(world: Any) -> None:
    put(world, tariff("10"))
    (version,) = put(world, importing()).versions
    world.clock.advance(timedelta(minutes=5))
    put(world, tariff("20"))
    with world.inst.journal.reading() as reading:
        model = decision_file(world.inst, reading, version).model
    found = decide(model, "Limits", {})
    assert isinstance(found, Decided)
    assert found.value == 11


def rates(share: str) -> bytes:
    """A library "urn:rates": a knowledge model, and no decision."""
    function = "<encapsulatedLogic><formalParameter name='amount' typeRef='number'/>"
    logic = f"<literalExpression><text>amount * {share}</text></literalExpression>"
    known = (
        "<businessKnowledgeModel id='rate' name='Rate'><variable name='Rate'/>"
        f"{function}{logic}</encapsulatedLogic></businessKnowledgeModel>"
    )
    return model_text(known, namespace="urn:rates")


def test_a_library_decides_nothing_and_is_there_for_those_who_import_it(
    world: Any, draw: Any
) -> None:
    (version,) = put(world, rates("2")).versions
    with world.inst.journal.reading() as reading:
        assert library(world.inst, reading, version) is not None
    using = model_text(
        '\n<import name="r" namespace="urn:rates" locationURI="rates.dmn"/>',
        decision("Limits", literal("r.Rate(21)"), knowledge=["urn:rates#rate"]),
    )
    put(world, using)
    world.deploy(drawn(draw))
    assert way(world, world.start("buying")) == 42
