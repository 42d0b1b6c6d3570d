"""A process by mail alone, over real sockets: start, approve, talk, be away, come too late."""

import re
import smtplib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid
from pathlib import Path

import pytest
from django.test import Client
from msgspec.structs import replace

from genba.cases.deployment import deploy_drawing
from genba.channels.mail import mailbox
from genba.channels.mail.listener import Listener, listen
from genba.channels.mail.outbound import connect
from genba.channels.mail.site import Site, use_site
from genba.journal.contract import CaseQuery
from genba.journal.records import Attempt, CaseRow
from genba.people.accounts import enrol
from genba.people.directory import Known, by_address
from genba.people.models import Person
from genba.runtime import installation
from genba.runtime.clock import FixedClock
from genba.runtime.installation import Installation
from genba.runtime.loop import Loop

from .test_listener import free_port

AT = datetime(2026, 3, 2, 9, 12, tzinfo=UTC)
DRAWING = Path(__file__).parent / "drawings" / "purchase.bpmn"
LINK = re.compile(r"https?://\S+")

pytestmark = pytest.mark.django_db(transaction=True)


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


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(AT)


@pytest.fixture
def inst(tmp_path: Path, clock: FixedClock, transactional_db: None) -> Iterator[Installation]:
    opened = installation.open_installation(tmp_path)
    opened.clock = clock
    installation.install(opened)
    yield opened
    installation.install(None)
    opened.journal.close()


@pytest.fixture
def post(inst: Installation, tmp_path: Path) -> Iterator[Post]:
    site = Site(
        domain="genba.test",
        url="http://testserver",
        port=free_port(),
        mailbox=tmp_path / "mailbox",
        demo=True,
    )
    use_site(site)
    connect(inst)
    listener: Listener = listen(site)
    yield Post(inst, site)
    listener.stop()
    use_site(None)


@pytest.fixture
def people(transactional_db: None) -> dict[str, Known]:
    rows = {
        "staff": ("Staff member", ["Staff"], "en"),
        "lead": ("Team lead", ["Team lead"], "en"),
        "deputy": ("Deputy lead", ["Team lead"], "fr"),
        "buyer": ("Buyer", ["Buying"], "en"),
    }
    return {
        key: enrol(f"{key}@example.org", None, name=name, groups=groups, locale=locale)
        for key, (name, groups, locale) in rows.items()
    }


@pytest.fixture
def deployed(inst: Installation) -> None:
    made = deploy_drawing(inst, DRAWING.read_bytes(), DRAWING.name, "")
    assert not isinstance(made, tuple), made


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


Started = Callable[[], None]


@pytest.fixture
def to_approval(post: Post, people: dict[str, Known], deployed: None) -> Started:
    """A purchase started by mail and brought to its approval by mail."""

    def go() -> None:
        post.write(
            people["staff"],
            "start+purchase@genba.test",
            "The old ones fail twice a week.\nAmount in euros: 5 940",
            subject="3 laptops",
        )
        post.reply(people["buyer"], post.newest(people["buyer"]), "Done")
        post.reply(people["buyer"], post.newest(people["buyer"]), "Yes.")

    return go


