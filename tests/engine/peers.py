"""What runs in other engines, row by row, and the smallest drawing of each row.

Rules of this file: data only. The cells of others hold what was found in their sources: Camunda 7
`BpmnParse`, the element table of Camunda 8's linter, Flowable's behaviours, SpiffWorkflow's parser.
"""

from msgspec import Struct

from tests.engine.drawing import flows, tasks

_TWO = "".join(
    f'<intermediateCatchEvent id="{id}"><messageEventDefinition/></intermediateCatchEvent>'
    for id in "cd"
)
_MANY = "<multiInstanceLoopCharacteristics{}><loopCardinality>3</loopCardinality>{}"
_EARLY = "<activationCondition>= activationCount = 1</activationCondition>"
_SIGNAL = "<signalEventDefinition/>"


class Row(Struct, frozen=True):
    """One row: what it is about, drawings that must compile, and the cells of the others."""

    what: str
    drawings: tuple[str, ...]
    others: tuple[str, str, str, str]  # Camunda 7, Camunda 8, Flowable, SpiffWorkflow
    head: str = ""


def _gateway(kind: str, inside: str = "") -> str:
    ways = flows("f > a > g", "f > b > g", "g > z")
    return f'<parallelGateway id="f"/><{kind} id="g">{inside}</{kind}>{tasks("a", "b", "z")}{ways}'


def _many(attributes: str = "", inside: str = "") -> str:
    loop = _MANY.format(attributes, inside) + "</multiInstanceLoopCharacteristics>"
    return f'<task id="a">{loop}</task>'


def _begun(kind: str) -> str:
    return (
        f'<eventBasedGateway id="g" instantiate="true" eventGatewayType="{kind}"/>'
        f"{_TWO}{flows('g > c', 'g > d')}"
    )


_DATA = (
    '<dataObject id="o" name="o"/><task id="a"><ioSpecification><dataInput id="i" name="i"/>'
    "<inputSet><dataInputRefs>i</dataInputRefs></inputSet><outputSet/></ioSpecification>"
    "<dataInputAssociation><sourceRef>o</sourceRef><targetRef>i</targetRef></dataInputAssociation>"
    "</task>"
)
_UNDONE = (
    '<task id="a"/><task id="u" isForCompensation="true"/><boundaryEvent id="b" attachedToRef="a">'
    '<compensateEventDefinition/></boundaryEvent><association id="l" sourceRef="b" targetRef="u"/>'
    '<endEvent id="e"><compensateEventDefinition/></endEvent>' + flows("a > e")
)

PEERS = (
    Row(
        "user, service, script, manual, receive task",
        (
            '<userTask id="a"/>', '<serviceTask id="a"/>', '<scriptTask id="a"/>',
            '<manualTask id="a"/>', '<receiveTask id="a"/>',
        ),
        ("●", "●", "●", "●"),
    ),
    Row("business rule task (DMN)", ('<businessRuleTask id="a"/>',), ("●", "●", "●", "◐")),
    Row(
        "call activity to a global task",
        ('<callActivity id="a" calledElement="global"/>',),
        ("○", "○", "○", "○"),
        '<globalUserTask id="global"/>',
    ),
    Row(
        "embedded and event sub-process",
        (f'<subProcess id="a">{tasks("i")}</subProcess>',),
        ("●", "●", "●", "◐"),
    ),
    Row(
        "transaction and cancel",
        (f'<transaction id="a">{tasks("i")}</transaction>',),
        ("●", "○", "●", "●"),
    ),
    Row(
        "ad-hoc sub-process",
        (f'<adHocSubProcess id="a">{tasks("i", "k")}</adHocSubProcess>',),
        ("○", "●", "●", "◐"),
    ),
    Row(
        "exclusive, parallel, event-based gateway",
        (
            _gateway("exclusiveGateway"), _gateway("parallelGateway"),
            f'<startEvent id="s"/><eventBasedGateway id="g"/>{_TWO}{flows("s > g > c", "g > d")}',
        ),
        ("●", "●", "●", "●"),
    ),
    Row("inclusive split", (_gateway("inclusiveGateway"),), ("●", "●", "●", "●")),
    Row(
        "inclusive join by the standard's rule", (_gateway("inclusiveGateway"),),
        ("◐", "◐", "◐", "◐"),
    ),
    Row(
        "complex gateway: activation, reset", (_gateway("complexGateway", _EARLY),),
        ("○", "○", "○", "○"),
    ),
    Row(
        "several and conditional flows from a task",
        (tasks("a", "b", "c") + flows("a > b", "a > c : = n = 1"),),
        ("●", "◐", "●", "○"),
    ),
    Row(
        "multi-instance, completion condition",
        (_many("", "<completionCondition>= n = 1</completionCondition>"),),
        ("●", "●", "●", "●"),
    ),
    Row(
        "multi-instance behavior None, One, Complex",
        tuple(_many(f' behavior="{kind}"') for kind in ("None", "One", "Complex")),
        ("○", "○", "○", "○"),
    ),
    Row(
        "standard loop", ('<task id="a"><standardLoopCharacteristics/></task>',),
        ("○", "○", "○", "●"),
    ),
    Row(
        "message, timer, error, signal",
        (f'<startEvent id="s"/><endEvent id="e">{_SIGNAL}</endEvent>{flows("s > e")}',),
        ("●", "●", "●", "◐"),
    ),
    Row(
        "escalation",
        (
            '<startEvent id="s"/><endEvent id="e"><escalationEventDefinition/></endEvent>'
            + flows("s > e"),
        ),
        ("●", "●", "●", "◐"),
    ),
    Row(
        "conditional event",
        (
            '<startEvent id="s"/><intermediateCatchEvent id="c"><conditionalEventDefinition>'
            "<condition>= n = 1</condition></conditionalEventDefinition></intermediateCatchEvent>"
            + flows("s > c"),
        ),
        ("●", "●", "●", "◐"),
    ),
    Row(
        "compensation, strictly in reverse, handlers that wait", (_UNDONE,),
        ("◐", "◐", "◐", "○"),
    ),
    Row(
        "multiple and parallel multiple events",
        (
            '<startEvent id="s"/><intermediateCatchEvent id="c" parallelMultiple="true">'
            f"{_SIGNAL}<messageEventDefinition/></intermediateCatchEvent>{flows('s > c')}",
        ),
        ("○", "○", "○", "●"),
    ),
    Row(
        "receive task that begins a case", ('<receiveTask id="a" instantiate="true"/>',),
        ("○", "○", "○", "○"),
    ),
    Row(
        "event-based gateway that begins a case", (_begun("Exclusive"), _begun("Parallel")),
        ("○", "○", "○", "○"),
    ),
    Row(
        "token quantities",
        (
            '<task id="a" completionQuantity="2"/><task id="b" startQuantity="2"/>'
            + flows("a > b"),
        ),
        ("○", "○", "○", "○"),
    ),
    Row(
        "message correlation by keys and properties",
        (
            '<correlationSubscription id="cs" correlationKeyRef="k"><correlationPropertyBinding'
            ' correlationPropertyRef="n"><dataPath>order</dataPath></correlationPropertyBinding>'
            '</correlationSubscription><receiveTask id="a" messageRef="m"/>',
        ),
        ("○", "○", "○", "●"),
    ),
    Row("data objects, ioSpecification, associations", (_DATA,), ("○", "○", "◐", "◐")),
)  # fmt: skip
