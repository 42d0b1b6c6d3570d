"""What is typed is kept while one types: after a reload, on another device, in both languages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import COLLEAGUE, Site
from tests.serving import genba

Open = Callable[..., Any]
DRAWING = Path(__file__).parents[1] / "drawings" / "purchase.bpmn"
SAID = {"English": "You began this, on", "Français": "Vous avez commencé ceci le"}


def speak(page: Any, language: str) -> None:
    """Read pages in this language; only the other one is offered."""
    button = page.get_by_role("button", name=language)
    if button.count():
        button.click()
        button.wait_for(state="detached")


def begin(site: Site, page: Any) -> str:
    """A case to write on; its address."""
    genba(site.server.home, "deploy", str(DRAWING))
    page.goto("/processes/purchase")
    page.locator("input[name=title]").fill("3 laptops")
    page.locator("input[name=amount]").fill("5940")
    page.locator("form[data-act='process.start'] button.can").first.click()
    page.wait_for_url("**/cases/*")
    return str(page.url)


def saved(page: Any, write: Callable[[], None]) -> None:
    """Write, and wait until it is kept."""
    with page.expect_response(lambda one: "/drafts/" in one.url) as answer:
        write()
    assert answer.value.status == 204


@pytest.mark.parametrize("language", SAID)
def test_what_is_typed_is_there_after_a_reload_and_elsewhere(
    language: str, site: Site, open_page: Open, accessible: Callable[[Any], None]
) -> None:
    page = open_page(1280)
    speak(page, language)
    url = begin(site, page)
    saved(page, lambda: page.locator("#comment").fill("The blue ones are"))
    page.reload()
    assert page.locator("#comment").input_value() == "The blue ones are"
    assert page.locator(".begun").first.inner_text().startswith(SAID[language])
    accessible(page)
    phone = open_page(390)
    phone.goto(url)
    assert phone.locator("#comment").input_value() == "The blue ones are"

    # Sent: gone here and there, and the next words begin with nothing.
    page.locator("#comment").press("Control+Enter")
    page.locator(".story .talk", has_text="The blue ones are").wait_for()
    page.wait_for_function("document.querySelector('#comment')?.value === ''")
    assert not page.locator(".begun").count()
    phone.reload()
    assert phone.locator("#comment").input_value() == ""
    speak(page, "English")


def test_words_survive_a_page_that_refreshes_itself_and_can_be_forgotten(
    site: Site, open_page: Open
) -> None:
    mine, theirs = open_page(1280), open_page(1280, who=COLLEAGUE)
    url = begin(site, mine)
    theirs.goto(url)
    saved(mine, lambda: mine.locator("#comment").fill("one"))
    mine.locator("#comment").fill("one two")  # not kept yet, and no longer in focus
    mine.locator("#find").focus()
    theirs.locator("#comment").fill("from elsewhere")
    theirs.locator("#comment").press("Control+Enter")
    mine.locator(".story .talk", has_text="from elsewhere").wait_for()
    assert mine.locator("#comment").input_value() == "one two"
    mine.reload()
    mine.locator(".begun button").first.click()
    mine.wait_for_function("document.querySelector('#comment')?.value === ''")
    assert not mine.locator(".begun").count()
