"""What every row of the vendors' table is to give: a small drawing, and what is read of it."""

from collections.abc import Callable
from operator import attrgetter
from unittest.mock import ANY

from genba.notation import Definitions, read_bpmn
from genba.notation.model import (
    Form,
    FourEyes,
    HttpCall,
    Implementation,
    ImplementationKind,
    Mapping,
    MultiInstance,
    Node,
    Process,
    Votes,
)

FOUR_EYES = "requester, not:t, one-of:A|B"
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:genba="https://genba.dev/bpmn/1"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0">'
)


def read(body: str, head: str = HEAD) -> Definitions:
    definitions = read_bpmn(f"{head}{body}</definitions>".encode())
    assert isinstance(definitions, Definitions), definitions
    return definitions


def node(tag: str, attributes: str = "", extension: str = "", content: str = "") -> Node:
    inner = f"<extensionElements>{extension}</extensionElements>{content}"
    body = f'<process id="p"><{tag} id="t" {attributes}>{inner}</{tag}></process>'
    return read(body).processes[0].nodes[0]


def process(attributes: str) -> Process:
    return read(f'<process id="p" {attributes}><task id="t"/></process>').processes[0]


def implementation(of: Node) -> tuple[str, str] | None:
    found = of.implementation
    return None if found is None else (found.kind.value, found.name)


def result(of: Node) -> str | None:
    assert of.implementation is not None
    return of.implementation.result


def repeated(attributes: str = "", extension: str = "") -> MultiInstance:
    marker = (
        f"<multiInstanceLoopCharacteristics {attributes}><extensionElements>{extension}"
        "</extensionElements></multiInstanceLoopCharacteristics>"
    )
    loop = node("userTask", content=marker).loop
    assert isinstance(loop, MultiInstance)
    return loop


def form(of: Node) -> Form:
    assert of.form is not None
    return of.form


def mappings(of: tuple[Mapping, ...]) -> list[tuple[str, str, str]]:
    return [(m.target, m.source.text, m.source.language) for m in of]


def texts(loop: MultiInstance) -> tuple[object, ...]:
    collection, output = loop.collection, loop.output_item
    return (
        collection.text if collection else None,
        collection.language if collection else None,
        loop.item,
        loop.output_collection,
        output.text if output else None,
    )


Case = tuple[Callable[[], object], object]
TIMED = {
    **{name: f"assignment.{name}" for name in ("due", "remind", "escalate", "priority")},
    "escalateTo": "assignment.escalate_to",
    "followUp": "assignment.follow_up",
    "costOfDelay": "assignment.delay",
    "zone": "zone",
    "calendar": "calendar",
}


def timed(name: str) -> Case:
    return lambda: attrgetter(TIMED[name])(node("userTask", f'genba:{name}=" 2 "')), "2"


