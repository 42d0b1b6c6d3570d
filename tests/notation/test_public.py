"""The names other layers may use, and what they cost."""

import subprocess
import sys

import genba.notation

PUBLIC = [
    "Comment",
    "Definitions",
    "Document",
    "Element",
    "Instruction",
    "Limits",
    "Position",
    "Problem",
    "check_notation",
    "describe",
    "parse_document",
    "read_bpmn",
    "read_definitions",
    "write_bpmn",
]


def test_public_names_are_pinned() -> None:
    assert sorted(genba.notation.__all__) == sorted(PUBLIC)
    for name in PUBLIC:
        assert getattr(genba.notation, name).__doc__


def test_only_msgspec_is_needed() -> None:
    code = (
        "import sys, genba.notation\n"
        "tops = {name.partition('.')[0] for name in sys.modules}\n"
        "print(sorted(tops - set(sys.stdlib_module_names)))"
    )
    ran = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True)
    names = {name for name in eval(ran.stdout) if not name.startswith("_")}
    assert {"genba", "msgspec"} <= names
    assert not names & {"django", "lxml", "genba.engine"}
