"""Reminders, putting off and escalation, as they come and go by mail."""

from datetime import timedelta
from email.message import EmailMessage

import pytest

from genba.acts.card import Assurance
from genba.acts.inbound import Inbound, Outcome
from genba.acts.performance import perform
from genba.engine.almanac import Habits
from genba.journal.records import WorkRow
from genba.people.directory import Known, id_called
from genba.runtime.clock import FixedClock
from genba.runtime.installation import Installation

from .company import Post, Started, text_of, the_case

pytestmark = pytest.mark.django_db(transaction=True)


def the_work(inst: Installation) -> WorkRow:
    with inst.journal.reading() as reading:
        (work,) = reading.works(the_case(inst).case)
    return work


def remind(inst: Installation, who: Known, key: str) -> Outcome:
    work = the_work(inst)
    return perform(
        Inbound(
            channel="web",
            assurance=Assurance.SESSION,
            act="task.remind",
            given={},
            key=key,
            person=who.id,
            object="task",
            object_id=f"{work.case}:{work.work}",
        )
    )


def test_a_reminder_brings_the_card_once_more_and_once_a_day(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started,
    clock: FixedClock,
) -> None:  # fmt: skip
    to_approval()
    before = {role: len(post.box(people[role])) for role in ("lead", "deputy")}
    assert remind(inst, people["staff"], "one").ok
    assert "Staff member reminds you:" in text_of(post.newest(people["lead"]))
    assert "Staff member vous rappelle :" in text_of(post.newest(people["deputy"]))
    assert remind(inst, people["buyer"], "two").ok  # somebody else, the same day
    for role, count in before.items():
        assert len(post.box(people[role])) == count + 1
    clock.advance(timedelta(days=1))
    assert remind(inst, people["staff"], "three").ok
    assert len(post.box(people["lead"])) == before["lead"] + 2
    post.reply(people["lead"], post.newest(people["lead"]), "Approve")
    assert [work.node for work in [the_work(inst)]] == ["order"]


def test_put_off_by_mail_and_back_by_mail(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started,
    clock: FixedClock,
) -> None:  # fmt: skip
    to_approval()
    card: EmailMessage = post.newest(people["lead"])
    post.reply(people["lead"], card, "Postpone 2 working days")
    assert "Put off until March 4 09:12." in text_of(post.newest(people["lead"]))
    assert the_work(inst).later is not None
    count = len(post.box(people["deputy"]))
    clock.advance(timedelta(days=2))
    assert len(post.box(people["deputy"])) == count + 1
    assert "Ceci était remis jusqu’à maintenant" in text_of(post.newest(people["deputy"]))
    assert the_work(inst).later is None


def test_what_nobody_takes_reaches_others_by_mail(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started,
    clock: FixedClock,
) -> None:  # fmt: skip
    inst.naming = id_called
    inst.habits = Habits(escalate="PT1H", escalate_to="Buying")
    to_approval()
    count = len(post.box(people["buyer"]))
    clock.advance(timedelta(hours=1))
    assert len(post.box(people["buyer"])) == count + 1
    assert "Nobody took this in time, so you are asked:" in text_of(post.newest(people["buyer"]))
