"""Whom to ask, on a made history: who is found, and how much is asked of whom.

    python -m tests.simulation.asking [--seed S] [--people N] [--cases N]

A year of cases of a few dozen variants, each known by its data and words, which are noisy. For each
variant there are a few experts at a time; a skill passes to somebody else now and then, people are
away for weeks, and some do many cases of every variant without being good at any. In the last
quarter questions are asked. Three ways of choosing whom to ask see the same history and the same
people: ours, who did the step most often, and chance. Prints for each the share of questions for
which somebody who has solved that variant, has the skill now and is there is among the first three,
how often that was the first one, and how many questions one person held at most.
"""

import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

from msgspec import Struct, field

from genba.recall.features import Features, features
from genba.recall.routing import USUAL, Room, evidence_of, rank
from genba.recall.shelf import Kept, Shelf

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
DAYS = 365
FIRST_ASKED = 274  # the day questions begin
VARIANTS = 40
EXPERTS = 4
GENERALISTS = 0.1  # of the people: they do a lot of everything
COUNTRIES = ("DE", "FR", "IT", "ES", "PL", "JP", "US", "BR")
GOODS = ("chairs", "laptops", "paint", "steel", "flour", "paper", "glass")
STEP = "check"
STEPS = frozenset({STEP})
WORDS = [f"{a}{b}{c}" for a in ("bar", "tel", "mor", "kin", "sol", "dra") for b in "aeiou"
         for c in ("ton", "vik", "lup", "rem", "gas", "dom")]  # fmt: skip


class Variant(Struct):
    """A kind of case, and who is good at it now."""

    data: dict[str, object]
    words: list[str]
    experts: list[int]


class Held(Struct):
    """The questions that wait, by person, and until when."""

    until: dict[int, list[datetime]] = field(default_factory=dict)
    most: int = 0

    def count(self, person: int, now: datetime) -> int:
        """How many wait for somebody now."""
        left = [one for one in self.until.get(person, ()) if one > now]
        self.until[person] = left
        return len(left)

    def ask(self, person: int, until: datetime) -> None:
        """One more."""
        self.until.setdefault(person, []).append(until)
        self.most = max(self.most, len(self.until[person]))


class Score(Struct):
    """What came of the questions."""

    asked: int = 0
    found: int = 0
    first: int = 0
    held: Held = field(default_factory=Held)


class World:
    """The people, the variants, and the history so far."""

    def __init__(self, seed: int, people: int) -> None:
        self.random = Random(seed)
        self.people = list(range(people))
        self.variants = [self._variant() for _ in range(VARIANTS)]
        self.away = {one: self._absences() for one in self.people}
        self.eager = self.random.sample(self.people, max(2, int(people * GENERALISTS)))
        self.shelf = Shelf()
        self.done: Counter[int] = Counter()
        self.solved: set[tuple[int, int]] = set()  # variant, person
        self.works: dict[int, int] = {}

    def _variant(self) -> Variant:
        random = self.random
        return Variant(
            data={
                "country": random.choice(COUNTRIES),
                "goods": random.choice(GOODS),
                "amount": round(10 ** random.uniform(1, 5)),
                "supplier": f"supplier {random.randrange(60)}",
            },
            words=random.sample(WORDS, 6),
            experts=random.sample(self.people, EXPERTS),
        )

    def _absences(self) -> list[tuple[int, int]]:
        """Weeks away: about six of a year, in two or three parts."""
        starts = self.random.sample(range(DAYS), 3)
        return [(start, start + self.random.choice((7, 14, 21))) for start in starts]

    def is_away(self, person: int, day: int) -> bool:
        """Whether somebody is not there on a day."""
        return any(first <= day < last for first, last in self.away[person])

    def shift(self) -> None:
        """A skill passes to somebody else: whoever had it does something else now."""
        variant = self.random.choice(self.variants)
        place = self.random.randrange(EXPERTS)
        others = [one for one in self.people if one not in variant.experts]
        variant.experts[place] = self.random.choice(others)

    def seen(self, variant: Variant) -> Features:
        """What a case of a variant looks like: some of its words, some of others, other amounts."""
        random = self.random
        data = dict(variant.data)
        data["amount"] = round(float(str(data["amount"])) * random.uniform(0.75, 1.3))
        if random.random() < 0.2:
            data["supplier"] = f"supplier {random.randrange(60)}"
        if random.random() < 0.1:
            data["goods"] = "other"
        own = random.sample(variant.words, 3)
        return features(data, [" ".join(own + random.sample(WORDS, 3))])

    def live(self, day: int, number: int, at: datetime) -> None:
        """A case is done: by an expert, by one of the eager, or by anybody."""
        random = self.random
        kind = random.randrange(VARIANTS)
        variant = self.variants[kind]
        there = [one for one in self.people if not self.is_away(one, day)]
        experts = [one for one in variant.experts if one in there]
        chance = random.random()
        if chance < 0.5 and experts:
            who = random.choice(experts)
        elif chance < 0.85:
            who = random.choice([one for one in self.eager if one in there] or there)
        else:
            who = random.choice(there)
        good = random.random() < (0.92 if who in variant.experts else 0.4)
        self.done[who] += 1
        if good:
            self.solved.add((kind, who))
        kept = Kept(
            id=str(number),
            kind="case",
            steps=STEPS,
            hands=((STEP, str(who), good),),
            at=at,
        )
        self.shelf.keep(kept, self.seen(variant))

    def loads(self, day: int, held: Held, now: datetime) -> dict[str, Room]:
        """What everybody has to do."""
        return {
            str(one): Room(
                works=self.works.setdefault(one, self.random.randrange(8)),
                asks=held.count(one, now),
                away=self.is_away(one, day),
            )
            for one in self.people
        }


