"""Whom to ask."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from genba.recall.routing import USUAL, Evidence, Room, rank

NOW = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)
FREE = Room()


def did(person: str, days: int = 1, *, good: bool = True, likeness: float = 0.8) -> Evidence:
    return Evidence(person=person, likeness=likeness, at=NOW - days * DAY, good=good)


def order(evidence: list[Evidence], rooms: dict[str, Room]) -> list[str]:
    return [one.person for one in rank(evidence, rooms, NOW)]


def test_good_outcomes_count_and_not_how_often() -> None:
    often = [did("often", good=n % 3 == 0) for n in range(9)]
    assert order([*often, *[did("good") for _ in range(5)]], {"often": FREE, "good": FREE}) == [
        "good",
        "often",
    ]


def test_skills_shift() -> None:
    evidence = [*[did("then", 200) for _ in range(6)], did("lately"), did("lately")]
    assert order(evidence, {"then": FREE, "lately": FREE}) == ["lately", "then"]


def test_whoever_never_did_well_is_not_asked() -> None:
    assert order([did("a", good=False)], {"a": FREE}) == []


def test_room_decides_who_may_be_asked_at_all() -> None:
    rooms = {
        "away": Room(away=True),
        "full": Room(asks=USUAL.limit),
        "spent": Room(hours=0.0),
        "free": FREE,
    }
    assert order([did(one) for one in (*rooms, "gone")], rooms) == ["free"]


def test_who_said_not_me_or_is_busy_is_asked_less_readily() -> None:
    rooms = {"a": Room(declined=1.0), "b": Room(works=10), "c": Room(asks=1), "d": FREE}
    assert order([did(one) for one in "abcd"], rooms)[0] == "d"
    assert len(order([did(one) for one in "abcd"], rooms)) == 4


def test_who_asks_is_not_asked() -> None:
    found = rank([did("a"), did("b")], {"a": FREE, "b": FREE}, NOW, but=frozenset({"a"}))
    assert [(one.person, one.solved) for one in found] == [("b", 1)]


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 400), st.booleans())),
    st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5)),
)
def test_nobody_is_asked_above_the_limit(
    rows: list[tuple[str, int, bool]], asks: tuple[int, int, int]
) -> None:
    rooms = {name: Room(asks=many) for name, many in zip("abc", asks, strict=True)}
    evidence = [did(name, days, good=good) for name, days, good in rows]
    assert all(rooms[one].asks < USUAL.limit for one in order(evidence, rooms))
