"""Whatever a file says, reading and checking answer in values; nothing raises."""

from xml.sax.saxutils import quoteattr

from hypothesis import given, settings
from hypothesis import strategies as st

from genba.notation import Definitions, check_notation, describe, read_bpmn
from genba.notation.model import EventKind, NodeKind
from genba.notation.rules import RULES
from genba.notation.vocabulary import OTHER_DIAGRAMS, PROCESS_CONTENT, READ

HEAD = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:genba="https://genba.dev/bpmn/1"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
)
NAMES = sorted(
    {
        *(kind.value for kind in NodeKind),
        *(f"{kind.value}EventDefinition" for kind in EventKind),
        *PROCESS_CONTENT,
        *OTHER_DIAGRAMS,
        *(f"{row.dialect}:{row.name}" for row in READ if row.element),
        *("process", "lane", "childLaneSet", "flowNodeRef", "message", "error", "signal"),
        *("participant", "messageFlow", "globalScriptTask", "operation", "operationRef"),
        *("eventDefinitionRef", "timeCycle", "condition", "activityRef", "sourceRef"),
        *("targetRef", "dataInput", "dataOutput", "assignment", "from", "to", "script"),
        *("loopDataInputRef", "inputDataItem", "resourceRef", "transformation"),
    }
)
ATTRIBUTES = (
    *("id", "name", "sourceRef", "targetRef", "default", "attachedToRef", "processRef"),
    *("messageRef", "signalRef", "calledElement", "triggeredByEvent", "cancelActivity"),
    *("isForCompensation", "startQuantity", "instantiate", "bpmnElement", "isExecutable"),
    *(f"{row.dialect}:{row.name}" for row in READ if not row.element),
)
values = st.sampled_from(["a", "b", "c", "t:a", "true", "false", "", "3", "=x", "${y}", "a, b"])
tags = st.sampled_from(NAMES)
heads = st.dictionaries(st.sampled_from(ATTRIBUTES), values, max_size=4)
flows = st.builds(
    lambda source, target: f'<sequenceFlow sourceRef="{source}" targetRef="{target}"/>',
    st.sampled_from("abc"),
    st.sampled_from("abc"),
)


# So that arrows have ends, and drawings load often enough to be checked.
FIRST = '<task id="a"/><boundaryEvent id="b" attachedToRef="a"/><eventBasedGateway id="c"/>'


def write(tag: str, head: dict[str, str], children: list[str]) -> str:
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in head.items())
    return f"<{tag}{attributes}>{''.join(children)}</{tag}>"


bodies = st.recursive(
    st.builds(write, tags, heads, st.lists(st.sampled_from(["a", "b", " c "]), max_size=1)),
    lambda inner: st.builds(write, tags, heads, st.lists(inner, max_size=4)),
    max_leaves=20,
)
steps = st.builds(
    lambda kind, name, inner: write(kind.value, {"id": name, "name": name}, inner),
    st.sampled_from(NodeKind),
    st.sampled_from("defghij"),
    st.lists(bodies, max_size=2),
)


@settings(max_examples=200)
@given(st.lists(steps | bodies | flows, max_size=6), st.lists(bodies, max_size=4))
def test_reading_and_checking_never_raise(inside: list[str], beside: list[str]) -> None:
    content = FIRST + "".join(inside)
    text = f'<definitions {HEAD}><process id="p">{content}</process>{"".join(beside)}'
    definitions = read_bpmn(f"{text}</definitions>".encode(), "x.bpmn")
    if not isinstance(definitions, Definitions):
        assert definitions
        assert all(problem.severity == "refused" for problem in definitions)
        return
    nodes = {node.id for process in definitions.processes for node in process.nodes}
    for process in definitions.processes:
        assert {end for flow in process.flows for end in (flow.source, flow.target)} <= nodes
    for problem in check_notation(definitions):
        assert problem.rule in RULES
        assert "\n" not in describe(problem, "x.bpmn")
