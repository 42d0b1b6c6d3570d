"""The checks of `make check` find what they are there for."""

from pathlib import Path

import pytest

from checks import budgets, purity, tracked

LOCK = "requirements.lock"
PINNED = "msgspec==1.0 \\\n    --hash=sha256:00ff\n"


@pytest.mark.parametrize(
    ("name", "source", "said"),
    [
        ("src/genba/x.py", '"""Rule."""\n' + "a = 1\n" * 501, "502 lines"),
        ("src/genba/x.py", '"""R."""\ndef f() -> None:\n' + "    a = 1\n" * 60, "61 lines"),
        ("src/genba/x.py", '"""R."""\ndef f(a) -> None: ...\n', "f(a) is not annotated"),
        ("src/genba/x.py", '"""R."""\ndef f(*a) -> None: ...\n', "f(a) is not annotated"),
        ("src/genba/x.py", '"""R."""\nasync def f(): ...\n', "what it returns"),
        ("src/genba/x.py", "a = 1\n", "opens with its rule"),
        ("src/genba/utils.py", '"""R."""\n', "names no concept"),
        ("tests/x.py", "a = 1\n" * 501, "501 lines"),
    ],
)
def test_budgets_are_held(name: str, source: str, said: str) -> None:
    findings = list(budgets.examine_module(name, source))
    assert len(findings) == 1
    assert said in findings[0]


def test_a_module_within_its_budget_is_left_alone() -> None:
    source = '"""R."""\nclass A:\n    def f(self, *, b: int) -> int:\n        return b\n'
    assert list(budgets.examine_module("src/genba/a.py", source)) == []
    assert list(budgets.examine_module("src/genba/__init__.py", "")) == []


@pytest.mark.parametrize(
    "line",
    [
        "import lxml",
        "from django.db import models",
        "a = datetime.now()",
        "a = datetime.datetime.now(UTC)",
        "a = date.today()",
        "open('x')",
    ],
)
def test_a_pure_folder_stays_pure(line: str) -> None:
    assert len(list(purity.examine_module("src/genba/engine/x.py", line + "\n"))) == 1


def test_a_pure_folder_may_compute() -> None:
    source = "import re\nfrom msgspec import Struct\nfrom . import y\nre.compile('x')\nnow()\n"
    assert list(purity.examine_module("src/genba/engine/x.py", source)) == []


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.md", "See https://" + "packages.somewhere.net/simple", "packages.somewhere.net"),
        ("a.py", "# -----BEGIN RSA PRIVATE" + " KEY-----", "private key"),
        (LOCK, PINNED + "django==5.2\n", "django==5.2 has no hash"),
        (LOCK, "--index-url https://mirror.example" + "\n" + PINNED, "names no address"),
        ("frontend/package-lock.json", '{"packages": {"node_modules/a": {}}}', "has no hash"),
        (
            "frontend/package-lock.json",
            '{"packages": {"node_modules/a": {"integrity": "x", "resolved": "y"}}}',
            "names the place",
        ),
        ("frontend/.npmrc", "fund=false\n", "omit-lockfile-registry-resolved"),
        ("uv.lock", "", "made, not written"),
        ("src/genba/web/static/built/app.js", "", "made, not written"),
        ("var/genba.sqlite3", "", "made, not written"),
        ("a.md", "a" * 1_000_001, "larger"),
    ],
)
def test_what_does_not_belong_is_named(tmp_path: Path, name: str, content: str, said: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    findings = list(tracked.examine(tmp_path, [name]))
    assert any(said in finding for finding in findings)


def test_examples_and_name_spaces_may_be_named(tmp_path: Path) -> None:
    addresses = "http://www.omg.org/spec https://genba.example.org/x http://127.0.0.1:8000 "
    (tmp_path / "a.md").write_text(addresses + "http://localhost:1 http://{host}/")
    (tmp_path / LOCK).write_text(PINNED)
    assert list(tracked.examine(tmp_path, ["a.md", LOCK])) == []


def test_a_dependency_that_is_not_locked_is_named() -> None:
    project = '[project]\ndependencies = ["msgspec>=1", "Django_Csp>=4,<5"]\n'
    dev = '[dependency-groups]\ndev = ["ruff"]\n'
    findings = list(tracked.examine_dependencies(project + dev, PINNED))
    assert [finding.split()[1] for finding in findings] == ["django-csp", "ruff"]
