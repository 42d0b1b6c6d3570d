"""Each rule of the standard beyond the first ones: a drawing that breaks it, and its sound twin."""

import pytest

from genba.notation import Definitions, Problem, check_notation, read_bpmn
from genba.notation.rules import RULES

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
)


def check(body: str, *, strict: bool = False) -> tuple[Problem, ...]:
    definitions = read_bpmn(f"{HEAD}{body}</definitions>".encode(), "x.bpmn")
    assert isinstance(definitions, Definitions), definitions
    return check_notation(definitions, strict=strict)


def process(inside: str, *, beside: str = "", head: str = 'isExecutable="true"') -> str:
    """A process with a start, a task and an end, and more in it and beside it."""
    return f"""{beside}<process id="p" {head}>
      <startEvent id="s"/><task id="t" name="Look"/><endEvent id="e"/>
      {flows("s t e")}{inside}</process>"""


def flows(*ways: str) -> str:
    """Arrows along each way, a list of ids."""
    pairs = [pair for way in ways for pair in zip(way.split(), way.split()[1:], strict=False)]
    return "".join(
        f'<sequenceFlow id="{a}-{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairs
    )


def bare(inside: str) -> str:
    return f'<process id="p" isExecutable="true">{inside}</process>'


def catch(id: str, definition: str, attributes: str = "") -> str:
    return f'<intermediateCatchEvent id="{id}" {attributes}>{definition}</intermediateCatchEvent>'


def pools(flow: str, second: str = "") -> str:
    """Two pools, the first with the process `p`, and a message flow `x` between them."""
    return (
        '<collaboration id="c"><participant id="us" processRef="p"/>'
        f'<participant id="them" name="Them">{second}</participant>'
        f'<messageFlow id="x" {flow}/></collaboration>'
    )


def specification(inside: str) -> str:
    return f"<ioSpecification id='io'>{inside}</ioSpecification>"


def inputs(*ids: str, item: str = "") -> str:
    data = "".join(f'<dataInput id="{id}" {item}/>' for id in ids)
    refs = "".join(f"<dataInputRefs>{id}</dataInputRefs>" for id in ids)
    return specification(f"{data}<inputSet>{refs}</inputSet><outputSet/>")


MESSAGE = "<messageEventDefinition/>"
TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
ITEMS = (
    '<itemDefinition id="text" structureRef="string"/>'
    '<itemDefinition id="number" structureRef="int"/>'
    '<itemDefinition id="many" structureRef="string" isCollection="true"/>'
    '<message id="m" itemRef="text"/>'
    '<interface id="face"><operation id="o"><inMessageRef>m</inMessageRef></operation></interface>'
)
DATA = (
    '<dataObject id="d1" name="Order" itemSubjectRef="text"/>'
    '<dataObject id="d2" name="Count" itemSubjectRef="number"/>'
)
OF_TEXT, OF_NUMBER = 'itemSubjectRef="text"', 'itemSubjectRef="number"'


def undo(mark: str, flow: str = "") -> str:
    return (
        '<boundaryEvent id="b" attachedToRef="t"><compensateEventDefinition/></boundaryEvent>'
        f'<task id="x" {mark}/><association sourceRef="b" targetRef="x"/>{flow}'
    )


def event_gateway(target: str, more: str = "") -> str:
    return process(
        f'<eventBasedGateway id="g"/>{catch("y", MESSAGE)}{target}{more}'
        + flows("s g y e", "g x e")
    )


def callee(start: str, data: str = "") -> str:
    return (
        f'<process id="q">{data}<startEvent id="qs">{start}</startEvent><endEvent id="qe"/>'
        + flows("qs qe")
        + "</process>"
    )


def calling(inside: str) -> str:
    called = f'<callActivity id="x" calledElement="q">{inside}</callActivity>'
    return called + flows("t x e")


def message_task(data: str) -> str:
    return f'<sendTask id="x" messageRef="m">{data}</sendTask>' + flows("t x e")


def task(inside: str, attributes: str = "", kind: str = "task") -> str:
    return f'<{kind} id="x" {attributes}>{inside}</{kind}>' + flows("t x e")


