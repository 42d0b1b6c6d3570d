"""Real replies: the first own line, the own text, and never an act out of what is quoted."""

from email import message_from_bytes
from email.message import EmailMessage, Message
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genba.channels.mail.reading import read, read_text, unflow
from genba.channels.mail.rendering import card_mail
from genba.channels.mail.verbs import Act, meaning

from .conftest import approval_offers, card, choice_offers, envelope
from .figures import HEADS, MARKS, gold, quoted


def our_text(offers: str) -> str:
    shown = card(approval_offers() if offers == "approval" else choice_offers())
    part = card_mail(shown, envelope()).get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_gold_replies_are_read_as_people_read_them(mails: Path) -> None:
    first, exact = gold(mails)
    print(first.line(), exact.line(), sep="\n")
    assert first.kept
    assert exact.kept


@pytest.mark.security("S11")
@pytest.mark.parametrize("offered", ["approval", "choice"])
def test_our_quoted_card_never_acts(mails: Path, offered: str) -> None:
    offers = approval_offers() if offered == "approval" else choice_offers()
    found = quoted(mails, our_text(offered), offers)
    print(found.line())
    assert found.kept


@pytest.mark.security("S11")
@pytest.mark.parametrize("offered", ["approval", "choice"])
@pytest.mark.parametrize("mark", MARKS)
def test_no_line_of_our_mail_acts(offered: str, mark: str) -> None:
    offers = approval_offers() if offered == "approval" else choice_offers()
    for line in our_text(offered).splitlines():
        assert not isinstance(meaning(f"{mark}{line}", offers), Act), line
        assert not isinstance(meaning(read_text(f"{mark}{line}").first, offers), Act), line


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("mark", MARKS)
def test_a_verb_above_any_quotation_acts(head: str, mark: str) -> None:
    quoted = "\n".join(f"{mark}{line}" for line in our_text("approval").splitlines())
    reading = read_text(f"Approve\n\n{head}\n\n{quoted}")
    assert reading.first == "Approve"
    assert not reading.below


@pytest.mark.parametrize("head", HEADS[:9])
@pytest.mark.parametrize(
    "own", ["approve, if under 6000 €", "2 of them", "On Monday 2026", "Le 3 mars 2026 ?"]
)
def test_own_words_with_numbers_are_not_the_head_of_a_quotation(head: str, own: str) -> None:
    assert read_text(f"{own}\n\n{head}\n\n> quoted").first == own


@pytest.mark.security("S11")
def test_a_verb_below_a_marked_quotation_acts_only_when_it_stands_apart() -> None:
    head = HEADS[0]
    apart = read_text(f"{head}\n\n> Approve it?\n> please\n\napprove")
    wrapped = read_text(f"{head}\n\n> Please write\napprove\n> on the first line")
    unmarked = read_text(f"{head}\n\nPlease write\n\napprove")
    assert (apart.first, apart.below) == ("approve", True)
    assert wrapped.first == ""
    assert unmarked.first == ""


def test_a_signature_is_no_text() -> None:
    assert read_text("approve\n\n-- \nApprover\nreject").rest == ""
    assert read_text("approve\n\nSent from my iPhone").own == "approve"
    assert read_text("-- \napprove").first == ""


def test_html_only_mail_is_read_without_its_quotation() -> None:
    message = EmailMessage()
    message.set_content(
        "<html><head><style>p{}</style></head><body><div>approve<br></div>"
        "<div class='gmail_quote'><div class='gmail_attr'>On Mon wrote:</div>"
        "<blockquote><ul><li>reject (say why)</li></ul></blockquote></div></body></html>",
        subtype="html",
    )
    assert read(message_from_bytes(message.as_bytes())).own == "approve"


@pytest.mark.parametrize("deep", [50, 3000])
def test_nested_html_does_not_break_the_reader(deep: int) -> None:
    message = EmailMessage()
    message.set_content("<div>" * deep + "approve" + "</div>" * deep, subtype="html")
    read(message_from_bytes(message.as_bytes()))


def test_wrong_charsets_and_encodings_are_read() -> None:
    unknown = message_from_bytes(
        b"Content-Type: text/plain; charset=no-such-thing\n\napprove \xe9t\xe9\n"
    )
    lying = message_from_bytes(
        b"Content-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: base64\n\n"
        b"!!!! not base64 !!!!\n"
    )
    assert read(unknown).first == "approve été"
    assert isinstance(read(lying).own, str)


def test_nested_multiparts_end() -> None:
    inner: Message = EmailMessage()
    inner.set_content("approve")  # type: ignore[attr-defined]
    for _count in range(300):
        outer = EmailMessage()
        outer["Content-Type"] = "multipart/mixed; boundary=b"
        outer.attach(inner)
        inner = outer
    read(inner)


def test_flowed_text_is_joined() -> None:
    assert unflow("reject because it \nis over \nbudget\n-- \nme") == (
        "reject because it is over budget\n-- \nme"
    )
    assert unflow("> quoted \n> text\nown") == "> quoted text\nown"


def test_attachments_lose_their_path_and_keep_their_bytes() -> None:
    message = EmailMessage()
    message.set_content("see the file")
    message.add_attachment(
        b"%PDF", maintype="application", subtype="pdf", filename="..\\..\\étude/offer.pdf"
    )
    (file,) = read(message_from_bytes(message.as_bytes())).attachments
    assert (file.name, file.media_type, file.body) == ("offer.pdf", "application/pdf", b"%PDF")


def test_an_emoji_reaction_is_recognised() -> None:
    message = EmailMessage()
    message.set_content("👍")
    message.add_alternative(
        b'{"emoji": "x"}', maintype="text", subtype="vnd.google.email-reaction+json"
    )
    assert read(message_from_bytes(message.as_bytes())).reaction


@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    reading = read_text(text)
    assert reading.first == reading.first.strip()


@given(st.binary(max_size=600))
def test_any_bytes_are_a_mail(raw: bytes) -> None:
    read(message_from_bytes(raw))
