"""Process keys in addresses: as most tools write them, and as some do."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genba.cases.places import key_of, process_path, segment


@pytest.mark.parametrize("key", ["purchase", "Process_1a-b.c", "a:b", "4711"])
def test_an_ordinary_key_stands_as_it_is(key: str) -> None:
    assert segment(key) == key
    assert process_path(key) == f"/processes/{key}"


@pytest.mark.parametrize("key", ["a/b", "..", ".", "deploy", "a\\b", "a%2Fb", "a?b#c"])
def test_a_key_an_address_cannot_carry_is_escaped(key: str) -> None:
    path = process_path(key)
    assert path.count("/") == 2
    assert not set("?#\\").intersection(path)
    assert path.rpartition("/")[2].strip(".") not in ("", "deploy")


@given(st.text(min_size=1))
def test_a_key_comes_back_as_it_was(key: str) -> None:
    assert key_of(segment(key)) == key
    assert key_of(unquote(process_path(key).removeprefix("/processes/"))) == key
