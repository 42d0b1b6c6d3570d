"""Random blocks for every event, in every place the standard allows, and for every kind of task.

Rules of this file: as in `blocks`. An event is either said to have happened by a person, as
planned, or brought about by the drawing itself (time, data, a throw); then nobody is to say it.
What must never happen is an event nobody says.
"""

from collections import Counter

from tests.engine.drawing import flows
from tests.simulation.blocks import Drawn
from tests.simulation.rarities import Master

HOUR = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
LATER = HOUR.replace("PT1H", "PT3H")
ERROR = '<errorEventDefinition errorRef="er"/>'
ESCALATION = '<escalationEventDefinition escalationRef="es"/>'
MESSAGE = "<messageEventDefinition/>"
COMPENSATE = "<compensateEventDefinition/>"
TASKS = (
    "task", "userTask", "manualTask", "serviceTask", "sendTask", "businessRuleTask", "scriptTask",
)  # fmt: skip
OCCASIONS = (
    "said_catch", "linked", "noticed", "all_of", "received", "scripted", "ruled", "calling",
    "too_late", "reminded", "guarded_by_time", "reminded_inside", "guarded_by_error",
    "guarded_by_escalation", "undone_inside", "terminated", "told_at_end", "escalated_at_end",
    "undone_at_end", "signalled_at_end", "awaited", "overheard", "boundary", "boundary",
    "guarded", "guarded",
)  # fmt: skip
BEGINNINGS = (
    "", "", "message", "signal", "timer", "conditional", "several", "receive", "either", "both",
)  # fmt: skip