def ad_hoc(inside: str) -> str:
    return f'<adHocSubProcess id="a">{inside}</adHocSubProcess>' + flows("t a e")


def event_sub_process(trigger: str) -> str:
    return (
        f'<subProcess id="sub" triggeredByEvent="true"><startEvent id="x">{trigger}</startEvent>'
        f'<endEvent id="xe"/>{flows("x xe")}</subProcess>'
    )


def links(back: str) -> str:
    return (
        '<intermediateThrowEvent id="x"><linkEventDefinition id="l1" name="A">'
        "<target>l2</target></linkEventDefinition></intermediateThrowEvent>"
        f'<intermediateCatchEvent id="y"><linkEventDefinition id="l2" name="A">{back}'
        "</linkEventDefinition></intermediateCatchEvent>" + flows("t x", "y e")
    )


def copy(source: str, more: str = "") -> str:
    return process(
        DATA + task(
            inputs("i", item=OF_TEXT)
            + f'<dataInputAssociation id="x2"><sourceRef>{source}</sourceRef>{more}'
            "<targetRef>i</targetRef></dataInputAssociation>"
        ),
        beside=ITEMS,
    )  # fmt: skip


def typed_condition(inside: str) -> str:
    definition = f"<conditionalEventDefinition>{inside}</conditionalEventDefinition>"
    return process(catch("x", definition) + flows("t x e"))


def timed(inside: str) -> str:
    definition = f"<timerEventDefinition>{inside}</timerEventDefinition>"
    return process(catch("x", definition) + flows("t x e"))


def choreography(closed: str, reference: str = "") -> str:
    return (
        f'<choreography id="ch" isClosed="{closed}">{reference}</choreography>'
        '<collaboration id="c"><choreographyRef>ch</choreographyRef>'
        '<participant id="us" processRef="p"/><participant id="them"/>'
        '<messageFlow id="x" sourceRef="them" targetRef="t"/></collaboration>'
    )


def global_conversation(inside: str) -> str:
    return f'<globalConversation id="w">{inside}</globalConversation>'


def repeated(inside: str) -> str:
    return task(f"<multiInstanceLoopCharacteristics>{inside}</multiInstanceLoopCharacteristics>")


THREE = "<loopCardinality>3</loopCardinality>"
FORMAL = '<condition xsi:type="tFormalExpression">count &gt; 2</condition>'

