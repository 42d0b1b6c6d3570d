"""Working time and zones in running cases: calendars are streams, instants are on the log."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from genba.engine.calendars import Holidays, Hours
from genba.engine.time_texts import read
from genba.runtime.almanacs import Kept, calendar_id, zone_of, zone_offset
from genba.runtime.folding import unlike_their_logs
from genba.runtime.schedules import _digest
from genba.runtime.unit import open_unit

FRENCH = Kept(zone="Europe/Paris", holidays=(Holidays("easter+1"),), teams=("p",))


def keep(world: Any, name: str, kept: Kept) -> None:
    with open_unit(world.inst, world.envelope()) as unit:
        stream = unit.stream(calendar_id(name))
        stream.record("calendar.changed", {})
        stream.keep(kept, marks=kept.teams)


def waiting(draw: Any, time: str, **given: str) -> bytes:
    catch = draw.node("intermediateCatchEvent", "wait", draw.timer(time), **given)
    made: bytes = draw.file(
        draw.process("p", draw.node("startEvent", "s"), catch, draw.node("endEvent", "e"),
                     flows="s>wait wait>e")
    )  # fmt: skip
    return made.replace(b"<definitions", b'<definitions xmlns:genba="https://genba.dev/bpmn/1"')


@pytest.mark.parametrize(
    ("time", "given", "due"),
    [
        ("<timeDuration>PT8H working</timeDuration>", {}, "03-03T09:00"),  # of the team
        ("<timeDuration>PT8H working</timeDuration>", {"genba:calendar": "Night"}, "03-02T17:00"),
        ("<timeDuration>PT8H</timeDuration>", {"genba:calendar": "Night"}, "03-02T17:00"),
        ("<timeDuration>PT8H</timeDuration>", {}, "03-02T17:00"),
        ("<timeDate>2026-03-10T09:00</timeDate>", {"genba:zone": "Europe/Paris"}, "03-10T08:00"),
        ("<timeDate>2026-03-10T09:00</timeDate>", {}, "03-10T13:00"),  # of the installation
    ],
)
def test_when_a_timer_is_due(
    world: Any, draw: Any, time: str, given: dict[str, str], due: str
) -> None:
    world.inst.zone = ZoneInfo("America/New_York")
    keep(world, "French", FRENCH)
    keep(world, "Night", Kept(zone="UTC", week=((Hours(0, 1440),),) * 7))
    world.deploy(waiting(draw, time, **given))
    case = world.start("p")
    with world.inst.journal.reading() as reading:
        (timer,) = reading.timers(case)
    assert timer.due == datetime.fromisoformat(f"2026-{due}").replace(tzinfo=UTC)
    keep(world, "French", Kept(teams=("p",)))  # what was computed stays
    assert not list(unlike_their_logs(world.inst))


def test_without_a_calendar_an_office_is_open_where_the_installation_is(
    world: Any, draw: Any
) -> None:
    world.inst.zone = ZoneInfo("America/New_York")
    keep(world, "French", Kept(teams=("p",), removed=True))
    world.deploy(waiting(draw, "<timeDuration>PT8H working</timeDuration>"))
    case = world.start("p")
    with world.inst.journal.reading() as reading:
        (timer,) = reading.timers(case)
    assert timer.due == datetime(2026, 3, 2, 22, tzinfo=UTC)


def test_a_condition_knows_zones(world: Any, draw: Any) -> None:
    choice = draw.node("exclusiveGateway", "g").replace(">", ' default="p_f2">', 1)
    data = draw.file(
        draw.process("p", draw.node("startEvent", "s"), choice, draw.node("userTask", "late"),
                     draw.node("userTask", "early"), flows="s>g g>late g>early")
    )  # fmt: skip
    arrow = b'<sequenceFlow id="p_f1" sourceRef="g" targetRef="late"'
    said = (
        b"><conditionExpression>=date and time(day) &gt; "
        b'@"2026-07-01T09:00:00@Europe/Paris"</conditionExpression></sequenceFlow>'
    )
    world.deploy(data.replace(arrow + b"/>", arrow + said))
    assert world.nodes(world.start("p", data={"day": "2026-07-01T07:00:01Z"})) == ["late"]
    assert world.nodes(world.start("p", data={"day": "2026-07-01T06:59:59Z"})) == ["early"]


def test_a_process_starts_at_nine_on_the_wall(world: Any, draw: Any) -> None:
    world.inst.zone = ZoneInfo("Europe/Paris")
    world.clock.set(datetime(2026, 3, 27, 12, tzinfo=UTC))
    nine = draw.timer("<timeCycle>R/2026-03-28T09:00/P1D</timeCycle>")
    world.deploy(
        draw.file(draw.process("p", draw.node("startEvent", "s", nine), draw.node("userTask", "t"),
                               flows="s>t"))
    )  # fmt: skip
    for day, hour in ((28, 8), (29, 7), (30, 7)):
        world.clock.set(datetime(2026, 3, day, hour, tzinfo=UTC) - timedelta(seconds=1))
        before = len(world.cases(process="p"))
        world.loop.drain()
        assert len(world.cases(process="p")) == before
        world.clock.advance(timedelta(seconds=1))
        world.loop.drain()
        assert len(world.cases(process="p")) == before + 1


# Written by the release before times had zones and working hours: a timetable goes on.
@pytest.mark.parametrize(
    ("text", "digest"),
    [
        ("P1D", "06bed229c1a34c16"),
        ("R/PT1H", "8df730497ecf91c2"),
        ("R3/2026-02-01T08:00:00Z/P1D", "209d3a205502ce1e"),
        ("0 8 * * MON-FRI", "1c8b923bd8a97134"),
        ("2026-03-01", "1c9670ee487bd729"),
        ("every 2 days", "f9aae2a49bf8cc5e"),
        ("R/P1M", "7004c0061198529d"),
    ],
)
def test_a_timetable_is_known_by_what_its_timer_says_as_ever(text: str, digest: str) -> None:
    when = read(text)
    assert when is not None
    assert _digest(when).startswith(digest)
    other = read(f"{text} [Europe/Paris]")
    assert other is not None
    assert not _digest(other).startswith(digest)


def test_zones_are_looked_up_by_their_id_only() -> None:
    assert zone_of("Europe/Paris") is not None
    for name in ("", "Europe", "Europe/Nowhere", "../../etc/passwd", "/etc/localtime"):
        assert zone_of(name) is None
    assert zone_offset("Europe/Paris", 0) == 3600
    assert zone_offset("Europe/Nowhere", 0) is None
    assert zone_offset("Europe/Paris", 10**15) == 3600
