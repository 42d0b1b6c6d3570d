"""A DMN file to `Definitions`, or reasons in words why not (DMN 1.1 to 1.5).

Rules of this file:

1. Any tool's file and any version: the name space says the version, the content is read alike.
2. What cannot be read is a located refusal; nothing of the decision logic is skipped in silence.
3. Whether the decisions make sense is for `genba.decisions`.
"""

import hashlib
from collections.abc import Callable, Iterator
from typing import TypeVar

from genba.notation.dmn.boxes import (
    BOXES,
    FEEL_LANGUAGES,
    Source,
    child,
    children,
    name_of,
    read_box,
    read_function,
    read_variable,
    text_of,
    words_of,
)
from genba.notation.dmn.model import (
    BusinessKnowledge,
    Decision,
    DecisionService,
    Definitions,
    Function,
    Import,
    InputData,
    ItemDefinition,
    Reference,
    Variable,
)
from genba.notation.document import Document, Element
from genba.notation.model import Problem
from genba.notation.parsing import DEFAULT_LIMITS, Limits, parse_document

NAMESPACES = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20151101/dmn11.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
"""The name spaces of the versions read, without regard to the trailing slash."""
_KNOWN = frozenset(name.rstrip("/") for name in NAMESPACES)
MOST_NESTING = 40
"""Boxes in boxes, types in types; a person's model has a handful."""

Made = TypeVar("Made")


def is_dmn(data: bytes) -> bool:
    """Whether the bytes look like a DMN file, without parsing them."""
    head = data[:10_000]
    return b"spec/DMN/" in head and b"spec/BPMN/" not in head


def read_dmn(
    data: bytes, file: str = "", *, limits: Limits = DEFAULT_LIMITS
) -> Definitions | tuple[Problem, ...]:
    """Read a DMN file of any tool and version; what cannot be read is refused in words.

    `file` is the name to show. Every refusal has line, column, rule id and advice.
    """
    document = parse_document(data, file, limits=limits)
    if isinstance(document, Problem):
        return (document,)
    return read_dmn_document(document, file, hashlib.sha256(data).hexdigest())


def read_dmn_document(
    document: Document, file: str = "", digest: str = ""
) -> Definitions | tuple[Problem, ...]:
    """Read an XML document that was parsed, or changed in memory, as DMN."""
    root = document.root
    if root.local != "definitions" or root.namespace.rstrip("/") not in _KNOWN:
        return (_not_dmn(root),)
    problems = [*_too_deep(root), *_duplicates(root)]
    return tuple(problems) if problems else _definitions(root, file, digest)


def _not_dmn(root: Element) -> Problem:
    return Problem(
        severity="refused",
        rule="dmn.not-dmn",
        message=f"this is no DMN file: its first element is <{root.tag}>",
        position=root.position,
        element=root.get("id") or "",
        advice="export it as DMN 1.1 to 1.5 in your modelling tool",
    )


def _too_deep(root: Element) -> Iterator[Problem]:
    """Boxes nested beyond what is read; found without recursion, as the file may be hostile."""
    pending = [(element, 0) for element in root.elements()]
    while pending:
        element, depth = pending.pop()
        depth += element.local in BOXES or element.local == "itemComponent"
        if depth > MOST_NESTING:
            yield Problem(
                severity="refused",
                rule="dmn.depth",
                message=f"boxed expressions or types are nested more than {MOST_NESTING} deep",
                position=element.position,
                element=element.get("id") or "",
                advice="split the decision into several",
            )
            return
        if element.local != "rule":  # A row holds texts, and no boxes are read in it.
            pending.extend([(inner, depth) for inner in element.elements()])


def _duplicates(root: Element) -> Iterator[Problem]:
    """Ids given to two elements of the requirement graph (6.3.1)."""
    seen: set[str] = set()
    for element in root.elements():
        id = element.get("id")
        if element.local not in _GRAPH or not id:
            continue
        if id in seen:
            yield Problem(
                severity="refused",
                rule="dmn.duplicate-id",
                message=f"two elements have the id '{id}'",
                position=element.position,
                element=id,
                advice="give each of them its own id",
            )
        seen.add(id)


_GRAPH = frozenset({"decision", "inputData", "businessKnowledgeModel", "decisionService"})


