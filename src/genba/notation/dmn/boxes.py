"""Boxed expressions from XML: one reader a kind, in one table (DMN 1.5, 10.2.1).

Rules of this file: shape only, no FEEL. A box that misses a part is read with that part None; what
that means is decided where it is compiled.
"""

from collections.abc import Callable, Iterator, Mapping

from genba.notation.dmn.model import (
    Binding,
    BoxedContext,
    BoxedList,
    Conditional,
    DecisionTable,
    Entry,
    Expression,
    Filter,
    FunctionDefinition,
    Input,
    Invocation,
    Iteration,
    LiteralExpression,
    Output,
    Quantified,
    Relation,
    Rule,
    Text,
    Variable,
)
from genba.notation.document import Element

FEEL_LANGUAGES = frozenset(
    {
        "",
        "feel",
        "http://www.omg.org/spec/FEEL/20140401",
        "http://www.omg.org/spec/DMN/20180521/FEEL/",
        "https://www.omg.org/spec/DMN/20191111/FEEL/",
        "https://www.omg.org/spec/DMN/20211108/FEEL/",
        "https://www.omg.org/spec/DMN/20230324/FEEL/",
    }
)
HIT_POLICIES = {
    "U": "UNIQUE", "A": "ANY", "P": "PRIORITY", "F": "FIRST", "R": "RULE ORDER",
    "O": "OUTPUT ORDER", "C": "COLLECT",
}  # fmt: skip
"""The letters of the notation (8.2.11), which some tools write into the file."""
FUNCTION_KINDS = {
    "feel": "FEEL", "f": "FEEL", "java": "Java", "j": "Java", "pmml": "PMML", "p": "PMML",
}  # fmt: skip


class Source:
    """What reading needs to know of the file: the prefixes of its type names (DMN 1.1 QNames)."""

    def __init__(self, prefixes: Mapping[str, str], language: str) -> None:
        self.prefixes = prefixes
        """Prefix -> what to put before the local name: "" or "import name."."""
        self.language = language

    def type_name(self, written: str | None) -> str:
        """A type reference without its XML prefix."""
        name = " ".join((written or "").split())
        prefix, colon, local = name.partition(":")
        if not colon:
            return name
        return self.prefixes.get(prefix, "") + local


def name_of(element: Element, attribute: str = "name") -> str:
    """A name with its spaces made single."""
    return " ".join((element.get(attribute) or "").split())


def children(element: Element, local: str) -> Iterator[Element]:
    """The DMN children of a name."""
    return (
        child for child in element.children if isinstance(child, Element) and child.local == local
    )


def child(element: Element, local: str) -> Element | None:
    for inner in element.children:
        if isinstance(inner, Element) and inner.local == local:
            return inner
    return None


def text_of(element: Element | None) -> Text | None:
    """The `text` child of an element, None when there is none."""
    if element is None:
        return None
    inner = child(element, "text")
    return None if inner is None else Text(inner.text.strip(), inner.position)


def words_of(element: Element, local: str) -> str:
    """The plain text of a child such as `question`."""
    found = child(element, local)
    return "" if found is None else found.text.strip()


def read_variable(source: Source, element: Element) -> Variable:
    return Variable(name_of(element), source.type_name(element.get("typeRef")), element.position)


def read_box(source: Source, holder: Element) -> Expression | None:
    """The one boxed expression inside an element, None when there is none."""
    return next(iter(read_boxes(source, holder)), None)


def read_boxes(source: Source, holder: Element) -> Iterator[Expression]:
    """The boxed expressions directly inside an element, in order."""
    for element in holder.elements():
        reader = BOXES.get(element.local)
        if reader is not None:
            yield reader(source, element)


def _inside(source: Source, element: Element, local: str) -> Expression | None:
    holder = child(element, local)
    return None if holder is None else read_box(source, holder)


def _type(source: Source, element: Element) -> str:
    return source.type_name(element.get("typeRef"))


def _literal(source: Source, element: Element) -> LiteralExpression:
    text = text_of(element) or Text("", element.position)
    language = element.get("expressionLanguage", source.language) or ""
    if language.lower() in ("feel",) or language in FEEL_LANGUAGES:
        language = ""
    return LiteralExpression(text, _type(source, element), element.position, language)


def _invocation(source: Source, element: Element) -> Invocation:
    bindings = []
    for binding in children(element, "binding"):
        parameter = child(binding, "parameter")
        name = "" if parameter is None else name_of(parameter)
        bindings.append(Binding(name, read_box(source, binding), binding.position))
    function = read_box(source, element)
    return Invocation(function, tuple(bindings), _type(source, element), element.position)


