"""Open cases are moved to another version: seen beforehand on a page, done, told on the case."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Site
from tests.browser.test_invoice import fits
from tests.cases.test_migrating import drawing
from tests.serving import genba

Open = Callable[..., Any]
PHONE, DESK = 390, 1280


def start(page: Any) -> str:
    """Start a case; the address of its page."""
    page.goto("/processes/order")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/cases/*")
    return str(page.url)


@pytest.fixture
def orders(site: Site, open_page: Open, tmp_path: Path) -> tuple[str, str]:
    """Two open cases of version 1, at a step of version 2 and at one that is gone there."""
    genba(site.server.home, "deploy", str(drawn(tmp_path, "check", "pack")))
    page = open_page(DESK)
    waiting, further = start(page), start(page)
    page.locator(".ask.able").get_by_role("button", name="Done", exact=True).click()
    page.locator(".ask.able .title", has_text="Pack").wait_for()
    genba(site.server.home, "deploy", str(drawn(tmp_path, "check", "ship")))
    return waiting, further


def drawn(folder: Path, *tasks: str) -> Path:
    """The file of a drawing."""
    file = folder / "order.bpmn"
    file.write_bytes(drawing(*tasks))
    return file


def test_what_would_happen_is_seen_and_then_done(
    open_page: Open, accessible: Callable[[Any], None], orders: tuple[str, str]
) -> None:
    waiting, further = orders
    page, small = open_page(DESK), open_page(PHONE)
    for one, width in ((page, DESK), (small, PHONE)):
        one.goto("/processes/order")
        one.get_by_role("link", name="See what moving them would do").click()
        one.get_by_text("fine: 1 · needs a choice: 1 · cannot: 0").wait_for()
        one.get_by_text("“Pack” is not in that version.").wait_for()
        fits(one, width)
        accessible(one)

    small.get_by_role("button", name="Move the cases that are fine").click()
    small.get_by_text("Going on in version 2: 1. Need a choice: 1. Cannot: 0.").wait_for()
    page.goto(waiting)
    page.get_by_text("moved the case to version 2").wait_for()

    page.goto(further)
    fold = page.locator("details.fold", has_text="Go on in another version")
    fold.locator("summary").click()
    fold.get_by_role("group", name="“Pack” goes on as").get_by_label("Ship").check()
    fits(page, DESK)
    fold.get_by_role("button", name="Go on in another version").click()
    page.locator(".ask .title", has_text="Ship").wait_for()
