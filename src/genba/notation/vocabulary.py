"""The names this layer knows: BPMN's, and those of other vendors.

Rules of this file:

1. Tables only. A vendor attribute or element that is not in `READ` cannot be read: the reader sees
   vendor content only through this table, and `docs/reference/drawings.md` is checked against it.
2. Namespaces are compared, prefixes never: every tool chooses its own.
"""

from msgspec import Struct

# BPMN 2.0.2 §15.3; the second is what tools wrote before the standard was final; the last is a
# file that forgot to declare one.
BPMN_NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/BPMN/20100524/MODEL",
        "http://schema.omg.org/spec/BPMN/2.0",
        "",
    }
)
DIAGRAM_NAMESPACE = "http://www.omg.org/spec/BPMN/20100524/DI"

# What people upload by mistake: namespace fragment or root name -> what it is.
OTHER_FILES: dict[str, str] = {
    "/spec/DMN/": "a DMN decision model",
    "/spec/CMMN/": "a CMMN case model",
    "XPDL": "an XPDL process",
    "svg": "a picture (SVG)",
    "html": "a web page",
    "wsdl": "a web service description (WSDL)",
    "VisioDocument": "a Visio drawing",
    "AML": "an ARIS export",
    "mxfile": "a draw.io drawing",
    "pnml": "a Petri net",
}

# Root elements of BPMN that draw something Genba does not run (§11, §9.4).
OTHER_DIAGRAMS: dict[str, str] = {
    "choreography": "a choreography",
    "globalChoreographyTask": "a choreography",
    "conversation": "a conversation",
    "globalConversation": "a conversation",
    "collaboration": "a collaboration of pools without steps",
}

# What may stand in a process or sub-process beside flow nodes and sequence flows, and is either
# read elsewhere or says nothing about running. Anything else is refused, never skipped.
PROCESS_CONTENT = frozenset(
    {
        "documentation", "extensionElements", "auditing", "monitoring", "property",
        "laneSet", "association", "group", "textAnnotation", "incoming", "outgoing",
        "ioSpecification", "ioBinding", "dataInputAssociation", "dataOutputAssociation",
        "dataObject", "dataObjectReference", "dataStoreReference", "dataStore",
        "resourceRole", "performer", "humanPerformer", "potentialOwner",
        "correlationSubscription", "supports", "supportedInterfaceRef",
        "standardLoopCharacteristics", "multiInstanceLoopCharacteristics", "completionCondition",
        "artifact", "category",
    }
)  # fmt: skip

GLOBAL_TASKS: dict[str, str] = {
    "globalTask": "task",
    "globalUserTask": "userTask",
    "globalManualTask": "manualTask",
    "globalScriptTask": "scriptTask",
    "globalBusinessRuleTask": "businessRuleTask",
}


class Vendor(Struct, frozen=True):
    """A vendor: its dialect (those with one dialect mean the same by the same name)."""

    name: str
    dialect: str
    namespace: str


# In order of precedence: when two say the same thing on one element, the first is believed.
VENDORS: tuple[Vendor, ...] = (
    Vendor("Genba", "genba", "https://genba.dev/bpmn/1"),
    Vendor("Camunda 8", "zeebe", "http://camunda.org/schema/zeebe/1.0"),
    Vendor("Camunda 7", "camunda", "http://camunda.org/schema/1.0/bpmn"),
    Vendor("Operaton", "camunda", "http://operaton.org/schema/1.0/bpmn"),
    Vendor("Flowable", "camunda", "http://flowable.org/bpmn"),
    Vendor("Activiti", "camunda", "http://activiti.org/bpmn"),
)
DIALECTS: dict[str, str] = {vendor.namespace: vendor.dialect for vendor in VENDORS}

# How an expression of a vendor reads; kept in `Expression.language` of mappings and collections.
DATA = "data"  # the bare name of a data object, property or variable
ZEEBE = "zeebe"  # FEEL when it starts with "=", else the text itself
CAMUNDA = "camunda"  # text with ${…} in it, else the text itself


class Read(Struct, frozen=True):
    """One vendor attribute, or element within extensionElements, that is read.

    `on` says where, in words; `becomes` is the field of the model; `content` are the attributes
    and children of an element.
    """

    dialect: str
    name: str
    on: str
    becomes: str
    element: bool = False
    content: str = ""


def _attributes(dialect: str, on: str, names: dict[str, str]) -> tuple[Read, ...]:
    return tuple(Read(dialect, name, on, becomes) for name, becomes in names.items())


def _elements(dialect: str, on: str, names: dict[str, tuple[str, str]]) -> tuple[Read, ...]:
    return tuple(
        Read(dialect, name, on, becomes, True, content)
        for name, (becomes, content) in names.items()
    )


