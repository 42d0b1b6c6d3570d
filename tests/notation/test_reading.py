"""A drawing of any tool becomes the model: BPMN's own content, and what tools leave out."""

import pytest

from genba.notation import Definitions, Position, Problem, read_bpmn
from genba.notation.model import (
    EventKind,
    ImplementationKind,
    MultiInstance,
    Node,
    NodeKind,
    Process,
    StandardLoop,
)

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = (
    ' xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
)


def read(body: str, attributes: str = "") -> Definitions:
    definitions = read_bpmn(
        f'<definitions xmlns="{BPMN}"{DI} {attributes}>{body}</definitions>'.encode(), "x.bpmn"
    )
    assert isinstance(definitions, Definitions), definitions
    return definitions


def process(body: str, before: str = "") -> Process:
    return read(f'{before}<process id="p">{body}</process>').processes[0]


def only(body: str, before: str = "") -> Node:
    (node,) = process(body, before).nodes
    return node


def refusals(body: str) -> tuple[Problem, ...]:
    problems = read_bpmn(f'<definitions xmlns="{BPMN}">{body}</definitions>'.encode())
    assert isinstance(problems, tuple)
    return problems


@pytest.mark.parametrize("kind", NodeKind)
def test_every_kind_of_step_is_read_at_its_place(kind: NodeKind) -> None:
    node = only(f'\n  <{kind} id="n" name="A&#10;  step"/>')
    assert (node.id, node.kind, node.name, node.scope) == ("n", kind, "A step", "p")
    assert node.position == Position(2, 3)


@pytest.mark.parametrize("namespace", [BPMN, "http://schema.omg.org/spec/BPMN/2.0"])
@pytest.mark.parametrize("prefix", ["", "bpmn", "semantic", "ns5"])
def test_any_prefix_is_read(prefix: str, namespace: str) -> None:
    colon, declared = (f"{prefix}:", f":{prefix}") if prefix else ("", "")
    definitions = read_bpmn(
        f'<{colon}definitions xmlns{declared}="{namespace}"><{colon}process id="p">'
        f'<{colon}task id="t"/></{colon}process></{colon}definitions>'.encode()
    )
    assert isinstance(definitions, Definitions)
    assert [node.id for node in definitions.processes[0].nodes] == ["t"]


def test_order_lists_and_prefixes_of_references_do_not_matter() -> None:
    found = process(
        '<sequenceFlow id="f2" sourceRef="tns:t" targetRef=" e "/>'
        '<endEvent id="e"><incoming>nonsense</incoming><incoming>nonsense</incoming></endEvent>'
        '<sequenceFlow id="f1" sourceRef="s" targetRef="t" name="go"/>'
        '<task id="t"/><startEvent id="s"/>'
    )
    links = {node.id: (node.incoming, node.outgoing) for node in found.nodes}
    assert links == {"e": (("f2",), ()), "t": (("f1",), ("f2",)), "s": ((), ("f1",))}
    assert [flow.name for flow in found.flows] == ["", "go"]


def test_missing_ids_come_from_the_position_and_are_stable() -> None:
    body = '<process>\n  <task/><task name="b"/></process>'
    first, second = read(body), read(body)
    assert [node.id for node in first.processes[0].nodes] == ["task-2-3", "task-2-10"]
    assert first == second


def test_sub_processes_are_flattened_with_their_scope() -> None:
    found = process(
        '<subProcess id="a" triggeredByEvent="true"><transaction id="b"><task id="c"/>'
        '<task id="d"/><sequenceFlow id="f" sourceRef="c" targetRef="d"/></transaction>'
        "</subProcess>"
    )
    assert [(node.id, node.scope) for node in found.nodes] == [
        ("a", "p"),
        ("b", "a"),
        ("c", "b"),
        ("d", "b"),
    ]
    assert found.nodes[0].triggered_by_event
    assert [flow.scope for flow in found.flows] == ["b"]


