"""The first page, with what is late and what is put off."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client


def test_late_is_said_in_words_and_put_off_is_elsewhere(
    started: Callable[..., str],
    browse: Callable[..., Client],
    people: dict[str, Any],
    do: Callable[..., Any],
    task_of: Callable[[str, str], str],
    clock: Any,
) -> None:
    task = task_of(started(), "check")
    buyer = people["buyer"]
    assert do(buyer, "task.due", task, due="PT1H").ok
    clock.advance(timedelta(hours=2))
    page = browse("buyer").get("/").content.decode()
    assert '<strong class="late">overdue</strong>' in page
    assert '<strong class="late">en retard</strong>' in browse("helper").get("/").content.decode()
    assert do(people["staff"], "task.remind", task).ok
    assert "Staff member reminded of it at 11:12." in browse("buyer").get("/").content.decode()
    assert do(buyer, "task.postpone", task, until="2026-03-09").ok
    page = browse("buyer").get("/").content.decode()
    assert "Check the request" not in page
    later = browse("buyer").get("/?view=later").content.decode()
    assert "Check the request" in later
    assert "put off until March 9 09:00" in later
    assert "Nothing is put off." in browse("lead").get("/?view=later").content.decode()
