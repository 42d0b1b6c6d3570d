"""Hostile mail, and how sure we are who sent it."""

from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genba.acts.card import Assurance
from genba.channels.mail.addresses import Purpose, Recipient
from genba.channels.mail.assurance import PROOFS, Evidence, assure
from genba.channels.mail.letters import Letter, open_letter
from genba.channels.mail.site import Site

from .conftest import SITE, TOKEN

MEANT = Recipient(Purpose.ACT, TOKEN)


def raw(headers: str, body: str = "approve") -> bytes:
    return f"{headers}\nSubject: Re: x\nMessage-ID: <1@e>\n\n{body}\n".encode()


def letter(headers: str = "From: A <a@example.org>") -> Letter:
    return open_letter(raw(headers), "a@example.org")


@pytest.mark.security("S8")
@pytest.mark.parametrize(
    "headers",
    [
        "From: a@example.org\nFrom: b@example.org",
        "From: a@example.org, b@example.org",
        "To: x@genba.test",
        "From: ",
        "From: nobody",
        "From: A <a@example.org> <b@example.org>, <c@example.org>",
        "From: a@example.org\nSender: b@example.org",
        "From: a@example.org\nSender: a@example.org, b@example.org",
    ],
)
def test_a_mail_that_names_no_single_sender_has_none(headers: str) -> None:
    found = letter(headers)
    assert found.sender == ""
    evidence = Evidence(letter=found, site=SITE, local=True, recipient=MEANT)
    assert assure(evidence)[0] is Assurance.POSSESSION


@pytest.mark.parametrize(
    "headers",
    [
        "From: A <A@EXAMPLE.ORG>",
        "From: a@example.org\nSender: A@example.org",
        "from: a@example.org",
    ],
)
def test_the_one_sender_is_folded(headers: str) -> None:
    assert letter(headers).sender == "a@example.org"


@pytest.mark.security("S9")
def test_the_same_mail_by_another_way_has_the_same_key() -> None:
    one = raw("From: a@example.org")
    again = b"Received: by another way\nReturn-Path: <x@y>\n" + one.replace(b"\n", b"\r\n")
    assert open_letter(one, "a").key == open_letter(again, "b").key
    other = raw("From: a@example.org", "reject")
    assert open_letter(one, "a").key != open_letter(other, "a").key


def test_a_huge_mail_is_read_in_part() -> None:
    found = open_letter(raw("From: a@example.org", "approve\n" + "x" * 5_000_000), "a")
    assert found.reading.first == "approve"
    assert len(found.reading.own) <= 200_001


@given(st.binary(max_size=2000))
def test_any_bytes_are_a_letter(data: bytes) -> None:
    open_letter(data, "")


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_any_from_gives_one_address_or_none(value: str) -> None:
    message = f"From: {value}\n\napprove".encode()
    sender = open_letter(message, "a").sender
    assert sender == "" or ("@" in sender and "\n" not in sender and sender == sender.casefold())


DEMO = Site(domain="genba.test", demo=True, mailbox=Path("mailbox"))
RELAYED = Site(domain="genba.test", relay="smtp://r", trust="mx.genba.test")


@pytest.mark.security("S8")
@pytest.mark.parametrize(
    ("site", "local", "checks", "level"),
    [
        (DEMO, True, "", Assurance.CHANNEL),
        (DEMO, False, "", Assurance.POSSESSION),
        (Site(domain="genba.test", mailbox=Path("m")), True, "", Assurance.POSSESSION),
        (Site(domain="genba.test", demo=True, host="0.0.0.0", mailbox=Path("m")), True, "",
         Assurance.POSSESSION),
        (RELAYED, True, "", Assurance.POSSESSION),
        (RELAYED, False, "mx.genba.test; dkim=pass header.d=example.org", Assurance.CHANNEL),
        (RELAYED, False, "mx.genba.test; dmarc=pass (p=none) header.from=example.org",
         Assurance.POSSESSION),
        (RELAYED, False, "mx.genba.test; dkim=pass header.d=evil.org", Assurance.POSSESSION),
        (RELAYED, False, "mx.genba.test; dkim=fail header.d=example.org", Assurance.POSSESSION),
        (RELAYED, False, "mx.genba.test; spf=pass smtp.mailfrom=a@example.org",
         Assurance.POSSESSION),
        (RELAYED, False, "evil.org; dkim=pass header.d=example.org", Assurance.POSSESSION),
        (RELAYED, False, "evil.org; x=y\nAuthentication-Results: mx.genba.test; dkim=pass "
         "header.d=example.org", Assurance.POSSESSION),
        (RELAYED, False, "mx.genba.test; dkim=fail (dkim=pass header.d=example.org)",
         Assurance.POSSESSION),
    ],
)  # fmt: skip
def test_who_is_believed(site: Site, local: bool, checks: str, level: Assurance) -> None:
    header = f"Authentication-Results: {checks}\n" if checks else ""
    signed = "DKIM-Signature: v=1; d=example.org; h=from:to; b=eA=="
    to = f"To: act+{TOKEN}@genba.test"
    found = letter(f"{header}{signed}\nFrom: A <a@example.org>\n{to}")
    evidence = Evidence(letter=found, site=site, local=local, recipient=MEANT)
    assert assure(evidence)[0] is level


def test_each_proof_has_its_reason() -> None:
    assert len({why for why, _proof, _level in PROOFS}) == len(PROOFS)


def test_an_encoded_name_is_decoded() -> None:
    message = EmailMessage()
    message["From"] = "Élise <elise@example.org>"
    message.set_content("hello")
    assert open_letter(message.as_bytes(), "e").name == "Élise"
