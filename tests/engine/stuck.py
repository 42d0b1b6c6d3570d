"""One small drawing for every place where a case gets stuck, and what mends it.

Rules of this file: a table; nothing is checked here. Everywhere `n` is what is wrong, and the
node that comes next is "z". The engine's tests play it, those of the channels show its cards.
"""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct, field

from genba.engine import commands as c
from genba.engine.state import Case
from genba.engine.values import Data, WorkKind
from tests.decisions.models import column, decision, model_text, output, row, table
from tests.engine.drawing import boundary, flows, tasks

Prod = Callable[[Case, datetime], c.Command]


class Stuck(Struct, frozen=True, kw_only=True):
    """A drawing and how it gets stuck at `node`; what is open after each answer.

    `mends` is data with which trying again works, `bad` what the case is started with.
    """

    body: tuple[str, ...]
    node: str
    after: dict[str, list[str]]
    head: str = ""
    bad: Data = field(default_factory=lambda: {"n": "x"})
    mends: Data = field(default_factory=lambda: {"n": 5})
    prods: tuple[Prod, ...] = ()
    rules: bool = False


def work_at(case: Case, node: str) -> str:
    """The open work at a node that is no incident."""
    works = case.works.items()
    return next(id for id, w in works if w.node == node and w.kind is not WorkKind.INCIDENT)


def done(node: str, *chosen: str, **data: object) -> Prod:
    """Somebody does what is asked at a node."""
    return lambda case, at: c.CompleteWork(
        at=at, work=work_at(case, node), chosen=chosen, data=dict(data)
    )


def _zeebe(kind: str, inner: str, id: str = "a", more: str = "") -> str:
    extended = f"<extensionElements>{inner}</extensionElements>"
    return f'<{kind} id="{id}" name="{id}">{extended}{more}</{kind}>'


def _mapped(way: str) -> str:
    inner = f'<zeebe:ioMapping><zeebe:{way} source="=n + 1" target="m"/></zeebe:ioMapping>'
    return _zeebe("userTask", inner)


def _timer(kind: str, text: str) -> str:
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def _many(inner: str, *, attributes: str = 'isSequential="true"', zeebe: str = "") -> str:
    extended = ""
    if zeebe:
        extended = f"<extensionElements><zeebe:loopCharacteristics {zeebe}/></extensionElements>"
    loop = "multiInstanceLoopCharacteristics"
    return f'<userTask id="a" name="a"><{loop} {attributes}>{extended}{inner}</{loop}></userTask>'


def _loop(before: str) -> str:
    loop = "standardLoopCharacteristics"
    condition = "<loopCondition>= n &lt; 3</loopCondition>"
    return (
        f'<userTask id="a" name="a"><{loop} testBefore="{before}">{condition}</{loop}></userTask>'
    )


def _deliver(**data: object) -> Prod:
    return lambda case, at: c.Deliver(at=at, name="Paid", data=dict(data))


def _fire(case: Case, at: datetime) -> c.Command:
    return c.FireTimer(at=next(iter(case.timers.values())).due, timer=next(iter(case.timers)))


def _set(**data: object) -> Prod:
    return lambda case, at: c.SetData(at=at, data=dict(data))


def _raise(case: Case, at: datetime) -> c.Command:
    return c.RaiseError(at=at, work=work_at(case, "a"), code="E")


def _fail(case: Case, at: datetime) -> c.Command:
    (waits,) = (id for id, element in case.elements.items() if element.node == "a")
    return c.Fail(at=at, rule="outside.failed", message="The server is away.", element=waits)


def _wait(case: Case, at: datetime) -> c.Command:
    (waits,) = (id for id, element in case.elements.items() if element.node == "a")
    return c.Fail(at=at, rule="outside.unserved", message="No worker takes it.", element=waits)


def _lost(case: Case, at: datetime) -> c.Command:
    sent = {"name": "Paid", "node": "a", "data": {"n": "x"}}
    message = "Several could take it."
    return c.Fail(at=at, rule="outside.nowhere", message=message, node="a", given=sent)


