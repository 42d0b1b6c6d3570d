"""Processes in which a case can wait in every way there is, one way each.

Rules of this file: only what the earliest release that is tested can deploy; ids and names are
the same. `STARTED` are begun by somebody, the others by what these do.
"""

from tests.engine.drawing import file_of, flows, tasks

MESSAGE, SIGNAL = (
    '<messageEventDefinition messageRef="{}"/>',
    '<signalEventDefinition signalRef="g"/>',
)
HOUR = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
READY = (
    '<conditionalEventDefinition><condition xsi:type="tFormalExpression">= ready = true</condition>'
    "</conditionalEventDefinition>"
)
HEAD = '<message id="m" name="paid"/><message id="n" name="asked"/><signal id="g" name="alarm"/>'


def catch(id: str, definition: str) -> str:
    """An intermediate event that waits."""
    return f'<intermediateCatchEvent id="{id}" name="{id}">{definition}</intermediateCatchEvent>'


def throw(id: str, definition: str) -> str:
    """An intermediate event that throws."""
    return f'<intermediateThrowEvent id="{id}" name="{id}">{definition}</intermediateThrowEvent>'


def repeated(how: str) -> str:
    """A task done several times."""
    return f'<task id="a" name="a">{how}</task>'


UNDONE = (
    '<boundaryEvent id="ba" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>'
    '<task id="undo" name="undo" isForCompensation="true"/>'
    '<association id="as" sourceRef="ba" targetRef="undo"/>'
)

# Process -> what is in it after the start event, and how it goes on.
WAITS: dict[str, tuple[str, ...]] = {
    "task": (tasks("a", "b"), flows("s > a > b")),
    "assigned": (tasks("a", "b"), flows("s > a > b")),
    "timer": (catch("w", HOUR), tasks("z"), flows("s > w > z")),
    "reminder": (
        tasks("a", "note"),
        '<boundaryEvent id="b" attachedToRef="a" cancelActivity="false"><timerEventDefinition>'
        "<timeCycle>R3/PT1H</timeCycle></timerEventDefinition></boundaryEvent>",
        flows("s > a", "b > note"),
    ),
    "deadline": (
        '<subProcess id="p"><startEvent id="ps"/>' + tasks("a") + flows("ps > a") + "</subProcess>",
        f'<boundaryEvent id="b" attachedToRef="p">{HOUR}</boundaryEvent>',
        tasks("late", "z"),
        flows("s > p > z", "b > late"),
    ),
    "message": (catch("w", MESSAGE.format("m")), tasks("z"), flows("s > w > z")),
    "payer": (tasks("a"), throw("t", MESSAGE.format("m")), flows("s > a > t")),
    "signal": (catch("w", SIGNAL), tasks("z"), flows("s > w > z")),
    "alarmer": (tasks("a"), throw("t", SIGNAL), flows("s > a > t")),
    "condition": (
        '<parallelGateway id="f"/>',
        catch("w", READY),
        tasks("a", "z"),
        flows("s > f > w > z", "f > a"),
    ),
    "either": (
        '<eventBasedGateway id="x"/>',
        catch("w", MESSAGE.format("n")),
        catch("t", HOUR),
        tasks("y", "z"),
        flows("s > x > w > y", "x > t > z"),
    ),
    "join": (
        '<parallelGateway id="f"/><parallelGateway id="j"/>',
        tasks("a", "b", "z"),
        flows("s > f > a > j > z", "f > b > j"),
    ),
    "some": (
        '<inclusiveGateway id="f"/><inclusiveGateway id="j"/>',
        tasks("a", "b", "z"),
        flows("f > a : = true", "f > b : = true", "s > f", "a > j > z", "b > j"),
    ),
    "early": (
        '<parallelGateway id="f"/><complexGateway id="j"><activationCondition'
        ' xsi:type="tFormalExpression">= activationCount >= 1</activationCondition>'
        "</complexGateway>",
        tasks("a", "b", "z"),
        flows("s > f > a > j > z", "f > b > j"),
    ),
    "caller": ('<callActivity id="c" calledElement="called"/>', tasks("z"), flows("s > c > z")),
    "each": (
        repeated(
            '<multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>3'
            "</loopCardinality></multiInstanceLoopCharacteristics>"
        ),
        tasks("z"),
        flows("s > a > z"),
    ),
    "all": (
        repeated(
            "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality>"
            "</multiInstanceLoopCharacteristics>"
        ),
        tasks("z"),
        flows("s > a > z"),
    ),
    "again": (repeated("<standardLoopCharacteristics/>"), tasks("z"), flows("s > a > z")),
    "many": (repeated("<multiInstanceLoopCharacteristics/>"), tasks("z"), flows("s > a > z")),
    "beside": (
        tasks("a", "z"),
        '<subProcess id="e" triggeredByEvent="true"><startEvent id="es" isInterrupting="false">'
        f"{HOUR}</startEvent>" + tasks("note") + flows("es > note") + "</subProcess>",
        flows("s > a > z"),
    ),
    "choice": (
        '<exclusiveGateway id="x"/>',
        tasks("a", "b"),
        flows("s > x > a", "x > b"),
    ),
    "words": (
        catch(
            "w",
            "<timerEventDefinition><timeDuration>when it suits</timeDuration>"
            "</timerEventDefinition>",
        ),
        tasks("z"),
        flows("s > w > z"),
    ),
    "pick": (
        '<adHocSubProcess id="h" ordering="Sequential">' + tasks("i", "k") + "</adHocSubProcess>",
        tasks("z"),
        flows("s > h > z"),
    ),
    "stuck": (
        '<exclusiveGateway id="x"/>',
        tasks("a", "b"),
        flows("x > a : = amount > 10", "x > b : = amount < 5", "s > x"),
    ),
    "undone": (
        tasks("a", "b"),
        UNDONE,
        throw("t", "<compensateEventDefinition/>"),
        tasks("z"),
        flows("s > a > b > t > z"),
    ),
    "undoing": (
        tasks("a"),
        UNDONE,
        throw("t", "<compensateEventDefinition/>"),
        tasks("z"),
        flows("s > a > t > z"),
    ),
}
STARTED = tuple(WAITS)
CALLED = (tasks("inner"), flows("s > inner"))
EVERY_HOUR = (
    '<startEvent id="s"><timerEventDefinition><timeCycle>R2/PT1H</timeCycle>'
    '</timerEventDefinition></startEvent><task id="a" name="a"/>' + flows("s > a")
)


