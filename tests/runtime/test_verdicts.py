"""A rehearsal decides where a drawing asks for a decision, as a person would."""

from importlib.resources import files

from genba.notation import read_bpmn
from genba.notation.model import Definitions
from genba.runtime.choosing import Seeded
from genba.runtime.rehearsal import rehearse
from genba.runtime.verdicts import verdict_data


def test_a_verdict_is_told_under_the_name_of_its_step() -> None:
    assert verdict_data("approve", "rejected") == {
        "decision": "rejected",
        "approve_decision": "rejected",
    }


def test_a_rehearsal_decides_what_conditions_ask_for() -> None:
    source = files("genba.demo").joinpath("purchase.bpmn").read_bytes()
    definitions = read_bpmn(source, "purchase.bpmn")
    assert isinstance(definitions, Definitions)
    ends = set()
    for seed in range(20):
        done = rehearse(definitions, Seeded(seed))
        assert done.complete
        assert not done.incidents
        ends |= {getattr(line.event, "node", "") for line in done.trace} & {"end-no", "end-yes"}
    assert ends == {"end-no", "end-yes"}
