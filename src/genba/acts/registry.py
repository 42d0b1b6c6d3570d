"""The verb registry: every act, declared once.

Rules of this file:

1. A verb is a function and its declaration. Everything else (form, REST body, mail words, CLI,
   documentation) is derived from the declaration. If you list acts anywhere else, the derivation
   is missing something: mend it here.
2. The registry knows no verb and no object by name; `cases` and `talk` declare theirs through the
   entry point group `genba.acts`, as any plug-in would.
"""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from genba.acts.card import Assurance, Effect, Offer
from genba.runtime.extensions import Extensions


class Declaration(Struct, frozen=True, kw_only=True):
    """A verb as its author declared it.

    `run(unit, object, actor, given) -> Outcome`; `offer(object, actor) -> Offer | tuple | None`
    says whether and how it is open to this actor on this object now: it is the authorisation,
    asked again at the moment of acting. `label` and `words` are message ids of the catalogue.
    """

    object: str
    name: str
    input: type[Struct]
    run: Callable[..., Any]
    offer: Callable[..., Offer | tuple[Offer, ...] | None]
    label: str
    summary: str  # one sentence for `genba acts` and the documentation
    words: tuple[str, ...] = ()
    assurance: Assurance = Assurance.CHANNEL
    effect: Effect = Effect.REVERSIBLE
    tickable: bool = False
    text_field: str = ""
    on_parts: bool = False  # an act of a case, offered on the cards of its tasks too
    rank: int = 50  # among acts equally asked for, lower comes first
    past: str = ""  # of an act that ends something: "Approved", before "by … at …"
    foreseen: bool = False  # people read what it would do before they do it
    scope: str = "act"  # what a token needs to do it; "" where the object itself says who may
    told: str = ""  # in the story, after the name: "approved “%(step)s”"
    intent: str = ""  # which others it stands with, where there are many: a key of `card.INTENTS`
    by_deputy: bool = False  # a deputy may do it on behalf of somebody
    late: Callable[..., Offer | tuple[Offer, ...] | None] | None = None  # taken though it is over

    @property
    def act(self) -> str:
        """The full name: "task.approve"."""
        return f"{self.object}.{self.name}"


_declared: dict[str, Declaration] = {}
_packages = Extensions("genba.acts")


def declare(declaration: Declaration) -> None:
    """Add a verb to the registry; the same name twice is a programming error (ValueError)."""
    if declaration.act in _declared:
        raise ValueError(f"the act {declaration.act} is declared twice")
    _declared[declaration.act] = declaration


def load_acts() -> None:
    """Import every package of the entry point group `genba.acts`, once."""
    _packages.load()


def acts() -> tuple[Declaration, ...]:
    """Every declared verb, sorted by name."""
    load_acts()
    return tuple(_declared[name] for name in sorted(_declared))


def find_act(name: str) -> Declaration | None:
    """The verb of this full name, if there is one."""
    load_acts()
    return _declared.get(name)
