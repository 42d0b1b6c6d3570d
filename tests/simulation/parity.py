"""The same rights in every channel: random people, objects, acts and input, in all of them at once.

    python -m tests.simulation.parity [--seed S] [--cases N]

A company works on cases of two drawings. Each turn draws a person, an object, an act and an input,
and says it in every channel in that channel's own form: a posted form, a request, a mail, a
button, a dialog, words in a chat. Each time it is really said counts as one of the N. What each
would answer is found without an effect (`foresee`), so that all of them answer the same question
about the same state. They must agree: done, refused, missing, with the same words, except that a
channel may ask for more certainty, and that what cannot be said in one must be a link there. Then
one channel does it; every other must show the card as it is now, and answer a second try as the
page does: with who, how and when.

Prints what was drawn and agreed; ends with 1 when anything disagreed.
"""

import os
import sys
import tempfile
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from msgspec import Struct, field

from tests.simulation.saying import WAYS

START = datetime(2026, 3, 2, 9, 12, tzinfo=UTC)
DRAWINGS = Path(__file__).parents[1] / "drawings"
OPEN_CASES = 12
CHANNELS = ("web", "api", "mail", "slack", "mattermost", "teams", "zulip", "matrix")
TEXTS = ("lamp seven", "the blue one", "as discussed", "x")
BAD = ("no such thing", "-1", "2026-13-45", "many " * 60)


