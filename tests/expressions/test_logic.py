"""Three-valued logic, complete (DMN 1.5, tables 50 and 51); what is no boolean counts as null."""

import itertools
from collections.abc import Callable

import pytest

from genba.expressions import Evaluation

VALUES = ("true", "false", "null", "1")
MEANING = {"true": True, "false": False, "null": None, "1": None}


def conjunction(values: list[bool | None]) -> bool | None:
    if False in values:
        return False
    return None if None in values else True


def disjunction(values: list[bool | None]) -> bool | None:
    if True in values:
        return True
    return None if None in values else False


@pytest.mark.parametrize("count", [2, 3])
def test_and_or(feel: Callable[..., object], count: int) -> None:
    for operands in itertools.product(VALUES, repeat=count):
        meant = [MEANING[operand] for operand in operands]
        assert feel(" and ".join(operands)) is conjunction(meant), operands
        assert feel(" or ".join(operands)) is disjunction(meant), operands
        listed = ", ".join(operands)
        assert feel(f"all([{listed}])") is conjunction(meant), operands
        assert feel(f"any([{listed}])") is disjunction(meant), operands
        assert feel(f"every x in [{listed}] satisfies x") is conjunction(meant), operands
        assert feel(f"some x in [{listed}] satisfies x") is disjunction(meant), operands


def test_not(feel: Callable[..., object]) -> None:
    assert feel("not(true)") is False
    assert feel("not(false)") is True
    assert feel("not(null)") is None
    assert feel("not(1)") is None


def test_and_binds_tighter_than_or(feel: Callable[..., object]) -> None:
    assert feel("true or true and false") is True
    assert feel("1 > 0 and 2 = 2") is True


def test_a_decided_conjunction_does_not_read_further(evaluation: Callable[..., Evaluation]) -> None:
    assert not evaluation("false and missing > 1").warnings
    assert evaluation("true and missing > 1").warnings
