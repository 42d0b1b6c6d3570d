"""Signing in, languages, and the demonstration's door."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from genba.people.accounts import enrol

SECRET = "a long enough secret"


@pytest.fixture
def clerk(inst: Any) -> Any:
    return enrol("clerk@example.org", SECRET, name="Clerk")


def test_a_stranger_is_sent_to_sign_in(inst: Any) -> None:
    for path in ("/", "/cases/", "/cases/1", "/processes/", "/processes/deploy", "/api/cards"):
        answer = Client().get(path)
        assert answer.status_code in (302, 401), path
    assert Client().get("/live").status_code == 401


def test_signing_in_by_password_and_out_by_post(clerk: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get("/account/login/")
    token = page.context["csrf_token"] if page.context else client.cookies["genba_csrf"].value
    form = {"login": "Clerk@example.org", "password": SECRET}
    assert client.post("/account/login/", form).status_code == 403
    answer = client.post("/account/login/", {**form, "csrfmiddlewaretoken": str(token)})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/").status_code == 200
    client.get("/account/logout/")
    assert client.get("/").status_code == 200
    plain = Client()
    plain.cookies = client.cookies
    plain.post("/account/logout/")
    assert plain.get("/").status_code == 302


def test_a_wrong_password_does_not_say_what_was_wrong(clerk: Any) -> None:
    said = [
        Client().post("/account/login/", {"login": login, "password": "wrong"}).content.decode()
        for login in ("clerk@example.org", "nobody@example.org")
    ]
    problems = [text.partition('role="alert">')[2].partition("</p>")[0] for text in said]
    assert problems[0]
    assert problems[0] == problems[1]


def test_passwords_are_kept_by_argon2(clerk: Any) -> None:
    from genba.people.models import Person

    assert Person.objects.get(pk=int(clerk.id)).password.startswith("argon2")


def test_nobody_makes_an_account_with_an_address_that_is_not_proved(inst: Any) -> None:
    form = {
        "email": "new@example.org",
        "password1": SECRET,
        "password2": SECRET,
    }
    from genba.people.directory import by_address

    Client().post("/account/signup/", form)
    assert by_address("new@example.org") is None


@pytest.mark.parametrize(
    ("demo", "address", "status"),
    [(False, "127.0.0.1", 404), (True, "192.0.2.7", 404), (True, "127.0.0.1", 302)],
)
def test_the_door_of_the_demonstration(
    clerk: Any, settings: Any, demo: bool, address: str, status: int
) -> None:
    settings.GENBA_DEMO = demo
    client = Client(REMOTE_ADDR=address)
    listed = "Clerk" in client.get("/account/login/").content.decode()
    assert listed == (status == 302)
    assert client.post("/demo", {"person": clerk.id}).status_code == status
    assert (client.get("/").status_code == 200) == (status == 302)
    assert client.get("/demo").status_code == 405


def test_the_language_is_kept_with_the_person(browse: Callable[..., Client]) -> None:
    client = browse("staff")
    assert '<html lang="en">' in client.get("/").content.decode()
    answer = client.post("/language", {"language": "fr", "_next": "/cases/"})
    assert (answer.status_code, answer["Location"]) == (303, "/cases/")
    del client.cookies["genba_language"]
    assert '<html lang="fr">' in client.get("/").content.decode()
    client.post("/language", {"language": "xx"})
    assert '<html lang="fr">' in client.get("/").content.decode()


def test_going_back_never_leaves_the_site(browse: Callable[..., Client]) -> None:
    for place in ("//elsewhere.example", "https://elsewhere.example/", "/\\elsewhere.example"):
        answer = browse("staff").post("/language", {"language": "en", "_next": place})
        assert answer["Location"] == "/"


def test_a_closed_account_is_signed_out(browse: Callable[..., Client], people: Any) -> None:
    from genba.people.models import Person

    client = browse("staff")
    Person.objects.filter(pk=int(people["staff"].id)).update(is_active=False)
    assert client.get("/")["Location"].startswith("/account/login/")


def test_a_forgotten_password_is_mailed_and_replaced(
    clerk: Any, tmp_path: Path, settings: Any
) -> None:
    from genba.channels.mail.mailbox import kept, open_kept
    from genba.channels.mail.site import Site, use_site

    settings.EMAIL_BACKEND = "genba.web.mailing.MailboxBackend"
    use_site(Site(mailbox=tmp_path / "mailbox"))
    try:
        client = Client()
        for address in ("clerk@example.org", "nobody@example.org"):
            assert client.post("/account/password/reset/", {"email": address}).status_code == 302
        (mail,) = kept(tmp_path / "mailbox", "clerk@example.org")
        message = open_kept(tmp_path / "mailbox", mail.name)
    finally:
        use_site(None)
    assert message is not None
    body = message.get_body(("plain",))
    assert body is not None
    link = re.search(r"http://\S+(/account/password/reset/key/\S+)", str(body.get_content()))
    assert link
    page = client.get(link[1], follow=True)
    new = {"password1": "another long secret", "password2": "another long secret"}
    assert client.post(page.redirect_chain[-1][0], new).status_code == 302
    form = {"login": "clerk@example.org", "password": "another long secret"}
    assert Client().post("/account/login/", form)["Location"] == "/"


def test_nobody_takes_another_address(browse: Callable[..., Client], people: Any) -> None:
    from genba.people.directory import known

    client, address = browse("staff"), "director@example.org"
    client.post("/account/email/", {"action_add": "", "email": address})
    client.post("/account/email/", {"action_primary": "", "email": address})
    staff = known(people["staff"].id)
    assert staff is not None
    assert staff.address == "staff@example.org"
    assert client.get("/account/email/").status_code == 404


def test_a_request_for_another_host_is_refused_in_words() -> None:
    answer = Client(raise_request_exception=False).get("/", headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "cannot be read" in answer.content.decode()
