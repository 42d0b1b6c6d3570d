"""What all tests share: Django, and an installation of their own with a drawing and people.

Fixtures import what they need when they are asked for, so that tests of the pure folders neither
wait for the rest nor break with it.
"""

import asyncio
import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import django
import pytest

os.environ["GENBA_HOME"] = tempfile.mkdtemp(prefix="genba-tests-")
os.environ["GENBA_TIME_ZONE"] = "UTC"
# The browser of the browser tests keeps an event loop in this thread, where they use the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "genba.web.settings")
django.setup()

DRAWINGS = Path(__file__).parent / "drawings"
AT = datetime(2026, 3, 2, 9, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def loop_of_the_browser(request: pytest.FixtureRequest) -> Iterator[None]:
    """Only tests that drive the browser see its event loop; others run as if there was none."""
    running = asyncio._get_running_loop()
    if running is None or "chromium" in request.fixturenames:
        yield
        return
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(running)


@pytest.fixture
def clock() -> Any:
    """A clock that stands still."""
    from genba.runtime.clock import FixedClock

    return FixedClock(AT)


@pytest.fixture
def inst(tmp_path: Path, clock: Any, db: None) -> Iterator[Any]:
    """An installation in a folder of its own, made the current one."""
    from genba.people.directory import id_called
    from genba.runtime import installation

    opened = installation.open_installation(tmp_path)
    opened.clock = clock
    opened.naming = id_called
    installation.install(opened)
    yield opened
    installation.install(None)
    opened.journal.close()


@pytest.fixture
def people(db: None) -> dict[str, Any]:
    """Those who serve the lanes of the purchase, by role, and somebody who does not."""
    from genba.people.accounts import enrol

    rows = {
        "staff": ("Staff member", ["Staff"], "en"),
        "lead": ("Team lead", ["Team lead"], "en"),
        "buyer": ("Buyer", ["Buying"], "en"),
        "helper": ("Second buyer", ["Buying"], "fr"),
        "other": ("Somebody else", [], "en"),
    }
    return {
        key: enrol(f"{key}@example.org", None, name=name, groups=groups, locale=locale)
        for key, (name, groups, locale) in rows.items()
    }


@pytest.fixture
def deploy(inst: Any) -> Callable[[str], None]:
    """Deploy a drawing of `tests/drawings` by its name."""
    from genba.cases.deployment import deploy_drawing

    def deploy_named(name: str) -> None:
        path = DRAWINGS / f"{name}.bpmn"
        made = deploy_drawing(inst, path.read_bytes(), path.name, "")
        assert not isinstance(made, tuple), made

    return deploy_named


@pytest.fixture
def do(inst: Any) -> Callable[..., Any]:
    """Do an act as somebody: `do(person, "task.approve", "CASE:w3", condition="…")`."""
    from genba.acts.card import Assurance
    from genba.acts.inbound import Inbound
    from genba.acts.performance import perform

    keys = count()

    def perform_as(
        who: Any,
        act: str,
        id: str,
        *,
        object: str = "",
        channel: str = "web",
        key: str = "",
        **given: Any,
    ) -> Any:
        return perform(
            Inbound(
                channel=channel,
                assurance=Assurance.SESSION,
                act=act,
                given=given,
                key=key or f"k{next(keys)}",
                person=who.id,
                object=object or act.partition(".")[0],
                object_id=id,
            )
        )

    return perform_as


@pytest.fixture
def started(people: dict[str, Any], do: Callable[..., Any], deploy: Callable[[str], None]) -> Any:
    """Start a purchase; gives the case id."""

    def start(**more: Any) -> str:
        deploy("purchase")
        data = {"title": "3 laptops", "amount": "5 940", **more}
        outcome = do(people["staff"], "process.start", "purchase", **data)
        assert outcome.ok, outcome
        return str(outcome.object_id)

    return start


@pytest.fixture
def task_of(inst: Any) -> Callable[[str, str], str]:
    """The id of the open task at a node of a case."""

    def find(case: str, node: str) -> str:
        with inst.journal.reading() as reading:
            (work,) = [one for one in reading.works(case) if one.node == node]
        return f"{case}:{work.work}"

    return find


@pytest.fixture
def card(inst: Any) -> Callable[..., Any]:
    """The card of an object as somebody sees it; it must be there."""
    from genba.acts.objects import card_for

    def of(who: Any, object: str, id: str) -> Any:
        found = card_for(object, id, who)
        assert found is not None
        return found

    return of


@pytest.fixture
def token(do: Any, people: dict[str, Any]) -> Callable[..., str]:
    """Make a token of somebody; gives its secret."""
    from genba.acts.bearers import hash_of, make_secret

    def make(*scopes: str, who: str = "staff", **more: Any) -> str:
        secret = make_secret()
        made = do(
            people[who],
            "account.make-token",
            people[who].id,
            name=more.pop("name", "worker"),
            scopes=",".join(scopes),
            hash=hash_of(secret),
            **more,
        )
        assert made.ok, made
        return secret

    return make