# rule -> (a drawing that breaks it, the element complained about, its sound twin)
STANDARD: dict[str, tuple[str, str, str]] = {
    "bpmn.quantity": (
        process(task("", 'startQuantity="-5"')), "x", process(task("", 'startQuantity="2"')),
    ),
    "bpmn.quantity-zero": (
        process(task("", 'completionQuantity="0"')), "x",
        process(task("", 'completionQuantity="10"')),
    ),
    "bpmn.loop-markers": (
        process(task("<standardLoopCharacteristics/><multiInstanceLoopCharacteristics>"
                     f"{THREE}</multiInstanceLoopCharacteristics>")),
        "x", process(task("<standardLoopCharacteristics/>")),
    ),
    "bpmn.association-sources": (
        copy("d1", "<sourceRef>d2</sourceRef>"), "x2",
        copy("d1", "<sourceRef>d2</sourceRef><transformation>d1</transformation>"),
    ),
    "bpmn.association-kind": (copy("d2"), "x2", copy("d1")),
    "bpmn.event-gateway-mix": (
        event_gateway('<receiveTask id="x"/>'), "g", event_gateway(catch("x", MESSAGE)),
    ),
    "bpmn.event-gateway-boundary": (
        event_gateway('<receiveTask id="x"/>',
                      f'<boundaryEvent id="b" attachedToRef="x">{TIMER}</boundaryEvent>'),
        "x", event_gateway('<receiveTask id="x"/>'),
    ),
    "bpmn.event-gateway-incoming": (
        event_gateway(catch("x", TIMER), flows("t x")), "x", event_gateway(catch("x", TIMER)),
    ),
    "bpmn.event-gateway-ways": (
        process('<eventBasedGateway id="g"/>' + catch("y", MESSAGE) + flows("s g y e")), "g",
        event_gateway(catch("x", TIMER)),
    ),
    "bpmn.instantiate-incoming": (
        process(task("", 'instantiate="true"', "receiveTask")), "x",
        process('<receiveTask id="x" instantiate="true"/>' + flows("x e")),
    ),
    "bpmn.start-missing": (
        bare('<task id="t"/><endEvent id="e"/>' + flows("t e")), "p",
        bare('<receiveTask id="t" instantiate="true"/><endEvent id="e"/>' + flows("t e")),
    ),
    "bpmn.end-missing": (
        bare('<startEvent id="s"/><task id="t"/>' + flows("s t")), "p", bare('<task id="t"/>'),
    ),
    "bpmn.event-arrow": (
        process(catch("x", TIMER) + flows("x e")), "x", process(catch("x", TIMER) + flows("t x e")),
    ),
    "bpmn.dead-end": (
        process('<task id="x"/>' + flows("t x")), "x", process(task("")),
    ),
    "bpmn.flow-listed": (
        process('<task id="x"><incoming>gone</incoming></task>' + flows("t x e")), "x",
        process('<task id="x"><incoming>t-x</incoming></task>' + flows("t x e")),
    ),
    "bpmn.boundary-trigger": (
        process('<boundaryEvent id="x" attachedToRef="t"/>' + flows("x e")), "x",
        process(f'<boundaryEvent id="x" attachedToRef="t">{TIMER}</boundaryEvent>' + flows("x e")),
    ),
    "bpmn.compensation-flag": (process(undo("")), "x", process(undo('isForCompensation="true"'))),
    "bpmn.compensation-flow": (
        process(undo('isForCompensation="true"', flows("x e"))), "x",
        process(undo('isForCompensation="true"')),
    ),
    "bpmn.event-sub-process-trigger": (
        process(event_sub_process("")), "x", process(event_sub_process(TIMER)),
    ),
    "bpmn.called-start": (
        process(calling(""), beside=callee(MESSAGE)), "x", process(calling(""), beside=callee("")),
    ),
    "bpmn.ad-hoc-empty": (process(ad_hoc("")), "a", process(ad_hoc('<task id="i"/>'))),
    "bpmn.ad-hoc-events": (
        process(ad_hoc('<task id="i"/><endEvent id="x"/>' + flows("i x"))), "x",
        process(ad_hoc('<task id="i"/>')),
    ),
    "bpmn.link-pair": (process(links("")), "x", process(links("<source>l1</source>"))),
    "bpmn.gateway-ways": (
        process('<exclusiveGateway id="x"/>' + flows("t x e")), "x",
        process('<exclusiveGateway id="x"/>' + flows("s x", "t x e")),
    ),
    "bpmn.gateway-direction": (
        process('<exclusiveGateway id="x" gatewayDirection="Diverging"/>' + flows("s x", "t x e")),
        "x",
        process('<exclusiveGateway id="x" gatewayDirection="Converging"/>' + flows("s x", "t x e")),
    ),
    "bpmn.condition-alone": (
        process('<task id="w"/><sequenceFlow id="x" sourceRef="w" targetRef="e">'
                "<conditionExpression>a</conditionExpression></sequenceFlow>" + flows("t w")),
        "x",
        process('<task id="w"/><sequenceFlow id="x" sourceRef="w" targetRef="e">'
                "<conditionExpression>a</conditionExpression></sequenceFlow>" + flows("t w t")),
    ),
    "bpmn.definition-shared": (
        process('<intermediateCatchEvent id="x"><eventDefinitionRef>own</eventDefinitionRef>'
                "</intermediateCatchEvent>" + catch("y", '<signalEventDefinition id="own"/>')
                + flows("t x y e")),
        "x",
        process('<intermediateCatchEvent id="x"><eventDefinitionRef>own</eventDefinitionRef>'
                "</intermediateCatchEvent>" + flows("t x e"),
                beside='<signalEventDefinition id="own"/>'),
    ),
    "bpmn.escalation-code": (
        process('<endEvent id="x"><escalationEventDefinition/></endEvent>' + flows("t x")), "x",
        process('<endEvent id="x"><escalationEventDefinition escalationRef="late"/></endEvent>'
                + flows("t x"), beside='<escalation id="late" name="L" escalationCode="L"/>'),
    ),
    "bpmn.error-code": (
        process('<endEvent id="x"><errorEventDefinition/></endEvent>' + flows("t x")), "x",
        process('<endEvent id="x"><errorEventDefinition errorRef="bad"/></endEvent>' + flows("t x"),
                beside='<error id="bad" name="B" errorCode="B"/>'),
    ),
    "bpmn.event-data": (
        process(f'<endEvent id="x"><dataInput id="i" {OF_NUMBER}/>'
                '<messageEventDefinition messageRef="m"/></endEvent>' + flows("t x"), beside=ITEMS),
        "x",
        process(f'<endEvent id="x"><dataInput id="i" {OF_TEXT}/>'
                '<messageEventDefinition messageRef="m"/></endEvent>' + flows("t x"), beside=ITEMS),
    ),
    "bpmn.multiplicity": (
        process("", beside=pools('sourceRef="them" targetRef="t"',
                                 '<participantMultiplicity minimum="3" maximum="2"/>')), "them",
        process("", beside=pools('sourceRef="them" targetRef="t"',
                                 '<participantMultiplicity minimum="0" maximum="2"/>')),
    ),
    "bpmn.message-flow-pool": (
        process("", beside=pools('sourceRef="us" targetRef="t"')), "x",
        process("", beside=pools('sourceRef="them" targetRef="t"')),
    ),
    "bpmn.message-flow-artifact": (
        process('<textAnnotation id="n"/>', beside=pools('sourceRef="them" targetRef="n"')), "x",
        process('<textAnnotation id="n"/>', beside=pools('sourceRef="them" targetRef="t"')),
    ),
    "bpmn.message-flow-event": (
        process("", beside=pools('sourceRef="e" targetRef="them"')), "x",
        process(f'<endEvent id="f">{MESSAGE}</endEvent>' + flows("t f"),
                beside=pools('sourceRef="f" targetRef="them"')),
    ),
    "bpmn.choreography-closed": (
        process("", beside=choreography("true")), "x",
        process("", beside=choreography("false")),
    ),
    "bpmn.choreography-reference": (
        process("", beside=choreography("false", "<choreographyRef>o</choreographyRef>")), "ch",
        process("", beside=choreography("false")),
    ),
    "bpmn.global-conversation": (
        process("", beside=global_conversation('<conversation id="x"/>')), "x",
        process("", beside=global_conversation('<participant id="x"/>')),
    ),
    "bpmn.public-executable": (
        process("", head='isExecutable="true" processType="Public"'), "p",
        process("", head='isExecutable="false" processType="Public"'),
    ),
    "bpmn.flow-immediate": (
        process('<task id="w"/><sequenceFlow id="x" sourceRef="t" targetRef="w"'
                ' isImmediate="false"/>' + flows("w e")), "x",
        process('<task id="w"/><sequenceFlow id="x" sourceRef="t" targetRef="w"/>' + flows("w e")),
    ),
    "bpmn.expression-empty": (
        process(repeated(f'{THREE}<completionCondition id="x2"/>')), "x2",
        process(repeated(f'{THREE}<completionCondition id="x2">done</completionCondition>')),
    ),
    "bpmn.expression-boolean": (
        process(repeated(f'{THREE}<completionCondition id="x2">23</completionCondition>')), "x2",
        process(repeated(f'{THREE}<completionCondition id="x2">n = 23</completionCondition>')),
    ),
    "bpmn.condition-formal": (
        typed_condition("<condition>it rains</condition>"), "x", typed_condition(FORMAL),
    ),
    "bpmn.timer-format": (
        timed('<timeDate id="x2">soon</timeDate>'), "x2",
        timed('<timeDate id="x2">2030-01-31T08:00:00Z</timeDate>'),
    ),
    "bpmn.uri": (
        process('<transaction id="x" method="100%"/>' + flows("t x e")), "x",
        process('<transaction id="x" method="##Store"/>' + flows("t x e")),
    ),
    "bpmn.text-format": (
        process('<textAnnotation id="x" textFormat="bold"/>'), "x",
        process('<textAnnotation id="x" textFormat="text/html; charset=utf-8"/>'),
    ),
    "bpmn.script-format": (
        process(task("<script>a</script>", "", "scriptTask")), "x",
        process(task("<script>a</script>", 'scriptFormat="text/feel"', "scriptTask")),
    ),
    "bpmn.resource": (
        process(task('<performer id="x2"><resourceRef>r</resourceRef>'
                     "<resourceAssignmentExpression/></performer>")), "x2",
        process(task('<performer id="x2"><resourceRef>r</resourceRef></performer>')),
    ),
    "bpmn.loop-data": (
        process(repeated("<loopDataInputRef>text</loopDataInputRef>"), beside=ITEMS), "x",
        process(DATA + repeated("<loopDataInputRef>d1</loopDataInputRef>"), beside=ITEMS),
    ),
    "bpmn.loop-count": (process(repeated("")), "x", process(repeated(THREE))),
    "bpmn.operation-data": (
        process(message_task(inputs("i", item=OF_NUMBER)), beside=ITEMS), "x",
        process(message_task(inputs("i", item=OF_TEXT)), beside=ITEMS),
    ),
    "bpmn.call-data": (
        process(calling(inputs("i", "j", item=OF_TEXT)),
                beside=ITEMS + callee("", inputs("k", item=OF_TEXT))), "x",
        process(calling(inputs("i", item=OF_TEXT)),
                beside=ITEMS + callee("", inputs("k", item=OF_TEXT))),
    ),
    "bpmn.io-binding": (
        process("<supportedInterfaceRef>face</supportedInterfaceRef>", beside=ITEMS), "p",
        process('<supportedInterfaceRef>face</supportedInterfaceRef><ioBinding operationRef="o"/>',
                beside=ITEMS),
    ),
    "bpmn.io-set": (
        process(specification('<dataInput id="x"/><inputSet/><outputSet/>')), "x",
        process(inputs("x")),
    ),
    "bpmn.sub-process-data": (
        process(task(inputs("i"), "", "subProcess")), "x", process(task(inputs("i"))),
    ),
    "bpmn.property-place": (
        process("", beside='<property id="x"/>'), "x", process('<property id="x"/>'),
    ),
    "bpmn.collection": (
        process('<dataObject id="x" itemSubjectRef="many"/>', beside=ITEMS), "x",
        process('<dataObject id="x" itemSubjectRef="many" isCollection="true"/>', beside=ITEMS),
    ),
    "bpmn.data-state": (
        process(DATA + '<dataObjectReference id="x" name="Order" dataObjectRef="d1">'
                '<dataState name="paid"/></dataObjectReference>', beside=ITEMS), "x",
        process(DATA + '<dataObjectReference id="x" name="Order [paid]" dataObjectRef="d1">'
                '<dataState name="paid"/></dataObjectReference>', beside=ITEMS),
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", sorted(STANDARD))
def test_a_rule_finds_what_breaks_it_and_leaves_its_sound_twin(rule: str) -> None:
    broken, element, sound = STANDARD[rule]
    found = [problem for problem in check(broken) if problem.rule == rule]
    assert element in [problem.element for problem in found]
    assert {problem.severity for problem in found} == {RULES[rule].severity}
    assert rule not in {problem.rule for problem in check(sound)}


@pytest.mark.parametrize("rule", sorted(STANDARD))
def test_strict_checking_refuses_what_the_standard_forbids(rule: str) -> None:
    broken, _, _ = STANDARD[rule]
    refused = {problem.rule for problem in check(broken, strict=True) if _refused(problem)}
    assert rule in refused
    lenient = {problem.rule for problem in check(broken) if _refused(problem)}
    assert (rule in lenient) is not RULES[rule].forbidden


def _refused(problem: Problem) -> bool:
    return problem.severity == "refused"
