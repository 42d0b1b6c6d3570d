"""What the live stream tells: changes after a position, once a case, to those who may see it."""

from typing import Any

import pytest

from genba.journal.records import Envelope
from genba.runtime.unit import open_unit
from genba.web import live
from genba.web.live import changes, newest


def test_a_page_that_comes_back_misses_nothing(started: Any, do: Any, people: Any) -> None:
    case = started()
    reader = people["buyer"].id
    seen = newest()
    assert changes(reader, seen, "") == (seen, [])
    do(people["staff"], "case.comment", case, text="one")
    middle = newest()
    do(people["staff"], "case.comment", case, text="two")
    assert changes(reader, seen, "") == (newest(), [(newest(), case)])
    assert changes(reader, middle, case) == (newest(), [(newest(), case)])


def test_other_cases_pass_by_but_the_position_moves(started: Any, do: Any, people: Any) -> None:
    first = started()
    second = started(title="2 chairs")
    seen = newest()
    do(people["staff"], "case.comment", second, text="x")
    assert changes(people["buyer"].id, seen, first) == (newest(), [])


def test_only_what_one_may_see(started: Any, people: Any) -> None:
    from genba.people.models import Person

    case = started()
    stranger = people["other"].id
    assert changes(stranger, 0, "") == (newest(), [(newest(), case)])
    Person.objects.filter(pk=int(stranger)).update(is_guest=True)
    assert changes(stranger, 0, "") == (newest(), [])
    Person.objects.filter(pk=int(stranger)).update(is_active=False)
    assert changes(stranger, 0, "") is None


def test_whoever_is_far_behind_is_told_to_look_at_everything(
    started: Any, people: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    started()
    monkeypatch.setattr(live, "BATCH", 3)
    assert newest() > live.BATCH
    assert live.changes(people["buyer"].id, 0, "") == (newest(), [(newest(), "")])


def test_a_stream_is_told_to_whoever_asks_for_it(inst: Any, people: Any) -> None:
    from genba.people.models import Person

    def write(id: str) -> None:
        envelope = Envelope(at=inst.clock.now())
        with open_unit(inst, envelope) as unit:
            unit.stream(id).record("told", {})

    reader = people["buyer"].id
    write("decision:limits")
    assert changes(reader, 0, "decision:limits") == (newest(), [(newest(), "decision:limits")])
    assert changes(reader, 0, "") == (newest(), [])
    write("decision:limits#new")
    part = (newest(), "decision:limits#new")
    assert part in (changes(reader, 0, "decision:limits") or (0, []))[1]
    write(f"person:{reader}")
    own = changes(reader, 0, f"person:{reader}")
    assert own == (newest(), [(newest(), f"person:{reader}")])
    other = people["other"].id
    assert changes(other, 0, f"person:{reader}") == (newest(), [])
    Person.objects.filter(pk=int(other)).update(is_guest=True)
    assert changes(other, 0, "decision:limits") == (newest(), [])


@pytest.mark.security("S15")
def test_a_guest_is_not_told_how_much_happened_elsewhere(
    inst: Any, started: Any, do: Any, people: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from genba.people.directory import invite

    guest = invite("guest@example.org", "Guest")
    own = started()
    assert do(people["staff"], "case.share", own, to=guest.address).ok
    with inst.journal.reading() as reading:
        here = live.last_position(own, reading)
        page = live.going_on(guest, reading, own)
    other = started(title="2 chairs")
    monkeypatch.setattr(live, "BATCH", 3)
    assert newest() > here + live.BATCH
    assert page == f"since={here}"
    assert live.changes(guest.id, here, own) == (newest(), []), "nothing happened on theirs"
    assert live.changes(guest.id, here, "") == (newest(), [])
    assert live.changes(guest.id, 0, own) == (newest(), [(here, own)])
    assert live.changes(guest.id, 0, "") == (newest(), [(here, own)])
    assert live.changes(guest.id, 0, other) == (newest(), [])
    with inst.journal.reading() as reading:
        assert live.going_on(guest, reading) == ""
        assert live.going_on(people["staff"], reading) == f"since={newest()}"
