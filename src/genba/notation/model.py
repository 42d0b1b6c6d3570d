"""The frozen model of a BPMN 2.0 file: what the drawing says, and where it says it.

Rules of this file:

1. Only data lives here. Reading XML is `reading`, writing it back is `writing`, judging it is
   `check`; what a drawing *does* is the engine's business.
2. Names are those of the standard (BPMN 2.0.2, formal/2013-12-09); an attribute that is absent
   in the file is `None` or its standard default here, never a guess. Names are on one line.
3. Everything carries the `Position` it was read from, so that whoever complains can point.
4. What we do not understand is not here, but it is not lost either: `Definitions.document` is
   the whole file, and writing goes through it.
"""

from enum import StrEnum

from msgspec import Struct

from genba.notation.document import Document, Position


class NodeKind(StrEnum):
    """The flow nodes of BPMN 2.0, by their XML local names (§10)."""

    TASK = "task"
    USER_TASK = "userTask"
    MANUAL_TASK = "manualTask"
    SERVICE_TASK = "serviceTask"
    SEND_TASK = "sendTask"
    RECEIVE_TASK = "receiveTask"
    SCRIPT_TASK = "scriptTask"
    BUSINESS_RULE_TASK = "businessRuleTask"
    CALL_ACTIVITY = "callActivity"
    SUB_PROCESS = "subProcess"
    TRANSACTION = "transaction"
    AD_HOC_SUB_PROCESS = "adHocSubProcess"
    EXCLUSIVE_GATEWAY = "exclusiveGateway"
    INCLUSIVE_GATEWAY = "inclusiveGateway"
    PARALLEL_GATEWAY = "parallelGateway"
    COMPLEX_GATEWAY = "complexGateway"
    EVENT_BASED_GATEWAY = "eventBasedGateway"
    START_EVENT = "startEvent"
    END_EVENT = "endEvent"
    INTERMEDIATE_CATCH_EVENT = "intermediateCatchEvent"
    INTERMEDIATE_THROW_EVENT = "intermediateThrowEvent"
    BOUNDARY_EVENT = "boundaryEvent"


SUB_PROCESS_KINDS = frozenset(
    {NodeKind.SUB_PROCESS, NodeKind.TRANSACTION, NodeKind.AD_HOC_SUB_PROCESS}
)
TASK_KINDS = frozenset(
    {
        NodeKind.TASK,
        NodeKind.USER_TASK,
        NodeKind.MANUAL_TASK,
        NodeKind.SERVICE_TASK,
        NodeKind.SEND_TASK,
        NodeKind.RECEIVE_TASK,
        NodeKind.SCRIPT_TASK,
        NodeKind.BUSINESS_RULE_TASK,
    }
)
ACTIVITY_KINDS = TASK_KINDS | SUB_PROCESS_KINDS | {NodeKind.CALL_ACTIVITY}
GATEWAY_KINDS = frozenset(
    {
        NodeKind.EXCLUSIVE_GATEWAY,
        NodeKind.INCLUSIVE_GATEWAY,
        NodeKind.PARALLEL_GATEWAY,
        NodeKind.COMPLEX_GATEWAY,
        NodeKind.EVENT_BASED_GATEWAY,
    }
)


class EventKind(StrEnum):
    """The event definitions of BPMN 2.0 (§10.5.5), by the stem of their XML name."""

    MESSAGE = "message"
    TIMER = "timer"
    ERROR = "error"
    ESCALATION = "escalation"
    SIGNAL = "signal"
    CONDITIONAL = "conditional"
    COMPENSATE = "compensate"
    CANCEL = "cancel"
    TERMINATE = "terminate"
    LINK = "link"


class Expression(Struct, frozen=True):
    """An expression as written: the text, and the language the file declares for it.

    `language` is the URI or name on the expression, else that of the definitions, else "".
    Which languages are run is the engine's decision. Mappings and collections of vendors say
    "zeebe" (FEEL when it starts with "=", else the text itself), "camunda" (text with ${…} in it,
    else the text itself) or "data" (the bare name of a data object or variable).
    """

    text: str
    language: str
    position: Position


