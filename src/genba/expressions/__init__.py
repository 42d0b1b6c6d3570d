"""FEEL, the expression language of DMN 1.5 (chapter 10), as a library.

Pure: no I/O, clock, randomness or threads; the standard library and msgspec only. Compile once,
evaluate
often. Wrong texts are `Problem` values, errors while evaluating are null plus a warning, and
nothing
exceeds the budget.

    compiled = compile_expression('amount > 1000 and country = "DE"')
    compiled.evaluate({"amount": to_feel(1200), "country": "DE"}).value  # True
"""

from genba.expressions.expression import Compiled, compile_expression, compile_unary_tests
from genba.expressions.juel import translate_juel
from genba.expressions.outcome import DEFAULT, Budget, Evaluation, FeelWarning, Problem, Zones
from genba.expressions.temporal import Date, DateTime, DaysTimeDuration, Time, YearsMonthsDuration
from genba.expressions.values import (
    Function,
    Range,
    Value,
    read_json,
    to_feel,
    to_json,
    type_name,
    write_json,
)

__all__ = [
    "DEFAULT",
    "Budget",
    "Compiled",
    "Date",
    "DateTime",
    "DaysTimeDuration",
    "Evaluation",
    "FeelWarning",
    "Function",
    "Problem",
    "Range",
    "Time",
    "Value",
    "YearsMonthsDuration",
    "Zones",
    "compile_expression",
    "compile_unary_tests",
    "read_json",
    "to_feel",
    "to_json",
    "translate_juel",
    "type_name",
    "write_json",
]