Choose = Callable[[World, Features, dict[str, Room], datetime], list[int]]


def ours(world: World, like: Features, rooms: dict[str, Room], now: datetime) -> list[int]:
    """As the product does."""
    matches = world.shelf.find(like, most=60, least=0.05)
    return [int(one.person) for one in rank(evidence_of(matches, STEPS), rooms, now)][:3]


def most_frequent(
    world: World, _like: Features, _rooms: dict[str, Room], _now: datetime
) -> list[int]:
    """Who did the step most often."""
    return [one for one, _count in world.done.most_common(3)]


def by_chance(world: World, _like: Features, _rooms: dict[str, Room], _now: datetime) -> list[int]:
    """Anybody."""
    return world.random.sample(world.people, 3)


WAYS: dict[str, Choose] = {
    "by likeness and room": ours,
    "most frequent": most_frequent,
    "by chance": by_chance,
}


def simulate(seed: int, people: int = 60, cases: int = 12_000) -> dict[str, Score]:
    """A year, with questions in its last quarter."""
    world = World(seed, people)
    scores = {name: Score() for name in WAYS}
    for number in range(cases):
        at = START + timedelta(days=DAYS) * (number / cases)
        day = (at - START).days
        if number % (cases // 120) == 0:
            world.shift()
        if day >= FIRST_ASKED and number % 3 == 0:
            ask(world, day, at, scores)
        world.live(day, number, at)
    return scores


def ask(world: World, day: int, at: datetime, scores: dict[str, Score]) -> None:
    """One question, put to the people each way would choose; the first is asked."""
    kind = world.random.randrange(VARIANTS)
    variant = world.variants[kind]
    like = world.seen(variant)
    known = {
        one
        for one in variant.experts
        if (kind, one) in world.solved and not world.is_away(one, day)
    }
    if not known:
        return
    until = at + timedelta(hours=world.random.expovariate(1 / 20))
    for name, choose in WAYS.items():
        score = scores[name]
        chosen = choose(world, like, world.loads(day, score.held, at), at)
        score.asked += 1
        score.found += bool(known.intersection(chosen))
        score.first += bool(chosen and chosen[0] in known)
        for person in chosen[:1]:
            score.held.count(person, at)
            score.held.ask(person, until)


def main() -> int:
    """Simulate, print, and fail where the promise is not kept."""
    parser = ArgumentParser(description="Whom to ask, on a made history.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--cases", type=int, default=12_000)
    given = parser.parse_args()
    scores = simulate(given.seed, given.people, given.cases)
    print(f"{'':22}{'in first three':>16}{'first':>9}{'most held':>11}{'asked':>8}")
    for name, score in scores.items():
        three, one = score.found / score.asked, score.first / score.asked
        print(f"{name:22}{three:>16.1%}{one:>9.1%}{score.held.most:>11}{score.asked:>8}")
    own = scores["by likeness and room"]
    kept = own.found >= 0.8 * own.asked and own.held.most <= USUAL.limit
    print("the promise is kept" if kept else "THE PROMISE IS NOT KEPT")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