CASES: dict[tuple[str, str], Case] = {
    ("genba", "acts"): (
        lambda: node("task", 'genba:acts=" approve  reject "').acts,
        ("approve", "reject"),
    ),
    ("genba", "skills"): (
        lambda: node("userTask", 'genba:skills=" French, Contracts "').assignment.skills,
        ("French", "Contracts"),
    ),
    ("genba", "votes"): (
        lambda: node("userTask", 'genba:votes="2 of 3, in order"').deciding.votes,
        Votes(rule="count", need=2, of=3, in_order=True),
    ),
    ("genba", "fourEyes"): (
        lambda: node("userTask", f'genba:fourEyes="{FOUR_EYES}"').deciding.four_eyes,
        FourEyes(requester=True, steps=("t",), groups=("A", "B")),
    ),
    ("genba", "reason"): (
        lambda: node("userTask", 'genba:reason="reject, changes"').deciding.reasons,
        ("reject", "changes"),
    ),
    ("genba", "see"): (lambda: process('genba:see="HR, Law"').see, ("HR", "Law")),
    ("genba", "administer"): (lambda: process('genba:administer="HR"').administer, ("HR",)),
    ("genba", "open"): (
        lambda: [process(f'genba:open="{said}"').open_outside for said in ("true", "false")],
        [True, False],
    ),
    ("genba", "mandatory"): (
        lambda: [
            node("task", f'genba:mandatory="{said}"').mandatory
            for said in ("Controlling", "true", "false")
        ],
        ["Controlling", "", None],
    ),
    ("genba", "address"): (
        lambda: (
            read(
                '<process id="p"><task id="t"/></process><collaboration id="c">'
                '<participant id="x" genba:address="shop@example.org"/></collaboration>'
            )
            .participants[0]
            .address
        ),
        "shop@example.org",
    ),
    **{("genba", name): timed(name) for name in TIMED},
    ("genba", "form"): (
        lambda: form(node("userTask", extension='<genba:form> {"a": 1} </genba:form>')).body,
        '{"a": 1}',
    ),
    ("genba", "function"): (
        lambda: implementation(node("serviceTask", 'genba:function="credit"')),
        ("function", "credit"),
    ),
    ("genba", "result"): (
        lambda: node("sendTask", 'genba:function="f" genba:result="r"').implementation.result,
        "r",
    ),
    ("genba", "http"): (
        lambda: (
            node(
                "serviceTask",
                extension='<genba:http method="put" url="https://a.example/{id}" timeout="PT5S"'
                ' retries="2" result="order"><genba:header name="X-A" value="b"/>'
                "<genba:body>={id: id}</genba:body></genba:http>",
            ).implementation
        ),
        Implementation(
            kind=ImplementationKind.HTTP,
            name="PUT https://a.example/{id}",
            position=ANY,
            language="genba",
            result="order",
            http=HttpCall(
                method="PUT",
                url="https://a.example/{id}",
                headers=(("X-A", "b"),),
                body="={id: id}",
                timeout="PT5S",
                retries=2,
            ),
        ),
    ),
    ("camunda", "assignee"): (
        lambda: node("userTask", 'camunda:assignee="${boss}"').assignment.assignee,
        "${boss}",
    ),
    ("camunda", "candidateUsers"): (
        lambda: node("userTask", 'camunda:candidateUsers="a, ${f(b, c)},"').assignment.users,
        ("a", "${f(b, c)}"),
    ),
    ("camunda", "candidateGroups"): (
        lambda: node("task", 'camunda:candidateGroups="a,b"').assignment.groups,
        ("a", "b"),
    ),
    ("camunda", "dueDate"): (
        lambda: node("userTask", 'camunda:dueDate="P1D"').assignment.due,
        "P1D",
    ),
    ("camunda", "followUpDate"): (
        lambda: node("userTask", 'camunda:followUpDate="P2D"').assignment.follow_up,
        "P2D",
    ),
    ("camunda", "priority"): (
        lambda: node("userTask", 'camunda:priority="50"').assignment.priority,
        "50",
    ),
    ("camunda", "formKey"): (
        lambda: form(node("startEvent", 'camunda:formKey="f"')).key,
        "f",
    ),
    ("camunda", "formRef"): (
        lambda: form(node("userTask", 'camunda:formRef="f"')).key,
        "f",
    ),
    ("camunda", "class"): (
        lambda: implementation(node("serviceTask", 'camunda:class="a.B"')),
        ("code", "a.B"),
    ),
    ("camunda", "delegateExpression"): (
        lambda: implementation(node("sendTask", 'camunda:delegateExpression="${b}"')),
        ("code", "${b}"),
    ),
    ("camunda", "expression"): (
        lambda: implementation(node("serviceTask", 'camunda:expression="${1 + 1}"')),
        ("expression", "${1 + 1}"),
    ),
    ("camunda", "type"): (
        lambda: implementation(node("serviceTask", 'camunda:type="mail"')),
        ("code", "mail"),
    ),
    ("camunda", "topic"): (
        lambda: implementation(node("serviceTask", 'camunda:type="external" camunda:topic="pay"')),
        ("job", "pay"),
    ),
    ("camunda", "decisionRef"): (
        lambda: implementation(node("businessRuleTask", 'camunda:decisionRef="rate"')),
        ("decision", "rate"),
    ),
    ("camunda", "decisionRefBinding"): (
        lambda: (
            node(
                "businessRuleTask",
                'camunda:decisionRef="rate" camunda:decisionRefBinding="deployment"',
            ).implementation.decision.binding
        ),
        "deployment",
    ),
    ("camunda", "decisionRefVersion"): (
        lambda: (
            node(
                "businessRuleTask",
                'camunda:decisionRef="rate" camunda:decisionRefBinding="version"'
                ' camunda:decisionRefVersion="3"',
            ).implementation.decision.version
        ),
        3,
    ),
    ("camunda", "mapDecisionResult"): (
        lambda: (
            node(
                "businessRuleTask",
                'camunda:decisionRef="rate" camunda:mapDecisionResult="singleEntry"',
            ).implementation.decision.mapping
        ),
        "singleEntry",
    ),
    ("camunda", "resultVariable"): (
        lambda: result(
            node("businessRuleTask", 'camunda:decisionRef="rate" camunda:resultVariable="r"')
        ),
        "r",
    ),
    ("camunda", "calledElement"): (
        lambda: node("callActivity", 'camunda:calledElement="other"').called_element,
        "other",
    ),
    ("camunda", "collection"): (
        lambda: texts(repeated('camunda:collection="people"'))[:2],
        ("people", "data"),
    ),
    ("camunda", "elementVariable"): (
        lambda: texts(repeated('camunda:collection="${x}" camunda:elementVariable="one"'))[:3],
        ("${x}", "camunda", "one"),
    ),
    ("camunda", "candidateStarterGroups"): (
        lambda: (
            read('<process id="p" camunda:candidateStarterGroups="a,b"><task id="t"/></process>')
            .processes[0]
            .starter_groups
        ),
        ("a", "b"),
    ),
    ("camunda", "candidateStarterUsers"): (
        lambda: (
            read('<process id="p" camunda:candidateStarterUsers="c"><task id="t"/></process>')
            .processes[0]
            .starter_users
        ),
        ("c",),
    ),
    ("camunda", "formData"): (
        lambda: [
            (f.id, f.label, f.type, f.required, f.default, f.options)
            for f in form(
                node(
                    "userTask",
                    extension='<camunda:formData><camunda:formField id="n" label="How many?"'
                    ' type="long" defaultValue="1"><camunda:validation>'
                    '<camunda:constraint name="required"/></camunda:validation></camunda:formField>'
                    '<camunda:formField id="c" type="enum"><camunda:value id="r" name="Red"/>'
                    "</camunda:formField></camunda:formData>",
                )
            ).fields
        ],
        [
            ("n", "How many?", "long", True, "1", ()),
            ("c", "c", "enum", False, None, (("r", "Red"),)),
        ],
    ),
    ("camunda", "formProperty"): (
        lambda: [
            (f.id, f.label, f.type, f.required, f.default)
            for f in form(
                node(
                    "startEvent",
                    extension='<camunda:formProperty id="a" name="Sum" type="double"'
                    ' required="true" default="2"/>',
                )
            ).fields
        ],
        [("a", "Sum", "number", True, "2")],
    ),
    ("camunda", "inputOutput"): (
        lambda: [
            mappings(found)
            for step in (
                node(
                    "serviceTask",
                    extension='<camunda:inputOutput><camunda:inputParameter name="a">${b}'
                    '</camunda:inputParameter><camunda:inputParameter name="m"><camunda:map/>'
                    '</camunda:inputParameter><camunda:outputParameter name="c">d'
                    "</camunda:outputParameter></camunda:inputOutput>",
                ),
            )
            for found in (step.inputs, step.outputs)
        ],
        [[("a", "${b}", "camunda")], [("c", "d", "camunda")]],
    ),
    ("camunda", "in"): (
        lambda: mappings(
            node(
                "callActivity",
                extension='<camunda:in source="a" target="b"/><camunda:in variables="all"/>'
                '<camunda:in sourceExpression="${1}" target="c"/>',
            ).inputs
        ),
        [("b", "a", "data"), ("c", "${1}", "camunda")],
    ),
    ("camunda", "out"): (
        lambda: mappings(
            node("callActivity", extension='<camunda:out source="a" target="b"/>').outputs
        ),
        [("b", "a", "data")],
    ),
    ("camunda", "connector"): (
        lambda: implementation(
            node(
                "serviceTask",
                extension="<camunda:connector><camunda:connectorId>http</camunda:connectorId>"
                "</camunda:connector>",
            )
        ),
        ("code", "http"),
    ),
    ("zeebe", "assignmentDefinition"): (
        lambda: [
            (a.assignee, a.users, a.groups)
            for a in (
                node(
                    "userTask",
                    extension='<zeebe:assignmentDefinition assignee="=a" candidateUsers="b, c"'
                    ' candidateGroups="=[d, e]"/>',
                ).assignment,
            )
        ],
        [("=a", ("b", "c"), ("=[d, e]",))],
    ),
    ("zeebe", "taskSchedule"): (
        lambda: [
            (a.due, a.follow_up)
            for a in (
                node(
                    "userTask", extension='<zeebe:taskSchedule dueDate="=d" followUpDate="=f"/>'
                ).assignment,
            )
        ],
        [("=d", "=f")],
    ),
    ("zeebe", "priorityDefinition"): (
        lambda: (
            node(
                "userTask", extension='<zeebe:priorityDefinition priority="80"/>'
            ).assignment.priority
        ),
        "80",
    ),
    ("zeebe", "formDefinition"): (
        lambda: [
            form(node("userTask", extension=f'<zeebe:formDefinition {name}="f"/>')).key
            for name in ("formKey", "formId", "externalReference")
        ],
        ["f", "f", "f"],
    ),
    ("zeebe", "userTaskForm"): (
        lambda: (
            form(
                read(
                    '<process id="p"><extensionElements><zeebe:userTaskForm id="f1">{"x": 1}'
                    '</zeebe:userTaskForm></extensionElements><userTask id="t"><extensionElements>'
                    '<zeebe:formDefinition formKey="camunda-forms:bpmn:f1"/></extensionElements>'
                    "</userTask></process>"
                )
                .processes[0]
                .nodes[0]
            ).body
        ),
        '{"x": 1}',
    ),
    ("zeebe", "taskDefinition"): (
        lambda: implementation(
            node("serviceTask", extension='<zeebe:taskDefinition type="pay" retries="3"/>')
        ),
        ("job", "pay"),
    ),
    ("zeebe", "script"): (
        lambda: implementation(
            node("scriptTask", extension='<zeebe:script expression="=1" resultVariable="r"/>')
        ),
        ("expression", "=1"),
    ),
    ("zeebe", "calledDecision"): (
        lambda: implementation(
            node("businessRuleTask", extension='<zeebe:calledDecision decisionId="d"/>')
        ),
        ("decision", "d"),
    ),
    ("zeebe", "calledElement"): (
        lambda: (
            node("callActivity", extension='<zeebe:calledElement processId="q"/>').called_element
        ),
        "q",
    ),
    ("zeebe", "ioMapping"): (
        lambda: [
            mappings(found)
            for step in (
                node(
                    "task",
                    extension='<zeebe:ioMapping><zeebe:input source="=a + 1" target="b"/>'
                    '<zeebe:output source="c" target="d"/></zeebe:ioMapping>',
                ),
            )
            for found in (step.inputs, step.outputs)
        ],
        [[("b", "=a + 1", "zeebe")], [("d", "c", "zeebe")]],
    ),
    ("zeebe", "loopCharacteristics"): (
        lambda: texts(
            repeated(
                extension='<zeebe:loopCharacteristics inputCollection="=all" inputElement="one"'
                ' outputCollection="results" outputElement="=r"/>'
            )
        ),
        ("=all", "zeebe", "one", "results", "=r"),
    ),
    ("zeebe", "subscription"): (
        lambda: [
            key.text
            for step in read(
                '<message id="m" name="Paid"><extensionElements>'
                '<zeebe:subscription correlationKey="=order"/></extensionElements></message>'
                '<process id="p"><receiveTask id="t" messageRef="m"/></process>'
            )
            .processes[0]
            .nodes
            if (key := step.correlation_key) is not None
        ],
        ["=order"],
    ),
}
