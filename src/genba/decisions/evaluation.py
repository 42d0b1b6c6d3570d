"""Deciding: a model, a name and inputs to a `Decided` (DMN 1.5, 10.4).

Rules of this file: one account for all of it, so no model and no input exceeds the budget; nothing
an author or a caller writes makes it raise. A decision service sees its own inputs only.
"""

import datetime as python
from collections.abc import Iterable, Mapping

from genba.decisions.direct import short_way
from genba.decisions.model import (
    DecisionNode,
    InputInfo,
    InputNode,
    KnowledgeNode,
    Model,
    Needed,
    ServiceNode,
)
from genba.decisions.order import Instance, evaluation_order
from genba.decisions.outcome import NOWHERE, Account, Decided, Place, Unknown, located
from genba.decisions.setting import find_type, fit
from genba.expressions.expression import measure
from genba.expressions.frames import MISSING, Frame
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
    short = model.short.get(name)
    if short is not None and budget is DEFAULT:
        found = short(inputs)
        if found is not None:
            return found
    reference = model.names.get(name)
    if reference is None:
        return Unknown(name, (*model.decisions, *model.services))
    if name not in model.short:
        model.short[name] = short_way(model, model.nodes[reference])
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
    try:
        order = evaluation_order(model.nodes, [((), reference)])
    except BudgetExceeded:
        return ()
    found = []
    for path, one in order:
        given = model.nodes[one]
        if isinstance(given, InputNode):
            shape_, allowed = _shape(model, given.type), model.allowed.get(given.type, "")
            found.append(InputInfo(".".join((*path, given.name)), given.type, shape_, allowed))
    return tuple(found)


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
            return self._serve(node, (), self._parameters(node))
        values = self.evaluate([((), reference)], {}, top=True)
        return values[(), reference]

    def _parameters(self, node: ServiceNode) -> dict[Instance, Value]:
        """What was given for the parameters of a service called from outside."""
        given: dict[Instance, Value] = {}
        for parameter in node.parameters:
            value = self._given((), parameter.name)
            if parameter.fit is not None:
                value = fit(
                    self.run, value, parameter.fit, name=parameter.type, types=parameter.types
                )
            given[parameter.needed.path, parameter.needed.reference] = value
            self.read[parameter.name] = value
        return given

    def _given(self, path: tuple[str, ...], name: str) -> Value:
        """A value the caller gave, as FEEL: by its name with all, some or none of the imports."""
        self.run.place = Place(name, "input", "")
        for start in range(len(path) + 1):
            found = _look_up(self.inputs, (*path[start:], name))
            if found is not MISSING:
                try:
                    return to_feel(found)
                except (TypeError, ValueError) as error:
                    return self.run.warn(f"{name} cannot be used: {error}", 0)
        return self.run.warn(f"no value was given for {name}", 0)

    def evaluate(
        self,
        targets: Iterable[Instance],
        given: Mapping[Instance, Value],
        *,
        top: bool = False,
    ) -> dict[Instance, Value]:
        """Targets and what they require, in order; `given` stands for itself."""
        values: dict[Instance, Value] = dict(given)
        nodes = self.model.nodes
        for instance in self._order(tuple(targets), given):
            path, reference = instance
            node = nodes[reference]
            self.run.spend(1)
            if isinstance(node, InputNode):
                values[instance] = self._input(node, path) if top else None
            elif isinstance(node, ServiceNode):
                values[instance] = self._function(node, path)
            else:
                values[instance] = self._run(node, path, values)
                if top and isinstance(node, DecisionNode):
                    self.made[".".join((*path, node.name))] = values[instance]
        return values

    def _order(
        self, targets: tuple[Instance, ...], given: Mapping[Instance, Value]
    ) -> list[Instance]:
        if given or len(targets) != 1 or targets[0][0]:
            return evaluation_order(self.model.nodes, targets, given)
        reference = targets[0][1]
        order = self.model.orders.get(reference)
        if order is None:
            order = evaluation_order(self.model.nodes, targets)
            self.model.orders[reference] = order
        return order

    def _input(self, node: InputNode, path: tuple[str, ...]) -> Value:
        value = self._given(path, node.name)
        if node.fit is not None:
            value = fit(self.run, value, node.fit, name=node.type, types=node.types)
        self.read[".".join((*path, node.name))] = value
        self.run.place = NOWHERE
        return value

    def _run(
        self,
        node: DecisionNode | KnowledgeNode,
        path: tuple[str, ...],
        values: Mapping[Instance, Value],
    ) -> Value:
        scope = _scope(node.needs, path, values)
        self.run.place = Place(node.name, "", "")
        made = node.closure(Frame(scope, Frame({}, None, self.run), self.run))
        if isinstance(node, KnowledgeNode):
            scope.setdefault(node.name, made)  # A function may call itself.
        return made

    def _serve(
        self, node: ServiceNode, path: tuple[str, ...], given: Mapping[Instance, Value]
    ) -> Value:
        """The outputs of a service: one value alone, several as a context (10.4)."""
        outputs = [((*path, *one.path), one.reference) for one in node.outputs]
        values = self.evaluate(outputs, given)
        if not path and not self.run.depth:
            self._tell(values, given)
        made = {
            one.name: values.get(output) for one, output in zip(node.outputs, outputs, strict=True)
        }
        value = next(iter(made.values())) if len(made) == 1 else made
        if node.fit is None:
            return value
        self.run.place = Place(node.name, "result", "")
        return fit(self.run, value, node.fit, name=node.result, types=node.types)

    def _tell(self, values: Mapping[Instance, Value], given: Mapping[Instance, Value]) -> None:
        """Keep what a service called from outside decided on the way."""
        for instance, value in values.items():
            node = self.model.nodes[instance[1]]
            if isinstance(node, DecisionNode) and instance not in given:
                self.made[".".join((*instance[0], node.name))] = value

    def _function(self, node: ServiceNode, path: tuple[str, ...]) -> Function:
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
                given[(*path, *parameter.needed.path), parameter.needed.reference] = value
            run.enter()
            outer = self.run.place
            try:
                return self._serve(node, path, given)
            finally:
                self.run.place = outer
                run.leave()

        types = tuple(parameter.fit for parameter in node.parameters)
        names = tuple(parameter.name for parameter in node.parameters)
        return Function(node.name, names, call, types, node.fit)


def _scope(
    needs: Iterable[Needed], path: tuple[str, ...], values: Mapping[Instance, Value]
) -> dict[str, Value]:
    """The names a decision sees; imported ones in a context named as the import."""
    scope: dict[str, Value] = {}
    imported: dict[str, Value] = {}
    for needed in needs:
        holder = imported if needed.path else scope
        for name in needed.path:
            inner = holder.get(name)
            if not isinstance(inner, dict):
                inner = holder[name] = {}
            holder = inner
        holder[needed.name] = values.get(((*path, *needed.path), needed.reference))
    return scope | imported


def _look_up(inputs: Mapping[str, object], names: tuple[str, ...]) -> object:
    """A value by its names joined with points, or as contexts in contexts; MISSING when none."""
    joined = ".".join(names)
    if joined in inputs:
        return inputs[joined]
    value: object = inputs
    for name in names:
        if not isinstance(value, Mapping) or name not in value:
            return MISSING
        value = value[name]
    return value
