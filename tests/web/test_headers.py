"""What every answer says about itself to the browser."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

Browse = Callable[..., Client]


@pytest.mark.parametrize("path", ["/", "/cases/1", "/processes/", "/nowhere", "/account/login/"])
def test_the_policy_is_strict_and_the_page_keeps_to_it(
    browse: Browse, started: Any, path: str
) -> None:
    started()
    answer = browse("buyer").get(path, follow=True)
    parts = answer["Content-Security-Policy"].split("; ")
    rules = {name: value for name, _space, value in (part.partition(" ") for part in parts)}
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    page = answer.content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


def test_the_other_headers(browse: Browse) -> None:
    answer = browse("buyer").get("/")
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "private" in answer["Cache-Control"]
    assert "Accept-Language" in answer["Vary"] or "Cookie" in answer["Vary"]


def test_cookies_stay_out_of_scripts(inst: Any) -> None:
    client = Client()
    client.get("/account/login/")
    assert client.cookies["genba_csrf"]["httponly"]
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"


def test_a_missing_page_says_so_in_plain_words(browse: Browse) -> None:
    answer = browse("buyer").get("/nowhere")
    assert answer.status_code == 404
    page = answer.content.decode()
    assert "There is nothing here for you." in page
    assert "404" not in page


def test_a_fault_of_ours_tells_nothing_of_itself(
    browse: Browse, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from genba.web.pages import processes

    def broken(*_given: Any, **_more: Any) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(processes, "may_deploy", broken)
    client = browse("buyer", raise_request_exception=False)
    answer = client.get("/processes/")
    assert answer.status_code == 500
    assert "Something went wrong on our side." in answer.content.decode()
    assert "secret detail" not in answer.content.decode()
    assert "secret detail" in caplog.text
