"""Deciding: a model, a name and inputs to a `Decided` (DMN 1.5, 10.4).

Rules of this file: one account for all of it, so no model and no input exceeds the budget; nothing
an author or a caller writes makes it raise. A decision service sees its own inputs only.
"""

import datetime as python
from collections.abc import Iterable, Mapping

from genba.decisions.model import (
    DecisionNode,
    InputInfo,
    InputNode,
    KnowledgeNode,
    Model,
    Needed,
    ServiceNode,
)
from genba.decisions.order import evaluation_order
from genba.decisions.outcome import NOWHERE, Account, Decided, Place, Unknown, located
from genba.decisions.setting import find_type, fit
from genba.expressions.expression import measure
from genba.expressions.frames import Frame
from genba.expressions.outcome import DEFAULT, Budget, BudgetExceeded, Fault, Run, Zones
from genba.expressions.temporal import DateTime, date_time_from_python
from genba.expressions.types import KNOWN, convert, shape
from genba.expressions.values import Function, Value, to_feel, type_name
from genba.notation.dmn.model import Reference


def decide(
    model: Model,
    name: str,
    inputs: Mapping[str, object],
    *,
    now: DateTime | python.datetime | None = None,
    zones: Zones | None = None,
    budget: Budget = DEFAULT,
) -> Decided | Unknown:
    """Make the decision, or call the decision service, of that name.

    `inputs` are named as the input data (for a service: as its parameters), imported ones also
    with the names of the imports in front (`risk.Score`). What is missing or does not fit its type
    is null with a warning. `now` and `zones` are as for a FEEL expression.
    """
    reference = model.names.get(name)
    if reference is None:
        return Unknown(name, (*model.decisions, *model.services))
    moment = date_time_from_python(now) if isinstance(now, python.datetime) else now
    session = _Session(model, Account(budget, moment, zones), inputs)
    value, exhausted = session.answer(reference)
    run = session.run
    words = dict.fromkeys(run.hits)
    return Decided(
        value=value,
        warnings=tuple(located(one) for one in run.warnings),
        matched=tuple(table.words(row) for table, row in words),
        inputs=session.read,
        values=session.made,
        version=model.version,
        exhausted=exhausted,
    )


def inputs_of(model: Model, name: str) -> tuple[InputInfo, ...]:
    """What a decision or service is to be given, for forms and checks; () for an unknown name."""
    reference = model.names.get(name)
    if reference is None:
        return ()
    node = model.nodes[reference]
    if isinstance(node, ServiceNode):
        return tuple(
            InputInfo(one.name, one.type, _shape(model, one.type), model.allowed.get(one.type, ""))
            for one in node.parameters
        )
    found = (model.nodes[one] for one in evaluation_order(model.nodes, [reference]))
    return tuple(
        InputInfo(one.keys[0], one.type, _shape(model, one.type), model.allowed.get(one.type, ""))
        for one in found
        if isinstance(one, InputNode)
    )


def _shape(model: Model, type_: str) -> str:
    reference = find_type(type_, model.types) if type_ else None
    if reference is None or (reference.name not in KNOWN and reference.name not in model.types):
        return "Any"
    return shape(reference, model.types)


