"""The shelf: what is kept of one process, found again by what it is like.

Rules of this file: an inverted index in memory, pure and without a clock; things are added,
replaced and dropped one at a time, nothing is ever rebuilt. The score is BM25 with each feature
counted once; what a feature tells is how rare it is on this shelf. A search looks at a bounded
number of entries, rarest features first and latest things first, so that it takes no longer with
years of cases. Every match says in which features it is alike.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from heapq import nlargest
from math import log

from msgspec import Struct

from genba.recall.features import Features

BUDGET = 50_000  # entries of posting lists a search looks at
EXACT = 300  # candidates that are scored in full
PRIOR = 10  # things unlike any other that are taken to be on a shelf, so that a new one tells too
SATURATION, LENGTH = 1.2, 0.3  # k1 and b of BM25
TELLING = 5  # features a match is explained by


class Kept(Struct, frozen=True, kw_only=True):
    """Something to find again: a note, a past case, a question that was answered.

    `steps` are those of the drawing it belongs to; `hands` who did each ("step" -> person) and
    whether that turned out well; `worth` orders what is equally alike.
    """

    id: str
    kind: str
    steps: frozenset[str] = frozenset()
    hands: tuple[tuple[str, str, bool], ...] = ()
    at: datetime
    worth: float = 1.0


class Match(Struct, frozen=True, kw_only=True):
    """Something alike: how much (0 to 1) and in what."""

    kept: Kept
    likeness: float
    alike: tuple[str, ...]  # features, most telling first


Wanted = Callable[[Kept], bool]


class Shelf:
    """What is kept of one process."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}  # id -> place in the lists below
        self._kept: list[Kept | None] = []
        self._features: list[tuple[int, ...]] = []
        self._terms: dict[str, int] = {}
        self._names: list[str] = []
        self._postings: list[list[int]] = []
        self._dead: list[int] = []  # how many of a posting list are gone
        self._length = 0
        self._alive = 0

    def __len__(self) -> int:
        return self._alive

    def keep(self, kept: Kept, of: Features) -> None:
        """Put something on the shelf; what had its id is replaced."""
        self.drop(kept.id)
        number = len(self._kept)
        terms = tuple(self._term(name) for name, weight in of.weights.items() if weight >= 1.0)
        self._numbers[kept.id] = number
        self._kept.append(kept)
        self._features.append(terms)
        for term in terms:
            self._postings[term].append(number)
        self._length += len(terms)
        self._alive += 1

    def drop(self, id: str) -> None:
        """Take something off the shelf; nothing where it is not there."""
        number = self._numbers.pop(id, None)
        if number is None:
            return
        for term in self._features[number]:
            self._dead[term] += 1
            if self._dead[term] * 2 > len(self._postings[term]):
                self._sweep(term, number)
        self._length -= len(self._features[number])
        self._alive -= 1
        self._kept[number], self._features[number] = None, ()

    def get(self, id: str) -> Kept | None:
        """What has this id."""
        number = self._numbers.get(id)
        return None if number is None else self._kept[number]

    def everything(self) -> Iterable[Kept]:
        """All there is, in the order it came."""
        return (kept for kept in self._kept if kept is not None)

    def find(
        self, like: Features, *, most: int = 3, least: float = 0.0, wanted: Wanted | None = None
    ) -> list[Match]:
        """What is most like it, best first: at most `most`, at least `least` alike."""
        if not self._alive:
            return []
        asked = self._asked(like)
        whole = sum(weight for _term, weight in asked)
        if not whole:
            return []
        weights = dict(asked)
        average = max(self._length / self._alive, 1.0)
        found = []
        for number in self._candidates(asked):
            kept = self._kept[number]
            if kept is None or (wanted is not None and not wanted(kept)):
                continue
            found.append((self._score(number, weights, average) / whole, number))
        best = nlargest(most, found, key=lambda one: (one[0], self._worth(one[1]), one[1]))
        return [self._match(number, score, weights) for score, number in best if score >= least]

    def _asked(self, like: Features) -> list[tuple[int, float]]:
        """The features this shelf knows, rarest first, with what they count."""
        asked = []
        for name, weight in like.weights.items():
            term = self._terms.get(name)
            if term is not None:
                asked.append((term, weight * self._rarity(term)))
            elif weight >= 1.0:
                asked.append((-1, weight * log(1 + self._alive + PRIOR + 0.5)))
        return sorted(asked, key=lambda one: -one[1])

    def _rarity(self, term: int) -> float:
        among = len(self._postings[term]) - self._dead[term]
        return log(1 + (self._alive + PRIOR - among + 0.5) / (among + 0.5))

    def _candidates(self, asked: list[tuple[int, float]]) -> list[int]:
        """Whatever shares a telling feature, most alike first as far as was looked."""
        scores: dict[int, float] = {}
        left = BUDGET
        for term, weight in asked:
            if term < 0:
                continue
            postings = self._postings[term]
            for number in postings[-left:] if len(postings) > left else postings:
                scores[number] = scores.get(number, 0.0) + weight
            left -= len(postings)
            if left <= 0:
                break
        if len(scores) <= EXACT:
            return list(scores)
        return nlargest(EXACT, scores, key=lambda number: (scores[number], number))

    def _score(self, number: int, weights: dict[int, float], average: float) -> float:
        terms = self._features[number]
        norm = SATURATION * (1 - LENGTH + LENGTH * len(terms) / average)
        gain = (SATURATION + 1) / (1 + norm)
        return min(gain, 1.0) * sum(weights.get(term, 0.0) for term in terms)

    def _worth(self, number: int) -> float:
        kept = self._kept[number]
        return kept.worth if kept is not None else 0.0

    def _match(self, number: int, score: float, weights: dict[int, float]) -> Match:
        kept = self._kept[number]
        assert kept is not None
        shared = [term for term in self._features[number] if term in weights]
        telling = nlargest(TELLING, shared, key=lambda term: weights[term])
        return Match(kept=kept, likeness=score, alike=tuple(self._names[term] for term in telling))

    def _term(self, name: str) -> int:
        term = self._terms.get(name)
        if term is None:
            term = self._terms[name] = len(self._names)
            self._names.append(name)
            self._postings.append([])
            self._dead.append(0)
        return term

    def _sweep(self, term: int, going: int) -> None:
        """Forget what is gone from a posting list."""
        self._postings[term] = [
            number
            for number in self._postings[term]
            if number != going and self._kept[number] is not None
        ]
        self._dead[term] = 0
