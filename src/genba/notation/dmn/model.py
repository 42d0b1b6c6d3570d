"""A DMN file as frozen values (DMN 1.5, chapters 6 to 8, 10.2).

Rules of this file:

1. Data only: what the standard's classes hold and where it stands in the file. Texts are kept as
   written; nothing is parsed as FEEL here.
2. Names are what people read, spaces made single. References are (namespace, id) pairs; the
   namespace of this file is its own.
3. One shape for all versions: what 1.1 calls differently is read into the 1.5 form.
"""

from typing import TypeAlias

from msgspec import Struct

from genba.notation.document import Position

Reference: TypeAlias = tuple[str, str]
"""The namespace of a file and the id of an element in it."""


class Text(Struct, frozen=True):
    """A FEEL text as written, and where it stands."""

    text: str
    position: Position


class Variable(Struct, frozen=True):
    """A name with a type; the type is "" when none is declared."""

    name: str
    type: str
    position: Position


class LiteralExpression(Struct, frozen=True):
    """A text (7.3.1). `language` is "" for FEEL, else the URI of the other language."""

    text: Text
    type: str
    position: Position
    language: str = ""


class Binding(Struct, frozen=True):
    """What a parameter of an invocation is bound to; no expression means null."""

    name: str
    expression: "Expression | None"
    position: Position


class Invocation(Struct, frozen=True):
    """A boxed invocation (7.3.6, 10.2.1.3)."""

    function: "Expression | None"
    bindings: tuple[Binding, ...]
    type: str
    position: Position


class Entry(Struct, frozen=True):
    """An entry of a boxed context; without a name it is the context's result."""

    name: str
    type: str
    expression: "Expression | None"
    position: Position


class BoxedContext(Struct, frozen=True):
    """A boxed context (10.2.1.4)."""

    entries: tuple[Entry, ...]
    type: str
    position: Position


class BoxedList(Struct, frozen=True):
    """A boxed list (10.2.1.5)."""

    items: tuple["Expression", ...]
    type: str
    position: Position


class Relation(Struct, frozen=True):
    """A relation (10.2.1.6): a list of contexts, one a row."""

    columns: tuple[Variable, ...]
    rows: tuple[tuple["Expression", ...], ...]
    type: str
    position: Position


class FunctionDefinition(Struct, frozen=True):
    """A function definition (10.2.1.7). `kind` is FEEL, Java or PMML."""

    kind: str
    parameters: tuple[Variable, ...]
    body: "Expression | None"
    type: str
    position: Position


class Conditional(Struct, frozen=True):
    """A boxed conditional (10.2.1.8)."""

    condition: "Expression | None"
    then: "Expression | None"
    otherwise: "Expression | None"
    type: str
    position: Position


class Filter(Struct, frozen=True):
    """A boxed filter (10.2.1.9)."""

    domain: "Expression | None"
    match: "Expression | None"
    type: str
    position: Position


class Iteration(Struct, frozen=True):
    """A boxed `for` (10.2.1.10)."""

    variable: str
    domain: "Expression | None"
    body: "Expression | None"
    type: str
    position: Position


class Quantified(Struct, frozen=True):
    """A boxed `some` or `every` (10.2.1.10). `kind` says which."""

    kind: str
    variable: str
    domain: "Expression | None"
    condition: "Expression | None"
    type: str
    position: Position


class Input(Struct, frozen=True):
    """An input column (8.3.2). `label` is what people wrote above it, or ""."""

    expression: Text
    type: str
    label: str
    allowed: Text | None
    position: Position


class Output(Struct, frozen=True):
    """An output column (8.3.3)."""

    name: str
    type: str
    label: str
    allowed: Text | None
    default: Text | None
    position: Position


class Rule(Struct, frozen=True):
    """A row (8.3.4), its cells in the order of the columns."""

    id: str
    inputs: tuple[Text, ...]
    outputs: tuple[Text, ...]
    annotations: tuple[str, ...]
    position: Position


class DecisionTable(Struct, frozen=True):
    """A decision table (8.3.1). `aggregation` is "" or SUM, COUNT, MIN, MAX."""

    id: str
    hit_policy: str
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    annotations: tuple[str, ...]
    type: str
    position: Position


Expression: TypeAlias = (
    LiteralExpression
    | DecisionTable
    | Invocation
    | BoxedContext
    | BoxedList
    | Relation
    | FunctionDefinition
    | Conditional
    | Filter
    | Iteration
    | Quantified
)


class Function(Struct, frozen=True):
    """The signature of a function type (7.3.3)."""

    parameters: tuple[Variable, ...]
    result: str


class ItemDefinition(Struct, frozen=True):
    """A type of the model (7.3.2). `allowed` holds for one value (for each element of a
    collection), `constraint` for the whole value (DMN 1.5).
    """

    name: str
    type: str
    is_collection: bool
    components: tuple["ItemDefinition", ...]
    allowed: Text | None
    constraint: Text | None
    function: Function | None
    position: Position


class InputData(Struct, frozen=True):
    """What is given from outside (6.3.11)."""

    id: str
    name: str
    variable: Variable
    position: Position


class Decision(Struct, frozen=True):
    """A decision (6.3.7). `needs` are inputs and decisions, `knowledge` models and services."""

    id: str
    name: str
    variable: Variable
    question: str
    allowed_answers: str
    needs: tuple[Reference, ...]
    knowledge: tuple[Reference, ...]
    expression: Expression | None
    position: Position


class BusinessKnowledge(Struct, frozen=True):
    """A business knowledge model (6.3.9)."""

    id: str
    name: str
    variable: Variable
    logic: FunctionDefinition | None
    knowledge: tuple[Reference, ...]
    position: Position


class DecisionService(Struct, frozen=True):
    """A decision service (6.3.10)."""

    id: str
    name: str
    variable: Variable
    outputs: tuple[Reference, ...]
    encapsulated: tuple[Reference, ...]
    input_decisions: tuple[Reference, ...]
    input_data: tuple[Reference, ...]
    position: Position


class Import(Struct, frozen=True):
    """Another model used here (6.3.3). `name` qualifies what is imported; "" brings it in as is."""

    name: str
    namespace: str
    location: str
    kind: str
    position: Position


class Definitions(Struct, frozen=True):
    """A whole DMN file. `digest` is the SHA-256 of its bytes, the version of what is decided."""

    id: str
    name: str
    namespace: str
    file: str
    digest: str
    imports: tuple[Import, ...]
    types: tuple[ItemDefinition, ...]
    inputs: tuple[InputData, ...]
    decisions: tuple[Decision, ...]
    knowledge: tuple[BusinessKnowledge, ...]
    services: tuple[DecisionService, ...]
