"""What becomes of real mail, in figures: `python -m tests.channels [FOLDER]`.

FOLDER holds the mails others published (default `../shared/data/mail`). Exits 1 when a figure is
below what is promised in docs/guide/mail.md.
"""

from collections.abc import Callable, Iterator
from email import message_from_bytes
from pathlib import Path

from msgspec import Struct

from genba.acts.card import Offer
from genba.channels.mail.automatic import why_automatic
from genba.channels.mail.languages import meaning_in_any
from genba.channels.mail.letters import open_letter
from genba.channels.mail.reading import read_text
from genba.channels.mail.rendering import card_text
from genba.channels.mail.reports import read_report
from genba.channels.mail.verbs import Act
from tests.channels.conftest import approval_offers, card, choice_offers, envelope

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "mail"

# What mail programs put above a quotation, and before each of its lines.
HEADS = (
    "On Mon, 2 Mar 2026 at 09:13, Genba <act+abcdefghijklmnopqrstuvwxyz@genba.test> wrote:",
    "On Mon, 2 Mar 2026 at 09:13, Genba <\nact+abcdefghijklmnopqrstuvwxyz@genba.test> wrote:",
    "Le lun. 2 mars 2026 à 09:13, Genba <genba@genba.test> a écrit :",
    "Am 02.03.2026 um 09:13 schrieb Genba:",
    "El lun, 2 mar 2026 a las 9:13, Genba (<genba@genba.test>) escribió:",
    "Il giorno lun 2 mar 2026 alle ore 09:13 Genba <genba@genba.test> ha scritto:",
    "Op ma 2 mrt. 2026 om 09:13 schreef Genba <genba@genba.test>:",
    "Den 2. mar. 2026 kl. 09.13 skrev Genba <genba@genba.test>:",
    "Em seg., 2 de mar. de 2026 às 09:13, Genba <genba@genba.test> escreveu:",
    "2026年3月2日(月) 9:13 Genba <genba@genba.test>:",
    "2026-03-02 9:13 GMT+01:00 Genba <genba@genba.test>:",
    "-----Original Message-----\nFrom: Genba\nSent: 2 March 2026\nTo: Approver\nSubject: Purchase",
    "________________________________\nFrom: Genba <genba@genba.test>\nSent: Monday\nTo: A\n"
    "Subject: Purchase 88",
    "De : Genba <genba@genba.test>\nEnvoyé : lundi 2 mars 2026\nÀ : A\nObjet : Purchase 88",
    "Von: Genba <genba@genba.test>\nGesendet: Montag\nAn: A\nBetreff: Purchase 88",
    "",
)
MARKS = ("> ", ">", "| ", "", "    ")


class Figure(Struct, frozen=True):
    """One promise: how many of how many, and the least share of them, in hundredths."""

    name: str
    reached: int
    all: int
    least: int

    @property
    def kept(self) -> bool:
        """Whether the promise holds."""
        return self.reached * 100 >= self.least * self.all

    def line(self) -> str:
        """The figure in words."""
        share = 100 * self.reached / self.all if self.all else 0.0
        verdict = "" if self.kept else "  BELOW"
        counted = f"{self.reached} of {self.all} ({share:.1f} %)"
        return f"{self.name}: {counted}, promised {self.least} %{verdict}"


def gold(mails: Path) -> tuple[Figure, Figure]:
    """Replies that people have trimmed by hand: the first own line, and all of the own text."""
    folder = mails / "replies-gold"
    names = sorted(file.name for file in (folder / "emails").iterdir())
    exact = first = 0
    for name in names:
        body = (folder / "emails" / name).read_text(encoding="utf-8", errors="replace")
        trimmed = (folder / "trimmed" / name).read_text(encoding="utf-8", errors="replace")
        reading = read_text(body)
        exact += _plain(reading.own) == _plain(trimmed)
        first += _plain(reading.first) == _plain(_first_words(trimmed))
    return (
        Figure("first own line found", first, len(names), 95),
        Figure("own text exact", exact, len(names), 60),
    )


def quoted(mails: Path, ours: str, offers: tuple[Offer, ...]) -> Figure:
    """Our card quoted under every reply, as each program quotes: never an act out of it."""
    tried = harmless = 0
    for body in bodies(mails):
        before = meaning_in_any(read_text(body).first, offers)
        for mail in under(body, ours):
            after = meaning_in_any(read_text(mail).first, offers)
            harmless += not isinstance(after, Act) or after == before
            tried += 1
    return Figure("quoted cards that do nothing", harmless, tried, 100)


def machines(mails: Path, offers: tuple[Offer, ...]) -> tuple[Figure, Figure, Figure]:
    """Bounces and automatic mail: recognised, and never an act."""
    files = sorted((mails / "bounces").glob("*.eml"))
    known = still = read = 0
    for file in files:
        raw = file.read_bytes()
        message = message_from_bytes(raw)
        returned = str(message.get("Return-Path", "somebody@example.org"))
        automatic = why_automatic(message, returned)
        known += bool(automatic)
        found = meaning_in_any(open_letter(raw, returned).reading.first, offers)
        still += bool(automatic) or not isinstance(found, Act)
        read += read_report(message) is not None
    return (
        Figure("automatic mail recognised", known, len(files), 99),
        Figure("automatic mail that does nothing", still, len(files), 100),
        Figure("reports of failure read", read, len(files), 80),
    )


def bodies(mails: Path) -> list[str]:
    """Every reply body of the folder, and three plain ones."""
    files = [
        *sorted((mails / "replies-gold" / "emails").iterdir()),
        *sorted((mails / "replies-crisp").glob("*.txt")),
        *sorted((mails / "replies-mail-parser-reply").glob("*.txt")),
    ]
    texts = [file.read_text(encoding="utf-8", errors="replace") for file in files]
    return [*texts, "", "Thanks!", "\n\n"]


def under(body: str, ours: str) -> Iterator[str]:
    """A reply with our text quoted below it, in the style of each program."""
    for head in HEADS:
        for mark in MARKS:
            lines = "\n".join(f"{mark}{line}" for line in ours.splitlines())
            yield f"{body}\n\n{head}\n\n{lines}\n"


def all_figures(mails: Path, cards: list[tuple[str, tuple[Offer, ...]]]) -> list[Figure]:
    """Every figure, with these cards quoted."""
    return [*gold(mails), *(quoted(mails, *card) for card in cards), *machines(mails, cards[0][1])]


def _plain(text: str) -> str:
    return " ".join(text.split())


def _first_words(text: str) -> str:
    lines = (line.strip() for line in text.splitlines())
    return next((line for line in lines if line and not line.startswith(">")), "")


def main(arguments: list[str], show: Callable[[str], None] = print) -> int:
    """Print the figures; 1 when one is below what is promised, 2 without the mails."""
    mails = Path(arguments[0]) if arguments else FOLDER
    if not mails.is_dir():
        show(f"not run: no real mails in {mails}")
        return 2
    shown = [approval_offers(), choice_offers()]
    cards = [(card_text(card(offers), envelope()), offers) for offers in shown]
    figures = all_figures(mails, cards)
    for figure in figures:
        show(figure.line())
    return 0 if all(figure.kept for figure in figures) else 1