MESSAGE = '<message id="paid" name="Paid"/>'
_PROPERTY = (
    '<correlationProperty id="number" name="number"><correlationPropertyRetrievalExpression'
    ' messageRef="paid"><messagePath>n + 1</messagePath></correlationPropertyRetrievalExpression>'
    '</correlationProperty><collaboration id="co"><correlationKey id="key">'
    "<correlationPropertyRef>number</correlationPropertyRef></correlationKey></collaboration>"
)
_KEYED = (
    '<message id="paid" name="Paid"><extensionElements><zeebe:subscription'
    ' correlationKey="=n + 1"/></extensionElements></message>'
)
_SUBSCRIBED = (
    '<correlationSubscription id="cs" correlationKeyRef="key"><correlationPropertyBinding'
    ' correlationPropertyRef="number"><dataPath>k</dataPath></correlationPropertyBinding>'
    "</correlationSubscription>"
)
_S = '<startEvent id="s"/>'
_A_Z = (_S, tasks("z"), flows("s > a > z"))
_CATCH_PAID = (
    '<intermediateCatchEvent id="a" name="a"><messageEventDefinition messageRef="paid"/>'
    "</intermediateCatchEvent>"
)
_XOR = (_S, '<exclusiveGateway id="a" name="a"/>', tasks("b", "z"), flows("s > a"))
_ITEMS = 'inputCollection="=[1, 2]" inputElement="i"'
_ON = {"by-hand": ["z"], "go-on": ["z"]}
_COMPLEX = (
    _S
    + '<parallelGateway id="f"/><complexGateway id="a" name="a"><activationCondition>{activation}'
    "</activationCondition></complexGateway>",
    tasks("b", "k", "z"),
)

