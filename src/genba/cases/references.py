"""Which of what people say a drawing reads.

Rules of this file: a pure question about a compiled process. Words that no expression of the
drawing and no rule of it reads are kept with the conversation only, where they can be erased.
"""

import re
from typing import Any

from msgspec import Struct

from genba.engine.graph import Graph

# What people read of a drawing, and no engine.
_READ_BY_PEOPLE = frozenset({"name", "documentation", "id", "position", "note", "lanes", "label"})


def reads(graph: Graph, name: str) -> bool:
    """Whether an expression, a mapping or a rule of a process may read this of the case's data."""
    if any(name in rule.inputs for rule in graph.rules.values()):
        return True
    word = re.compile(rf"\b{re.escape(name)}\b")
    return _mentions(graph.process, word)


def _mentions(part: Any, word: re.Pattern[str]) -> bool:
    if isinstance(part, str):
        return word.search(part) is not None
    if isinstance(part, Struct):
        fields = (one for one in part.__struct_fields__ if one not in _READ_BY_PEOPLE)
        return any(_mentions(getattr(part, one), word) for one in fields)
    if isinstance(part, dict):
        return any(_mentions(one, word) for one in part.values())
    return isinstance(part, tuple | list) and any(_mentions(one, word) for one in part)


def read_words(graph: Graph, **words: str) -> dict[str, str | None]:
    """Of what was said with a decision, what the drawing reads."""
    return {name: said or None for name, said in words.items() if reads(graph, name)}
