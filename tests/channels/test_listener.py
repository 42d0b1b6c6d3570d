"""The door: what it takes, what it refuses, and that no mail closes it."""

import smtplib
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from genba.channels.mail import mailbox
from genba.channels.mail.inbound import Arrival
from genba.channels.mail.listener import Listener, ListenerRefused, listen
from genba.channels.mail.site import Site

from .company import free_port
from .conftest import SITE, TOKEN

OURS = f"act+{TOKEN}@genba.test"
MAIL = b"From: a@example.org\r\nSubject: x\r\n\r\napprove\r\n"


@contextmanager
def open_door(site: Site, receive: Callable[[Arrival], None]) -> Iterator[Site]:
    placed = replace(site, port=free_port())
    listener = Listener(placed, receive)
    listener.start()
    try:
        yield placed
    finally:
        listener.stop()


def test_a_mail_arrives_with_its_envelope() -> None:
    taken: list[Arrival] = []
    with open_door(SITE, taken.append) as site, smtplib.SMTP(site.host, site.port) as client:
        client.sendmail("a@example.org", [OURS.upper()], MAIL)
    (arrival,) = taken
    assert arrival.recipients == (OURS.upper(),)
    assert arrival.sender == "a@example.org"
    assert arrival.local
    assert b"approve" in arrival.raw


def test_mail_for_others_is_not_relayed() -> None:
    with open_door(SITE, lambda _arrival: None) as site, smtplib.SMTP(site.host, site.port) as it:
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            it.sendmail("a@example.org", ["b@example.org"], MAIL)
        assert refused.value.recipients["b@example.org"][0] == 550


def test_a_bug_is_try_again_later_and_the_door_stays_open() -> None:
    calls: list[int] = []

    def broken(_arrival: Arrival) -> None:
        calls.append(1)
        raise RuntimeError("a bug")

    with open_door(SITE, broken) as site:
        for _time in range(2):
            with smtplib.SMTP(site.host, site.port) as client:
                with pytest.raises(smtplib.SMTPDataError) as refused:
                    client.sendmail("a@example.org", [OURS], MAIL)
                assert refused.value.smtp_code == 451
    assert len(calls) == 2


def test_a_mail_that_is_too_large_is_refused() -> None:
    taken: list[Arrival] = []
    small = replace(SITE, largest=2000)
    with open_door(small, taken.append) as site, smtplib.SMTP(site.host, site.port) as client:
        with pytest.raises(smtplib.SMTPResponseException) as refused:
            client.sendmail("a@example.org", [OURS], MAIL + b"x\r\n" * 2000)
        assert refused.value.smtp_code == 552
    assert taken == []


def test_lmtp_answers_for_each_recipient() -> None:
    taken: list[Arrival] = []
    other = f"act+{TOKEN[::-1]}@genba.test"
    talk = (
        f"LHLO me\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<{OURS}>\r\nRCPT TO:<{other}>\r\n"
        f"DATA\r\n{MAIL.decode()}.\r\nQUIT\r\n"
    )
    with (
        open_door(replace(SITE, protocol="lmtp"), taken.append) as site,
        socket.create_connection((site.host, site.port), timeout=10) as client,
        client.makefile("rb") as said,
    ):
        client.sendall(talk.encode())
        lines = said.read().decode().splitlines()
    after = lines[next(n for n, line in enumerate(lines) if line.startswith("354")) + 1 :]
    assert [line[:3] for line in after] == ["250", "250", "221"]
    assert [set(arrival.recipients) for arrival in taken] == [{OURS, other}]


def test_the_mailbox_keeps_what_is_for_people(tmp_path: Path) -> None:
    taken: list[Arrival] = []
    boxed = replace(SITE, mailbox=tmp_path / "mailbox")
    with open_door(boxed, taken.append) as site, smtplib.SMTP(site.host, site.port) as client:
        client.sendmail("bounce@genba.test", ["B@example.org"], MAIL)
    assert taken == []
    assert site.mailbox is not None
    (kept,) = mailbox.kept(site.mailbox, "b@example.org")
    assert kept.subject == "x"
    assert mailbox.kept(site.mailbox, "c@example.org") == []
    message = mailbox.open_kept(site.mailbox, kept.name)
    assert message is not None
    assert message["From"] == "a@example.org"
    assert mailbox.open_kept(site.mailbox, "../mailbox/" + kept.name) is None


def test_a_taken_port_is_a_sentence() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = replace(SITE, port=other.getsockname()[1])
        with pytest.raises(ListenerRefused, match="GENBA_MAIL_PORT"):
            listen(taken)
