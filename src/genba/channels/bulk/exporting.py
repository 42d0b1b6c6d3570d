"""Cases as the lines of a file.

Rules of this file: pure. JSON lines are cards as they are; CSV has what lists show and a column for
each fact. A cell that a spreadsheet would take for a formula is made text.
"""

import csv
import io
from collections.abc import Sequence

import msgspec

from genba.acts.card import Card
from genba.channels.bulk.lines import CSV

HEAD = ("number", "case", "title", "process", "status", "open", "due")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_cards(cards: Sequence[Card], form: str) -> bytes:
    """The file."""
    if form != CSV:
        return b"".join(msgspec.json.encode(card) + b"\n" for card in cards)
    labels = list(dict.fromkeys(fact.label for card in cards for fact in card.facts))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*HEAD, *map(_cell, labels)])
    for card in cards:
        facts = {fact.label: fact.value for fact in card.facts}
        due = card.due.isoformat() if card.due else ""
        own = [card.number, card.case or card.id, card.title, card.process, card.status]
        row = [*own, "yes" if card.open else "no", due, *(facts.get(one, "") for one in labels)]
        writer.writerow([_cell(str(value)) for value in row])
    return out.getvalue().encode()


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
