"""The names of the decision library are kept."""

from genba import decisions
from genba.notation import dmn


def test_the_public_names_are_these() -> None:
    assert sorted(decisions.__all__) == [
        "Decided",
        "DecisionWarning",
        "InputInfo",
        "MatchedRule",
        "Model",
        "Unknown",
        "check_decisions",
        "compile_decisions",
        "decide",
        "imply_inputs",
        "inputs_of",
    ]
    assert {"read_dmn", "read_dmn_document", "is_dmn", "Definitions", "Import"} <= set(dmn.__all__)
    for module in (decisions, dmn):
        assert all(hasattr(module, name) for name in module.__all__)
