"""Talking on a decision and on a row of its table, through versions."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from genba.acts.inbound import Outcome, Verdict
from genba.cases.decision_objects import talk_counts
from genba.cases.deployment import deploy_file
from genba.journal.records import CaseId
from genba.people.directory import Known, invite
from genba.runtime.installation import Installation
from genba.runtime.notices import WordsNotice, read_notice

People = dict[str, Known]
Do = Callable[..., Outcome]
TABLE = (Path(__file__).parents[1] / "drawings" / "purchase-limit.dmn").read_bytes()
NEW = "purchase-limit#new"


@pytest.fixture
def add(inst: Installation) -> Callable[[bytes], None]:
    """Deploy a version of the table."""

    def deploy(data: bytes) -> None:
        made = deploy_file(inst, data, "purchase-limit.dmn", "")
        assert not isinstance(made, tuple), made

    return deploy


def without(row: bytes) -> bytes:
    """The table without one of its rows."""
    start = TABLE.index(b'<rule id="%s">' % row)
    return TABLE[:start] + TABLE[TABLE.index(b"</rule>", start) + len(b"</rule>") :]


def notices(inst: Installation) -> list[WordsNotice]:
    with inst.journal.reading() as reading:
        rows = reading.due_outbox(inst.clock.now(), 1000)
    return [read_notice(row) for row in rows if row.kind == "words"]


def test_a_comment_on_a_row_tells_who_is_mentioned(
    inst: Installation, people: People, do: Do, card: Callable[..., Any], add: Any
) -> None:
    add(TABLE)
    said = do(people["buyer"], "rule.comment", NEW, text="@staff-member why 5,000?")
    assert said.message == "Added. Told: Staff member."
    (notice,) = notices(inst)
    assert (notice.object, notice.object_id) == ("rule", NEW)
    assert (notice.case, notice.mentioned) == ("decision:purchase-limit#new", (people["staff"].id,))
    shown = card(people["staff"], "rule", NEW)
    assert shown.title == "Purchase limit: row 3: amount at least 5,000 and supplier is new"
    assert (shown.subject, shown.followers, shown.followed) == ("Purchase limit, row 3", 2, True)
    assert [(one.who, one.text) for one in shown.story] == [("Buyer", "@staff-member why 5,000?")]
    assert [(fact.label, fact.value) for fact in shown.facts] == [("way", '"board"')]
    with inst.journal.reading() as reading:
        assert talk_counts(reading, "purchase-limit") == {"new": 1}
    assert inst.journal.verify() == []


def test_the_decision_and_its_rows_are_threads_of_their_own(
    inst: Installation, people: People, do: Do, card: Callable[..., Any], add: Any
) -> None:
    add(TABLE)
    assert do(people["buyer"], "decision.comment", "purchase-limit", text="All of it").ok
    assert do(people["buyer"], "rule.comment", NEW, text="This row").ok
    other = "purchase-limit#small"
    assert do(people["lead"], "rule.ask", other, to="Buying", question="Still true?").ok
    texts = {
        id: [one.text for one in card(people["lead"], object, id).story]
        for object, id in (("decision", "purchase-limit"), ("rule", NEW), ("rule", other))
    }
    assert texts == {
        "purchase-limit": ["All of it"],
        NEW: ["This row"],
        other: ["**To Buying:** Still true?"],
    }
    offers = card(people["buyer"], "rule", NEW).offers
    offered = [offer.act for offer in offers if offer.intent != "said"]
    assert offered == ["rule.comment", "rule.ask", "rule.attach", "rule.unfollow", "rule.mute"]


def test_the_thread_stays_with_the_row_through_versions(
    people: People, do: Do, card: Callable[..., Any], add: Any
) -> None:
    add(TABLE)
    assert do(people["buyer"], "rule.comment", NEW, text="Too high?").ok
    add(TABLE.replace(b"&gt;= 5000", b"&gt;= 4000"))
    shown = card(people["buyer"], "rule", NEW)
    texts = [one.text for one in shown.story]
    assert "Too high?" in texts
    assert "Version 2 changed this row: amount >= 5000 → >= 4000." in texts
    assert (shown.status, shown.note) == ("version 2", "")
    add(without(b"known"))
    assert "Version 3 made it row 2" not in str(card(people["buyer"], "rule", NEW).story)
    assert card(people["buyer"], "rule", NEW).subject == "Purchase limit, row 3"
    add(without(b"new"))
    gone = card(people["helper"], "rule", NEW)
    assert gone.note == "Cette ligne a été supprimée dans la version 4."
    assert do(people["buyer"], "rule.comment", NEW, text="It was good").ok
    assert do(people["buyer"], "rule.comment", "purchase-limit#odd", text="?").verdict is (
        Verdict.UNKNOWN_OBJECT
    )


def test_a_row_without_an_id_goes_by_its_number(
    people: People, do: Do, card: Callable[..., Any], add: Any
) -> None:
    add(TABLE.replace(b'<rule id="new">', b"<rule>"))
    assert do(people["buyer"], "rule.comment", "purchase-limit#3", text="Why?").ok
    assert card(people["buyer"], "rule", "purchase-limit#3").story[-1].text == "Why?"
    assert not do(people["buyer"], "rule.comment", NEW, text="Why?").ok


def test_following_a_row_and_a_decision(
    inst: Installation, people: People, do: Do, card: Callable[..., Any], add: Any
) -> None:
    add(TABLE)
    followed = do(people["lead"], "rule.follow", NEW)
    assert (followed.ok, followed.undo) == (True, "rule.unfollow")
    assert do(people["lead"], "rule.follow", NEW).verdict is Verdict.FORBIDDEN
    with inst.journal.reading() as reading:
        assert reading.followers(CaseId("decision:purchase-limit#new")) == [people["lead"].id]
        assert reading.followers(CaseId("decision:purchase-limit")) == []
    assert do(people["lead"], "rule.unfollow", NEW).ok
    assert not card(people["lead"], "rule", NEW).followed


def test_guests_talk_on_no_rules(people: People, do: Do, add: Any) -> None:
    add(TABLE)
    guest = invite("guest@example.org", "Guest")
    for act, id in (("decision.comment", "purchase-limit"), ("rule.comment", NEW)):
        assert do(guest, act, id, text="Hello").verdict is Verdict.UNKNOWN_OBJECT


def test_a_file_on_a_row(
    inst: Installation, people: People, do: Do, card: Callable[..., Any], add: Any
) -> None:
    add(TABLE)
    assert do(people["buyer"], "rule.attach", NEW, file="aGk=", name="why.txt", comment="Read").ok
    story = card(people["buyer"], "rule", NEW).story
    assert [(one.kind, one.file) for one in story] == [("file", "why.txt"), ("words", "")]
