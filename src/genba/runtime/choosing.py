"""Who answers for the people in a rehearsal: a seed, a list of choices, or somebody asked.

Rules of this file: a chooser only picks among offers. The seeded one is fair to every way drawn but
tends towards the end: ways taken often become rarer, and after a while the shortest way out wins.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from random import Random

from genba.engine.graph import Graph
from genba.engine.incidents import BY_HAND, GO_ON, RETRY
from genba.engine.values import Data, Option, WorkKind
from genba.notation.model import Form
from genba.runtime.offers import Choice, Offer
from genba.runtime.verdicts import VERDICTS, verdict_data

PATIENCE = 300  # choices after which the shortest way to an end is taken
_LIKELY = 0.08  # how often an event that need not happen does
_COMPARED = re.compile(r'([^\W\d][\w ]*)\s*=\s*"([^"]*)"')


class Seeded:
    """Choices drawn from a seed: the same seed, the same rehearsal."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - chance for rehearsing, not for secrets
        self._taken: Counter[str] = Counter()
        self._made = 0

    def choose(self, offers: tuple[Offer, ...], graphs: Mapping[int, Graph]) -> Choice:
        """Work first; events that need not happen rarely; messages that may come by themselves
        last."""
        self._made += 1
        place = self._pick(offers)
        offer = offers[place]
        graph = graphs[offer.case]
        return Choice(offer=place, chosen=self._answer(offer, graph), data=self._data(offer, graph))

    def _pick(self, offers: tuple[Offer, ...]) -> int:
        work = [p for p, o in enumerate(offers) if _is_work(o)]
        optional = [p for p, o in enumerate(offers) if o.optional and not o.expected]
        if optional and self._made < PATIENCE and self._random.random() < _LIKELY:
            return self._earliest(offers, optional)
        if work:
            return self._random.choice(work)
        waits = [p for p, o in enumerate(offers) if not o.optional]
        free = [p for p in waits if not offers[p].expected]
        partly = [p for p in waits if len(offers[p].expected) < max(1, len(offers[p].options))]
        return self._earliest(offers, free or partly or waits or list(range(len(offers))))

    def _earliest(self, offers: tuple[Offer, ...], places: list[int]) -> int:
        """One of the places; of timers only the one that comes due first."""
        timers = [p for p in places if offers[p].timer is not None]
        if timers:
            first = min(timers, key=lambda p: (offers[p].due, p))
            places = [p for p in places if offers[p].timer is None or p == first]
        return self._random.choice(places)

    def _answer(self, offer: Offer, graph: Graph) -> tuple[str, ...]:
        if offer.kind is WorkKind.INCIDENT:
            offered = [o.id for o in offer.options if o.id not in (RETRY, BY_HAND)]
            return (GO_ON,) if GO_ON in offered else (self._random.choice(offered),)
        if not offer.options:
            return ()
        ways = [o for o in offer.options if o.id not in offer.expected] or list(offer.options)
        weights = [self._weight(offer, option) for option in ways]
        if self._made > PATIENCE and offer.kind is WorkKind.CHOICE:
            nearest = min(_distance(graph, option.id) for option in ways)
            weights = [float(_distance(graph, option.id) == nearest) for option in ways]
        count = 1
        if offer.many and offer.kind is WorkKind.CHOICE and self._made <= PATIENCE:
            count = self._random.randint(1, len(ways))
        chosen: list[str] = []
        for _ in range(count):
            (option,) = self._random.choices(ways, weights)
            if option.id not in chosen:
                chosen.append(option.id)
        self._taken.update(f"{offer.case} {offer.node} {id}" for id in chosen)
        return tuple(chosen)

    def _weight(self, offer: Offer, option: Option) -> float:
        taken = self._taken[f"{offer.case} {offer.node} {option.id}"]
        if offer.kind is WorkKind.REPEAT and option.id == "again":
            return 0.4 if taken < 3 else 0.0
        if offer.kind is WorkKind.PICK:
            picked = sum(
                self._taken[f"{offer.case} {offer.node} {other.id}"] for other in offer.options
            )
            if option.id == "enough":
                return 0.001 if picked == 0 else float(picked)
        return 1.0 / (1 + taken) ** 2

    def _data(self, offer: Offer, graph: Graph) -> Data:
        if offer.kind is WorkKind.COUNT:
            return {"count": self._random.randint(1, 3)}
        drawn = graph.node(offer.node).drawn.acts if offer.kind is WorkKind.TASK else ()
        verdicts = [VERDICTS[act] for act in drawn if act in VERDICTS]
        decided = verdict_data(offer.node, self._random.choice(verdicts)) if verdicts else {}
        if offer.form is None:
            return decided
        data = fill(offer.form, self._random) | decided
        for name, said in spoken_values(graph).items():
            if isinstance(data.get(name), str):
                data[name] = self._random.choice(said)
        return data


