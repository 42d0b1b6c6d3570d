"""Random changes of random cases: what is accepted leaves a case that can finish.

    python -m tests.simulation.changes [--cases N] [--seed S] [--depth D]

Each case is a random process at a random moment with a random change. An accepted change is made,
and every state of the case is looked at in every order of work (`SMALL` states, `LOOKS` commands; a
larger one is played to its end at random instead): from each a way must lead to the end. A refusal
must name its rule, the reason and who may waive it. Prints each difference with its seed, and last
`N changes: A accepted (E looked at in full), R refused, D differences`.
"""

import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from random import Random

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from genba.changes import vocabulary as v
from genba.changes.exploration import being_dealt_with, left_open, shape
from genba.changes.foresight import Foreseen, foresee
from genba.changes.planning import Making
from genba.changes.structure import own_graph
from genba.engine import commands as c
from genba.engine import events as e
from genba.engine.compilation import compile_process
from genba.engine.decision import decide
from genba.engine.graph import Graph
from genba.engine.state import Case, Work, new_case
from genba.engine.values import CaseStatus, NodeId, WorkKind
from genba.notation.model import ACTIVITY_KINDS, Definitions, Process
from tests.engine.drawing import AT, check_case, process, read
from tests.simulation.blocks import Draughtsman
from tests.simulation.rarities import HEAD, Master

SMALL = 250  # states
LOOKS = 2_000  # commands: where each state has more open than the one before, states are many
STEPS = 2_000
KINDS = (
    v.SkipStep, v.AddStep, v.TakeFragment, v.RepeatStep, v.MoveStep, v.ReplaceWho, v.ReplaceWhat,
    v.GoBack, v.GoTo, v.StopBranch, v.SetVariables, v.Suspend, v.Continue,
)  # fmt: skip
EVENTS = (WorkKind.HAPPENED, WorkKind.TIME_UP)


class Tried(Struct, frozen=True):
    """What became of one change."""

    kind: str
    accepted: bool
    in_full: bool = False
    rule: str = ""


def try_change(seed: int, depth: int = 2) -> Tried | None:
    """One random change; None when the case was over before. Raises AssertionError."""
    random = Random(seed)
    drawing = _drawing(seed, depth, random)
    graph = compile_process(drawing, "p")
    assert isinstance(graph, Graph)
    case = _begun(graph, random)
    if case.status is not CaseStatus.RUNNING:
        return None
    if random.random() < 0.1:
        assert isinstance(decide(graph, case, c.Suspend(at=AT)), tuple)
    change = _change(graph, case, random)
    make = _making(drawing)
    before = msgspec.msgpack.encode(case)
    found = foresee(graph, case, change, at=AT, make=make)
    assert msgspec.msgpack.encode(case) == before, "foreseeing changes nothing"
    kind = type(change).__name__
    if isinstance(found, v.Refusal):
        _explained(found)
        return Tried(kind, accepted=False, rule=found.rule)
    return Tried(kind, accepted=True, in_full=_made(case, found, random))


def _drawing(seed: int, depth: int, random: Random) -> Definitions:
    """A random process and another to take steps from; some steps are mandatory."""
    maker = Master if seed % 2 else Draughtsman
    body, _ = maker(seed).process(depth)
    other, _ = Draughtsman(seed + 1).process(1)
    drawn = read(process(body), process(_apart(other), id="q", name="Q"), head=HEAD)
    own = drawn.processes[0]
    nodes = tuple(
        replace(node, mandatory=random.choice(("", "Controlling")))
        if node.kind in ACTIVITY_KINDS and random.random() < 0.15
        else node
        for node in own.nodes
    )
    return replace(drawn, processes=(replace(own, nodes=nodes), *drawn.processes[1:]))


def _apart(body: str) -> str:
    """The same drawing under ids of its own."""
    for word in ('id="', 'sourceRef="', 'targetRef="', 'attachedToRef="'):
        body = body.replace(word, f"{word}q-")
    return body


def _making(drawing: Definitions) -> Making:
    def library(key: str, _version: int) -> Process | None:
        return next((one for one in drawing.processes if one.id == key), None)

    return lambda edits: own_graph(drawing, "p", edits, library)


def _answer(work: Work, id: str, random: Random) -> c.CompleteWork:
    chosen: tuple[str, ...] = ()
    data = {"count": 2} if work.kind is WorkKind.COUNT else {}
    if work.options:
        named = [option.id for option in work.options]
        chosen = (random.choice(named),)
        if random.random() < 0.7:
            chosen = next(((x,) for x in ("enough", "go-on") if x in named), chosen)
    return c.CompleteWork(at=AT, work=id, chosen=chosen, data=data)


