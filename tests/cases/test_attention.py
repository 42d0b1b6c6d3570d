"""Choosing when one is told: only for oneself, and only times there are."""

from collections.abc import Callable
from typing import Any

import pytest

from genba.acts.inbound import Outcome, Verdict
from genba.people.directory import Known

People = dict[str, Known]
Do = Callable[..., Outcome]


def test_one_chooses_for_oneself(inst: Any, people: People, do: Do, card: Any) -> None:
    lead = people["lead"]
    assert do(lead, "person.digest", lead.id, at="8:15").message.endswith("at 8:15.")
    assert do(lead, "person.quiet-hours", lead.id, begins="19:00", ends="7:30", weekend=True).ok
    facts = {one.label: one.value for one in card(lead, "person", lead.id).facts}
    assert facts == {
        "What is said": "one mail a day, at 08:15",
        "Quiet hours": "19:00–07:30",
        "Quiet": "Saturdays and Sundays",
    }
    other = do(people["buyer"], "person.digest", lead.id, at="8:15")
    assert other.verdict is Verdict.UNKNOWN_OBJECT
    none = do(lead, "person.quiet-hours", lead.id, begins="0:00", ends="0:00")
    assert none.message == "You have no quiet hours."
    assert do(lead, "person.at-once", lead.id).ok
    assert do(lead, "person.at-once", lead.id).verdict is Verdict.FORBIDDEN
    assert inst.journal.verify() == []


@pytest.mark.parametrize("time", ["25:00", "noon", "7:75", "24:00"])
def test_what_is_no_time_of_day_is_asked_again(
    inst: Any, people: People, do: Do, time: str
) -> None:
    lead = people["lead"]
    wrong = do(lead, "person.digest", lead.id, at=time)
    assert (wrong.verdict, list(wrong.errors)) == (Verdict.INVALID, ["at"])
    for given in ({"begins": time, "ends": "7:00"}, {"begins": "7:00", "ends": time}):
        assert do(lead, "person.quiet-hours", lead.id, **given).verdict is Verdict.INVALID
