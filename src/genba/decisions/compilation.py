"""A DMN file and its imports to a `Model` (DMN 1.5, 6.2, 6.3, 7.3).

Rules of this file: every text is parsed once, with the names its requirements bring into scope. No
files are opened: imports are handed in. A part that cannot be run is a problem of the model, not
the end of it.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping

from genba.decisions.boxes import function_node, translate
from genba.decisions.drawing import DrawnTable
from genba.decisions.model import (
    DecisionNode,
    GraphNode,
    InputNode,
    KnowledgeNode,
    Model,
    Needed,
    Parameter,
    ServiceNode,
)
from genba.decisions.order import find_cycle
from genba.decisions.setting import Setting, find_type
from genba.decisions.types import labels_of, qualify, read_types
from genba.expressions.compiler import Compiler
from genba.expressions.frames import Closure
from genba.expressions.syntax import Node, TypeRef
from genba.notation.dmn.model import (
    BusinessKnowledge,
    Decision,
    DecisionService,
    DecisionTable,
    Definitions,
    Import,
    InputData,
    Reference,
    Variable,
)
from genba.notation.model import Problem

Resolver = Callable[[Import], Definitions | None]
MOST_MODELS = 100
"""Models imported by models; a hostile set of files could name each other without end."""
BARE = frozenset({"*", "/", "+", "-", "."})


def compile_decisions(
    definitions: Definitions, imports: Resolver | Mapping[str, Definitions] | None = None
) -> Model:
    """Compile a DMN file. `imports` gives other models, by namespace or by a function of `Import`.

    What cannot be run is in `Model.problems`, located and in words: a text that is no FEEL, a
    function in Java, a requirement that leads nowhere or in a circle, an import not handed in.
    """
    resolver = _resolver(imports)
    gathered = _Gathered(definitions, resolver)
    problems = gathered.problems
    nodes: dict[Reference, GraphNode] = {}
    for part in gathered.parts.values():
        compiled = _Part(part, gathered, problems)
        nodes.update((node.reference, node) for node in compiled.nodes())
    problems += find_cycle(nodes, gathered.positions)
    own = definitions.namespace
    names = {one.name: (own, one.id) for one in definitions.services}
    names.update({one.name: (own, one.id) for one in definitions.decisions})
    digests = [one.digest for one in gathered.parts.values()]
    version = digests[0] if len(digests) == 1 else _digest(digests)
    return Model(
        name=definitions.name,
        namespace=own,
        version=version,
        nodes=nodes,
        names=names,
        decisions=tuple(one.name for one in definitions.decisions),
        services=tuple(one.name for one in definitions.services),
        allowed={
            item.name: item.allowed.text for item in definitions.types if item.allowed is not None
        },
        types=gathered.types[own],
        problems=tuple(problems),
        orders={},
        short={},
        tables=tuple(gathered.tables),
    )


def _resolver(imports: Resolver | Mapping[str, Definitions] | None) -> Resolver:
    if imports is None:
        return lambda one: None
    if isinstance(imports, Mapping):
        return lambda one: imports.get(one.namespace)
    return imports


def _digest(digests: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


Logic = Decision | BusinessKnowledge | DecisionService


def elements_of(part: Definitions) -> Iterator[InputData | Logic]:
    """Everything of a file that has a name in the requirement graph."""
    yield from part.inputs
    yield from part.decisions
    yield from part.knowledge
    yield from part.services


class _Gathered:
    """A file and all it imports, by namespace, the file itself first."""

    def __init__(self, definitions: Definitions, resolve: Resolver) -> None:
        self.problems: list[Problem] = []
        self.tables: list[DrawnTable] = []
        self.parts: dict[str, Definitions] = {}
        self.links: dict[str, list[tuple[str, str]]] = {}
        """Namespace -> (import name, namespace) of what it imports."""
        pending = [definitions]
        while pending and len(self.parts) < MOST_MODELS:
            part = pending.pop(0)
            if part.namespace in self.parts:
                continue
            self.parts[part.namespace] = part
            self.links[part.namespace] = []
            for one in part.imports:
                found = resolve(one)
                if found is None:
                    self._missing(part, one)
                    continue
                self.links[part.namespace].append((one.name, found.namespace))
                pending.append(found)
        self.types: dict[str, dict[str, TypeRef]] = {}
        for namespace in self.parts:
            self._read_types(namespace, ())

    @property
    def positions(self) -> dict[Reference, Logic]:
        """The elements that can stand in a circle."""
        found: dict[Reference, Logic] = {}
        for part in self.parts.values():
            elements: tuple[Logic, ...] = (*part.decisions, *part.knowledge, *part.services)
            for element in elements:
                found[part.namespace, element.id] = element
        return found

    def _missing(self, part: Definitions, one: Import) -> None:
        if one.kind and "DMN" not in one.kind.upper():
            return  # An imported schema or PMML file: what uses it says so.
        self.problems.append(
            Problem(
                severity="refused",
                rule="dmn.import",
                message=f"the imported model '{one.name or one.namespace}' is not there",
                position=one.position,
                element=part.id,
                advice=f"put {one.location or 'the file'} beside this one, or deploy it first",
            )
        )

    def _read_types(self, namespace: str, above: tuple[str, ...]) -> dict[str, TypeRef]:
        made = self.types.get(namespace)
        if made is not None or namespace in above:
            return made or {}
        imported: dict[str, TypeRef] = {}
        for name, other in self.links[namespace]:
            inner = self._read_types(other, (*above, namespace))
            imported.update(qualify(inner, f"{name}.") if name else inner)
        self.types[namespace] = read_types(self.parts[namespace], imported, self.problems)
        return self.types[namespace]

    def path(self, start: str, target: str) -> tuple[str, ...] | None:
        """The names of imports from one model to another, the shortest; None when there is none."""
        seen = {start}
        pending: list[tuple[str, tuple[str, ...]]] = [(start, ())]
        while pending:
            namespace, path = pending.pop(0)
            if namespace == target:
                return path
            for name, other in self.links[namespace]:
                if other not in seen:
                    seen.add(other)
                    pending.append((other, (*path, name) if name else path))
        return None

    def find(self, reference: Reference) -> Variable | None:
        """The variable of an element, None when there is no such element."""
        part = self.parts.get(reference[0])
        if part is None:
            return None
        for element in elements_of(part):
            if element.id == reference[1]:
                return element.variable
        return None


class _Part:
    """One file of a model while it is compiled."""

    def __init__(self, part: Definitions, gathered: _Gathered, problems: list[Problem]) -> None:
        self.part, self.gathered, self.problems = part, gathered, problems
        self.types = gathered.types[part.namespace]
        odd = {name for name in labels_of(self.types.values()) if not name.isidentifier()}
        odd |= {name for name in self.types if not name.isidentifier()}
        for namespace, other in gathered.parts.items():
            if namespace != part.namespace:
                odd |= {one.variable.name for one in elements_of(other)}
        self.properties = tuple(sorted(odd))

    def nodes(self) -> Iterator[GraphNode]:
        for given in self.part.inputs:
            yield self.input(given)
        for knowledge in self.part.knowledge:
            yield self.knowledge(knowledge)
        for service in self.part.services:
            yield self.service(service)
        for decision in self.part.decisions:
            yield self.decision(decision)

    def reference(self, id: str) -> Reference:
        return self.part.namespace, id

    def setting(self, name: str, id: str) -> Setting:
        return Setting(
            name,
            id=id,
            types=self.types,
            properties=self.properties,
            problems=self.problems,
            tables=self.gathered.tables,
        )

    def input(self, given: InputData) -> InputNode:
        variable = given.variable
        setting = self.setting(given.name, given.id)
        return InputNode(
            reference=self.reference(given.id),
            name=variable.name,
            type=variable.type,
            fit=setting.type_reference(variable.type, variable.position),
            types=self.types,
        )

    def needs(self, element: Logic, references: Iterable[Reference]) -> tuple[Needed, ...]:
        """The requirements of an element as names in its scope."""
        found = []
        for reference in references:
            variable = self.gathered.find(reference)
            path = self.gathered.path(self.part.namespace, reference[0])
            if variable is None or path is None:
                self.setting(element.name, element.id).refuse(
                    "dmn.requirement",
                    f"it requires '{reference[1]}', which is not in the model",
                    element.position,
                    advice="draw the requirement again, or import the model it is in",
                )
                continue
            found.append(Needed(reference, path, variable.name))
        return tuple(found)

    def names(self, needs: Iterable[Needed]) -> frozenset[str]:
        """What is in scope; imported things are in the context of their import."""
        names = set()
        for needed in needs:
            names.add(needed.path[0] if needed.path else needed.name)
            if needed.path:
                # A name such as `import.some-name` holds together although it is a path.
                names.update(needed.path[1:])
        return frozenset(names)

    def closure(self, node: Node, names: frozenset[str]) -> Closure:
        """The node compiled; names are looked up in frames, never converted again."""
        compiler = Compiler(names, self.types)
        with compiler.binding(names):
            return compiler.compile(node)

    def decision(self, decision: Decision) -> DecisionNode:
        setting = self.setting(decision.name, decision.id)
        needs = self.needs(decision, (*decision.needs, *decision.knowledge))
        names = self.names(needs)
        node = translate(setting, decision.expression, names)
        variable = decision.variable
        if decision.expression is None:
            setting.problems.append(_silent(decision))
        node = setting.typed(node, variable.type, variable.position)
        closure = self.closure(node, names)
        box = decision.expression
        whole = isinstance(box, DecisionTable) and setting.running
        return DecisionNode(
            reference=self.reference(decision.id),
            name=variable.name,
            type=variable.type,
            question=decision.question,
            needs=needs,
            closure=closure,
            table=setting.running[-1] if whole else None,
            outcome_types=tuple(
                find_type(one, self.types)
                for one in (variable.type, box.type if isinstance(box, DecisionTable) else "")
                if one not in ("", "Any")
            ),
        )

    def knowledge(self, knowledge: BusinessKnowledge) -> KnowledgeNode:
        setting = self.setting(knowledge.name, knowledge.id)
        own = self.reference(knowledge.id)
        needs = self.needs(knowledge, (one for one in knowledge.knowledge if one != own))
        variable = knowledge.variable
        names = self.names(needs) | {variable.name}
        if knowledge.logic is None:
            node = setting.expression_missing(knowledge.position)
        else:
            logic = knowledge.logic
            node = function_node(setting, logic, names, "", result=self._result(variable))
        return KnowledgeNode(own, variable.name, needs, self.closure(node, names))

    def _result(self, variable: Variable) -> str:
        """The type of a function's result: a variable may have the function's type (7.3.3), or,
        before DMN 1.3, that of the result.
        """
        type_ = self.types.get(variable.type)
        if type_ is not None and type_.name == "function":
            return "" if type_.result is None else type_.result.name
        return "" if variable.type in ("function", "context") else variable.type

    def service(self, service: DecisionService) -> ServiceNode:
        setting = self.setting(service.name, service.id)
        parameters = []
        for needed in self.needs(service, (*service.input_data, *service.input_decisions)):
            variable = self.gathered.find(needed.reference)
            if variable is not None:
                types = self.gathered.types[needed.reference[0]]
                fit = setting.type_reference(variable.type, variable.position)
                parameters.append(Parameter(needed, variable.name, variable.type, fit, types))
        result = self._result(service.variable)
        return ServiceNode(
            reference=self.reference(service.id),
            name=service.variable.name,
            parameters=tuple(parameters),
            outputs=self.needs(service, service.outputs),
            result=result,
            fit=setting.type_reference(result, service.variable.position),
            types=self.types,
        )


def _silent(decision: Decision) -> Problem:
    return Problem(
        severity="silent",
        rule="silent.decision",
        message=f"{decision.name}: there is no decision logic",
        position=decision.position,
        element=decision.id,
        advice="draw a table or write an expression; until then its value is null",
    )
