"""Meetings of a case: asked by mail, answered by calendars, kept on the case."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from genba.channels.calendar.attendance import answer_in
from genba.channels.calendar.invitations import connect
from tests.channels.company import Post, attempts, text_of, words

pytestmark = pytest.mark.django_db(transaction=True)

AT = "2026-03-05 14:00"


@pytest.fixture
def case(errand: Any, inst: Any, post: Post) -> str:
    """A case whose meetings reach calendars."""
    connect(inst)
    return str(errand())


@pytest.fixture
def meeting(case: str, do: Any, people: Any) -> str:
    """The lead asks the buyer and the deputy to meet; its id."""
    given = {
        "title": "Which box?",
        "starts": AT,
        "to": "buyer@example.org, @deputy-lead",
        "place": "B2",
    }
    made = do(people["lead"], "case.meet", case, **given)
    assert made.ok, made
    return case


def invited(mail: EmailMessage) -> Any:
    """The meeting in an invitation, and its method."""
    (part,) = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
    file = Calendar.from_ical(part.get_content())
    (event,) = file.walk("VEVENT")
    assert part["Content-Type"].params["method"] == file["METHOD"]
    return event, str(file["METHOD"])


def answering(post: Post, who: str, mail: EmailMessage, partstat: str, **headers: str) -> None:
    """What a calendar program sends when somebody presses its button."""
    event, _method = invited(mail)
    to = str(event["ORGANIZER"]).removeprefix("mailto:")
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Some//Calendar//EN", "METHOD:REPLY",
        "BEGIN:VEVENT", f"UID:{event['UID']}", f"SEQUENCE:{event['SEQUENCE']}",
        "DTSTAMP:20260302T100000Z", f"ORGANIZER:mailto:{to}",
        f"ATTENDEE;PARTSTAT={partstat}:mailto:{who}", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = who, to, f"{partstat}: Which box?"
    message["Message-ID"] = make_msgid(domain="example.org")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("This person has answered.")
    file = "\r\n".join(lines) + "\r\n"
    message.add_alternative(file, subtype="calendar", params={"method": "REPLY"})
    post.send(message, who)


def said(card: Any, who: Any, case: str) -> str:
    """What the card says of the meeting."""
    found = [fact.value for fact in card(who, "case", case).facts if fact.label == "Meeting"]
    return found[0] if found else ""


def test_everybody_asked_gets_it_in_their_calendar(
    meeting: str, post: Post, people: Any, card: Any
) -> None:
    mail = post.newest(people["buyer"])
    assert "Team lead asks you to a meeting: “Which box?”" in text_of(mail)
    event, method = invited(mail)
    assert method == "REQUEST"
    assert event["DTSTART"].dt == datetime(2026, 3, 5, 14, 0, tzinfo=UTC)
    assert event["DTEND"].dt == datetime(2026, 3, 5, 15, 0, tzinfo=UTC)
    assert (event["SUMMARY"], event["LOCATION"]) == ("Which box?", "B2")
    assert event["ATTENDEE"] == "mailto:buyer@example.org"  # and nobody else's address
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert "vous invite à une réunion" in text_of(post.newest(people["deputy"]))
    own, _method = invited(post.newest(people["lead"]))
    assert own["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    line = said(card, people["lead"], meeting)
    assert "Which box? · B2 · Team lead: yes; Buyer, Deputy lead: not said yet" in line


def test_a_calendar_answers_and_it_stands_on_the_case(
    inst: Any, meeting: str, post: Post, people: Any, card: Any
) -> None:
    mail = post.newest(people["buyer"])
    before = len(post.box(people["buyer"]))
    answering(post, "buyer@example.org", mail, "ACCEPTED")
    assert "Team lead, Buyer: yes" in said(card, people["lead"], meeting)
    assert attempts(inst)[0].act == "case.attend"
    answering(post, "buyer@example.org", mail, "DECLINED")
    assert "Buyer: no" in said(card, people["lead"], meeting)
    assert len(post.box(people["buyer"])) == before  # nobody waits for an answer to that
    story = card(people["lead"], "case", meeting).story
    assert story[-1].text == "does not come to the meeting “Which box?”"
    assert story[-1].channel == "mail"
    assert words(inst)[2:] == []  # no comment was made of it


def test_plain_words_to_an_invitation_are_talk(
    inst: Any, meeting: str, post: Post, people: Any
) -> None:
    post.reply(people["buyer"], post.newest(people["buyer"]), "Can we do it by phone?")
    assert words(inst)[-1] == "Can we do it by phone?"


def test_it_is_moved_and_called_off_in_the_calendars(
    meeting: str, post: Post, people: Any, do: Any, card: Any
) -> None:
    first = post.newest(people["buyer"])
    answering(post, "buyer@example.org", first, "ACCEPTED")
    offers = {one.act: one for one in card(people["lead"], "case", meeting).offers}
    (choice,) = offers["case.move-meeting"].schema["properties"]["meeting"]["oneOf"]
    moved = {"meeting": choice["const"], "starts": "2026-03-06 09:00"}
    assert do(people["lead"], "case.move-meeting", meeting, **moved).ok
    event, _method = invited(post.newest(people["buyer"]))
    assert (event["SEQUENCE"], event["UID"]) == (1, invited(first)[0]["UID"])
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    answering(post, "buyer@example.org", first, "ACCEPTED")  # to the time it was before
    assert "Buyer, Deputy lead: not said yet" in said(card, people["lead"], meeting)
    assert "was moved to" in text_of(post.newest(people["buyer"]))
    assert not do(people["buyer"], "case.cancel-meeting", meeting, meeting=choice["const"]).ok
    assert do(people["lead"], "case.cancel-meeting", meeting, meeting=choice["const"]).ok
    event, method = invited(post.newest(people["buyer"]))
    assert (method, event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 2)
    assert said(card, people["lead"], meeting) == ""
    assert "case.attend" not in [one.act for one in card(people["buyer"], "case", meeting).offers]


def test_coming_is_no_approval(
    meeting: str, post: Post, people: Any, do: Any, task_of: Any, card: Any
) -> None:
    assert do(people["buyer"], "task.complete", task_of(meeting, "pack")).ok
    signing = task_of(meeting, "sign")
    [mail] = [
        one
        for one in post.box(people["deputy"])
        if one.is_multipart() and "réunion" in text_of(one)
    ]
    answering(post, "deputy@example.org", mail, "ACCEPTED")
    assert card(people["lead"], "task", signing).open
    assert "Deputy lead: yes" in said(card, people["lead"], meeting)


@pytest.mark.security("S7")
def test_a_forwarded_invitation_answers_for_nobody(
    meeting: str, post: Post, people: Any, card: Any
) -> None:
    mail = post.newest(people["buyer"])
    answering(post, "staff@example.org", mail, "ACCEPTED")
    answering(post, "stranger@example.org", mail, "ACCEPTED")
    assert "Buyer, Deputy lead: not said yet" in said(card, people["lead"], meeting)


@pytest.mark.security("S10")
def test_an_automatic_answer_counts_for_nothing(
    meeting: str, post: Post, people: Any, card: Any
) -> None:
    mail = post.newest(people["buyer"])
    answering(post, "buyer@example.org", mail, "DECLINED", Auto_Submitted="auto-replied")
    assert "Buyer, Deputy lead: not said yet" in said(card, people["lead"], meeting)


def test_who_cannot_be_asked_is_said(case: str, do: Any, people: Any) -> None:
    plain = {"title": "x", "starts": AT}
    for to in ("nobody@example.org", "", "lead@example.org"):
        outcome = do(people["lead"], "case.meet", case, to=to, **plain)
        assert "to" in outcome.errors, to
    over = do(people["lead"], "case.meet", case, title="x", starts="2026-03-01 10:00", to="@buyer")
    assert over.errors == {"starts": "That is over."}


@given(st.binary(max_size=400), st.sampled_from(["REPLY", "REQUEST", "reply"]))
def test_whatever_a_calendar_part_holds_is_read_or_left(body: bytes, method: str) -> None:
    head = b"Content-Type: text/calendar; method=" + method.encode() + b"\r\n\r\n"
    start = b"BEGIN:VCALENDAR\r\nMETHOD:" + method.encode() + b"\r\nBEGIN:VEVENT\r\n"
    for file in (body, start + body + b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"):
        assert answer_in(head + file) is None
