"""Who may do what to a step that is decided together: role, object, act, line by line."""

from collections.abc import Callable

import pytest

from genba.acts.inbound import Outcome, Verdict
from genba.acts.objects import card_for
from genba.acts.registry import acts
from genba.people.accounts import enrol
from genba.people.directory import Known, invite
from genba.runtime.installation import current

People = dict[str, Known]
Do = Callable[..., Outcome]

HAND = {"task.assign", "task.delegate", "task.add-signer"}
VOTE = {"task.approve", "task.reject", "task.changes", "task.send-back"}
DECIDING = {*HAND, *VOTE, "task.claim", "task.release", "task.transfer", "task.take-back"}

# role -> the acts of deciding that are open on a vote that nobody has taken
ROWS: list[tuple[str, set[str]]] = [
    ("outsider", set()),
    ("guest of the case", set()),
    ("member of no team", set()),
    ("who asked for it", {"task.assign"}),
    ("who checked it", {"task.assign"}),
    ("deputy of who asked", {"task.assign"}),
    ("shared to see", set()),
    ("shared to act", {*HAND, *VOTE, "task.claim"} - {"task.assign"}),
    ("member of the board", {*HAND, *VOTE, "task.claim"}),
    ("deputy of the board", {*HAND, *VOTE, "task.claim"}),
]

GIVEN = {
    "task.assign": {"to": "three"},
    "task.delegate": {"to": "three"},
    "task.transfer": {"to": "three", "reason": "x"},
    "task.add-signer": {"to": "three"},
    "task.reject": {"reason": "x"},
    "task.changes": {"reason": "x"},
    "task.send-back": {"to": "check", "reason": "x"},
}


@pytest.fixture
def vote(people: People, do: Do, deploy: Callable[[str], None]) -> tuple[str, People]:
    """A vote on a case, and everybody of the table."""
    board = {
        name: enrol(f"{name}@example.org", None, name=name.title(), groups=["Board", *more])
        for name, more in (("one", ()), ("two", ()), ("three", ()), ("checker", ("Buying",)))
    }
    roles = {
        "outsider": invite("outsider@example.org"),
        "guest of the case": invite("guest@example.org"),
        "member of no team": people["other"],
        "who asked for it": board["one"],
        "who checked it": board["checker"],
        "deputy of who asked": enrol("d1@example.org", None, name="d1", groups=["Board"]),
        "shared to see": enrol("s1@example.org", None, name="s1"),
        "shared to act": enrol("s2@example.org", None, name="s2"),
        "member of the board": board["two"],
        "deputy of the board": enrol("d2@example.org", None, name="d2"),
    }
    deploy("deciding")
    starter = board["one"]
    case = do(starter, "process.start", "deciding", title="A machine").object_id
    for step, who in (("check", board["checker"]), ("compare", people["buyer"])):
        assert do(who, "task.complete", open_at(case, step)).ok
    for role, level in (("shared to see", "see"), ("shared to act", "act")):
        assert do(starter, "case.share", case, to=roles[role].handle, level=level).ok
    assert do(starter, "case.share", case, to="guest@example.org").ok
    for who, role in ((starter, "deputy of who asked"), (board["two"], "deputy of the board")):
        assert do(who, "person.name-deputy", who.id, to=roles[role].handle).ok
    return open_at(case, "vote"), roles


def open_at(case: str, node: str) -> str:
    with current().journal.reading() as reading:
        works = [one.work for one in reading.works(case) if one.node == node]  # type: ignore[arg-type]
    return f"{case}:{works[0]}"


@pytest.mark.security("S14")
@pytest.mark.parametrize(("role", "open_to"), ROWS, ids=[role for role, _ in ROWS])
def test_what_is_not_offered_is_refused_and_what_is_offered_is_in_the_table(
    role: str, open_to: set[str], vote: tuple[str, People], do: Do
) -> None:
    task, roles = vote
    who = roles[role]
    unseen = role == "outsider"
    for act in sorted(DECIDING - open_to):
        for channel in ("web", "mail", "api", "cli"):
            outcome = do(who, act, task, channel=channel, **GIVEN.get(act, {}))
            wanted = Verdict.UNKNOWN_OBJECT if unseen else Verdict.FORBIDDEN
            assert outcome.verdict is wanted, (act, channel, outcome.message)
            assert unseen is (outcome.card is None)
    card = card_for("task", task, who)
    assert {one.act for one in (card.offers if card else ())} & DECIDING == open_to


@pytest.mark.security("S15")
def test_guessing_ids_yields_nothing(vote: tuple[str, People], do: Do) -> None:
    task, roles = vote
    who = roles["outsider"]
    case = task.partition(":")[0]
    ids = {
        "task": (task, f"{case}:w99999", "x:w1"),
        "case": (case, "0" * 32),
        "process": ("deciding", "nothing"),
        "person": (roles["who asked for it"].id, "999999"),
        "decision": ("purchase-limit",),
        "calendar": ("default",),
    }
    for object, guessed in ids.items():
        said = set()
        for id in guessed:
            assert card_for(object, id, who) is None
            for one in acts():
                if one.object == object and one.act != "process.start":
                    outcome = do(who, one.act, id)
                    assert outcome.verdict is Verdict.UNKNOWN_OBJECT, one.act
                    said.add(outcome.message)
        assert len(said) == 1, "what there is sounds like what there is not"