def test_a_flow_written_elsewhere_belongs_where_its_ends_are() -> None:
    found = read(
        '<process id="p"><sequenceFlow id="f" sourceRef="a" targetRef="b"/><task id="x"/></process>'
        '<process id="q"><task id="a"/><task id="b"/></process>'
    )
    assert [[flow.id for flow in one.flows] for one in found.processes] == [[], ["f"]]
    assert found.processes[1].flows[0].scope == "q"


def shape(id: str, x: int, y: int, width: int, height: int) -> str:
    bounds = f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/>'
    return f'<di:BPMNShape id="s{id}" bpmnElement="{id}">{bounds}</di:BPMNShape>'


def test_lanes_by_reference_then_by_drawing_then_by_surroundings() -> None:
    body = (
        '<process id="p"><laneSet><lane id="l1" name="Sales&#10;team">'
        "<flowNodeRef> tns:a </flowNodeRef>"
        '<childLaneSet><lane id="l3" name="Clerk"><flowNodeRef>c</flowNodeRef></lane>'
        '<lane id="l4"><flowNodeRef>d</flowNodeRef></lane></childLaneSet></lane>'
        '<lane id="l2" name="Stock"/></laneSet>'
        '<task id="a"/><task id="c"/><task id="d"/>'
        '<subProcess id="b"><task id="in"/></subProcess>'
        '<boundaryEvent id="e" attachedToRef="c"/><task id="nowhere"/></process>'
        "<di:BPMNDiagram><di:BPMNPlane>"
        + shape("l1", 0, 0, 500, 100)
        + shape("l2", 0, 100, 500, 100)
        + shape("b", 100, 120, 100, 60)
        + shape("a", 100, 120, 100, 60)
        + shape("in", 100, 20, 50, 50)
        + shape("e", 100, 190, 36, 36)
        + "</di:BPMNPlane></di:BPMNDiagram>"
    )
    found = read(body).processes[0]
    assert {node.id: node.lane for node in found.nodes} == {
        "a": "Sales team",  # by reference, though it is drawn elsewhere
        "c": "Clerk",
        "d": "Sales team",  # its own lane has no name
        "b": "Stock",  # by drawing
        "in": "Stock",  # by what it is in
        "e": "Clerk",  # by what it is attached to
        "nowhere": None,
    }
    assert found.lanes == ("Sales team", "Clerk", "Stock")


def test_pools_message_flows_and_black_boxes() -> None:
    found = read(
        '<message id="m" name="Order"/><collaboration id="c">'
        '<participant id="us" name="Us" processRef="tns:p"/><participant id="them" name="Them"/>'
        '<messageFlow id="f" name="asks" sourceRef="them" targetRef="t" messageRef="m"/>'
        '</collaboration><process id="p" name="Ours" isExecutable="true"><task id="t"/></process>'
    )
    assert [(pool.name, pool.process) for pool in found.participants] == [
        ("Us", "p"),
        ("Them", None),
    ]
    assert found.processes[0].participant == "us"
    assert found.processes[0].is_executable is True
    (flow,) = found.message_flows
    assert (flow.source, flow.target, flow.name, flow.message_name) == (
        "them",
        "t",
        "asks",
        "Order",
    )
    assert process('<task id="t"/>').is_executable is None


