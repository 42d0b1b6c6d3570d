"""Finding by words, as a page and by REST."""

from collections.abc import Callable
from typing import Any

from django.test import Client


def test_the_page_and_the_api(
    inst: Any, started: Callable[..., str], people: dict[str, Any], browse: Callable[..., Client]
) -> None:
    started()
    page = browse("helper").get("/find?q=laptop").content.decode()
    assert "3 laptops" in page
    assert "dossier" in page
    assert "Rien de ce que vous pouvez voir" in browse("helper").get("/find?q=xyz").content.decode()
    found = browse("buyer").get("/api/find?q=laptop").json()
    assert [one["kind"] for one in found] == ["case"]
    assert browse("buyer").get("/find?q=").status_code == 302
