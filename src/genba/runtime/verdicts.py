"""What a decision leaves behind as data, so that the conditions of the drawing can use it.

Rules of this file: names and values only. Where a step asks for a decision
(`genba:acts="approve reject changes"`), "<step>_decision" and "decision" say what it was; whoever
decides, a person or a rehearsal, leaves the same.
"""

from genba.engine.values import DECIDED, Data

# Act of a drawing -> the decision it is. Asking for changes decides nothing: it sends back.
VERDICTS = {"approve": "approved", "reject": "rejected"}


def verdict_data(step: str, verdict: str) -> Data:
    """The data of a decision of a step."""
    return {"decision": verdict, f"{step}{DECIDED}": verdict}
