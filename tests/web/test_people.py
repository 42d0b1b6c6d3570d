"""The page of oneself, and the groups of what one can do, in both languages."""

from collections.abc import Callable
from typing import Any

from django.test import Client

Browse = Callable[..., Client]


def test_naming_a_deputy_on_the_page(browse: Browse, people: Any, inst: Any) -> None:
    lead = browse("lead")
    page = lead.get("/me").content.decode()
    assert "Nobody stands for you, and you stand for nobody." in page
    act = f"/acts/person/{people['lead'].id}/name-deputy"
    form = {"to": "somebody-else", "begins": "2026-03-02", "ends": "2026-03-01", "_key": "a"}
    path = f"/acts/person/{people['lead'].id}/person.name-deputy"
    assert lead.post(act, form).status_code == 404
    wrong = lead.post(path, form)
    assert wrong.status_code == 422
    assert "The last day is before the first, or over." in wrong.content.decode()
    assert lead.post(path, {**form, "ends": "2026-03-04", "_key": "b"}).status_code == 303
    assert "from March 2, 2026 to March 4, 2026" in lead.get("/me").content.decode()
    assert "Team lead" in browse("other").get("/me").content.decode()
    assert browse("other").get(f"/me/{people['lead'].id}").status_code == 404
    assert browse("other").post(path, form).status_code == 404
    assert "personne ne vous remplace aujourd’hui" in browse("helper").get("/me").content.decode()


def test_what_hands_a_task_on_stands_together(
    browse: Browse, started: Any, task_of: Any, people: Any, do: Any
) -> None:
    case = started()
    assert do(people["helper"], "task.claim", task_of(case, "check")).ok
    page = browse("helper").get("/cases/1").content.decode()
    assert '<summary class="button">La passer</summary>' in page
    for label in ("Déléguer", "Transférer", "Ajouter un signataire"):
        assert label in page, label
    assert (
        '<summary class="button">La passer</summary>'
        not in browse("other").get("/cases/1").content.decode()
    )