class Witness(Master):
    """Draws everything `Master` draws, and every event in every place."""

    beginnings = BEGINNINGS
    start: str | None = None

    def block(self, depth: int) -> Drawn:
        if depth > 0 and self.random.random() < 0.4:
            drawn: Drawn = getattr(self, self.random.choice(OCCASIONS))(depth - 1)
            return drawn
        return super().block(depth)

    def process(self, depth: int = 3) -> tuple[str, Counter[str]]:
        """A process that begins in any way there is; `start` is then its beginning."""
        xml, tasks = super().process(depth)
        kind = self.random.choice(self.beginnings)
        if kind:
            xml = xml.replace('<startEvent id="s"/>', self._beginning(kind))
        return xml, tasks

    def _beginning(self, kind: str) -> str:
        self.start = "s"
        if kind == "receive":
            return '<receiveTask id="s" instantiate="true"/>'
        if kind not in ("either", "both"):
            definitions = {
                "message": MESSAGE,
                "signal": self._signal(),
                "timer": HOUR,
                "conditional": self._condition("begins"),
                "several": MESSAGE + self._signal(),
            }
            return f'<startEvent id="s">{definitions[kind]}</startEvent>'
        gateway, one, other = (self.name(stem) for stem in ("x", "c", "c"))
        join, self.start = "exclusiveGateway", one
        xml = f'<eventBasedGateway id="{gateway}" instantiate="true"'
        if kind == "both":
            xml += ' eventGatewayType="Parallel"'
            join = "parallelGateway"
        xml += f'/><{join} id="s"/>'
        for id in (one, other):
            xml += f'<intermediateCatchEvent id="{id}">{MESSAGE}</intermediateCatchEvent>'
            xml += flows(f"{gateway} > {id} > s")
        return xml

    def task(self, depth: int = 0) -> Drawn:
        """A step of any kind, done by a person."""
        kind, id = self.random.choice(TASKS), self.name("t")
        return Drawn(f'<{kind} id="{id}"/>', id, id, Counter({id: 1}))

    # What people say that it has happened.

    def said(self) -> str:
        return self.random.choice((MESSAGE, self._signal(), self._condition(self.name("v"))))

    def _signal(self) -> str:
        return f'<signalEventDefinition signalRef="{self.name("sig")}"/>'

    def _condition(self, name: str) -> str:
        test = f"<condition>= {name} = 1</condition>"
        return f"<conditionalEventDefinition>{test}</conditionalEventDefinition>"

    def _event(self, kind: str, definition: str, more: str = "") -> tuple[str, str]:
        id = self.name("c")
        return id, f'<{kind} id="{id}"{more}>{definition}</{kind}>'

    def _catch(self, definition: str, more: str = "") -> tuple[str, str]:
        return self._event("intermediateCatchEvent", definition, more)

    def _throw(self, definition: str) -> tuple[str, str]:
        return self._event("intermediateThrowEvent", definition)

    def _end(self, definition: str) -> tuple[str, str]:
        return self._event("endEvent", definition)

    def _never(self) -> tuple[str, str]:
        """Something that never happens."""
        id, xml = self._catch(MESSAGE)
        self.plan.fires[id] = False
        return id, xml

    def _task(self) -> tuple[str, str]:
        id = self.name("t")
        return id, f'<task id="{id}"/>'

    def _line(self, *parts: tuple[str, str], tasks: Counter[str]) -> Drawn:
        """One after the other."""
        xml = "".join(xml for _, xml in parts) + flows(" > ".join(id for id, _ in parts))
        return Drawn(xml, parts[0][0], parts[-1][0], tasks)

    # In the flow.

    def said_catch(self, depth: int) -> Drawn:
        task = self._task()
        return self._line(self._catch(self.said()), task, tasks=Counter({task[0]: 1}))

    def all_of(self, depth: int) -> Drawn:
        """One event of several, or all of them."""
        more = self.random.choice(("", ' parallelMultiple="true"'))
        return self._line(self._catch(self.said() + self.said(), more), tasks=Counter())

    def linked(self, depth: int) -> Drawn:
        """From one page to the other."""
        definition = f'<linkEventDefinition name="{self.name("link")}"/>'
        throw, catch, inner = self._throw(definition), self._catch(definition), self.block(depth)
        xml = throw[1] + catch[1] + inner.xml + flows(f"{catch[0]} > {inner.entry}")
        return self._enclosed(xml, throw[0], inner.tasks)

    def noticed(self, depth: int) -> Drawn:
        """One branch makes true what the other waits for, whichever comes first."""
        name, split, join = self.name("v"), self.name("x"), self.name("j")
        catch, script = self._catch(self._condition(name)), self._script(name)
        self.plan.fires[catch[0]] = False
        ways = [f"{split} > {id} > {join}" for id in (catch[0], script[0])]
        self.random.shuffle(ways)
        xml = f'<parallelGateway id="{split}"/><parallelGateway id="{join}"/>'
        return Drawn(xml + catch[1] + script[1] + flows(*ways), split, join, Counter())

    def _script(self, name: str) -> tuple[str, str]:
        id = self.name("t")
        inside = f'<extensionElements><zeebe:script expression="=1" resultVariable="{name}"/>'
        return id, f'<scriptTask id="{id}">{inside}</extensionElements></scriptTask>'

    def scripted(self, depth: int) -> Drawn:
        return self._line(self._script(self.name("v")), tasks=Counter())

    def ruled(self, depth: int) -> Drawn:
        """A decision that is not deployed: a person decides."""
        id = self.name("t")
        asks = f'<zeebe:calledDecision decisionId="{id}d" resultVariable="{id}r"/>'
        xml = f'<businessRuleTask id="{id}"><extensionElements>{asks}</extensionElements>'
        return Drawn(xml + "</businessRuleTask>", id, id, Counter({id: 1}))

    def received(self, depth: int) -> Drawn:
        id = self.name("c")
        return Drawn(f'<receiveTask id="{id}"/>', id, id, Counter())

    def calling(self, depth: int) -> Drawn:
        """Another case does something."""
        id = self.name("k")
        return Drawn(f'<callActivity id="{id}" calledElement="q"/>', id, id, Counter())

    def overheard(self, depth: int) -> Drawn:
        """A sub-process whose edge hears a signal from beside it."""
        definition, (first, xml) = self._signal(), self._never()
        throw, split, join = self._throw(definition), self.name("x"), self.name("j")
        body = self._enclosed(xml, first, Counter())
        caught = self._caught(body, definition, cancel=True, counted=Counter())
        xml = caught.xml + throw[1]
        xml += f'<parallelGateway id="{split}"/><parallelGateway id="{join}"/>'
        ways = [f"{split} > {throw[0]} > {join}", f"{split} > {caught.entry}"]
        xml += flows(*ways, f"{caught.exit} > {join}")
        return Drawn(xml, split, join, caught.tasks)

    def awaited(self, depth: int) -> Drawn:
        """An event-based gateway whose time comes first, or whose receive task does."""
        gateway, merge, task = self.name("x"), self.name("m"), self._task()
        timed = self.random.random() < 0.5
        wait = self._catch(HOUR if timed else self.said())
        receive = self.name("c")
        if timed:
            self.plan.fires[gateway] = False
        self.plan.ways[gateway] = (receive,)
        xml = f'<eventBasedGateway id="{gateway}"/><exclusiveGateway id="{merge}"/>'
        xml += f'<receiveTask id="{receive}"/>' + wait[1] + task[1]
        taken, other = (wait[0], receive) if timed else (receive, wait[0])
        xml += flows(f"{gateway} > {taken} > {task[0]} > {merge}", f"{gateway} > {other} > {merge}")
        return Drawn(xml, gateway, merge, Counter({task[0]: 1}))

    # At the edge.

    def too_late(self, depth: int) -> Drawn:
        """Time is up for what never ends."""
        first, xml = self._never()
        return self._caught(
            self._enclosed(xml, first, Counter()), HOUR, cancel=True, counted=Counter()
        )

    def reminded(self, depth: int) -> Drawn:
        """Time passes beside what takes longer."""
        first, xml = self._catch(LATER)
        return self._caught(
            self._enclosed(xml, first, Counter()), HOUR, cancel=False, counted=Counter()
        )

    # In an event sub-process.

    def _guard(
        self, depth: int, definition: str, *, interrupting: bool
    ) -> tuple[str, Counter[str]]:
        inside, start, handler = self.name("p"), self.name("b"), self.block(depth)
        self.plan.fires[start] = False
        kind = "" if interrupting else ' isInterrupting="false"'
        xml = f'<subProcess id="{inside}" triggeredByEvent="true"><startEvent id="{start}"{kind}>'
        xml += f"{definition}</startEvent>" + handler.xml + flows(f"{start} > {handler.entry}")
        return xml + "</subProcess>", handler.tasks

    def guarded_by_time(self, depth: int) -> Drawn:
        (first, xml), (guard, tasks) = self._never(), self._guard(depth, HOUR, interrupting=True)
        return self._enclosed(xml + guard, first, tasks)

    def reminded_inside(self, depth: int) -> Drawn:
        first, xml = self._catch(LATER)
        guard, tasks = self._guard(depth, HOUR, interrupting=False)
        return self._enclosed(xml + guard, first, tasks)

    def guarded_by_error(self, depth: int) -> Drawn:
        inner, (end, xml) = self.sub(depth), self._end(ERROR)
        guard, tasks = self._guard(depth, ERROR, interrupting=True)
        xml += inner.xml + guard + flows(f"{inner.exit} > {end}")
        return self._enclosed(xml, inner.entry, inner.tasks + tasks)

    def guarded_by_escalation(self, depth: int) -> Drawn:
        interrupting = self.random.random() < 0.5
        throw, inner = self._throw(ESCALATION), self.block(depth)
        guard, tasks = self._guard(depth, ESCALATION, interrupting=interrupting)
        xml = throw[1] + inner.xml + guard + flows(f"{throw[0]} > {inner.entry}")
        return self._enclosed(xml, throw[0], tasks + (Counter() if interrupting else inner.tasks))

    def undone_inside(self, depth: int) -> Drawn:
        """A sub-process that knows how it is undone, and is."""
        task, (guard, tasks) = self._task(), self._guard(0, COMPENSATE, interrupting=True)
        done = self._enclosed(task[1] + guard, task[0], Counter())
        throw = self._throw(COMPENSATE)
        xml = done.xml + throw[1] + flows(f"{done.exit} > {throw[0]}")
        return self._enclosed(xml, done.entry, tasks + Counter({task[0]: 1}))

    # At the end.

    def terminated(self, depth: int) -> Drawn:
        """The end of all that is beside it, and of nothing around it."""
        split, inner = self.name("x"), self.sub(depth)
        (end, xml), (never, other) = self._end("<terminateEventDefinition/>"), self._never()
        xml += other + inner.xml + f'<parallelGateway id="{split}"/>'
        xml += flows(f"{split} > {inner.entry}", f"{inner.exit} > {end}", f"{split} > {never}")
        return self._enclosed(xml, split, inner.tasks)

    def _ended(self, depth: int, definition: str) -> Drawn:
        inner, (end, xml) = self.block(depth), self._end(definition)
        xml += inner.xml + flows(f"{inner.exit} > {end}")
        return self._enclosed(xml, inner.entry, inner.tasks)

    def told_at_end(self, depth: int) -> Drawn:
        throw = self._throw(MESSAGE)
        ended = self._ended(depth, MESSAGE)
        xml = throw[1] + ended.xml + flows(f"{throw[0]} > {ended.entry}")
        return Drawn(xml, throw[0], ended.exit, ended.tasks)

    def signalled_at_end(self, depth: int) -> Drawn:
        return self._ended(depth, self._signal())

    def escalated_at_end(self, depth: int) -> Drawn:
        ended = self._ended(depth, ESCALATION)
        return self._caught(ended, ESCALATION, cancel=False, counted=ended.tasks)

    def undone_at_end(self, depth: int) -> Drawn:
        task, xml, tasks = self._with_handler()
        end, more = self._end(COMPENSATE)
        return self._enclosed(xml + more + flows(f"{task} > {end}"), task, tasks)
