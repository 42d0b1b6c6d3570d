"""Every security property has its test and its mutant, or says why not."""

import shutil
from pathlib import Path

import pytest

from tests.security.marked import TESTS, marked
from tests.security.mutants import MUTANTS, PACKAGE, Misplaced, Mutant, put
from tests.security.page import PAGE, page
from tests.security.properties import NOT_BUILT, PROPERTIES
from tests.security.upholding import UPHOLDING

ROOT = TESTS.parent


def test_every_property_has_a_test_or_is_not_built() -> None:
    assert list(PROPERTIES) == [f"S{number}" for number in range(1, 19)]
    assert set(marked()) == set(PROPERTIES) - set(NOT_BUILT)
    assert set(NOT_BUILT) <= set(PROPERTIES)


def test_every_property_that_is_built_has_a_mutant() -> None:
    assert {mutant.property for mutant in MUTANTS} == set(marked())


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: f"{one.property}: {one.wrong}")
def test_a_mutant_still_finds_its_place(mutant: Mutant, tmp_path: Path) -> None:
    copy = tmp_path / mutant.path
    copy.parent.mkdir(parents=True)
    shutil.copy(ROOT / PACKAGE / mutant.path, copy)
    before = copy.read_text()
    put(mutant, tmp_path)
    assert copy.read_text() != before
    compile(copy.read_text(), mutant.path, "exec")


@pytest.mark.parametrize("source", ["", "here and here"])
def test_a_mutant_without_its_one_place_is_refused(source: str, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(source)
    with pytest.raises(Misplaced):
        put(Mutant("S1", "", "a.py", "here", "there"), tmp_path)
    assert (tmp_path / "a.py").read_text() == source


def test_what_upholds_a_property_is_there() -> None:
    assert list(UPHOLDING) == list(PROPERTIES)
    for name, upheld in UPHOLDING.items():
        assert bool(upheld.code) is (name not in NOT_BUILT)
        assert all((ROOT / PACKAGE / path).is_file() for path in upheld.code), name


def test_the_page_is_current() -> None:
    assert PAGE.read_text() == page(), "run python -m tests.security.page"