class Listed:
    """Choices from a list, in order; when it is used up the rehearsal stops with what is open.

    A line answers the next question there is to answer: the label or id of an option, several
    apart by ";", a number for "how many", or empty. Tasks without a question are simply done, and
    of what happens outside only what the list names, or what must happen to go on.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = [line.strip() for line in lines if line.strip()]
        self._next = 0

    def choose(self, offers: tuple[Offer, ...], graphs: Mapping[int, Graph]) -> Choice:
        """The oldest question first. Raises UnknownChoice if the answer fits none of it."""
        for place, offer in enumerate(offers):
            if offer.kind is WorkKind.TASK and not offer.options:
                return Choice(offer=place)
        line = self._peek()
        for place, offer in enumerate(offers):
            if line is not None and (answer := _fitting(offer, line)) is not None:
                self._next += 1
                return Choice(offer=place, chosen=answer[0], data=answer[1])
        asked = [offer for offer in offers if offer.options or offer.kind is WorkKind.COUNT]
        if line is not None and asked:
            raise UnknownChoice(line, tuple(asked))
        timers = [(o.due, p) for p, o in enumerate(offers) if o.due and o.timer and not o.optional]
        if timers:
            return Choice(offer=min(timers)[1])
        for place, offer in enumerate(offers):
            if not offer.optional and not offer.options and offer.kind is not WorkKind.COUNT:
                return Choice(offer=place)
        return Choice(stop=True)

    def _peek(self) -> str | None:
        return self._lines[self._next] if self._next < len(self._lines) else None


class UnknownChoice(Exception):
    """A line of a list of choices that answers nothing that is asked."""

    def __init__(self, line: str, offers: tuple[Offer, ...]) -> None:
        asked = "; ".join(
            f"{offer.label}: " + (", ".join(option.label for option in offer.options) or "a number")
            for offer in offers
        )
        super().__init__(f"“{line}” answers nothing that is asked ({asked})")
        self.line = line
        self.offers = offers


class Asked:
    """Choices made by somebody who is asked each time."""

    def __init__(self, ask: Callable[[tuple[Offer, ...], Mapping[int, Graph]], Choice]) -> None:
        self._ask = ask

    def choose(self, offers: tuple[Offer, ...], graphs: Mapping[int, Graph]) -> Choice:
        """Hand the offers on."""
        return self._ask(offers, graphs)


def _is_work(offer: Offer) -> bool:
    return offer.kind not in (None, WorkKind.HAPPENED, WorkKind.TIME_UP)


def _fitting(offer: Offer, line: str) -> tuple[tuple[str, ...], Data] | None:
    """The answer a line gives to an offer, or None if it gives none."""
    if offer.kind is WorkKind.COUNT:
        return ((), {"count": int(line)}) if line.isdigit() else None
    if not offer.options:
        happened = offer.kind in (WorkKind.HAPPENED, WorkKind.TIME_UP) or offer.timer is not None
        return ((), {}) if happened and line in (offer.label, offer.node) else None
    by_name = {option.label: option.id for option in offer.options}
    by_name.update({option.id: option.id for option in offer.options})
    chosen = [by_name.get(part.strip()) for part in line.split(";")]
    if not all(chosen) or (len(chosen) > 1 and not offer.many):
        return None
    return tuple(id for id in chosen if id is not None), {}


def _distance(graph: Graph, flow_id: str) -> int:
    """How many nodes there are from a flow to the nearest node without a way on."""
    flow = graph.flows.get(flow_id)
    if flow is None:
        return 0
    seen, wave, steps = {flow.target}, [flow.target], 0
    while wave:
        for at in wave:
            if not graph.node(at).outgoing and graph.node(at).link is None:
                return steps
        ahead = {flow.target for at in wave for flow in graph.node(at).outgoing}
        wave = sorted(ahead - seen)
        seen |= ahead
        steps += 1
    return len(graph.nodes) + 1


def spoken_values(graph: Graph) -> dict[str, list[str]]:
    """The texts conditions compare data with, by name: what a form is worth being filled with."""
    found: dict[str, list[str]] = {}
    for flow in graph.flows.values():
        if flow.condition is not None:
            for name, value in _COMPARED.findall(flow.condition.text):
                found.setdefault(name.strip(), []).append(value)
    return found


def fill(form: Form, chance: Random) -> Data:
    """Plausible values for the fields of a form."""
    data: Data = {}
    for field in form.fields:
        if field.type == "enum" and field.options:
            data[field.id] = chance.choice(field.options)[0]
        else:
            data[field.id] = _value(field.type, chance)
    if form.body:
        data.update(_fill_body(form.body, chance))
    return data


def _fill_body(body: str, chance: Random) -> Data:
    try:
        drawn = json.loads(body)
    except ValueError:
        return {}
    components = drawn.get("components", ()) if isinstance(drawn, dict) else ()
    data: Data = {}
    for part in components:
        if isinstance(part, dict) and isinstance(part.get("key"), str):
            values = [v.get("value") for v in part.get("values") or () if isinstance(v, dict)]
            data[part["key"]] = chance.choice(values) if values else _value(part["type"], chance)
    return data


def _value(type: str, chance: Random) -> object:
    if type in ("boolean", "checkbox"):
        return chance.random() < 0.5
    if type in ("number", "long", "integer"):
        return chance.choice((0, 1, 10, 1000))
    return "…"
