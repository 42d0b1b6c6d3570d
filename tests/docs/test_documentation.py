"""The documentation names every command, option, setting and act; the public names are pinned."""

import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest

from genba.cli.main import COMMANDS, PERSON_COMMANDS

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
ALL_COMMANDS = {
    **COMMANDS,
    **{f"person {name}": row for name, row in PERSON_COMMANDS.items()},
}


def section(text: str, title: str) -> str:
    """The part of a page below a heading."""
    parts = re.split(r"^## ", text, flags=re.MULTILINE)
    return next((part for part in parts if part.splitlines()[0].strip() == title), "")


@pytest.mark.parametrize("name", ALL_COMMANDS)
def test_a_command_is_documented_with_its_options(name: str) -> None:
    target, summary = ALL_COMMANDS[name]
    module, _, function = target.partition(":")
    command = getattr(import_module(module), function)
    written = section((REFERENCE / "commands.md").read_text(), f"genba {name}")
    assert written, f"docs/reference/commands.md has no section 'genba {name}'"
    docstring = inspect.getdoc(command) or ""
    assert docstring.splitlines()[0] == summary
    for parameter in inspect.signature(command).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY:
            assert f"--{parameter.name.rstrip('_')}" in written
        else:
            assert parameter.name.upper().removesuffix("S")[:4] in written.upper()


def test_every_setting_is_documented() -> None:
    sources = (ROOT / "src").rglob("*.py")
    read = {
        name
        for path in sources
        for name in re.findall(r"""["'](GENBA_[A-Z_]+)["']""", path.read_text())
    }
    written = set(re.findall(r"`(GENBA_[A-Z_]+)`", (REFERENCE / "settings.md").read_text()))
    assert read
    assert read - written == set()
    assert written - read - {"GENBA_SHARED_DATA"} == set()


def test_make_targets_are_the_promised_ones() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z]+):.*## ", makefile, flags=re.MULTILINE))
    assert targets >= {"help", "env", "run", "test", "check", "fix", "bench", "drawings"}
