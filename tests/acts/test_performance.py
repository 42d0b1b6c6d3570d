"""The one inbound path, on a small object of its own: every verdict, and exactly once."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Annotated, Any

import pytest
from msgspec import Meta, Struct
from msgspec.structs import replace

from genba.acts import objects, registry
from genba.acts.card import Assurance, Card
from genba.acts.declaring import act
from genba.acts.inbound import Inbound, Outcome, Verdict
from genba.acts.objects import ObjectType, register_object
from genba.acts.performance import perform
from genba.acts.tokens import issue, resolve
from genba.journal.contract import Reading
from genba.journal.records import CaseId, TokenRow
from genba.people.directory import Known, invite
from genba.people.models import Person
from genba.runtime.clock import FixedClock
from genba.runtime.installation import Installation
from genba.runtime.unit import Unit

A_TOKEN = TokenRow(
    hash="h",
    case=CaseId(""),
    object="door",
    object_id="d1",
    person="1",
    purpose="reply",
    expires=datetime(2027, 1, 1, tzinfo=UTC),
)
NOTHING_HERE = "There is nothing here for you."


class Door(Struct):
    """Something that can be shut once, by members; guests do not know of it."""

    id: str
    shut_by: str = ""
    inside: str = ""


class Reason(Struct, frozen=True):
    reason: Annotated[str, Meta(title="Reason", min_length=1)]


@pytest.fixture
def doors(inst: Installation) -> Iterator[dict[str, Door]]:
    """Two doors and their verbs, taken away again afterwards."""
    kept = {"d1": Door("d1"), "d2": Door("d2")}
    registry.load_acts()
    acts_before, types_before = dict(registry._declared), dict(objects._types)
    register_object(
        ObjectType(
            name="door",
            load=lambda _reading, name: kept.get(name),
            visible=lambda _door, known, _reading: not known.is_guest,
            card=door_card,
            gone=lambda door, _known: "Shut by somebody." if door.shut_by else "",
        )
    )
    register_object(
        ObjectType(
            name="handle",
            load=lambda _reading, name: kept.get(name),
            visible=lambda _door, known, _reading: not known.is_guest,
            card=door_card,
            gone=lambda _door, _known: "",
            whole=lambda name: ("door", name),
        )
    )

    @act(
        "door",
        "shut",
        when=lambda door, by: not door.shut_by and by.name != "Visitor",
        label="Shut",
        summary="Shut it.",
        input=Reason,
        words=("shut",),
    )
    def shut(unit: Unit, door: Door, by: Known, given: Reason) -> Outcome:
        door.shut_by = by.id
        return Outcome(verdict=Verdict.DONE, message=f"Shut: {given.reason}")

    @act(
        "door",
        "lock",
        when=lambda _door, _by: True,
        label="Lock",
        summary="Lock it.",
        assurance=Assurance.FRESH,
    )
    def lock(unit: Unit, door: Door, by: Known, _given: Any) -> Outcome:
        return Outcome(verdict=Verdict.DONE, message="Locked.")

    @act("door", "force", when=lambda _d, _b: True, label="Force", summary="Force it.")
    def force(unit: Unit, door: Door, by: Known, _given: Any) -> Outcome:
        unit.tx.put_token(A_TOKEN)
        return Outcome(verdict=Verdict.REFUSED, message="It does not give way.")

    @act("door", "break", when=lambda _d, _b: True, label="Break", summary="Break it.")
    def broken(unit: Unit, door: Door, by: Known, _given: Any) -> Outcome:
        raise ZeroDivisionError

    yield kept
    registry._declared.clear()
    registry._declared.update(acts_before)
    objects._types.clear()
    objects._types.update(types_before)


def door_card(door: Door, known: Known, full: bool, reading: Reading) -> Card:
    return Card(
        object="door",
        id=door.id,
        version=1,
        title="Door",
        subject="Door",
        url="/",
        open=not door.shut_by,
    )


@pytest.fixture
def asked(people: dict[str, Known]) -> Inbound:
    return Inbound(
        channel="web",
        assurance=Assurance.SESSION,
        act="door.shut",
        given={"reason": "cold"},
        key="k1",
        person=people["buyer"].id,
        object="door",
        object_id="d1",
    )


Doors = dict[str, Door]


def attempts(inst: Installation) -> list[str]:
    with inst.journal.reading() as reading:
        return [one.outcome for one in reading.attempts()]


@pytest.mark.security("S2")
def test_done_once_and_replayed_with_the_first_answer(
    inst: Installation, doors: Doors, asked: Inbound
) -> None:
    first = perform(asked)
    assert (first.verdict, first.message) == (Verdict.DONE, "Shut: cold")
    assert first.card is not None
    assert not first.card.open
    again = perform(asked)
    assert (again.verdict, again.message, again.ok) == (Verdict.REPLAYED, "Shut: cold", True)
    assert sorted(attempts(inst)) == ["done", "replayed"]


@pytest.mark.security("S2")
@pytest.mark.parametrize("other", ["question", "person", "object"])
def test_a_key_is_for_one_question_of_one_person(
    doors: Doors, asked: Inbound, people: dict[str, Known], other: str
) -> None:
    assert perform(asked).ok
    changed = {
        "question": replace(asked, given={"reason": "draught"}),
        "person": replace(asked, person=people["lead"].id),
        "object": replace(asked, object_id="d2"),
    }[other]
    assert perform(changed).verdict is Verdict.CONFLICT
    assert not doors["d2"].shut_by


def test_the_same_key_of_another_channel_is_another_key(doors: Doors, asked: Inbound) -> None:
    assert perform(asked).ok
    assert perform(replace(asked, channel="mail", object_id="d2")).verdict is Verdict.DONE


@pytest.mark.security("S15")
@pytest.mark.security("S16")
def test_outsiders_learn_nothing(
    inst: Installation, doors: Doors, asked: Inbound, people: dict[str, Known]
) -> None:
    guest = invite("guest@example.org", "Guest")
    answers = [
        perform(replace(asked, person="999", key="a")),
        perform(replace(asked, person="", identity="mailto:nobody@example.org", key="b")),
        perform(replace(asked, person=guest.id, key="c")),
        perform(replace(asked, person=guest.id, object_id="none", key="d")),
        perform(replace(asked, object_id="none", key="e")),
        perform(replace(asked, object="none", key="f")),
        perform(replace(asked, act="door.none", key="g")),
        perform(replace(asked, token="x" * 26, key="h")),
    ]
    assert {(one.message, one.ok, one.card) for one in answers[:4]} == {(NOTHING_HERE, False, None)}
    assert [one.verdict for one in answers] == [
        Verdict.UNKNOWN_PERSON,
        Verdict.UNKNOWN_PERSON,
        *[Verdict.UNKNOWN_OBJECT] * 6,
    ]
    assert len(attempts(inst)) == len(answers)
    assert not doors["d1"].shut_by


@pytest.mark.security("S5")
def test_a_closed_account_acts_no_more(doors: Doors, asked: Inbound) -> None:
    Person.objects.filter(pk=int(asked.person)).update(is_active=False)
    assert perform(asked).verdict is Verdict.UNKNOWN_PERSON


@pytest.mark.security("S5")
def test_rights_are_those_of_now(doors: Doors, asked: Inbound) -> None:
    Person.objects.filter(pk=int(asked.person)).update(name="Visitor")
    refused = perform(asked)
    assert refused.verdict is Verdict.FORBIDDEN
    assert refused.card is not None
    assert [offer.act for offer in refused.card.offers] == ["door.break", "door.force", "door.lock"]


def test_nobody_acts_for_somebody_else(
    doors: Doors, asked: Inbound, people: dict[str, Known]
) -> None:
    assert perform(replace(asked, behalf=people["lead"].id)).verdict is Verdict.FORBIDDEN
    assert perform(replace(asked, behalf=asked.person)).ok


@pytest.mark.security("S4")
def test_gone_goes_before_rights_and_input(doors: Doors, asked: Inbound) -> None:
    assert perform(asked).ok
    late = perform(replace(asked, key="k2", given={}))
    assert (late.verdict, late.message) == (Verdict.GONE, "Shut by somebody.")


def test_a_stale_card_is_no_reason_while_the_offer_is_open(doors: Doors, asked: Inbound) -> None:
    assert perform(replace(asked, version=0)).ok


@pytest.mark.security("S13")
def test_bad_input_does_not_use_up_the_card(doors: Doors, asked: Inbound) -> None:
    for given, field in (({}, "reason"), ({"reason": "x", "other": 1}, "other")):
        refused = perform(replace(asked, given=given))
        assert refused.verdict is Verdict.INVALID
        assert set(refused.errors) == {field}
    assert perform(asked).verdict is Verdict.DONE


def test_too_little_assurance_is_a_step_up(doors: Doors, asked: Inbound) -> None:
    lock = replace(asked, act="door.lock", given={})
    assert perform(lock).verdict is Verdict.STEP_UP
    assert perform(replace(lock, assurance=Assurance.FRESH)).verdict is Verdict.DONE


@pytest.mark.security("S16")
def test_a_refusal_takes_everything_back_but_leaves_its_attempt(
    inst: Installation, doors: Doors, asked: Inbound
) -> None:
    assert perform(replace(asked, act="door.force", given={})).verdict is Verdict.REFUSED
    with inst.journal.reading() as reading:
        assert reading.token(A_TOKEN.hash) is None
        assert reading.answer("web:k1") is None
    assert attempts(inst) == ["refused"]


@pytest.mark.security("S16")
def test_a_bug_is_raised_and_leaves_its_attempt(
    inst: Installation, doors: Doors, asked: Inbound
) -> None:
    with pytest.raises(ZeroDivisionError):
        perform(replace(asked, act="door.break", given={}))
    assert attempts(inst) == ["error"]


def test_an_act_of_the_whole_reaches_it_through_its_part(doors: Doors, asked: Inbound) -> None:
    assert perform(replace(asked, object="handle")).ok
    assert doors["d1"].shut_by


@pytest.mark.security("S7")
@pytest.mark.security("S12")
def test_a_token_stands_for_person_and_object(
    inst: Installation, doors: Doors, asked: Inbound, people: dict[str, Known]
) -> None:
    buyer = people["buyer"]
    token = issue(inst, buyer.id, "door", "d1", "reply", 30)
    assert len(token) == 26
    bare = replace(asked, person="", object="", object_id="", token=token.upper(), channel="mail")
    assert perform(replace(bare, purpose="link", key="a")).verdict is Verdict.UNKNOWN_PERSON
    forwarded = replace(bare, identity="mailto:lead@example.org", key="b")
    assert perform(forwarded).message == NOTHING_HERE
    assert not doors["d1"].shut_by
    assert perform(replace(bare, identity="mailto:Buyer@Example.org", key="c")).ok
    assert doors["d1"].shut_by == buyer.id


@pytest.mark.security("S12")
def test_a_token_ends(inst: Installation, clock: FixedClock, people: dict[str, Known]) -> None:
    token = issue(inst, people["buyer"].id, "case", "C", "reply", 30)
    assert resolve(token, "reply") is not None
    assert resolve(token, "link") is None
    clock.advance(timedelta(days=31))
    assert resolve(token, "reply") is None
    other = issue(inst, people["buyer"].id, "case", "C", "reply", 30)
    with inst.journal.writing() as tx:
        assert tx.revoke_tokens(people["buyer"].id) >= 1
    assert resolve(other, "reply") is None


def test_a_key_is_needed(doors: Doors, asked: Inbound) -> None:
    with pytest.raises(ValueError, match="idempotency"):
        perform(replace(asked, key=""))


@pytest.mark.django_db(transaction=True)
class TestTogether:
    """Many at once, on the same store."""

    @pytest.mark.security("S3")
    def test_two_people_one_task(
        self,
        started: Callable[..., str],
        people: dict[str, Known],
        task_of: Callable[[str, str], str],
    ) -> None:
        task = task_of(started(), "check")
        people_of = [people["buyer"], people["helper"]] * 4
        inbounds = [
            Inbound(
                channel="web",
                assurance=Assurance.SESSION,
                act="task.complete",
                key=f"race{number}",
                person=person.id,
                object="task",
                object_id=task,
            )
            for number, person in enumerate(people_of)
        ]
        verdicts = at_once([lambda one=one: perform(one).verdict for one in inbounds])
        assert sorted(verdicts) == sorted([Verdict.DONE, *[Verdict.GONE] * 7])

    @pytest.mark.security("S2")
    def test_one_key_many_times(
        self,
        started: Callable[..., str],
        people: dict[str, Known],
        task_of: Callable[[str, str], str],
        inst: Installation,
    ) -> None:
        case = started()
        inbound = Inbound(
            channel="web",
            assurance=Assurance.SESSION,
            act="case.comment",
            given={"text": "once"},
            key="same",
            person=people["buyer"].id,
            object="task",
            object_id=task_of(case, "check"),
        )
        verdicts = at_once([lambda: perform(inbound).verdict] * 8)
        assert sorted(verdicts) == sorted([Verdict.DONE, *[Verdict.REPLAYED] * 7])
        with inst.journal.reading() as reading:
            assert len(reading.contents(case)) == 1  # type: ignore[arg-type]


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Call all at the same moment, each in a thread of its own."""
    from django.db import connection

    barrier, answers = Barrier(len(calls)), []

    def run(call: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            answers.append(call())
        finally:
            connection.close()

    threads = [Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
