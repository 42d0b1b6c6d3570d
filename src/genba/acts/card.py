"""The card: everything anybody sees of an object, in any application.

Rules of this file:

1. Data only, and plain: no HTML, no mail, no channel. The page, the mail, the chat message and
   the REST body are renderings of these Structs; they decide nothing.
2. Texts are already in the reader's language; words of the drawing stay as drawn.
3. Inputs are flat JSON Schema (2020-12): one object, properties of type string (with format,
   enum or oneOf const/title, maxLength > 200 meaning long text), boolean, integer, number. What
   every channel can carry.
"""

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from django.utils.translation import gettext_noop
from msgspec import Struct

JsonSchema = dict[str, Any]


class Assurance(IntEnum):
    """How sure we are who acts; rights do not depend on the channel, only this does."""

    POSSESSION = 1  # holds a token
    CHANNEL = 2  # a channel that authenticates its users
    SESSION = 3  # signed in
    FRESH = 4  # signed in just now


# What acts that were not asked for are for, in the order they are shown. Message ids.
INTENTS: dict[str, str] = {
    "hand": gettext_noop("Hand it on"),
    "back": gettext_noop("Send it back"),
    "when": gettext_noop("When"),
    "special": gettext_noop("Special case"),
    "talk": gettext_noop("Talk"),
    "see": gettext_noop("Who sees it"),
    "said": gettext_noop("What was said"),
    "": gettext_noop("More"),
}


class Effect(StrEnum):
    """Whether an act can be taken back."""

    REVERSIBLE = "reversible"
    FINAL = "final"


class Choice(Struct, frozen=True):
    """One value of an offer that is answered by picking: rendered as one button, one mail word."""

    value: str
    label: str


class Offer(Struct, frozen=True, kw_only=True):
    """An act open to the reader, now.

    `words` are the mail words of the reader's language (and English), lower case, first one
    printed. Where `choices` is not empty, the act's one required input is `choice_field` and each
    choice stands for itself; its words are its label. `text_field` names the input that free
    words after the verb fill (a condition, a reason), if any. `required` is True when the act
    cannot be done without more input.
    """

    act: str  # "task.approve"
    label: str
    schema: JsonSchema
    words: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    choice_field: str = ""
    many: bool = False  # several choices at once
    text_field: str = ""
    required: bool = False
    assurance: Assurance = Assurance.CHANNEL
    effect: Effect = Effect.REVERSIBLE
    primary: bool = False  # what is asked of you
    tickable: bool = False
    foreseen: bool = False  # what it would do is shown before (`performance.foresee`)
    hint: str = ""
    intent: str = ""  # which others it stands with: a key of `INTENTS`
    behalf: str = ""  # id of whom one does it for, as a deputy


class Fact(Struct, frozen=True):
    """Something that helps decide. `kind`: text, number, date, link, file."""

    label: str
    value: str
    kind: str = "text"
    url: str = ""


class Marking(Struct, frozen=True):
    """A mark on what was said: "agree", and the names of who gave it."""

    mark: str
    who: tuple[str, ...]
    people: tuple[str, ...] = ()


class Moment(Struct, frozen=True, kw_only=True):
    """One line of the story: words somebody said, or an event in words."""

    seq: int
    position: int
    at: datetime
    kind: str  # "words", "event", "file"
    who: str  # display name; "" for the system
    person: str = ""
    channel: str = ""
    text: str = ""  # plain text or Markdown source, for kind "words" Markdown
    node: str = ""  # element of the drawing it is about
    content: str = ""
    file: str = ""
    media_type: str = ""
    size: int = 0
    quiet: bool = False  # engine detail, folded away by default
    url: str = ""  # where more of it is: the row of a table that decided
    marks: tuple[Marking, ...] = ()
    edited: datetime | None = None  # when its words were last changed
    before: tuple[str, ...] = ()  # what they were, oldest first
    part: str = ""  # what of the case it is about: "task/w3", "step/NODE", "file/CONTENT"
    about: str = ""  # that in words, and where it is
    about_url: str = ""
    quote: str = ""  # the content it answers, who said that and its first words
    quoted_who: str = ""
    quoted: str = ""
    resolved: str = ""  # who said that what was asked here is settled
    answer: str = ""  # the content that settled it
    answers: str = ""  # the content this settled


class Hint(Struct, frozen=True, kw_only=True):
    """What helped before: a note on this step, or a past case that is alike."""

    kind: str  # "note", "case"
    id: str
    title: str
    text: str = ""  # of a note, Markdown
    why: str = ""  # in what it is alike, in words
    evidence: str = ""  # how often it helped, how the case ended
    url: str = ""
    stale: str = ""  # in words, why it may not be true any more


class Card(Struct, frozen=True, kw_only=True):
    """What is asked of you, why you, by when, the facts, the last words, and what you can do."""

    object: str  # "task", "case" or "process"
    id: str
    version: int  # revision of the case: a stale card is refused with the new one
    title: str  # the object: "Approve the purchase"
    subject: str  # the thread: "Purchase request 88: 3 laptops"; never changes
    url: str  # path, absolute from the site root
    case: str = ""
    number: int = 0
    process: str = ""
    process_name: str = ""
    status: str = ""  # in words
    open: bool = True
    why: str = ""  # why you
    quiet: bool = False  # offered, but not to be done by the reader: lists leave it out
    note: str = ""  # "the drawing does not say how this is decided: you do"
    due: datetime | None = None
    overdue: bool = False
    opened_at: datetime | None = None
    assignee: str = ""  # display name
    role: str = ""
    node: str = ""
    facts: tuple[Fact, ...] = ()
    said: tuple[Moment, ...] = ()  # the last words, newest last
    story: tuple[Moment, ...] = ()  # the whole timeline, only for full cards
    hints: tuple[Hint, ...] = ()  # what helped before; only for full cards
    offers: tuple[Offer, ...] = ()
    cards: tuple["Card", ...] = ()  # of a case: the open tasks the reader may see
    private: tuple["Card", ...] = ()  # of a full card of a case: private notes the reader may read
    people: tuple[str, ...] = ()
    followers: int = 0
    followed: bool = False
