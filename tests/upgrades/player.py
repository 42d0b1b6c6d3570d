"""An installation played from outside, by whichever release this runs under.

`python player.py DATABASE` reads orders as JSON, one a line, and answers each with a line. It uses
only what every release since the first one has, and the standard library: it is run with the code
of an earlier release as well (see `releases`).
"""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from genba.engine import commands
from genba.engine.commands import CompleteWork, Rejected
from genba.engine.values import WorkId
from genba.journal.contract import CaseQuery
from genba.journal.records import CaseId, Envelope, WorkRow
from genba.journal.sqlite import SqliteJournal
from genba.runtime.clock import FixedClock
from genba.runtime.definitions import Deployed, deploy
from genba.runtime.installation import Installation
from genba.runtime.loop import Loop
from genba.runtime.unit import open_unit, read_state

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ROUNDS = 12  # of everybody doing what is asked, and an hour
ANSWERS = {"repeat": ("enough",), "incident": ("go-on",), "pick": ("enough",)}


class Player:
    """People and a clock of one installation."""

    def __init__(self, database: str) -> None:
        self.clock = FixedClock(T0)
        self.inst = Installation(opened(database), self.clock)
        self.inst.on("card", lambda inst, row: None)
        self.loop = Loop(self.inst)
        self.acts = 0

    def envelope(self) -> Envelope:
        """An act now."""
        self.acts += 1
        return Envelope(at=self.clock.now(), actor="7", channel="web")

    def deploy(self, drawing: str) -> None:
        """Bring in a drawing."""
        made = deploy(self.inst, drawing.encode(), "waits.bpmn", "7")
        assert isinstance(made, Deployed), made

    def decide(self, table: str) -> None:
        """Bring in decisions; not in the first releases."""
        from genba.runtime.decisions import DecisionsDeployed, deploy_decisions

        made = deploy_decisions(self.inst, table.encode(), "table.dmn", "7")
        assert isinstance(made, DecisionsDeployed), made

    def start(self, process: str, data: dict[str, Any] | None = None) -> str:
        """Start a case; its id."""
        with open_unit(self.inst, self.envelope()) as unit:
            case = unit.start_case(process, data=data)
            assert not isinstance(case, Rejected), case
            return str(case.row.case)

    def works(self, case: str) -> list[WorkRow]:
        """What is open in a case."""
        with self.inst.journal.reading() as reading:
            return sorted(reading.works(CaseId(case)), key=lambda work: int(work.work[1:]))

    def open(self, case: str) -> list[str]:
        """The steps at which somebody is asked."""
        return [work.node for work in self.works(case)]

    def newest(self, case: str) -> str:
        """The work that was opened last."""
        return self.works(case)[-1].work

    def do(self, case: str, node: str) -> None:
        """Do what is asked at a step."""
        work = next(work for work in self.works(case) if work.node == node)
        self.answer(case, work)

    def answer(self, case: str, work: WorkRow) -> None:
        """Do a work: the first of what is offered, where one must choose."""
        with open_unit(self.inst, self.envelope()) as unit:
            opened = unit.open(case)
            offered = opened.state.works[WorkId(work.work)].options
            chosen = ANSWERS.get(work.kind) or tuple(one.id for one in offered[:1])
            data: dict[str, Any] = {"count": 2} if work.kind == "count" else {"ready": True}
            command = CompleteWork(
                at=unit.now, work=WorkId(work.work), by="7", chosen=chosen, data=data
            )
            answer = opened.command(command)
            assert not isinstance(answer, Rejected), (work, answer)

    def tell(self, case: str, name: str, given: dict[str, Any]) -> None:
        """Ask the engine for something else, by the name of the command, where there is one."""
        command = getattr(commands, name, None)
        if command is None:
            return
        with open_unit(self.inst, self.envelope()) as unit:
            answer = unit.open(case).command(command(at=unit.now, **given))
            assert not isinstance(answer, Rejected), answer

    def move(self, case: str, to: int) -> None:
        """Let a case go on in another version; not in the first releases."""
        from genba.runtime.migrations import move

        with open_unit(self.inst, self.envelope()) as unit:
            move(unit, unit.open(case), to)

    def drain(self) -> int:
        """Do what is due."""
        return self.loop.drain()

    def wait(self, hours: int) -> None:
        """Let time pass."""
        self.clock.advance(timedelta(hours=hours))

    def cases(self) -> list[str]:
        """Every case, oldest first."""
        with self.inst.journal.reading() as reading:
            return [str(row.case) for row in reversed(reading.cases(CaseQuery(limit=1_000)))]

    def finish(self) -> None:
        """Everybody does what is asked, oldest first, and an hour passes, until nobody waits."""
        for _ in range(ROUNDS):
            for case in self.cases():
                self.drain()
                self.step(case)
            self.drain()
            self.wait(1)

    def step(self, case: str) -> None:
        """Do the oldest thing that is asked in a case."""
        for work in self.works(case)[:1]:
            self.answer(case, work)

    def told(self) -> dict[str, list[str]]:
        """What happened in each case, by process and number: steps done and how it stands."""
        found = {}
        with self.inst.journal.reading() as reading:
            for case in self.cases():
                row = reading.case(CaseId(case))
                assert row is not None
                steps = [json.loads(entry.body) for entry in reading.log(row.case)]
                done = [one["node"] for one in steps if one.get("type") == "element-completed"]
                found[f"{row.process} {row.number}"] = [*done, str(row.status)]
        return found

    def waiting(self) -> list[str]:
        """In which ways cases wait now."""
        found = set()
        with self.inst.journal.reading() as reading:
            for case in self.cases():
                row = reading.case(CaseId(case))
                assert row is not None
                state = read_state(row)
                found |= {str(work.kind) for work in state.works.values()}
                found |= {one.kind for one in state.subscriptions.values()}
                found |= {"timer"} if state.timers else set()
                found |= {"join"} if state.parked else set()
                found |= {"undo"} if any(one.records for one in state.elements.values()) else set()
                found |= {f"outbox {row.kind}" for row in reading.outbox(CaseId(case))}
            due = reading.due_outbox(datetime(9000, 1, 1, tzinfo=UTC), 1_000)
            found |= {f"outbox {row.kind}" for row in due}
        return sorted(found)

    def entries(self) -> list[dict[str, Any]]:
        """The entry of every type on the log that says most."""
        found: dict[str, bytes] = {}
        with self.inst.journal.reading() as reading:
            for case in self.cases():
                for entry in reading.log(CaseId(case)):
                    found[entry.type] = max(found.get(entry.type, b""), entry.body, key=len)
        return [{"type": type, "body": json.loads(found[type])} for type in sorted(found)]

    def faults(self) -> list[str]:
        """What is wrong: chains that do not verify, states that are not what their log tells."""
        from genba.runtime.folding import unlike_their_logs  # not in the first releases

        return [*self.inst.journal.verify(), *unlike_their_logs(self.inst)]

    def close(self) -> None:
        """Close the journal."""
        self.inst.journal.close()


def opened(database: str) -> Any:
    """The journal of an address or a file."""
    if database.startswith("postgres"):
        from genba.journal.postgres import PostgresJournal

        return PostgresJournal(database)
    return SqliteJournal(Path(database))


def obey(player: Player) -> None:
    """Orders from outside, until there are no more."""
    for line in sys.stdin:
        order, *given = json.loads(line)
        print(json.dumps(getattr(player, order)(*given)), flush=True)


if __name__ == "__main__":
    obey(Player(sys.argv[1]))
