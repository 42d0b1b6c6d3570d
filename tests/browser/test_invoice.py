"""A drawing of another tool becomes work: started, talked about, decided and finished by page."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import INVOICE

Open = Callable[..., Any]
Check = Callable[[Any], None]
PHONE, DESK = 390, 1280


def drawn(page: Any) -> None:
    """Wait until the drawing of the page is shown."""
    page.locator("[data-state=shown]").wait_for()


def marked(page: Any, name: str) -> set[str]:
    """The names of the elements of the drawing that carry a mark."""
    found: list[str] = page.evaluate(
        """(name) => [...document.querySelectorAll(`.djs-element.${name} > .djs-visual`)]
             .map((one) => one.textContent.trim())""",
        name,
    )
    return set(found)


def do(page: Any, label: str) -> None:
    """Press a button of what is asked, and wait for the answer."""
    page.locator(".ask.able").get_by_role("button", name=label, exact=True).first.click()
    page.locator("#flash .flash").wait_for()


def now_asked(page: Any, title: str) -> None:
    """Wait until the page asks for this."""
    page.locator(".ask.able .title", has_text=title).wait_for()


def watermark_is_free(page: Any) -> None:
    """The mark of bpmn.io is visible, and nothing lies over it (its licence asks for that)."""
    mark = page.locator(".bjs-powered-by")
    mark.scroll_into_view_if_needed()
    assert mark.is_visible()
    on_top = mark.evaluate(
        """(mark) => {
          const box = mark.getBoundingClientRect();
          const spots = [[.5, .5], [.1, .1], [.9, .1], [.1, .9], [.9, .9]];
          return spots.every(([x, y]) => mark.contains(
            document.elementFromPoint(box.x + box.width * x, box.y + box.height * y)));
        }"""
    )
    assert on_top
    assert mark.evaluate("(mark) => getComputedStyle(mark).opacity") == "1"


def fits(page: Any, width: int) -> None:
    """Nothing has to be scrolled sideways."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.fixture(scope="module")
def told() -> dict[str, str]:
    """What one step of the story leaves for the next: addresses of pages."""
    return {}


def test_1_the_drawing_is_added_and_runs_as_drawn(open_page: Open, accessible: Check) -> None:
    page = open_page(DESK)
    page.goto("/processes/deploy")
    accessible(page)
    page.get_by_label("File").set_input_files(INVOICE)
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/processes/*")
    drawn(page)
    page.goto("/processes/")
    page.get_by_role("link", name="Team-Assistant").click()
    drawn(page)
    watermark_is_free(page)
    accessible(page)
    assert "line " in page.locator(".problems").inner_text()


def test_2_the_work_of_one_pool_opens_a_case_of_the_other(
    open_page: Open, accessible: Check, told: dict[str, str]
) -> None:
    inbox, page = open_page(DESK), open_page(DESK)
    page.goto("/processes/")
    page.get_by_role("link", name="Team-Assistant").click()
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/cases/*")
    now_asked(page, "Scan Invoice")
    drawn(page)
    assert marked(page, "is-open") == {"Scan Invoice"}
    do(page, "Done")
    now_asked(page, "Archive original")
    page.locator(".djs-element.is-open", has_text="Archive").wait_for()
    assert "Scan Invoice" in marked(page, "is-done")
    assert len(marked(page, "is-taken")) >= 1
    # The list that stood open all the time has learned of the other case by itself.
    link = inbox.locator("[data-row] a.title", has_text="Assign Approver")
    link.wait_for()
    accessible(inbox)
    fits(inbox, DESK)
    told["case"] = re.sub(r"/[^/]+$", "", link.get_attribute("href"))


def test_3_a_comment_with_a_mention_and_a_path(open_page: Open, told: dict[str, str]) -> None:
    page = open_page(DESK)
    page.goto(told["case"])
    drawn(page)
    do(page, "Done")
    now_asked(page, "Approve Invoice")
    words = page.locator("#comment")
    words.fill("Is this ours? @coll")
    words.press("End")
    words.press("e")
    page.get_by_role("option", name="@colleague").wait_for()
    words.press("Enter")
    assert words.input_value() == "Is this ours? @colleague "
    words.press("Control+Enter")
    page.locator(".moments .words", has_text="Is this ours?").wait_for()
    page.locator("#flash", has_text="Colleague").wait_for()
    assert words.input_value() == ""
    do(page, "Done")
    now_asked(page, "Rechnung klären")
    do(page, "Done")
    now_asked(page, "Review successful?")
    assert "the drawing does not say" in page.locator(".ask.able").inner_text()
    do(page, "yes")
    now_asked(page, "Approve Invoice")
    page.locator(".djs-element.is-done", has_text="Rechnung").wait_for()
    page.locator(".djs-element.is-open", has_text="Approve").wait_for()


def test_4_to_the_end_on_a_phone(open_page: Open, accessible: Check, told: dict[str, str]) -> None:
    page = open_page(PHONE, 844)
    accessible(page)
    fits(page, PHONE)
    page.goto(told["case"])
    accessible(page)
    fits(page, PHONE)
    ask = page.locator(".asks").bounding_box()
    assert ask["y"] + ask["height"] == pytest.approx(844, abs=1)
    assert not page.locator(".drawing").is_visible()
    rarer = page.locator(".ask.able .beside > .acts")
    assert not rarer.is_visible()
    page.locator(".ask.able").get_by_text("More ways").click()
    rarer.wait_for()
    page.locator(".ask.able").get_by_text("More ways").click()
    do(page, "Done")
    now_asked(page, "Rechnung klären")
    assert not page.locator(".ask.able .beside > .acts").is_visible()
    page.locator("aside summary", has_text="Where it is").click()
    drawn(page)
    watermark_is_free(page)
    do(page, "Done")
    now_asked(page, "Review successful?")
    do(page, "no")
    page.locator(".state .over", has_text="complete").wait_for()
    page.locator(".djs-element.is-open").first.wait_for(state="detached")
    assert any("Rechnung" in name for name in marked(page, "is-done"))
    accessible(page)


def test_5_everything_by_keyboard_and_in_french(open_page: Open, accessible: Check) -> None:
    page = open_page(DESK)
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    page.locator("[data-row]").first.wait_for()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.matches('[data-row] a.title')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/**")
    page.keyboard.press("c")
    assert page.evaluate("document.activeElement.id") == "comment"
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Français").click()
    page.locator("html[lang=fr]").wait_for()
    accessible(page)
    page.get_by_role("button", name="English").click()
    page.locator("html[lang=en]").wait_for()


def test_6_without_scripts_it_works_too(open_page: Open) -> None:
    page = open_page(DESK, java_script_enabled=False)
    page.goto("/processes/")
    page.get_by_role("link", name="Team-Assistant").click()
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/cases/*")
    do(page, "Done")
    now_asked(page, "Archive original")