def test_a_purchase_by_mail_alone(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    case = the_case(inst)
    assert "3 laptops" in case.title
    assert case.started_by == people["staff"].id
    assert words(inst) == ["The old ones fail twice a week."]
    started = post.box(people["staff"])[-1]
    assert "Started" in text_of(started)
    assert started["Auto-Submitted"] == "auto-replied"

    card = post.newest(people["lead"])
    assert str(card["Subject"]) == case.title
    assert "approve" in text_of(card)
    french = post.newest(people["deputy"])
    assert "On vous demande" in text_of(french)

    post.reply(people["lead"], card, "Approve, if under 6000 €")
    assert open_nodes(inst) == ["order"]
    answer = post.newest(people["lead"])
    assert "Approved." in text_of(answer)
    assert str(answer["Subject"]) == case.title
    assert "if under 6000 €" in words(inst)

    post.reply(people["buyer"], post.newest(people["buyer"]), "done")
    assert the_case(inst).status == "completed"


def test_other_words_become_a_comment(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    card = post.newest(people["lead"])
    before = len(post.box(people["lead"]))
    post.reply(people["lead"], card, "Could you approve this later? I am in a meeting.\nThanks")
    assert open_nodes(inst) == ["approve"]
    assert words(inst)[-1] == "Could you approve this later? I am in a meeting.\nThanks"
    assert len(post.box(people["lead"])) == before
    told = post.newest(people["staff"])
    assert "Team lead wrote:" in text_of(told)
    assert "in a meeting" in text_of(told)

    post.reply(people["staff"], told, "It is urgent")
    assert words(inst)[-1] == "It is urgent"


def test_a_doubt_is_asked_back_once(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    card = post.newest(people["lead"])
    before = len(post.box(people["lead"]))
    for _time in range(3):
        post.reply(people["lead"], card, "approve?")
    assert open_nodes(inst) == ["approve"]
    mails = post.box(people["lead"])
    assert len(mails) == before + 1
    assert "“approve”" in text_of(mails[0])
    post.reply(people["lead"], mails[0], "approve")
    assert open_nodes(inst) == ["order"]


def test_an_out_of_office_changes_nothing(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    card = post.newest(people["lead"])
    before, mails = position(inst), len(post.box(people["lead"]))
    absent = "Approve requests go to the deputy, I am away"
    post.reply(people["lead"], card, absent, Auto_Submitted="auto-replied (vacation)")
    post.reply(people["lead"], card, "approve", Precedence="bulk")
    post.reply(people["lead"], card, "approve", X_Autoreply="yes")
    message = EmailMessage(policy=SMTP)
    message["From"] = people["lead"].address
    message["To"] = card["Reply-To"].addresses[0].addr_spec
    message.set_content("approve")
    post.send(message, "")
    assert position(inst) == before
    assert len(post.box(people["lead"])) == mails
    assert open_nodes(inst) == ["approve"]
    assert [one.outcome for one in attempts(inst)].count("automatic") == 4


def test_opening_every_link_changes_nothing(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    links = {
        link
        for who in people.values()
        for mail in post.box(who)
        for link in LINK.findall(text_of(mail))
    }
    assert len(links) >= 4
    before, tried = position(inst), len(attempts(inst))
    client = Client()
    for link in sorted(links):
        path = link.removeprefix("http://testserver")
        for _time in range(20):
            got = client.get(path)
            assert client.head(path).status_code == got.status_code == 200
            assert "<script" not in got.content.decode()
            assert got["Cache-Control"] == "no-store"
            assert got["Referrer-Policy"] == "same-origin"
            assert "script-src" not in got["Content-Security-Policy"]
    assert position(inst) == before
    assert len(attempts(inst)) == tried
    assert open_nodes(inst) == ["approve"]


def test_a_link_acts_only_for_its_person_signed_in(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    (link,) = LINK.findall(text_of(post.newest(people["lead"])))
    path = link.removeprefix("http://testserver")
    press = {"act": "task.approve", "condition": "", "key": "k1"}
    stranger, other, owner = Client(), Client(), Client()
    other.force_login(Person.objects.get(email="staff@example.org"))
    owner.force_login(Person.objects.get(email="lead@example.org"))

    before = position(inst)
    asked = stranger.post(path, press)
    assert asked.status_code == 302
    assert "next=" in asked["Location"]
    assert other.get(path).status_code == other.post(path, press).status_code == 403
    assert position(inst) == before
    assert owner.post(path, {**press, "act": "task.nonsense"}).status_code == 404

    done = owner.post(path, press)
    assert done.status_code == 200
    assert "Approved." in done.content.decode()
    assert owner.post(path, press).status_code == 200
    late = owner.post(path, {**press, "key": "k2"})
    assert late.status_code == 409
    assert open_nodes(inst) == ["order"]
    token = path.rpartition("/")[2]
    assert stranger.get(f"/m/{'a' * 26}").status_code == 404
    address = post.newest(people["deputy"])["Reply-To"].addresses[0].addr_spec
    reply_token = address.partition("+")[2].partition("@")[0]
    assert reply_token != token
    assert owner.get(f"/m/{reply_token}").status_code == 404


def test_a_second_answer_is_told_who_decided_and_when(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    mine, theirs = post.newest(people["lead"]), post.newest(people["deputy"])
    post.reply(people["lead"], mine, "approve")
    before = position(inst)
    post.reply(people["deputy"], theirs, "reject too dear")
    assert position(inst) == before
    assert open_nodes(inst) == ["order"]
    told = text_of(post.newest(people["deputy"]))
    assert "Team lead" in told
    assert "09:12" in told
    assert "mail" in told

    post.reply(people["lead"], mine, "Well, was it right?")
    assert "no longer open" in text_of(post.newest(people["lead"]))
    assert words(inst)[-1] == "Well, was it right?"


def test_the_same_mail_twice_has_no_second_effect(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    sent = post.reply(people["lead"], post.newest(people["lead"]), "A thought\nand another")
    before, mails = position(inst), len(post.box(people["staff"]))
    post.send(sent, "lead@example.org")
    assert position(inst) == before
    approved = post.reply(people["lead"], post.box(people["lead"])[0], "approve")
    before = position(inst)
    answers = len(post.box(people["lead"]))
    for _time in range(3):
        post.send(approved, "lead@example.org")
    assert position(inst) == before
    assert len(post.box(people["lead"])) == answers
    assert len(post.box(people["staff"])) == mails


def test_a_missing_input_is_asked_back_and_the_card_is_not_used_up(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    card = post.newest(people["lead"])
    post.reply(people["lead"], card, "changes")
    assert open_nodes(inst) == ["approve"]
    asked = text_of(post.newest(people["lead"]))
    assert "What to change" in asked
    assert "changes" in asked
    post.reply(people["lead"], post.newest(people["lead"]), "changes\n\nTake the cheaper ones.")
    assert open_nodes(inst) != ["approve"]
    assert "Take the cheaper ones." in words(inst)


def test_somebody_elses_mail_does_nothing(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    card = post.newest(people["lead"])
    before, mails = position(inst), len(post.box(people["lead"]))
    post.reply(people["deputy"], card, "approve")
    post.reply("stranger@example.com", card, "approve")
    message = EmailMessage(policy=SMTP)
    message["To"] = card["Reply-To"].addresses[0].addr_spec
    message.set_content("approve")
    two = b"From: lead@example.org\r\nFrom: stranger@example.com\r\n" + message.as_bytes()
    with smtplib.SMTP(post.site.host, post.site.port) as client:
        client.sendmail("stranger@example.com", [str(message["To"])], two)
    assert position(inst) == before
    assert open_nodes(inst) == ["approve"]
    told = post.box(people["lead"])
    assert len(told) == mails + 1
    assert "not from your own" in text_of(told[0])


def test_an_unproven_mail_gets_a_link_and_does_nothing(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    card = post.newest(people["lead"])
    before = position(inst)
    use_site(replace(post.site, demo=False))
    post.reply(people["lead"], card, "approve")
    assert position(inst) == before
    answer = text_of(post.newest(people["lead"]))
    assert "sign in" in answer
    assert LINK.search(answer)


def test_rights_are_those_of_now(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    card = post.newest(people["deputy"])
    person = Person.objects.get(email="deputy@example.org")
    person.teams.clear()
    before = position(inst)
    post.reply(people["deputy"], card, "approve")
    assert position(inst) == before
    assert open_nodes(inst) == ["approve"]


def test_files_join_the_case(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    card = post.newest(people["lead"])
    message = EmailMessage(policy=SMTP)
    message["From"] = "lead@example.org"
    message["To"] = card["Reply-To"].addresses[0].addr_spec.upper()
    message["Message-ID"] = make_msgid(domain="example.org")
    message.set_content("approve\n\nBest regards\nLead\n")
    message.add_attachment(b"%PDF-1", maintype="application", subtype="pdf", filename="o.pdf")
    post.send(message, "lead@example.org")
    assert open_nodes(inst) == ["order"]
    with inst.journal.reading() as reading:
        files = [one for one in reading.contents(the_case(inst).case) if one.kind == "file"]
        (body,) = [reading.content(one.case, one.id) for one in files]
    assert body is not None
    assert (body.name, body.body) == ("o.pdf", b"%PDF-1")
    assert not any("regards" in one for one in words(inst))


def test_an_unknown_sender_starts_as_a_guest(
    inst: Installation, post: Post, people: dict[str, Known], deployed: None
) -> None:
    post.write(
        "new@example.com", "START+PURCHASE@GENBA.TEST", "Amount in euros: 20", subject="A cable"
    )
    guest = by_address("new@example.com")
    assert guest is not None
    assert guest.is_guest
    assert the_case(inst).started_by == guest.id
    answer = post.newest(guest)
    post.reply(guest, answer, "It is for the projector.")
    assert words(inst) == ["It is for the projector."]


PLAIN = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d">
  <process id="plain" name="A plain thing">
    <startEvent id="start"/>
    <userTask id="look" name="Look"/>
    <endEvent id="end"/>
    <sequenceFlow id="a" sourceRef="start" targetRef="look"/>
    <sequenceFlow id="b" sourceRef="look" targetRef="end"/>
  </process>
</definitions>"""


def test_a_drawing_without_a_form_takes_its_title_from_the_subject(
    inst: Installation, post: Post, people: dict[str, Known]
) -> None:
    made = deploy_drawing(inst, PLAIN, "plain.bpmn", "")
    assert not isinstance(made, tuple), made
    post.write(people["staff"], "start+plain@genba.test", "Please.", subject="Leak\n in room 4")
    assert the_case(inst).title == "A plain thing 1: Leak in room 4"
    assert words(inst) == ["Please."]


def test_a_word_that_is_not_offered_here_is_talk(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    post.reply(people["lead"], post.newest(people["lead"]), "Done\nI have asked the supplier.")
    assert open_nodes(inst) == ["approve"]
    assert words(inst)[-1] == "Done\nI have asked the supplier."


def test_a_mail_to_the_wrong_place_is_told_once(
    inst: Installation, post: Post, people: dict[str, Known], deployed: None
) -> None:
    for _time in range(3):
        post.write(people["staff"], "start+nothing@genba.test", "x", subject="y")
        post.write("stranger@example.com", "start+nothing@genba.test", "x", subject="y")
        post.write(people["staff"], "act+" + "a" * 26 + "@genba.test", "approve")
    (told,) = post.box(people["staff"])
    assert "start+purchase@genba.test" in text_of(told)
    assert by_address("stranger@example.com") is None


def test_a_day_later_an_error_is_told_again(
    inst: Installation,
    post: Post,
    people: dict[str, Known],
    clock: FixedClock,
    deployed: None,
) -> None:
    post.write(people["staff"], "genba@genba.test", "hello")
    clock.advance(timedelta(days=1))
    post.write(people["staff"], "genba@genba.test", "hello again")
    assert len(post.box(people["staff"])) == 2
