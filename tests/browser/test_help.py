"""The second identical question shows the note before anybody is asked."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.browser.conftest import COLLEAGUE, Site
from tests.serving import genba

Open = Callable[..., Any]
DRAWING = Path(__file__).parents[1] / "drawings" / "purchase.bpmn"
QUESTION = "The supplier wants a prepayment. May we?"


def start(page: Any, what: str) -> None:
    page.goto("/processes/purchase")
    page.get_by_label("What is needed").fill(what)
    page.get_by_label("Amount in euros").fill("4100")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/cases/*")
    page.locator(".ask.able .title", has_text="Check the request").wait_for()


def unfold(page: Any, label: str) -> None:
    """Open a fold, and the group it stands in."""
    fold = page.locator(".ask.able summary.button", has_text=label).first
    group = page.locator(".ask.able details.several", has=fold).locator("> summary")
    if group.count() and not fold.is_visible():
        group.first.click()
    fold.click()


def test_the_second_question_shows_the_note_before_anyone_is_asked(
    site: Site, open_page: Open, accessible: Callable[[Any], None]
) -> None:
    genba(site.server.home, "deploy", str(DRAWING))
    mine, theirs = open_page(1280), open_page(1280, who=COLLEAGUE)
    start(mine, "a 3D printer")
    assert not mine.locator(".hints").count()
    unfold(mine, "Ask for help")
    form = mine.locator('form[data-act="task.ask"]')
    form.get_by_label("Question").fill(QUESTION)
    form.get_by_label("To").fill("colleague")
    form.get_by_role("button", name="Ask for help").click()
    mine.locator("#flash", has_text="Asked Colleague.").wait_for()

    # Whoever is asked finds it on the first page, answers, and it lands on the case.
    theirs.goto("/")
    theirs.get_by_role("link", name=QUESTION).click()
    theirs.get_by_label("Comment").fill("Yes, below 5,000 with a guarantee.")
    theirs.get_by_role("button", name="Answer").click()
    theirs.locator("#flash", has_text="Answered; Clerk is told.").wait_for()
    accessible(theirs)
    mine.locator(".talk", has_text="with a guarantee").first.wait_for()
    mine.get_by_role("button", name="It helped").click()
    mine.locator("#flash", has_text="Kept as a note on this step").wait_for()

    # The next one reads it before anybody is asked, and says in one tap that it helped.
    start(mine, "a 3D printer")
    hint = mine.locator(".hint-note", has_text=QUESTION)
    hint.get_by_text("Yes, below 5,000 with a guarantee.").wait_for()
    assert "helped in 1 case" in hint.inner_text()
    assert "alike in" in hint.inner_text()
    accessible(mine)
    hint.get_by_role("button", name="This helped").click()
    mine.locator(".hint-note", has_text="helped in 2 cases").wait_for()


def test_time_for_helping_and_how_help_works(
    site: Site, open_page: Open, accessible: Callable[[Any], None]
) -> None:
    genba(site.server.home, "deploy", str(DRAWING))
    page = open_page(390, who=COLLEAGUE)
    page.goto("/me")
    page.locator("summary", has_text="Time for helping").click()
    form = page.locator('form[data-act="person.helping-time"]')
    form.get_by_label("Hours a week").fill("2")
    form.locator(".buttons > button").click()
    page.locator(".facts", has_text="2 hours a week").wait_for()
    page.locator('form[data-act="person.helping-no-limit"] button').click()
    page.locator("#flash", has_text="You can be asked without a limit.").wait_for()
    page.goto("/processes/purchase")
    page.get_by_role("link", name="How help works").click()
    page.get_by_role("heading", name="How help works").wait_for()
    accessible(page)
    page.get_by_role("button", name="Français").click()
    page.get_by_role("heading", name="Comment l’aide fonctionne").wait_for()
    page.get_by_role("button", name="English").click()
    page.get_by_role("heading", name="How help works").wait_for()
