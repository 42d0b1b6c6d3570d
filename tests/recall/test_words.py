"""The words of a text as they are compared."""

import pytest

from genba.recall.words import stem, words_of


def stems(text: str) -> list[str]:
    return [word.stem for word in words_of(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The supplier asks for prepayments", "Suppliers asked: prepayment?"),
        ("l’acompte demandé par le fournisseur", "Les fournisseurs demandent des ACOMPTES"),
        ("Référence périmée", "reference perimee"),
        ("deliveries", "delivery"),
    ],
)
def test_forms_of_a_word_are_one(one: str, other: str) -> None:
    first, second = set(stems(one)), set(stems(other))
    assert len(first & second) >= 2 or first == second, (first, second)


def test_common_words_of_both_languages_tell_nothing() -> None:
    assert stems("what is the … for you and me; pour vous et pour moi, dans le …") == []


def test_what_was_written_is_kept_beside() -> None:
    assert [word.written for word in words_of("L’Offre 4711 périmée")] == [
        "Offre",
        "4711",
        "périmée",
    ]


def test_a_short_word_keeps_what_it_has() -> None:
    assert (stem("gas"), stem("bus"), stem("4711s")) == ("gas", "bus", "4711s")
