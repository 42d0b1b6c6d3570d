"""A bounded share of the random changes; the rest by `python -m tests.simulation.changes`."""

from tests.simulation.changes import run, try_change

CASES = 120


def test_every_accepted_change_leaves_a_case_that_can_finish() -> None:
    assert run(["--cases", str(CASES)]) == 0


def test_changes_of_every_kind_are_made_and_refused() -> None:
    tried = [found for seed in range(1, 250) if (found := try_change(seed, 1))]
    assert {found.kind for found in tried if found.accepted} >= {"SkipStep", "AddStep", "GoTo"}
    assert {found.rule for found in tried} >= {"case.mandatory", "change.passed"}
