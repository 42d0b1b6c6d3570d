"""Mail that a provider posts to us, and what a mailbox tells of an envelope."""

import base64
import hashlib
import hmac
import json
from pathlib import Path

import pytest
from django.test import Client
from msgspec.structs import replace

from genba.channels.mail.fetching import Fetcher, arrival_of
from genba.channels.mail.inbound import Arrival
from genba.channels.mail.pushing import signature_of
from genba.channels.mail.site import Site, SiteRefused, site_from, use_site
from genba.people.directory import Known
from genba.runtime.installation import Installation

from . import signing
from .company import Post, Started, open_nodes

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "whsec_" + base64.b64encode(b"a secret of a provider").decode()


@pytest.fixture
def approval(
    post: Post, people: dict[str, Known], to_approval: Started, tmp_path: Path
) -> tuple[str, bytes]:
    """The address of a card, and a signed mail that approves it."""
    to_approval()
    card = post.newest(people["lead"])
    signing.publish(tmp_path / "keys", "example.org")
    use_site(replace(post.site, demo=False, hook=SECRET, keys=str(tmp_path / "keys")))
    to = card["Reply-To"].addresses[0].addr_spec
    raw = f"From: lead@example.org\nTo: {to}\nSubject: Re\nMessage-ID: <1@e>\n\napprove\n"
    return to, signing.signed(raw.encode())


def standard(to: str, raw: bytes, stamp: int, secret: str = SECRET) -> dict[str, object]:
    body = {"sender": "lead@example.org", "recipients": [to], "message": base64.b64encode(raw)}
    data = json.dumps(body, default=lambda text: text.decode()).encode()
    signed = signature_of(secret, "m1", str(stamp), data)
    return {
        "data": data,
        "content_type": "application/json",
        "headers": {
            "webhook-id": "m1",
            "webhook-timestamp": str(stamp),
            "webhook-signature": f"v1,AAAA {signed}",
        },
    }


@pytest.mark.security("S8")
@pytest.mark.security("S9")
def test_a_signed_post_is_a_mail(inst: Installation, approval: tuple[str, bytes]) -> None:
    to, raw = approval
    now, client = int(inst.clock.now().timestamp()), Client(enforce_csrf_checks=True)
    for wrong in (
        standard(to, raw, now, "whsec_" + base64.b64encode(b"another").decode()),
        standard(to, raw, now - 301),
        {**standard(to, raw, now), "data": standard("x@genba.test", raw, now)["data"]},
        {**standard(to, raw, now), "headers": {}},
    ):
        assert client.post("/mail/in", **wrong).status_code == 401  # type: ignore[arg-type]
    assert open_nodes(inst) == ["approve"]
    for _again in range(2):
        posted = client.post("/mail/in", **standard(to, raw, now))  # type: ignore[arg-type]
        assert posted.status_code == 202
    assert open_nodes(inst) == ["order"]


@pytest.mark.security("S8")
def test_a_form_of_a_provider_is_a_mail(inst: Installation, approval: tuple[str, bytes]) -> None:
    to, raw = approval
    now, client = str(int(inst.clock.now().timestamp())), Client(enforce_csrf_checks=True)
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    form = {
        "timestamp": now,
        "token": "t1",
        "signature": hmac.new(key, f"{now}t1".encode(), hashlib.sha256).hexdigest(),
        "sender": "lead@example.org",
        "recipient": to,
        "body-mime": raw.decode(),
    }
    assert client.post("/mail/in", {**form, "token": "t2"}).status_code == 401
    assert client.post("/mail/in", {**form, "signature": ""}).status_code == 401
    assert client.post("/mail/in", {"recipient": to}).status_code == 401
    assert open_nodes(inst) == ["approve"]
    assert client.post("/mail/in", form).status_code == 202
    assert open_nodes(inst) == ["order"]


def test_without_a_secret_nothing_is_taken(post: Post) -> None:
    assert Client().post("/mail/in", {}).status_code == 404
    use_site(replace(post.site, hook=SECRET))
    assert Client().get("/mail/in").status_code == 405


def test_the_envelope_is_read_from_what_servers_write() -> None:
    raw = (
        b"Return-Path: <>\nDelivered-To: genba@genba.test\n"
        b"X-Original-To: ACT+" + b"a" * 26 + b"@genba.test\nFrom: a@example.org\n"
        b"To: start+x@genba.test, other@example.org\n\nhello"
    )
    found = arrival_of(raw, "genba.test")
    assert found.sender == ""
    assert found.recipients == (
        "genba@genba.test", f"act+{'a' * 26}@genba.test", "start+x@genba.test",
    )  # fmt: skip
    assert arrival_of(b"From: A <a@example.org>\n\n", "genba.test").sender == "a@example.org"


class Mailbox:
    """A mailbox of two mails, in memory: what `Fetcher.fetch` asks of a client."""

    def __init__(self, mails: dict[int, bytes]) -> None:
        self.mails, self.flags = mails, {uid: set[bytes]() for uid in mails}

    def search(self, _criteria: object) -> list[int]:
        return [uid for uid, flags in self.flags.items() if b"\\Seen" not in flags]

    def fetch(self, uids: list[int], _what: object) -> dict[int, dict[bytes, bytes]]:
        return {uid: {b"BODY[]": self.mails[uid]} for uid in uids}

    def add_flags(self, uids: list[int], flags: list[bytes]) -> None:
        for uid in uids:
            self.flags[uid] |= set(flags)


def test_what_cannot_be_dealt_with_is_flagged_and_stays() -> None:
    mails = {1: b"To: genba@genba.test\n\nbad", 2: b"To: genba@genba.test\n\ngood"}
    got: list[Arrival] = []

    def receive(arrival: Arrival) -> None:
        if b"bad" in arrival.raw:
            raise RuntimeError("a bug")
        got.append(arrival)

    box, fetcher = Mailbox(mails), Fetcher(Site(domain="genba.test"), receive)
    assert [fetcher.fetch(box) for _time in range(4)] == [2, 1, 1, 0]  # type: ignore[arg-type]
    assert len(got) == 1
    assert box.flags == {1: {b"\\Seen", b"\\Flagged"}, 2: {b"\\Seen"}}


def test_a_mailbox_is_named_by_its_address(tmp_path: Path) -> None:
    assert site_from({"GENBA_IMAP_URL": "imaps://a:b@c/D"}, tmp_path).imap
    with pytest.raises(SiteRefused):
        site_from({"GENBA_IMAP_URL": "http://x"}, tmp_path)