class _Session:
    """One evaluation: its account, what was given and what was made of it."""

    def __init__(self, model: Model, run: Account, inputs: Mapping[str, object]) -> None:
        self.model, self.run, self.inputs = model, run, inputs
        self.read: dict[str, Value] = {}
        self.made: dict[str, Value] = {}

    def answer(self, reference: Reference) -> tuple[Value, str | None]:
        """The value, and what stopped it."""
        try:
            value = self._answer(reference)
            measure(value, self.run)
        except BudgetExceeded as stop:
            return None, stop.reason
        except RecursionError:
            return None, "nested too deeply"
        except ArithmeticError:
            self.run.warn("a number given is not a FEEL number", 0)
            return None, None
        return value, None

    def _answer(self, reference: Reference) -> Value:
        node = self.model.nodes[reference]
        if isinstance(node, ServiceNode):
            return self._serve(node, self._parameters(node))
        values = self.evaluate([reference], {}, top=True)
        return values[reference]

    def _parameters(self, node: ServiceNode) -> dict[Reference, Value]:
        """What was given for the parameters of a service called from outside."""
        given: dict[Reference, Value] = {}
        for parameter in node.parameters:
            value = self._given((parameter.name,), parameter.name)
            if parameter.fit is not None:
                value = fit(
                    self.run, value, parameter.fit, name=parameter.type, types=parameter.types
                )
            given[parameter.reference] = value
            self.read[parameter.name] = value
        return given

    def _given(self, keys: Iterable[str], name: str) -> Value:
        """A value the caller gave, as FEEL."""
        self.run.place = Place(name, "input", "")
        for key in keys:
            if key in self.inputs:
                try:
                    return to_feel(self.inputs[key])
                except (TypeError, ValueError) as error:
                    return self.run.warn(f"{name} cannot be used: {error}", 0)
        return self.run.warn(f"no value was given for {name}", 0)

    def evaluate(
        self,
        targets: Iterable[Reference],
        given: Mapping[Reference, Value],
        *,
        top: bool = False,
    ) -> dict[Reference, Value]:
        """Targets and what they require, in order; `given` stands for itself."""
        values: dict[Reference, Value] = dict(given)
        nodes = self.model.nodes
        for reference in self._order(tuple(targets), given):
            node = nodes[reference]
            self.run.spend(1)
            if isinstance(node, InputNode):
                values[reference] = self._input(node) if top else None
            elif isinstance(node, ServiceNode):
                values[reference] = self._function(node)
            else:
                values[reference] = self._run(node, values)
                if top and isinstance(node, DecisionNode):
                    self.made[node.name] = values[reference]
        return values

    def _order(
        self, targets: tuple[Reference, ...], given: Mapping[Reference, Value]
    ) -> list[Reference]:
        if given or len(targets) != 1:
            return evaluation_order(self.model.nodes, targets, given)
        order = self.model.orders.get(targets[0])
        if order is None:
            order = evaluation_order(self.model.nodes, targets)
            self.model.orders[targets[0]] = order
        return order

    def _input(self, node: InputNode) -> Value:
        value = self._given(node.keys, node.name)
        if node.fit is not None:
            value = fit(self.run, value, node.fit, name=node.type, types=node.types)
        self.read[node.keys[0]] = value
        self.run.place = NOWHERE
        return value

    def _run(self, node: DecisionNode | KnowledgeNode, values: Mapping[Reference, Value]) -> Value:
        scope = _scope(node.needs, values)
        self.run.place = Place(node.name, "", "")
        made = node.closure(Frame(scope, Frame({}, None, self.run), self.run))
        if isinstance(node, KnowledgeNode):
            scope.setdefault(node.name, made)  # A function may call itself.
        return made

    def _serve(self, node: ServiceNode, given: Mapping[Reference, Value]) -> Value:
        """The outputs of a service: one value alone, several as a context (10.4)."""
        values = self.evaluate([reference for _, reference in node.outputs], given)
        made = {name: values.get(reference) for name, reference in node.outputs}
        value = next(iter(made.values())) if len(made) == 1 else made
        if node.fit is None:
            return value
        self.run.place = Place(node.name, "result", "")
        return fit(self.run, value, node.fit, name=node.result, types=node.types)

    def _function(self, node: ServiceNode) -> Function:
        """A service as a function, for the decisions that call it."""

        def call(run: Run, *arguments: Value) -> Value:
            if len(arguments) != len(node.parameters):
                raise Fault(f"{node.name} takes {len(node.parameters)} arguments")
            given = {}
            for parameter, argument in zip(node.parameters, arguments, strict=True):
                value = argument
                if parameter.fit is not None:
                    fits, value = convert(argument, parameter.fit, run, parameter.types)
                    if not fits:
                        raise Fault(f"a {type_name(argument)} is no {parameter.type}")
                given[parameter.reference] = value
            run.enter()
            outer = self.run.place
            try:
                return self._serve(node, given)
            finally:
                self.run.place = outer
                run.leave()

        types = tuple(parameter.fit for parameter in node.parameters)
        names = tuple(parameter.name for parameter in node.parameters)
        return Function(node.name, names, call, types, node.fit)


def _scope(needs: Iterable[Needed], values: Mapping[Reference, Value]) -> dict[str, Value]:
    """The names a decision sees; imported ones in a context named as the import."""
    scope: dict[str, Value] = {}
    for needed in needs:
        holder = scope
        for name in needed.path:
            holder = holder.setdefault(name, {})
        holder[needed.name] = values.get(needed.reference)
    return scope
