"""Threading, addresses, the site, and the short form in a mail."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genba.channels.mail.addresses import (
    Purpose,
    Recipient,
    bounce_address,
    process_of,
    read_recipient,
    reply_address,
    start_address,
    start_slugs,
)
from genba.channels.mail.blocks import asked_for, first_text, fits_mail, labelled
from genba.channels.mail.site import SiteRefused, site_from
from genba.channels.mail.threads import Thread, answer_thread, card_thread, one_line, root_id

from .conftest import TOKEN


def test_every_mail_of_a_case_is_in_one_thread() -> None:
    first = card_thread(subject="Purchase 88", case="c1", key="a", domain="genba.test")
    second = card_thread(subject="Purchase 88", case="c1", key="b", domain="genba.test")
    assert first.message_id != second.message_id
    assert first.references == second.references == (root_id("c1", "genba.test"),)
    assert first == card_thread(subject="Purchase 88", case="c1", key="a", domain="genba.test")


def test_an_answer_is_in_both_threads() -> None:
    answer = answer_thread(
        subject="Purchase 88", case="c1", key="k", domain="genba.test",
        received_id="<theirs@example.org>",
        received_references="<card.1@genba.test> junk <older@example.org>",
    )  # fmt: skip
    assert answer.in_reply_to == "<theirs@example.org>"
    assert answer.references == (
        root_id("c1", "genba.test"),
        "<card.1@genba.test>",
        "<older@example.org>",
        "<theirs@example.org>",
    )


def test_references_do_not_grow_for_ever() -> None:
    many = " ".join(f"<{n}@example.org>" for n in range(500))
    answer = answer_thread(
        subject="s", case="c1", key="k", domain="genba.test", received_id="<t@e>",
        received_references=many,
    )  # fmt: skip
    assert len(answer.references) == 11
    assert answer.references[-1] == "<t@e>"


@given(st.text())
def test_a_header_text_is_one_line(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert len(line) <= 200


@pytest.mark.parametrize("change", [str, str.upper, str.title])
def test_a_reply_address_survives_any_capitals(change: type[str]) -> None:
    address = change(reply_address(TOKEN, "genba.test"))
    assert read_recipient(address, "genba.test") == Recipient(Purpose.ACT, TOKEN)
    assert len(address.partition("@")[0]) <= 64


@pytest.mark.parametrize(
    ("address", "purpose"),
    [
        (start_address("purchase", "genba.test"), Purpose.START),
        (bounce_address("<m@genba.test>", "genba.test"), Purpose.BOUNCE),
        ("genba@genba.test", Purpose.DESK),
        (f"act+{TOKEN}@elsewhere.test", Purpose.NOBODY),
        (f"act+{TOKEN}x@genba.test", Purpose.NOBODY),
        ("act@genba.test", Purpose.NOBODY),
        ("start@genba.test", Purpose.NOBODY),
        ("root@genba.test", Purpose.NOBODY),
        ("", Purpose.NOBODY),
        ("<>", Purpose.NOBODY),
    ],
)
def test_what_an_address_means(address: str, purpose: Purpose) -> None:
    assert read_recipient(address, "genba.test").purpose is purpose


def test_processes_have_addresses_of_their_own() -> None:
    keys = ("Purchase", "purchase", "Process_1", "日本")
    slugs = start_slugs(keys)
    assert len(set(slugs.values())) == 4
    assert slugs["Process_1"] == "process-1"
    for key, slug in slugs.items():
        assert process_of(slug, keys) == (key,)
    assert process_of("purchase", keys) == ("Purchase", "purchase")
    assert process_of("nothing", keys) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"GENBA_SMTP_URL": "http://relay"},
        {"GENBA_MAIL_PROTOCOL": "uucp"},
        {"GENBA_MAIL_PORT": "many"},
        {"GENBA_MAIL_PORT": "70000"},
    ],
)
def test_a_wrong_setting_is_said(wrong: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(SiteRefused, match=next(iter(wrong))):
        site_from(wrong, tmp_path)


def test_with_a_relay_there_is_no_mailbox(tmp_path: Path) -> None:
    assert site_from({}, tmp_path).mailbox == tmp_path / "mailbox"
    assert site_from({"GENBA_SMTP_URL": "smtp://relay:25"}, tmp_path).mailbox is None


SCHEMA = {
    "required": ["amount", "what"],
    "properties": {
        "amount": {"type": "number", "title": "Amount in €"},
        "what": {"type": "string", "title": "What"},
        "sure": {"type": "boolean", "title": "Sure?"},
    },
}


def test_labelled_lines_fill_a_form() -> None:
    text = "Hello,\nAmount in €: 300\n- what = two chairs: blue\nNote: nothing\nbye"
    fields, rest = labelled(text, SCHEMA)
    assert fields == {"amount": "300", "what": "two chairs: blue"}
    assert rest == "Hello,\nNote: nothing\nbye"


def test_what_a_form_needs() -> None:
    assert asked_for(SCHEMA, but=("what",)) == ("Amount in €",)
    assert fits_mail(SCHEMA)
    assert not fits_mail({"required": list("abcde"), "properties": {}})
    assert first_text(SCHEMA, {}) == "what"
    assert first_text(SCHEMA, {"what": "x"}) == ""


# How programs group mails, as far as they tell: by References (RFC 5256, 3, "REFERENCES", also
# Thunderbird and NeoMutt), by References and an unchanged subject (Gmail), by the subject without
# what was put before it and the one mail that is answered (Outlook).
_BEFORE = re.compile(
    r"^\s*((re|aw|sv|antw|rif|res|fwd?|tr|wg)\s*:|\[[^]]{1,40}\])\s*", re.IGNORECASE
)


def topic(subject: str) -> str:
    while (shorter := _BEFORE.sub("", subject)) != subject:
        subject = shorter
    return subject.casefold()


def our_mails() -> list[Thread]:
    """Two cards, and our answers to a reply that kept its references and to one that lost them."""
    subject = "Purchase 88: 3 laptops"
    first = card_thread(subject=subject, case="c1", key="card:1", domain="genba.test")
    later = card_thread(subject=subject, case="c1", key="card:2", domain="genba.test")
    given = {"subject": subject, "case": "c1", "domain": "genba.test"}
    kept = answer_thread(
        key="a1", received_id="<r1@x>", received_references=f"{first.references[0]}", **given
    )
    lost = answer_thread(key="a2", received_id="<r2@x>", received_references="", **given)
    return [first, later, kept, lost]


def test_references_alone_make_one_thread() -> None:
    roots = {mail.references[0] for mail in our_mails()}
    assert len(roots) == 1


@pytest.mark.parametrize("before", ["Re: ", "AW: ", "[team] Re: ", "RE: SV: ", "Fwd: [x] "])
def test_subject_and_answer_make_one_thread(before: str) -> None:
    mails = our_mails()
    assert {topic(f"{before}{mail.subject}") for mail in mails} == {topic(mails[0].subject)}
    assert [mail.in_reply_to for mail in mails[2:]] == ["<r1@x>", "<r2@x>"]
