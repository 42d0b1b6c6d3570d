"""Every rule of the table has a drawing that breaks it, and a sound drawing breaks none."""

import pytest

from genba.notation import Definitions, Position, Problem, check_notation, describe, read_bpmn
from genba.notation.rules import RULES
from tests.notation.test_standard import STANDARD

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0">'
)
SOUND = """<process id="p">
  <startEvent id="s"/><task id="t" name="Look"/><endEvent id="e"/>
  <sequenceFlow id="f1" sourceRef="s" targetRef="t"/>
  <sequenceFlow id="f2" sourceRef="t" targetRef="e"/>"""


def check(body: str) -> tuple[Problem, ...]:
    definitions = read_bpmn(f"{HEAD}{body}</definitions>".encode(), "x.bpmn")
    assert isinstance(definitions, Definitions), definitions
    return check_notation(definitions)


BROKEN: dict[str, tuple[str, str]] = {
    # rule -> (what is added to the sound process, element complained about)
    "bpmn.duplicate-id": ('<task id="t"/>', "t"),
    "genba.deciding": ('<task id="x" xmlns:g="https://genba.dev/bpmn/1" g:votes="most"/>', "x"),
    "bpmn.flow-crosses": (
        '<subProcess id="sub"><task id="in"/></subProcess>'
        '<sequenceFlow id="x" sourceRef="t" targetRef="in"/>',
        "x",
    ),
    "bpmn.boundary-host": ('<boundaryEvent id="b" attachedToRef="gone"/>', "b"),
    "bpmn.no-start": (
        '<subProcess id="sub"><task id="a"/><task id="b"/>'
        '<sequenceFlow id="ab" sourceRef="a" targetRef="b"/>'
        '<sequenceFlow id="ba" sourceRef="b" targetRef="a"/></subProcess>'
        '<sequenceFlow id="x" sourceRef="t" targetRef="sub"/>',
        "sub",
    ),
    "bpmn.event-sub-process-start": (
        '<subProcess id="sub" triggeredByEvent="true"><task id="a"/></subProcess>',
        "sub",
    ),
    "bpmn.event-kind": (
        '<intermediateThrowEvent id="x"><timerEventDefinition/></intermediateThrowEvent>',
        "x",
    ),
    "bpmn.event-kind-extra": (
        '<intermediateCatchEvent id="x"><timerEventDefinition/><errorEventDefinition/>'
        "</intermediateCatchEvent>",
        "x",
    ),
    "bpmn.cancel": ('<endEvent id="x"><cancelEventDefinition/></endEvent>', "x"),
    "bpmn.link-target": (
        '<intermediateThrowEvent id="x"><linkEventDefinition name="A"/></intermediateThrowEvent>',
        "x",
    ),
    "bpmn.link-source": (
        '<intermediateCatchEvent id="x"><linkEventDefinition name="A"/></intermediateCatchEvent>',
        "x",
    ),
    "bpmn.link-ambiguous": (
        '<intermediateCatchEvent id="w"><linkEventDefinition name="A"/></intermediateCatchEvent>'
        '<intermediateCatchEvent id="x"><linkEventDefinition name="A"/></intermediateCatchEvent>',
        "x",
    ),
    "bpmn.event-gateway-target": (
        '<eventBasedGateway id="g"/><task id="x"/>'
        '<sequenceFlow id="tg" sourceRef="t" targetRef="g"/>'
        '<sequenceFlow id="gx" sourceRef="g" targetRef="x"/>',
        "x",
    ),
    "bpmn.start-incoming": ('<sequenceFlow id="x" sourceRef="t" targetRef="s"/>', "s"),
    "bpmn.end-outgoing": ('<sequenceFlow id="x" sourceRef="e" targetRef="t"/>', "e"),
    "bpmn.boundary-incoming": (
        '<boundaryEvent id="b" attachedToRef="t"/>'
        '<sequenceFlow id="x" sourceRef="t" targetRef="b"/>',
        "b",
    ),
    "bpmn.boundary-dead-end": (
        '<boundaryEvent id="x" attachedToRef="t"><timerEventDefinition/></boundaryEvent>',
        "x",
    ),
    "bpmn.compensation-arrow": (
        '<boundaryEvent id="x" attachedToRef="t"><compensateEventDefinition/></boundaryEvent>'
        '<sequenceFlow id="xe" sourceRef="x" targetRef="e"/>',
        "x",
    ),
    "bpmn.event-sub-process-arrow": (
        '<subProcess id="x" triggeredByEvent="true"><startEvent id="i"/></subProcess>'
        '<sequenceFlow id="tx" sourceRef="t" targetRef="x"/>',
        "x",
    ),
    "bpmn.event-sub-process-starts": (
        '<subProcess id="x" triggeredByEvent="true"><startEvent id="i"/><startEvent id="j"/>'
        "</subProcess>",
        "x",
    ),
    "bpmn.inner-start": (
        '<subProcess id="sub"><startEvent id="x"><timerEventDefinition/></startEvent></subProcess>'
        '<sequenceFlow id="ts" sourceRef="t" targetRef="sub"/>',
        "x",
    ),
    "bpmn.link-arrow": (
        '<intermediateThrowEvent id="x"><linkEventDefinition name="A"/></intermediateThrowEvent>'
        '<sequenceFlow id="xe" sourceRef="x" targetRef="e"/>',
        "x",
    ),
    "bpmn.timer-twice": (
        '<intermediateCatchEvent id="x"><timerEventDefinition><timeDate>a</timeDate>'
        "<timeCycle>b</timeCycle></timerEventDefinition></intermediateCatchEvent>",
        "x",
    ),
    "bpmn.always-interrupts": (
        '<boundaryEvent id="x" attachedToRef="t" cancelActivity="false"><errorEventDefinition/>'
        "</boundaryEvent>",
        "x",
    ),
    "bpmn.gateway-dead-end": (
        '<exclusiveGateway id="g"/><sequenceFlow id="x" sourceRef="t" targetRef="g"/>',
        "g",
    ),
    "bpmn.unreachable": ('<task id="x"/>', "x"),
    "bpmn.default-flow": ('<task id="x" default="f1"/>', "x"),
    "bpmn.condition-unused": (
        '<parallelGateway id="g"/><sequenceFlow id="tg" sourceRef="t" targetRef="g"/>'
        '<sequenceFlow id="x" sourceRef="g" targetRef="e">'
        "<conditionExpression>a</conditionExpression></sequenceFlow>",
        "x",
    ),
    "bpmn.compensation-handler": (
        '<boundaryEvent id="x" attachedToRef="t"><compensateEventDefinition/></boundaryEvent>',
        "x",
    ),
    "bpmn.reference": ('<receiveTask id="x" messageRef="gone"/>', "x"),
    "bpmn.vendor": ('<task id="x" camunda:skipExpression="a"/>', "x"),
    "bpmn.bound-operation": (
        '<ioBinding id="x" operationRef="o" inputDataRef="i" outputDataRef="j"/>',
        "x",
    ),
    # these two stand beside the process
    "bpmn.pool": (
        '</process><collaboration id="c"><participant id="x" processRef="gone"/></collaboration>',
        "x",
    ),
    "bpmn.message-flow": (
        '</process><collaboration id="c"><messageFlow id="x" sourceRef="t" targetRef="gone"/>'
        "</collaboration>",
        "x",
    ),
}


