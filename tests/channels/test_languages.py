"""The words that act, in eight languages: all there, none means two things, none acts by chance."""

from itertools import combinations
from typing import Any

import pytest
from django.utils.translation import override

from genba.acts.card import Offer
from genba.acts.declaring import WORD, mail_words
from genba.acts.registry import Declaration, acts
from genba.channels.mail.confirming import WORDS
from genba.channels.mail.languages import LANGUAGES, meaning_in_any, words_everywhere
from genba.channels.mail.rendering import card_mail
from genba.channels.mail.verbs import Act, Doubt, Words, meaning
from genba.people.models import LOCALES
from tests.web.test_catalogue import WEB
from tests.web.test_catalogue import building as catalogues

from .conftest import approval_offers, card, envelope

building = catalogues  # the fixture


def worded() -> list[Declaration]:
    return [one for one in acts() if one.words]


def test_people_can_choose_each_language_of_mail() -> None:
    assert tuple(code for code, _name in LOCALES) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_word_is_in_every_language(building: Any, language: str) -> None:
    source = WEB / "locale" / language / "LC_MESSAGES" / "django.po"
    there = building.messages(source.read_text("utf-8"))
    words = {*WORDS, *(word for one in worded() for word in one.words)}
    wanted = {f"{WORD}\4{word}" for word in words}
    assert [word for word in sorted(wanted) if not there.get(word)] == []


@pytest.mark.parametrize("language", LANGUAGES[2:])
def test_what_is_translated_keeps_its_places_and_is_used(building: Any, language: str) -> None:
    catalogues = {
        code: building.messages(
            (WEB / "locale" / code / "LC_MESSAGES" / "django.po").read_text("utf-8")
        )
        for code in ("fr", language)
    }
    for key, text in catalogues[language].items():
        assert key in catalogues["fr"], "a text that is not in the product"
        assert key.count("%(") == text.count("%(") or not key, key


def test_no_word_of_any_language_means_two_acts_of_an_object() -> None:
    shared = [
        (one.act, other.act, word)
        for one, other in combinations(worded(), 2)
        if one.object == other.object
        for word in set(words_everywhere(one.words)) & set(words_everywhere(other.words))
    ]
    assert shared == []


def offer(name: str, **more: Any) -> Offer:
    (found,) = (one for one in acts() if one.act == name)
    given = {"text_field": found.text_field, "schema": {}, **more}
    return Offer(act=name, label=name, words=mail_words(found.words), primary=True, **given)


def offers() -> tuple[Offer, ...]:
    """A step that is decided and may be done, as an English reader gets it."""
    return (
        offer("task.approve"),
        offer("task.reject", schema={"required": ["reason"]}),
        offer("task.complete"),
        offer("task.claim"),
    )


@pytest.mark.parametrize(
    ("line", "act", "given"),
    [
        ("Approuver", "task.approve", {}),
        ("Genehmigt.", "task.approve", {}),
        ("genehmigt, wenn unter 5000 €", "task.approve", {"condition": "wenn unter 5000 €"}),
        ("ABLEHNEN zu teuer", "task.reject", {"reason": "zu teuer"}),
        ("Aprobado", "task.approve", {}),
        ("rechazar: no hace falta", "task.reject", {"reason": "no hace falta"}),
        ("approvato!", "task.approve", {}),
        ("Rejeitar - é caro", "task.reject", {"reason": "é caro"}),
        ("akkoord", "task.approve", {}),
        ("承認", "task.approve", {}),
        ("承認、二台だけ", "task.approve", {"condition": "二台だけ"}),
        ("却下します 高すぎる", "task.reject", {"reason": "高すぎる"}),
        ("Fertig", "task.complete", {}),
        ("op me nemen", "task.claim", {}),
    ],
)
def test_words_of_every_language_act_whatever_the_reader_reads(
    line: str, act: str, given: dict[str, str]
) -> None:
    found = meaning_in_any(line, offers())
    assert isinstance(found, Act), found
    assert (found.offer.act, found.given) == (act, given)


@pytest.mark.parametrize(
    "line",
    [
        "approve not",
        "done not yet",
        "genehmigt?",
        "fertig bin ich noch nicht",
        "genehmigen ablehnen",
        "aprobar o rechazar",
        "terminado todavía no",
        "fatto non ancora",
        "feito ainda não",
        "klaar ben ik niet",
        "terminé ce n'est pas",
        "承認 しない",
        "承認、まだ",
    ],
)
def test_a_doubt_is_asked_back_in_every_language(line: str) -> None:
    assert isinstance(meaning_in_any(line, offers()), Doubt)


@pytest.mark.parametrize("line", ["承認しません", "Genehmigung folgt", "la aprobación", "No", "ok"])
def test_what_only_looks_like_a_word_is_conversation(line: str) -> None:
    assert isinstance(meaning_in_any(line, offers()), Words)


def test_the_readers_own_words_come_first() -> None:
    own = Offer(act="task.claim", label="Own", schema={}, words=("akkoord",))
    found = meaning_in_any("akkoord", (own, offer("task.approve")))
    assert isinstance(found, Act)
    assert found.offer.act == "task.claim"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.security("S11")
def test_a_card_in_any_language_prints_its_words_and_none_acts(language: str) -> None:
    with override(language):
        shown = card(offers())
        part = card_mail(shown, envelope()).get_body(("plain",))
        assert part is not None
        text = str(part.get_content())
        assert f"  {shown.offers[0].words[0]}" in text
        for line in text.splitlines():
            assert not isinstance(meaning_in_any(line, shown.offers), Act), line
        for own in shown.offers[0].words:
            assert isinstance(meaning(own, approval_offers()), Act | Words)
