"""Random blocks of the elements few engines run, each with its own count of tasks.

Rules of this file: as in `blocks`. Whatever could meet another copy of itself in one scope (late
tokens, handlers, cycles) is drawn inside a sub-process of its own, so that the count follows from
the tree alone.
"""

from collections import Counter

from tests.engine.drawing import flows
from tests.simulation.blocks import Draughtsman, Drawn

HEAD = (
    '<globalUserTask id="global" name="G"/>'
    '<escalation id="es" escalationCode="X"/><error id="er" errorCode="E"/>'
    '<dataStore id="archive" name="Archive"/><timerEventDefinition id="hour"><timeDuration>PT1H'
    "</timeDuration></timerEventDefinition>"
)
CALLED = (
    '<process id="q" name="Q"><startEvent id="qs"/><endEvent id="qe"/>'
    '<sequenceFlow id="qf" sourceRef="qs" targetRef="qe"/></process>'
)
RARE = (
    "quantities", "failing", "escalating", "instances", "undone", "cancelled", "ad_hoc",
    "early", "called", "signalled", "delayed", "cycle", "several",
)  # fmt: skip


class Master(Draughtsman):
    """Draws everything `Draughtsman` draws, and the rarities."""

    def block(self, depth: int) -> Drawn:
        if depth > 0 and self.random.random() < 0.5:
            drawn: Drawn = getattr(self, self.random.choice(RARE))(depth - 1)
            return drawn
        return super().block(depth)

    def _enclosed(
        self, inside: str, entry: str, tasks: Counter[str], *, kind: str = "subProcess"
    ) -> Drawn:
        id, start = self.name("p"), self.name("s")
        inside += f'<startEvent id="{start}"/>' + flows(f"{start} > {entry}")
        return Drawn(f'<{kind} id="{id}">{inside}</{kind}>', id, id, tasks)

    def _caught(self, body: Drawn, edge: str, *, cancel: bool, counted: Counter[str]) -> Drawn:
        """A sub-process with an event at its edge that happens, and the handler behind it."""
        event, handler, merge = (self.name(stem) for stem in ("b", "t", "m"))
        xml = body.xml + f'<boundaryEvent id="{event}" attachedToRef="{body.entry}"'
        xml += f' cancelActivity="{str(cancel).lower()}">{edge}</boundaryEvent>'
        xml += f'<task id="{handler}"/><exclusiveGateway id="{merge}"/>'
        xml += flows(f"{event} > {handler}", f"{body.exit} > {merge}")
        if cancel:
            xml += flows(f"{handler} > {merge}")
        self.plan.fires[event] = False  # thrown from inside: nobody is to say that it happened
        return Drawn(xml, body.entry, merge, counted + Counter({handler: 1}))

    def quantities(self, depth: int) -> Drawn:
        """Several tokens leave a task, and as many are taken together (§10.3.1)."""
        first, each, last = (self.name("t") for _ in range(3))
        number = self.random.randint(2, 3)
        xml = f'<task id="{first}" completionQuantity="{number}"/><task id="{each}"/>'
        xml += f'<task id="{last}" startQuantity="{number}"/>' + flows(f"{first} > {each} > {last}")
        return Drawn(xml, first, last, Counter({first: 1, each: number, last: 1}))

    def failing(self, depth: int) -> Drawn:
        """A sub-process that ends with an error, caught at its edge."""
        inner, end = self.sub(depth), self.name("e")  # all of it is over when the error comes
        body = inner.xml + f'<endEvent id="{end}"><errorEventDefinition errorRef="er"/></endEvent>'
        drawn = self._enclosed(body + flows(f"{inner.exit} > {end}"), inner.entry, inner.tasks)
        edge = '<errorEventDefinition errorRef="er"/>'
        return self._caught(drawn, edge, cancel=True, counted=inner.tasks)

    def escalating(self, depth: int) -> Drawn:
        """A task, an escalation, and the rest, which an interrupting edge cuts off."""
        first, throw, inner = self.name("t"), self.name("c"), self.block(depth)
        definition = '<escalationEventDefinition escalationRef="es"/>'
        body = f'<task id="{first}"/>' + inner.xml
        body += f'<intermediateThrowEvent id="{throw}">{definition}</intermediateThrowEvent>'
        body += flows(f"{first} > {throw} > {inner.entry}")
        cancel = self.random.random() < 0.5
        counted = Counter({first: 1}) + (Counter() if cancel else inner.tasks)
        return self._caught(
            self._enclosed(body, first, counted), definition, cancel=cancel, counted=counted
        )

    def instances(self, depth: int) -> Drawn:
        """Instances that throw the default signal, by their behavior (§10.3.8)."""
        id, event, handler = (self.name(stem) for stem in ("t", "b", "t"))
        number = self.random.randint(1, 3)
        behavior, thrown = self.random.choice((("None", number), ("One", 1), ("All", 0)))
        sequential = str(self.random.random() < 0.5).lower()
        body = f'<task id="{id}"><multiInstanceLoopCharacteristics behavior="{behavior}"'
        body += f' isSequential="{sequential}"><loopCardinality>{number}</loopCardinality>'
        body += f'</multiInstanceLoopCharacteristics></task><boundaryEvent id="{event}"'
        body += f' attachedToRef="{id}"><signalEventDefinition/></boundaryEvent>'
        body += f'<task id="{handler}"/>' + flows(f"{event} > {handler}")
        self.plan.fires[event] = False
        return self._enclosed(body, id, Counter({id: number}) + Counter({handler: thrown}))

    def _with_handler(self) -> tuple[str, str, Counter[str]]:
        """A task, its compensation event and handler."""
        task, event, handler = (self.name(stem) for stem in ("t", "b", "t"))
        xml = f'<task id="{task}"/><task id="{handler}" isForCompensation="true"/>'
        xml += f'<boundaryEvent id="{event}" attachedToRef="{task}"><compensateEventDefinition/>'
        xml += f'</boundaryEvent><association id="{event}a" associationDirection="One"'
        xml += f' sourceRef="{event}" targetRef="{handler}"/>'
        return task, xml, Counter({task: 1, handler: 1})

    def undone(self, depth: int) -> Drawn:
        """Two tasks with something between are done, undone, and the scope goes on."""
        (one, first, tasks), (two, second, more) = self._with_handler(), self._with_handler()
        inner, throw, last = self.block(depth), self.name("c"), self.name("t")
        body = first + second + inner.xml + f'<task id="{last}"/>'
        body += f'<intermediateThrowEvent id="{throw}"><compensateEventDefinition/>'
        body += "</intermediateThrowEvent>"
        body += flows(f"{one} > {inner.entry}", f"{inner.exit} > {two} > {throw} > {last}")
        return self._enclosed(body, one, tasks + more + inner.tasks + Counter({last: 1}))

    def cancelled(self, depth: int) -> Drawn:
        """A transaction that is cancelled when its work is done."""
        task, body, tasks = self._with_handler()
        inner, end = self.sub(depth), self.name("e")
        body += inner.xml + f'<endEvent id="{end}"><cancelEventDefinition/></endEvent>'
        body += flows(f"{task} > {inner.entry}", f"{inner.exit} > {end}")
        drawn = self._enclosed(body, task, tasks + inner.tasks, kind="transaction")
        return self._caught(drawn, "<cancelEventDefinition/>", cancel=True, counted=drawn.tasks)

    def ad_hoc(self, depth: int) -> Drawn:
        """Each activity is picked once, then it is enough."""
        id = self.name("p")
        parts = [self.name("t") for _ in range(self.random.randint(1, 3))]
        ordering = self.random.choice(("Parallel", "Sequential"))
        inside = "".join(f'<task id="{part}"/>' for part in parts)
        xml = f'<adHocSubProcess id="{id}" ordering="{ordering}">{inside}</adHocSubProcess>'
        return Drawn(xml, id, id, Counter(parts))

    def early(self, depth: int) -> Drawn:
        """A complex gateway that goes on before all have come, and takes the rest."""
        split, join, last = self.name("x"), self.name("j"), self.name("t")
        parts = [self.block(depth) for _ in range(self.random.randint(2, 3))]
        enough = self.random.randint(1, len(parts))
        body = f'<parallelGateway id="{split}"/><task id="{last}"/><complexGateway id="{join}">'
        body += f"<activationCondition>= activationCount &gt;= {enough}</activationCondition>"
        body += "</complexGateway>" + flows(f"{join} > {last}")
        for part in parts:
            body += part.xml + flows(f"{split} > {part.entry}", f"{part.exit} > {join}")
        tasks = sum((part.tasks for part in parts), Counter[str]())
        return self._enclosed(body, split, tasks + Counter({last: 1}))

    def called(self, depth: int) -> Drawn:
        """A global task."""
        id = self.name("t")
        return Drawn(f'<callActivity id="{id}" calledElement="global"/>', id, id, Counter({id: 1}))

    def signalled(self, depth: int) -> Drawn:
        """One branch calls what the other waits for, whichever is drawn first."""
        split, join, throw, catch = (self.name(stem) for stem in ("x", "j", "c", "c"))
        inner = self.block(depth)
        definition = f'<signalEventDefinition signalRef="{throw}s"/>'
        xml = f'<parallelGateway id="{split}"/><parallelGateway id="{join}"/>' + inner.xml
        xml += f'<intermediateThrowEvent id="{throw}">{definition}</intermediateThrowEvent>'
        xml += f'<intermediateCatchEvent id="{catch}">{definition}</intermediateCatchEvent>'
        ways = [f"{split} > {throw} > {join}", f"{split} > {catch} > {inner.entry}"]
        self.random.shuffle(ways)
        xml += flows(*ways, f"{inner.exit} > {join}")
        self.plan.fires[catch] = False
        return Drawn(xml, split, join, inner.tasks)

    def delayed(self, depth: int) -> Drawn:
        """An hour passes, then a task."""
        wait, task = self.name("c"), self.name("t")
        xml = f'<intermediateCatchEvent id="{wait}"><timerEventDefinition><timeDuration>PT1H'
        xml += "</timeDuration></timerEventDefinition></intermediateCatchEvent>"
        xml += f'<task id="{task}"/>' + flows(f"{wait} > {task}")
        return Drawn(xml, wait, task, Counter({task: 1}))

    def cycle(self, depth: int) -> Drawn:
        """A cycle in the flow: so many tokens, each doing what follows."""
        wait, task = self.name("c"), self.name("t")
        number = self.random.randint(1, 3)
        body = f'<intermediateCatchEvent id="{wait}">'
        body += f"<timerEventDefinition><timeCycle>R{number}/PT1H</timeCycle>"
        body += "</timerEventDefinition></intermediateCatchEvent>"
        body += f'<task id="{task}"/>' + flows(f"{wait} > {task}")
        return self._enclosed(body, wait, Counter({task: number}))

    def several(self, depth: int) -> Drawn:
        """A default flow beside one without a condition, and one whose condition holds or not."""
        choice, always, other, given = (self.name("t") for _ in range(4))
        holds = self.random.random() < 0.5
        body = f'<task id="{choice}" default="{choice}_{other}"/>'
        body += "".join(f'<task id="{id}"/>' for id in (always, other, given))
        body += flows(
            f"{choice} > {always}",
            f"{choice} > {other}",
            f"{choice} > {given} : = {'1 = 1' if holds else '1 = 2'}",
        )
        taken = given if holds else other
        return self._enclosed(body, choice, Counter({choice: 1, always: 1, taken: 1}))