STUCK: dict[str, Stuck] = {
    "run.expression": Stuck(
        body=(
            _zeebe("scriptTask", '<zeebe:script expression="=n + 1" resultVariable="m"/>'),
            *_A_Z,
        ),
        node="a",
        after={"retry": ["z"], **_ON},
    ),
    "run.input": Stuck(body=(_mapped("input"), *_A_Z), node="a", after={"retry": ["a"], **_ON}),
    "run.output": Stuck(
        body=(_mapped("output"), *_A_Z),
        node="a",
        prods=(done("a"),),
        after={"retry": ["z"], **_ON},
    ),
    "run.timer": Stuck(
        body=(
            f'<intermediateCatchEvent id="a" name="a">{_timer("timeDuration", "=n")}'
            "</intermediateCatchEvent>",
            *_A_Z,
        ),
        node="a",
        mends={"n": "PT1H"},
        after={"retry": [], **_ON},
    ),
    "run.key": Stuck(
        head=_KEYED,
        body=(_CATCH_PAID, *_A_Z),
        node="a",
        after={"retry": ["happened:a"], **_ON},
    ),
    "run.border": Stuck(
        body=(tasks("a"), boundary(_timer("timeDuration", "=n")), *_A_Z),
        node="b",
        mends={"n": "PT1H"},
        after={"retry": ["a"], "by-hand": ["caught"], "go-on": ["a"]},
    ),
    "run.items": Stuck(
        body=(_many("", zeebe='inputCollection="=n" inputElement="i"'), *_A_Z),
        node="a",
        bad={"n": 5},
        mends={"n": ["p", "q"]},
        after={"retry": ["a"], **_ON},
    ),
    "run.times": Stuck(
        body=(_many("<loopCardinality>= n</loopCardinality>"), *_A_Z),
        node="a",
        bad={"n": -3},
        mends={"n": 2},
        after={"retry": ["a"], **_ON},
    ),
    "run.test": Stuck(body=(_loop("true"), *_A_Z), node="a", after={"retry": ["z"], **_ON}),
    "run.loop": Stuck(
        body=(_loop("false"), *_A_Z),
        node="a",
        prods=(done("a"),),
        mends={"n": 1},
        after={"retry": ["a"], **_ON},
    ),
    "run.round": Stuck(
        body=(_many("", zeebe=_ITEMS + ' outputCollection="r" outputElement="=n + i"'), *_A_Z),
        node="a",
        prods=(done("a"),),
        after={"retry": ["a"], "by-hand": ["a"], "go-on": ["a"]},
    ),
    "run.enough": Stuck(
        body=(
            _many(
                "<loopCardinality>2</loopCardinality>"
                "<completionCondition>= n &gt; 1</completionCondition>"
            ),
            *_A_Z,
        ),
        node="a",
        prods=(done("a"),),
        after={"retry": ["z"], "by-hand": ["z"], "go-on": ["a"]},
    ),
    "run.picked": Stuck(
        body=(
            '<adHocSubProcess id="a" name="a" ordering="Sequential">'
            f"{tasks('b', 'k')}<completionCondition>= n &gt; 1</completionCondition>"
            "</adHocSubProcess>",
            *_A_Z,
        ),
        node="a",
        prods=(done("a", "b"), done("b")),
        after={"retry": ["z"], "by-hand": ["z"], "go-on": ["pick:a"]},
    ),
    "run.way": Stuck(
        body=(*_XOR, flows("a > b : = n <= 1", "a > z : = n > 1")),
        node="a",
        after={"retry": ["z"], "a_b": ["b"], "a_z": ["z"]},
    ),
    "run.no-way": Stuck(
        body=(*_XOR, flows("a > b : = n < 1", "a > z : = n > 1")),
        node="a",
        bad={"n": 1},
        after={"retry": ["z"], "a_b": ["b"], "a_z": ["z"]},
    ),
    "run.sending": Stuck(
        head=MESSAGE + _PROPERTY,
        body=('<sendTask id="a" name="a" messageRef="paid"/>', *_A_Z),
        node="a",
        prods=(done("a"),),
        after={"retry": ["z"], **_ON},
    ),
    "run.address": Stuck(
        head=MESSAGE + _PROPERTY,
        body=(_SUBSCRIBED, _CATCH_PAID, *_A_Z),
        node="a",
        bad={"k": 6},
        prods=(_deliver(n="x"),),
        after={"retry": ["z"], "by-hand": ["z"], "go-on": ["happened:a"]},
    ),
    "run.activation": Stuck(
        body=(
            _COMPLEX[0].format(activation="= activationCount > n"),
            _COMPLEX[1],
            flows("s > f > b > a", "f > k > a", "a > z"),
        ),
        node="a",
        prods=(done("b"),),
        mends={"n": 0},
        after={"retry": ["k", "z"], "by-hand": ["k", "z"], "go-on": ["k", "z"]},
    ),
    "run.reset": Stuck(
        body=(
            _COMPLEX[0].format(activation="= activationCount > 0"),
            _COMPLEX[1],
            tasks("e"),
            flows(
                "s > f > b > a",
                "f > k > a",
                "a > z : = waitingForStart",
                "a > e : = not(waitingForStart) and n > 1",
            ),
        ),
        node="a",
        bad={"n": 0},
        prods=(done("b"), done("z"), _set(n="x"), done("k")),
        after={"retry": ["e"], "go-on": [], "a_e": ["e"], "a_z": ["z"]},
    ),
    "run.event": Stuck(
        body=(
            '<intermediateCatchEvent id="a" name="a"><conditionalEventDefinition>'
            "<condition>= n &gt; 1</condition></conditionalEventDefinition>"
            "</intermediateCatchEvent>",
            *_A_Z,
        ),
        node="a",
        after={"retry": ["z"], **_ON},
    ),
    "run.cycle": Stuck(
        body=(tasks("a"), boundary(_timer("timeCycle", "=n"), interrupting=False), *_A_Z),
        node="b",
        bad={"n": "R/PT1H"},
        mends={"n": "R/PT1H"},
        prods=(_set(n="x"), _fire),
        after={
            "retry": ["a", "caught"],
            "by-hand": ["a", "caught", "caught"],
            "go-on": ["a", "caught"],
        },
    ),
    "run.decision": Stuck(
        body=(
            _zeebe(
                "businessRuleTask",
                '<zeebe:calledDecision decisionId="Discount" resultVariable="discount"/>',
            ),
            *_A_Z,
        ),
        node="a",
        bad={"n": 1},
        rules=True,
        after={"retry": ["z"], **_ON},
    ),
    "run.error": Stuck(
        body=(tasks("a"), *_A_Z), node="a", prods=(_raise,), after={"retry": ["a"], **_ON}
    ),
    "run.join-dead": Stuck(
        body=(
            _S + '<exclusiveGateway id="x"/><parallelGateway id="a" name="a"/>',
            tasks("b", "z"),
            flows("s > x", "x > b : = n = 5", "x > a : = n != 5", "b > a", "a > z"),
        ),
        node="a",
        bad={"n": 1},
        after={"retry": ["incident:a"], **_ON},
    ),
    "run.budget": Stuck(
        body=(
            _S + '<exclusiveGateway id="a" name="a"/><exclusiveGateway id="x" default="x_a"/>',
            tasks("z"),
            flows("s > a > x", "x > a", "x > z : = n = 5"),
        ),
        node="",
        bad={"n": 1},
        after={"retry": ["z"], "by-hand": ["z"], "go-on": ["incident:"]},
    ),
    "outside.nowhere": Stuck(
        body=(tasks("a"), *_A_Z),
        node="a",
        prods=(_lost,),
        after={"retry": ["a"], "by-hand": ["a"], "go-on": ["a"]},
    ),
    "outside.unserved": Stuck(
        body=('<callActivity id="a" name="a" calledElement="q"/>', *_A_Z),
        node="a",
        prods=(_wait,),
        after={"retry": [], **_ON},
    ),
    "outside.failed": Stuck(
        body=('<callActivity id="a" name="a" calledElement="q"/>', *_A_Z),
        node="a",
        prods=(_fail,),
        after={"retry": [], **_ON},
    ),
}

# A table without an answer that is one: the number it adds to is none for some values.
TABLE = model_text(
    decision(
        "Discount",
        table([column("n", "number")], [output("rebate")], [row(["-"], ["10 / (n - 1)"])], "FIRST"),
    )
)
