"""Closures of function definitions and calls (DMN 1.5, 10.3.2.11 and 10.3.2.13)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from genba.expressions import syntax
from genba.expressions.frames import MISSING, Closure, Frame, find
from genba.expressions.library import BUILTINS, call_builtin, function_value
from genba.expressions.outcome import Fault, Run
from genba.expressions.types import Types, convert, known
from genba.expressions.values import Function, Value, type_name

if TYPE_CHECKING:
    from genba.expressions.compiler import Compiler


def compile_lambda(compiler: "Compiler", node: syntax.Lambda) -> Closure:
    """A function value; it keeps the frame it was made in."""
    with compiler.binding(frozenset(node.parameters)):
        body, weight = compiler.weighed(node.body)
    parameters, types = node.parameters, node.types
    model = compiler.types

    def define(frame: Frame) -> Function:
        def call(run: Run, *arguments: Value) -> Value:
            if len(arguments) != len(parameters):
                raise Fault(f"this function takes {len(parameters)} arguments")
            names = dict(zip(parameters, _converted(run, types, arguments, model), strict=True))
            run.enter()
            run.spend(weight + 1)
            try:
                return body(Frame(names, frame, run))
            finally:
                run.leave()

        return Function("", parameters, call, types)

    return define


def _converted(
    run: Run,
    types: tuple[syntax.TypeRef | None, ...],
    arguments: Sequence[Value],
    model: Types,
) -> list[Value]:
    made = []
    for type_, argument in zip(types, arguments, strict=True):
        if type_ is None or not known(type_, model):
            made.append(argument)
            continue
        fits, value = convert(argument, type_, run, model)
        if not fits:
            raise Fault(f"a {type_name(argument)} is no {type_.name}")
        made.append(value)
    return made


def compile_call(compiler: "Compiler", node: syntax.Call) -> Closure:
    """A call: of a built-in found now, or of whatever function the expression gives then."""
    arguments = tuple(compiler.compile(argument) for argument in node.arguments)
    if isinstance(node.function, syntax.Name) and compiler.is_builtin(node.function.name):
        return _builtin_call(node, node.function.name, arguments)
    function = _callee(compiler, node.function)
    names, at = node.names, node.at

    def apply(frame: Frame) -> Value:
        target = function(frame)
        if type(target) is not Function:
            return frame.run.warn(f"a {type_name(target)} cannot be called", at)
        values = [argument(frame) for argument in arguments]
        try:
            if names:
                values = _by_name(target, names, values)
            return target.call(frame.run, *values)
        except Fault as fault:
            return frame.run.warn(fault.message, at)

    return apply


def _callee(compiler: "Compiler", node: syntax.Node) -> Closure:
    """The closure of the function part; a variable that is no function does not hide a built-in."""
    closure = compiler.compile(node)
    if not isinstance(node, syntax.Name) or node.name not in BUILTINS:
        return closure
    name = node.name

    def resolve(frame: Frame) -> Any:
        value = find(frame, name)
        if value is MISSING or type(value) is not Function:
            return function_value(name)
        return value

    return resolve


def _by_name(target: Function, names: tuple[str, ...], values: list[Value]) -> list[Value]:
    given = dict(zip(names, values, strict=True))
    if target.bind is not None:
        bound = target.bind(given)
        if bound is None:
            raise Fault(f"{target.name!r} has no parameters {', '.join(names)}")
        return list(bound)
    if len(given) != len(names) or set(given) != set(target.parameters):
        raise Fault(f"the parameters are {', '.join(target.parameters) or 'none'}")
    return [given[name] for name in target.parameters]


def _builtin_call(node: syntax.Call, name: str, arguments: tuple[Closure, ...]) -> Closure:
    names, at = node.names, node.at
    rows = BUILTINS[name]

    def by_position(frame: Frame) -> Value:
        try:
            return call_builtin(frame.run, rows, [argument(frame) for argument in arguments])
        except Fault as fault:
            return frame.run.warn(f"{name}: {fault.message}", at)

    def by_name(frame: Frame) -> Value:
        values = {key: closure(frame) for key, closure in zip(names, arguments, strict=True)}
        try:
            return call_builtin(frame.run, rows, values)
        except Fault as fault:
            return frame.run.warn(f"{name}: {fault.message}", at)

    return by_name if names else by_position
