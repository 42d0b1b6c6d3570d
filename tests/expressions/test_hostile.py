"""A share of the hostile inputs, and that the survey would notice what it looks for."""

import os
import signal
from collections.abc import Sequence

import pytest

from tests.conformance.hostile import Feed, survey
from tests.conformance.hostile_inputs import KINDS, make


def test_a_share_of_the_inputs() -> None:
    done = survey(4_000, seed=6)
    assert done.in_words() == "4000 inputs: 0 crashes, 0 over time, 0 over memory", done.findings


def test_inputs_are_the_same_again_and_of_every_kind() -> None:
    made = [make(1, number) for number in range(2_000)]
    assert made == [make(1, number) for number in range(2_000)]
    assert {one.kind for one in made} == KINDS.keys()
    assert sum(share for share, _ in KINDS.values()) == 1_000


def raising(seed: int, number: int, texts: Sequence[str]) -> None:
    if number == 3:
        raise ValueError


def hanging(seed: int, number: int, texts: Sequence[str]) -> None:
    while number == 3:
        pass


def growing(seed: int, number: int, texts: Sequence[str]) -> None:
    if number == 3:
        bytearray(1 << 30)


def dying(seed: int, number: int, texts: Sequence[str]) -> None:
    if number == 3:
        os.kill(os.getpid(), signal.SIGSEGV)


@pytest.mark.parametrize(
    ("feeding", "words"),
    [
        (raising, "9 inputs: 1 crashes, 0 over time, 0 over memory"),
        (dying, "9 inputs: 1 crashes, 0 over time, 0 over memory"),
        (hanging, "9 inputs: 0 crashes, 1 over time, 0 over memory"),
        (growing, "9 inputs: 0 crashes, 0 over time, 1 over memory"),
    ],
)
def test_what_goes_wrong_is_counted_and_the_rest_goes_on(feeding: Feed, words: str) -> None:
    done = survey(9, seed=1, feeding=feeding)
    assert done.in_words() == words
    assert [finding.number for finding in done.findings] == [3]
