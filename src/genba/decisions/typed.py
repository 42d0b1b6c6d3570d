"""Values that somebody typed for an input.

Rules of this file: plain text for strings and dates, FEEL for everything; what is no FEEL stays
text, and the decision says that it does not fit.
"""

from genba.expressions import Compiled, Value, Zones, compile_expression, write_json

TEMPORAL = {
    "date": "date",
    "time": "time",
    "date and time": "date and time",
    "days and time duration": "duration",
    "years and months duration": "duration",
}


def read_typed(text: str, shape: str, zones: Zones | None = None) -> Value:
    """The value of a text for an input of a shape (`InputInfo.shape`)."""
    if shape in TEMPORAL and not text.startswith(("@", "date", "time", "duration")):
        text = f"{TEMPORAL[shape]}({write_json(text).decode()})"
    if shape == "string" and not text.startswith('"'):
        return text
    compiled = compile_expression(text)
    if isinstance(compiled, Compiled):
        evaluation = compiled.evaluate({}, zones=zones)
        if not evaluation.warnings:
            return evaluation.value
    return text