class _File:
    """What is needed while one file is read."""

    def __init__(self, root: Element) -> None:
        self.namespace = root.get("namespace") or ""
        self.imports = tuple(_import(element) for element in children(root, "import"))
        language = root.get("expressionLanguage") or ""
        self.source = Source(
            _prefixes(root, self.imports), "" if language in FEEL_LANGUAGES else language
        )

    def reference(self, href: str | None) -> Reference:
        """`#id` is of this file, `namespace#id` of any."""
        namespace, _, id = (href or "").strip().rpartition("#")
        return namespace or self.namespace, id

    def references(self, holder: Element, *path: str) -> tuple[Reference, ...]:
        """The references of the children `path[0]`, or of their children `path[1:]`."""
        found: list[Reference] = []
        for element in children(holder, path[0]):
            inner = [child(element, name) for name in path[1:]] or [element]
            found.extend(self.reference(one.get("href")) for one in inner if one is not None)
        return tuple(found)


def _import(element: Element) -> Import:
    return Import(
        name=name_of(element),
        namespace=element.get("namespace") or "",
        location=element.get("locationURI") or "",
        kind=element.get("importType") or "",
        position=element.position,
    )


def _prefixes(root: Element, imports: tuple[Import, ...]) -> dict[str, str]:
    """What an XML prefix of a type name stands for: the name of an import, or nothing."""
    names = {one.namespace: f"{one.name}." for one in imports if one.name}
    return {prefix: names.get(uri, "") for prefix, uri in root.declarations}


def _definitions(root: Element, file: str, digest: str) -> Definitions:
    reading = _File(root)

    def read(local: str, make: Callable[[_File, Element], Made]) -> tuple[Made, ...]:
        return tuple(make(reading, element) for element in children(root, local))

    return Definitions(
        id=root.get("id") or "",
        name=name_of(root),
        namespace=reading.namespace,
        file=file,
        digest=digest,
        imports=reading.imports,
        types=read("itemDefinition", _item),
        inputs=read("inputData", _input_data),
        decisions=read("decision", _decision),
        knowledge=read("businessKnowledgeModel", _knowledge),
        services=read("decisionService", _service),
    )


def _item(reading: _File, element: Element) -> ItemDefinition:
    written = child(element, "typeRef")
    function = child(element, "functionItem")
    return ItemDefinition(
        name=name_of(element),
        type="" if written is None else reading.source.type_name(written.text),
        is_collection=(element.get("isCollection") or "").strip() in ("true", "1"),
        components=tuple(_item(reading, part) for part in children(element, "itemComponent")),
        allowed=text_of(child(element, "allowedValues")),
        constraint=text_of(child(element, "typeConstraint")),
        function=None if function is None else _function(reading, function),
        position=element.position,
    )


def _function(reading: _File, element: Element) -> Function:
    parameters = tuple(
        read_variable(reading.source, parameter) for parameter in children(element, "parameters")
    )
    return Function(parameters, reading.source.type_name(element.get("outputTypeRef")))


def _variable(reading: _File, element: Element) -> Variable:
    """The element's variable; its own name when it declares none (6.3.7)."""
    variable = child(element, "variable")
    if variable is None:
        return Variable(name_of(element), "", element.position)
    found = read_variable(reading.source, variable)
    return found if found.name else Variable(name_of(element), found.type, found.position)


def _id(element: Element) -> str:
    """The id, or the name for files that give none: references cannot reach it anyway."""
    return element.get("id") or f"name:{name_of(element)}"


def _input_data(reading: _File, element: Element) -> InputData:
    variable = _variable(reading, element)
    return InputData(_id(element), name_of(element) or variable.name, variable, element.position)


def _decision(reading: _File, element: Element) -> Decision:
    variable = _variable(reading, element)
    return Decision(
        id=_id(element),
        name=name_of(element) or variable.name,
        variable=variable,
        question=words_of(element, "question"),
        allowed_answers=words_of(element, "allowedAnswers"),
        needs=reading.references(
            element, "informationRequirement", "requiredDecision", "requiredInput"
        ),
        knowledge=reading.references(element, "knowledgeRequirement", "requiredKnowledge"),
        expression=read_box(reading.source, element),
        position=element.position,
    )


def _knowledge(reading: _File, element: Element) -> BusinessKnowledge:
    logic = child(element, "encapsulatedLogic")
    variable = _variable(reading, element)
    return BusinessKnowledge(
        id=_id(element),
        name=name_of(element) or variable.name,
        variable=variable,
        logic=None if logic is None else read_function(reading.source, logic),
        knowledge=reading.references(element, "knowledgeRequirement", "requiredKnowledge"),
        position=element.position,
    )


def _service(reading: _File, element: Element) -> DecisionService:
    variable = _variable(reading, element)
    return DecisionService(
        id=_id(element),
        name=name_of(element) or variable.name,
        variable=variable,
        outputs=reading.references(element, "outputDecision"),
        encapsulated=reading.references(element, "encapsulatedDecision"),
        input_decisions=reading.references(element, "inputDecision"),
        input_data=reading.references(element, "inputData"),
        position=element.position,
    )
