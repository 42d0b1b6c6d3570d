"""How long a job waits for a worker is said by the environment, or it is said what is wrong."""

from datetime import timedelta

import pytest

from genba.web.home import HomeUnusable, patience

SAID = [("", timedelta(hours=1)), ("PT20M", timedelta(minutes=20)), ("P2D", timedelta(days=2))]


@pytest.mark.parametrize(("said", "meant"), [*SAID, ("never", None)])
def test_the_patience_of_an_installation(
    said: str, meant: timedelta | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GENBA_WORKER_PATIENCE", said)
    assert patience() == meant


@pytest.mark.parametrize("said", ["soon", "P1M", "PT0S", "0 9 * * *"])
def test_what_is_no_such_time_is_refused(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENBA_WORKER_PATIENCE", said)
    with pytest.raises(HomeUnusable, match="GENBA_WORKER_PATIENCE"):
        patience()
