"""The queue and what one can do, as pages."""

from collections.abc import Callable
from typing import Any

from django.test import Client


def test_the_next_is_taken_from_the_first_page(
    started: Callable[..., str], browse: Callable[..., Client], people: dict[str, Any]
) -> None:
    started()
    buyer, helper = browse("buyer"), browse("helper")
    page = buyer.get("/").content.decode()
    assert "Take the next" in page
    page = buyer.get("/queues/Buying").content.decode()
    assert "Check the request" in page
    assert "just asked" in page
    assert "Prendre la suivante" in helper.get("/queues/").content.decode()
    answer = buyer.post("/acts/queue/*/queue.next", {"_key": "1"})
    assert answer.status_code == 303
    assert answer["Location"].startswith("/cases/1/")
    page = helper.post("/acts/queue/*/queue.next", {"_key": "1"})
    assert "Rien n’attend ici que vous puissiez prendre." in page.content.decode()
    assert browse("other").get("/queues/Nobody").status_code == 404
    assert "Take the next" not in browse("other").get("/").content.decode()


def test_what_i_can_do_is_mine(browse: Callable[..., Client], people: dict[str, Any]) -> None:
    buyer, id = browse("buyer"), people["buyer"].id
    assert "Nothing yet" in buyer.get("/me/skills").content.decode()
    answer = buyer.post(f"/acts/skills/{id}/skills.add", {"skill": "French", "_key": "1"})
    assert answer.status_code == 303
    page = buyer.get("/me/skills").content.decode()
    assert "French" in page
    assert "you said so" in page
    assert browse("helper").get(f"/me/{id}/skills").status_code == 404


def test_who_is_late_is_led_to_what_comes_next(
    started: Callable[..., str],
    browse: Callable[..., Client],
    people: dict[str, Any],
    do: Callable[..., Any],
    task_of: Callable[[str, str], str],
) -> None:
    task = task_of(started(), "check")
    second = started()
    assert do(people["buyer"], "task.claim", task).ok
    answer = browse("helper").post(f"/acts/task/{task}/task.claim", {"_key": "1"}, follow=True)
    page = answer.content.decode()
    assert "Buyer a pris « Check the request »." in page
    assert answer.redirect_chain[-1][0].startswith("/cases/2/")
    assert second
