"""Random blocks that are decided by data: mappings, stores, loops, and when it is enough.

Rules of this file: as in `blocks`. Data comes from scripts inside the block, under names of its
own, so that nobody outside can change what follows.
"""

from collections import Counter
from collections.abc import Callable

from tests.engine.drawing import flows
from tests.simulation.blocks import Drawn
from tests.simulation.occasions import ESCALATION, LATER, Witness

BOOKS: tuple[str, ...] = (
    "mapped", "collected", "counted", "enough", "complexly", "referred", "decided", "automatic",
    "machined",
)  # fmt: skip
# What a row of the support table looks like in a file: behaviours and events are counted where they
# run (`coverage`); these attributes of them where they are drawn.
MARKS: dict[str, str] = {
    "token quantities, out": "completionQuantity=",
    "token quantities, in": "startQuantity=",
    "multi-instance behavior None": 'behavior="None"',
    "multi-instance behavior One": 'behavior="One"',
    "multi-instance behavior All": 'behavior="All"',
    "multi-instance behavior Complex": 'behavior="Complex"',
    "multi-instance, sequential": 'isSequential="true"',
    "multi-instance, parallel": 'isSequential="false"',
    "multi-instance, a number": "<loopCardinality>",
    "multi-instance, a collection": "<loopDataInputRef>",
    "multi-instance, completion condition": "<completionCondition>= numberOfCompleted",
    "standard loop, asked": "<standardLoopCharacteristics/>",
    "standard loop, maximum": "loopMaximum=",
    "standard loop, condition before": 'testBefore="true"',
    "standard loop, condition after": 'testBefore="false"',
    "ad-hoc, in parallel": 'ordering="Parallel"',
    "ad-hoc, one after the other": 'ordering="Sequential"',
    "ad-hoc, completion condition": "<completionCondition>= done",
    "global task": 'calledElement="global"',
    "called process": 'calledElement="q"',
    "ioSpecification": "<ioSpecification>",
    "data input association": "<dataInputAssociation>",
    "data output association": "<dataOutputAssociation>",
    "data object": "<dataObject ",
    "data store": "<dataStoreReference ",
    "condition on a flow": "<conditionExpression",
    "default flow": "default=",
    "all of several triggers": 'parallelMultiple="true"',
    "eventDefinitionRef": "<eventDefinitionRef>",
    "instantiating receive task": '<receiveTask id="s" instantiate="true"',
    "instantiating event-based gateway, parallel": 'eventGatewayType="Parallel"',
    "instantiating event-based gateway": 'instantiate="true"/',
    "handler of compensation": 'isForCompensation="true"',
    "activation condition": "<activationCondition>",
}