def _step(graph: Graph, case: Case, random: Random) -> None:
    works = [id for id, work in case.works.items() if work.kind not in EVENTS]
    if not works or random.random() < 0.1:
        works = list(case.works)
    moves: list[c.Command] = [_answer(case.works[id], id, random) for id in works]
    if not works or random.random() < 0.1:
        moves += [c.FireTimer(at=AT, timer=timer) for timer in case.timers]
    told = decide(graph, case, random.choice(moves))
    assert isinstance(told, tuple), told
    check_case(graph, case)


def _begun(graph: Graph, random: Random) -> Case:
    case = new_case("c")
    assert isinstance(decide(graph, case, c.Start(at=AT)), tuple)
    for _ in range(random.randint(0, 8)):
        if case.status is CaseStatus.RUNNING and (case.works or case.timers):
            _step(graph, case, random)
    return case


def _change(graph: Graph, case: Case, random: Random) -> v.Change:
    """A change of a random kind, mostly of a step, often of one that is open."""
    steps = [node.id for node in graph.nodes.values() if node.kind in ACTIVITY_KINDS]
    opened = [element.node for id, element in case.elements.items() if id != case.root]
    inside = [id for id in case.elements if id != case.root]

    def step() -> NodeId:
        if opened and random.random() < 0.5:
            return random.choice(opened)
        return random.choice(steps if random.random() < 0.95 else list(graph.nodes))  # type: ignore[arg-type]

    place, new = random.choice(list(v.Place)), NodeId("own1")
    kind = random.choice(KINDS)
    taken = [node.id for node in graph.definitions.processes[1].nodes if _is_step(node.kind)]
    if kind is v.AddStep:
        return v.AddStep(id=new, name="New", at=step(), place=place, role="Legal")
    if kind is v.TakeFragment:
        first, last = NodeId(random.choice(taken)), NodeId(random.choice(taken))
        last = first if random.random() < 0.6 else last
        return v.TakeFragment(
            id=new, process="q", version=1, first=first, last=last, at=step(), place=place
        )
    if kind is v.RepeatStep:
        return v.RepeatStep(id=new, node=step(), at=step(), place=place)
    if kind is v.MoveStep:
        return v.MoveStep(node=step(), at=step(), place=place)
    if kind is v.ReplaceWho:
        return v.ReplaceWho(node=step(), role="Legal")
    if kind is v.ReplaceWhat:
        return v.ReplaceWhat(node=step(), name="Otherwise")
    if kind is v.GoBack and case.works:
        to = random.choice([None, step()])
        return v.GoBack(work=random.choice(list(case.works)), to=to)
    if kind is v.GoTo and inside:
        return v.GoTo(element=random.choice(inside), to=step())
    if kind is v.StopBranch and inside:
        return v.StopBranch(element=random.choice(inside))
    if kind in (v.Suspend, v.Continue):
        return v.Continue() if case.suspended else v.Suspend()
    if kind is v.SetVariables:
        return v.SetVariables(values={"amount": random.randint(1, 9)})
    return v.SkipStep(node=step())


def _is_step(kind: object) -> bool:
    return kind in ACTIVITY_KINDS


def _explained(refusal: v.Refusal) -> None:
    """A rule, a reason in words, and whether and by whom it may be waived."""
    assert "." in refusal.rule
    assert refusal.message
    assert "%(" not in refusal.message
    assert refusal.may_waive == (refusal.rule == "case.mandatory")
    assert refusal.may_waive or not refusal.waiver


def _made(case: Case, found: Foreseen, random: Random) -> bool:
    """Make the change, then look at all that may become of the case; True if at everything."""
    graph = found.planned.graph
    told = decide(graph, case, found.planned.command)
    assert isinstance(told, tuple), told
    check_case(graph, case)
    if case.suspended:
        _held(graph, case, random)
    if case.status is not CaseStatus.RUNNING or _all_finish(graph, case):
        return True
    for _ in range(STEPS):
        if case.status is not CaseStatus.RUNNING:
            return False
        _step(graph, case, random)
    raise AssertionError("the case was played and does not end")


