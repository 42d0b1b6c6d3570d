"""String built-ins (10.3.4.3). Positions count characters (code points) from 1, negative ones from
the end.
"""

from decimal import Decimal

from genba.expressions import regex
from genba.expressions.library.arguments import whole
from genba.expressions.library.table import builtin
from genba.expressions.outcome import Fault, Run
from genba.expressions.values import Value, type_name


def _substring(run: Run, text: str, start: Decimal, length: Decimal | None = None) -> str:
    first = whole(start)
    if first == 0:
        raise Fault("the start position is not 0: it counts from 1 or, negative, from the end")
    begin = first - 1 if first > 0 else max(0, len(text) + first)
    if length is None:
        return text[begin:]
    size = whole(length, "a length")
    if size < 1:
        raise Fault("the length is at least 1")
    return text[begin : begin + size]


def _before(run: Run, text: str, match: str) -> str:
    found = text.find(match)
    return text[:found] if found >= 0 else ""


def _after(run: Run, text: str, match: str) -> str:
    found = text.find(match)
    return text[found + len(match) :] if found >= 0 else ""


def _replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    return regex.compile_pattern(pattern, flags or "", run).replace(text, replacement, run)


def _matches(run: Run, text: str, pattern: str, flags: str | None = None) -> bool:
    return regex.compile_pattern(pattern, flags or "", run).search(text, run) is not None


def _split(run: Run, text: str, delimiter: str) -> list[Value]:
    parts: list[Value] = list(regex.compile_pattern(delimiter, "", run).split(text, run))
    run.grow(len(parts))
    return parts


def _join(run: Run, parts: list[Value], delimiter: str | None = None) -> str:
    run.spend(len(parts))
    words = [part for part in parts if part is not None]
    for word in words:
        if not isinstance(word, str):
            raise Fault(f"the list holds a {type_name(word)}, not only strings")
    between = delimiter or ""
    run.write(sum(len(word) for word in words) + len(between) * len(words))
    return between.join(words)


def _upper(run: Run, text: str) -> str:
    run.write(len(text))
    return text.upper()


def _lower(run: Run, text: str) -> str:
    run.write(len(text))
    return text.lower()


def _contains(run: Run, text: str, match: str) -> bool:
    run.write(len(text))
    return match in text


TABLE = (
    builtin("substring", "string: string, start position: number, length?: number", _substring),
    builtin("string length", "string: string", lambda run, text: Decimal(len(text))),
    builtin("upper case", "string: string", _upper),
    builtin("lower case", "string: string", _lower),
    builtin("substring before", "string: string, match: string", _before),
    builtin("substring after", "string: string, match: string", _after),
    builtin(
        "replace",
        "input: string, pattern: string, replacement: string, flags?: string | null",
        _replace,
    ),
    builtin("contains", "string: string, match: string", _contains),
    builtin(
        "starts with", "string: string, match: string", lambda run, text, m: text.startswith(m)
    ),
    builtin("ends with", "string: string, match: string", lambda run, text, m: text.endswith(m)),
    builtin("matches", "input: string, pattern: string, flags?: string | null", _matches),
    builtin("split", "string: string, delimiter: string", _split),
    builtin("string join", "list: list, delimiter?: string | null", _join),
)
