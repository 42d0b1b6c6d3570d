"""A mail nobody vouches for waits until its person confirms it, at their own address, by mail."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from genba.channels.mail.confirming import KIND
from genba.channels.mail.site import use_site
from genba.journal.contract import CaseQuery
from genba.journal.records import CaseId
from genba.people.access import may_follow_stream
from genba.people.directory import Known
from genba.runtime.clock import FixedClock
from genba.runtime.installation import Installation

from .company import Post, Started, attempts, open_nodes, position, text_of, words

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def waiting(post: Post, people: dict[str, Known], to_approval: Started) -> Post:
    """An approval is asked of the lead, and from now on nobody vouches for any mail."""
    to_approval()
    post.newest(people["lead"])
    use_site(replace(post.site, demo=False))
    return post


@pytest.mark.security("S8")
def test_an_unproven_mail_is_done_once_its_person_confirms_it(
    inst: Installation, waiting: Post, people: dict[str, Known]
) -> None:
    lead = people["lead"]
    cards = len(waiting.box(lead))
    before = position(inst)
    sent = waiting.reply(lead, waiting.newest(lead), "approve: two only\n\nA question, too")
    asked = waiting.newest(lead)
    assert open_nodes(inst) == ["approve"]
    assert "approve: two only" in text_of(asked)
    assert "“confirm”" in text_of(asked)
    waiting.send(sent, lead.address)  # delivered again: asked once
    assert len(waiting.box(lead)) == cards + 1

    waiting.reply(lead, asked, "confirm")
    assert open_nodes(inst) == ["order"]
    assert "A question, too" in words(inst)
    assert "two only" in " ".join(words(inst))
    assert position(inst) > before
    done = position(inst)
    waiting.reply(lead, asked, "confirm")
    assert position(inst) == done
    assert [one.outcome for one in attempts(inst)].count("confirmed") == 1


@pytest.mark.security("S7")
@pytest.mark.security("S8")
def test_only_the_mail_at_the_registered_address_confirms(
    inst: Installation, waiting: Post, people: dict[str, Known]
) -> None:
    lead = people["lead"]
    waiting.reply(lead, waiting.newest(lead), "approve")
    asked = waiting.newest(lead)
    before = position(inst)
    waiting.reply("stranger@example.com", asked, "confirm")
    waiting.reply(people["deputy"], asked, "confirm")
    waiting.reply(lead, asked, "approve")  # not the word
    waiting.reply(lead, asked, "confirm?")
    waiting.reply(lead, asked, "", Auto_Submitted="auto-replied")
    waiting.reply(lead, asked, "confirm", Auto_Submitted="auto-replied")
    assert position(inst) == before
    assert open_nodes(inst) == ["approve"]
    assert "confirm" in text_of(waiting.newest(lead))
    waiting.reply(people["lead"], asked, "CONFIRMÉ.")
    assert open_nodes(inst) == ["order"]


@pytest.mark.security("S15")
def test_nobody_is_asked_more_than_three_times_a_day_on_one_card(
    inst: Installation, waiting: Post, people: dict[str, Known]
) -> None:
    lead = people["lead"]
    card = waiting.newest(lead)
    before = len(waiting.box(lead))
    for number in range(8):
        waiting.reply(lead, card, f"approve number {number}")
    assert len(waiting.box(lead)) == before + 3


def test_a_start_nobody_vouches_for_waits_too(
    inst: Installation, waiting: Post, people: dict[str, Known]
) -> None:
    staff = people["staff"]
    text = "Please.\nAmount in euros: 20"
    waiting.write(staff, "start+purchase@genba.test", text, subject="A cable")
    with inst.journal.reading() as reading:
        assert len(reading.cases(CaseQuery())) == 1
    waiting.reply(staff, waiting.newest(staff), "Confirm")
    with inst.journal.reading() as reading:
        found = {case.title for case in reading.cases(CaseQuery())}
    assert any("A cable" in title for title in found)
    assert len(found) == 2


def test_what_waits_is_erased_in_time(
    inst: Installation, waiting: Post, people: dict[str, Known], clock: FixedClock
) -> None:
    lead = people["lead"]
    waiting.reply(lead, waiting.newest(lead), "approve")
    asked = waiting.newest(lead)
    with inst.journal.reading() as reading:
        (kept,) = reading.streams(KIND)
        content = reading.content(CaseId(kept.id), "mail")
    assert content is not None
    assert b"approve" in content.body
    assert not may_follow_stream(people["staff"], kept.id)
    clock.advance(timedelta(days=3, minutes=1))
    waiting.loop.drain()
    with inst.journal.reading() as reading:
        content = reading.content(CaseId(kept.id), "mail")
    assert content is not None
    assert content.erased
    assert content.body == b""
    waiting.reply(lead, asked, "confirm")
    assert open_nodes(inst) == ["approve"]
