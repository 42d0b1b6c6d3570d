"""The conditions of a drawing, checked as the rows of a decision table are.

Rules of this file: nothing is refused here; it says what looks wrong, in warnings. The conditions
of a gateway are put as a table, a row for each flow (a row for each side of an `or`), and that
table is checked by `decisions`. A condition that is more than names against constants is left out.
"""

import difflib
from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec
from msgspec import Struct

from genba.decisions import check_decisions, compile_decisions
from genba.engine.graph import Graph, GraphFlow, GraphNode
from genba.engine.surroundings import Surroundings
from genba.expressions import syntax
from genba.expressions.outcome import SyntaxFault
from genba.expressions.parser import parse_expression
from genba.expressions.printing import print_expression
from genba.expressions.writing import quote
from genba.notation.dmn import Decision, DecisionTable, InputData
from genba.notation.dmn import Definitions as Decisions
from genba.notation.dmn.model import Input, Output, Rule, Text, Variable
from genba.notation.document import Position
from genba.notation.model import NodeKind, Problem

Atoms = dict[str, str]
"""What a condition asks of each name, as a cell of a table."""

MOST_ROWS = 50
CLOSE = 0.75  # how alike two names are when one is taken for a slip of the other
_TYPES = {"long": "number", "number": "number", "boolean": "boolean", "string": "string"}
_TYPES |= {"enum": "string", "text": "string"}
_SCHEMA = {"number": "number", "integer": "number", "boolean": "boolean", "string": "string"}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ROUND = {">": "(", ">=": "[", "<": ")", "<=": "]"}


class Known(Struct, frozen=True):
    """What the drawing says of a name: its type, and its values where it lists them."""

    type: str = ""
    values: tuple[str, ...] = ()


class _SchemaField(Struct):
    type: str | list[str] = ""
    enum: list[object] = []


class _Schema(Struct):
    properties: dict[str, _SchemaField] = {}


def check_conditions(graph: Graph) -> tuple[Problem, ...]:
    """Everything to say about the conditions on the flows of a process."""
    known = _known(graph)
    found: list[Problem] = []
    for node in graph.nodes.values():
        flows = [flow for flow in node.outgoing if flow.condition is not None]
        if flows:
            found += _unknown_names(graph, known, flows)
            found += _gateway(graph, node, known, flows)
    return tuple(dict.fromkeys(found))


def _known(graph: Graph) -> dict[str, Known]:
    """The data the drawing speaks of, with what its forms say of it."""
    around = Surroundings(graph.definitions, graph.process)
    known = {name: Known() for name in around.names}
    for node in graph.process.nodes:
        for act in node.acts:
            if act in ("approve", "reject", "changes"):
                known |= {f"{node.id}_decision": Known(), "decision": Known()}
                known |= {"reason": Known(), "condition": Known()}
        for field in node.form.fields if node.form is not None else ():
            values = tuple(value for value, _ in field.options)
            known[field.id] = Known(_TYPES.get(field.type, ""), values)
        known |= _of_schema(node.form.body if node.form is not None else None)
    return known


def _of_schema(body: str | None) -> dict[str, Known]:
    """The properties of a form that is written as JSON Schema."""
    try:
        schema = msgspec.json.decode(body or "", type=_Schema)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return {}
    return {
        name: Known(
            _SCHEMA.get(field.type, "") if isinstance(field.type, str) else "",
            tuple(str(value) for value in field.enum),
        )
        for name, field in schema.properties.items()
    }


def _unknown_names(
    graph: Graph, known: dict[str, Known], flows: Sequence[GraphFlow]
) -> Iterator[Problem]:
    """Names that are a slip of a name the drawing knows; others may come from outside."""
    for flow in flows:
        for name in sorted(flow.condition.names - known.keys() if flow.condition else ()):
            meant = difflib.get_close_matches(name, known, 1, CLOSE)
            if meant:
                words = f"{_call(graph, flow)} asks for {name}, which nothing in the drawing writes"
                yield _say(graph, flow, "feel.unknown-name", words, f"Is {meant[0]} meant?")


def _gateway(
    graph: Graph, node: GraphNode, known: dict[str, Known], flows: Sequence[GraphFlow]
) -> Iterator[Problem]:
    """What the check of a table says of the conditions of one gateway."""
    rows: list[tuple[GraphFlow, Atoms]] = []
    whole = len(flows) == len(node.outgoing)  # no flow is the way out for all else
    for flow in flows:
        told = _rows(flow, known)
        whole = whole and told is not None
        rows += [(flow, atoms) for atoms in told or ()]
    if not rows or len(rows) > MOST_ROWS:
        return
    exclusive = node.kind is NodeKind.EXCLUSIVE_GATEWAY
    names = list(dict.fromkeys(name for _, atoms in rows for name in atoms))
    whole = whole and all(_is_closed(known.get(name, Known())) for name in names)
    drawn = _table(names, [atoms for _, atoms in rows], known, "FIRST" if exclusive else "COLLECT")
    covered: dict[str, list[str]] = {}
    for problem in check_decisions(compile_decisions(drawn)):
        number, words = problem.position.line, problem.message.partition(": ")[2]
        if problem.rule == "dmn.never":
            flow, _ = rows[number - 1]
            never = words.partition(": ")[2]
            text = f"{_call(graph, flow)} can never hold: {never}"
            yield _say(graph, flow, "feel.never", text, "Mend the value, or remove the flow.")
        elif problem.rule == "dmn.unreachable":
            covered.setdefault(rows[number - 1][0].id, []).append(words)
        elif problem.rule == "dmn.gap" and exclusive and whole:
            text = f"“{node.label}” has no way for {words.removeprefix('no row for ')}"
            advice = "Draw a flow for it, or say which flow is the default."
            yield _problem("feel.gap", text, advice, node.drawn.position, node.id)
    for flow in flows:
        if len(covered.get(flow.id, ())) == sum(1 for other, _ in rows if other is flow) > 0:
            text = f"{_call(graph, flow)} is never taken: the flows before it take all it takes"
            advice = "Draw it before the others, or remove it."
            yield _say(graph, flow, "feel.unreachable", text, advice)