ROOTS = (
    '<message id="m" name="Paid"/><signal id="s" name="Fire"/>'
    '<error id="r" name="Broken" errorCode="E1"/>'
    '<escalation id="c" name="Late" escalationCode="L1"/>'
    '<timerEventDefinition id="td"><timeCycle>R3/PT1H</timeCycle></timerEventDefinition>'
    '<interface id="i"><operation id="o" name="pay"><inMessageRef>m</inMessageRef></operation>'
    "</interface>"
)


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ('<messageEventDefinition messageRef="x:m"/>', ("message", "m", "Paid", None)),
        (
            "<messageEventDefinition><operationRef>o</operationRef></messageEventDefinition>",
            ("message", "m", "Paid", None),
        ),
        ('<signalEventDefinition signalRef="s"/>', ("signal", "s", "Fire", None)),
        ('<errorEventDefinition errorRef="r"/>', ("error", "r", "Broken", "E1")),
        ('<escalationEventDefinition escalationRef="c"/>', ("escalation", "c", "Late", "L1")),
        ('<signalEventDefinition signalRef="gone"/>', ("signal", "gone", None, None)),
        ('<linkEventDefinition name=" A "/>', ("link", None, "A", None)),
        ("<linkEventDefinition/>", ("link", None, "The event", None)),
        ("<terminateEventDefinition/>", ("terminate", None, None, None)),
        ("<eventDefinitionRef>x:td</eventDefinitionRef>", ("timer", None, None, None)),
    ],
)
def test_event_definitions_and_what_they_refer_to(
    definition: str, expected: tuple[str, str | None, str | None, str | None]
) -> None:
    node = only(f'<boundaryEvent id="b" name="The event">{definition}</boundaryEvent>', ROOTS)
    (event,) = node.events
    assert (event.kind.value, event.ref, event.name, event.code) == expected


def test_times_and_conditions_keep_their_words_and_language() -> None:
    found = process(
        '<intermediateCatchEvent id="a"><timerEventDefinition>'
        '<timeDuration language="feel"> P3D </timeDuration></timerEventDefinition>'
        "<conditionalEventDefinition><condition>x &gt; 1</condition></conditionalEventDefinition>"
        "</intermediateCatchEvent><startEvent id='b'><timerEventDefinition><timeDate/>"
        "</timerEventDefinition></startEvent>"
    )
    timer, condition = found.nodes[0].events
    assert timer.timer is not None
    assert timer.timer.duration is not None
    assert (timer.timer.duration.text, timer.timer.duration.language) == ("P3D", "feel")
    assert condition.kind is EventKind.CONDITIONAL
    assert condition.condition is not None
    assert condition.condition.text == "x > 1"
    empty = found.nodes[1].events[0].timer
    assert empty is not None
    assert (empty.date, empty.duration, empty.cycle) == (None, None, None)


def test_the_language_of_the_file_is_that_of_its_expressions() -> None:
    found = read(
        '<process id="p"><exclusiveGateway id="a" default="g"/><task id="b"/>'
        '<sequenceFlow id="f" sourceRef="a" targetRef="b"><conditionExpression>a > 1'
        '</conditionExpression></sequenceFlow><sequenceFlow id="g" sourceRef="a" targetRef="b">'
        "<conditionExpression/></sequenceFlow></process>",
        'expressionLanguage="urn:feel"',
    ).processes[0]
    condition = found.flows[0].condition
    assert condition is not None
    assert (condition.text, condition.language) == ("a > 1", "urn:feel")
    assert found.flows[1].condition is None
    assert found.nodes[0].default == "g"


def test_attributes_of_activities_and_gateways() -> None:
    found = process(
        '<receiveTask id="a" instantiate="1" messageRef="m" startQuantity="2"/>'
        '<adHocSubProcess id="b" ordering="Sequential" cancelRemainingInstances="false">'
        "<completionCondition>done</completionCondition></adHocSubProcess>"
        '<complexGateway id="c"><activationCondition>n > 1</activationCondition></complexGateway>'
        '<eventBasedGateway id="d" eventGatewayType="Parallel" instantiate="true"/>'
        '<boundaryEvent id="e" attachedToRef="a" cancelActivity="false"/>'
        '<startEvent id="f" isInterrupting="false" parallelMultiple="true"/>'
        '<task id="g" isForCompensation="true" completionQuantity="x"/>'
        '<sendTask id="h" operationRef="o"/>',
        ROOTS,
    )
    a, b, c, d, e, f, g, h = found.nodes
    assert (a.instantiate, a.message_name, a.start_quantity) == (True, "Paid", 2)
    assert b.completion_condition is not None
    assert (b.ordering, b.cancel_remaining) == ("Sequential", False)
    assert c.activation_condition is not None
    assert (d.event_gateway_type, d.instantiate) == ("Parallel", True)
    assert (e.attached_to, e.cancel_activity) == ("a", False)
    assert (f.is_interrupting, f.parallel_multiple) == (False, True)
    assert (g.is_for_compensation, g.completion_quantity) == (True, 1)
    assert h.implementation is not None
    assert (h.implementation.kind, h.implementation.name) == (ImplementationKind.CODE, "pay")
    assert h.message_name == "Paid"


