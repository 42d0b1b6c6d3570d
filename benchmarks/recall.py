"""Is what is alike found among 100,000 past cases, and how long does it take?

    python -m benchmarks.recall [--cases N] [--queries N] [--seed S]

Cases have a dozen data and twenty words, as unevenly frequent as in life. For each query one alike
case was planted somewhere in the past: four of five data the same, an amount within 15 per cent,
half of its words. Prints the share of planted cases that are among the first three, the time of a
search, the time to keep one more case, and the memory. Exit code 1 where fewer than four of five
are found, or the slowest search but one in a hundred takes longer than 50 ms of processor time.
"""

import resource
import sys
import time
from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median

from genba.recall.features import Features, features
from genba.recall.shelf import Kept, Shelf

START = datetime(2024, 1, 1, tzinfo=UTC)
FIELDS = {"country": 20, "goods": 60, "supplier": 800, "kind": 5, "urgent": 2, "site": 40,
          "project": 300, "currency": 4, "terms": 8, "risk": 3}  # fmt: skip
VOCABULARY = 6_000
SAID = 20  # words of a case
SLOWEST = 0.050  # seconds

Case = tuple[dict[str, object], list[str]]


def some_case(random: Random) -> Case:
    """A case, with common values more common."""
    data: dict[str, object] = {
        name: f"{name} {int(many * random.random() ** 2)}" for name, many in FIELDS.items()
    }
    data["amount"] = round(10 ** random.uniform(1, 5))
    data["items"] = random.randrange(1, 40)
    return data, [f"w{int(VOCABULARY * random.random() ** 3)}ab" for _ in range(SAID)]


def alike(random: Random, case: Case) -> Case:
    """Another case that is alike."""
    data, words = case
    other, others = some_case(random)
    same = {name: value if random.random() < 0.8 else other[name] for name, value in data.items()}
    same["amount"] = round(float(str(data["amount"])) * random.uniform(0.85, 1.15))
    return same, random.sample(words, SAID // 2) + others[: SAID // 2]


def seen(case: Case) -> Features:
    """What a case is compared by."""
    data, words = case
    return features(data, [" ".join(words)])


def main() -> int:
    """Plant, search, print."""
    parser = ArgumentParser(description="Likeness among many past cases.")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    random = Random(given.seed)
    planted = [some_case(random) for _ in range(given.queries)]
    places = dict(zip(random.sample(range(given.cases), given.queries), planted, strict=True))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    shelf, begun = Shelf(), time.process_time()
    for number in range(given.cases):
        kept = Kept(id=str(number), kind="case", at=START + timedelta(minutes=5 * number))
        shelf.keep(kept, seen(places.get(number) or some_case(random)))
    made = time.process_time() - begun
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    found, times = 0, []
    for number, case in places.items():
        asked = alike(random, case)
        begun = time.process_time()
        matches = shelf.find(seen(asked))
        times.append(time.process_time() - begun)
        found += str(number) in [match.kept.id for match in matches]
    times.sort()
    slow = times[int(len(times) * 0.99)]
    print(f"{given.cases:,} cases, {given.queries} queries")
    print(f"planted case among the first three: {found / given.queries:.1%}")
    print(f"a search: median {median(times) * 1000:.1f} ms, one in a hundred {slow * 1000:.1f} ms, "
          f"slowest {times[-1] * 1000:.1f} ms of processor time")  # fmt: skip
    print(f"one more case (with making it up): {made / given.cases * 1e6:.0f} µs; "
          f"memory: {used / 1024:.0f} MB")  # fmt: skip
    return 0 if found >= 0.8 * given.queries and slow <= SLOWEST else 1


if __name__ == "__main__":
    sys.exit(main())