@pytest.mark.parametrize("rule", sorted(BROKEN))
def test_each_rule_finds_what_it_is_for(rule: str) -> None:
    added, element = BROKEN[rule]
    body = SOUND + added + ("" if "</process>" in added else "</process>")
    found = [problem for problem in check(body) if problem.rule == rule]
    assert [problem.element for problem in found] == [element]
    assert found[0].severity == RULES[rule].severity
    assert found[0].advice
    line = next(n for n, text in enumerate(body.split("\n"), 1) if f'id="{element}"' in text)
    assert found[0].position.line == line or rule == "bpmn.duplicate-id"


def test_a_file_without_namespace_is_read_with_a_warning() -> None:
    definitions = read_bpmn(b'<definitions><process id="p"><task id="t"/></process></definitions>')
    assert isinstance(definitions, Definitions)
    assert [problem.rule for problem in check_notation(definitions)] == ["bpmn.namespace"]


def test_every_rule_is_tested() -> None:
    assert {*BROKEN, *STANDARD, "bpmn.namespace"} == set(RULES)
    assert {row.severity for row in RULES.values()} == {"refused", "warning"}


def test_a_sound_drawing_breaks_no_rule() -> None:
    assert check(SOUND + "</process>") == ()


def test_what_needs_no_arrow_is_not_unreachable() -> None:
    body = """<process id="p">
      <startEvent id="s"/><task id="t"/><endEvent id="e"/><task id="undo" isForCompensation="true"/>
      <boundaryEvent id="b" attachedToRef="t"><timerEventDefinition/></boundaryEvent>
      <boundaryEvent id="c" attachedToRef="t"><compensateEventDefinition/></boundaryEvent>
      <association id="a" sourceRef="c" targetRef="undo"/>
      <intermediateThrowEvent id="lt" name="L"><linkEventDefinition/></intermediateThrowEvent>
      <intermediateCatchEvent id="lc" name="L"><linkEventDefinition/></intermediateCatchEvent>
      <subProcess id="es" triggeredByEvent="true">
        <startEvent id="es1"><errorEventDefinition/></startEvent><endEvent id="es2"/>
        <sequenceFlow id="f4" sourceRef="es1" targetRef="es2"/></subProcess>
      <adHocSubProcess id="ah"><task id="x1"/><task id="x2"/></adHocSubProcess>
      <sequenceFlow id="f1" sourceRef="s" targetRef="t"/>
      <sequenceFlow id="f2" sourceRef="t" targetRef="ah"/>
      <sequenceFlow id="f3" sourceRef="b" targetRef="lt"/>
      <sequenceFlow id="f5" sourceRef="ah" targetRef="e"/>
      <sequenceFlow id="f6" sourceRef="lc" targetRef="e"/></process>"""
    assert check(body) == ()


