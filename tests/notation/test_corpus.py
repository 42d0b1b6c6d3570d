"""Every drawing people made loads, or is refused with a place; writing it back loses nothing."""

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from genba.notation import (
    Definitions,
    Document,
    check_notation,
    describe,
    parse_document,
    read_bpmn,
    write_bpmn,
)

Lister = Callable[[str], tuple[Path, ...]]
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"


@pytest.mark.parametrize(
    ("folder", "files", "loaded"),
    [("bpmn/miwg-reference", 21, 21), ("bpmn/miwg-vendors", 106, 106), ("betsy", 329, 295)],
)
def test_every_file_loads_or_is_refused_with_a_place(
    list_drawings: Lister, folder: str, files: int, loaded: int
) -> None:
    results = {path: read_bpmn(path.read_bytes(), path.name) for path in list_drawings(folder)}
    refused = {path: r for path, r in results.items() if not isinstance(r, Definitions)}
    print(f"{folder}: {len(results) - len(refused)} of {len(results)} load")
    for problems in refused.values():
        for problem in problems:
            assert problem.severity == "refused"
            assert problem.position.line >= 1
            assert problem.message
            assert problem.advice
    assert len(results) == files
    assert len(results) - len(refused) >= loaded


@pytest.mark.parametrize(
    "folder",
    [
        "bpmn/miwg-reference",
        *(f"betsy/{name}" for name in ("activities", "basics", "cfpatterns", "data")),
        *(f"betsy/{name}" for name in ("errors", "events", "gateways")),
    ],
)
def test_sound_drawings_are_not_refused(list_drawings: Lister, folder: str) -> None:
    for path in list_drawings(folder):
        definitions = read_bpmn(path.read_bytes(), path.name)
        assert isinstance(definitions, Definitions)
        refused = [p for p in check_notation(definitions) if p.severity == "refused"]
        assert not refused, [describe(problem, path.name) for problem in refused]


@pytest.mark.parametrize("folder", ["bpmn", "betsy"])
def test_writing_back_loses_nothing(list_drawings: Lister, folder: str) -> None:
    for path in list_drawings(folder):
        before = path.read_bytes()
        document = parse_document(before, path.name)
        assert isinstance(document, Document), path
        after = write_bpmn(document)
        assert canonical(after) == canonical(before), path
        assert content(after) == content(before), path
        assert diagram(after) == diagram(before), path


@pytest.mark.parametrize("folder", ["bpmn", "betsy"])
def test_reading_what_was_written_gives_the_same_model(list_drawings: Lister, folder: str) -> None:
    for path in list_drawings(folder)[::7]:
        first = read_bpmn(path.read_bytes())
        if not isinstance(first, Definitions):
            continue
        second = read_bpmn(write_bpmn(first.document))
        assert isinstance(second, Definitions), second
        assert shape(second) == shape(first)


def shape(definitions: Definitions) -> list[object]:
    return [
        (node.kind, node.name, node.lane, len(node.incoming), len(node.outgoing), len(node.events))
        for process in definitions.processes
        for node in process.nodes
    ]


def canonical(data: bytes) -> str:
    return ET.canonicalize(from_file=_Bytes(data), with_comments=True)


class _Bytes:
    """`canonicalize` wants a file; given text it would not honour the declared encoding."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def read(self, _size: int = -1) -> bytes:
        data, self.data = self.data, b""
        return data


def content(data: bytes) -> Counter[tuple[str, frozenset[tuple[str, str]]]]:
    root = ET.fromstring(data)
    return Counter((node.tag, frozenset(node.attrib.items())) for node in root.iter())


def diagram(data: bytes) -> Counter[tuple[str | None, tuple[tuple[str, str], ...]]]:
    root = ET.fromstring(data)
    shapes = [*root.iter(f"{DI}BPMNShape"), *root.iter(f"{DI}BPMNEdge")]
    return Counter(
        (shape.get("bpmnElement"), tuple(sorted(point.attrib.items())))
        for shape in shapes
        for point in shape
    )
