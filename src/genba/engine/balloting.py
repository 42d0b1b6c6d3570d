"""Deciding together: several answers to one step, and when they are enough.

Rules of this file: a ballot lives on the element of its step; each seat whose turn it is has a
work of its own, so that everybody asked has a card of their own. When the answers decide the step,
who has not answered is asked no more and the step goes on as if one person had decided it. What a
vote is worth is the table `SETTLES`.
"""

from collections.abc import Callable

from genba.engine import ballot_events as ballots
from genba.engine import commands as c
from genba.engine import events as e
from genba.engine.graph import GraphNode
from genba.engine.lifecycle import behaviour_of, close
from genba.engine.state import Ballot, Seat, Work
from genba.engine.step import Answer, Step
from genba.engine.values import DECIDED, Data, ElementId, WorkId, WorkKind
from genba.engine.work import named, open_work
from genba.notation.model import Votes

APPROVED, REJECTED, DONE = "approved", "rejected", "done"
SETTLED = "settled"  # why a work closed: the others have decided
LATER = "signs later"  # why a work closed: somebody else signs first
PLACES = frozenset({"before", "after", "beside"})
MOST = 50  # seats of one step
_AD_HOC = "veto"  # the rule where somebody is asked to sign too: one "no" is enough


def _counted(ballot: Ballot, yes: int, no: int, left: int) -> str:
    if yes >= ballot.need:
        return APPROVED
    return REJECTED if yes + left < ballot.need else ""


def _unanimous(ballot: Ballot, yes: int, no: int, left: int) -> str:
    if left:
        return ""
    return REJECTED if no else APPROVED


def _without_veto(ballot: Ballot, yes: int, no: int, left: int) -> str:
    if no:
        return REJECTED
    return "" if left else APPROVED


def _by_the_first(ballot: Ballot, yes: int, no: int, left: int) -> str:
    if no:
        return REJECTED
    return APPROVED if yes else ""


# Rule -> what the answers so far decide; "" while they decide nothing.
SETTLES: dict[str, Callable[[Ballot, int, int, int], str]] = {
    "count": _counted,
    "all": _unanimous,
    "veto": _without_veto,
    "first": _by_the_first,
}


def verdict_of(ballot: Ballot) -> str:
    """What the answers so far decide; "" while they decide nothing."""
    no = sum(seat.verdict == REJECTED for seat in ballot.seats)
    left = sum(not seat.verdict for seat in ballot.seats)
    return SETTLES[ballot.rule](ballot, len(ballot.seats) - no - left, no, left)


def open_ballot(step: Step, id: ElementId, node: GraphNode, votes: Votes) -> None:
    """Ask everybody whose answer a step needs: those it names, or so many of its role."""
    people = named(step, id, node)
    number = votes.of or len(people) or max(1, votes.need)
    to = tuple(people[place] if place < len(people) else None for place in range(number))
    turns = tuple(range(number)) if votes.in_order else (0,) * number
    step.emit(
        ballots.BallotOpened(
            element=id, node=node.id, rule=votes.rule, need=votes.need, turns=turns, to=to
        )
    )
    _ask(step, id, node)


def plan_ballot(step: Step, id: ElementId, node: GraphNode, number: int) -> None:
    """The ballot of a repeated step that decides: each instance is a seat, asked as drawn."""
    votes = node.drawn.deciding.votes
    if not number or (votes is None and not {"approve", "reject"} & set(node.drawn.acts)):
        return
    rule, need = (votes.rule, votes.need) if votes is not None else ("all", 0)
    seats = (0,) * number
    step.emit(
        ballots.BallotOpened(
            element=id, node=node.id, rule=rule, need=need, turns=seats, to=(None,) * number
        )
    )


def _ask(step: Step, id: ElementId, node: GraphNode) -> None:
    """Open a work for each seat of the first turn that has not answered."""
    ballot = step.case.elements[id].ballot
    assert ballot is not None
    waiting = [seat.turn for seat in ballot.seats if not seat.verdict]
    for place, seat in enumerate(ballot.seats):
        if not seat.verdict and seat.work is None and seat.turn == min(waiting):
            open_work(step, id, node, WorkKind.TASK, seat=place, to=seat.to, note=node.note)


def refuse_vote(step: Step, work: Work, command: c.CompleteWork) -> c.Rejected | None:
    """One person, one vote: also for whom a deputy stands."""
    ballot = step.case.elements[work.element].ballot
    if ballot is None or work.seat is None:
        return None
    voters = {one for seat in ballot.seats for one in (seat.by, seat.behalf) if one}
    if voters & {command.by, command.behalf}:
        return c.Rejected(rule="vote.twice", message="Each person answers this once.")
    return None


