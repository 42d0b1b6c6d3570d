"""A step is left out from the card: read before, done with at most two interactions more."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.browser.conftest import Site
from tests.serving import genba

DRAWING = Path(__file__).parents[1] / "drawings" / "purchase.bpmn"
DOING = 1  # interactions it takes to do the step itself: press Done


def test_a_step_is_left_out_in_three_interactions(
    site: Site, open_page: Callable[..., Any]
) -> None:
    genba(site.server.home, "deploy", str(DRAWING))
    page = open_page(1280)
    page.goto("/processes/purchase")
    page.get_by_label("What is needed").fill("1 chair")
    page.get_by_label("Amount in euros").fill("90")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/cases/*")
    ask = page.locator(".ask.able", has_text="Check the request")
    interactions = 0

    ask.locator("summary", has_text="Leave out").click()
    interactions += 1
    form = ask.locator("form[data-act='task.skip']")
    form.locator(".effects li", has_text="Left out: “Check the request”.").wait_for()
    form.get_by_label("Why").fill("known supplier")
    interactions += 1
    form.locator(".buttons button").click()
    interactions += 1

    page.locator(".ask.able .title", has_text="Supplier known?").wait_for()
    page.locator("div.event", has_text="left out “Check the request”: known supplier").wait_for()
    assert interactions - DOING <= 2
