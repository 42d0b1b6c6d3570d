"""A site, cards and readers as the mail tests use them."""

import os
from datetime import UTC, datetime
from pathlib import Path

import django
import pytest
from django.apps import apps

from genba.acts.card import Card, Choice, Effect, Fact, Moment, Offer
from genba.channels.mail.rendering import Envelope
from genba.channels.mail.site import Site
from genba.channels.mail.threads import card_thread

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "genba.web.settings")
if not apps.ready:
    django.setup()

AT = datetime(2026, 3, 2, 9, 13, tzinfo=UTC)
SITE = Site(domain="genba.test", url="https://genba.test", port=0)
TOKEN = "abcdefghijklmnopqrstuvwxyz"


def approval_offers() -> tuple[Offer, ...]:
    """Approve, reject, request changes, and choices with awkward labels."""
    return (
        Offer(
            act="task.approve", label="Approve", schema={}, words=("approve", "yes"),
            text_field="condition", primary=True, effect=Effect.FINAL,
        ),
        Offer(
            act="task.reject", label="Reject", schema={"required": ["reason"]},
            words=("reject",), text_field="reason", required=True, primary=True,
        ),
        Offer(act="task.claim", label="Take it", schema={}, words=("take it",), primary=True),
    )  # fmt: skip


def choice_offers() -> tuple[Offer, ...]:
    """One choice of three, and several of three."""
    return (
        Offer(
            act="task.choose", label="Choose", schema={}, words=("choose",), choice_field="flow",
            choices=(
                Choice("f1", "Yes, with credit"), Choice("f2", "No"),
                Choice("f3", "Back to sales (they know the customer best of all of us)"),
            ),
            primary=True,
        ),
        Offer(
            act="task.pick", label="Pick", schema={}, words=("pick",), choice_field="flows",
            choices=(Choice("a", "Order"), Choice("b", "Tell IT"), Choice("c", "Archive")),
            many=True, primary=True,
        ),
    )  # fmt: skip


def card(offers: tuple[Offer, ...] = ()) -> Card:
    """A card somebody gets by mail."""
    return Card(
        object="task",
        id="c1:w1",
        version=3,
        title="Approve the purchase",
        subject="Purchase 88: 3 laptops",
        url="/tasks/c1:w1",
        case="c1",
        number=88,
        process="purchase",
        process_name="Purchase",
        why="You are asked because you approve over 5,000 €.",
        note="The drawing does not say how this is decided: you do.",
        due=datetime(2026, 3, 3, 12, 0, tzinfo=UTC),
        facts=(
            Fact("What", "3 laptops, 5,940 €"),
            Fact("Supplier", "new to us <script>alert(1)</script>"),
        ),
        said=(
            Moment(
                seq=4,
                position=9,
                at=AT,
                kind="words",
                who="Requester",
                text="the old ones fail\ntwice a week",
            ),
        ),
        offers=offers or approval_offers(),
    )


def envelope(**more: object) -> Envelope:
    """Where a test mail goes."""
    given: dict[str, object] = {
        "site": SITE,
        "name": "Approver",
        "address": "approver@example.org",
        "thread": card_thread(
            subject="Purchase 88: 3 laptops", case="c1", key="card:c1:w1:7", domain="genba.test"
        ),
        "at": AT,
        "reply_to": f"act+{TOKEN}@genba.test",
        "link": f"https://genba.test/m/{TOKEN}",
        "process": "purchase",
        "process_name": "Purchase",
    }
    return Envelope(**{**given, **more})  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def mails() -> Path:
    """The folder of real mails; the test is not run without it."""
    default = Path(__file__).parents[3] / "shared" / "data"
    folder = Path(os.environ.get("GENBA_SHARED_DATA", default)) / "mail"
    if not folder.is_dir():
        pytest.skip(f"not run: no real mails in {folder}")
    return folder
