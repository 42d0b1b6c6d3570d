"""All channels agree: a bounded share of `python -m tests.simulation.parity`."""

import os
from typing import Any

import pytest

from tests.simulation.parity import opened, simulate


@pytest.mark.security("S14")
def test_every_channel_answers_alike_and_hears_of_the_others(db: None) -> None:
    with opened():
        found = simulate(int(os.environ.get("GENBA_SOAK_SEED", "7")), 700)
    assert found.wrong == []
    assert found.answers["done"] > 30
    assert found.second > 50
    assert found.told > 0


@pytest.mark.parametrize("channel", ["api", "slack", "matrix"])
def test_a_channel_of_other_rights_is_found(
    db: None, monkeypatch: pytest.MonkeyPatch, channel: str
) -> None:
    """The simulation notices what it is there for: somebody who may do less in one channel."""
    from genba.acts import performance
    from genba.acts.inbound import Outcome, Verdict

    real = performance._open_offer

    def stingy(unit: Any, declaration: Any, found: Any, actor: Any, inbound: Any) -> Any:
        if inbound.channel == channel:
            outcome = Outcome(verdict=Verdict.FORBIDDEN, message="not here")
            raise performance.Withdrawn(outcome)
        return real(unit, declaration, found, actor, inbound)

    monkeypatch.setattr(performance, "_open_offer", stingy)
    with opened():
        found = simulate(7, 80)
    assert any(one.startswith(channel) for one in found.wrong)
