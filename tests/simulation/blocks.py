"""Random block-structured processes with an oracle that knows nothing of the engine.

Rules of this file: a block draws itself, and says by itself how often each of its tasks must run.
Every open question of a drawing is answered by a plan drawn with it (which way, how many rounds,
does the event happen), so that the expected counts follow from the tree alone, in whatever order
people work.
"""

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from tests.engine.drawing import flows

WAYS = ("sequence", "exclusive", "parallel", "inclusive", "loop", "sub", "boundary", "multi")
MORE = ("event-gateway", "rounds", "guarded", "task", "task")


@dataclass
class Plan:
    """What people do at the open questions, by node id."""

    ways: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rounds: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    fires: dict[str, bool] = field(default_factory=dict)


@dataclass
class Drawn:
    """A piece of a process: its XML, where it begins and ends, and what must run how often."""

    xml: str
    entry: str
    exit: str
    tasks: Counter[str]


class Draughtsman:
    """Draws random blocks; ids are numbered, so a seed gives the same drawing."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.plan = Plan()
        self._number = 0

    def process(self, depth: int = 3) -> tuple[str, Counter[str]]:
        """A whole process body and the tasks it must run."""
        parts = [self.block(depth) for _ in range(self.random.randint(1, 3))]
        block = self._chain(parts)
        xml = '<startEvent id="s"/><endEvent id="e"/>' + block.xml
        return xml + flows(f"s > {block.entry}", f"{block.exit} > e"), block.tasks

    def name(self, stem: str) -> str:
        self._number += 1
        return f"{stem}{self._number}"

    def block(self, depth: int) -> Drawn:
        if depth == 0:
            return self.task()
        kind = self.random.choice(WAYS + MORE + WAYS[:5])
        return getattr(self, kind.replace("-", "_"))(depth - 1)  # type: ignore[no-any-return]

    def said(self) -> str:
        """What an event waits for that a person says has happened."""
        return "<messageEventDefinition/>"

    def task(self, depth: int = 0) -> Drawn:
        id = self.name("t")
        return Drawn(f'<task id="{id}"/>', id, id, Counter({id: 1}))

    def sequence(self, depth: int) -> Drawn:
        return self._chain([self.block(depth) for _ in range(self.random.randint(2, 3))])

    def _chain(self, parts: list[Drawn]) -> Drawn:
        xml = "".join(part.xml for part in parts)
        for one, other in pairwise(parts):
            xml += flows(f"{one.exit} > {other.entry}")
        tasks = sum((part.tasks for part in parts), Counter[str]())
        return Drawn(xml, parts[0].entry, parts[-1].exit, tasks)

    def _fork(self, kind: str, depth: int) -> tuple[str, str, list[Drawn], str]:
        split, join = self.name("x"), self.name("j")
        parts = [self.block(depth) for _ in range(self.random.randint(2, 3))]
        xml = f'<{kind} id="{split}"/><{kind} id="{join}"/>'
        for part in parts:
            xml += part.xml + flows(f"{split} > {part.entry}", f"{part.exit} > {join}")
        return split, join, parts, xml

    def exclusive(self, depth: int) -> Drawn:
        split, join, parts, xml = self._fork("exclusiveGateway", depth)
        taken = self.random.choice(parts)
        self.plan.ways[split] = (f"{split}_{taken.entry}",)
        return Drawn(xml, split, join, taken.tasks)

    def parallel(self, depth: int) -> Drawn:
        split, join, parts, xml = self._fork("parallelGateway", depth)
        return Drawn(xml, split, join, sum((part.tasks for part in parts), Counter[str]()))

    def inclusive(self, depth: int) -> Drawn:
        split, join, parts, xml = self._fork("inclusiveGateway", depth)
        taken = self.random.sample(parts, self.random.randint(1, len(parts)))
        self.plan.ways[split] = tuple(f"{split}_{part.entry}" for part in taken)
        return Drawn(xml, split, join, sum((part.tasks for part in taken), Counter[str]()))

    def loop(self, depth: int) -> Drawn:
        """Back by an exclusive gateway, a planned number of rounds."""
        body = self.block(depth)
        merge, split, out = self.name("m"), self.name("l"), self.name("t")
        xml = f'<exclusiveGateway id="{merge}"/><exclusiveGateway id="{split}"/>'
        xml += f'<task id="{out}"/>' + body.xml
        xml += flows(f"{merge} > {body.entry}", f"{body.exit} > {split}")
        xml += flows(f"{split} > {merge}", f"{split} > {out}")
        rounds = self.random.randint(1, 3)
        self.plan.rounds[split] = rounds
        self.plan.ways[split] = (f"{split}_{merge}", f"{split}_{out}")
        tasks = Counter({id: n * rounds for id, n in body.tasks.items()})
        return Drawn(xml, merge, out, tasks + Counter({out: 1}))

    def _inside(self, kind: str, id: str, inner: Drawn, marker: str = "") -> str:
        start, end = self.name("s"), self.name("e")
        inside = f'<startEvent id="{start}"/><endEvent id="{end}"/>' + inner.xml
        inside += flows(f"{start} > {inner.entry}", f"{inner.exit} > {end}")
        return f'<{kind} id="{id}">{marker}{inside}</{kind}>'

    def sub(self, depth: int) -> Drawn:
        id, inner = self.name("p"), self.block(depth)
        return Drawn(self._inside("subProcess", id, inner), id, id, inner.tasks)

    def boundary(self, depth: int) -> Drawn:
        """A sub-process with an event at its edge that happens, or not, at its first task."""
        id, event, handler, merge = (self.name(stem) for stem in ("p", "b", "t", "m"))
        first, inner = self.name("t"), self.block(depth)
        body = Drawn(
            f'<task id="{first}"/>' + inner.xml + flows(f"{first} > {inner.entry}"),
            first,
            inner.exit,
            inner.tasks + Counter({first: 1}),
        )
        interrupting = self.random.random() < 0.6
        fires = self.random.random() < 0.5
        self.plan.fires[event] = fires
        xml = self._inside("subProcess", id, body)
        xml += f'<boundaryEvent id="{event}" attachedToRef="{id}"'
        xml += f' cancelActivity="{str(interrupting).lower()}">{self.said()}'
        xml += f'</boundaryEvent><task id="{handler}"/><exclusiveGateway id="{merge}"/>'
        xml += flows(f"{event} > {handler}", f"{id} > {merge}")
        if interrupting:
            xml += flows(f"{handler} > {merge}")
        tasks = Counter[str]() if fires and interrupting else Counter(body.tasks)
        if fires:
            tasks[handler] += 1
        return Drawn(xml, id, merge, tasks)

    def guarded(self, depth: int) -> Drawn:
        """A sub-process with an event sub-process that takes it over, or goes on beside it."""
        id, inside, start, handler = (self.name(stem) for stem in ("p", "p", "b", "t"))
        first, inner = self.name("t"), self.block(depth)
        fires = self.random.random() < 0.5
        interrupting = self.random.random() < 0.5
        self.plan.fires[start] = fires
        guard = f'<subProcess id="{inside}" triggeredByEvent="true"><startEvent id="{start}"'
        guard += f' isInterrupting="{str(interrupting).lower()}">{self.said()}</startEvent>'
        guard += f'<task id="{handler}"/>'
        guard += flows(f"{start} > {handler}") + "</subProcess>"
        body = Drawn(
            f'<task id="{first}"/>' + inner.xml + flows(f"{first} > {inner.entry}") + guard,
            first,
            inner.exit,
            Counter(),
        )
        tasks = Counter[str]() if fires and interrupting else inner.tasks + Counter({first: 1})
        if fires:
            tasks[handler] += 1
        return Drawn(self._inside("subProcess", id, body), id, id, tasks)

    def multi(self, depth: int) -> Drawn:
        id, inner = self.name("p"), self.block(depth)
        count = self.random.randint(1, 3)
        self.plan.counts[id] = count
        sequential = str(self.random.random() < 0.5).lower()
        marker = f'<multiInstanceLoopCharacteristics isSequential="{sequential}"/>'
        tasks = Counter({task: n * count for task, n in inner.tasks.items()})
        return Drawn(self._inside("subProcess", id, inner, marker), id, id, tasks)

    def rounds(self, depth: int) -> Drawn:
        """A standard loop that is asked "once more?"."""
        id, rounds = self.name("t"), self.random.randint(1, 3)
        self.plan.rounds[id] = rounds
        xml = f'<task id="{id}"><standardLoopCharacteristics/></task>'
        return Drawn(xml, id, id, Counter({id: rounds}))

    def event_gateway(self, depth: int) -> Drawn:
        gateway, merge = self.name("x"), self.name("m")
        xml = f'<eventBasedGateway id="{gateway}"/><exclusiveGateway id="{merge}"/>'
        ways: list[tuple[str, Drawn]] = []
        for _ in range(2):
            catch, part = self.name("c"), self.block(depth)
            xml += f'<intermediateCatchEvent id="{catch}">{self.said()}</intermediateCatchEvent>'
            xml += part.xml
            xml += flows(f"{gateway} > {catch} > {part.entry}", f"{part.exit} > {merge}")
            ways.append((catch, part))
        catch, taken = self.random.choice(ways)
        self.plan.ways[gateway] = (catch,)
        return Drawn(xml, gateway, merge, taken.tasks)
