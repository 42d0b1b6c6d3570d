"""Any document written and read again is the same document."""

import string

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genba.notation import (
    Comment,
    Document,
    Element,
    Instruction,
    Position,
    parse_document,
    write_bpmn,
)

NOWHERE = Position(0, 0)
NAMESPACES = {"": "urn:default", "b": "http://www.omg.org/spec/BPMN/20100524/MODEL", "v": "urn:v"}

names = st.text(string.ascii_letters + "äé", min_size=1, max_size=4)  # shorter than "xmlns"
words = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
    | st.sampled_from("\t\n\r&<>\"']"),
    max_size=12,
)
comments = words.map(lambda text: Comment(text.replace("-", "~").replace("\r", "")))
instructions = st.builds(
    Instruction,
    names.filter(lambda name: name.lower() != "xml"),
    words.map(lambda text: text.replace("?", "!").replace("\r", "").lstrip()),
)


@st.composite
def elements(draw: st.DrawFn, children: st.SearchStrategy[Element]) -> Element:
    prefix, local = draw(st.sampled_from(sorted(NAMESPACES))), draw(names)
    attributes = draw(
        st.dictionaries(st.tuples(st.sampled_from(["", "b:", "v:"]), names), words, max_size=3)
    )
    content: list[Element | Comment | Instruction | str] = []
    for child in draw(st.lists(children | comments | instructions | words, max_size=4)):
        if isinstance(child, str) and content and isinstance(content[-1], str):
            continue  # two texts side by side are one text
        if child != "":
            content.append(child)
    return Element(
        tag=f"{prefix}:{local}" if prefix else local,
        namespace=NAMESPACES[prefix],
        local=local,
        position=NOWHERE,
        attributes=tuple((key[0] + key[1], value) for key, value in attributes.items()),
        children=tuple(content),
    )


trees = st.recursive(elements(st.nothing()), elements, max_leaves=12)
outsides = st.lists(comments | instructions, max_size=2).map(tuple)
documents = st.builds(
    Document,
    root=trees.map(
        lambda root: msgspec.structs.replace(root, declarations=tuple(NAMESPACES.items()))
    ),
    before=outsides,
    after=outsides,
    encoding=st.sampled_from(["UTF-8", "UTF-16", "utf-8", "UTF-16LE", "UTF-16BE"]),
    standalone=st.sampled_from([None, True, False]),
)


def forget_positions(element: Element) -> Element:
    return msgspec.structs.replace(
        element,
        position=NOWHERE,
        children=tuple(
            forget_positions(child) if isinstance(child, Element) else child
            for child in element.children
        ),
    )


@given(documents)
def test_a_document_survives_writing_and_reading(document: Document) -> None:
    read = parse_document(write_bpmn(document))
    assert isinstance(read, Document), read
    assert msgspec.structs.replace(read, root=forget_positions(read.root)) == document


@given(documents)
def test_writing_what_was_read_changes_no_byte(document: Document) -> None:
    written = write_bpmn(document)
    read = parse_document(written)
    assert isinstance(read, Document)
    assert write_bpmn(read) == written


@given(st.binary(max_size=60) | words.map(lambda text: f"<a b='{text}'>{text}".encode()))
def test_no_bytes_raise(data: bytes) -> None:
    result = parse_document(data)
    assert isinstance(result, Document) or result.severity == "refused"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1", "windows-1252", "utf-8"])
def test_encodings_are_read_and_kept(encoding: str) -> None:
    declared = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16"}.get(encoding, encoding)
    text = f'<?xml version="1.0" encoding="{declared}"?>\n<a name="Prüfung €"/>'
    data = text.replace("€", "&#8364;").encode(encoding)
    document = parse_document(data)
    assert isinstance(document, Document), document
    assert document.root.get("name") == "Prüfung €"
    assert document.encoding == declared
    again = parse_document(write_bpmn(document))
    assert isinstance(again, Document)
    assert again.root.get("name") == "Prüfung €"


def test_text_of_any_kind_is_joined_and_positions_are_kept() -> None:
    long = "x" * 3_000_000
    data = f"<a>\n  <b>1<![CDATA[<2>]]>&#51;{long}</b>\n</a>".encode()
    document = parse_document(data)
    assert isinstance(document, Document)
    (inner,) = document.root.elements()
    assert inner.children == (f"1<2>3{long}",)
    assert inner.position == Position(2, 3)


def test_a_document_of_any_depth_is_written() -> None:
    element = Element("a", "", "a", NOWHERE)
    for _ in range(5_000):
        element = Element("a", "", "a", NOWHERE, children=(element,))
    assert write_bpmn(Document(element)).count(b"<a") == 5_001
