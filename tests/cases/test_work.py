"""A purchase, from the need to the order: every act through the one path."""

from collections.abc import Callable

from genba.acts.card import Card
from genba.acts.inbound import Outcome, Verdict
from genba.people.directory import Known

People = dict[str, Known]
Do = Callable[..., Outcome]
CardOf = Callable[..., Card]
TaskOf = Callable[[str, str], str]


def test_denied_first(started: Callable[..., str], people: People, do: Do, task_of: TaskOf) -> None:
    task = task_of(started(), "check")
    for act in ("task.claim", "task.complete", "task.release", "task.assign"):
        given = {"to": "other"} if act == "task.assign" else {}
        assert do(people["other"], act, task, **given).verdict is Verdict.FORBIDDEN


def test_from_need_to_order(
    started: Callable[..., str], people: People, do: Do, task_of: TaskOf, card: CardOf
) -> None:
    case = started()
    buyer, lead = people["buyer"], people["lead"]
    check = card(buyer, "task", task_of(case, "check"))
    assert check.title == "Check the request"
    assert check.subject == "Purchase 1: 3 laptops"
    assert check.why == "You are in Buying."
    assert [(fact.label, fact.value) for fact in check.facts] == [
        ("What is needed", "3 laptops"),
        ("Amount in euros", "5940"),
    ]
    assert check.offers[0].act == "task.complete"
    assert do(buyer, "task.complete", check.id, comment="the old ones fail").ok

    choice = card(buyer, "task", task_of(case, "known"))
    assert choice.title == "Decide the path: “Supplier known?”"
    assert choice.note == "the drawing does not say how this is decided: you do"
    assert [one.label for one in choice.offers[0].choices] == ["yes", "no, it is new"]
    assert choice.said[-1].text == "the old ones fail"
    new = choice.offers[0].choices[1].value
    assert do(buyer, "task.choose", choice.id, chosen=new).ok

    quote = task_of(case, "quote")
    missing = do(buyer, "task.complete", quote)
    assert missing.verdict is Verdict.INVALID
    assert missing.errors == {"second_offer": "This is needed."}
    assert do(buyer, "task.complete", quote, second_offer="5500,50").ok

    approve = card(lead, "task", task_of(case, "approve"))
    assert [offer.act for offer in approve.offers[:3]] == [
        "task.approve",
        "task.reject",
        "task.changes",
    ]
    done = do(lead, "task.approve", approve.id, channel="mail", condition="refurbished first")
    assert done.ok
    assert done.message == "Approved."
    assert do(buyer, "task.complete", task_of(case, "order")).ok

    whole = card(people["staff"], "case", case)
    assert not whole.open
    assert whole.status == "complete since 09:12"
    told = [f"{moment.who} {moment.text}".strip() for moment in whole.story if not moment.quiet]
    assert told == [
        "Staff member started the case",
        "Buyer the old ones fail",
        "Buyer finished “Check the request”",
        "Buyer chose “no, it is new” at “Supplier known?”",
        "Buyer finished “Get a second quote”",
        "Team lead refurbished first",
        "Team lead approved “Approve the purchase” by mail",
        "Buyer finished “Order”",
        "The case is complete.",
    ]


def to_approval(case: str, people: People, do: Do, task_of: TaskOf, card: CardOf) -> str:
    buyer = people["buyer"]
    assert do(buyer, "task.complete", task_of(case, "check")).ok
    choice = card(buyer, "task", task_of(case, "known"))
    assert do(buyer, "task.choose", choice.id, chosen="yes").ok
    return task_of(case, "approve")


def test_gone_says_who_when_and_how(
    started: Callable[..., str], people: People, do: Do, task_of: TaskOf, card: CardOf
) -> None:
    task = to_approval(started(), people, do, task_of, card)
    assert do(people["lead"], "task.approve", task, channel="mail").ok
    again = do(people["lead"], "task.reject", task)
    assert again.verdict is Verdict.GONE
    assert again.message == "Approved by you by mail at 09:12."
    late = do(people["helper"], "task.approve", task)
    assert late.message == "Approuvé par Team lead par mail à 09:12."
    assert late.card is not None
    assert not late.card.open


def test_rejecting_goes_the_other_way(
    started: Callable[..., str], people: People, do: Do, task_of: TaskOf, card: CardOf
) -> None:
    case = started()
    task = to_approval(case, people, do, task_of, card)
    assert do(people["lead"], "task.reject", task, reason="too dear").ok
    tell = card(people["staff"], "task", task_of(case, "tell"))
    assert tell.said[-1].text == "too dear"
    assert ("Approve the purchase", "rejected") in [(one.label, one.value) for one in tell.facts]


def test_changes_go_back_in_the_same_thread(
    started: Callable[..., str], people: People, do: Do, task_of: TaskOf, card: CardOf
) -> None:
    case = started()
    task = to_approval(case, people, do, task_of, card)
    lead = people["lead"]
    assert do(lead, "task.changes", task).errors == {"reason": "This is needed."}
    assert do(lead, "task.changes", task, reason="which model?").ok
    back = [one for one in card(people["buyer"], "case", case).cards if one.open]
    assert [one.node for one in back] != ["approve"]
    assert back[0].subject == "Purchase 1: 3 laptops"
    assert back[0].said[-1].text == "which model?"
    gone = do(lead, "task.approve", task)
    assert gone.verdict is Verdict.GONE
    assert gone.message.startswith("Changes asked for by you")


def test_claim_release_assign(
    started: Callable[..., str], people: People, do: Do, task_of: TaskOf, card: CardOf
) -> None:
    task = task_of(started(), "check")
    buyer, second = people["buyer"], people["helper"]
    assert do(buyer, "task.claim", task).undo == "task.release"
    assert do(second, "task.complete", task).verdict is Verdict.FORBIDDEN
    assert do(second, "task.claim", task).verdict is Verdict.GONE
    assert card(buyer, "task", task).why == "It is assigned to you."
    assert do(buyer, "task.release", task).ok
    assert do(buyer, "task.assign", task, to="nobody").errors == {
        "to": "Nobody is called “nobody” here."
    }
    assert do(buyer, "task.assign", task, to="@second-buyer", comment="you know them").ok
    assert do(buyer, "task.complete", task).verdict is Verdict.FORBIDDEN
    assert do(second, "task.complete", task).ok


def test_withdrawing_is_for_who_started(
    started: Callable[..., str], people: People, do: Do, task_of: TaskOf
) -> None:
    case = started()
    task = task_of(case, "check")
    assert do(people["buyer"], "case.withdraw", case).verdict is Verdict.FORBIDDEN
    assert do(people["staff"], "case.withdraw", case, reason="not needed").ok
    assert do(people["buyer"], "task.complete", task).verdict is Verdict.GONE
    assert do(people["staff"], "case.withdraw", case).verdict is Verdict.GONE


def test_a_title_never_changes(
    started: Callable[..., str], people: People, do: Do, task_of: TaskOf, card: CardOf
) -> None:
    case = started(title="  3\n laptops ")
    to_approval(case, people, do, task_of, card)
    assert card(people["buyer"], "case", case).subject == "Purchase 1: 3 laptops"
