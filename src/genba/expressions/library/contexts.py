"""Context built-ins (10.3.4.7)."""

from genba.expressions.library.table import builtin
from genba.expressions.outcome import Fault, Run
from genba.expressions.values import Value, type_name

Context = dict[str, Value]


def _get_value(run: Run, context: Context, key: str | None) -> Value:
    return None if key is None else context.get(key)


def _get_at(run: Run, context: Context, keys: list[Value]) -> Value:
    value: Value = context
    for key in keys:
        if not isinstance(value, dict):
            return None
        value = value.get(key) if isinstance(key, str) else None
    return value


def _get_entries(run: Run, context: Context) -> list[Value]:
    run.grow(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


def _from_entries(run: Run, entries: list[Value]) -> Context:
    run.grow(len(entries))
    made: Context = {}
    for entry in entries:
        if not isinstance(entry, dict) or not {"key", "value"} <= entry.keys():
            raise Fault("each entry is a context with 'key' and 'value'")
        if not isinstance(entry["key"], str):
            raise Fault(f"a key is a string, not a {type_name(entry['key'])}")
        if entry["key"] in made:
            raise Fault(f"the key {entry['key']!r} comes twice")
        made[entry["key"]] = entry["value"]
    return made


def _put(run: Run, context: Context, key: str, value: Value) -> Context:
    run.grow(len(context) + 1)
    return {**context, key: value}


def _put_at(run: Run, context: Context, keys: list[Value], value: Value) -> Context:
    if not keys or not all(isinstance(key, str) for key in keys):
        raise Fault("the keys are a list of strings, one at least")
    run.grow(len(context) + 1)
    first, rest = keys[0], keys[1:]
    if not rest:
        return {**context, first: value}
    inner = context.get(first, {})
    if not isinstance(inner, dict):
        raise Fault(f"the entry {first!r} is no context")
    run.enter()
    made = {**context, first: _put_at(run, inner, rest, value)}
    run.leave()
    return made


def _merge(run: Run, contexts: list[Value]) -> Context:
    made: Context = {}
    for context in contexts:
        if not isinstance(context, dict):
            raise Fault(f"a {type_name(context)} is no context")
        run.grow(len(context))
        made.update(context)
    return made


TABLE = (
    builtin("get value", "m: context, key: string | null", _get_value),
    builtin("get value", "m: context, keys: list", _get_at),
    builtin("get entries", "m: context", _get_entries),
    builtin("context", "entries: list", _from_entries),
    builtin("context put", "context: context, key: string, value: any", _put),
    builtin("context put", "context: context, keys: list, value: any", _put_at),
    builtin("context merge", "contexts: list", _merge),
)
