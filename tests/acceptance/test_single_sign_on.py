"""Signing in at a real provider of OpenID Connect: found by a proved address, or not let in."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
import requests
from msgspec import Struct

from tests.serving import Served, add_person, free_port, genba, served

PEOPLE = (
    {"sub": "p1", "email": "ana@example.org", "email_verified": True, "name": "Ana at work"},
    {"sub": "p2", "email": "ana@example.org", "email_verified": False, "name": "Not Ana"},
    {"sub": "p3", "email": "new@example.org", "email_verified": True, "name": "New One"},
)


class Provider(Struct):
    """A provider of OpenID Connect."""

    address: str

    def knows(self, **claims: object) -> None:
        """Let it know somebody."""
        sub = claims.pop("sub")
        done = requests.put(f"{self.address}/users/{sub}", json=claims, timeout=10)
        assert done.ok, done.text


@pytest.fixture
def provider() -> Iterator[Provider]:
    """One in a process of its own."""
    port = free_port()
    claims = [part for one in PEOPLE for part in ("--user-claims", json.dumps(one))]
    process = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *claims],
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _time in range(100):
            try:
                urlopen(f"{address}/.well-known/openid-configuration", timeout=1).close()
                break
            except URLError:
                time.sleep(0.1)
        yield Provider(address)
    finally:
        process.kill()
        process.wait()


def environment(provider: Provider, **more: str) -> dict[str, str]:
    return {
        "GENBA_OIDC_URL": provider.address,
        "GENBA_OIDC_CLIENT": "genba",
        "GENBA_OIDC_SECRET": "s3cret",
        "GENBA_OIDC_NAME": "the company",
        **more,
    }


def sign_in(server: Served, sub: str) -> tuple[requests.Session, requests.Response]:
    """What a browser does: our page, theirs, and back."""
    browser = requests.Session()
    page = browser.get(f"{server.address}/account/login/?next=/me", timeout=30)
    assert "Sign in with the company" in page.text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert token
    theirs = browser.post(
        f"{server.address}/account/oidc/sso/login/",
        data={"csrfmiddlewaretoken": token[1], "next": "/me"},
        timeout=30,
    )
    assert "/oauth2/authorize" in theirs.url
    assert "code_challenge=" in theirs.url  # PKCE
    back = browser.post(theirs.url, data={"sub": sub}, timeout=30)
    return browser, back


def test_a_person_signs_in_with_a_proved_address(provider: Provider, tmp_path: Path) -> None:
    home = tmp_path / "home"
    with served(home):
        pass
    add_person(home, "ana@example.org", "Ana")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with served(home, port, **environment(provider, GENBA_URL=url)) as server:
        browser, back = sign_in(server, "p1")
        assert (back.status_code, back.url) == (200, f"{url}/me")
        assert "Ana" in back.text
        assert browser.get(f"{url}/api/cards", timeout=30).status_code == 200

        browser, back = sign_in(server, "p2")  # the same address, not proved
        assert back.status_code == 403
        assert "does not say that your mail address is yours" in back.text
        assert browser.get(f"{url}/api/cards", timeout=30).status_code == 401

        browser, back = sign_in(server, "p3")  # nobody here
        assert back.status_code == 403
        assert "There is no account for new@example.org here" in back.text

        # Found by the provider's id from now on, whatever the address says.
        provider.knows(sub="p1", email="else@example.org", email_verified=False)
        _browser, back = sign_in(server, "p1")
        assert (back.status_code, "Ana" in back.text) == (200, True)
    genba(home, "person", "add", "chief@example.org", "--administrator")
    closed = ("person=person-1", "address=ana@example.org", "active=false")
    chief = ("--as", "chief@example.org")
    genba(home, "act", "directory", "people", "change-person", *closed, *chief)
    with served(home, port, **environment(provider, GENBA_URL=url)) as server:
        for _time in range(50):  # what was decided is brought about
            browser, back = sign_in(server, "p1")
            status = browser.get(f"{url}/api/cards", timeout=30).status_code
            if status == 401:
                break
            time.sleep(0.2)
        assert status == 401


def test_whoever_the_provider_knows_may_be_let_in(provider: Provider, tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    more = environment(provider, GENBA_URL=url, GENBA_OIDC_JOIN="yes")
    with served(tmp_path / "home", port, **more) as server:
        browser, back = sign_in(server, "p3")
        assert (back.status_code, back.url) == (200, f"{url}/me")
        assert "New One" in back.text
        login = browser.get(f"{url}/account/login/", timeout=30)
        policy = login.headers["Content-Security-Policy"]
        assert f"form-action 'self' {provider.address}" in policy


def test_half_a_provider_is_refused_in_words(tmp_path: Path) -> None:
    from tests.serving import PROGRAM, surroundings

    said = {**surroundings(tmp_path / "home"), "GENBA_OIDC_URL": "https://id.example.org"}
    done = subprocess.run(
        [str(PROGRAM), "serve", "--port", "0"],
        env=said,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert "needs GENBA_OIDC_CLIENT" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
