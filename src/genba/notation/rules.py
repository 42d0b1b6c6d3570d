"""The table of what `check` can say: every rule with its words, severity, advice and source.

Rules of this file:

1. Only the table. The conditions are in the modules `check` names.
2. "refused" only where running it would be a guess: the standard forbids it, or it is not done.
   What the standard forbids and runs all the same, as people often draw it, is a warning with
   `forbidden`: strict checking refuses it. Any other warning is good sense.
3. A rule id is stable: people silence, translate and search for it.
"""

from msgspec import Struct


class Rule(Struct, frozen=True):
    """One thing that is checked: what holds in a sound drawing, and what to do where it does not.

    `source` is the section of BPMN 2.0.2, or "" for good sense.
    """

    severity: str
    words: str
    advice: str
    source: str = ""
    forbidden: bool = False


def _refused(words: str, advice: str, source: str) -> Rule:
    return Rule("refused", words, advice, source)


def _forbidden(words: str, advice: str, source: str) -> Rule:
    return Rule("warning", words, advice, source, forbidden=True)


def _warning(words: str, advice: str, source: str = "") -> Rule:
    return Rule("warning", words, advice, source)


RULES: dict[str, Rule] = {
    "bpmn.duplicate-id": _refused(
        "an id is given once",
        "give each of them its own id (copying XML by hand often causes this)", "8.2.1",
    ),
    "genba.deciding": _refused(
        "what a step says about being decided can be kept",
        "write votes as “2 of 3”, “all”, “veto” or “first”, fourEyes as “requester, not:step, "
        "one-of:A|B” with steps of this process", "",
    ),
    "bpmn.flow-crosses": _refused(
        "a sequence flow stays within one pool and one sub-process",
        "keep the arrow within one pool and one sub-process; between pools draw a message flow",
        "7.6.1",
    ),
    "bpmn.boundary-host": _refused(
        "a boundary event is attached to an activity",
        "put the event on the border of a task or sub-process", "10.5.4",
    ),
    "bpmn.no-start": _refused(
        "work has a beginning", "add a start event, or a step that no arrow leads to", "10.5.2",
    ),
    "bpmn.event-sub-process-start": _refused(
        "an event sub-process has a start event",
        "give it one start event that says what sets it off", "10.3.5",
    ),
    "bpmn.event-kind": _refused(
        "an event has a trigger allowed at its place",
        "use one of the triggers BPMN allows at this place", "10.5.1, Table 10.93",
    ),
    "bpmn.event-kind-extra": _forbidden(
        "an event has only triggers allowed at its place",
        "remove the triggers BPMN does not allow at this place", "10.5.1, Table 10.93",
    ),
    "bpmn.cancel": _refused(
        "only a transaction is cancelled",
        "make the sub-process a transaction, or use another event", "10.5.5",
    ),
    "bpmn.link-target": _refused(
        "a link has a target on its level",
        "add the catching link event of the same name, or draw the arrow", "10.5.5",
    ),
    "bpmn.link-ambiguous": _refused(
        "a link has one target", "leave one catching link event of that name", "10.5.5",
    ),
    "bpmn.quantity": _refused(
        "a quantity of tokens is a whole number",
        "give a whole number of 1 or more, or leave it out", "10.3.1, Table 10.3",
    ),
    "bpmn.quantity-zero": _forbidden(
        "an activity takes and gives at least one token",
        "give a number of 1 or more, or leave it out", "10.3.1, Table 10.3",
    ),
    "bpmn.timer-twice": _refused(
        "a timer has one of date, duration and cycle", "leave one of date, duration and cycle",
        "10.5.5",
    ),
    "bpmn.loop-markers": _refused(
        "an activity has one loop marker", "leave one of the two markers", "10.3.8",
    ),
    "bpmn.association-sources": _refused(
        "data of several sources is transformed",
        "leave one source, or say by a transformation how they become one", "10.4.2",
    ),
    "bpmn.link-source": _warning(
        "a catching link is jumped to", "add the throwing link event of the same name", "10.5.5",
    ),
    "bpmn.event-gateway-target": _forbidden(
        "an event-based gateway leads to events that are awaited",
        "let each way begin with a catching event or a receive task, or use an exclusive gateway",
        "10.6.6",
    ),
    "bpmn.event-gateway-mix": _forbidden(
        "an event-based gateway leads to message events or to receive tasks, not to both",
        "use message events only, or receive tasks only", "10.6.6",
    ),
    "bpmn.event-gateway-boundary": _forbidden(
        "a receive task after an event-based gateway has no boundary events",
        "remove the events from its border, or await them after the gateway", "10.6.6",
    ),
    "bpmn.event-gateway-incoming": _forbidden(
        "only the event-based gateway leads to the events it awaits",
        "lead the other arrow into another event", "10.6.6",
    ),
    "bpmn.event-gateway-ways": _forbidden(
        "an event-based gateway has two ways or more",
        "draw the other events it awaits, or leave the gateway out", "10.6.6",
    ),
    "bpmn.instantiate-incoming": _forbidden(
        "no arrow leads into what begins a process",
        "remove the arrow, or the mark that it begins the process", "10.3.3, 10.6.6",
    ),
    "bpmn.start-incoming": _forbidden(
        "no arrow leads into a start event", "lead the arrow to the step after the start",
        "10.5.2",
    ),
    "bpmn.end-outgoing": _forbidden(
        "no arrow leaves an end event", "use an intermediate event if the process goes on here",
        "10.5.3",
    ),
    "bpmn.start-missing": _forbidden(
        "where there is an end event, there is a start event", "draw the start event", "10.5.2",
    ),
    "bpmn.end-missing": _forbidden(
        "where there is a start event, there is an end event", "draw the end event", "10.5.3",
    ),
    "bpmn.event-arrow": _forbidden(
        "arrows lead to and from events as their place says", "draw the missing arrow",
        "10.5.2, 10.5.3, 10.5.4",
    ),
    "bpmn.dead-end": _forbidden(
        "where there is an end event, every way leads to one",
        "draw where it goes on, or an end event", "10.5.3",
    ),
    "bpmn.unreachable": _forbidden(
        "where there is a start event, every step is led to", "draw an arrow to it, or remove it",
        "10.5.2",
    ),
    "bpmn.flow-listed": _forbidden(
        "a step lists the arrows it has", "save the drawing again in a modelling tool", "8.4.13",
    ),
    "bpmn.boundary-incoming": _forbidden(
        "no arrow leads into a boundary event",
        "remove the arrow into the event; the step it is attached to sets it off", "10.5.4",
    ),
    "bpmn.boundary-dead-end": _forbidden(
        "an arrow leaves a boundary event", "draw what is done then, or an end event", "10.5.4",
    ),
    "bpmn.boundary-trigger": _forbidden(
        "a boundary event says what sets it off",
        "choose its trigger: a time, a message, an error, …", "10.5.4, Table 10.93",
    ),
    "bpmn.always-interrupts": _forbidden(
        "errors, cancellation and compensation have no dashed border",
        "draw the event with a solid border, or use an escalation", "10.5.4, Table 10.93",
    ),
    "bpmn.compensation-arrow": _forbidden(
        "no arrow leaves a compensation event",
        "connect the step that undoes it by a dotted line instead", "10.7.1",
    ),
    "bpmn.compensation-handler": _warning(
        "a compensation event leads to the step that undoes",
        "connect the event with a dotted line to the step that undoes it", "10.7.1",
    ),
    "bpmn.compensation-flag": _forbidden(
        "a step that undoes another is marked so",
        "mark the step as compensation in your modelling tool", "10.7.1",
    ),
    "bpmn.compensation-flow": _forbidden(
        "a step that undoes another is outside of the flow",
        "remove the arrows at the step that undoes", "10.7.1",
    ),
    "bpmn.event-sub-process-arrow": _forbidden(
        "no arrow leads into or out of an event sub-process",
        "remove the arrows, or the dashed border of the sub-process", "10.3.5",
    ),
    "bpmn.event-sub-process-starts": _forbidden(
        "an event sub-process has one start event",
        "leave one start event, or draw one sub-process for each", "10.3.5",
    ),
    "bpmn.event-sub-process-trigger": _forbidden(
        "the start event of an event sub-process says what sets it off",
        "choose its trigger: a time, a message, an error, …", "10.3.5",
    ),
    "bpmn.inner-start": _forbidden(
        "a sub-process begins by its arrow",
        "put the trigger before the sub-process, or draw an event sub-process", "10.5.2",
    ),
    "bpmn.called-start": _forbidden(
        "a process that is called has a start event without a trigger",
        "add a plain start event to the process that is called", "10.3.4, 10.5.2",
    ),
    "bpmn.ad-hoc-empty": _forbidden(
        "an ad-hoc sub-process has activities", "draw the activities people choose from", "10.3.5",
    ),
    "bpmn.ad-hoc-events": _forbidden(
        "an ad-hoc sub-process has no start and no end event",
        "remove the start and end events from it", "10.3.5",
    ),
    "bpmn.link-arrow": _forbidden(
        "a link takes the place of an arrow", "use either the link or the arrow", "10.5.5",
    ),
    "bpmn.link-pair": _forbidden(
        "the two ends of a link name each other",
        "let source and target of the two link events name each other, or leave them out",
        "10.5.5",
    ),
    "bpmn.gateway-dead-end": _warning(
        "an arrow leaves a gateway", "draw where it goes on, or an end event", "10.6.1",
    ),
    "bpmn.gateway-ways": _forbidden(
        "a gateway joins or splits", "draw the missing arrows, or leave the gateway out", "10.6.1",
    ),
    "bpmn.gateway-direction": _forbidden(
        "a gateway has the arrows its direction says",
        "leave the direction out, or draw the arrows it says", "10.6.1, Table 10.112",
    ),
    "bpmn.default-flow": _forbidden(
        "the default of a step is an arrow that leaves it",
        "mark one of the arrows that leave this step as the default", "8.4.13",
    ),
    "bpmn.condition-unused": _forbidden(
        "only a step that decides has conditions",
        "remove the condition, or use an exclusive or inclusive gateway", "8.4.13, 13.4",
    ),
    "bpmn.condition-alone": _forbidden(
        "a task with a condition on an arrow has another arrow",
        "draw the other way, or remove the condition", "8.4.13",
    ),
    "bpmn.reference": _warning(
        "what is referred to is there",
        "declare it in this file, or choose another in your modelling tool", "8.2",
    ),
    "bpmn.definition-shared": _forbidden(
        "an event refers to a definition that stands by itself",
        "put the event definition beside the process, or give each event its own", "10.5.1",
    ),
    "bpmn.escalation-code": _forbidden(
        "an escalation that is thrown has a code", "give the escalation a code", "10.5.5",
    ),
    "bpmn.error-code": _forbidden(
        "an error that is thrown has a code", "give the error a code", "10.5.5",
    ),
    "bpmn.event-data": _forbidden(
        "the data of an event fits what it takes or gives",
        "give it one input or output for each message or other payload, of the same kind",
        "10.5.1",
    ),
    "bpmn.pool": _warning(
        "a pool shows a process that is there", "draw the process of the pool, or leave it empty",
        "9.3",
    ),
    "bpmn.multiplicity": _forbidden(
        "a pool stands for one party or more",
        "give a maximum of 1 or more that is not below the minimum", "9.3.1",
    ),
    "bpmn.message-flow": _warning(
        "a message flow has two ends", "connect it to a step or the border of another pool", "9.4",
    ),
    "bpmn.message-flow-pool": _forbidden(
        "a message flow leads to another pool",
        "draw an arrow within the pool, or lead the message flow to another pool", "9.4",
    ),
    "bpmn.message-flow-artifact": _forbidden(
        "no message flow leads to or from a note, group or association",
        "connect it to a step or the border of another pool", "7.6.2",
    ),
    "bpmn.message-flow-event": _forbidden(
        "a message flow leads from what sends to what receives",
        "choose a message as the trigger of the event, or connect another step", "9.4, 10.5",
    ),
    "bpmn.choreography-closed": _forbidden(
        "a closed choreography has no other message flows",
        "remove the message flow, or open the choreography", "9.2, 11.1",
    ),
    "bpmn.choreography-reference": _forbidden(
        "only a collaboration refers to a choreography",
        "remove the reference to the choreography", "9.2, 11.1",
    ),
    "bpmn.global-conversation": _forbidden(
        "a global conversation is empty but for its parties",
        "move its conversations into a collaboration", "9.6",
    ),
    "bpmn.public-executable": _forbidden(
        "a public process is not executable", "say that the process is private, or not executable",
        "10.1",
    ),
    "bpmn.flow-immediate": _forbidden(
        "in an executable process every arrow is immediate", "remove isImmediate", "8.4.13",
    ),
    "bpmn.expression-empty": _forbidden(
        "a formal expression has a text", "write the expression, or remove the empty element",
        "8.4.7",
    ),
    "bpmn.expression-boolean": _forbidden(
        "a condition is true or false", "write a condition, such as count > 2", "10.3.8",
    ),
    "bpmn.condition-formal": _forbidden(
        "an executable process has formal conditions",
        "write the condition as a formal expression", "10.5.5",
    ),
    "bpmn.timer-format": _forbidden(
        "a time is written as ISO 8601 or as an expression",
        "write a time such as 2030-01-31T08:00:00Z, PT2H or R3/PT10M", "10.5.5",
    ),
    "bpmn.uri": _forbidden(
        "a language or method is a URI", "write a URI, or leave it out", "8.4.7, 10.3.5",
    ),
    "bpmn.text-format": _forbidden(
        "a text format is a MIME type", "write a type such as text/plain", "8.4.1, 10.3.3",
    ),
    "bpmn.script-format": _forbidden(
        "a script has a format", "say which language the script is in", "10.3.3",
    ),
    "bpmn.resource": _forbidden(
        "a performer is a resource or an expression",
        "leave one of the resource and the expression", "8.4.12",
    ),
    "bpmn.loop-data": _forbidden(
        "a loop goes over data", "let the loop name a data input, output or object", "10.3.8",
    ),
    "bpmn.loop-count": _forbidden(
        "a multi-instance activity says how often", "give a number or a collection", "10.3.8",
    ),
    "bpmn.operation-data": _forbidden(
        "the data of a task fits the message it sends or receives",
        "give it one data input or output of the kind of the message", "10.3.3",
    ),
    "bpmn.call-data": _forbidden(
        "the data of a call activity fits what it calls", "give both the same inputs and outputs",
        "10.3.4",
    ),
    "bpmn.io-binding": _forbidden(
        "what is called through an interface binds its data to the operations",
        "bind the inputs and outputs for each operation, of the kind of its messages", "10.4.1",
    ),
    "bpmn.bound-operation": _refused(
        "a process is run by a call activity, a message or a person, not as an operation",
        "call it with a call activity, whose data is mapped, and remove the binding", "10.4.1",
    ),
    "bpmn.io-set": _forbidden(
        "data inputs and outputs are in a set, optional ones too",
        "list each input and output in a set", "10.4.1",
    ),
    "bpmn.sub-process-data": _forbidden(
        "a sub-process has no inputs and outputs of its own",
        "remove them; what is inside sees the data around it", "10.3.1",
    ),
    "bpmn.property-place": _forbidden(
        "processes, activities and events have properties",
        "move the property into a process, an activity or an event", "10.4.1",
    ),
    "bpmn.collection": _forbidden(
        "data is a collection when its kind is one", "set isCollection on both, or on none",
        "10.4.1",
    ),
    "bpmn.data-state": _forbidden(
        "data in a state is called by its name and state",
        "call it by the name of the data and, in square brackets, its state", "10.4.1",
    ),
    "bpmn.association-kind": _forbidden(
        "data is copied between data of one kind",
        "use the same item definition on both sides, or add a transformation", "10.4.2",
    ),
    "bpmn.namespace": _warning(
        "the file declares the namespace of BPMN",
        'add xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"', "15.3",
    ),
    "bpmn.vendor": _warning(
        "nothing is ignored in silence", "say what it did with a step, or remove it",
    ),
}  # fmt: skip
