"""A company whose mail goes through Postfix, OpenDKIM and Dovecot, read in a terminal program."""

import shutil
import smtplib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from genba.channels.mail.fetching import Fetcher
from genba.channels.mail.inbound import receive
from genba.channels.mail.listener import listen
from genba.channels.mail.outbound import connect
from genba.channels.mail.returned import is_gone
from genba.channels.mail.site import Site, use_site
from genba.journal.contract import CaseQuery
from genba.people.accounts import enrol
from genba.people.directory import Known
from genba.runtime.installation import Installation
from genba.runtime.loop import Loop
from tests.channels import signing
from tests.channels.company import attempts, open_nodes, position, text_of, the_case, words

from . import terminal
from .rig import GONE, Rig, eventually, missing

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(bool(missing()), reason=missing() or "-"),
]


@pytest.fixture(scope="module")
def rig() -> Iterator[Rig]:
    folder = Path(tempfile.mkdtemp(prefix="genba-mail-"))
    servers = Rig(folder)
    try:
        servers.start()
        yield servers
    finally:
        servers.stop()
        shutil.rmtree(folder, ignore_errors=True)


class Company:
    """A company by real mail: `run` sends what is due."""

    def __init__(self, inst: Installation, rig: Rig, site: Site) -> None:
        self.inst, self.rig, self.site, self.loop = inst, rig, site, Loop(inst)

    def new_mail(self, who: Known, count: int) -> None:
        """Wait until somebody has this many mails."""
        self.loop.drain()
        there = eventually(lambda: len(self.rig.mails(who.address)) >= count)
        assert there, f"{who.address}: {len(self.rig.mails(who.address))}\n{self.rig.said()}"

    def begin(self, who: Known) -> None:
        """A new mail starts a purchase; the buyer brings it to its approval on the page."""
        to = "start+purchase@genba.test"
        text = (
            f"From: {who.address}\nTo: {to}\nSubject: 3 laptops\n"
            "Message-ID: <begin@example.org>\nDate: Mon, 2 Mar 2026 09:00:00 +0000\n\n"
            "The old ones fail twice a week.\nAmount in euros: 5940\n"
        )
        self.rig.send(who.address, to, text.encode())
        assert eventually(self._begun), f"{attempts(self.inst)}\n{self.rig.said()}"

    def _begun(self) -> bool:
        with self.inst.journal.reading() as reading:
            return bool(reading.cases(CaseQuery()))


@pytest.fixture
def company(inst: Installation, rig: Rig, deployed: None) -> Iterator[Company]:
    site = Site(
        domain="genba.test",
        url="http://testserver",
        port=rig.listener,
        relay=f"smtp://127.0.0.1:{rig.smtp}",
        keys=str(rig.keys),
    )
    use_site(site)
    connect(inst)
    listener = listen(site)
    for home in (rig.folder / "homes").iterdir():
        shutil.rmtree(home)
    yield Company(inst, rig, site)
    listener.stop()
    use_site(None)


needs_terminal = pytest.mark.skipif(bool(terminal.missing()), reason=terminal.missing() or "-")


@needs_terminal
def test_a_process_is_lived_in_a_terminal(
    company: Company, inst: Installation, people: dict[str, Known], rig: Rig, tmp_path: Path
) -> None:
    staff, buyer, lead = people["staff"], people["buyer"], people["lead"]
    company.begin(staff)
    company.new_mail(buyer, 1)
    terminal.answer_newest(rig, buyer.address, "Done", tmp_path)
    assert eventually(lambda: open_nodes(inst) == ["known"]), rig.said()
    company.new_mail(buyer, 2)
    terminal.answer_newest(rig, buyer.address, "Yes.", tmp_path)
    assert eventually(lambda: open_nodes(inst) == ["approve"]), rig.said()
    company.new_mail(lead, 1)
    terminal.answer_newest(rig, lead.address, "approve: two only\n\nGood price!", tmp_path)
    assert eventually(lambda: open_nodes(inst) == ["order"]), f"{attempts(inst)}{rig.said()}"
    assert eventually(lambda: "Good price!" in words(inst))
    assert not [one for one in attempts(inst) if one.outcome == "unproven"]
    company.new_mail(lead, 2)
    with rig.mailbox(lead.address) as client:
        threads = client.thread("REFERENCES", "ALL")
    assert len(threads) == 1, threads


