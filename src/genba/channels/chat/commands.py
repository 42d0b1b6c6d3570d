"""What somebody writes to our name: which card is meant, and what is said about it.

Rules of this file: pure. A card is named by the number of its case, and its step where there are
several: "88", "88/w3". Words after it are read against that card.
"""

import re
from enum import StrEnum

from msgspec import Struct

_CARD = re.compile(r"#?(\d{1,12})(?:/([A-Za-z0-9_-]{1,40}))?(?=$|[\s:,])[\s:,]*")


class Wish(StrEnum):
    """What is wanted."""

    LIST = "list"  # what needs me
    SHOW = "show"  # a card
    SAY = "say"  # something about a card
    LINK = "link"  # a code, or the mail address one is sent to
    HELP = "help"


class Command(Struct, frozen=True):
    """A line to our name, understood."""

    wish: Wish
    number: int = 0
    step: str = ""
    words: str = ""


def read_command(text: str) -> Command:
    """What is wanted; whatever is not understood is answered by help."""
    words = text.strip()
    if not words:
        return Command(Wish.LIST)
    first, _, rest = words.partition(" ")
    if first.casefold() == Wish.LINK and rest.strip():
        return Command(Wish.LINK, words=rest.strip())
    found = _CARD.match(words)
    if found is None:
        return Command(Wish.HELP)
    said = words[found.end() :].strip()
    return Command(Wish.SAY if said else Wish.SHOW, int(found[1]), found[2] or "", said)
