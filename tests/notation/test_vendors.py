"""Every vendor attribute and element of the table is honoured, and the page lists them all."""

from pathlib import Path

import pytest

from genba.notation import Definitions, read_bpmn
from genba.notation.rules import RULES
from genba.notation.unread import HARMLESS
from genba.notation.vocabulary import READ, VENDORS, Read, Vendor
from tests.notation.vendors import CASES, read

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "drawings.md"


@pytest.mark.parametrize("row", READ, ids=lambda row: f"{row.dialect}:{row.name}")
def test_every_row_of_the_table_is_honoured(row: Read) -> None:
    act, expected = CASES[row.dialect, row.name]
    assert act() == expected


@pytest.mark.parametrize("vendor", [v for v in VENDORS if v.dialect == "camunda"])
def test_descendants_of_activiti_read_alike(vendor: Vendor) -> None:
    head = (
        '<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL"'
        f' xmlns:zz="{vendor.namespace}">'
    )
    found = read_bpmn(
        f'{head}<b:process id="p"><b:userTask id="t" zz:assignee="me"/></b:process>'
        "</b:definitions>".encode()
    )
    assert isinstance(found, Definitions)
    assert found.processes[0].nodes[0].assignment.assignee == "me"


def test_the_first_vendor_of_the_table_is_believed_and_prefixes_do_not_matter() -> None:
    head = (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
        ' xmlns:camunda="http://activiti.org/bpmn">'
    )
    body = (
        '<process id="p"><userTask id="t" camunda:assignee="old"'
        ' xmlns:new="http://camunda.org/schema/1.0/bpmn" new:assignee="new"/></process>'
    )
    assert read(body, head).processes[0].nodes[0].assignment.assignee == "new"


def test_a_foreign_attribute_of_the_same_name_is_not_read() -> None:
    body = (
        '<process id="p"><userTask id="t" x:assignee="a" xmlns:x="urn:x" assignee="b"/></process>'
    )
    assert read(body).processes[0].nodes[0].assignment.assignee is None


def test_nothing_is_both_read_and_harmless() -> None:
    assert not {row.name for row in READ} & HARMLESS


def render() -> str:
    """The tables of the reference page, from the tables of the code."""
    lines = ["| vendor | namespace | prefix used below |", "| --- | --- | --- |"]
    lines += [f"| {v.name} | `{v.namespace}` | `{v.dialect}:` |" for v in VENDORS]
    lines += ["", "| attribute | on | becomes |", "| --- | --- | --- |"]
    lines += [
        f"| `{row.dialect}:{row.name}` | {row.on} | {row.becomes} |"
        for row in READ
        if not row.element
    ]
    lines += ["", "| element | on | content | becomes |", "| --- | --- | --- | --- |"]
    lines += [
        f"| `<{row.dialect}:{row.name}>` | {row.on} | {row.content} | {row.becomes} |"
        for row in READ
        if row.element
    ]
    lines += ["", "Kept, without effect and without a warning: "]
    lines[-1] += ", ".join(f"`{name}`" for name in sorted(HARMLESS)) + "."
    return "\n".join(lines)


def render_rules() -> str:
    lines = [
        "| rule | what holds | otherwise | what to do | BPMN 2.0.2 |",
        "| --- | --- | --- | --- | --- |",
    ]
    for rule, row in RULES.items():
        severity = "warning, strictly refused" if row.forbidden else row.severity
        lines.append(f"| `{rule}` | {row.words} | {severity} | {row.advice} | {row.source} |")
    return "\n".join(lines)


def test_the_reference_page_shows_the_tables() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert render() in page
    assert render_rules() in page
