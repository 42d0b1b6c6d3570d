"""A row of a decision table in the reader's words: why it matched.

Rules of this file: cells are read by `genba.decisions`, the words are ours; a cell that is more
than values and ranges is told as it is written. No store is read here.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext, gettext_noop

from genba.cases.wording import value_in_words
from genba.decisions.cells import Cell, Span, read_cell
from genba.decisions.wording import value_in_words as constant_in_words
from genba.expressions.outcome import SyntaxFault
from genba.expressions.parser import parse_unary_tests
from genba.expressions.temporal import Date, DateTime, Time

DATED = (Date, DateTime, Time)
# (dated, the end is included) -> words for a span with one end
LOW = {
    (False, True): gettext_noop("at least %(value)s"),
    (False, False): gettext_noop("over %(value)s"),
    (True, True): gettext_noop("from %(value)s"),
    (True, False): gettext_noop("after %(value)s"),
}
HIGH = {
    (False, True): gettext_noop("at most %(value)s"),
    (False, False): gettext_noop("under %(value)s"),
    (True, True): gettext_noop("up to %(value)s"),
    (True, False): gettext_noop("before %(value)s"),
}


def row_in_words(number: int, conditions: Sequence[Sequence[str]]) -> str:
    """A row by its number, and the label and text of each of its cells that says something."""
    told = [condition_in_words(name, written) for name, written in conditions]
    words = gettext(" and ").join(one for one in told if one) or gettext("in every case")
    return gettext("row %(number)s: %(words)s") % {"number": number, "words": words}


def condition_in_words(name: str, written: str) -> str:
    """One cell: "amount over 5,000", "supplier is new"; "" where anything is taken."""
    cell = _read(written)
    if cell is None:
        return f"{name}: {written}"
    if cell.takes_all:
        return ""
    told = [_span(span) for span in cell.spans] + ([gettext("missing")] if cell.null else [])
    words = {"name": name, "words": gettext(" or ").join(told)}
    if cell.negated:
        return gettext("%(name)s is not %(words)s") % words
    if len(told) == 1 and cell.spans and not cell.spans[0].is_point:
        return f"{name} {told[0]}"
    return gettext("%(name)s is %(words)s") % words


def _read(written: str) -> Cell | None:
    try:
        return read_cell(parse_unary_tests(written, ()))
    except (SyntaxFault, RecursionError):
        return None


def _span(span: Span) -> str:
    low, high = _value(span.low), _value(span.high)
    dated = span.kind in DATED
    if span.is_point:
        return low
    if span.high is None:
        return gettext(LOW[dated, span.low_included]) % {"value": low}
    if span.low is None:
        return gettext(HIGH[dated, span.high_included]) % {"value": high}
    start = gettext(LOW[dated, span.low_included]) % {"value": low}
    end = gettext(HIGH[dated, span.high_included]) % {"value": high}
    return gettext("%(start)s and %(end)s") % {"start": start, "end": end}


def _value(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return value_in_words(value)
    if isinstance(value, Decimal):
        return number_format(value, use_l10n=True, force_grouping=True)
    if isinstance(value, Date):
        return value_in_words(constant_in_words(value), {"format": "date"})
    return constant_in_words(value)


def outcome_in_words(name: str, value: Any) -> str:
    """What was decided: "discount 10"; the parts of a context one after the other."""
    if isinstance(value, dict):
        return ", ".join(outcome_in_words(part, one) for part, one in value.items())
    return f"{name} {value_in_words(value) or '–'}"