class TimerDefinition(Struct, frozen=True):
    """The time of a timer event: at most one of the three is given; words are kept as words."""

    date: Expression | None = None
    duration: Expression | None = None
    cycle: Expression | None = None


class EventDefinition(Struct, frozen=True):
    """One event definition of an event; `eventDefinitionRef` is already followed.

    `name` is what people call the trigger: the name of the message, signal, error, escalation
    or link it refers to. `code` is the error or escalation code.
    """

    kind: EventKind
    position: Position
    id: str | None = None
    ref: str | None = None
    name: str | None = None
    code: str | None = None
    timer: TimerDefinition | None = None
    condition: Expression | None = None
    activity_ref: str | None = None
    correlation_key: Expression | None = None


class StandardLoop(Struct, frozen=True, tag="standard"):
    """standardLoopCharacteristics (§10.3.8)."""

    position: Position
    test_before: bool = False
    condition: Expression | None = None
    maximum: int | None = None


class ComplexBehavior(Struct, frozen=True):
    """When instances throw what, of a multi-instance activity with behavior Complex (§10.3.8)."""

    condition: Expression | None
    events: tuple[EventDefinition, ...] = ()


class MultiInstance(Struct, frozen=True, tag="multi"):
    """multiInstanceLoopCharacteristics (§10.3.8); collection and items also from vendors."""

    position: Position
    sequential: bool = False
    cardinality: Expression | None = None
    collection: Expression | None = None
    item: str | None = None
    output_collection: str | None = None
    output_item: Expression | None = None
    completion_condition: Expression | None = None
    behavior: str = "All"
    none_event_ref: str | None = None
    one_event_ref: str | None = None
    none_event: EventDefinition | None = None  # the references above, followed
    one_event: EventDefinition | None = None
    complex: tuple[ComplexBehavior, ...] = ()


class Assignment(Struct, frozen=True):
    """Who the drawing says does it; from potentialOwner, humanPerformer and vendor attributes.

    Each value is literal text or an expression as the vendor writes it (`=…`, `${…}`).
    """

    assignee: str | None = None
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    due: str | None = None
    follow_up: str | None = None
    priority: str | None = None
    remind: str | None = None  # when who is asked is reminded; with a minus: before it is due
    escalate: str | None = None  # after which time others are asked, if nobody has taken it
    escalate_to: str | None = None
    delay: str | None = None  # what a day of delay costs: a number, "expedite" or "intangible"
    skills: tuple[str, ...] = ()  # what one has to be able to do: genba:skills="French, Customs"


class FormField(Struct, frozen=True):
    """One field of a form embedded in the drawing (camunda:formField and the like)."""

    id: str
    label: str
    type: str  # string, text, long, number, boolean, date, datetime, enum
    required: bool = False
    default: str | None = None
    options: tuple[tuple[str, str], ...] = ()


class Form(Struct, frozen=True):
    """The form of a start event or a task: fields in the drawing, a JSON body, or a key."""

    key: str | None = None
    fields: tuple[FormField, ...] = ()
    body: str | None = None  # Camunda form JSON or JSON Schema found in the file


class ImplementationKind(StrEnum):
    """How the file says a task is done when no person does it."""

    JOB = "job"  # zeebe:taskDefinition type, camunda:topic
    CODE = "code"  # camunda:class, delegateExpression, operationRef: code of another system
    EXPRESSION = "expression"  # zeebe:script, camunda:expression, camunda:resultVariable
    SCRIPT = "script"
    DECISION = "decision"
    FUNCTION = "function"  # genba:function: a function installed beside Genba
    HTTP = "http"  # genba:http: a call of a web service


