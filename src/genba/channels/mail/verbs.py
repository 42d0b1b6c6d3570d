"""The first own line of a mail against what the card offers: an act, words, or a doubt.

Rules of this file, pure and strict:

1. A line acts when it is exactly an offered word or choice, or an offered word with text after it
   where the offer has an input for text. Capitals and punctuation at the end do not matter.
2. Never guess. A question, two readings, or an offered word with more around it than it can
   carry is a `Doubt`: the text is kept as a comment and the writer is asked back.
3. Nothing our own mails print is an act, so that a card quoted without quotation marks does
   nothing: a verb is printed with a remark in parentheses (`printed`), a line that would act is
   printed with a dash, and a line found in what we sent (`ours`) is a doubt.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from genba.acts.card import Choice, Offer

_SPACE = re.compile(r"\s+")
_EDGES = "*_\"'“”„«»‘’ \t"
_ENDINGS = ".!,;:…。！ \t"
_AFTER_WORD = re.compile(r"^(?:[,;:.!?？…。、！，：]+\s*|\s+[-–—]+\s+|\s+)")
_AFTER_CHOICE = re.compile(r"^(?:\s*[:;,、，：]\s*|\s+[-–—]+\s+)")
_LIST = re.compile(r"\s*[,;&、，]\s*|\s+(?:and|et|und|y|e|en|と)\s+", re.IGNORECASE)

# A word that right after a verb makes the sentence something else than the verb ("approve later").
_DOUBTFUL = """
    not never later or requests request is isn't was will would can cannot can't could may maybe
    perhaps should yet
    pas jamais plus tard ou est était sera serait peut peut-être encore
    nicht nie später oder ist war wird würde vielleicht kann kein keine erst noch bin
    no nunca luego después o es era será quizá quizás puede podría todavía aún
    non mai dopo è sarà forse può potrebbe ancora
    não depois ou é talvez pode poderia ainda
    niet nooit of wordt zou misschien kan geen nog
    しない しません しないで できない できません まだ 後で あとで たぶん
"""
ASKED = "question"  # the input of an act that asks
DOUBTFUL: frozenset[str] = frozenset(_DOUBTFUL.split())
# A word that anywhere behind a verb may turn it round, where nothing parts the two ("fertig bin
# ich noch nicht"). A reason one must give may hold one; a remark that is free to give asks back.
_NEGATIONS = """
    not never isn't don't cannot can't pas jamais nicht nie kein keine nunca non mai não niet
    nooit geen まだ