def vote(step: Step, work: Work, command: c.CompleteWork) -> None:
    """Count an answer; go on when it decides, else ask the next turn."""
    assert work.seat is not None
    id, node = work.element, step.graph.nodes[work.node]
    verdict = command.data.get(f"{node.id}{DECIDED}") or DONE
    _cast(step, id, node, work.seat, str(verdict), command.data, command.by, command.behalf)
    ballot = step.case.elements[id].ballot
    assert ballot is not None
    outcome = verdict_of(ballot)
    if not outcome:
        _ask(step, id, node)
        return
    data = settle(step, id, node, ballot, outcome)
    element = step.case.elements[id]
    answer = Answer(command.chosen, data, work)
    behaviour_of(step, element, node).resume(step, id, element, node, answer)


def count_instance(step: Step, id: ElementId, node: GraphNode, place: int, data: Data) -> Data:
    """Count the answer of one instance of a repeated step; what is decided, once it is."""
    ballot = step.case.elements[id].ballot
    if ballot is None:
        return {}
    verdict = str(data.get(f"{node.id}{DECIDED}") or DONE)
    _cast(step, id, node, place, verdict, {}, step.case.done.get(node.id), None)
    outcome = verdict_of(ballot)
    return settle(step, id, node, ballot, outcome) if outcome else {}


def _cast(
    step: Step,
    id: ElementId,
    node: GraphNode,
    seat: int,
    verdict: str,
    data: Data,
    by: str | None,
    behalf: str | None,
) -> None:
    step.emit(
        ballots.VoteCast(
            element=id,
            node=node.id,
            seat=seat,
            verdict=verdict,
            data=data,
            by=by,
            behalf=behalf,
        )
    )


def settle(step: Step, id: ElementId, node: GraphNode, ballot: Ballot, outcome: str) -> Data:
    """End the ballot: what the step gives is what was said, the last one over the first."""
    data: Data = {}
    for seat in ballot.seats:
        data |= seat.data
    yes = sum(seat.verdict not in ("", REJECTED) for seat in ballot.seats)
    no = sum(seat.verdict == REJECTED for seat in ballot.seats)
    decided = any(seat.verdict in (APPROVED, REJECTED) for seat in ballot.seats)
    if decided:
        data |= {
            "decision": outcome,
            f"{node.id}{DECIDED}": outcome,
            f"{node.id}_votes": {APPROVED: yes, REJECTED: no, "of": len(ballot.seats)},
        }
    step.emit(
        ballots.BallotSettled(
            element=id,
            node=node.id,
            verdict=outcome if decided else DONE,
            approved=yes,
            rejected=no,
            seats=len(ballot.seats),
        )
    )
    close(step, id, (node.id,), why=SETTLED)
    return data


def add_signer(step: Step, command: c.AddSigner) -> c.Rejected | None:
    """Somebody else is to answer too, before, after or beside a work."""
    work = step.case.works.get(command.work)
    if work is None:
        return c.Rejected(rule="work.gone", message="There is nothing open any more here.")
    element = step.case.elements[work.element]
    if work.kind is not WorkKind.TASK or work.node != element.node or element.loop is not None:
        return c.Rejected(rule="signer.no-task", message="Only a task is signed.")
    if command.place not in PLACES:
        return c.Rejected(rule="signer.place", message="Say before, after or beside.")
    refused = _refuse_signer(element.ballot, command)
    if refused is not None:
        return refused
    _seated(step, command.work, work, element.ballot, command.by)
    assert work.seat is not None
    node, seat = step.graph.nodes[work.node], work.seat
    step.emit(
        ballots.SignerAdded(
            element=work.element,
            node=work.node,
            of=seat,
            to=command.to,
            place=command.place,
            by=command.by,
        )
    )
    if command.place == "before":
        step.emit(e.WorkCancelled(work=command.work, node=work.node, why=LATER))
    _ask(step, work.element, node)
    return None


def _refuse_signer(ballot: Ballot | None, command: c.AddSigner) -> c.Rejected | None:
    seats: list[Seat] = ballot.seats if ballot is not None else []
    if len(seats) >= MOST:
        return c.Rejected(rule="signer.most", message=f"At most {MOST} people sign one step.")
    if command.to == command.by or any(command.to in (s.to, s.by, s.behalf) for s in seats):
        return c.Rejected(rule="signer.twice", message="They are asked already.")
    return None


def _seated(step: Step, id: WorkId, work: Work, ballot: Ballot | None, by: str | None) -> None:
    """The work has a seat, and somebody who holds it."""
    if ballot is None:
        holder = work.assignee or by
        step.emit(
            ballots.BallotOpened(
                element=work.element,
                node=work.node,
                rule=_AD_HOC,
                need=0,
                turns=(0,),
                to=(holder,),
                work=id,
            )
        )
    if work.assignee is None and by is not None:
        step.emit(e.WorkAssigned(work=id, to=by))
