"""Matrix for real: a homeserver, a person in a room, our bot; linked, asked, answered, edited."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from genba.channels.chat import delivery
from genba.channels.chat.posts import showing
from genba.channels.chat.systems import systems, systems_from, use_systems
from genba.channels.matrix.listening import Ear
from genba.people.directory import Known

from . import company, homeserver

_COUNT = count(1)


class Office:
    """A company whose team lead reads Matrix."""

    def __init__(self, post: company.Post, url: str) -> None:
        self.post, self.inst = post, post.inst
        number = next(_COUNT)
        self.bot = homeserver.User(url, f"genba{number}")
        self.ana = homeserver.User(url, f"ana{number}")
        use_systems(
            systems_from(
                {
                    "GENBA_MATRIX_URL": url,
                    "GENBA_MATRIX_BOT": self.bot.name,
                    "GENBA_MATRIX_TOKEN": self.bot.token,
                }
            )
        )
        delivery.connect(self.inst)
        self.ear = Ear(self.inst, systems()["matrix"])
        self.ear.once(0)

    def hear(self) -> None:
        """Everything said so far reaches Genba, and what follows from it leaves."""
        for _turn in range(3):
            self.ear.once(0)
        self.post.loop.drain()
        for _turn in range(2):
            self.ear.once(0)

    def said(self, room: str) -> str:
        """What our bot said last."""
        return [m for m in self.ana.read(room) if m["sender"] == self.bot.name][-1]["content"][
            "body"
        ]

    def link(self, who: Known) -> str:
        """Ana writes to the bot and links her account; the room."""
        room = self.ana.room_with(self.bot)
        self.hear()
        self.ana.say(room, "hello")
        self.hear()
        assert "not known" in self.said(room)
        self.ana.say(room, f"link {who.address}")
        self.hear()
        code = company.text_of(self.post.newest(who)).split("link ")[1].split()[0]
        self.ana.say(room, f"link {code}")
        self.hear()
        assert who.name in self.said(room)
        return room

    def card(self, who: Known) -> tuple[str, str]:
        """The room and the event of the card that was posted for the approval."""
        self.post.loop.drain()
        self.ana.accept()
        case = company.the_case(self.inst).case
        with self.inst.journal.reading() as reading:
            works = [one for one in reading.works(case, open_only=False) if one.node == "approve"]
            (shown,) = showing(reading, "task", f"{case}:{works[-1].work}")
        assert shown.person == who.id
        room, _, event = shown.message.partition(" ")
        return room, event


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if homeserver.command() is None:
        pytest.skip("not run: no matrix-synapse here; name its python with GENBA_SYNAPSE")
    folder: Path = tmp_path_factory.mktemp("synapse")
    with homeserver.running(folder) as url:
        yield url


@pytest.fixture
def office(post: company.Post, server: str) -> Iterator[Office]:
    yield Office(post, server)
    use_systems(None)


@pytest.mark.security("S17")
def test_the_whole_of_it(
    office: Office, people: dict[str, Known], to_approval: company.Started
) -> None:
    inst, ana = office.inst, office.ana
    office.link(people["lead"])
    mails = len(office.post.box(people["lead"]))
    to_approval()
    room, event = office.card(people["lead"])
    assert len(office.post.box(people["lead"])) == mails
    body = next(m["content"]["body"] for m in ana.read(room) if m["event_id"] == event)
    assert "3 laptops" in body
    assert "approve" in body

    # Words are conversation; an edit of them is nothing at all.
    words = ana.say(room, "why three of them?", event)
    office.hear()
    assert "why three of them?" in company.words(inst)
    ana.edit(room, words, "approve")
    office.hear()
    assert "approve" in company.open_nodes(inst)
    assert "approve" not in company.words(inst)

    # A reaction takes the task, which can be taken back; it never approves.
    ana.react(room, event, "👍")
    ana.react(room, event, "✅")
    office.hear()
    assert "approve" in company.open_nodes(inst)
    ana.react(room, event, "👀")
    office.hear()
    with inst.journal.reading() as reading:
        (work,) = [w for w in reading.works(company.the_case(inst).case) if w.node == "approve"]
    assert work.assignee == people["lead"].id

    # An answer in the thread does it, and the card says so in place.
    ana.say(room, "approve only the cheaper one", event)
    office.hear()
    assert "approve" not in company.open_nodes(inst)
    assert "only the cheaper one" in company.words(inst)
    edits = [
        m["content"]["m.new_content"]["body"]
        for m in ana.read(room)
        if m["content"].get("m.relates_to", {}).get("rel_type") == "m.replace"
        and m["content"]["m.relates_to"]["event_id"] == event
    ]
    assert "by you in Matrix" in edits[-1]
    assert "approve (" not in edits[-1]

    # The same word later is told who, how and when.
    ana.say(room, "approve", event)
    office.hear()
    assert "by you in Matrix" in office.said(room)
    assert [m["sender"] for m in ana.read(room)].count(office.bot.name) < 20


@pytest.mark.security("S8")
def test_a_card_decided_elsewhere_is_changed_in_place_and_nobody_else_acts(
    office: Office, people: dict[str, Known], to_approval: company.Started, server: str
) -> None:
    inst, ana = office.inst, office.ana
    office.link(people["lead"])
    to_approval()
    room, event = office.card(people["lead"])
    other = homeserver.User(server, f"bob{office.bot.sent}{id(office)}")
    ana.ask("POST", f"rooms/{room}/invite", {"user_id": other.name})
    other.accept()
    other.say(room, "approve", event)
    office.hear()
    assert "approve" in company.open_nodes(inst)
    mail = office.post.newest(people["deputy"])
    office.post.reply(people["deputy"], mail, "approve")
    office.hear()
    edit = ana.read(room)[-1]["content"]
    assert edit["m.relates_to"] == {"rel_type": "m.replace", "event_id": event}
    assert "Deputy lead by mail" in edit["m.new_content"]["body"]
    ana.say(room, "reject too dear", event)
    office.hear()
    assert "Deputy lead" in office.said(room)
    assert "by mail" in office.said(room)
