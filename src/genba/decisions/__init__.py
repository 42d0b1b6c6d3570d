"""DMN decisions, run and checked (DMN 1.5), as a library.

Pure: no I/O, clock, randomness or threads; the standard library and msgspec only. A model is read
by `genba.notation.dmn`, compiled once and decided with often. What was decided says why: the rows
that matched in words, the inputs read, the version.

    model = compile_decisions(read_dmn(data))
    decided = decide(model, "Approval", {"amount": 6000, "supplier": "new"})
    decided.value, decided.matched[0].words  # "row 4: amount over 5,000 and supplier is new"
"""

from genba.decisions.check import check_decisions
from genba.decisions.compilation import compile_decisions
from genba.decisions.evaluation import decide, inputs_of
from genba.decisions.implied import imply_inputs
from genba.decisions.model import InputInfo, Model
from genba.decisions.outcome import Decided, DecisionWarning, MatchedRule, Unknown

__all__ = [
    "Decided",
    "DecisionWarning",
    "InputInfo",
    "MatchedRule",
    "Model",
    "Unknown",
    "check_decisions",
    "compile_decisions",
    "decide",
    "imply_inputs",
    "inputs_of",
]
