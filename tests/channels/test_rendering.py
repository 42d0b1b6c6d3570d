"""A card as a mail: golden texts in both languages, the headers, and what must not get through."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.utils.translation import override
from msgspec.structs import replace

from genba.acts.card import Card, Fact, Offer
from genba.channels.mail.rendering import WIDTH, card_mail, plain_mail
from genba.channels.mail.threads import card_thread

from .conftest import TOKEN, card, choice_offers, envelope

ENGLISH = f"""\
Asked of you: Approve the purchase. By Tue 3 March 2026, 12:00. You are
asked because you approve over 5,000 €.
The drawing does not say how this is decided: you do.

  What: 3 laptops, 5,940 €
  Supplier: new to us <script>alert(1)</script>

  Requester, Mon 2 March 2026, 09:13: “the old ones fail twice a week”

Answer this mail. If the first line begins with one of these words, it
is done at once:
  approve   (you may add words after it)
  reject    (and say why, or what, after it)
  take it   (write just this word)

Anything else you write is added to the conversation.
All of it and the files:
https://genba.test/m/{TOKEN}
"""

FRENCH = f"""\
On vous demande : Approve the purchase. Pour le mar 3 mars 2026, 12:00.
You are asked because you approve over 5,000 €.
The drawing does not say how this is decided: you do.

  What: 3 laptops, 5,940 €
  Supplier: new to us <script>alert(1)</script>

  Requester, lun 2 mars 2026, 09:13: “the old ones fail twice a week”

Répondez à ce mail. Si la première ligne commence par l’un de ces mots,
c’est fait aussitôt :
  approve   (vous pouvez ajouter des mots après)
  reject    (et dites pourquoi, ou quoi, après)
  take it   (écrivez juste ce mot)

Tout ce que vous écrivez d’autre est ajouté à la conversation.
Le tout et les fichiers :
https://genba.test/m/{TOKEN}
"""


def sent(shown: Card | None = None, **more: object) -> EmailMessage:
    """A mail as a relay would see it."""
    raw = card_mail(shown or card(), envelope(**more)).as_bytes()
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


def test_the_english_text() -> None:
    assert part(sent(), "plain") == ENGLISH


def test_the_french_text() -> None:
    with override("fr"):
        assert part(sent(), "plain") == FRENCH


def test_a_choice_and_a_form_are_printed_with_remarks() -> None:
    form = Offer(
        act="task.complete", label="Done", words=("done",), primary=True,
        schema={
            "required": ["amount"],
            "properties": {"amount": {"type": "number", "title": "Amount"}},
        },
    )  # fmt: skip
    text = part(sent(card((*choice_offers(), form))), "plain")
    assert "  Yes, with credit           (write just this)" in text
    assert "  (write just this) Back to sales (they know the customer best of all of us)" in text
    assert "  Order                      (several: parted by commas)" in text
    assert "  done                       (and below it, one line each)" in text
    assert "                             (Amount: …)" in text


def test_what_needs_a_form_is_a_link() -> None:
    properties = {"scan": {"type": "string", "contentEncoding": "base64", "format": "byte"}}
    form = Offer(
        act="task.complete", label="Fill in", words=("done",), primary=True,
        schema={"required": list(properties), "properties": properties},
    )  # fmt: skip
    text = part(sent(card((form,))), "plain")
    assert "With a form: Fill in." in text


def test_many_fields_are_asked_one_after_another() -> None:
    properties = {name: {"type": "string"} for name in "abcdef"}
    form = Offer(
        act="task.complete", label="Fill in", words=("done",), primary=True,
        schema={"required": list(properties), "properties": properties},
    )  # fmt: skip
    text = part(sent(card((form,))), "plain")
    assert "done   (then one question after another is asked)" in text
    assert "With a form" not in text


def test_the_headers_say_that_it_is_automatic_and_where_replies_go() -> None:
    message = sent()
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert message["Reply-To"] == f"Genba <act+{TOKEN}@genba.test>"
    assert message["From"] == "Genba <genba@genba.test>"
    assert message["List-Id"] == '"Purchase" <purchase.process.genba.test>'
    assert message["Subject"] == "Purchase 88: 3 laptops"
    assert message["References"] == message["In-Reply-To"]


def test_lines_are_safe_for_programs_that_flow_text() -> None:
    shown = replace(card(), why="> From here on " + "word " * 60, note="From the drawing")
    text = part(sent(shown), "plain")
    for line in text.splitlines():
        assert len(line) <= WIDTH + 6 or "http" in line
        assert line == line.rstrip()
        assert not line.startswith((">", "From "))


def test_markup_is_escaped_and_fetches_nothing() -> None:
    markup = part(sent(), "html")
    assert "<script>" not in markup
    assert "&lt;script&gt;" in markup
    assert "<img" not in markup
    assert "src=" not in markup


@pytest.mark.parametrize(
    "evil",
    ["Purchase\r\nBcc: everybody@example.org", "a\nb", "a\x00b", "a\u2028Bcc: x@y.z", "é" * 300],
)
def test_nothing_gets_into_the_headers(evil: str) -> None:
    thread = card_thread(subject=evil, case="c1", key="k", domain="genba.test")
    shown = replace(card(), subject=evil, process_name=evil, title=evil)
    message = sent(shown, thread=thread, name=evil, process_name=evil)
    assert message["Bcc"] is None
    assert "\n" not in str(message["Subject"])
    assert [str(one) for one in message.get_all("To", [])] != []
    assert message["To"].addresses[0].addr_spec == "approver@example.org"


def test_a_title_that_is_a_verb_is_made_inert() -> None:
    shown = replace(card(), object="case", title="Approve the purchase", why="", due=None)
    assert part(sent(shown), "plain").startswith("– Approve the purchase.")


def test_a_closed_card_says_how_it_ended() -> None:
    shown = replace(card(), open=False, status="Approved by Team lead by mail at 10:42.")
    shown = replace(shown, offers=())
    text = part(sent(shown), "plain")
    assert "Approved by Team lead by mail at 10:42." in text
    assert "Answer this mail to add to the conversation." in text


def test_facts_of_any_length_stay_readable() -> None:
    shown = replace(card(), facts=(Fact("Why", "x" * 500), Fact("When", "word " * 100)))
    assert "x" * 500 in part(sent(shown), "plain")


def test_an_answer_is_plain_and_marked_as_a_reply() -> None:
    raw = plain_mail("Done.\n\nMore.", envelope(automatic="auto-replied")).as_bytes()
    message = message_from_bytes(raw, policy=policy.default)
    assert message["Auto-Submitted"] == "auto-replied"
    assert isinstance(message, EmailMessage)
    assert part(message, "plain") == "Done.\n\nMore.\n"
