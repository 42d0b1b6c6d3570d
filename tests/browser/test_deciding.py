"""Voting, delegating, doing several at once and sharing, pressed in a browser in both languages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Site
from tests.serving import add_person, genba

Open = Callable[..., Any]
DRAWINGS = Path(__file__).parents[1] / "drawings"
ENGLISH, FRENCH = "English", "Français"
BOTH = pytest.mark.parametrize("language", [ENGLISH, FRENCH])


@pytest.fixture(scope="module")
def board(site: Site) -> list[str]:
    """Three of a board, and somebody of no team."""
    people = ["one@example.org", "two@example.org", "three@example.org", "apart@example.org"]
    for address in people:
        teams = () if address.startswith("apart") else ("Board",)
        name = address.partition("@")[0].title()
        site.passwords[address] = add_person(site.server.home, address, name, *teams)
    for name in ("deciding", "purchase"):
        genba(site.server.home, "deploy", str(DRAWINGS / f"{name}.bpmn"))
    return people


def speaking(page: Any, language: str) -> Any:
    """The page, read in this language."""
    button = page.get_by_role("button", name=language)
    if button.count():
        button.click()
        button.wait_for(state="detached")
    return page


def started(page: Any, process: str, **fields: str) -> str:
    page.goto(f"/processes/{process}")
    form = page.locator("form[data-act='process.start']")
    for name, value in fields.items():
        form.locator(f"[name={name}]").fill(value)
    form.locator("button.can").click()
    page.wait_for_url("**/cases/*")
    return str(page.url)


def form_of(page: Any, act: str) -> Any:
    """The form of an act that is open here, with the folds around it opened by their summaries."""
    form = page.locator(f".ask.able form[data-act='{act}'], .head form[data-act='{act}']").first
    form.wait_for(state="attached")
    folds = form.locator("xpath=ancestor::details[not(@open)]/summary")
    while folds.count():
        folds.first.click()
    return form


def press(page: Any, act: str, label: str = "", **fields: str) -> None:
    """Fill in the form of an act and press its button; the page then says what became of it."""
    form = form_of(page, act)
    for name, value in fields.items():
        form.locator(f"[name={name}]").fill(value)
    button = form.locator(".buttons > button").first
    if label:
        assert button.inner_text() == label
    button.click()
    page.locator("#flash .flash, .flash").first.wait_for()


@BOTH
def test_a_board_votes_and_one_lets_another_decide(
    language: str, site: Site, board: list[str], open_page: Open
) -> None:
    clerk = open_page(1280)
    url = started(clerk, "deciding")
    for step in ("Check", "Compare"):
        clerk.locator(".ask.able .title", has_text=step).wait_for()
        press(clerk, "task.complete")
    words = {ENGLISH: ("Delegate", "Approve"), FRENCH: ("Déléguer", "Approuver")}[language]

    first = speaking(open_page(1280, who=board[0]), language)
    first.goto(url)
    press(first, "task.delegate", words[0], to="two")
    second = speaking(open_page(1280, who=board[1]), language)
    second.goto(url)
    second.locator(".ask.able").first.wait_for()
    press(second, "task.approve", words[1])
    first.goto(url)  # it came back, for the final word
    press(first, "task.approve", words[1])
    third = speaking(open_page(1280, who=board[2]), language)
    third.goto(url)
    press(third, "task.approve", words[1])
    third.locator(".ask .title", has_text="Sign").wait_for()
    for page in (first, second, third):
        speaking(page, ENGLISH)


@BOTH
def test_several_are_done_at_once_with_a_result_each(
    language: str, site: Site, board: list[str], open_page: Open
) -> None:
    page = speaking(open_page(1280), language)
    tag = f"bulk {language}"
    for number in (1, 2):
        started(page, "purchase", title=f"{tag} {number}", amount="90")
    page.goto("/?view=groups&words=bulk")
    rows = page.locator(".row", has_text=tag)
    rows.first.wait_for()
    assert rows.count() == 2
    for box in rows.locator("input[type=checkbox]").all():
        box.check()
    label = {ENGLISH: "Done", FRENCH: "Terminé"}[language]
    page.locator("#several").get_by_role("button", name=label, exact=True).click()
    page.locator("[data-result]").first.wait_for()
    assert page.locator("[data-result=done]").count() == 2
    speaking(page, ENGLISH)


@BOTH
def test_a_case_is_kept_from_others_and_shared_with_one(
    language: str, site: Site, board: list[str], open_page: Open
) -> None:
    page = speaking(open_page(1280), language)
    url = started(page, "purchase", title=f"shared {language}", amount="90")
    press(page, "case.restrict")
    apart = open_page(1280, who=board[3])
    assert apart.request.get(url).status == 404
    page.goto(url)
    press(page, "case.share", {ENGLISH: "Share", FRENCH: "Partager"}[language], to="apart")
    assert apart.goto(url).status == 200
    apart.locator("h1", has_text=f"shared {language}").wait_for()
    speaking(page, ENGLISH)
