"""What a form, a mail, a terminal or a program gives, read by a flat schema."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given as for_any
from hypothesis import strategies as st

from genba.acts.schemas import flat_schema
from genba.acts.validation import Wrong, check, read_value

TEXT = {"type": "string"}
NUMBER = {"type": "number"}
COLOURS = {
    "type": "string",
    "oneOf": [{"const": "r", "title": "Red"}, {"const": "g", "title": "Green"}],
}


@pytest.mark.parametrize(
    ("rule", "raw", "value"),
    [
        (TEXT, "  hello\r\nthere ", "hello\nthere"),
        (TEXT, 12, "12"),
        (NUMBER, "5 940", 5940),
        (NUMBER, "5,940", 5940),
        (NUMBER, "5,94", Decimal("5.94")),
        (NUMBER, "1,234,567.50", Decimal("1234567.50")),
        (NUMBER, "1.234.567,5", Decimal("1234567.5")),
        (NUMBER, "5940.00", 5940),
        (NUMBER, 0.1, Decimal("0.1")),
        (NUMBER, -3, -3),
        ({"type": "integer"}, "7", 7),
        ({"type": "boolean"}, "on", True),
        ({"type": "boolean"}, "Non", False),
        ({"type": "boolean"}, False, False),
        ({"type": "string", "format": "date"}, "31.3.2026", "2026-03-31"),
        ({"type": "string", "format": "date"}, "2026-03-31", "2026-03-31"),
        ({"type": "string", "format": "date-time"}, "2026-03-31T14:30", "2026-03-31T14:30:00"),
        (COLOURS, "g", "g"),
        (COLOURS, "green", "g"),
        ({"type": "array", "items": COLOURS}, "red, g, red", ["r", "g"]),
        ({"type": "array", "items": COLOURS}, ["r"], ["r"]),
        ({"type": "string", "contentEncoding": "base64"}, "aGk=", b"hi"),
        ({"type": "string", "contentEncoding": "base64"}, b"hi", b"hi"),
    ],
)
def test_values_are_read(rule: dict[str, Any], raw: Any, value: Any) -> None:
    assert read_value(rule, raw) == value


@pytest.mark.parametrize(
    ("rule", "raw"),
    [
        (TEXT, ["a"]),
        ({"type": "array", "items": TEXT}, 5),
        ({"type": "array", "items": TEXT}, {"a": 1}),
        ({**TEXT, "contentEncoding": "base64", "minLength": 1}, b""),
        (TEXT, "a\0b"),
        (NUMBER, "about 5"),
        (NUMBER, "1,2,3"),
        (NUMBER, True),
        (NUMBER, "NaN"),
        (NUMBER, "1e9999"),
        ({"type": "number", "minimum": 0}, "-1"),
        ({"type": "number", "maximum": 5}, 6),
        ({"type": "integer"}, "1.5"),
        ({"type": "boolean"}, "maybe"),
        ({"type": "string", "format": "date"}, "03/04/2026"),
        ({"type": "string", "format": "date"}, "2026-02-30"),
        ({"type": "string", "format": "email"}, "nobody"),
        (COLOURS, "gr"),
        (COLOURS, True),
        ({"type": "array", "items": COLOURS}, ["blue"]),
        ({"type": "string", "maxLength": 3}, "four"),
        ({"type": "string", "minLength": 3}, "ab"),
        ({"type": "string", "pattern": "^[0-9]+$"}, "12a"),
        ({"type": "string", "contentEncoding": "base64"}, "not base64!"),
        ({"type": "string", "contentEncoding": "base64", "maxLength": 1}, b"hi"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(rule: dict[str, Any], raw: Any) -> None:
    with pytest.raises(Wrong) as wrong:
        read_value(rule, raw)
    assert str(wrong.value).endswith(".")


def test_a_reader_of_french_writes_numbers_and_dates_the_french_way() -> None:
    with override("fr"):
        assert read_value(NUMBER, "5,940") == Decimal("5.940")
        assert read_value(NUMBER, "5\u202f940,50") == Decimal("5940.50")
        assert read_value({"type": "string", "format": "date"}, "03/04/2026") == "2026-04-03"


@for_any(st.text(max_size=20), st.sampled_from([TEXT, NUMBER, COLOURS, {"type": "boolean"}]))
def test_what_was_read_reads_the_same_again(raw: str, rule: dict[str, Any]) -> None:
    try:
        value = read_value(rule, raw)
    except Wrong:
        return
    assert read_value(rule, value) == value


def test_a_form_is_read_field_by_field() -> None:
    schema = flat_schema(
        {"need": TEXT, "amount": NUMBER, "why": {**TEXT, "default": "old"}}, ("need", "amount")
    )
    checked = check(schema, {"amount": "many", "other": 1})
    assert set(checked.errors) == {"need", "amount", "other"}
    assert checked.values == {"why": "old"}
    assert check(schema, {"need": "x", "amount": 1, "why": ""}).values["why"] is None


@for_any(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9
    )
)
def test_a_number_written_is_the_number_read(number: Decimal) -> None:
    assert read_value(NUMBER, f"{number:f}") == number
