"""What a first own line means: exactly an offered act, a doubt, or words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from genba.acts.card import Offer
from genba.channels.mail.verbs import Act, Doubt, Words, meaning

from .conftest import approval_offers, choice_offers


@pytest.mark.parametrize(
    ("line", "act", "given_input"),
    [
        ("approve", "task.approve", {}),
        ("  APPROVE!  ", "task.approve", {}),
        ("*Approve*", "task.approve", {}),
        ("“yes”.", "task.approve", {}),
        ("ａｐｐｒｏｖｅ", "task.approve", {}),
        ("approve: only two laptops", "task.approve", {"condition": "only two laptops"}),
        ("Approve - if under 5,000 €", "task.approve", {"condition": "if under 5,000 €"}),
        ("reject over budget", "task.reject", {"reason": "over budget"}),
        ("reject", "task.reject", {}),
        ("Take it.", "task.claim", {}),
    ],
)
def test_an_offered_word_acts(line: str, act: str, given_input: dict[str, str]) -> None:
    found = meaning(line, approval_offers())
    assert isinstance(found, Act)
    assert (found.offer.act, found.given) == (act, given_input)


@pytest.mark.parametrize(
    "line",
    [
        "approve?",
        "approve if under 5,000?",
        "approve or reject",
        "approve reject",
        "Approve requests go to a colleague, I am away",
        "approve later",
        "reject not",
        "take it please",
    ],
)
def test_a_doubt_is_asked_back(line: str) -> None:
    assert isinstance(meaning(line, approval_offers()), Doubt)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Could you approve this later?",
        "I approve",
        "approval",
        "approve     (you may add words after it)",
        "approved",
        "Yesterday we said no",
        "> approve",
    ],
)
def test_anything_else_is_conversation(line: str) -> None:
    assert isinstance(meaning(line, approval_offers()), Words)


@pytest.mark.parametrize(
    ("line", "act", "given_input"),
    [
        ("yes, with credit", "task.choose", {"flow": "f1"}),
        ("No.", "task.choose", {"flow": "f2"}),
        ("choose No", "task.choose", {"flow": "f2"}),
        ("order", "task.pick", {"flows": ["a"]}),
        ("Order, tell IT", "task.pick", {"flows": ["a", "b"]}),
        ("archive and order", "task.pick", {"flows": ["c", "a"]}),
    ],
)
def test_a_choice_is_its_label(line: str, act: str, given_input: dict[str, object]) -> None:
    found = meaning(line, choice_offers())
    assert isinstance(found, Act)
    assert (found.offer.act, found.given) == (act, given_input)


@pytest.mark.parametrize("line", ["No, wait", "yes", "Order, something else", "maybe no"])
def test_a_choice_with_more_around_it_does_nothing(line: str) -> None:
    assert not isinstance(meaning(line, choice_offers()), Act)


def test_the_same_label_twice_is_asked_back() -> None:
    first, second = choice_offers()
    assert isinstance(meaning("No", (first, *approval_offers(), _renamed("No"))), Doubt)
    assert second.many


def _renamed(word: str) -> Offer:
    return replace(approval_offers()[2], words=(word.lower(),))


@given(st.text(max_size=120))
def test_an_act_begins_with_what_was_offered(line: str) -> None:
    found = meaning(line, approval_offers())
    if isinstance(found, Act):
        letters = line.casefold()
        assert any(word.split()[0][:3] in letters for word in found.offer.words) or not (
            line.isascii()
        )


@pytest.mark.security("S11")
def test_a_line_of_what_we_sent_is_not_taken_for_the_readers_own() -> None:
    line = "approve over 5,000 €."
    assert isinstance(meaning(line, approval_offers()), Act)
    ours = "You are asked because you\napprove over 5,000 €.\n"
    assert isinstance(meaning(line, approval_offers(), ours=ours), Doubt)
    assert isinstance(meaning("approve", approval_offers(), ours=ours), Act)


def test_behind_a_verb_that_asks_a_question_is_no_doubt() -> None:
    schema = {"properties": {"question": {"type": "string"}}, "required": ["question"]}
    ask = Offer(
        act="task.ask", label="Ask", schema=schema, words=("ask for help",), text_field="question"
    )
    for asked in ("May we prepay?", "can we prepay?", "is it later"):
        found = meaning(f"ask for help {asked}", (ask,))
        assert isinstance(found, Act)
        assert found.given == {"question": asked}
    assert isinstance(meaning("ask for help (and say why)", (ask,)), Words | Doubt)


def test_a_sign_that_belongs_to_what_follows_is_kept() -> None:
    for line, text in (("reject -1", "-1"), ("reject - too dear", "too dear")):
        found = meaning(line, approval_offers())
        assert isinstance(found, Act)
        assert found.text == text
