"""Whom to ask, on a made history."""

import pytest

from genba.recall.routing import USUAL
from tests.simulation.asking import simulate


@pytest.mark.parametrize("seed", [2, 3])
def test_somebody_who_solved_it_is_found_and_nobody_is_asked_too_much(seed: int) -> None:
    scores = simulate(seed, people=40, cases=4_000)
    own = scores["by likeness and room"]
    assert own.asked > 200
    assert own.found >= 0.8 * own.asked
    assert own.held.most <= USUAL.limit
    for other in ("most frequent", "by chance"):
        assert own.found > 2 * scores[other].found
        assert own.first > 2 * scores[other].first