def test_links_pair_within_their_scope_only() -> None:
    body = """<process id="p">
      <intermediateThrowEvent id="t"><linkEventDefinition name="A"/></intermediateThrowEvent>
      <subProcess id="s">
        <intermediateCatchEvent id="c"><linkEventDefinition name="A"/></intermediateCatchEvent>
      </subProcess></process>"""
    rules = {problem.rule for problem in check(body)}
    assert rules == {"bpmn.link-target", "bpmn.link-source", "bpmn.event-arrow"}


def test_parts_of_vendor_content_that_are_not_read_are_told() -> None:
    body = """<process id="p"><userTask id="t" name="Ask">
      <extensionElements>
        <camunda:taskListener event="create" class="x.Y"/>
        <camunda:inputOutput><camunda:inputParameter name="list"><camunda:list/>
        </camunda:inputParameter></camunda:inputOutput>
        <camunda:formData><camunda:formField id="a"><camunda:validation>
          <camunda:constraint name="max" config="3"/></camunda:validation></camunda:formField>
        </camunda:formData>
        <camunda:properties/>
      </extensionElements></userTask></process>"""
    assert [problem.message for problem in check(body)] == [
        "camunda:taskListener on <userTask> “Ask” is kept but has no effect",
        "camunda:inputParameter “list” (list) on <userTask> “Ask” is kept but has no effect",
        "camunda:constraint max of the field “a” on <userTask> “Ask” is kept but has no effect",
    ]


def test_a_problem_is_described_on_one_line() -> None:
    problem = Problem(
        severity="refused",
        rule="bpmn.flow-target",
        message="the sequence flow\nleads nowhere",
        position=Position(12, 5),
        element="f1",
        advice="connect it",
    )
    assert describe(problem, "a.bpmn") == (
        "a.bpmn:12:5: the sequence flow leads nowhere [f1] — connect it"
    )
    bare = Problem(severity="refused", rule="x", message="m", position=Position(1, 1))
    assert describe(bare, "a.bpmn") == "a.bpmn:1:1: m"
