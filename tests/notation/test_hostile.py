"""Hostile and broken XML is refused in words, at a place, before it costs anything."""

import resource

import pytest

from genba.notation import (
    Definitions,
    Document,
    Limits,
    Problem,
    check_notation,
    parse_document,
    read_bpmn,
)

BPMN = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">' for n in range(10)
)
HOSTILE: dict[str, tuple[bytes, str, int]] = {
    # name -> (file, rule, line)
    "billion laughs": (
        f"<?xml version='1.0'?>\n<!DOCTYPE d [{LAUGHS}]>\n<d>&l9;</d>".encode(),
        "xml.doctype",
        2,
    ),
    "quadratic entity": (
        f'<!DOCTYPE d [<!ENTITY a "{"a" * 50_000}">]><d>{"&a;" * 50_000}</d>'.encode(),
        "xml.doctype",
        1,
    ),
    "external entity": (
        b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<d>&x;</d>',
        "xml.doctype",
        1,
    ),
    "parameter entity": (
        b'\n<!DOCTYPE d [<!ENTITY % p SYSTEM "http://example.org/e.dtd"> %p;]>\n<d/>',
        "xml.doctype",
        2,
    ),
    "external subset": (
        b'<!DOCTYPE d SYSTEM "http://example.org/d.dtd"><d/>',
        "xml.doctype",
        1,
    ),
    "undefined entity": (b"<d>\n a&nbsp;b</d>", "xml.entity", 2),
    "deep nesting": (b"<a>" * 200_000 + b"</a>" * 200_000, "xml.depth", 1),
    "attribute bomb": (
        b"<d>\n<a " + b" ".join(b'a%d=""' % n for n in range(200_000)) + b"/></d>",
        "xml.attributes",
        2,
    ),
    "namespace bomb": (
        b"<d>\n<a " + b" ".join(b'xmlns:a%d="u"' % n for n in range(50_000)) + b"/></d>",
        "xml.attributes",
        2,
    ),
    "huge siblings": (b"<d>" + b"<a/>" * 1_500_000 + b"</d>", "xml.nodes", 1),
    "huge comments": (b"<d>" + b"<!---->" * 1_000_000 + b"</d>", "xml.nodes", 1),
    "huge instructions": (b"<d>" + b"<?a?>" * 1_000_000 + b"</d>", "xml.nodes", 1),
    "too large": (b"<d>" + b" " * 8_000_000 + b"</d>", "xml.size", 1),
    "wrong bytes": (b'<?xml version="1.0" encoding="utf-8"?>\n<d>\xff\xfe</d>', "xml.malformed", 2),
    "overlong bytes": (b"<d>\n\xc0\xaf</d>", "xml.malformed", 2),
    "unknown encoding": (b'<?xml version="1.0" encoding="klingon"?><d/>', "xml.encoding", 1),
    "encoding that runs code": (
        b'<?xml version="1.0" encoding="unicode_escape"?><d/>',
        "xml.encoding",
        1,
    ),
    "wide encoding": (b'<?xml version="1.0" encoding="utf-7"?><d/>', "xml.encoding", 1),
    "wrong encoding": (b'<?xml version="1.0" encoding="utf-16"?><d/>', "xml.encoding", 1),
    "truncated in a tag": (b"<d>\n<a hre", "xml.truncated", 2),
    "truncated between tags": (b"<d>\n<a>\n", "xml.truncated", 3),
    "empty": (b"", "xml.empty", 1),
    "only a comment": (b"<!-- nothing -->\n", "xml.empty", 2),
    "not XML at all": (b"PK\x03\x04 a zip", "xml.malformed", 1),
    "control character": (b"<d>\n\x01</d>", "xml.malformed", 2),
    "tag mismatch": (b"<d>\n<a></b></d>", "xml.malformed", 2),
    "attribute twice": (b'<d>\n<a b="1" b="2"/></d>', "xml.malformed", 2),
    "two roots": (b"<d/>\n<d/>", "xml.malformed", 2),
    "undeclared prefix": (b"<d>\n<x:a/></d>", "xml.prefix", 2),
    "reserved prefix": (b'<d>\n<a xmlns:xml="urn:mine"/></d>', "xml.malformed", 2),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xml_is_refused_at_its_place(name: str) -> None:
    data, rule, line = HOSTILE[name]
    problem = parse_document(data, "hostile.bpmn")
    assert isinstance(problem, Problem)
    assert (problem.rule, problem.position.line) == (rule, line), problem
    assert problem.position.column >= 1
    assert problem.severity == "refused"
    assert problem.message
    assert problem.advice


def test_the_whole_corpus_is_refused_without_much_memory() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for data, _, _ in HOSTILE.values():
        assert isinstance(read_bpmn(data), tuple)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000  # KiB


@pytest.mark.parametrize(
    ("limits", "rule"),
    [
        (Limits(depth=3), "xml.depth"),
        (Limits(nodes=5), "xml.nodes"),
        (Limits(attributes=1), "xml.attributes"),
        (Limits(declarations=0), "xml.attributes"),
        (Limits(size=20), "xml.size"),
    ],
)
def test_limits_are_exact(limits: Limits, rule: str) -> None:
    data = f"<a {BPMN} b='1' c='2'><b><c><d/></c></b><!-- x --><?y z?></a>".encode()
    enough = Limits(size=len(data), depth=4, nodes=6, attributes=2, declarations=1)
    assert isinstance(parse_document(data, limits=enough), Document)
    problem = parse_document(data, limits=limits)
    assert isinstance(problem, Problem)
    assert problem.rule == rule


LARGE: dict[str, tuple[int, str]] = {
    # steps, content: what takes minutes when reading is quadratic
    "lanes and steps drawn, but not referred to": (
        9_000,
        "<process id='p'><laneSet>"
        + "".join(f"<lane id='l{n}'/>" for n in range(9_000))
        + "</laneSet>"
        + "".join(f"<task id='t{n}'/>" for n in range(9_000))
        + "</process><d:BPMNDiagram xmlns:d='http://www.omg.org/spec/BPMN/20100524/DI'>"
        + "".join(
            f"<d:BPMNShape bpmnElement='{id}{n}'><Bounds x='1' y='1' width='2' height='2'/>"
            "</d:BPMNShape>"
            for id in "lt"
            for n in range(9_000)
        )
        + "</d:BPMNDiagram>",
    ),
    "one id for everything": (
        20_000,
        "<process id='p'>"
        + "<task id='t'/><sequenceFlow id='f' sourceRef='t' targetRef='t'/>" * 20_000
        + "</process>",
    ),
    "processes": (
        20_000,
        "".join(f"<process id='p{n}'><task id='t{n}'/></process>" for n in range(20_000)),
    ),
    "a list of a million words": (
        1,
        "<process id='p' xmlns:c='http://camunda.org/schema/1.0/bpmn'>"
        f"<task id='t' c:candidateGroups='{',' * 1_000_000}'/></process>",
    ),
    "links": (
        20_000,
        "<process id='p'>"
        + "".join(
            f"<intermediateThrowEvent id='t{n}'><linkEventDefinition name='{n}'/>"
            "</intermediateThrowEvent>"
            for n in range(20_000)
        )
        + "</process>",
    ),
}


@pytest.mark.parametrize("name", LARGE)
def test_large_drawings_are_read_and_checked(name: str) -> None:
    steps, body = LARGE[name]
    definitions = read_bpmn(f"<definitions {BPMN}>{body}</definitions>".encode())
    assert isinstance(definitions, Definitions)
    assert sum(len(process.nodes) for process in definitions.processes) == steps
    rules = {problem.rule for problem in check_notation(definitions)}
    assert rules == EXPECTED.get(name, set())


EXPECTED = {
    "one id for everything": {"bpmn.duplicate-id"},
    "links": {"bpmn.link-target", "bpmn.event-arrow"},
}