READ: tuple[Read, ...] = (
    *_attributes(
        "genba",
        "tasks",
        {
            "acts": "acts",
            "mandatory": "mandatory",
            "votes": "deciding.votes",
            "fourEyes": "deciding.four_eyes",
            "reason": "deciding.reasons",
        },
    ),
    *_attributes(
        "genba",
        "processes",
        {"see": "see", "administer": "administer", "open": "open_outside"},
    ),
    *_attributes("genba", "participants", {"address": "address"}),
    *_attributes("genba", "events, tasks, processes", {"zone": "zone", "calendar": "calendar"}),
    *_attributes(
        "genba",
        "tasks, processes",
        {
            "due": "assignment.due",
            "remind": "assignment.remind",
            "escalate": "assignment.escalate",
            "escalateTo": "assignment.escalate_to",
            "costOfDelay": "assignment.delay",
        },
    ),
    *_attributes(
        "genba",
        "tasks",
        {
            "followUp": "assignment.follow_up",
            "priority": "assignment.priority",
            "skills": "assignment.skills",
        },
    ),
    *_attributes(
        "genba",
        "service, send, business rule, script tasks",
        {"function": "implementation (function)", "result": "implementation.result"},
    ),
    *_elements(
        "genba",
        "service, send, business rule, script tasks",
        {
            "http": (
                "implementation (http)",
                "method, url, timeout, retries, result; header: name, value; body: text",
            )
        },
    ),
    *_elements("genba", "start events, tasks", {"form": ("form.body", "a JSON Schema")}),
    *_attributes(
        "camunda",
        "tasks",
        {
            "assignee": "assignment.assignee",
            "candidateUsers": "assignment.users",
            "candidateGroups": "assignment.groups",
            "dueDate": "assignment.due",
            "followUpDate": "assignment.follow_up",
            "priority": "assignment.priority",
        },
    ),
    *_attributes(
        "camunda", "start events, user tasks", {"formKey": "form.key", "formRef": "form.key"}
    ),
    *_attributes(
        "camunda",
        "service, send, business rule tasks, message events",
        {
            "class": "implementation (code)",
            "delegateExpression": "implementation (code)",
            "expression": "implementation (expression)",
            "type": "implementation (job when external, else code)",
            "topic": "implementation (job)",
            "decisionRef": "implementation (decision)",
            "decisionRefBinding": "implementation.decision",
            "decisionRefVersion": "implementation.decision",
            "mapDecisionResult": "implementation.decision",
            "resultVariable": "implementation.result",
        },
    ),
    *_attributes("camunda", "call activities", {"calledElement": "called_element"}),
    *_attributes(
        "camunda",
        "multi-instance markers",
        {"collection": "loop.collection", "elementVariable": "loop.item"},
    ),
    *_attributes(
        "camunda",
        "processes",
        {"candidateStarterGroups": "starter_groups", "candidateStarterUsers": "starter_users"},
    ),
    *_elements(
        "camunda",
        "start events, user tasks",
        {
            "formData": (
                "form.fields",
                "formField: id, label, type, defaultValue; value: id, name; "
                "constraint named required",
            ),
            "formProperty": ("form.fields", "id, name, type, required, default; value: id, name"),
        },
    ),
    *_elements(
        "camunda",
        "activities, events",
        {"inputOutput": ("inputs, outputs", "inputParameter, outputParameter: name, text")},
    ),
    *_elements(
        "camunda",
        "call activities",
        {
            "in": ("inputs", "source or sourceExpression, target"),
            "out": ("outputs", "source or sourceExpression, target"),
        },
    ),
    *_elements(
        "camunda",
        "service tasks",
        {"connector": ("implementation (code)", "connectorId")},
    ),
    *_elements(
        "zeebe",
        "user tasks",
        {
            "assignmentDefinition": (
                "assignment.assignee, .users, .groups",
                "assignee, candidateUsers, candidateGroups",
            ),
            "taskSchedule": ("assignment.due, .follow_up", "dueDate, followUpDate"),
            "priorityDefinition": ("assignment.priority", "priority"),
        },
    ),
    *_elements(
        "zeebe",
        "start events, user tasks",
        {"formDefinition": ("form.key", "formKey, formId, externalReference")},
    ),
    *_elements(
        "zeebe", "processes", {"userTaskForm": ("form.body of the tasks with its key", "id, text")}
    ),
    *_elements(
        "zeebe",
        "tasks, message events",
        {
            "taskDefinition": ("implementation (job)", "type"),
            "script": ("implementation (expression)", "expression, resultVariable"),
            "calledDecision": (
                "implementation (decision)",
                "decisionId, bindingType, resultVariable",
            ),
        },
    ),
    *_elements("zeebe", "call activities", {"calledElement": ("called_element", "processId")}),
    *_elements(
        "zeebe",
        "activities, events",
        {"ioMapping": ("inputs, outputs", "input, output: source, target")},
    ),
    *_elements(
        "zeebe",
        "multi-instance markers",
        {
            "loopCharacteristics": (
                "loop.collection, .item, .output_collection, .output_item",
                "inputCollection, inputElement, outputCollection, outputElement",
            )
        },
    ),
    *_elements(
        "zeebe", "messages, receive tasks", {"subscription": ("correlation_key", "correlationKey")}
    ),
)
READ_ATTRIBUTES = frozenset((row.dialect, row.name) for row in READ if not row.element)
READ_ELEMENTS = frozenset((row.dialect, row.name) for row in READ if row.element)
