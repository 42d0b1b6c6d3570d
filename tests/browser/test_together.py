"""Two people on one case: what one does appears with the other, and can be taken back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.browser.conftest import COLLEAGUE, Site
from tests.serving import genba

Open = Callable[..., Any]
DRAWING = Path(__file__).parents[1] / "drawings" / "purchase.bpmn"


def test_what_another_did_is_said_where_it_was_asked(site: Site, open_page: Open) -> None:
    genba(site.server.home, "deploy", str(DRAWING))
    mine, theirs = open_page(1280), open_page(1280, who=COLLEAGUE)
    mine.goto("/processes/purchase")
    mine.get_by_label("What is needed").fill("3 laptops")
    mine.get_by_label("Amount in euros").fill("5940.50")
    mine.get_by_role("button", name="Start").click()
    mine.wait_for_url("**/cases/*")
    theirs.goto(mine.url)
    for page in (mine, theirs):
        page.locator(".ask.able .title", has_text="Check the request").wait_for()

    # Taken, and taken back: a reversible act offers to be undone.
    mine.get_by_role("button", name="Take it").click()
    mine.locator("#flash").get_by_role("button", name="Undo").click()
    mine.get_by_role("button", name="Take it").wait_for()

    # Words that are being written survive what happens elsewhere.
    theirs.locator("#comment").fill("I was about to say")
    mine.locator(".ask.able").get_by_role("button", name="Done", exact=True).click()
    mine.locator(".ask.able .title", has_text="Supplier known?").wait_for()
    theirs.locator("#gone", has_text="Clerk").wait_for()
    theirs.locator(".ask .title", has_text="Supplier known?").wait_for()
    assert theirs.locator("#comment").input_value() == "I was about to say"
    assert not mine.locator("#gone p").count()
