"""An installation with a purchase drawing, and the people who serve its lanes."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from genba.acts.card import Assurance, Card
from genba.acts.inbound import Inbound, Outcome
from genba.acts.objects import card_for
from genba.acts.performance import perform
from genba.cases.deployment import deploy_drawing
from genba.people.accounts import enrol
from genba.people.directory import Known
from genba.runtime import installation
from genba.runtime.clock import FixedClock
from genba.runtime.installation import Installation

DRAWINGS = Path(__file__).parent / "drawings"
AT = datetime(2026, 3, 2, 9, 12, tzinfo=UTC)

Act = Callable[..., Outcome]


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(AT)


@pytest.fixture
def inst(tmp_path: Path, clock: FixedClock, db: None) -> Iterator[Installation]:
    opened = installation.open_installation(tmp_path)
    opened.clock = clock
    installation.install(opened)
    yield opened
    installation.install(None)
    opened.journal.close()


@pytest.fixture
def people(db: None) -> dict[str, Known]:
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
def deploy(inst: Installation) -> Callable[[str], None]:
    def deploy_named(name: str) -> None:
        path = DRAWINGS / f"{name}.bpmn"
        made = deploy_drawing(inst, path.read_bytes(), path.name, "")
        assert not isinstance(made, tuple), made

    return deploy_named


@pytest.fixture
def do(inst: Installation) -> Act:
    """Do an act as somebody: `do(person, "task.approve", "CASE:w3", condition="…")`."""
    keys = count()

    def perform_as(
        who: Known,
        act: str,
        id: str,
        *,
        object: str = "",
        channel: str = "web",
        key: str = "",
        assurance: Assurance = Assurance.SESSION,
        **given: Any,
    ) -> Outcome:
        return perform(
            Inbound(
                channel=channel,
                assurance=assurance,
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
def started(people: dict[str, Known], do: Act, deploy: Callable[[str], None]) -> Callable[..., str]:
    """Start a purchase; gives the case id."""

    def start(**more: Any) -> str:
        deploy("purchase")
        data = {"title": "3 laptops", "amount": "5 940", **more}
        outcome = do(people["staff"], "process.start", "purchase", **data)
        assert outcome.ok, outcome
        return outcome.object_id

    return start


@pytest.fixture
def task_of(inst: Installation) -> Callable[[str, str], str]:
    """The id of the open task at a node of a case."""

    def find(case: str, node: str) -> str:
        with inst.journal.reading() as reading:
            (work,) = [one for one in reading.works(case) if one.node == node]  # type: ignore[arg-type]
        return f"{case}:{work.work}"

    return find


@pytest.fixture
def card() -> Callable[..., Card]:
    def of(who: Known, object: str, id: str) -> Card:
        found = card_for(object, id, who)
        assert found is not None
        return found

    return of