def _is_closed(said: Known) -> bool:
    """Whether the drawing says which values there can be: any text may be none of those named."""
    return bool(said.values) or said.type in ("number", "boolean")


def _rows(flow: GraphFlow, known: dict[str, Known]) -> list[Atoms] | None:
    """The condition as rows of a table, None when it is more than names against constants."""
    assert flow.condition is not None
    try:
        tree = parse_expression(flow.condition.text, (*known, *flow.condition.names))
    except SyntaxFault:
        return None
    sides = tree.operands if isinstance(tree, syntax.Logic) and tree.operator == "or" else (tree,)
    rows = [_row(side) for side in sides]
    told = [row for row in rows if row is not None]
    return told if len(told) == len(rows) else None


def _row(tree: syntax.Node) -> Atoms | None:
    parts = tree.operands if isinstance(tree, syntax.Logic) else (tree,)
    if isinstance(tree, syntax.Logic) and tree.operator != "and":
        return None
    row: Atoms = {}
    for part in parts:
        atom = _atom(part)
        if atom is None:
            return None
        name, cell = atom
        both = _both(row[name], cell) if name in row else cell
        if both is None:
            return None
        row[name] = both
    return row


def _atom(part: syntax.Node) -> tuple[str, str] | None:
    """A name and what is asked of it."""
    if isinstance(part, syntax.Name):
        return part.name, "true"
    if isinstance(part, syntax.Between) and isinstance(part.value, syntax.Name):
        low, high = _constant(part.low), _constant(part.high)
        return (part.value.name, f"[{low}..{high}]") if low and high else None
    if isinstance(part, syntax.In) and isinstance(part.value, syntax.Name):
        items = [i for t in part.tests for i in (t.items if isinstance(t, syntax.ListOf) else (t,))]
        cells = [_constant(item) for item in items]
        return (part.value.name, ", ".join(cells)) if all(cells) else None
    if not isinstance(part, syntax.Comparison):
        return None
    name, other, sign = part.left, part.right, part.operator
    if isinstance(other, syntax.Name):
        name, other, sign = other, name, _MIRRORED.get(sign, sign)
    value = _constant(other)
    if not isinstance(name, syntax.Name) or not value:
        return None
    cells_of = {"=": value, "!=": f"not({value})"}
    return name.name, cells_of.get(sign, f"{sign} {value}")


def _both(one: str, two: str) -> str | None:
    """Two bounds of one name as a range: over 1 and under 5."""
    low, high = sorted((one, two), key=lambda cell: not cell.startswith(">"))
    if not low.startswith(">") or not high.startswith("<"):
        return None
    (sign, _, start), (other, _, end) = low.partition(" "), high.partition(" ")
    return f"{_ROUND[sign]}{start}..{end}{_ROUND[other]}"


def _constant(node: syntax.Node) -> str:
    """A constant as FEEL, "" for anything else."""
    if isinstance(node, syntax.Negation):
        inner = _constant(node.operand)
        return f"-{inner}" if inner[:1].isdigit() else ""
    told = isinstance(node, syntax.Literal) and isinstance(node.value, (bool, Decimal, str))
    return print_expression(node) if told else ""


def _table(
    names: Sequence[str], rows: Sequence[Atoms], known: dict[str, Known], policy: str
) -> Decisions:
    """The conditions as a DMN model of one table; a row's line is its number."""

    def text(words: str, line: int = 0) -> Text:
        return Text(words, Position(line, 1))

    nowhere = Position(0, 1)
    columns = []
    for number, name in enumerate(names):
        said = known.get(name, Known())
        values = ", ".join(quote(value) for value in said.values) if said.type != "number" else ""
        allowed = text(values) if values else None
        columns.append(Input(text(f"x{number}"), said.type, name, allowed, nowhere))
    rules = tuple(
        Rule("", tuple(text(row.get(name, "-"), n) for name in names), (text(str(n), n),), (), at)
        for n, row in enumerate(rows, 1)
        for at in [Position(n, 1)]
    )
    outputs = (Output("way", "", "", None, None, nowhere),)
    table = DecisionTable("t", policy, "", tuple(columns), outputs, rules, (), "", nowhere)
    inputs = tuple(
        InputData(f"x{n}", f"x{n}", Variable(f"x{n}", column.type, nowhere), nowhere)
        for n, column in enumerate(columns)
    )
    needs = tuple(("conditions", one.id) for one in inputs)
    variable = Variable("d", "", nowhere)
    decision = Decision("d", "d", variable, "", "", needs, (), table, nowhere)
    return Decisions("c", "c", "conditions", "", "", (), (), inputs, (decision,), (), ())


def _call(graph: Graph, flow: GraphFlow) -> str:
    drawn = next((one.name for one in graph.process.flows if one.id == flow.id), "")
    source = graph.label(flow.source)
    return f"The flow “{drawn or flow.id}” from “{source}”"


def _say(graph: Graph, flow: GraphFlow, rule: str, words: str, advice: str) -> Problem:
    drawn = next(one for one in graph.process.flows if one.id == flow.id)
    at = drawn.condition.position if drawn.condition is not None else drawn.position
    return _problem(rule, words, advice, at, flow.id)


def _problem(rule: str, words: str, advice: str, at: Position, element: str) -> Problem:
    return Problem(
        severity="warning",
        rule=rule,
        message=f"{words}.",
        position=at,
        element=element,
        advice=advice,
    )