"""
NEGATIONS: frozenset[str] = frozenset(_NEGATIONS.split())


class Act(Struct, frozen=True):
    """The line is this act with this input. `text` is what the text input was filled with."""

    offer: Offer
    given: dict[str, Any]
    text: str = ""


class Doubt(Struct, frozen=True):
    """The line is close to these offers but is not certainly one of them."""

    offers: tuple[Offer, ...]


class Words(Struct, frozen=True):
    """The line is conversation."""


Meaning = Act | Doubt | Words


def meaning(line: str, offers: Iterable[Offer], *, ours: str = "") -> Meaning:
    """What a first own line means on a card with these offers; `ours` is the text we sent."""
    found = _meaning(line, tuple(offers))
    if isinstance(found, Act) and found.text and normal(line) in normal(ours):
        return Doubt((found.offer,))
    return found


def _meaning(line: str, offers: Iterable[Offer]) -> Meaning:
    open_offers = tuple(offers)
    whole = normal(line)
    if not whole or not open_offers or printed(line):
        return Words()
    exact = _distinct(_exact(line, open_offers))
    if exact:
        return exact[0] if len(exact) == 1 else _doubt(exact)
    several = _distinct(_several(line, open_offers))
    if several:
        return several[0] if len(several) == 1 else _doubt(several)
    return _with_text(line, open_offers)


def normal(text: str) -> str:
    """Text for comparison: folded case, single spaces, without marks around and at the end."""
    folded = _SPACE.sub(" ", unicodedata.normalize("NFKC", text)).strip().casefold()
    return folded.strip(_EDGES).rstrip(_ENDINGS).strip(_EDGES)


def printed(line: str) -> bool:
    """Whether a line looks like one our mails print: a word and a remark in parentheses."""
    return line.rstrip(_EDGES + _ENDINGS).endswith(")") and bool(re.search(r"\s\(", line))


def _exact(line: str, offers: tuple[Offer, ...]) -> Iterable[Act]:
    whole = normal(line)
    if line.rstrip(_EDGES).endswith(("?", "？")) and not _is_label(whole, offers):
        return
    for offer in offers:
        for choice in offer.choices:
            if whole in _ways(choice, offer):
                yield Act(offer, _chosen(offer, (choice,)))
        if not offer.choices and whole in {normal(word) for word in offer.words}:
            yield Act(offer, {})


def _is_label(whole: str, offers: tuple[Offer, ...]) -> bool:
    return any(whole == normal(choice.label) for offer in offers for choice in offer.choices)


def _ways(choice: Choice, offer: Offer) -> set[str]:
    label = normal(choice.label)
    return {label, *(f"{normal(word)} {label}" for word in offer.words)} - {""}


def _several(line: str, offers: tuple[Offer, ...]) -> Iterable[Act]:
    parts = [normal(part) for part in _LIST.split(line) if part.strip()]
    for offer in offers:
        if not offer.many or len(parts) < 2:
            continue
        named = [[c for c in offer.choices if part in _ways(c, offer)] for part in parts]
        if all(len(found) == 1 for found in named):
            yield Act(offer, _chosen(offer, tuple(found[0] for found in named)))


def _with_text(line: str, offers: tuple[Offer, ...]) -> Meaning:
    found: list[tuple[int, Act]] = []
    close: list[Offer] = []
    for offer in offers:
        for length, rest in _beginnings(line, offer):
            if not offer.text_field or offer.many or not rest:
                close.append(offer)
            elif offer.choices:
                found += [
                    (length, Act(offer, {**_chosen(offer, (c,)), offer.text_field: rest}, rest))
                    for c in offer.choices
                    if _rest(line, normal(c.label), _AFTER_CHOICE) == rest
                ]
            elif _doubtful(line, rest, offer, offers):
                close.append(offer)
            else:
                found.append((length, Act(offer, {offer.text_field: rest}, rest)))
    longest = max((length for length, _act in found), default=0)
    acts = _distinct(act for length, act in found if length == longest)
    if len(acts) == 1 and not close:
        return acts[0]
    doubted = tuple(dict.fromkeys([*(act.offer.act for act in acts), *(o.act for o in close)]))
    if not doubted:
        return Words()
    return Doubt(tuple(offer for offer in offers if offer.act in doubted))


def _beginnings(line: str, offer: Offer) -> Iterable[tuple[int, str]]:
    """Each word or choice of the offer the line begins with, and the text behind it."""
    if offer.choices:
        for choice in offer.choices:
            label = normal(choice.label)
            rest = _rest(line, label, _AFTER_CHOICE)
            if rest is None:
                rest = "" if _rest(line, label, _AFTER_WORD) is not None else None
            if rest is not None:
                yield len(label), rest
        return
    for word in offer.words:
        rest = _rest(line, normal(word), _AFTER_WORD)
        if rest is not None:
            yield len(normal(word)), rest


def _rest(line: str, word: str, separator: re.Pattern[str]) -> str | None:
    """What stands behind the word a line begins with; None when it does not begin with it."""
    text = _SPACE.sub(" ", unicodedata.normalize("NFC", line)).lstrip(_EDGES)
    for end in range(1, len(text) + 1):
        if len(text[:end].casefold()) >= len(word):
            if unicodedata.normalize("NFKC", text[:end]).casefold() != word:
                return None
            behind = text[end:].lstrip("*_\"'”»’")
            after = separator.match(behind)
            return behind[after.end() :].strip() if after else None
    return None


def _doubtful(line: str, rest: str, offer: Offer, offers: tuple[Offer, ...]) -> bool:
    """Whether the text behind a verb may turn it into something else.

    What stands behind a colon or a dash is a reason where one must be given, whatever its words;
    and where the verb asks, a question is what belongs behind it.
    """
    if offer.text_field == ASKED and not rest.startswith("("):
        return False
    if rest.rstrip(_EDGES).endswith(("?", "？")) or rest.startswith("("):
        return True
    needed = offer.text_field in offer.schema.get("required", ())
    mark = line.rstrip().removesuffix(rest).rstrip()[-1:]
    if needed and mark in tuple(":：–—-"):
        return False
    following = normal(rest.split(maxsplit=1)[0])
    words = {normal(word) for offer in offers for word in offer.words}
    if following in DOUBTFUL or following in words:
        return True
    parted = bool(mark) and not mark.isalnum() and mark not in _EDGES
    return not needed and not parted and any(normal(one) in NEGATIONS for one in rest.split())


def _chosen(offer: Offer, choices: tuple[Choice, ...]) -> dict[str, Any]:
    values = [choice.value for choice in choices]
    return {offer.choice_field: values if offer.many else values[0]}


def _distinct(acts: Iterable[Act]) -> list[Act]:
    kept: list[Act] = []
    for act in acts:
        if not any(a.offer.act == act.offer.act and a.given == act.given for a in kept):
            kept.append(act)
    return kept


def _doubt(acts: list[Act]) -> Doubt:
    offers = {act.offer.act: act.offer for act in acts}
    return Doubt(tuple(offers.values()))
