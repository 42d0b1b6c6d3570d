"""Decisions at steps: which one a drawing asks for, and the deployed one that answers.

Rules of this file: immutable data, made once. Which version answers is said by whoever hands a
rule in; nothing is evaluated here.
"""

from msgspec import Struct

from genba.decisions import MatchedRule, Model, inputs_of
from genba.decisions.wording import label
from genba.notation.dmn.model import Decision, DecisionService, DecisionTable, Definitions, Output
from genba.notation.model import Form, FormField, Node, NodeKind

ASK = "ask"
"""The output cell of a row that leaves it to a person."""
LATEST, DEPLOYMENT, VERSION = "latest", "deployment", "version"
_RULED = frozenset({NodeKind.BUSINESS_RULE_TASK, NodeKind.SERVICE_TASK})
_FIELDS = {"number": "number", "boolean": "boolean", "date": "date", "dateTime": "datetime"}


class Asked(Struct, frozen=True):
    """The decision a step names: its key, and which version of it.

    `binding`: the latest, the one of when the drawing was deployed, or the `version` given.
    `mapping`: what of its value is kept, a row of `decision_results.MAPPINGS`, "" for all of it.
    """

    key: str
    binding: str = LATEST
    version: int | None = None
    mapping: str = ""


class Rule(Struct, frozen=True, eq=False, kw_only=True):
    """A deployed decision, ready to be made at a step.

    `inputs` are the names it reads, `result` the name its value is written under when the drawing
    gives none, `form` what a person is asked where the rule leaves it to people.
    """

    model: Model
    name: str
    key: str
    version: int
    inputs: tuple[str, ...]
    result: str
    outputs: tuple[Output, ...] = ()

    def conditions(self, matched: MatchedRule) -> tuple[tuple[str, str], ...]:
        """The label and the text of each cell of a row that says something."""
        for drawn in self.model.tables:
            if (drawn.setting.element, drawn.table.id) == (matched.decision, matched.table):
                labels = (label(column) for column in drawn.table.inputs)
                pairs = zip(labels, matched.conditions, strict=False)
                return tuple((name, text) for name, text in pairs if text)
        return ()

    def form(self, result: str | None) -> Form:
        """The questions whose answers stand for the value of the rule."""
        outputs = self.outputs
        if len(outputs) > 1:
            return Form(fields=tuple(_field(one.name, one) for one in outputs))
        name = result or self.result
        return Form(fields=(_field(name, outputs[0] if outputs else None),))


def asked_at(node: Node) -> Asked | None:
    """The decision a step of a drawing names, if it names one."""
    drawn = node.implementation
    if drawn is None or drawn.decision is None or node.kind not in _RULED:
        return None
    asked = drawn.decision
    mapping = asked.mapping if drawn.result else ""  # the vendor maps into a variable only
    return Asked(drawn.name, asked.binding, asked.version, mapping)


def rule_of(definitions: Definitions, model: Model, key: str, version: int) -> Rule | None:
    """The rule of a decision or service by its id, None when the file has none."""
    logics: tuple[Decision | DecisionService, ...] = (*definitions.decisions, *definitions.services)
    found = next((one for one in logics if one.id == key), None)
    if found is None:
        return None
    box = found.expression if isinstance(found, Decision) else None
    outputs = box.outputs if isinstance(box, DecisionTable) else ()
    named = outputs[0].name if len(outputs) == 1 else ""
    return Rule(
        model=model,
        name=found.name,
        key=key,
        version=version,
        inputs=tuple(one.name for one in inputs_of(model, found.name)),
        result=named or found.variable.name or found.name,
        outputs=outputs,
    )


def _field(name: str, output: Output | None) -> FormField:
    if output is None:
        return FormField(name, name, "string", required=True)
    label = output.label or output.name or name
    words = _words(output)
    if words:
        return FormField(name, label, "enum", required=True, options=tuple((w, w) for w in words))
    return FormField(name, label, _FIELDS.get(output.type, "string"), required=True)


def _words(output: Output) -> tuple[str, ...]:
    """The output values when all of them are texts (8.3.3), `ask` left out."""
    text = output.allowed.text if output.allowed is not None else ""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(len(part) > 1 and part[0] == part[-1] == '"' for part in parts):
        return ()
    return tuple(part[1:-1] for part in parts if part[1:-1] != ASK)
