"""The words of an act in every language people write to us in.

Rules of this file: what a mail prints is in the reader's language; what it may be answered with
is not: somebody who reads German writes "approuver" all the same. The reader's own words (and
the English ones) are asked first, so that another language never changes what they mean; a word
that means two open acts is a doubt, as anywhere. The words themselves are in the catalogues
(message context `declaring.WORD`), where who speaks a language can mend them.
"""

from collections.abc import Iterable
from functools import cache

from django.utils.translation import override
from msgspec.structs import replace

from genba.acts.card import Offer
from genba.acts.declaring import mail_words
from genba.acts.registry import find_act
from genba.channels.mail.verbs import Meaning, Words, meaning

LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "nl", "ja")


def meaning_in_any(line: str, offers: Iterable[Offer], *, ours: str = "") -> Meaning:
    """What a first own line means: in the reader's words, else in those of any language."""
    own = tuple(offers)
    found = meaning(line, own, ours=ours)
    return meaning(line, spoken(own), ours=ours) if isinstance(found, Words) else found


def spoken(offers: Iterable[Offer]) -> tuple[Offer, ...]:
    """The offers with their words in every language; the reader's own come first."""
    return tuple(
        replace(offer, words=tuple(dict.fromkeys([*offer.words, *_foreign(offer.act)])))
        if offer.words
        else offer
        for offer in offers
    )


def _foreign(name: str) -> tuple[str, ...]:
    declaration = find_act(name)
    return words_everywhere(declaration.words) if declaration else ()


@cache
def words_everywhere(words: tuple[str, ...]) -> tuple[str, ...]:
    """These words (message ids) in all the languages, each once."""
    found: dict[str, None] = {}
    for language in LANGUAGES:
        with override(language):
            found.update(dict.fromkeys(mail_words(words)))
    return tuple(found)
