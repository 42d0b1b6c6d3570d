"""How a step is decided together: whose votes count, who may not, when a reason is needed.

Rules of this file: reads `genba:votes`, `genba:fourEyes` and `genba:reason` of a task, and says
what of them cannot be read: a constraint that nobody understands would be one that nobody keeps,
so `check` refuses the drawing. Whether somebody may decide is asked of `people`.

| attribute | words |
| --- | --- |
| votes | `2 of 3` · `all` · `first` · `veto`, each with `of N`; and `, in order` |
| fourEyes | `requester` · `not:step` · `one-of:A|B`, commas apart |
| reason | acts that need one: `reject, changes` |
"""

import re
from collections.abc import Iterator

from genba.notation.elements import Extras
from genba.notation.findings import Drawing, call, find
from genba.notation.model import Deciding, FourEyes, Problem, Votes

MOST = 50  # votes on one step: more is a slip of the keyboard
_VOTES = re.compile(r"(\d+|all|first|veto)(?:\s+of\s+(\d+))?(\s*,\s*in order)?")


def read_deciding(extras: Extras) -> Deciding:
    """What a task says about being decided; what cannot be read is kept in `wrong`."""
    wrong: list[str] = []
    votes = _votes((extras.get("genba", "votes") or "").strip(), wrong)
    eyes = _four_eyes(_words(extras.get("genba", "fourEyes")), wrong)
    return Deciding(
        votes=votes,
        four_eyes=eyes,
        reasons=_words(extras.get("genba", "reason")),
        wrong=tuple(wrong),
    )


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in (text or "").split(",") if word.strip())


def _votes(text: str, wrong: list[str]) -> Votes | None:
    if not text:
        return None
    found = _VOTES.fullmatch(text)
    number = int(found[1]) if found and found[1].isdigit() else 0
    of = int(found[2]) if found and found[2] else 0
    fits = of <= MOST and (number <= of or not of) and (found is None or found[1] != "0")
    if found is None or not fits or (found[2] and of == 0):
        wrong.append(f"votes=“{text}”")
        return None
    rule = "count" if found[1].isdigit() else found[1]
    return Votes(rule=rule, need=number, of=of, in_order=bool(found[3]))


def _four_eyes(words: tuple[str, ...], wrong: list[str]) -> FourEyes | None:
    if not words:
        return None
    steps: list[str] = []
    groups: tuple[str, ...] = ()
    for word in words:
        kind, _, rest = word.partition(":")
        if kind == "not" and rest.strip():
            steps.append(rest.strip())
        elif kind == "one-of" and rest.strip():
            groups = tuple(name.strip() for name in rest.split("|") if name.strip())
        elif word != "requester":
            wrong.append(f"fourEyes=“{word}”")
    return FourEyes(requester="requester" in words, steps=tuple(steps), groups=groups)


def _unread(drawing: Drawing) -> Iterator[Problem]:
    """What nobody could keep: words that mean nothing, and steps there are none of."""
    for process in drawing.definitions.processes:
        ids = {node.id for node in process.nodes}
        for node in process.nodes:
            eyes = node.deciding.four_eyes
            missing = [f"not:{step}" for step in (eyes.steps if eyes else ()) if step not in ids]
            for words in (*node.deciding.wrong, *missing):
                yield find("genba.deciding", f"{words} at {call(node)} means nothing.", node)


DECIDING_RULES = (_unread,)
