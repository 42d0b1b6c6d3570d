"""Talk on parts of a case: the step one presses in the drawing, a file, what answers what."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import COLLEAGUE, INVOICE, Site
from tests.serving import genba

Open = Callable[..., Any]
DRAWING = Path(__file__).parents[1] / "drawings" / "purchase.bpmn"
PNG = Path(__file__).parents[2] / "docs" / "images" / "case.png"


@pytest.fixture
def purchase(site: Site) -> None:
    """The drawing, deployed; the same file again is the same version."""
    genba(site.server.home, "deploy", str(DRAWING))


def start(page: Any, what: str) -> None:
    page.goto("/processes/purchase")
    page.get_by_label("What is needed").fill(what)
    page.get_by_label("Amount in euros").fill("4100")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/cases/*")


def say(page: Any, form: str, text: str) -> None:
    box = page.locator(f'form[data-act="{form}"] textarea')
    box.fill(text)
    page.locator(f'form[data-act="{form}"] button.can').click()
    page.locator(".talk", has_text=text).first.wait_for()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_step_pressed_in_the_drawing_is_talked_about(
    site: Site, open_page: Open, accessible: Callable[[Any], None], width: int
) -> None:
    genba(site.server.home, "deploy", str(INVOICE))
    page = open_page(width)
    page.goto("/processes/")
    page.get_by_role("link", name="Team-Assistant").click()
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/cases/*")
    case = page.url
    if width < 760:
        page.locator("summary", has_text="Where it is").click()
    page.locator(".drawing[data-state=shown]").wait_for()
    page.locator(".drawing .is-step", has_text="Scan Invoice").first.click(force=True)
    page.wait_for_url("**/steps/*")
    page.get_by_role("heading", name="Scan Invoice", level=1).wait_for()
    say(page, "step.comment", "Who will approve it?")
    accessible(page)
    page.goto(case)
    page.locator("#say").wait_for()
    link = page.locator(".moments .said a", has_text="Scan Invoice")
    assert "/steps/" in link.get_attribute("href")
    accessible(page)


def test_a_question_is_quoted_answered_and_settled(
    purchase: None, open_page: Open, accessible: Callable[[Any], None]
) -> None:
    mine, theirs = open_page(1280), open_page(1280, who=COLLEAGUE)
    start(mine, "a drill")
    say(mine, "case.comment", "Which model?")
    theirs.goto(mine.url)
    theirs.locator(".story .said", has_text="Which model?").get_by_role(
        "link", name="Quote"
    ).click()
    theirs.locator(".composer .quoted", has_text="Which model?").wait_for()
    accessible(theirs)
    say(theirs, "case.comment", "The small one.")
    answer = mine.locator(".story .said", has_text="The small one.")
    answer.locator(".quoted", has_text="Which model?").wait_for()
    answer.get_by_role("button", name="This answers it").click()
    mine.locator(".story .said", has_text="resolved by Clerk").first.wait_for()
    assert "the answer" in answer.inner_text()
    accessible(mine)
    asked = theirs.locator(".story .said", has_text="resolved by Clerk")
    asked.locator(".more.mine > summary").click()
    asked.get_by_role("button", name="Not resolved").click()
    theirs.locator("#flash", has_text="Open again.").wait_for()
    assert not theirs.locator(".settled").count()


def test_a_task_and_a_picture_are_talked_about_in_french(
    purchase: None, open_page: Open, accessible: Callable[[Any], None]
) -> None:
    page = open_page(1280)
    start(page, "a saw")
    case = page.url
    page.goto("/")
    page.locator(
        "form[action='/language'] select, form[action='/language'] button"
    ).first.wait_for()
    chosen = page.locator("form[action='/language'] select")
    if chosen.count():
        chosen.select_option("fr")
    else:
        page.get_by_role("button", name="Français").click()
    try:
        page.goto(case)
        page.locator("summary", has_text="Parler de cette tâche").click()
        say(page, "task.comment", "Deux fois par semaine.")
        fold = page.locator(".about-task")
        if not fold.locator(".composer textarea").is_visible():  # the page was loaded anew
            fold.locator("summary", has_text="Parler de cette tâche").click()
        fold.locator("summary", has_text="Joindre un fichier").click()
        fold.locator("input[type=file]").set_input_files(str(PNG))
        fold.locator('form[data-act="task.attach"] .buttons button').click()
        picture = page.locator(".story img.thumb")
        picture.wait_for()
        picture.click()
        page.wait_for_url("**/page")
        shown = page.locator(".preview img")
        shown.wait_for()
        assert page.evaluate("document.querySelector('.preview img').naturalWidth") > 0
        say(page, "file.comment", "On le voit bien.")
        accessible(page)
        page.goto(case)
        page.locator(".story .said", has_text="sur case.png").wait_for()
    finally:
        page.goto("/")
        chosen = page.locator("form[action='/language'] select")
        if chosen.count():
            chosen.select_option("en")
        else:
            page.get_by_role("button", name="English").click()
        page.get_by_role("link", name="Cases").first.wait_for()


@pytest.mark.parametrize("width", [1280, 390])
def test_one_chooses_when_one_is_told(
    purchase: None, open_page: Open, accessible: Callable[[Any], None], width: int
) -> None:
    page = open_page(width, who=COLLEAGUE)
    page.goto("/me")
    page.locator("summary", has_text="Tell me once a day").click()
    form = page.locator('form[data-act="person.digest"]')
    form.get_by_label("At").fill("8:15")
    form.locator(".buttons > button").click()
    page.locator(".facts", has_text="one mail a day, at 08:15").wait_for()
    page.locator("summary", has_text="Quiet hours").click()
    form = page.locator('form[data-act="person.quiet-hours"]')
    form.get_by_label("From").fill("19:00")
    form.get_by_label("To", exact=False).first.fill("7:30")
    form.get_by_label("Saturdays and Sundays too").check()
    form.locator(".buttons > button").click()
    page.locator(".facts", has_text="19:00–07:30").wait_for()
    page.goto("/me")
    accessible(page)
    page.locator('form[data-act="person.at-once"] button').click()
    page.locator("#flash", has_text="You are told at once again.").wait_for()
    assert not page.locator(".facts", has_text="one mail a day").count()


def test_a_conversation_is_muted_and_heard_again(purchase: None, open_page: Open) -> None:
    page = open_page(1280)
    start(page, "a lathe")
    page.locator('.head form[data-act="case.mute"] button').click()
    page.locator("#flash", has_text="only when you are asked for").wait_for()
    page.locator('.head form[data-act="case.unmute"] button').click()
    page.locator("#flash", has_text="You hear what is said here again.").wait_for()
