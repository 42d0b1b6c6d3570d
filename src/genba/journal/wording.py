"""Words as they are looked for: folded, so that case and accents do not matter.

Rules of this file: pure text. The indexes of the databases fold alike (`sql/finding_*.sql`); one
suite of `tests/contract` asks all of them the same.
"""

import re
import unicodedata

MOST_WORDS = 12  # of a question; more narrow nothing down

_BETWEEN = re.compile(r"[\W_]+")


def words_in(text: str) -> list[str]:
    """The words of a text, folded, in order."""
    plain = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return [word for word in _BETWEEN.split(bare.lower()) if word]


def asked_words(text: str) -> list[str]:
    """The words of a question, each once: all must be there, each at least as a beginning."""
    return list(dict.fromkeys(words_in(text)))[:MOST_WORDS]


def has_all(text: str, asked: list[str]) -> bool:
    """Whether a text has words that begin with all those asked for."""
    there = words_in(text)
    return all(any(word.startswith(one) for word in there) for one in asked)


def is_text(media_type: str) -> bool:
    """Whether what a file of this type says can be found."""
    return media_type.startswith("text/") or media_type in ("application/json", "application/xml")
