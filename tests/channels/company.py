"""A small company that works by mail: its letter boxes, and what its cases say."""

import os
import re
import smtplib
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid
from pathlib import Path

from genba.channels.mail import mailbox
from genba.channels.mail.site import Site
from genba.journal.contract import CaseQuery
from genba.journal.records import Attempt, CaseRow
from genba.people.directory import Known
from genba.runtime.installation import Installation
from genba.runtime.loop import Loop

AT = datetime(2026, 3, 2, 9, 12, tzinfo=UTC)
DRAWING = Path(__file__).parent / "drawings" / "purchase.bpmn"
LINK = re.compile(r"https?://\S+")

Started = Callable[[], None]


def free_port() -> int:
    """A port below the range the system gives to outgoing connections."""
    first = 21025 + os.getpid() % 1000 * 7  # several test runs may look at the same moment
    for port in range(first, 32000, 7):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise AssertionError("no free port")


class Post:
    """The mail of a small company: everybody's letter box, and the way to send."""

    def __init__(self, inst: Installation, site: Site) -> None:
        self.inst = inst
        self.site = site
        self.loop = Loop(inst)

    def box(self, who: Known) -> list[EmailMessage]:
        """What somebody has got, newest first, after everything due was sent."""
        self.loop.drain()
        assert self.site.mailbox is not None
        names = [kept.name for kept in mailbox.kept(self.site.mailbox, who.address)]
        mails = [mailbox.open_kept(self.site.mailbox, name) for name in names]
        return [mail for mail in mails if mail is not None]

    def newest(self, who: Known) -> EmailMessage:
        return self.box(who)[0]

    def send(self, message: EmailMessage, sender: str) -> None:
        """Hand a mail to the listener."""
        with smtplib.SMTP(self.site.host, self.site.port, timeout=20) as client:
            client.sendmail(sender, [str(message["To"])], message.as_bytes())

    def deliver(self, message: EmailMessage, sender: str, recipients: list[str]) -> None:
        """Hand a mail to the listener, whatever its header says whom it is to."""
        with smtplib.SMTP(self.site.host, self.site.port, timeout=20) as client:
            client.sendmail(sender, recipients, message.as_bytes())

    def write(self, who: Known | str, to: str, text: str, subject: str = "") -> EmailMessage:
        """Somebody writes a new mail."""
        address = who if isinstance(who, str) else who.address
        message = EmailMessage(policy=SMTP)
        message["From"] = address
        message["To"] = to
        message["Subject"] = " ".join(subject.split())
        message["Message-ID"] = make_msgid(domain="example.org")
        message.set_content(text)
        self.send(message, address)
        return message

    def reply(
        self, who: Known | str, mail: EmailMessage, text: str, **headers: str
    ) -> EmailMessage:
        """Somebody answers a mail as a mail program does: quoted below, threaded."""
        address = who if isinstance(who, str) else who.address
        message = EmailMessage(policy=SMTP)
        message["From"] = address
        message["To"] = mail["Reply-To"].addresses[0].addr_spec
        message["Subject"] = f"Re: {mail['Subject']}"
        message["In-Reply-To"] = str(mail["Message-ID"])
        message["References"] = f"{mail['References']} {mail['Message-ID']}"
        message["Message-ID"] = make_msgid(domain="example.org")
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        quoted = "\n".join(f"> {line}" for line in text_of(mail).splitlines())
        message.set_content(f"{text}\n\nOn Mon, 2 Mar 2026 at 09:13, Genba wrote:\n\n{quoted}\n")
        self.send(message, address)
        return message


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def the_case(inst: Installation) -> CaseRow:
    with inst.journal.reading() as reading:
        (case,) = reading.cases(CaseQuery())
    return case


def open_nodes(inst: Installation) -> list[str]:
    with inst.journal.reading() as reading:
        return [work.node for work in reading.works(the_case(inst).case)]


def position(inst: Installation) -> int:
    with inst.journal.reading() as reading:
        return reading.position()


def attempts(inst: Installation) -> list[Attempt]:
    with inst.journal.reading() as reading:
        return reading.attempts()


def words(inst: Installation) -> list[str]:
    with inst.journal.reading() as reading:
        case = the_case(inst).case
        kept = [reading.content(case, one.id) for one in reading.contents(case)]
    return [one.body.decode() for one in kept if one and one.kind == "words"]
