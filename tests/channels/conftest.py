"""A site, cards and readers as the mail tests use them, and a company that works by mail."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import django
import pytest
from django.apps import apps

from genba.acts.card import Card, Choice, Effect, Fact, Moment, Offer
from genba.cases.deployment import deploy_drawing
from genba.channels.mail.listener import Listener, listen
from genba.channels.mail.outbound import connect
from genba.channels.mail.rendering import Envelope
from genba.channels.mail.site import Site, use_site
from genba.channels.mail.threads import card_thread
from genba.people.accounts import enrol
from genba.people.directory import Known
from genba.runtime import installation
from genba.runtime.clock import FixedClock
from genba.runtime.installation import Installation

from . import company

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


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(company.AT)


@pytest.fixture
def inst(tmp_path: Path, clock: FixedClock, transactional_db: None) -> Iterator[Installation]:
    opened = installation.open_installation(tmp_path)
    opened.clock = clock
    installation.install(opened)
    yield opened
    installation.install(None)
    opened.journal.close()


@pytest.fixture
def post(inst: Installation, tmp_path: Path) -> Iterator[company.Post]:
    site = Site(
        domain="genba.test",
        url="http://testserver",
        port=company.free_port(),
        mailbox=tmp_path / "mailbox",
        demo=True,
    )
    use_site(site)
    connect(inst)
    listener: Listener = listen(site)
    yield company.Post(inst, site)
    listener.stop()
    use_site(None)


@pytest.fixture
def people(transactional_db: None) -> dict[str, Known]:
    rows = {
        "staff": ("Staff member", ["Staff"], "en"),
        "lead": ("Team lead", ["Team lead"], "en"),
        "deputy": ("Deputy lead", ["Team lead"], "fr"),
        "buyer": ("Buyer", ["Buying"], "en"),
    }
    return {
        key: enrol(f"{key}@example.org", None, name=name, groups=groups, locale=locale)
        for key, (name, groups, locale) in rows.items()
    }


@pytest.fixture
def deployed(inst: Installation) -> None:
    made = deploy_drawing(inst, company.DRAWING.read_bytes(), company.DRAWING.name, "")
    assert not isinstance(made, tuple), made


@pytest.fixture
def to_approval(post: company.Post, people: dict[str, Known], deployed: None) -> company.Started:
    """A purchase started by mail and brought to its approval by mail."""

    def go() -> None:
        post.write(
            people["staff"],
            "start+purchase@genba.test",
            "The old ones fail twice a week.\nAmount in euros: 5 940",
            subject="3 laptops",
        )
        post.reply(people["buyer"], post.newest(people["buyer"]), "Done")
        post.reply(people["buyer"], post.newest(people["buyer"]), "Yes.")

    return go
