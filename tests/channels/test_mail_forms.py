"""A form by mail: all of it at once in lines, or one question a mail; files, and mails in mails."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from genba.channels.mail.asking import KIND, Filled, Question, fill, in_words
from genba.channels.mail.reading import Reading, read, read_text
from genba.journal.contract import CaseQuery
from genba.journal.records import CaseId
from genba.people.directory import Known
from genba.runtime.installation import Installation

from .company import Post, open_nodes, text_of, the_case, words

pytestmark = pytest.mark.django_db(transaction=True)

SCHEMA = {
    "properties": {
        "amount": {"type": "number", "title": "Amount"},
        "day": {"type": "string", "format": "date", "title": "Day"},
        "kind": {"type": "string", "enum": ["new", "used"], "title": "Kind"},
        "why": {"type": "string", "title": "Why", "maxLength": 4000},
    },
    "required": ["amount", "day"],
}


def answered(field: str, text: str) -> Filled:
    question = Question(act="task.complete", field=field, given={"kind": "new"})
    return fill(question, read_text(text), SCHEMA)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("amount", "5 940", "5 940"),
        ("day", "2027-03-31", "2027-03-31"),
        ("kind", "Used", "Used"),
        ("why", "Because\nof two things.", "Because\nof two things."),
    ],
)
def test_the_first_line_is_the_value(field: str, text: str, value: str) -> None:
    assert answered(field, text).given == {"kind": "new", field: value}


def test_lines_by_their_titles_fill_several_fields_at_once() -> None:
    found = answered("amount", "Day: 2027-03-31\nAmount: 3\nSee you!\nKind: …")
    assert found.given == {"kind": "new", "day": "2027-03-31", "amount": "3"}
    assert found.words == "See you!\nKind: …"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("amount", "I do not know, ask Buying"),
        ("amount", "How much was it last time?"),
        ("why", "Why do you ask?"),
        ("kind", "neither"),
        ("day", ""),
    ],
)
def test_what_is_no_value_is_conversation(field: str, text: str) -> None:
    found = answered(field, text)
    assert found.wrong
    assert (found.given, found.words) == ({"kind": "new"}, text)


def test_a_question_says_what_it_takes() -> None:
    text = in_words(SCHEMA, ("amount", "day"))
    assert "“Amount” alone in the first line: a number." in text
    assert "  Day: …" in text
    assert "one of new, used" in in_words(SCHEMA, ("kind",))


@pytest.mark.security("S13")
def test_a_step_is_done_one_question_a_mail(
    inst: Installation, post: Post, people: dict[str, Known], deployed: None
) -> None:
    staff, buyer = people["staff"], people["buyer"]
    post.write(staff, "start+purchase@genba.test", "Amount in euros: 9000", subject="A press")
    post.reply(buyer, post.newest(buyer), "done")
    post.reply(buyer, post.newest(buyer), "no, it is new")
    assert open_nodes(inst) == ["quote"]
    card = post.newest(buyer)
    post.reply(buyer, card, "done")
    asked = post.newest(buyer)
    assert "“Second offer” alone in the first line: a number." in text_of(asked)
    assert open_nodes(inst) == ["quote"]

    post.reply(buyer, asked, "They have not answered yet")
    assert "They have not answered yet" in words(inst)
    again = post.newest(buyer)
    assert "a number" in text_of(again)
    assert open_nodes(inst) == ["quote"]
    post.reply(staff, again, "8500")
    assert open_nodes(inst) == ["quote"]
    post.reply(buyer, again, "8 500\n\nThey answered at last.")
    assert open_nodes(inst) == ["approve"]
    assert "They answered at last." in words(inst)
    with inst.journal.reading() as reading:
        kept = [
            content
            for stream in reading.streams(KIND)
            for content in reading.contents(CaseId(stream.id))
        ]
        assert "8500" in str(reading.case(the_case(inst).case))
    assert any(content.erased for content in kept)


def test_files_of_a_mail_become_files_of_the_case(
    inst: Installation, post: Post, people: dict[str, Known], deployed: None
) -> None:
    staff = people["staff"]
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = staff.address, "start+purchase@genba.test"
    message["Subject"], message["Message-ID"] = "A press", "<1@example.org>"
    message.set_content("Amount in euros: 20")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="offer.pdf")
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "supplier@example.com", "Our offer"
    inner.set_content("approve")
    message.add_attachment(inner)
    post.send(message, staff.address)
    with inst.journal.reading() as reading:
        (case,) = reading.cases(CaseQuery())
        files = {one.name: one.media_type for one in reading.contents(case.case) if one.name}
    assert files == {"offer.pdf": "application/pdf", "Our offer.eml": "message/rfc822"}


@pytest.mark.security("S7")
def test_a_mail_inside_a_mail_is_a_file_and_never_the_writers_words() -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "lead@example.org", "Re: Purchase 88"
    inner.set_content("approve")
    outer = EmailMessage()
    outer.set_content("")
    outer.add_attachment(inner)
    found: Reading = read(message_from_bytes(outer.as_bytes()))
    assert found.own == ""
    assert found.first == ""
    (file,) = found.attachments
    assert file.name == "Re Purchase 88.eml"
    assert b"approve" in file.body
