"""A rule row is discussed and changed; a running case shows why it went where it went."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import FilePayload

from tests.browser.conftest import COLLEAGUE
from tests.browser.test_invoice import fits, watermark_is_free

Open = Callable[..., Any]
DRAWINGS = Path(__file__).parents[1] / "drawings"
TABLE = (DRAWINGS / "purchase-limit.dmn").read_bytes()
PHONE, DESK = 390, 1280


def add(page: Any, name: str, data: bytes) -> None:
    """Upload a file."""
    page.goto("/processes/deploy")
    file: FilePayload = {"name": name, "mimeType": "application/xml", "buffer": data}
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Add", exact=True).click()
    page.locator("#flash .flash").wait_for()


def buy(page: Any, amount: int, supplier: str) -> None:
    """Start a case and open its page."""
    page.goto("/processes/buying")
    page.get_by_label("Amount").fill(str(amount))
    page.get_by_label("Supplier").fill(supplier)
    page.locator(".ask.able").get_by_role("button").first.click()
    page.wait_for_url("**/cases/*")


def test_a_rule_is_changed_and_a_case_shows_why(
    open_page: Open, accessible: Callable[[Any], None]
) -> None:
    page = open_page(DESK)
    add(page, "purchase-limit.dmn", TABLE)
    add(page, "buying.bpmn", (DRAWINGS / "buying.bpmn").read_bytes())
    buy(page, 4500, "new")
    page.get_by_text("decided: way nobody — row 1: amount under 5,000").wait_for()

    # Its row is talked about: opened by keyboard from the table, said, and told to who is asked.
    page.goto("/decisions/purchase-limit")
    page.locator("#row-1 .talks a").focus()
    page.keyboard.press("Enter")
    page.locator("#talk").get_by_placeholder("Write about this row").wait_for()
    page.locator("#talk textarea").first.fill("@colleague 5,000 is too much: 4,000?")
    colleague = open_page(DESK, who=COLLEAGUE)
    colleague.goto("/decisions/purchase-limit/rows/small")
    page.locator("#talk").get_by_role("button", name="Comment").click()
    page.get_by_text("Added. Told: Colleague.").wait_for()
    page.locator("#row-1 .talks a", has_text="1").wait_for()
    colleague.locator("#talk .said", has_text="4,000?").wait_for()  # without loading it again
    colleague.locator("#talk textarea").first.fill("Yes, do.")
    colleague.locator("#talk").get_by_role("button", name="Comment").click()
    page.locator("#talk .said", has_text="Yes, do.").wait_for()
    accessible(page)

    add(page, "purchase-limit.dmn", TABLE.replace(b"5000", b"4000"))
    page.get_by_text("row 1 changed: amount").wait_for()
    buy(page, 4500, "new")
    why = "decided: way board — row 3: amount at least 4,000 and supplier is new (version 2)"
    page.get_by_text(why).wait_for()
    page.get_by_text("Ask the board").locator("visible=true").first.wait_for()
    page.get_by_role("link", name="the rule").click()  # from the case to the row that decided
    page.wait_for_url("**/decisions/purchase-limit/rows/new")
    page.get_by_text("Version 2 changed this row: amount >= 5000 → >= 4000.").wait_for()
    page.locator("#row-1 .talks a", has_text="2").click()
    page.locator("#talk div.event", has_text="amount < 5000 → < 4000").wait_for()

    page.goto("/decisions/purchase-limit")
    assert page.locator("#row-3 td").last.inner_text() == "1 time"
    assert page.locator("#row-1 td").last.inner_text() == "never"
    page.get_by_label("amount").fill("30000")
    page.get_by_label("supplier").fill("known")
    page.get_by_role("button", name="Decide").click()
    page.locator("#row-4.now").wait_for()
    accessible(page)


def test_the_table_is_drawn_and_reads_on_a_phone(open_page: Open) -> None:
    page = open_page(DESK)
    add(page, "purchase-limit.dmn", TABLE)
    page.get_by_text("As in the editor").click()
    page.locator(".dmn[data-state=shown]").wait_for()
    page.locator(".dmn .tjs-table", has_text="supplier").wait_for()
    watermark_is_free(page)
    small = open_page(PHONE)
    small.goto("/decisions/purchase-limit")
    fits(small, PHONE)