class DecisionBinding(Struct, frozen=True):
    """Which version of a decision a step asks for: "latest", "deployment", "version" …

    `mapping`: what of the value is kept: "singleEntry", "singleResult", "collectEntries",
    "resultList"; "" for all of it.
    """

    binding: str = "latest"
    version: int | None = None
    mapping: str = ""


class HttpCall(Struct, frozen=True, kw_only=True):
    """A call of a web service as the drawing writes it (genba:http).

    Texts may hold `{expression}` and, in headers only, `{secret:NAME}`. `timeout` is an ISO 8601
    duration; `retries` says how often it is tried again.
    """

    method: str = "GET"
    url: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: str | None = None
    timeout: str = ""
    retries: int | None = None


class Implementation(Struct, frozen=True):
    """What the file names as the implementation of a task; `name` is type, class, key or text."""

    kind: ImplementationKind
    name: str
    position: Position
    language: str = ""
    result: str | None = None
    decision: DecisionBinding | None = None  # of kind DECISION only
    http: HttpCall | None = None  # of kind HTTP only


class Mapping(Struct, frozen=True):
    """One input or output mapping (zeebe:ioMapping, camunda:inputOutput, data association).

    How `source` reads is in its `language`: see `Expression`.
    """

    target: str
    source: Expression


class Votes(Struct, frozen=True, kw_only=True):
    """How many answers decide a step (`genba:votes`).

    `rule`: "count" (`need` approvals), "all" (everybody is heard, all must approve), "veto" (one
    rejection ends it), "first" (the first answer counts). `of`: how many are asked; 0: everybody
    the drawing names, or the instances of a multi-instance step.
    """

    rule: str
    need: int = 0
    of: int = 0
    in_order: bool = False


class FourEyes(Struct, frozen=True, kw_only=True):
    """Who may not decide a step (`genba:four-eyes`): the requester, whoever did one of `steps`,
    and everybody outside of `groups`, where it names some."""

    requester: bool = False
    steps: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


class Deciding(Struct, frozen=True, kw_only=True):
    """What a task says about being decided; `wrong` is what of it cannot be read."""

    votes: Votes | None = None
    four_eyes: FourEyes | None = None
    reasons: tuple[str, ...] = ()  # genba:reason="reject, changes": acts that need a reason
    wrong: tuple[str, ...] = ()


class Node(Struct, frozen=True, kw_only=True):
    """One flow node. Fields that do not fit its kind keep their defaults."""

    id: str
    kind: NodeKind
    scope: str  # id of the sub-process or process that contains it
    position: Position
    name: str = ""
    lane: str | None = None  # name of the innermost lane
    documentation: str = ""
    incoming: tuple[str, ...] = ()  # sequence flow ids, in file order of the flows
    outgoing: tuple[str, ...] = ()
    default: str | None = None  # default sequence flow
    # activities
    loop: StandardLoop | MultiInstance | None = None
    is_for_compensation: bool = False
    start_quantity: int = 1
    completion_quantity: int = 1
    assignment: Assignment = Assignment()
    form: Form | None = None
    implementation: Implementation | None = None
    called_element: str | None = None
    inputs: tuple[Mapping, ...] = ()
    outputs: tuple[Mapping, ...] = ()
    acts: tuple[str, ...] = ()  # genba:acts="approve reject changes": verbs the drawing asks for
    mandatory: str | None = None  # genba:mandatory: who may waive the step, "" if it is not said
    skipped: bool = False  # left out of one case by a change; no file says so
    deciding: Deciding = Deciding()
    message_ref: str | None = None  # send and receive tasks
    message_name: str | None = None
    correlation_key: Expression | None = None
    instantiate: bool = False
    # sub-processes
    triggered_by_event: bool = False
    ordering: str = "Parallel"  # ad-hoc
    cancel_remaining: bool = True  # ad-hoc
    completion_condition: Expression | None = None  # ad-hoc
    zone: str = ""  # of the times it names: genba:zone, genba:calendar
    calendar: str = ""
    # events
    events: tuple[EventDefinition, ...] = ()
    attached_to: str | None = None
    cancel_activity: bool = True
    is_interrupting: bool = True
    parallel_multiple: bool = False
    # gateways
    gateway_direction: str = "Unspecified"
    event_gateway_type: str = "Exclusive"
    activation_condition: Expression | None = None