def test_scripts_count_and_empty_ones_do_not() -> None:
    full = only('<scriptTask id="t" scriptFormat="feel"><script> a + 1 </script></scriptTask>')
    assert full.implementation is not None
    assert (full.implementation.name, full.implementation.language) == ("a + 1", "feel")
    assert only('<scriptTask id="t"><script> </script></scriptTask>').implementation is None
    assert only('<serviceTask id="t" implementation="##WebService"/>').implementation is None


def test_loops() -> None:
    loop = only(
        '<task id="t"><standardLoopCharacteristics testBefore="true" loopMaximum="3">'
        "<loopCondition>again</loopCondition></standardLoopCharacteristics></task>"
    ).loop
    assert isinstance(loop, StandardLoop)
    assert loop.condition is not None
    assert (loop.test_before, loop.maximum, loop.condition.text) == (True, 3, "again")
    many = only(
        '<task id="t"><ioSpecification><dataInput id="i" name="All"/></ioSpecification>'
        "<dataInputAssociation><sourceRef>ref</sourceRef><targetRef>i</targetRef>"
        "</dataInputAssociation>"
        '<multiInstanceLoopCharacteristics isSequential="true" behavior="One"'
        ' oneBehaviorEventRef="x"><loopCardinality>3</loopCardinality>'
        '<loopDataInputRef>i</loopDataInputRef><inputDataItem id="d" name="one"/>'
        "</multiInstanceLoopCharacteristics></task>"
        '<dataObject id="o" name="Orders"/><dataObjectReference id="ref" dataObjectRef="o"/>'
    ).loop
    assert isinstance(many, MultiInstance)
    assert many.cardinality is not None
    assert many.collection is not None
    assert (many.sequential, many.cardinality.text, many.behavior) == (True, "3", "One")
    assert (many.collection.text, many.collection.language) == ("Orders", "data")
    assert (many.item, many.one_event_ref) == ("one", "x")


def test_data_associations_become_mappings_by_name() -> None:
    node = only(
        '<task id="t"><ioSpecification><dataInput id="i" name="Input"/>'
        '<dataOutput id="o"/></ioSpecification>'
        "<dataInputAssociation><sourceRef>d</sourceRef><targetRef>i</targetRef>"
        "</dataInputAssociation>"
        "<dataOutputAssociation><sourceRef>o</sourceRef><targetRef>d</targetRef>"
        "<transformation>o + 1</transformation></dataOutputAssociation>"
        "<dataOutputAssociation><targetRef>d</targetRef><assignment><from>7</from><to>d</to>"
        "</assignment></dataOutputAssociation>"
        "<dataOutputAssociation><sourceRef>o</sourceRef><targetRef>d</targetRef>"
        "<transformation>&lt;boxed/></transformation></dataOutputAssociation></task>"
        '<dataObject id="d" name="Order"/>'
    )
    assert [(m.target, m.source.text, m.source.language) for m in node.inputs] == [
        ("Input", "Order", "data")
    ]
    assert [(m.target, m.source.text, m.source.language) for m in node.outputs] == [
        ("Order", "o + 1", ""),
        ("Order", "7", ""),
    ]


