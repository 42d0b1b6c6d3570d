"""Mail that comes back: the address is marked, somebody hears of it, and nothing acts."""

import smtplib
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from genba.channels.mail.addresses import bounce_address
from genba.channels.mail.reports import of_refusal, read_report
from genba.channels.mail.returned import KIND, is_gone
from genba.journal.records import Entry
from genba.people.directory import Known
from genba.runtime.clock import FixedClock
from genba.runtime.installation import Installation

from .company import Post, Started, attempts, position, text_of

pytestmark = pytest.mark.django_db(transaction=True)


def report(status: str = "5.1.1", action: str = "failed", said: str = "550 no such user") -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example.org\nTo: x\nSubject: Undelivered Mail\n"
        "Auto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nThis is the mail system.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"
        f"Final-Recipient: rfc822; lead@example.org\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; {said}\n\n--b--\n"
    ).encode()


@pytest.mark.parametrize(
    ("raw", "failed", "gone"),
    [
        (report(), True, True),
        (report("5.2.2", said="552 mailbox full"), True, False),
        (report("5.7.1", said="554 looks like spam"), True, False),
        (report("5.0.0", said="550 User unknown"), True, True),
        (report("4.4.1", action="delayed", said="timed out"), False, False),
        (b"Subject: failure notice\n\n<a@b>:\n550 5.1.1 No such user here\n", True, True),
        (b"Subject: Mail failed\n\nThe following failed: a@b\nUser unknown\n", True, True),
        (b"Subject: Warning\n\n450 4.2.0 busy, still being retried\n", False, False),
    ],
)
def test_a_report_is_read(raw: bytes, failed: bool, gone: bool) -> None:
    found = read_report(message_from_bytes(raw))
    assert found is not None
    assert (found.failed, found.gone) == (failed, gone)


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: Out of office\n\nI am away until 5.1. Call 555-1234.\n",
        report(action="relayed"),
        b"",
        b"Content-Type: message/delivery-status\n\nnonsense",
    ],
)
def test_what_says_no_failure_is_none(raw: bytes) -> None:
    assert read_report(message_from_bytes(raw)) is None


def test_a_refusal_at_the_door_is_a_report_too() -> None:
    assert of_refusal(550, "5.1.1 no such user").gone
    assert of_refusal(550, "mailbox unavailable").gone
    assert not of_refusal(554, "5.7.1 rejected as spam").gone


def test_real_reports_are_read(mails: Path) -> None:
    found = failed = 0
    files = sorted((mails / "bounces").glob("lhost-*.eml"))
    for file in files:
        one = read_report(message_from_bytes(file.read_bytes()))
        found += one is not None
        failed += bool(one and one.failed)
    print(f"{len(files)} real reports: {found} read, {failed} of them failures for good")
    assert found >= 0.9 * len(files)


def come_back(post: Post, mail: EmailMessage, raw: bytes) -> None:
    """What another server sends when it cannot deliver a mail of ours."""
    to = bounce_address(str(mail["Message-ID"]), post.site.domain)
    with smtplib.SMTP(post.site.host, post.site.port, timeout=20) as client:
        client.sendmail("", [to], raw.replace(b"To: x", f"To: {to}".encode()))


@pytest.mark.security("S10")
def test_an_address_that_is_gone_is_marked_and_told(
    inst: Installation,
    post: Post,
    people: dict[str, Known],
    to_approval: Started,
    clock: FixedClock,
) -> None:
    to_approval()
    card = post.newest(people["lead"])
    before, told = position(inst), len(post.box(people["staff"]))
    for _again in range(3):
        come_back(post, card, report())
    assert [one.outcome for one in attempts(inst)].count("undeliverable") == 3
    mails = post.box(people["staff"])
    assert len(mails) == told + 1
    assert "lead@example.org" in text_of(mails[0])
    assert "550 no such user" in text_of(mails[0])
    with inst.journal.reading() as reading:
        assert is_gone("lead@example.org", reading)
        (kept,) = reading.streams(KIND, mark="gone")
        assert "lead@" not in kept.id
    assert all(entry.case.startswith(KIND) for entry in since(inst, before))

    boxed = len(post.box(people["lead"]))
    post.reply(people["staff"], post.newest(people["staff"]), "@team-lead a word, please")
    assert len(post.box(people["lead"])) == boxed
    post.reply(people["lead"], card, "A word")  # whoever writes is there again
    with inst.journal.reading() as reading:
        assert not is_gone("lead@example.org", reading)
    come_back(post, card, report())
    clock.advance(timedelta(days=8))
    with inst.journal.reading() as reading:
        assert not is_gone("lead@example.org", reading)


def since(inst: Installation, position: int) -> list[Entry]:
    with inst.journal.reading() as reading:
        return list(reading.log_since(position))


def test_a_full_mailbox_is_told_and_not_marked(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    card = post.newest(people["lead"])
    told = len(post.box(people["staff"]))
    come_back(post, card, report("5.2.2", said="mailbox full"))
    assert len(post.box(people["staff"])) == told + 1
    come_back(post, card, report("4.2.2", action="delayed"))
    come_back(post, card, b"To: x\nSubject: Out of office\nAuto-Submitted: auto-replied\n\nAway\n")
    assert len(post.box(people["staff"])) == told + 1
    with inst.journal.reading() as reading:
        assert not is_gone("lead@example.org", reading)


@pytest.mark.security("S15")
def test_what_comes_to_a_return_address_nobody_knows_is_noted_only(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    card = post.newest(people["lead"])
    before = position(inst)
    card.replace_header("Message-ID", "<made-up@genba.test>")
    come_back(post, card, report())
    assert position(inst) == before


def test_an_answer_that_lost_its_address_is_known_by_what_it_answers(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    card = post.newest(people["lead"])
    before = position(inst)
    for stranger in ("staff@example.org", "stranger@example.com"):
        answer(post, stranger, card, "genba@genba.test", "approve")
    assert position(inst) == before
    both = answer(post, "lead@example.org", card, "genba@genba.test", "approve: two only")
    assert position(inst) > before
    done, mails = position(inst), len(post.box(people["lead"]))
    address = card["Reply-To"].addresses[0].addr_spec
    both.replace_header("To", "genba@genba.test")
    post.deliver(both, "lead@example.org", [address, "genba@genba.test"])
    assert position(inst) == done
    assert len(post.box(people["lead"])) == mails


def answer(post: Post, sender: str, card: EmailMessage, to: str, text: str) -> EmailMessage:
    """An answer of a program that goes by From."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = sender, to
    message["Subject"] = f"RE: {card['Subject']}"
    message["Message-ID"] = f"<{abs(hash((sender, text)))}@example.org>"
    message["In-Reply-To"] = str(card["Message-ID"])
    message["References"] = f"{card['References']} {card['Message-ID']}"
    message.set_content(text)
    post.send(message, sender)
    return message
