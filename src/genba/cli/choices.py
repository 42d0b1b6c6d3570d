"""Who answers in a rehearsal: a file of choices, or whoever sits at the terminal.

Rules of this file: reading what people wrote and turning it into a `Choice`; which of the offers
there are is the rehearsal's business. Whatever a file does not name is answered by the seed.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from genba.cli.answers import Impossible
from genba.engine.graph import Graph
from genba.engine.values import Option, WorkKind
from genba.runtime.offers import Choice, Chooser, Offer

Answers = dict[str, list[str]]  # element (name or id) -> what to answer, each time it comes


class Unfitting(ValueError):
    """What was written answers nothing that is asked; the message says what is."""


class Named(Struct):
    """Answers from a file, by element; the next one each time, the last one for good."""

    answers: Answers
    otherwise: Chooser

    def choose(self, offers: tuple[Offer, ...], graphs: Mapping[int, Graph]) -> Choice:
        """The first offer the file names, else what the other chooser says."""
        for place, offer in enumerate(offers):
            written = self.answers.get(offer.label) or self.answers.get(offer.node)
            if written:
                answer = written.pop(0) if len(written) > 1 else written[0]
                try:
                    return read_answer(answer, offer, place)
                except Unfitting as problem:
                    raise Impossible(f"“{offer.label} = {answer}”: {problem}.") from problem
        return self.otherwise.choose(offers, graphs)


class AtTerminal(Struct):
    """Somebody is asked each time; an empty line where nothing is asked means "done"."""

    ask: Callable[[str], str] = input
    say: Callable[[str], None] = print

    def choose(self, offers: tuple[Offer, ...], graphs: Mapping[int, Graph]) -> Choice:
        """Which of the offers, if there are several, and the answer to it."""
        try:
            place = self._pick(offers) if len(offers) > 1 else 0
            while True:
                try:
                    return read_answer(
                        self.ask(question(offers[place])).strip(), offers[place], place
                    )
                except Unfitting as problem:
                    self.say(f"  {problem}")
        except EOFError:
            return Choice(stop=True)

    def _pick(self, offers: tuple[Offer, ...]) -> int:
        self.say("What happens next?")
        for place, offer in enumerate(offers, 1):
            self.say(f"  {place}  {describe(offer)}")
        while True:
            written = self.ask("number> ").strip() or "1"
            if written.isascii() and written.isdigit() and 1 <= int(written) <= len(offers):
                return int(written) - 1
            self.say(f"  A number from 1 to {len(offers)}.")


def read_answers(text: str) -> Answers:
    """The lines `element = answer` of a file. Raises Impossible with the line that is none."""
    answers: Answers = {}
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        element, equals, answer = line.partition("=")
        if not equals or not element.strip():
            raise Impossible(f"Line {number} of the choices is not `element = answer`: {line}")
        answers.setdefault(element.strip(), []).append(answer.strip())
    return answers


def read_answer(written: str, offer: Offer, place: int) -> Choice:
    """What was written, as the answer to this offer. Raises Unfitting."""
    if written.startswith("{"):
        return Choice(offer=place, data=read_data(written))
    if offer.kind is WorkKind.COUNT:
        if not (written.isascii() and written.isdigit()):
            raise Unfitting("a number is asked")
        return Choice(offer=place, data={"count": int(written)})
    if not offer.options:
        return Choice(offer=place)
    return Choice(offer=place, chosen=read_options(written, offer))


def read_data(written: str) -> dict[str, Any]:
    """A JSON object. Raises Unfitting."""
    try:
        return msgspec.json.decode(written, type=dict[str, Any])
    except msgspec.DecodeError as problem:
        raise Unfitting(f"not a JSON object ({problem})") from problem


def read_options(written: str, offer: Offer) -> tuple[str, ...]:
    """The options somebody named by label, id or number. Raises Unfitting."""
    known = {option.id: option.id for option in offer.options}
    known |= {str(i): option.id for i, option in enumerate(offer.options, 1)}
    known |= {option.label.casefold(): option.id for option in offer.options}
    parts = [written] if written.casefold() in known else written.split(",")
    chosen = [known.get(part.strip().casefold(), known.get(part.strip(), "")) for part in parts]
    if not all(chosen) or (len(chosen) > 1 and not offer.many):
        raise Unfitting(f"{'some' if offer.many else 'one'} of: {list_options(offer.options)}")
    return tuple(chosen)


def list_options(options: tuple[Option, ...]) -> str:
    """The options by name, as they may be written."""
    return ", ".join(option.label or option.id for option in options)


def describe(offer: Offer) -> str:
    """An offer on one line: what, for whom, and when it comes by itself."""
    role = f" ({offer.role})" if offer.role else ""
    when = f", due {offer.due:%Y-%m-%d %H:%M}" if offer.due else ""
    return f"{offer.label}{role}{when}"


def question(offer: Offer) -> str:
    """What the terminal asks."""
    if offer.kind is WorkKind.COUNT:
        return f"{offer.label}: how many? "
    if offer.options:
        numbered = [f"{i} {o.label or o.id}" for i, o in enumerate(offer.options, 1)]
        return f"{offer.label}: {', '.join(numbered)}? "
    return f"{offer.label}: done? (data as JSON, or an empty line) "
