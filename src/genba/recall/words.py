"""The words of a text, as far as they tell one text from another, in English and in French.

Rules of this file: pure text; no dictionary, no service. A word is folded (no capitals, no
accents), common words are left out, endings are taken off, so that "orders", "Orders" and "order"
are one. Both languages go through the same rules: a case is talked about in either. A better model
of words is a plug-in with the signature of `words_of` (see `help.models`).
"""

import re
import unicodedata
from collections.abc import Callable, Iterator

from msgspec import Struct

SHORTEST = 3  # letters a word has at least, numbers excepted
LONGEST = 40
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")

# Said in any text, so that they tell nothing. Folded; English, then French.
_SAID_ANYWHERE = """
about after all also and any are because been before but can cannot could did does doing done
dont for from get had has have her here him his how into its just like may more most must not
now off one only our out over please same she should some such than that the their them then
there these they this those too under until use very was were what when where which while who
why will with without would you your
afin ainsi alors apres aucun aussi autre avant avec avoir car cas ces cet cette ceux chez comme
comment dans depuis des deux doit donc elle elles encore entre est etait ete etre eux faire fait
faut ici ils leur leurs lors mais meme mes moi moins mon nos notre nous par parce pas peu peut plus
pour pourquoi pouvez puis quand que quel quelle quels qui quoi sans sera ses son sont sous sur
tes toi ton tous tout toute tres une vers votre vous aux les
"""
COMMON = frozenset(_SAID_ANYWHERE.split())
# Endings, longest first: what is left has at least four letters, three after a short one.
_ENDINGS = (
    "issements", "issement", "ations", "ements", "ation", "ement", "euses", "tions", "tion", "ings",
    "euse", "eurs", "ment", "ness", "ing", "eur", "ees", "ies", "ed", "er", "ee", "es", "ly", "s",
    "x", "y", "e",
)  # fmt: skip


class Word(Struct, frozen=True):
    """A word as it is compared, and as it was written."""

    stem: str
    written: str


Reader = Callable[[str], Iterator[Word]]


def words_of(text: str) -> Iterator[Word]:
    """The telling words of a text, in order, repeated where it repeats them."""
    for match in _WORD.finditer(text):
        written = re.split(r"['’]", match[0])[-1] if _is_elided(match[0]) else match[0]
        plain = folded(written)
        if len(plain) > LONGEST or plain in COMMON:
            continue
        if len(plain) >= SHORTEST or plain.isdigit():
            yield Word(stem(plain), written)


def folded(word: str) -> str:
    """Without capitals and accents."""
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def stem(word: str) -> str:
    """What is left of a folded word without its endings; the same for all its forms, mostly."""
    if any(letter.isdigit() for letter in word):
        return word
    shorter = _without_ending(word)
    while shorter != word:  # "prepayment-s", then "prepay-ment"
        word, shorter = shorter, _without_ending(shorter)
    return word


def _without_ending(word: str) -> str:
    for ending in _ENDINGS:
        least = 3 if len(ending) <= 2 else 4
        if word.endswith(ending) and len(word) - len(ending) >= least:
            return word.removesuffix(ending)
    return word


def _is_elided(word: str) -> bool:
    """French "l'offre", "d’achat": what stands before the mark tells nothing."""
    head = re.split(r"['’]", word)[0]
    return len(head) <= 2 and head != word
