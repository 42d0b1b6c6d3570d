"""Drawings whose cases begin each other for ever are stopped, and somebody is told."""

import pytest

from genba.engine.commands import Rejected
from genba.journal.contract import CaseQuery
from genba.journal.memory import MemoryJournal
from genba.journal.records import Envelope
from genba.runtime import unit as units
from genba.runtime.definitions import Deployed, deploy
from genba.runtime.installation import Installation
from genba.runtime.loop import Loop
from genba.runtime.unit import open_unit

HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">'
CALLS_ITSELF = f"""{HEAD}<process id="p" name="P"><startEvent id="s"/>
<sequenceFlow id="f" sourceRef="s" targetRef="c"/><callActivity id="c" calledElement="p"/>
</process></definitions>"""
SIGNALS_ITSELF = f"""{HEAD}<signal id="g" name="go"/><process id="p" name="P">
<startEvent id="s"><signalEventDefinition id="d" signalRef="g"/></startEvent>
<sequenceFlow id="f" sourceRef="s" targetRef="e"/>
<endEvent id="e"><signalEventDefinition id="h" signalRef="g"/></endEvent>
</process></definitions>"""


@pytest.mark.parametrize("drawing", [CALLS_ITSELF, SIGNALS_ITSELF], ids=["calls", "signals"])
def test_cases_that_begin_each_other_for_ever_are_stopped(
    drawing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(units, "MOST_CASES", 20)
    inst = Installation(MemoryJournal())
    assert isinstance(deploy(inst, drawing.encode(), "p.bpmn", ""), Deployed)
    with open_unit(inst, Envelope(at=inst.clock.now())) as unit:
        assert not isinstance(unit.start_case("p", node="s"), Rejected)
    Loop(inst).drain(limit=2_000)
    with inst.journal.reading() as reading:
        assert reading.count_cases(CaseQuery()) == 20