class Bookkeeper(Witness):
    """Draws everything `Witness` draws, and what data decides."""

    def block(self, depth: int) -> Drawn:
        if depth > 0 and self.random.random() < 0.2:
            drawn: Callable[[int], Drawn] = getattr(self, self.random.choice(BOOKS))
            return drawn(depth - 1)
        return super().block(depth)

    def _sets(self, name: str, value: str) -> tuple[str, str]:
        """A script that writes one value."""
        id = self.name("t")
        script = f'<zeebe:script expression="={value}" resultVariable="{name}"/>'
        inside = f"<extensionElements>{script}</extensionElements>"
        return id, f'<scriptTask id="{id}">{inside}</scriptTask>'

    def mapped(self, depth: int) -> Drawn:
        """What a script gets and gives by associations decides what follows (§10.4)."""
        given, kept, own, made = (self.name(stem) for stem in ("d", "d", "i", "o"))
        number = self.random.randint(1, 9)
        holder = self.random.choice(("dataObject", "dataStoreReference"))
        more = ' dataStoreRef="archive"' if holder == "dataStoreReference" else ""
        before, script = self._sets(given, str(number)), self._sets(made, f"{own} + 1")
        io = f'<ioSpecification><dataInput id="{own}" name="{own}"/><dataOutput id="{made}"'
        io += f' name="{made}"/><inputSet><dataInputRefs>{own}</dataInputRefs></inputSet>'
        io += f"<outputSet><dataOutputRefs>{made}</dataOutputRefs></outputSet></ioSpecification>"
        io += f"<dataInputAssociation><sourceRef>{given}</sourceRef><targetRef>{own}</targetRef>"
        io += f"</dataInputAssociation><dataOutputAssociation><sourceRef>{made}</sourceRef>"
        io += f"<targetRef>{kept}</targetRef></dataOutputAssociation></scriptTask>"
        right, wrong, split = self._task(), self._task(), self.name("x")
        xml = (
            f'<dataObject id="{given}" name="{given}"/><{holder} id="{kept}" name="{kept}"{more}/>'
        )
        xml += before[1] + script[1].replace("</scriptTask>", io) + right[1] + wrong[1]
        xml += f'<exclusiveGateway id="{split}" default="{split}_{wrong[0]}"/>'
        xml += flows(f"{before[0]} > {script[0]} > {split}", f"{split} > {wrong[0]}")
        xml += flows(f"{split} > {right[0]} : = {kept} = {number + 1}")
        return self._enclosed(xml, before[0], Counter({right[0]: 1}))

    def collected(self, depth: int) -> Drawn:
        """An instance for each item, until it is enough (§10.3.8)."""
        items, id = self.name("d"), self.name("t")
        number = self.random.randint(1, 4)
        needed = self.random.randint(1, number)
        sequential = str(self.random.random() < 0.5).lower()
        listed = ", ".join(str(item) for item in range(number))
        script = self._sets(items, f"[{listed}]")
        xml = f'<dataObject id="{items}" name="{items}" isCollection="true"/>' + script[1]
        xml += f'<task id="{id}"><multiInstanceLoopCharacteristics isSequential="{sequential}">'
        xml += f'<loopDataInputRef>{items}</loopDataInputRef><inputDataItem id="{id}i" name="one"/>'
        xml += f"<completionCondition>= numberOfCompletedInstances &gt;= {needed}"
        xml += "</completionCondition></multiInstanceLoopCharacteristics></task>"
        xml += flows(f"{script[0]} > {id}")
        return self._enclosed(xml, script[0], Counter({id: needed}))

    def counted(self, depth: int) -> Drawn:
        """A loop that counts its rounds, or has a maximum."""
        rounds = self.random.randint(1, 3)
        if self.random.random() < 0.3:
            id = self.name("t")
            xml = f'<task id="{id}"><standardLoopCharacteristics loopMaximum="{rounds}"/></task>'
            return Drawn(xml, id, id, Counter({id: rounds}))
        name, id = self.name("d"), self.name("p")
        zero, more, inner = (
            self._sets(name, "0"),
            self._sets(name, f"{name} + 1"),
            self.block(depth),
        )
        before = str(self.random.random() < 0.5).lower()
        marker = f'<standardLoopCharacteristics testBefore="{before}"><loopCondition>= {name} &lt; '
        marker += f"{rounds}</loopCondition></standardLoopCharacteristics>"
        body = inner.xml + more[1] + flows(f"{inner.exit} > {more[0]}")
        looped = self._inside(
            "subProcess", id, Drawn(body, inner.entry, more[0], Counter()), marker
        )
        tasks = Counter({task: count * rounds for task, count in inner.tasks.items()})
        return self._line(zero, (id, looped), tasks=tasks)

    def enough(self, depth: int) -> Drawn:
        """An ad-hoc sub-process that is over when its condition is true (§10.3.5)."""
        name, id, inner = self.name("done"), self.name("p"), self.name("p")
        task, script, start = self._task(), self._sets(name, "true"), self._sets(name, "false")
        ordering = self.random.choice(("Parallel", "Sequential"))
        body = Drawn(task[1] + script[1] + flows(f"{task[0]} > {script[0]}"), task[0], script[0],
                     Counter())  # fmt: skip
        xml = f'<adHocSubProcess id="{id}" ordering="{ordering}">'
        xml += self._inside("subProcess", inner, body)
        xml += f"<completionCondition>= {name}</completionCondition></adHocSubProcess>"
        return self._line(start, (id, xml), tasks=Counter({task[0]: 1}))

    def complexly(self, depth: int) -> Drawn:
        """Instances of which so many end the others and call out (§10.3.8)."""
        id, event, handler = (self.name(stem) for stem in ("t", "b", "t"))
        number = self.random.randint(2, 4)
        needed = self.random.randint(1, number)
        sequential = str(self.random.random() < 0.5).lower()
        xml = f'<task id="{id}"><multiInstanceLoopCharacteristics behavior="Complex"'
        xml += f' isSequential="{sequential}"><loopCardinality>{number}</loopCardinality>'
        xml += "<complexBehaviorDefinition><condition>= numberOfCompletedInstances &gt;= "
        xml += f'{needed}</condition><event id="{id}e">{ESCALATION}</event>'
        xml += "</complexBehaviorDefinition></multiInstanceLoopCharacteristics></task>"
        xml += f'<boundaryEvent id="{event}" attachedToRef="{id}">{ESCALATION}</boundaryEvent>'
        xml += f'<task id="{handler}"/>' + flows(f"{event} > {handler}")
        self.plan.fires[event] = False
        return self._enclosed(xml, id, Counter({id: needed, handler: 1}))

    def referred(self, depth: int) -> Drawn:
        """An event whose definition stands at the head of the file (§10.5.1)."""
        task = self._task()
        wait = self._catch("<eventDefinitionRef>hour</eventDefinitionRef>")
        return self._line(wait, task, tasks=Counter({task[0]: 1}))

    def decided(self, depth: int) -> Drawn:
        """A gateway that knows its ways by data."""
        name, kind = self.name("d"), self.random.choice(("exclusiveGateway", "inclusiveGateway"))
        split, join, parts, xml = self._fork(kind, depth)
        number = self.random.randint(1, len(parts))
        script, default = self._sets(name, str(number)), self._task()
        xml = xml.replace(f'id="{split}"', f'id="{split}" default="{split}_{default[0]}"')
        tasks: Counter[str] = Counter()
        for place, part in enumerate(parts, 1):
            plain = flows(f"{split} > {part.entry}")
            test = f"{place} >= {name}" if kind == "inclusiveGateway" else f"{place} = {name}"
            xml = xml.replace(plain, flows(f"{split} > {part.entry} : = {test}"))
            if place == number or (place > number and kind == "inclusiveGateway"):
                tasks += part.tasks
        xml += default[1] + flows(f"{split} > {default[0]} > {join}")
        xml += script[1] + flows(f"{script[0]} > {split}")
        return Drawn(xml, script[0], join, tasks)

    def machined(self, depth: int) -> Drawn:
        """A step for a machine that is not there: a person does it."""
        id = self.name("t")
        job = f'<serviceTask id="{id}" camunda:type="external" camunda:topic="nobody"/>'
        return Drawn(job, id, id, Counter({id: 1}))

    def automatic(self, depth: int) -> Drawn:
        """A default flow that is taken, after time that passes beside a task."""
        name, split, merge = self.name("d"), self.name("x"), self.name("m")
        script, wait, task = self._sets(name, "1"), self._catch(LATER), self._task()
        xml = f'<exclusiveGateway id="{split}" default="{split}_{task[0]}"/>'
        xml += f'<exclusiveGateway id="{merge}"/>' + script[1] + wait[1] + task[1]
        xml += flows(f"{script[0]} > {split}", f"{split} > {wait[0]} : = {name} = 2")
        xml += flows(f"{wait[0]} > {merge}", f"{split} > {task[0]} > {merge}")
        return Drawn(xml, script[0], merge, Counter({task[0]: 1}))
