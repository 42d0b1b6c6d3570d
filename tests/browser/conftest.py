"""A real browser on a real server. Reported as *not run* where there is no Chromium."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct, field

from tests.serving import Served, add_person, served

ROOT = Path(__file__).parents[2]
CHROMIUM = Path(os.environ.get("GENBA_CHROMIUM", "/usr/bin/chromium"))
CLERK, COLLEAGUE = "clerk@example.org", "colleague@example.org"
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
SHARED = Path(os.environ.get("GENBA_SHARED_DATA") or ROOT.parent / "shared" / "data")
INVOICE = SHARED / "bpmn" / "miwg-reference" / "C.1.0.bpmn"
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
]
PURCHASE = ("Staff", "Buying")
TEAMS = ("Team-Assistant", "Team Assistant", "Approver", "Accountant")
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


class Complaints(Struct):
    """What a browser complained of while a test ran."""

    said: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser itself."""
    if not CHROMIUM.exists():
        pytest.skip(f"not run: there is no Chromium at {CHROMIUM} (GENBA_CHROMIUM names another)")
    if not INVOICE.exists():
        pytest.skip(f"not run: {INVOICE} is missing (GENBA_SHARED_DATA names its folder)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


class Site(Struct):
    """A running server and who may sign in: address -> password."""

    server: Served
    passwords: dict[str, str]


@pytest.fixture(scope="session")
def site(chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with a clerk in every team of the drawings, and a colleague."""
    home = tmp_path_factory.mktemp("site") / "var"
    passwords = {
        CLERK: add_person(home, CLERK, "Clerk", *TEAMS, *PURCHASE),
        COLLEAGUE: add_person(home, COLLEAGUE, "Colleague", "Approver", "Buying"),
    }
    with served(home) as server:
        yield Site(server, passwords)
        code, _seconds, complaints = server.stop()
    assert (code, complaints) == (0, "")


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Collects errors of the console, of scripts and of the policy; there must be none."""
    collected = Complaints()
    yield collected
    assert collected.said == []


@pytest.fixture
def open_page(chromium: Any, site: Site, complaints: Complaints) -> Iterator[Callable[..., Any]]:
    """`open_page(width)`: a page of that width, signed in as the clerk or `who`."""
    contexts: list[Any] = []

    def opened(width: int, height: int = 820, *, who: str = CLERK, **options: Any) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, base_url=site.server.address, **options
        )
        contexts.append(context)
        context.add_init_script(WATCH)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.said.append(str(error)))
        page.on("console", lambda said: note(complaints, said))
        page.goto("/account/login/")
        page.get_by_label("Mail address").fill(who)
        page.get_by_label("Password", exact=True).fill(site.passwords[who])
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/")
        return page

    yield opened
    for context in contexts:
        for page in context.pages:
            complaints.said.extend(page.evaluate("window.violations"))
        context.close()


def note(complaints: Complaints, said: Any) -> None:
    """Keep errors and warnings of the console."""
    if said.type in ("error", "warning"):
        complaints.said.append(said.text)


@pytest.fixture
def accessible() -> Callable[[Any], None]:
    """Checks a page with axe: nothing serious or critical."""
    if not AXE.exists():
        pytest.skip("not run: axe-core is not installed (make env builds the front end)")
    source = AXE.read_text()

    def check(page: Any) -> None:
        page.evaluate(source)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        serious = [
            (one["id"], [node["html"] for node in one["nodes"]])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        assert serious == []

    return check
