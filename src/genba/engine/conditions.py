"""Which text in a drawing is an expression this engine runs, and which is only said to people.

Rules of this file: text that is FEEL by declaration (a FEEL language, a leading "=") or plain
`${...}` of older tools is compiled. Text of no declared language is compiled only where it is
clearly a formula. Everything else is words: never guessed at, always shown.
"""

import re
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from genba.engine.graph import Datum, Value
from genba.expressions import Compiled, compile_expression, translate_juel
from genba.notation.model import Expression
from genba.notation.vocabulary import CAMUNDA, DATA, ZEEBE

_COMPARISON = re.compile(r"(?<![<>=!])(=|!=|<=|>=|<|>)(?!=)")
_CALL = re.compile(r"\b[A-Za-z][\w ]*\([^)]*\)\s*$|\bnot\s*\(")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_LITERAL = ("true", "false")
_JUEL = re.compile(r"[$#]\{")


def is_foreign(text: str, language: str) -> bool:
    """Whether the text is declared in a language this engine does not run."""
    return bool(language) and "feel" not in language.lower() and not text.startswith("=")


def read_expression(expression: Expression | None, names: Collection[str]) -> Compiled | None:
    """An expression where the drawing leaves no doubt that one is meant (mapping, collection)."""
    if expression is None:
        return None
    text = expression.text.strip()
    if _JUEL.search(text):
        return _juel(text, names)
    if not text or is_foreign(text, expression.language):
        return None
    return _feel(text.removeprefix("="), names)


def read_key(paths: tuple[Expression, ...], names: Collection[str]) -> Compiled | None:
    """A correlation key: the value of its one property, or the list of all."""
    if len(paths) == 1:
        return read_expression(paths[0], names)
    if not paths or any(is_foreign(path.text, path.language) for path in paths):
        return None
    listed = ", ".join(path.text.strip().removeprefix("=") for path in paths)
    return _feel(f"[{listed}]", names)


def read_condition(expression: Expression | None, names: Collection[str]) -> Compiled | None:
    """A condition that can be run; None where a person has to read it."""
    if expression is None:
        return None
    text = expression.text.strip()
    declared = text.startswith("=") or "feel" in expression.language.lower()
    if declared or _JUEL.search(text):
        return read_expression(expression, names)
    if expression.language or not is_formula(text, names):
        return None
    return _feel(text, names)


def read_source(source: Expression | None, names: Collection[str]) -> Value | None:
    """Where a mapping, collection or number takes its value; None where that cannot be run."""
    if source is None:
        return None
    if source.language == DATA:
        return Datum(source.text)
    if source.language in (ZEEBE, CAMUNDA):
        return read_value(source.text, names)
    text = source.text.strip()
    if text.isdigit():
        return _feel(text, names)
    return read_expression(source, names)


def is_formula(text: str, names: Collection[str] = ()) -> bool:
    """Whether text of no declared language can only be meant as a formula.

    A comparison, a call, a literal true or false; a bare name only if the drawing has such data.
    """
    bare = _STRING.sub('""', text.strip())
    if bare.lower() in _LITERAL:
        return bare in _LITERAL
    return bool(_COMPARISON.search(bare) or _CALL.search(bare)) or text.strip() in names


def read_value(text: str | None, names: Collection[str]) -> Value | None:
    """An attribute that may be literal or an expression (`=…`, `${…}`); None if unreadable."""
    if text is None or not text.strip():
        return None
    if _JUEL.search(text):
        return _juel(text, names)
    if text.lstrip().startswith("="):
        return _feel(text.lstrip()[1:], names)
    return text.strip()


def _feel(text: str, names: Collection[str]) -> Compiled | None:
    compiled = compile_expression(text, names)
    return compiled if isinstance(compiled, Compiled) else None


def _juel(text: str, names: Collection[str]) -> Compiled | None:
    translated = translate_juel(text)
    return _feel(translated, names) if isinstance(translated, str) else None


def count(value: Any) -> int | None:
    """A whole number of times, or None where the value is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return max(0, value)
    if isinstance(value, (Decimal, float)) and value == int(value):
        return max(0, int(value))
    if isinstance(value, str) and value.strip().isdigit():
        return int(value)
    return None