def drawn() -> bytes:
    """One file of all of them; ids are unique in it, as the name of the process before each."""
    bodies = {**WAITS, "called": CALLED}
    made = [_process(id, '<startEvent id="s"/>' + "".join(body)) for id, body in bodies.items()]
    return file_of(*made, _process("hourly", EVERY_HOUR), head=HEAD)


def rest() -> bytes:
    """What happens without waiting: an error that is caught, an escalation."""
    bodies = {
        "failing": (
            tasks("a", "mend"),
            '<boundaryEvent id="b" attachedToRef="a"><errorEventDefinition errorRef="x"/>'
            "</boundaryEvent>",
            flows("s > a", "b > mend"),
        ),
        "shouting": (
            throw("t", '<escalationEventDefinition escalationRef="y"/>'),
            tasks("z"),
            flows("s > t > z"),
        ),
    }
    head = '<error id="x" errorCode="full"/><escalation id="y" name="late" escalationCode="l"/>'
    made = [_process(id, '<startEvent id="s"/>' + "".join(body)) for id, body in bodies.items()]
    return file_of(*made, head=head)


def order(*steps: str) -> bytes:
    """Steps in a row; each id is its name."""
    body = '<startEvent id="s"/>' + tasks(*steps) + flows(" > ".join(("s", *steps)))
    return file_of(f'<process id="order" name="order">{body}</process>')


def _process(id: str, body: str) -> str:
    for attribute in ("id", "sourceRef", "targetRef", "attachedToRef"):
        body = body.replace(f' {attribute}="', f' {attribute}="{id}-')
    return f'<process id="{id}" name="{id}">{body}</process>'
