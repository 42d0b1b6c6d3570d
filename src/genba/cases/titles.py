"""What a case is called: computed once when it starts, never changed afterwards.

Rules of this file: pure. The title is the subject of the mail thread, so it must not depend on
the reader's language or on anything that happens later.
"""

from typing import Any

_TELLING = ("title", "subject", "name", "titre", "objet", "sujet", "betreff", "titel")
_LONGEST = 80


def case_title(process_name: str, number: int, data: dict[str, Any]) -> str:
    """Process name, number, and the first fact that says what it is about."""
    plain = f"{process_name} {number}"
    fact = telling_fact(data)
    return f"{plain}: {fact}" if fact else plain


def telling_fact(data: dict[str, Any]) -> str:
    """A field that is a title by its name, else the first short text; "" when there is none."""
    texts = {
        name: " ".join(value.split())
        for name, value in data.items()
        if isinstance(value, str) and value.strip()
    }
    for wanted in _TELLING:
        found = next((text for name, text in texts.items() if name.lower() == wanted), "")
        if found:
            return _shortened(found)
    return next((text for text in texts.values() if len(text) <= _LONGEST), "")


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    return text[:_LONGEST].rsplit(" ", 1)[0] + "…"
