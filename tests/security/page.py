"""The reference page of the security properties, written from their tables.

python -m tests.security.page
"""

from tests.security.marked import TESTS, marked
from tests.security.mutants import MUTANTS
from tests.security.properties import NOT_BUILT, PROPERTIES
from tests.security.upholding import UPHOLDING

PAGE = TESTS.parent / "docs" / "reference" / "security.md"

HEAD = """\
# What must never happen

The security properties, by the names their tests are marked with. `pytest -m security` runs those
tests. `make mutants` plants one small fault after another into a copy of the code, each of which
breaks a property, and runs that property's tests: every fault must be caught.

This page is written from the tests' own tables (`python -m tests.security.page`); a test fails
when it is not current.
"""


def page() -> str:
    """The whole page."""
    tests = marked()
    return HEAD + "".join(_section(name, tests.get(name, [])) for name in PROPERTIES)


def _section(name: str, tests: list[str]) -> str:
    lines = [f"\n## {name}", "", PROPERTIES[name], ""]
    if name in NOT_BUILT:
        return "\n".join([*lines, f"Not built: {NOT_BUILT[name]}", ""])
    upheld = UPHOLDING[name]
    lines += [upheld.how, ""]
    if upheld.open:
        lines += [f"Still open: {upheld.open}", ""]
    lines += ["- Code: " + ", ".join(f"`{path}`" for path in upheld.code)]
    lines += [f"- Fault that is caught: {one.wrong}" for one in MUTANTS if one.property == name]
    lines += [f"- Test: `{test}`" for test in tests]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    PAGE.write_text(page())