def _held(graph: Graph, case: Case, random: Random) -> None:
    """While a case is on hold nothing of it moves; what comes is worked off when it goes on."""
    still = shape(case)
    for id, work in case.works.items():
        told = decide(graph, case, _answer(work, id, random))
        assert isinstance(told, c.Rejected) or work.kind is WorkKind.JOB
    rung = [c.FireTimer(at=AT, timer=timer) for timer in case.timers if random.random() < 0.5]
    for command in [*rung, *rung, c.Hear(at=AT, name="s"), c.Deliver(at=AT, name="m")]:
        decide(graph, case, command)
    assert shape(case) == still
    again = [one for one in case.kept_back if isinstance(one, c.FireTimer)]
    assert len(again) == len(rung), "a time that was missed comes once"
    check_case(graph, case)
    assert isinstance(decide(graph, case, c.Continue(at=AT)), tuple)
    assert not case.kept_back
    check_case(graph, case)


def _all_finish(graph: Graph, case: Case) -> bool:
    """Every order of work, every answer: from each state a way leads to the end.

    False when there are too many states. Raises AssertionError where one gets stuck.
    """
    free = left_open(graph)
    known: dict[object, int] = {shape(case): 0}
    before: list[set[int]] = [set()]
    ends: list[int] = []
    waiting = [(0, msgspec.msgpack.encode(case))]
    looks = 0
    while waiting:
        number, stored = waiting.pop()
        copy = msgspec.msgpack.decode(stored, type=Case)
        if copy.status is not CaseStatus.RUNNING:
            ends.append(number)
            continue
        for command in _everything(free, copy):
            looks += 1
            if looks > LOOKS:
                return False
            copy = msgspec.msgpack.decode(stored, type=Case)
            told = decide(free, copy, command)
            if isinstance(told, c.Rejected):
                continue
            dead = [x for x in told if isinstance(x, e.IncidentRaised) and "join" in x.rule]
            assert not dead, f"stuck before {dead[0].node}"
            key = shape(copy)
            if key not in known:
                known[key] = len(before)
                before.append(set())
                if len(before) > SMALL:
                    return False
                waiting.append((known[key], msgspec.msgpack.encode(copy)))
            before[known[key]].add(number)
    finishing, left = set(ends), list(ends)
    while left:
        for earlier in before[left.pop()] - finishing:
            finishing.add(earlier)
            left.append(earlier)
    lost = len(before) - len(finishing)
    assert not lost, f"{lost} of {len(before)} states do not lead to the end"
    return True


def _everything(graph: Graph, case: Case) -> Iterator[c.Command]:
    """Every command anybody or the clock may give, whatever else is open.

    What interrupts nothing happens again only when the last time has been dealt with: otherwise
    there would be no end of states.
    """
    busy = set(being_dealt_with(graph, case))
    for id, work in case.works.items():
        if work.node in busy:
            continue
        offered = [option.id for option in work.options]
        if work.kind is WorkKind.COUNT:
            yield c.CompleteWork(at=AT, work=id, data={"count": 1})
        elif work.kind is WorkKind.INCIDENT:
            for option in offered:
                if option not in ("retry", "by-hand"):
                    yield c.CompleteWork(at=AT, work=id, chosen=(option,))
        elif not offered:
            yield c.CompleteWork(at=AT, work=id)
        else:
            for option in offered:
                yield c.CompleteWork(at=AT, work=id, chosen=(option,))
            if work.many:
                yield c.CompleteWork(at=AT, work=id, chosen=tuple(offered))
    for timer, running in case.timers.items():
        if running.node not in busy:
            yield c.FireTimer(at=AT, timer=timer)


def run(arguments: list[str]) -> int:
    parser = ArgumentParser(prog="python -m tests.simulation.changes")
    parser.add_argument("--cases", type=int, default=1_000, help="how many changes")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--depth", type=int, default=2, help="how deep blocks are nested")
    given = parser.parse_args(arguments)
    seed, wrong = given.seed, 0
    rules: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    accepted = in_full = tried = 0
    while tried < given.cases:
        try:
            found = try_change(seed, given.depth)
        except Exception as difference:
            found = Tried("difference", accepted=False)
            wrong += 1
            print(f"seed {seed}: {type(difference).__name__}: {difference}")
        seed += 1
        if found is None:
            continue
        tried += 1
        kinds[f"{found.kind} {'made' if found.accepted else 'refused'}"] += 1
        accepted += found.accepted
        in_full += found.in_full
        if found.rule:
            rules[found.rule] += 1
    for name, number in sorted(kinds.items()):
        print(f"{number:6} {name}")
    for name, number in rules.most_common():
        print(f"{number:6} {name}")
    refused = tried - accepted - wrong
    print(
        f"{tried} changes: {accepted} accepted ({in_full} looked at in full),"
        f" {refused} refused, {wrong} differences"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
