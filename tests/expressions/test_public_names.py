"""The names other layers may use. Changing this list is changing the contract."""

from genba import expressions


def test_public_names() -> None:
    assert sorted(expressions.__all__) == [
        "Budget",
        "Compiled",
        "DEFAULT",
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
    assert all(hasattr(expressions, name) for name in expressions.__all__)
