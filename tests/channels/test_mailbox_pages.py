"""The built-in mailbox: read what was sent, reply through the real door, and nobody else's eyes."""

import pytest
from django.test import Client
from msgspec.structs import replace

from genba.channels.mail import mailbox
from genba.channels.mail.site import use_site
from genba.people.directory import Known
from genba.runtime.installation import Installation

from .company import Post, Started, open_nodes, words

pytestmark = pytest.mark.django_db(transaction=True)


def newest_name(post: Post, who: Known) -> str:
    post.loop.drain()
    assert post.site.mailbox is not None
    return mailbox.kept(post.site.mailbox, who.address)[0].name


def test_one_reads_and_replies_in_the_mailbox(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    name = newest_name(post, people["lead"])
    client = Client()
    listed = client.get("/mailbox/", {"for": "lead@example.org"}).content.decode()
    assert name in listed
    assert "3 laptops" in listed
    shown = client.get(f"/mailbox/{name}").content.decode()
    assert "Asked of you: Approve the purchase." in shown
    sent = client.post(f"/mailbox/{name}", {"text": "approve"})
    assert sent.status_code == 302
    assert open_nodes(inst) == ["order"]


def test_one_starts_a_case_in_the_mailbox(
    inst: Installation, post: Post, people: dict[str, Known], deployed: None
) -> None:
    client = Client()
    page = client.get("/mailbox/", {"for": "staff@example.org"}).content.decode()
    assert "start+purchase@genba.test" in page
    mail = {
        "for": "staff@example.org",
        "to": "start+purchase@genba.test",
        "subject": "A chair",
        "text": "Amount in euros: 80\nSoon, please.",
    }
    assert client.post("/mailbox/", mail).status_code == 302
    assert words(inst) == ["Soon, please."]


def test_the_mailbox_is_only_there_in_a_demonstration(post: Post, deployed: None) -> None:
    client = Client()
    assert client.get("/mailbox/", REMOTE_ADDR="192.0.2.7").status_code == 404
    use_site(replace(post.site, demo=False))
    assert client.get("/mailbox/").status_code == 404
    use_site(replace(post.site, mailbox=None))
    assert client.get("/mailbox/").status_code == 404


def test_a_mail_that_cannot_be_handed_over_is_said(
    inst: Installation, post: Post, people: dict[str, Known], deployed: None
) -> None:
    mail = {"for": "staff@example.org", "to": "start+purchase@elsewhere", "subject": "x"}
    use_site(replace(post.site, port=1))
    assert Client().post("/mailbox/", mail).status_code == 502


def test_without_a_listener_mail_goes_into_the_mailbox(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    before = len(post.box(people["lead"]))
    use_site(replace(post.site, port=1))
    post.write(people["staff"], "genba@genba.test", "hello")
    assert len(post.box(people["staff"])) > 0
    assert len(post.box(people["lead"])) == before