class SequenceFlow(Struct, frozen=True, kw_only=True):
    """A sequence flow; `condition` is absent or what is written in conditionExpression."""

    id: str
    source: str
    target: str
    scope: str
    position: Position
    name: str = ""
    condition: Expression | None = None


class Association(Struct, frozen=True, kw_only=True):
    """A directed association, kept for compensation handlers (§10.6)."""

    id: str
    source: str
    target: str


class Correlation(Struct, frozen=True, kw_only=True):
    """How messages of a name are told apart: the key of one that is sent or comes, and the key a
    case waits for (empty: any), property by property (§8.4.2)."""

    message: str
    sent: tuple[Expression, ...]
    awaited: tuple[Expression, ...] = ()


class Process(Struct, frozen=True, kw_only=True):
    """One process with all its nodes and flows, sub-processes flattened (see `Node.scope`)."""

    id: str
    position: Position
    name: str = ""
    documentation: str = ""
    is_executable: bool | None = None  # None: the file does not say
    is_closed: bool = False
    participant: str | None = None  # participant id of the pool that shows it
    nodes: tuple[Node, ...] = ()
    flows: tuple[SequenceFlow, ...] = ()
    associations: tuple[Association, ...] = ()
    lanes: tuple[str, ...] = ()  # names, in drawing order
    correlations: tuple[Correlation, ...] = ()  # by name of the message
    starter_groups: tuple[str, ...] = ()
    starter_users: tuple[str, ...] = ()
    zone: str = ""  # of the times it names: genba:zone, genba:calendar
    calendar: str = ""
    due: str | None = None  # for steps that do not say it themselves: genba:remind …
    remind: str | None = None
    escalate: str | None = None
    escalate_to: str | None = None
    delay: str | None = None
    see: tuple[str, ...] = ()  # genba:see="HR, Finance": groups who see its cases; none: everybody
    administer: tuple[str, ...] = ()  # genba:administer: groups who say who sees a case
    open_outside: bool = False  # genba:open="true": anybody outside may start it, by a public form


class Participant(Struct, frozen=True, kw_only=True):
    """A pool. `process` is None, or has no flow nodes, for a black box: an outside party."""

    id: str
    position: Position
    name: str = ""
    process: str | None = None
    address: str | None = None  # genba:address, when the drawing gives the party's mail address


class MessageFlow(Struct, frozen=True, kw_only=True):
    """A message flow; ends are node ids or participant ids."""

    id: str
    source: str
    target: str
    position: Position
    name: str = ""
    message_name: str | None = None


class Definitions(Struct, frozen=True, kw_only=True):
    """One BPMN file."""

    file: str
    document: Document
    id: str = ""
    name: str = ""
    target_namespace: str = ""
    exporter: str = ""
    expression_language: str = ""
    processes: tuple[Process, ...] = ()
    participants: tuple[Participant, ...] = ()
    message_flows: tuple[MessageFlow, ...] = ()
    global_tasks: tuple[str, ...] = ()  # ids a call activity may name
    global_task_names: tuple[str, ...] = ()
    global_nodes: tuple[Node, ...] = ()  # the same tasks, with what they do


class Problem(Struct, frozen=True, kw_only=True):
    """Something to say about a place in a file, in words.

    `severity`: "refused" (cannot be run, or is not BPMN), "warning" (suspicious, runs),
    "silent" (the drawing does not say; a person will). `rule` is a stable short id
    ("xml.entity", "bpmn.flow-target", "silent.choice"). `advice` says what to do.
    """

    severity: str
    rule: str
    message: str
    position: Position
    element: str = ""
    advice: str = ""
