"""The facts of a case: what it knows, under the titles its forms give.

Rules of this file: reads data, changes none. Order: the fields of the forms as drawn, then the
rest. Nested and empty values are left out; what a decision left behind is shown under the name
of its step.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext

from genba.acts.card import Fact, JsonSchema
from genba.cases.forms import look_up, step_form
from genba.cases.wording import VALUES, value_in_words
from genba.engine.graph import Graph
from genba.engine.values import DECIDED

MOST = 12  # facts on a card
_BESIDE = frozenset({"decision", "condition", "reason"})  # said in the conversation


def facts_of(graph: Graph, data: dict[str, Any]) -> tuple[Fact, ...]:
    """What helps decide, most telling first, at most a dozen."""
    fields = field_rules(graph)
    lines = [*_drawn(fields, data), *_decisions(graph, data), *_others(graph, fields, data)]
    return tuple(lines[:MOST])


def field_rules(graph: Graph) -> dict[str, JsonSchema]:
    """Every field of every form of a process, by name, in drawing order."""
    rules: dict[str, JsonSchema] = {}
    for node in graph.process.nodes:
        if node.form is not None:
            for name, rule in step_form(node.form).schema["properties"].items():
                rules.setdefault(name, rule)
    return rules


def _drawn(fields: dict[str, JsonSchema], data: dict[str, Any]) -> Iterator[Fact]:
    for name, rule in fields.items():
        yield from _fact(str(rule.get("title", name)), look_up(name, data), rule)


def _decisions(graph: Graph, data: dict[str, Any]) -> Iterator[Fact]:
    for node in graph.process.nodes:
        decided = data.get(f"{node.id}{DECIDED}")
        if isinstance(decided, str) and decided in VALUES:
            yield Fact(graph.label(node.id), gettext(VALUES[decided]))


def _others(graph: Graph, fields: dict[str, JsonSchema], data: dict[str, Any]) -> Iterator[Fact]:
    decided = {f"{node.id}{DECIDED}" for node in graph.process.nodes}
    for name, value in data.items():
        if name not in fields and name not in decided and name not in _BESIDE:
            yield from _fact(name, value, None)


def _fact(label: str, value: Any, rule: JsonSchema | None) -> Iterator[Fact]:
    words = value_in_words(value, rule) if value is not None else ""
    if not words:
        return
    if isinstance(value, bool | str | list):
        is_date = (rule or {}).get("format") in ("date", "date-time")
        yield Fact(label, words, "date" if is_date else "text")
    else:
        yield Fact(label, words, "number")
