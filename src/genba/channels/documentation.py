"""The reference page of all channels, written from what each of them says it can carry.

Rules of this file: nothing is listed by hand; a test fails when the page in
`docs/reference/channels.md` is not what `describe` gives.
"""

from collections.abc import Callable, Iterator

from genba.channels.contract import Carrying, Channel, channels
from genba.channels.fields import Kind

HEAD = """# Channels

What each channel can carry, from the tables its renderer obeys. Whatever does not fit a channel is
a link to the form on the page, never left out. Rights are the same everywhere: a channel differs
only in how sure it is who acts. This page is written from those tables: change them, not the page.
"""
FIRST = ("web", "mail")
COLUMNS: tuple[tuple[str, Callable[[Carrying], str]], ...] = (
    ("read", lambda one: one.context),
    ("talk", lambda one: one.talk),
    ("act, no input", lambda one: one.plain),
    ("act with input", lambda one: one.filled),
    ("when more certainty is needed", lambda one: one.step_up),
    ("what was decided elsewhere", lambda one: one.elsewhere),
)


def describe() -> str:
    """The page, as Markdown."""
    return "\n".join([HEAD, *_ways(), *_inputs(), *_limits(), ""])


def ordered() -> list[Channel]:
    """The page and mail first, the others by their titles."""
    return sorted(
        channels(),
        key=lambda one: (FIRST.index(one.name) if one.name in FIRST else len(FIRST), one.title),
    )


def _ways() -> Iterator[str]:
    yield from ("## What one can do there", "")
    yield _row("", *(name for name, _read in COLUMNS))
    yield _row(*["---"] * (len(COLUMNS) + 1))
    for channel in ordered():
        yield _row(channel.title, *(read(channel.carries) for _name, read in COLUMNS))
    yield ""


def _inputs() -> Iterator[str]:
    yield from ("## What can be filled in there", "")
    yield "“–”: an act that needs it is a link to its form."
    yield ""
    shown = ordered()
    yield _row("", *(channel.title for channel in shown))
    yield _row(*["---"] * (len(shown) + 1))
    for kind in Kind:
        yield _row(kind.value, *("yes" if kind in one.carries.inputs else "–" for one in shown))
    yield ""


def _limits() -> Iterator[str]:
    yield from ("## How much of it", "")
    yield _row("", "fields that are needed, at most", "choices, at most", "characters, at most")
    yield _row(*["---"] * 4)
    for channel in ordered():
        yield _row(channel.title, *_limit(channel.carries))


def _limit(carries: Carrying) -> tuple[str, ...]:
    if not carries.inputs:
        return ("–",) * 3
    return tuple(f"{most:,}" for most in (carries.fields, carries.options, carries.longest))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
