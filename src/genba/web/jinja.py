"""The template environment: what every page may use.

Rules of this file: autoescape is on for everything; filters live in `wording`. The front end's
files are found through the manifest its build wrote; without a build the page works unstyled.
"""

import uuid
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import msgspec
from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation

from genba.acts.card import INTENTS, Offer
from genba.acts.marks import MARKS
from genba.people.drafts import form_of
from genba.web import forms, previews, wording
from genba.web.pages import drafts, session
from genba.web.pages.filters import address as filter_address

TIMES = ("clock", "due", "since", "day", "hour", "instant", "span")
FILTERS = ("markdown", "first_line", "size", "ratio", *TIMES)
BUILT = Path(__file__).parent / "static" / "built"


@cache
def manifest() -> dict[str, dict[str, Any]]:
    """What the front-end build made: source name -> file; empty when it was not run."""
    path = BUILT / "manifest.json"
    return msgspec.json.decode(path.read_bytes()) if path.exists() else {}


def asset(name: str) -> str:
    """The address of a built file by its source name ("src/app.js"); "" when not built."""
    made = manifest().get(name)
    return static(f"built/{made['file']}") if made else ""


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The path of a named page."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def key() -> str:
    """A fresh idempotency key for a form."""
    return uuid.uuid4().hex


def has_file(offer: Offer) -> bool:
    """Whether a form of this offer sends a file."""
    return any(field.control == "file" for field in forms.fields(offer))


def belongs(offer: Offer, object: str) -> bool:
    """Whether an act is about this type of object itself, not the whole it is part of."""
    return offer.act.partition(".")[0] == object


def by_intent(offers: Iterable[Offer]) -> list[tuple[str, list[Offer]]]:
    """What is offered, in groups under a label; what is alone in its group stands by itself.

    What one does with words stands beside the words.
    """
    groups: dict[str, list[Offer]] = {intent: [] for intent in INTENTS}
    for offer in offers:
        groups[offer.intent].append(offer)
    del groups["said"]
    alone = [found[0] for intent, found in groups.items() if intent and len(found) == 1]
    plain = [*groups.pop(""), *alone]
    several = [(INTENTS[intent], found) for intent, found in groups.items() if len(found) > 1]
    return [("", plain), *((translation.gettext(label), found) for label, found in several)]


def environment(**options: Any) -> jinja2.Environment:
    """Make the environment Django's Jinja2 back end uses."""
    options["autoescape"] = True
    options["undefined"] = jinja2.StrictUndefined
    options["trim_blocks"] = options["lstrip_blocks"] = True
    made = jinja2.Environment(**options, extensions=["jinja2.ext.i18n"])  # noqa: S701
    install: Any = made
    install.install_gettext_callables(
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
    )
    made.globals.update(
        asset=asset,
        url=url,
        key=key,
        language=translation.get_language,
        get_messages=get_messages,
        fields=forms.fields,
        has_file=has_file,
        begun=drafts.begun,
        is_begun=drafts.is_begun,
        form_of=form_of,
        filter_address=filter_address,
        marks=lambda: [(mark, translation.gettext(label)) for mark, label in MARKS.items()],
        PICTURES=previews.PICTURES,
        is_demo=session.is_demo,
        demo_people=session.demo_people,
        sign_in_elsewhere=lambda: settings.GENBA_OIDC,
    )
    made.tests["belongs"] = belongs
    made.filters["by_intent"] = by_intent
    for name in FILTERS:
        made.filters[name] = getattr(wording, name)
    return made


def layout(request: HttpRequest) -> dict[str, Any]:
    """What allauth's own pages need to sit in our layout."""
    return {"style": asset("src/app.css"), "script": asset("src/app.js")}
