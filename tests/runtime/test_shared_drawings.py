"""The reference drawings of the BPMN Model Interchange Working Group, through the whole runtime.

Each process is started and carried on by random choices, with messages, calls and timers really
delivered; afterwards every log folds to its state.
"""

import os
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from genba.engine.commands import CompleteWork, Rejected
from genba.engine.values import WorkId, WorkKind
from genba.journal.memory import MemoryJournal
from genba.runtime.definitions import Deployed, deploy
from genba.runtime.folding import differs
from genba.runtime.unit import open_unit

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("GENBA_SHARED_DATA", ROOT / ".." / "shared" / "data"))
FILES = sorted((SHARED / "bpmn" / "miwg-reference").rglob("*.bpmn"))


@pytest.mark.skipif(not FILES, reason="not run: the shared drawings are not there")
def test_every_reference_drawing_runs_to_its_end(new_world: Callable[[Any], Any]) -> None:
    for file in FILES:
        world = new_world(MemoryJournal())
        world.inst.on("card", lambda inst, row: None)
        made = deploy(world.inst, file.read_bytes(), file.name, "7")
        assert isinstance(made, Deployed), file.name
        for version in made.versions:
            world.start(version.key)
        carry_on(world, random.Random(1))
        assert {row.status for row in world.cases(limit=1000)} == {"completed"}, file.name
        with world.inst.journal.reading() as reading:
            for row in world.cases(limit=1000):
                assert not differs(world.inst, reading, row.case), (file.name, row.process)
        assert not [row for row in world.outbox() if row[3]], file.name
        assert world.inst.journal.verify() == []


def carry_on(world: Any, chance: random.Random) -> None:
    """Answer whatever is asked until every case has ended; give up after a while."""
    for _ in range(300):
        world.clock.advance(timedelta(hours=chance.choice([1, 24, 720])))
        world.loop.drain()
        running = world.cases(status="running", limit=1000)
        if not running:
            return
        for row in running[:10]:
            for work in world.works(row.case)[:2]:
                answer(world, row.case, work.work, chance)


def answer(world: Any, case: str, work_id: str, chance: random.Random) -> None:
    """Answer one question, if it is still there."""
    with open_unit(world.inst, world.envelope()) as unit:
        opened = unit.open(case)
        work = opened.state.works.get(WorkId(work_id))
        if work is not None:
            chosen = (chance.choice(work.options).id,) if work.options else ()
            data = {"count": 1} if work.kind is WorkKind.COUNT else {}
            command = CompleteWork(
                at=unit.now, work=WorkId(work_id), chosen=chosen, data=data, by="7"
            )
            assert not isinstance(opened.command(command), Rejected)
