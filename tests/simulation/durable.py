"""A random process in a journal whose process dies again and again, beside one that lives.

Rules of this file: whoever died does what people and programs do then. They open the installation
again, ask under the same key whether the act was done, do it if not, and go on. What is compared
is all there is: the log of every case, its state, and the effects outside, once by key.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Any
from unittest.mock import patch

import msgspec
from msgspec import Struct

from genba.engine import commands as c
from genba.engine.calling import Request
from genba.engine.state import Case
from genba.engine.values import CaseStatus, ElementId
from genba.journal.contract import CaseQuery, Journal
from genba.journal.memory import MemoryJournal
from genba.journal.records import Answer, Envelope, OutboxRow
from genba.notation import read_bpmn
from genba.runtime import definitions, functions, jobs, loop
from genba.runtime.clock import FixedClock
from genba.runtime.definitions import Deployed, deploy
from genba.runtime.folding import differs
from genba.runtime.functions import Context, Function
from genba.runtime.installation import Installation
from genba.runtime.projections import JOB
from genba.runtime.recording import write
from genba.runtime.unit import open_unit, read_state
from genba.runtime.web_calls import Answered
from tests.engine.drawing import AT, file_of
from tests.simulation.blocks import Drawn
from tests.simulation.books import Bookkeeper
from tests.simulation.crashing import Crash, Fuse, Opener
from tests.simulation.rarities import CALLED, HEAD
from tests.simulation.workers import STEPS, Workers

PARTNER = (
    '<collaboration id="co"><participant id="us" processRef="p"/>'
    '<participant id="Them" name="Them" xmlns:genba="https://genba.dev/bpmn/1"'
    ' genba:address="desk@example.org"/>{flows}</collaboration>'
)
EFFECTS = ("card", "party")  # what leaves the installation
SHOP = "https://shop.example.com"  # never called: a life answers itself
WORK = "work_in_the_world"  # a machine's, which leaves by itself


class Correspondent(Bookkeeper):
    """Draws everything, and what leaves the case: called processes, messages to others."""

    beginnings = ("",)  # by a person: a timetable would begin more cases

    def __init__(self, seed: int, *, web: bool = False) -> None:
        super().__init__(seed)
        self.told: list[str] = []
        self.leaving = ("telling", "working", *(("asking",) if web else ()))

    def block(self, depth: int) -> Drawn:
        if self.random.random() < 0.2:
            leaving = self.random.choice(("calling", *self.leaving))
            return self.calling(depth) if leaving == "calling" else getattr(self, leaving)()
        return super().block(depth)

    def telling(self) -> Drawn:
        """An outside party is told something."""
        id = self.name("m")
        self.told.append(id)
        event = "<messageEventDefinition/></intermediateThrowEvent>"
        return Drawn(f'<intermediateThrowEvent id="{id}">{event}', id, id, Counter())

    def working(self) -> Drawn:
        """A machine does something in the world, and says a number that the case keeps."""
        id = self.name("j")
        named = f'xmlns:genba="https://genba.dev/bpmn/1" genba:function="{WORK}"'
        return Drawn(f'<serviceTask id="{id}" {named}/>', id, id, Counter())

    def asking(self) -> Drawn:
        """A web service is called, with something of the case in its address and in its body."""
        id = self.name("w")
        named = 'xmlns:genba="https://genba.dev/bpmn/1"'
        call = (
            f'<genba:http {named} method="POST" url="{SHOP}/{id}" result="did_{id}">'
            f'<genba:body>={{step: "{id}", twice: 1 + 1}}</genba:body></genba:http>'
        )
        extended = f"<extensionElements>{call}</extensionElements>"
        return Drawn(f'<serviceTask id="{id}">{extended}</serviceTask>', id, id, Counter())

    def file(self, depth: int) -> tuple[bytes, Counter[str]]:
        """The whole file and the tasks it must run."""
        xml, tasks = self.process(depth)
        flows = "".join(
            f'<messageFlow id="{id}f" sourceRef="{id}" targetRef="Them"/>' for id in self.told
        )
        head = HEAD + PARTNER.format(flows=flows)
        return file_of(f'<process id="p" name="P">{xml}</process>', CALLED, head=head), tasks


class Told(Struct, frozen=True):
    """What there is in the end: logs and states by case, effects by key."""

    logs: dict[str, list[tuple[str, str]]]
    states: dict[str, str]
    effects: dict[str, str]


Fuses = Callable[[], Fuse]


def at_random(seed: int) -> Fuses:
    """Every life ends after some statements, at random; some are long enough for a large act."""
    chance = Random(seed)
    return lambda: Fuse(
        chance.randint(1, chance.choice((20, 40, 40, 60, 120, 400))), after=chance.random() < 0.5
    )


def once(at: int, *, after: bool) -> Fuses:
    """The first life ends at this statement, the second lives."""
    lives = iter((Fuse(at, after=after),))
    return lambda: next(lives, Fuse())


class Life:
    """One case on a store, through as many lives of the process as it takes."""

    def __init__(self, opener: Opener, data: bytes, fuses: Fuses = Fuse) -> None:
        self.clock = FixedClock(AT)
        self.opener, self.fuses = opener, fuses
        self.wire: list[tuple[str, str, bytes]] = []
        self.statements = self.crashes = self.acts = 0
        self.fuse = Fuse()
        self.inst = self._born()
        self._until_done(lambda: self._deploy(data))
        self.id = ""
        self._once("start", self._start)

    def _open(self) -> Installation:
        """The installation, in a new life of the process."""
        self.statements += self.fuse.count
        self.fuse = self.fuses()
        inst = Installation(self.opener(self.fuse), self.clock)
        for kind in EFFECTS:
            inst.on(kind, self._leave)
        functions.withdraw(WORK)
        functions.declare(Function(name=WORK, call=self._work))
        jobs.call_web = self._called  # put back by `innocent`
        self.loop = loop.Loop(inst)
        self.loop._first = 0
        return inst

    def _work(self, given: dict[str, Any], about: Context) -> dict[str, Any]:
        """What a machine does reaches the world, too; what it answers depends on nothing else."""
        self.wire.append((about.case, f"{JOB}:{about.key}", write({"node": about.node})))
        return {f"did_{about.node}": len(about.node)}

    def _called(self, request: Request, key: str) -> Answered:
        """A call reaches the world; what it answers depends on nothing but what was sent."""
        body = write({"url": request.url, "body": request.body.decode()})
        self.wire.append((key.partition(":")[0], f"http:{key}", body))
        return Answered(status=200, body={"bytes": len(request.body)})

    def _leave(self, inst: Installation, row: OutboxRow) -> None:
        """An effect reaches the world, which remembers it whoever dies."""
        self.wire.append((row.case, row.key, row.body))

    def _until_done(self, work: Callable[[], Any]) -> None:
        """Do it; whoever dies meanwhile begins a new life and does it again."""
        while True:
            try:
                work()
                return
            except Crash:
                self.crashes += 1
                self.inst = self._born()

    def _born(self) -> Installation:
        """The installation, opened until that succeeds: one can die there too."""
        while True:
            with suppress(Crash):
                return self._open()
            self.crashes += 1

    def _deploy(self, data: bytes) -> None:
        made = deploy(self.inst, data, "t.bpmn", "7")
        assert isinstance(made, Deployed), made

    def _once(self, key: str, work: Callable[[Any], str]) -> None:
        """An act under a key of its own: asked for again, it is not done again."""

        def act() -> None:
            envelope = Envelope(at=self.clock.now(), actor="7", channel="web", key=key)
            with open_unit(self.inst, envelope) as unit:
                before = unit.tx.answer(key)
                if before is None:
                    body = work(unit).encode()
                    unit.tx.remember(Answer(key=key, actor="7", digest="", body=body, at=unit.now))
                    return
            self.id = self.id or before.body.decode()

        self._until_done(act)
        self._until_done(self.loop_until_quiet)

    def loop_until_quiet(self) -> None:
        """What is due is done, by whoever lives."""
        self.loop.drain()

    def _start(self, unit: Any) -> str:
        opened = unit.start_case("p")
        assert not isinstance(opened, c.Rejected), opened
        self.id = opened.row.case
        return str(self.id)

    # What `Workers` needs of a play.

    @property
    def at(self) -> datetime:
        return self.clock.now()

    @property
    def case(self) -> Case:
        found: list[Case] = []

        def look() -> None:
            with self.inst.journal.reading() as reading:
                row = reading.case(self.id)  # type: ignore[arg-type]
                assert row is not None
                found.append(read_state(row))

        self._until_done(look)
        return found[-1]

    def calls(self) -> list[ElementId]:
        """Whom another case has called is told by the runtime."""
        return []

    def restore(self) -> None:
        """It is read from the journal each time."""

    def tell(self, command: c.Command) -> None:
        """Give a command that must be obeyed."""

        def work(unit: Any) -> str:
            answer = unit.open(self.id).command(command)
            assert not isinstance(answer, c.Rejected), answer
            return ""

        self.acts += 1
        self._once(f"act{self.acts}", work)

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.clock.advance(timedelta(**span))
        self._until_done(self.loop_until_quiet)

    @property
    def ended(self) -> bool:
        return self.case.status is CaseStatus.COMPLETED

    def told(self) -> Told:
        """Everything there is, with names instead of ids. Raises AssertionError for what is lost.

        Looked at by a process that does not die.
        """
        self.fuses = Fuse
        self.inst = self._born()
        journal = self.inst.journal
        logs: dict[str, list[tuple[str, str]]] = {}
        states: dict[str, str] = {}
        with journal.reading() as reading:
            rows = reading.cases(CaseQuery(limit=10_000))
            names = {row.case: f"{row.process}{row.parent_element}" for row in rows}
            assert len(set(names.values())) == len(rows), "a case was begun twice"

            def named(text: str) -> str:
                for id, name in names.items():
                    text = text.replace(id, name)
                return text

            for row in rows:
                name = names[row.case]
                assert not reading.works(row.case), f"{name} has ended, and somebody is asked"
                assert not differs(self.inst, reading, row.case), f"{name} is not what it logs"
                logs[name] = [(x.type, named(x.body.decode())) for x in reading.log(row.case)]
                full = reading.case(row.case)
                assert full is not None
                states[name] = named(msgspec.json.encode(read_state(full)).decode())
            waiting = reading.next_due()
            assert waiting is None, "something is left to do"
        assert journal.verify() == []
        effects: dict[str, str] = {}
        for case, key, body in self.wire:
            known = effects.setdefault(named(f"{case} {key}"), named(body.decode()))
            assert known == named(body.decode()), f"{key} says two things"
        return Told(logs, states, effects)


def live(opener: Opener, seed: int, depth: int, fuses: Fuses = Fuse) -> Life:
    """Play one random process to its end. Raises AssertionError for what the oracle denies."""
    draughtsman = Correspondent(seed, web=True)
    data, expected = draughtsman.file(depth)
    life = Life(opener, data, fuses)
    workers = Workers(life, draughtsman.plan, Random(seed))
    for _ in range(STEPS):
        if life.case.status is not CaseStatus.RUNNING:
            break
        workers.step()
    assert life.ended, "still open"
    assert workers.done == +expected, f"{workers.done - expected} {expected - workers.done}"
    return life


class Comparison(Struct):
    """What crashing changed; nothing may be lost or doubled."""

    crashes: int
    statements: int
    differences: list[str]
    lost: int
    doubled: int
    repeated: int  # on the wire, taken once by key


def calm(seed: int, depth: int = 3) -> Told:
    """The same uninterrupted, in memory."""
    memory: Journal = MemoryJournal()
    return live(lambda fuse: memory, seed, depth).told()


def compare(opener: Opener, seed: int, fuses: Fuses, depth: int = 3) -> Comparison:
    """One random process with crashes on a store, beside the same uninterrupted."""
    torn = live(opener, seed, depth, fuses)
    wanted, found = calm(seed, depth), torn.told()
    different = [
        f"{what} of {name}"
        for what in ("logs", "states")
        for name in {**getattr(wanted, what), **getattr(found, what)}
        if getattr(wanted, what).get(name) != getattr(found, what).get(name)
    ]
    return Comparison(
        crashes=torn.crashes,
        statements=torn.statements,
        differences=different,
        lost=len(wanted.effects.keys() - found.effects.keys()),
        doubled=len(found.effects.keys() - wanted.effects.keys()),
        repeated=len(torn.wire) - len(found.effects),
    )


@contextmanager
def innocent() -> Iterator[None]:
    """Whoever dies here is killed: claims are free at once, and no row is given up for it.

    A drawing is read once for all lives: what the same bytes say is not what is tried here.
    """
    with (
        patch.object(definitions, "read_bpmn", lru_cache(4)(read_bpmn)),
        patch.object(loop, "LEASE", timedelta(0)),
        patch.object(loop, "DEATHS", 10**6),
        patch.object(loop, "ATTEMPTS", 10**6),
        patch.object(jobs, "call_web", jobs.call_web),
    ):
        try:
            yield
        finally:
            functions.withdraw(WORK)