@needs_terminal
def test_an_unsigned_mail_is_confirmed_in_a_terminal(
    company: Company, inst: Installation, people: dict[str, Known], rig: Rig, tmp_path: Path
) -> None:
    staff = people["staff"]
    company.begin(staff)
    company.new_mail(staff, 1)
    before = position(inst)
    to = str(rig.mails(staff.address)[0]["Reply-To"].addresses[0].addr_spec)
    text = f"From: {staff.address}\nTo: {to}\nMessage-ID: <2@e>\n\nA word of mine\n"
    with smtplib.SMTP("127.0.0.1", rig.listener) as client:  # past the server that signs
        client.sendmail(staff.address, [to], text.encode())
    company.new_mail(staff, 2)
    assert "A word of mine" not in words(inst)
    assert "confirm" in text_of(rig.mails(staff.address)[0])
    terminal.answer_newest(rig, staff.address, "confirm", tmp_path)
    assert eventually(lambda: "A word of mine" in words(inst)), f"{attempts(inst)}{rig.said()}"
    assert position(inst) > before


def test_an_out_of_office_note_never_acts(
    company: Company, inst: Installation, people: dict[str, Known], rig: Rig
) -> None:
    staff = people["staff"]
    rig.answer_always(staff.address, "Withdraw it please, I am away")
    company.begin(staff)
    company.new_mail(staff, 1)
    card = rig.mails(staff.address)[0]
    to = str(card["Reply-To"].addresses[0].addr_spec)
    before = position(inst)
    # Our own mail says what it is and gets no note; one that does not, sent back to the card, does.
    text = f"From: {to}\nTo: {staff.address}\nSubject: x\nMessage-ID: <3@e>\n\nhello\n"
    rig.deliver(to, staff.address, text.encode())
    automatic = "automatic"
    assert eventually(lambda: automatic in {one.outcome for one in attempts(inst)}), rig.said()
    assert [one.outcome for one in attempts(inst)].count(automatic) == 1
    assert position(inst) == before


def test_a_real_bounce_marks_its_address_and_is_told(
    company: Company, inst: Installation, people: dict[str, Known], rig: Rig
) -> None:
    enrol(f"away@{GONE}", None, name="Away", groups=["Buying"])
    company.begin(people["staff"])
    company.new_mail(people["staff"], 1)

    def marked() -> bool:
        with inst.journal.reading() as reading:
            return is_gone(f"away@{GONE}", reading)

    assert eventually(marked), f"{attempts(inst)}{rig.said()}"
    company.new_mail(people["staff"], 2)
    told = text_of(rig.mails(people["staff"].address)[0])
    assert f"away@{GONE}" in told
    assert "no such user" in told


def test_a_mailbox_is_read_as_soon_as_mail_comes(
    company: Company, inst: Installation, people: dict[str, Known], rig: Rig
) -> None:
    staff = people["staff"]
    company.begin(staff)
    company.new_mail(staff, 1)
    to = str(rig.mails(staff.address)[0]["Reply-To"].addresses[0].addr_spec)
    address = f"imap://genba%40example.org:secret@127.0.0.1:{rig.imap}/INBOX"
    site = Site(domain="genba.test", imap=address, keys=str(rig.keys))
    fetcher = Fetcher(site, receive)
    fetcher.start()
    try:
        for number in range(2):  # the second arrives while it waits
            text = (
                f"From: {staff.address}\nTo: {to}\nMessage-ID: <i{number}@e>\n"
                f"Subject: Re\nDate: Mon, 2 Mar 2026 09:0{number}:00 +0000\n\nWord {number}\n"
            )
            rig.deliver(staff.address, "genba@example.org", signing.signed(text.encode()))
            heard = eventually(lambda number=number: f"Word {number}" in words(inst))  # type: ignore[misc]
            assert heard, f"{attempts(inst)}{rig.said()}"
    finally:
        fetcher.stop()
    with rig.mailbox("genba@example.org") as client:
        assert client.search(["UNSEEN"]) == []
    assert the_case(inst).title