def test_resource_roles_name_people_and_groups() -> None:
    node = only(
        '<userTask id="t"><potentialOwner><resourceRef>tns:r</resourceRef></potentialOwner>'
        "<humanPerformer><resourceAssignmentExpression><formalExpression>kim</formalExpression>"
        "</resourceAssignmentExpression></humanPerformer>"
        "<potentialOwner><resourceAssignmentExpression><formalExpression>"
        "user(a), group(b), c</formalExpression></resourceAssignmentExpression></potentialOwner>"
        "</userTask>",
        '<resource id="r" name="Clerks"/>',
    )
    assert node.assignment.assignee == "kim"
    assert node.assignment.users == ("a",)
    assert node.assignment.groups == ("Clerks", "b", "c")


def test_global_tasks_and_calls_of_them() -> None:
    found = read(
        '<globalScriptTask id="g" name="Sum"><script>1</script></globalScriptTask>'
        '<process id="p"><callActivity id="c" calledElement="tns:g"/></process>'
    )
    assert (found.global_tasks, found.global_task_names) == (("g",), ("Sum",))
    (task,) = found.global_nodes
    assert task.kind is NodeKind.SCRIPT_TASK
    assert task.implementation is not None
    assert task.implementation.name == "1"
    assert found.processes[0].nodes[0].called_element == "g"


def test_associations_lead_to_compensation_handlers() -> None:
    found = process(
        '<task id="a"/><boundaryEvent id="b" attachedToRef="a"><compensateEventDefinition/>'
        '</boundaryEvent><task id="u" isForCompensation="true"/><textAnnotation id="note"/>'
        '<association id="x" sourceRef="b" targetRef="u"/>'
        '<association id="y" sourceRef="note" targetRef="u"/>'
    )
    assert [(link.source, link.target) for link in found.associations] == [("b", "u")]


@pytest.mark.parametrize(
    ("body", "rule", "element", "words"),
    [
        (
            '<process id="p"><task id="a"/>\n<sequenceFlow id="f" sourceRef="a"/></process>',
            "bpmn.flow-target",
            "f",
            "names no target",
        ),
        (
            '<process id="p"><task id="a"/>\n<sequenceFlow id="f" name="Yes" sourceRef="b"'
            ' targetRef="a"/></process>',
            "bpmn.flow-source",
            "f",
            "“Yes” has the source 'b', which is not a step",
        ),
        (
            '<process id="p"><task id="a"/>\n<choreographyTask id="x"/></process>',
            "bpmn.element",
            "x",
            "<choreographyTask>",
        ),
        ('\n<choreography id="c"/>', "bpmn.no-process", "c", "draws a choreography"),
        ('\n<collaboration id="c"/>', "bpmn.no-process", "c", "a collaboration of pools"),
        ('\n<process id="p"/>', "bpmn.no-process", "p", "has no steps"),
    ],
)
def test_what_cannot_be_run_is_refused_at_its_place(
    body: str, rule: str, element: str, words: str
) -> None:
    (problem,) = refusals(body)
    assert (problem.rule, problem.element, problem.position.line) == (rule, element, 2)
    assert words in problem.message
    assert problem.advice


def test_a_file_without_process_says_what_it_contains() -> None:
    (problem,) = refusals('<message id="m"/><signal id="s"/>')
    assert problem.message == "the file has no process; it contains only: message, signal"


@pytest.mark.parametrize(
    ("root", "words"),
    [
        ('<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>', "a DMN decision"),
        ('<Package xmlns="urn:XPDL2.2"/>', "an XPDL process"),
        ("<mxfile/>", "a draw.io drawing"),
        ("<whatever/>", "not a BPMN file"),
    ],
)
def test_other_files_are_named(root: str, words: str) -> None:
    problems = read_bpmn(root.encode())
    assert isinstance(problems, tuple)
    assert problems[0].rule == "bpmn.root"
    assert words in problems[0].message


def test_every_broken_arrow_is_told_but_not_endlessly() -> None:
    flows = "".join(f'<sequenceFlow id="f{n}"/>' for n in range(500))
    problems = refusals(f'<process id="p"><task id="t"/>{flows}</process>')
    assert len(problems) == 100