def _context(source: Source, element: Element) -> BoxedContext:
    entries = []
    for entry in children(element, "contextEntry"):
        variable = child(entry, "variable")
        name, type_ = "", ""
        if variable is not None:
            name, type_ = name_of(variable), _type(source, variable)
        entries.append(Entry(name, type_, read_box(source, entry), entry.position))
    return BoxedContext(tuple(entries), _type(source, element), element.position)


def _list(source: Source, element: Element) -> BoxedList:
    items = tuple(read_boxes(source, element))
    return BoxedList(items, _type(source, element), element.position)


def _relation(source: Source, element: Element) -> Relation:
    columns = tuple(read_variable(source, column) for column in children(element, "column"))
    rows = tuple(tuple(read_boxes(source, row)) for row in children(element, "row"))
    return Relation(columns, rows, _type(source, element), element.position)


def read_function(source: Source, element: Element) -> FunctionDefinition:
    """A function definition, also as `encapsulatedLogic`."""
    parameters = tuple(read_variable(source, p) for p in children(element, "formalParameter"))
    written = (element.get("kind") or "FEEL").strip()
    kind = FUNCTION_KINDS.get(written.lower(), written)
    body = read_box(source, element)
    return FunctionDefinition(kind, parameters, body, _type(source, element), element.position)


def _conditional(source: Source, element: Element) -> Conditional:
    return Conditional(
        _inside(source, element, "if"),
        _inside(source, element, "then"),
        _inside(source, element, "else"),
        _type(source, element),
        element.position,
    )


def _filter(source: Source, element: Element) -> Filter:
    domain, match = _inside(source, element, "in"), _inside(source, element, "match")
    return Filter(domain, match, _type(source, element), element.position)


def _for(source: Source, element: Element) -> Iteration:
    variable = name_of(element, "iteratorVariable")
    domain, body = _inside(source, element, "in"), _inside(source, element, "return")
    return Iteration(variable, domain, body, _type(source, element), element.position)


def _quantified(source: Source, element: Element) -> Quantified:
    return Quantified(
        element.local,
        name_of(element, "iteratorVariable"),
        _inside(source, element, "in"),
        _inside(source, element, "satisfies"),
        _type(source, element),
        element.position,
    )


def _table(source: Source, element: Element) -> DecisionTable:
    policy = " ".join((element.get("hitPolicy") or "UNIQUE").upper().split())
    annotations = tuple(name_of(column) for column in children(element, "annotation"))
    return DecisionTable(
        id=element.get("id") or "",
        hit_policy=HIT_POLICIES.get(policy, policy),
        aggregation=(element.get("aggregation") or "").strip().upper(),
        inputs=tuple(_input(source, column) for column in children(element, "input")),
        outputs=tuple(_output(source, column) for column in children(element, "output")),
        rules=tuple(_rule(rule) for rule in children(element, "rule")),
        annotations=annotations,
        type=_type(source, element),
        position=element.position,
    )


def _input(source: Source, element: Element) -> Input:
    expression = child(element, "inputExpression")
    return Input(
        expression=text_of(expression) or Text("", element.position),
        type="" if expression is None else _type(source, expression),
        label=name_of(element, "label"),
        allowed=text_of(child(element, "inputValues")),
        position=element.position,
    )


def _output(source: Source, element: Element) -> Output:
    return Output(
        name=name_of(element),
        type=_type(source, element),
        label=name_of(element, "label"),
        allowed=text_of(child(element, "outputValues")),
        default=text_of(child(element, "defaultOutputEntry")),
        position=element.position,
    )


def _rule(element: Element) -> Rule:
    found: dict[str, list[Text]] = {"inputEntry": [], "outputEntry": [], "annotationEntry": []}
    described = False
    for cell in element.children:
        if isinstance(cell, Element):
            cells = found.get(cell.local)
            if cells is not None:
                cells.append(text_of(cell) or Text("", cell.position))
            described = described or cell.local == "description"
    annotations = tuple([text.text for text in found["annotationEntry"]])
    if described and not annotations:
        annotations = tuple(filter(None, [words_of(element, "description")]))
    return Rule(
        element.get("id") or "",
        tuple(found["inputEntry"]),
        tuple(found["outputEntry"]),
        annotations,
        element.position,
    )


BOXES: dict[str, Callable[[Source, Element], Expression]] = {
    "literalExpression": _literal,
    "decisionTable": _table,
    "invocation": _invocation,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "functionDefinition": read_function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _for,
    "some": _quantified,
    "every": _quantified,
}