class Found(Struct):
    """What a run found. `wrong` says each disagreement in words."""

    drawn: int = 0  # questions: person, object, act, input
    said: int = 0  # questions times the channels they were really put in
    answers: Counter[str] = field(default_factory=Counter)
    linked: int = 0
    stepped_up: int = 0
    asked_back: int = 0
    done: int = 0
    second: int = 0
    told: int = 0
    wrong: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The run in a few lines."""
        answers = ", ".join(f"{count} {name}" for name, count in self.answers.most_common())
        return [
            f"{self.said} put: {self.drawn} questions in up to {len(CHANNELS)} channels each; "
            f"the page answers: {answers}",
            f"{self.linked} linked to the page, {self.stepped_up} asked for more certainty, "
            f"{self.asked_back} asked back or kept as words",
            f"{self.done} done in one channel; {self.second} second tries elsewhere, "
            f"{self.told} told who, how and when",
            f"{len(self.wrong)} contradictions",
            *self.wrong[:20],
        ]


class Said(Struct, frozen=True):
    """What a channel would answer: the verdict, its words, the fields that are wrong.

    `way` is "said" when the act was asked for, "linked" when it cannot be said there, "asked back"
    when words were not taken for it.
    """

    way: str
    verdict: str = ""
    message: str = ""
    errors: tuple[str, ...] = ()


class Draw(Struct, frozen=True):
    """One question: who wants to do what with which object, giving what."""

    person: Any
    object: str
    id: str
    act: str
    given: dict[str, Any]


def simulate(seed: int, cases: int) -> Found:
    """Put so many questions and see that all channels agree; an installation must be open."""
    return Company(Random(seed)).run(cases)


class Company:
    """People, their chats, cases under way, and the ways to say something."""

    def __init__(self, random: Random) -> None:
        from genba.acts.registry import acts
        from genba.channels.contract import channel_named
        from genba.people.accounts import enrol
        from genba.people.directory import ensure_groups, invite
        from genba.runtime.clock import FixedClock
        from genba.runtime.installation import current

        self.random, self.found, self.count = random, Found(), 0
        self.inst = current()
        self.clock = FixedClock(START)
        self.inst.clock = self.clock
        self.acts = acts()
        self.channels = {name: channel_named(name) for name in CHANNELS}
        self.tokens: dict[tuple[str, str, str], str] = {}
        self.cases: list[str] = []
        ensure_groups(["Staff", "Team lead", "Buying", "Board"])
        teams: tuple[list[str], ...] = (
            ["Staff"],
            ["Team lead"],
            ["Buying"],
            ["Board"],
            ["Board", "Buying"],
            [],
            ["Staff"],
        )
        self.people = [
            enrol(
                f"p{n}@example.org", None, name=f"Person {n}", groups=list(groups),
                locale="fr" if n % 4 == 3 else "en",
            )
            for n, groups in enumerate(teams)
        ]  # fmt: skip
        self.people.append(invite("guest@example.org", "Guest"))
        for name in ("purchase", "deciding", "questions"):
            self._deploy(name)

    def run(self, cases: int) -> Found:
        """Draw questions until so many were put, each channel counted."""
        while self.found.said < cases:
            self._stock()
            self._turn(self._draw())
            if self.random.random() < 0.1:
                self.clock.advance(timedelta(minutes=self.random.randrange(1, 90)))
        return self.found

    def _deploy(self, name: str) -> None:
        from genba.cases.deployment import deploy_drawing

        path = DRAWINGS / f"{name}.bpmn"
        made = deploy_drawing(self.inst, path.read_bytes(), path.name, "")
        assert not isinstance(made, tuple), made

    def _stock(self) -> None:
        """Enough cases that something is open."""
        from genba.acts.card import Assurance
        from genba.acts.inbound import Inbound
        from genba.acts.performance import perform

        while len(self.cases) < OPEN_CASES:
            process = self.random.choice(("purchase", "deciding"))
            given = {"title": self.random.choice(TEXTS)}
            if process == "purchase":
                given["amount"] = str(self.random.choice((300, 5940)))
            self.count += 1
            outcome = perform(
                Inbound(
                    channel="web", assurance=Assurance.SESSION, act="process.start", given=given,
                    key=f"start{self.count}", person=self.random.choice(self.people[:3]).id,
                    object="process", object_id=process,
                )
            )  # fmt: skip
            assert outcome.ok, outcome
            self.cases.append(outcome.object_id)

    # What is drawn

    def _draw(self) -> Draw:
        random = self.random
        case = random.choice(self.cases)
        with self.inst.journal.reading() as reading:
            works = reading.works(case, open_only=False)  # type: ignore[arg-type]
        if all(work.closed_at is not None for work in works):
            self.cases.remove(case)  # it is asked about once more, and then another one is begun
        open_works = [work for work in works if work.closed_at is None]
        work = random.choice(open_works if open_works and random.random() < 0.85 else works)
        objects = [("task", f"{case}:{work.work}")] * 20 + [("case", case)] * 6
        objects += [("process", "purchase"), ("person", random.choice(self.people).id)]
        objects += [("case", "0" * 32), ("task", f"{case}:w999")]
        object, id = random.choice(objects)
        person = random.choice(self.people)
        if object == "task" and random.random() < 0.5:  # somebody who is asked, rather
            shuffled = random.sample(self.people, len(self.people))
            person = next((one for one in shuffled if self._asked(one, id)), person)
        names = [one for one in self.acts if one.object == object]
        offers = self._offers(person, object, id)
        if offers and random.random() < 0.75:
            asked = [offer for offer in offers if offer.primary]
            offer = random.choice(asked if asked and random.random() < 0.5 else offers)
            return Draw(person, object, id, offer.act, self._given(offer.schema))
        declaration = random.choice(names)
        from genba.acts.schemas import schema_of

        return Draw(person, object, id, declaration.act, self._given(schema_of(declaration.input)))

    def _asked(self, person: Any, id: str) -> bool:
        return any(offer.primary for offer in self._offers(person, "task", id))

    def _offers(self, person: Any, object: str, id: str) -> tuple[Any, ...]:
        from genba.acts.objects import card_for

        card = card_for(object, id, person, full=False)
        own = () if card is None else card.offers
        return tuple(one for one in own if one.act.partition(".")[0] == object)

    def _given(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Input as any channel can carry it, one line each: often right, sometimes not."""
        random = self.random
        needed = schema.get("required", ())
        return {
            name: self._value(rule)
            for name, rule in schema.get("properties", {}).items()
            if random.random() < (0.9 if name in needed else 0.25)
        }

    def _value(self, rule: dict[str, Any]) -> Any:
        from genba.channels.fields import Kind, kind_of, options_of

        random = self.random
        if random.random() < 0.12:
            return random.choice(BAD)
        options = options_of(rule)
        match kind_of(rule):
            case Kind.SEVERAL:
                return [random.choice(options).value] if options else []
            case Kind.CHOICE:
                return random.choice(options).value if options else "x"
            case Kind.YES_NO:
                return random.choice(("true", "false"))
            case Kind.NUMBER:
                return str(random.randrange(0, 120))
            case Kind.DATE:
                return f"2026-03-{random.randrange(3, 29):02}"
            case Kind.INSTANT:
                return f"2026-03-{random.randrange(3, 29):02} 14:30"
            case Kind.PERSON:
                return random.choice(self.people).address
            case Kind.FILE:
                return "eA=="
            case _:
                return random.choice(TEXTS)

    # What is compared

    def _turn(self, draw: Draw) -> None:
        from genba.acts.card import Assurance
        from genba.acts.performance import foresee

        self.found.drawn += 1
        self.found.said += 1
        page = self._say("web", draw, foresee)
        self.found.answers[page.verdict] += 1
        level = self._needed(draw)
        can: list[str] = []
        for name in CHANNELS[1:]:
            said = self._say(name, draw, foresee)
            least = Assurance.SESSION if name == "api" else Assurance.CHANNEL
            if self._agree(name, draw, page, said, stepped=level > least):
                can.append(name)
        if page.verdict == "done" and draw.act != "chats.link" and self.random.random() < 0.6:
            self._really(draw, page, [*can, "web"])

    def _needed(self, draw: Draw) -> int:
        offer = next(
            (o for o in self._offers(draw.person, draw.object, draw.id) if o.act == draw.act), None
        )
        return int(offer.assurance) if offer else 0

    def _agree(self, name: str, draw: Draw, page: Said, said: Said, *, stepped: bool) -> bool:
        """Whether a channel answers as the page does; True when it would do it too."""
        if said.way == "linked":
            self.found.linked += 1
            return False
        self.found.said += 1
        if said.way == "asked back":
            self.found.asked_back += 1
            return False
        if said.verdict == "step-up" and stepped:
            self.found.stepped_up += 1
            return False
        same = (said.verdict, said.message, said.errors) == (
            page.verdict, page.message, page.errors,
        )  # fmt: skip
        if not same:
            self.found.wrong.append(f"{name}: {said} but the page: {page} for {_short(draw)}")
        return same and said.verdict == "done"

    def _really(self, draw: Draw, page: Said, can: list[str]) -> None:
        """One channel does it; the others hear of it."""
        from genba.acts.objects import card_for
        from genba.acts.performance import foresee, perform

        channel = self.random.choice(can)
        done = self._say(channel, draw, perform)
        self.found.done += 1
        if (done.verdict, done.message) != ("done", page.message):
            self.found.wrong.append(f"{channel} did {done}, foretold {page}: {_short(draw)}")
            return
        who = self.random.choice([draw.person, *self.people])
        late = Draw(who, draw.object, draw.id, draw.act, draw.given)
        second = self._say("web", late, foresee)
        for name in CHANNELS[1:]:
            said = self._say(name, late, foresee)
            if said.way != "said" or said.verdict == "step-up":
                continue
            self.found.second += 1
            if (said.verdict, said.message) != (second.verdict, second.message):
                self.found.wrong.append(f"{name} then: {said}, the page: {second}: {_short(late)}")
            elif said.verdict == "gone":
                self._told(name, said, channel, draw, who)
        card = card_for(draw.object, draw.id, draw.person)
        if card is not None:
            self._shown(card, draw)

    def _told(self, name: str, said: Said, channel: str, draw: Draw, who: Any) -> None:
        """A second try hears who decided, through what and when."""
        from django.utils.translation import gettext, override

        from genba.cases.wording import moment_of, through

        now = self.clock.now()
        with override(who.locale):
            where, when, you = through(channel), moment_of(now, now), gettext("you")
        doer = you if who.id == draw.person.id else draw.person.name
        if draw.object != "task":
            return  # of a case that is over it is said how and when
        over = self._over(draw)  # of what somebody else has only taken it is said who
        if all(part in said.message for part in ((doer, where, when) if over else (doer,))):
            self.found.told += 1
        else:
            self.found.wrong.append(f"{name} does not say who: {said.message} ({_short(draw)})")

    def _over(self, draw: Draw) -> bool:
        case, _, name = draw.id.partition(":")
        with self.inst.journal.reading() as reading:
            work = reading.work(case, name)  # type: ignore[arg-type]
        return work is None or work.closed_at is not None

    def _shown(self, card: Any, draw: Draw) -> None:
        """Every channel shows the card as it is now: its state, and no act that is over."""
        from django.utils.translation import override

        from genba.channels.contract import Surroundings

        for name in ("mail", "slack", "mattermost", "teams", "zulip", "matrix"):
            channel = self.channels[name]
            assert channel is not None
            assert channel.render is not None
            with override(draw.person.locale):
                made = channel.render(card, Surroundings(secret="s"))
            text = made.get_body(("plain",)).get_content() if name == "mail" else str(made)
            over = f"|{draw.act}|" in text and not any(o.act == draw.act for o in card.offers)
            if over:
                self.found.wrong.append(f"{name} still offers what is over: {_short(draw)}")
            if draw.object == "task" and not card.open and not self._says(text, card.status):
                self.found.wrong.append(f"{name} does not say “{card.status}”: {_short(draw)}")

    def _says(self, text: str, status: str) -> bool:
        """Whether a rendering has these words, however it marks and wraps them."""
        plain, shown = (
            "".join(one.replace("\\", "").replace("\u200b", "").split()) for one in (status, text)
        )
        return plain.casefold() in shown.casefold()

    # How it is said

    def _say(self, channel: str, draw: Draw, do: Callable[..., Any]) -> Said:
        """What a channel answers to a question put in its own form."""
        heard: list[tuple[Any, Any]] = []

        def note(inbound: Any) -> Any:
            outcome = do(inbound)
            heard.append((inbound, outcome))
            return outcome

        self.count += 1
        way = WAYS[channel](self, channel, draw, note)
        if way != "said":
            return Said(way)
        for inbound, outcome in heard:
            if inbound.act == draw.act:
                return Said("said", outcome.verdict, outcome.message, tuple(sorted(outcome.errors)))
        return Said("asked back")

    def identity(self, channel: str, person: Any) -> str:
        """Who somebody is in a chat; linked the first time."""
        from genba.journal.records import Envelope
        from genba.people.identities import Linked, mark_of, stream_of
        from genba.runtime.unit import open_unit

        who = {"matrix": f"@p{person.id}:genba.test", "slack": f"T1/U{person.id}",
               "teams": f"t1/{person.id}"}.get(channel, person.id)  # fmt: skip
        name = f"{channel}:{who}"
        if (name, "", "") not in self.tokens:
            self.tokens[(name, "", "")] = who
            with open_unit(self.inst, Envelope(at=self.inst.clock.now(), channel="chat")) as unit:
                stream = unit.stream(stream_of(name))
                stream.record("chat.linked", {"person": person.id})
                stream.keep(Linked(identity=name, person=person.id), marks=(mark_of(person.id),))
        return str(who)

    def token(self, draw: Draw) -> str:
        """The secret of a mail that showed this object to this person."""
        from genba.acts.tokens import issue

        key = (draw.person.id, draw.object, draw.id)
        if key not in self.tokens:
            self.tokens[key] = issue(self.inst, *key, "reply", 400)
        return self.tokens[key]


def _short(draw: Draw) -> str:
    return f"{draw.person.name} {draw.act} on {draw.object} {draw.id[-8:]} with {draw.given}"


@contextmanager
def opened() -> Iterator[None]:
    """An installation in memory, with a clock that stands until it is moved."""
    from genba.journal.memory import MemoryJournal
    from genba.people.directory import id_called
    from genba.runtime.installation import Installation, install

    inst = Installation(MemoryJournal())
    inst.naming = id_called
    install(inst)
    try:
        yield
    finally:
        install(None)


def main() -> int:
    """Run it from the command line."""
    parser = ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=10_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["GENBA_HOME"] = home
        from genba.runtime.installation import install
        from genba.web.boot import prepare

        prepare(Path(home))
        install(None)
        with opened():
            found = simulate(given.seed, given.cases)
    print("\n".join(found.lines()))
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
