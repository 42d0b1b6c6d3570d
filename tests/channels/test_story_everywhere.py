"""One purchase in mail, two chat systems, a to-do list and the page, and nobody signs in.

Somebody who only has mail approves with a condition and asks a colleague, who answers in a chat;
whoever asked for it reads both on the case. A scanner opens every link. An old button of another
chat, pressed later, is told who decided, how and when; the entry in the list is gone.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from genba.acts.objects import card_for
from genba.channels.calendar.lists import entries_of
from genba.channels.chat import delivery
from genba.channels.chat.systems import systems, systems_from, use_systems
from genba.channels.matrix.listening import Ear
from genba.channels.pressing import aim_text
from genba.people.directory import Known

from . import company, homeserver, vendor

Write = Callable[[str], str]  # words of the colleague in their chat -> what the bot says


@pytest.fixture
def server(post: company.Post) -> Iterator[vendor.Vendor]:
    with vendor.running() as running:
        use_systems(systems_from(vendor.environment(running.url)))
        delivery.connect(post.inst)
        yield running
        use_systems(None)


@pytest.fixture(params=["zulip", "matrix"])
def colleague(
    request: pytest.FixtureRequest, post: company.Post, server: vendor.Vendor, tmp_path: Path
) -> Iterator[Write]:
    """The colleague's chat: words by Zulip's webhook, or in a room of a real homeserver."""
    if request.param == "zulip":
        speaker = vendor.Speaker("UBUYER", company.AT)
        yield lambda words: str(speaker.write("zulip", words))
        return
    if homeserver.command() is None:
        pytest.skip("not run: no matrix-synapse here; name its python with GENBA_SYNAPSE")
    with homeserver.running(tmp_path) as url:
        yield _room(post, url)


def _room(post: company.Post, url: str) -> Write:
    bot, user = homeserver.User(url, "genba"), homeserver.User(url, "buyer")
    named = {
        "GENBA_MATRIX_URL": url, "GENBA_MATRIX_BOT": bot.name, "GENBA_MATRIX_TOKEN": bot.token,
    }  # fmt: skip
    use_systems({**systems(), **systems_from(named)})
    ear = Ear(post.inst, systems()["matrix"])
    ear.once(0)
    room = user.room_with(bot)
    ear.once(0)

    def write(words: str) -> str:
        user.say(room, words)
        for _turn in range(2):
            ear.once(0)
        own = [one for one in user.read(room) if one["sender"] == bot.name]
        return str(own[-1]["content"]["body"]) if own else ""

    return write


def link(post: company.Post, write: Write, who: Known) -> None:
    write(f"link {who.address}")
    code = company.text_of(post.newest(who)).split("link ")[1].split()[0]
    assert who.name in write(f"link {code}")


def scan(mails: list[Any]) -> None:
    """What a filter of mails does: every link, with GET and HEAD."""
    client = Client()
    for mail in mails:
        for address in company.LINK.findall(company.text_of(mail)):
            path = urlsplit(address).path
            client.get(path)
            client.head(path)


@pytest.mark.security("S1")
@pytest.mark.security("S4")
def test_a_purchase_that_nobody_signs_in_for(
    post: company.Post, people: dict[str, Known], to_approval: company.Started, colleague: Write
) -> None:
    inst = post.inst
    lead = vendor.Speaker("ULEAD", company.AT)
    link(post, lambda words: str(lead.write("mattermost", words)), people["lead"])
    to_approval()
    link(post, colleague, people["buyer"])
    row = company.the_case(inst)
    with inst.journal.reading() as reading:
        (work,) = [one for one in reading.works(row.case) if one.node == "approve"]
        listed = [entry.card.id for entry in entries_of(people["lead"], reading)]
    task = f"{row.case}:{work.work}"
    assert task in listed
    card = card_for("task", task, people["lead"])
    assert card is not None
    button = aim_text(card)

    before = company.position(inst)
    mail = post.newest(people["deputy"])
    scan(post.box(people["deputy"]) + post.box(people["staff"]))
    assert company.position(inst) == before
    question = f"@{people['buyer'].handle} which model fits?"
    post.reply(people["deputy"], mail, f"approve only the cheaper one\n\n{question}")
    assert "approve" not in company.open_nodes(inst)

    colleague(f"{row.number} the small one, it has the same stand")
    seen = card_for("case", row.case, people["staff"])
    assert seen is not None
    story = [moment.text for moment in seen.story if moment.kind == "words"]
    assert [words for words in story if "cheaper" in words or "model" in words or "stand" in words][
        -3:
    ] == ["only the cheaper one", question, "the small one, it has the same stand"]

    told = str(lead.press("mattermost", button, "task.approve")).replace("\\", "")
    assert "Approved by Deputy lead by mail at 09:12" in told
    with inst.journal.reading() as reading:
        assert task not in [entry.card.id for entry in entries_of(people["lead"], reading)]
