"""The measured models are what the table says they are, and Genba takes every step of them."""

import xml.etree.ElementTree as ET

import pytest

from benchmarks.models import DIALECTS, ROWS, Measured, twenty
from benchmarks.runners.own import prepare_parse, prepare_run

FLOW_NODES = ("startEvent", "endEvent", "Gateway", "Task")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_parsed_model_has_twenty_nodes(dialect: str) -> None:
    process = ET.fromstring(twenty(dialect))[0]
    nodes = [element for element in process if element.tag.endswith(FLOW_NODES)]
    assert len(nodes) == 20


@pytest.mark.parametrize("row", [row for row in ROWS if row.what == "run"], ids=lambda r: r.title)
def test_every_step_is_counted(row: Measured) -> None:
    prepare_run(row.draw("genba"), row.steps)()
    with pytest.raises(RuntimeError, match="steps were counted"):
        prepare_run(row.draw("genba"), row.steps + 1)()


def test_the_parsed_model_compiles() -> None:
    assert prepare_parse(twenty("genba"), 0)() is not None
